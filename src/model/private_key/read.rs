//! From the bytes of a section to a private key.

use super::{KeyForm, KeyProblem, Parts, PrivateKey, Proof, Relation, dsa, ec, raw, rsa};
use crate::encoding::loader::with_shortest_lengths;
use crate::model::der::{self, Reader};
use crate::model::encryption;
use crate::model::public_key::{RSA_IDENTIFIER, read_identifier};
use crate::model::{Encryption, KeyAlgorithm, Malformed, Passphrase, PublicKey};
use zeroize::Zeroizing;

impl PrivateKey {
    /// Reads a private key and proves, where its algorithm can be computed,
    /// that its parts agree.
    ///
    /// `headers` are those of the PEM section (`Proc-Type`, `DEK-Info`), `der` its decoded body. A
    /// passphrase that is not needed is not checked.
    ///
    /// ```
    /// use certcheck::model::{KeyForm, KeyProblem, PrivateKey};
    /// let damaged = PrivateKey::read(KeyForm::Pkcs8, &[], &[0x30, 0x05], None);
    /// assert!(matches!(damaged, Err(KeyProblem::Malformed(_))));
    /// ```
    ///
    /// # Errors
    /// When the bytes are not such a key, or it is encrypted and the
    /// passphrase is missing, wrong, or useless. A key whose parts
    /// contradict one another is read: see [`check`](Self::check).
    pub fn read(
        form: KeyForm,
        headers: &[(String, String)],
        der: &[u8],
        passphrase: Option<&Passphrase>,
    ) -> Result<Self, KeyProblem> {
        let (expected, mut secret, encryption) = open(form, headers, der, passphrase)?;
        let trailing = cut_trailing(&mut secret);
        // OpenSSL 3.0.19 and Python's ssl read PKCS#8 under `RSA PRIVATE KEY` too.
        let form_of = |secret: &[u8]| {
            KeyForm::sniff(secret)
                .filter(|form| *form != KeyForm::EncryptedPkcs8)
                .unwrap_or(expected)
        };
        let mut actual = form_of(&secret);
        let mut read = read_plain(actual, &secret);
        let mut odd_lengths = false;
        // Only if strict reading fails: a key in DER is never rewritten.
        if matches!(read, Err(KeyProblem::Malformed(_)))
            && let Some(shorter) = with_shortest_lengths(&secret)
        {
            let form = form_of(&shorter);
            if let Ok(parts) = read_plain(form, &shorter) {
                (actual, read, secret, odd_lengths) = (form, Ok(parts), shorter, true);
            }
        }
        let parts = match (read, &encryption) {
            (Ok(parts), _) => parts,
            // One wrong passphrase in 256 leaves a padding that looks right.
            (Err(KeyProblem::Malformed(_)), Some(encryption)) if !is_sequence(&secret) => {
                return Err(KeyProblem::WrongPassphrase(encryption.clone()));
            }
            (Err(problem), _) => return Err(problem),
        };
        Ok(Self {
            declared: expected,
            form: actual,
            trailing,
            odd_lengths,
            algorithm: parts.algorithm,
            bits: parts.bits,
            encryption,
            secret,
            public: parts.public,
            proof: parts.proof,
        })
    }
}

type Opened = (KeyForm, Zeroizing<Vec<u8>>, Option<Encryption>);

fn open(
    form: KeyForm,
    headers: &[(String, String)],
    der: &[u8],
    passphrase: Option<&Passphrase>,
) -> Result<Opened, KeyProblem> {
    if form == KeyForm::EncryptedPkcs8 {
        let (plain, encryption) = encryption::open_pkcs8(der, passphrase)?;
        return Ok((KeyForm::Pkcs8, plain, Some(encryption)));
    }
    match encryption::open_traditional(headers, der, passphrase)? {
        Some((plain, encryption)) => Ok((form, plain, Some(encryption))),
        None => Ok((form, Zeroizing::new(der.to_vec()), None)),
    }
}

