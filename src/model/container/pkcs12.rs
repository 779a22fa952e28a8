//! PKCS#12 (RFC 7292): certificates and keys protected by a passphrase.

use super::mac::Mac;
use super::{Contained, ContainedKind, Container, Integrity, Protection, ber};
use crate::model::der::{self, Reader};
use crate::model::encryption::{Refusal, Scheme};
use crate::model::{Encryption, KeyForm, KeyProblem, Malformed, Passphrase, PrivateKey};

const NAME: &str = "PKCS#12 file";
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const ENCRYPTED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06];
const FRIENDLY_NAME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x14];
const LOCAL_KEY_ID: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x15];
/// Oracle's trustedKeyUsage, 2.16.840.1.113894.746875.1.1: Java 17 treats certificates without a
/// key as entries only if they have it.
const TRUSTED_KEY_USAGE: &[u8] = &[
    0x60, 0x86, 0x48, 0x01, 0x86, 0xf9, 0x66, 0xad, 0xca, 0x7b, 0x01, 0x01,
];
/// bagtypes (1.2.840.113549.1.12.10.1), without the last arc.
const BAG: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];

/// The most encrypted parts that are opened: each may cost the whole budget of
/// a derivation. OpenSSL, Java and Windows write one or two.
const MOST_ENCRYPTED_PARTS: usize = 4;

/// How deep bags may be nested; no program is known to nest them.
const MOST_NESTED_BAGS: usize = 4;

impl Container {
    /// Reads a PKCS#12 file, in DER or BER. Without a passphrase, reads what is not encrypted.
    ///
    /// # Errors
    /// When it is not DER or not this structure, when the passphrase is wrong
    /// (its authentication code or a padding says so, and nothing opens), or when
    /// computing with it would cost too much.
    pub fn pkcs12(bytes: &[u8], passphrase: Option<&Passphrase>) -> Result<Self, KeyProblem> {
        let normalized = ber::normalized(bytes)?;
        let mut outer = Reader::new(normalized.as_deref().map_or(bytes, Vec::as_slice), NAME);
        let mut fields = outer.sequence("the outer SEQUENCE")?;
        let version = fields.small("the version")?;
        // RFC 7292 section 4 has version 3 and no other; versions 1 and 2 were Microsoft's PFX,
        // before PKCS#12.
        if version != 3 {
            return Err(fields
                .error(format!("version {version}, which is not known"))
                .into());
        }
        // Password integrity wraps plain data. Anything else is a signature by a key (RFC 7292
        // section 3.1).
        let mut safe = fields.sequence("the authenticated safe")?;
        if safe.oid("its type")? != DATA {
            return Err(safe
                .error("public-key integrity, which certcheck does not support")
                .into());
        }
        let content = inner_octets(&mut safe)?;
        // RFC 7292 section 4: macData is optional. `openssl pkcs12 -nomac` and Java with
        // `keystore.pkcs12.macAlgorithm=NONE` write none.
        let mac = if fields.is_empty() {
            None
        } else {
            Some(Mac::read(&mut fields)?)
        };
        let mut opening = Opening {
            passphrase,
            encrypted_parts: 0,
            proven: false,
            container: Self {
                objects: Vec::new(),
                closed: Vec::new(),
                integrity: Integrity::Absent,
                protection: None,
            },
            ciphers: Vec::new(),
        };
        opening.container.integrity = match (&mac, passphrase) {
            (None, _) => Integrity::Absent,
            (Some(_), None) => Integrity::NotChecked,
            (Some(mac), Some(passphrase)) => match mac.check(passphrase.secret_bytes(), content) {
                // Not yet an error: a file that was changed by hand has a wrong code but opens.
                Err(Refusal::WrongPassphrase) => Integrity::Broken,
                checked => checked.map_err(|refusal| refusal.into_problem(authentication()))?,
            },
        };
        let broken = opening.container.integrity == Integrity::Broken;
        // NSS writes BER inside the octets too.
        let normalized = ber::normalized(content)?;
        let mut parts = Reader::new(normalized.as_deref().map_or(content, Vec::as_slice), NAME);
        let read = opening.parts(parts.sequence("the authenticated safe")?);
        // Damage and a wrong passphrase look alike, unless the passphrase opens
        // what is inside.
        if broken && (read.is_err() || !opening.is_proven()) {
            return Err(KeyProblem::WrongPassphrase(authentication()));
        }
        read?;
        let protection = opening.protection(mac.as_ref().map(Mac::words));
        opening.container.protection = Some(protection);
        Ok(opening.container)
    }
}

