//! Private keys in another form, or without their passphrase.

use super::Contents;
use crate::encoding::convert::ConversionProblem;
use crate::encoding::{Document, to_pem};
use crate::model::{KeyForm, KeyProblem, Passphrase, PrivateKey, Seed, encrypted_pkcs8};
use crate::objects::{Content, Opened};
use crate::source::Source;
use zeroize::Zeroizing;

/// The form in which keys are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NewForm {
    /// As they are.
    Same,
    /// PKCS#8.
    Pkcs8,
    /// PKCS#1, SEC 1, OpenSSL's own for DSA.
    Traditional,
}

/// How keys are written.
#[derive(Debug)]
#[non_exhaustive]
pub struct NewKeys<'p> {
    /// The form.
    pub form: NewForm,
    /// Whether an encrypted key is written unencrypted.
    pub decrypt: bool,
    /// The new passphrase.
    pub passphrase: Option<&'p Passphrase>,
}

impl<'p> NewKeys<'p> {
    /// In this form; unencrypted with `decrypt`, encrypted with a passphrase if there is one.
    pub const fn new(form: NewForm, decrypt: bool, passphrase: Option<&'p Passphrase>) -> Self {
        Self {
            form,
            decrypt,
            passphrase,
        }
    }
}

/// `document`, its private keys rewritten; `old` opens them, and `seed` gives the random
/// numbers of each encryption.
///
/// A key that was encrypted stays so: with the new passphrase, otherwise with the old one, unless
/// it is to be decrypted.
///
/// # Errors
/// If there is no key, or one cannot be opened or has no such form.
pub fn with_new_keys(
    document: &Document,
    old: Option<&Passphrase>,
    how: &NewKeys<'_>,
    mut seed: impl FnMut() -> Seed,
) -> Result<Contents, ConversionProblem> {
    let opened = Opened::new(document, old);
    let (mut pem, mut repairs, mut keys) = (Zeroizing::new(Vec::new()), Vec::new(), 0);
    for object in opened.objects() {
        let section = object.place;
        let failed = |reason: String| ConversionProblem::Key { section, reason };
        match &object.content {
            Content::PrivateKey(key) => {
                keys += 1;
                let (label, der) = written(key, old, how, seed()).map_err(failed)?;
                repairs.push(format!("wrote the {} key as {label}", key.algorithm()));
                pem.extend_from_slice(to_pem(label, &der).as_bytes());
            }
            Content::ClosedKey(problem) => return Err(failed(closed(problem, old))),
            _ => super::contents::append_as_it_is(&object, &mut pem),
        }
    }
    if keys == 0 {
        return Err(ConversionProblem::NoKey);
    }
    let document = Document::read(Source::new(document.source().name(), pem.to_vec()));
    Ok(Contents { document, repairs })
}

fn closed(problem: &KeyProblem, old: Option<&Passphrase>) -> String {
    match (problem, old) {
        (KeyProblem::Encrypted(_), None) => "is encrypted, and no passphrase was given".to_owned(),
        _ => format!("cannot be opened: {problem}"),
    }
}

fn written(
    key: &PrivateKey,
    old: Option<&Passphrase>,
    how: &NewKeys<'_>,
    seed: Seed,
) -> Result<(&'static str, Zeroizing<Vec<u8>>), String> {
    let unproven = || "is not proven to be consistent, and is not rewritten".to_owned();
    let kept = old.filter(|_| key.encryption().is_some() && !how.decrypt);
    if let Some(passphrase) = how.passphrase.or(kept) {
        if how.form == NewForm::Traditional {
            return Err(
                "is to be encrypted, and certcheck encrypts keys as PKCS#8 alone".to_owned(),
            );
        }
        let der = encrypted_pkcs8(key, passphrase, &seed).ok_or_else(unproven)?;
        return Ok((KeyForm::EncryptedPkcs8.label(), Zeroizing::new(der)));
    }
    match how.form {
        NewForm::Pkcs8 => {
            let der = key.to_pkcs8().ok_or_else(unproven)?;
            Ok((KeyForm::Pkcs8.label(), der))
        }
        NewForm::Traditional if !key.is_proven() => Err(unproven()),
        NewForm::Traditional => {
            let (form, der) = key.to_traditional().ok_or_else(|| {
                format!(
                    "is of type {}, which has no traditional form",
                    key.algorithm()
                )
            })?;
            Ok((form.label(), der))
        }
        NewForm::Same => {
            let der = Zeroizing::new(key.secret_der().to_vec());
            Ok((key.form().label(), der))
        }
    }
}