/// Cuts off what follows the outermost element, and says how much that was.
/// OpenSSL 3.0.19 and Python's ssl load a key with bytes after it (measured).
fn cut_trailing(der: &mut Zeroizing<Vec<u8>>) -> usize {
    let all = der.len();
    if let Ok(element) = Reader::new(der, "").any() {
        let length = element.whole.len();
        der.truncate(length);
    }
    all - der.len()
}

fn is_sequence(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes, "");
    reader.sequence("").is_ok() && reader.end().is_ok()
}

fn read_plain(form: KeyForm, der: &[u8]) -> Result<Parts, KeyProblem> {
    match form {
        KeyForm::Pkcs8 | KeyForm::EncryptedPkcs8 => read_pkcs8(der),
        KeyForm::Pkcs1 => rsa::read(der, KeyAlgorithm::Rsa, RSA_IDENTIFIER),
        KeyForm::TraditionalDsa => dsa::read_traditional(der),
        KeyForm::Sec1 => ec::read(der, None),
    }
}

/// OneAsymmetricKey (RFC 5958 section 2): version 0, or 1 with a public key.
fn read_pkcs8(der: &[u8]) -> Result<Parts, KeyProblem> {
    const NAME: &str = "PrivateKeyInfo";
    let mut outer = Reader::new(der, NAME);
    let mut fields = outer.sequence("the outer SEQUENCE")?;
    outer.end()?;
    fields.small("the version")?;
    let identifier = fields.expect(der::SEQUENCE, "the AlgorithmIdentifier")?;
    let (algorithm, parameters) = read_identifier(identifier.content, NAME)?;
    let body = fields.octets("the private key")?;
    fields.optional(der::context(0))?;
    // OpenSSL accepts an empty set of attributes written as a primitive value.
    if let Some(empty) = fields.optional(der::context_primitive(0))?
        && !empty.content.is_empty()
    {
        return Err(fields.error("its attributes are no set").into());
    }
    let stored = match fields.optional(der::context_primitive(1))? {
        Some(element) => Some(
            der::whole_bytes(element.content)
                .ok_or_else(|| fields.error("the public key is not a string of whole bytes"))?,
        ),
        None => None,
    };
    fields.end()?;
    let mut parts = match algorithm {
        KeyAlgorithm::Rsa => rsa::read(body, algorithm, RSA_IDENTIFIER)?,
        KeyAlgorithm::RsaPss => rsa::read(body, algorithm, identifier.whole)?,
        KeyAlgorithm::Dsa => dsa::read_pkcs8(body, parameters)?,
        KeyAlgorithm::Ec(_) => ec::read(body, parameters)?,
        other => return raw::read(body, other, identifier.whole, stored),
    };
    if let Some(stored) = stored {
        compare_stored(&mut parts, &der::spki(identifier.whole, stored))?;
    }
    Ok(parts)
}

/// The RSAPrivateKey in an RSA key of this form.
pub(super) fn rsa_body(form: KeyForm, der: &[u8]) -> Result<&[u8], Malformed> {
    if form != KeyForm::Pkcs8 {
        return Ok(der);
    }
    let mut outer = Reader::new(der, "PrivateKeyInfo");
    let mut fields = outer.sequence("the outer SEQUENCE")?;
    fields.small("the version")?;
    fields.expect(der::SEQUENCE, "the AlgorithmIdentifier")?;
    fields.octets("the private key")
}

/// A version 1 structure repeats the public key; it must be the derived one.
fn compare_stored(parts: &mut Parts, stored: &[u8]) -> Result<(), Malformed> {
    let stored = PublicKey::parse(stored)?;
    match (&parts.public, &parts.proof) {
        (Some(public), Proof::Derived)
            if !PublicKey::parse(public).is_ok_and(|public| public.same_key(&stored)) =>
        {
            parts.proof = Proof::Inconsistent(Relation::PublicPart);
        }
        (None, Proof::NotComputable) => parts.public = Some(stored.canonical_der().into_owned()),
        _ => {}
    }
    Ok(())
}