/// Describes the authentication code as something that a passphrase opens.
fn authentication() -> Encryption {
    Encryption::described("PKCS#12 message authentication code", true, false)
}

/// The OCTET STRING inside `[0] EXPLICIT`.
fn inner_octets<'a>(fields: &mut Reader<'a>) -> Result<&'a [u8], Malformed> {
    let tagged = fields.expect(der::context(0), "the content")?;
    Reader::new(tagged.content, NAME).octets("the content")
}

struct Opening<'p> {
    passphrase: Option<&'p Passphrase>,
    encrypted_parts: usize,
    /// Whether the passphrase opened one of them.
    proven: bool,
    container: Container,
    /// Each scheme that occurs, once.
    ciphers: Vec<Encryption>,
}

impl Opening<'_> {
    /// How the file is protected, with the encryption of its keys, which is opened elsewhere.
    fn protection(&mut self, mac: Option<String>) -> Protection {
        let container = &self.container;
        // A shrouded key has its own encryption, in addition to that of its part.
        let is_key =
            |entry: &&Contained| entry.kind == ContainedKind::PrivateKey(KeyForm::EncryptedPkcs8);
        let keys = container.objects.iter().filter(is_key);
        let schemes = keys.filter_map(|key| {
            match PrivateKey::read(KeyForm::EncryptedPkcs8, &[], &key.der, None) {
                Err(KeyProblem::Encrypted(encryption)) => Some(encryption),
                _ => None,
            }
        });
        for scheme in schemes {
            if !self.ciphers.contains(&scheme) {
                self.ciphers.push(scheme);
            }
        }
        let is_entry = |entry: &&Contained| {
            is_key(entry) || entry.is_trusted || entry.kind == ContainedKind::Unknown
        };
        Protection {
            mac,
            opened: container.closed.is_empty(),
            java_entries: container.objects.iter().filter(is_entry).count(),
            objects: container.objects.len(),
            ciphers: std::mem::take(&mut self.ciphers),
        }
    }

    fn parts(&mut self, mut parts: Reader<'_>) -> Result<(), KeyProblem> {
        while !parts.is_empty() {
            self.part(parts.sequence("a part of the safe")?)?;
        }
        Ok(())
    }

    /// Whether the passphrase has opened something: a part, or the first key.
    fn is_proven(&self) -> bool {
        let mut objects = self.container.objects.iter();
        let form = KeyForm::EncryptedPkcs8;
        let key = objects.find(|object| object.kind == ContainedKind::PrivateKey(form));
        self.proven
            || key.is_some_and(|key| PrivateKey::read(form, &[], &key.der, self.passphrase).is_ok())
    }

    /// One ContentInfo of the authenticated safe.
    fn part(&mut self, mut part: Reader<'_>) -> Result<(), KeyProblem> {
        match part.oid("the type of a part")? {
            DATA => self.bags(inner_octets(&mut part)?, 0),
            ENCRYPTED_DATA => {
                let tagged = part.expect(der::context(0), "the encrypted data")?;
                let mut tagged = Reader::new(tagged.content, NAME);
                let mut data = tagged.sequence("the encrypted data")?;
                data.small("its version")?;
                let mut info = data.sequence("EncryptedContentInfo")?;
                info.oid("the type of its content")?;
                let identifier = info.expect(der::SEQUENCE, "the encryption algorithm")?;
                let ciphertext = info.expect(der::context_primitive(0), "the ciphertext")?;
                let (scheme, encryption) = Scheme::read(identifier.content)?;
                self.encrypted(&scheme, encryption, ciphertext.content)
            }
            // EnvelopedData, for a certificate's holder: public-key privacy.
            other => {
                let scheme = format!("content of type {}", der::dotted(other));
                let unknown = Encryption::described(&scheme, false, false);
                self.container.closed.push(unknown);
                Ok(())
            }
        }
    }

    fn encrypted(
        &mut self,
        scheme: &Scheme<'_>,
        encryption: Encryption,
        ciphertext: &[u8],
    ) -> Result<(), KeyProblem> {
        if !self.ciphers.contains(&encryption) {
            self.ciphers.push(encryption.clone());
        }
        let Some(passphrase) = self.passphrase else {
            self.container.closed.push(encryption);
            return Ok(());
        };
        // Counted before the work is done: a small file could otherwise ask for hours of PBKDF2.
        self.encrypted_parts += 1;
        if self.encrypted_parts > MOST_ENCRYPTED_PARTS {
            let reason = format!("more than {MOST_ENCRYPTED_PARTS} encrypted parts");
            return Err(KeyProblem::TooCostly { encryption, reason });
        }
        match scheme.decrypt(passphrase.secret_bytes(), ciphertext) {
            Ok(plain) => {
                let read = self.bags(&plain, 0);
                // One wrong passphrase in 256 leaves a padding that looks right,
                // and RC4 has none.
                // What opens begins with the SEQUENCE of SafeContents; anything else is noise from
                // a wrong key.
                if read.is_err() && plain.first() != Some(&der::SEQUENCE) {
                    return Err(KeyProblem::WrongPassphrase(encryption));
                }
                self.proven |= read.is_ok();
                read
            }
            Err(Refusal::NotDecryptable) => {
                self.container.closed.push(encryption);
                Ok(())
            }
            Err(refusal) => Err(refusal.into_problem(encryption)),
        }
    }

    /// SafeContents.
    fn bags(&mut self, contents: &[u8], depth: usize) -> Result<(), KeyProblem> {
        let normalized = ber::normalized(contents)?;
        let mut outer = Reader::new(normalized.as_deref().map_or(contents, Vec::as_slice), NAME);
        let mut bags = outer.sequence("the bags")?;
        while !bags.is_empty() {
            self.bag(bags.sequence("a bag")?, depth)?;
        }
        Ok(())
    }

    fn bag(&mut self, mut bag: Reader<'_>, depth: usize) -> Result<(), KeyProblem> {
        let identifier = bag.oid("the type of a bag")?;
        let value = bag.expect(der::context(0), "the value of a bag")?.content;
        let last = identifier.strip_prefix(BAG).unwrap_or_default();
        let mut object = match last {
            [1] => Contained::new(ContainedKind::PrivateKey(KeyForm::Pkcs8), value),
            [2] => Contained::new(ContainedKind::PrivateKey(KeyForm::EncryptedPkcs8), value),
            [3 | 4] => {
                let kind = if last == [3] {
                    ContainedKind::Certificate
                } else {
                    ContainedKind::Crl
                };
                let mut inner = Reader::new(value, NAME);
                let mut inner = inner.sequence("a certificate or revocation list")?;
                inner.oid("its type")?;
                Contained::new(kind, inner_octets(&mut inner)?)
            }
            // safeContentsBag (RFC 7292 section 4.2.6).
            [6] if depth < MOST_NESTED_BAGS => return self.bags(value, depth + 1),
            [6] => return Err(bag.error("bags are nested too deeply").into()),
            // secretBag (RFC 7292 section 4.2.5), which Java writes for secret keys, and what no
            // RFC defines.
            _ => Contained::new(ContainedKind::Unknown, value),
        };
        if let Some(attributes) = bag.optional(der::SET)? {
            read_attributes(attributes.content, &mut object)?;
        }
        self.container.objects.push(object);
        Ok(())
    }
}

