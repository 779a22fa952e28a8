//! Bouncy Castle's keystores: BKS, which is read, and UBER, which is named.
//!
//! The only specification is its source code (org/bouncycastle/jcajce/provider/
//! keystore/bc/BcKeyStoreSpi.java). BKS is to JKS what JCEKS is: unencrypted certificates, keys
//! encrypted with triple DES, and an HMAC at the end. UBER is the same, encrypted with Twofish as a
//! whole; only Bouncy Castle opens it.

use super::java_fields::{Fields, malformed};
use super::{Contained, ContainedKind, Container, Integrity};
use crate::model::encryption::{Hash, Purpose, bks_key, check_iterations, pkcs12};
use crate::model::encryption::{Refusal, bmp_string};
use crate::model::{Encryption, KeyForm, KeyProblem, Malformed, Passphrase};

/// The length of SHA-1: of the salt, and of the code at the end.
const LENGTH: usize = 20;

/// The header of both: version, length of the salt, the salt, iterations.
const HEADER: usize = 4 + 4 + LENGTH + 4;

/// The most keys that are opened: each costs as many iterations as it states.
const MOST_KEYS: usize = 16;

/// Whether it begins as both do.
pub(super) fn is_bouncy_castle(bytes: &[u8]) -> bool {
    matches!(bytes, [0, 0, 0, 1 | 2, 0, 0, 0, 20, ..])
}

/// Reads a BKS keystore.
pub(super) fn read(bytes: &[u8], passphrase: Option<&Passphrase>) -> Result<Container, KeyProblem> {
    let body = bytes.len().checked_sub(LENGTH);
    let body = body.and_then(|end| bytes.split_at_checked(end));
    let Some((body, code)) = body.filter(|(body, _)| body.len() >= HEADER) else {
        return Err(malformed("it ends before its code").into());
    };
    let mut fields = Fields { rest: body };
    let version = fields.number()?;
    let salt = fields.bytes()?;
    let iterations = u64::from(fields.number()?);
    // The first entry of BKS is of a known kind, with a date this side of 2500;
    // that of UBER, after decryption, is random.
    let entries = fields.rest;
    if !begins_like_entries(entries) {
        let twofish = "UBER keystore of Bouncy Castle (PBEWithSHAAndTwofish-CBC)";
        return Err(KeyProblem::NotDecryptable(Encryption::described(
            twofish, false, true,
        )));
    }
    let mut container = Container {
        objects: Vec::new(),
        closed: Vec::new(),
        integrity: Integrity::NotChecked,
        protection: None,
    };
    if let Some(passphrase) = passphrase {
        let guard = || Encryption::described("code of the Bouncy Castle keystore", false, true);
        check_iterations(iterations).map_err(|refusal| refusal.into_problem(guard()))?;
        let password = bouncy_password(passphrase);
        // Up to version 1 the length was given in bits where bytes were meant (CVE-2018-5382).
        let length = if version < 2 { 2 } else { LENGTH };
        let key = pkcs12(
            Hash::Sha1,
            Purpose::Mac,
            &password,
            salt,
            iterations,
            length,
        );
        // The code covers the entries alone, without version, salt and iterations.
        if !Hash::Sha1.hmac_is(&key, entries, code) {
            return Err(KeyProblem::WrongPassphrase(guard()));
        }
        container.integrity = Integrity::Holds;
    }
    let mut keys = 0;
    loop {
        // The entries are not counted: a zero ends the list.
        let kind = fields.take(1)?;
        if kind == [0] {
            break;
        }
        let alias = fields.alias_and_date()?;
        // A chain may precede every kind of entry.
        for _ in 0..fields.number()? {
            let object = fields.certificate(2, &alias)?;
            container.objects.push(object);
        }
        match kind {
            [1] => {
                let object = fields.certificate(2, &alias)?;
                container.objects.push(object);
            }
            [2] => container.objects.push(plain_key(&mut fields, &alias)?),
            [3] => {
                let mut object = Contained::new(ContainedKind::Unknown, fields.bytes()?);
                object.friendly_name = Some(alias);
                container.objects.push(object);
            }
            [4] => {
                keys += 1;
                let sealed = fields.bytes()?;
                match open(sealed, passphrase.filter(|_| keys <= MOST_KEYS)) {
                    Ok(plain) => {
                        let mut fields = Fields { rest: &plain };
                        container.objects.push(plain_key(&mut fields, &alias)?);
                    }
                    Err(Refusal::Malformed(malformed)) => return Err(malformed.into()),
                    // The key may have its own passphrase.
                    Err(_) => container.closed.push(sealed_key(&alias)),
                }
            }
            _ => return Err(malformed("an entry of unknown kind").into()),
        }
    }
    if fields.rest.is_empty() {
        Ok(container)
    } else {
        Err(malformed("bytes after the last entry").into())
    }
}

fn begins_like_entries(entries: &[u8]) -> bool {
    match entries {
        [0] => true,
        [1..=4, high, low, rest @ ..] => {
            let alias = usize::from(u16::from_be_bytes([*high, *low]));
            // The date is in milliseconds since 1970, in eight bytes: up to the year 2500 it begins
            // with two zeros and a byte below 16. Noise does so once in a million.
            matches!(rest.get(alias..), Some([0, 0, 0..=15, ..]))
        }
        _ => false,
    }
}

fn sealed_key(alias: &str) -> Encryption {
    let words = format!("BKS key {alias:?} (pbeWithSHA1And3-KeyTripleDES-CBC)");
    Encryption::described(&words, false, true)
}

/// An empty passphrase gives no bytes at all (PBEParametersGenerator.PKCS12PasswordToBytes).
fn bouncy_password(passphrase: &Passphrase) -> zeroize::Zeroizing<Vec<u8>> {
    match passphrase.secret_bytes() {
        [] => zeroize::Zeroizing::new(Vec::new()),
        bytes => bmp_string(bytes),
    }
}

/// Salt, iterations, and a key encrypted with triple DES.
fn open(
    sealed: &[u8],
    passphrase: Option<&Passphrase>,
) -> Result<zeroize::Zeroizing<Vec<u8>>, Refusal> {
    let mut fields = Fields { rest: sealed };
    let read =
        |fields: &mut Fields<'_>| Ok::<_, Malformed>((fields.bytes()?.to_vec(), fields.number()?));
    let (salt, iterations) = read(&mut fields).map_err(Refusal::Malformed)?;
    let passphrase = passphrase.ok_or(Refusal::NotDecryptable)?;
    let password = bouncy_password(passphrase);
    bks_key(&password, &salt, u64::from(iterations), fields.rest)
}

/// Its kind (0 a private key, 1 a public one, 2 a secret), its format, its algorithm, and the key.
fn plain_key(fields: &mut Fields<'_>, alias: &str) -> Result<Contained, Malformed> {
    let private = fields.take(1)? == [0];
    let pkcs8 = matches!(fields.text()?, b"PKCS#8" | b"PKCS8");
    fields.text()?;
    let kind = if private && pkcs8 {
        ContainedKind::PrivateKey(KeyForm::Pkcs8)
    } else {
        ContainedKind::Unknown
    };
    let mut object = Contained::new(kind, fields.bytes()?);
    object.friendly_name = Some(alias.to_owned());
    Ok(object)
}