fn read_attributes(content: &[u8], object: &mut Contained) -> Result<(), Malformed> {
    let mut attributes = Reader::new(content, NAME);
    while !attributes.is_empty() {
        let mut attribute = attributes.sequence("an attribute")?;
        let identifier = attribute.oid("the type of an attribute")?;
        let values = attribute.expect(der::SET, "its values")?;
        let mut values = Reader::new(values.content, NAME);
        // An attribute without a value means nothing, and no reader minds it.
        if values.is_empty() {
            continue;
        }
        // Both known attributes are single-valued (RFC 2985 sections 5.5.1 and 5.5.2); readers take
        // the first value.
        let value = values.any()?.content;
        match identifier {
            FRIENDLY_NAME => object.friendly_name = Some(printable_bmp(value)),
            LOCAL_KEY_ID => object.local_key_id = Some(value.to_vec()),
            TRUSTED_KEY_USAGE => object.is_trusted = true,
            _ => {}
        }
    }
    Ok(())
}

/// A BMPString without terminal control characters.
fn printable_bmp(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| {
        pair.iter()
            .fold(0_u16, |unit, &byte| (unit << 8) | u16::from(byte))
    });
    char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .filter(|&c| !crate::shown::is_hidden(c))
        .take(100)
        .collect()
}
