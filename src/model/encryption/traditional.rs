//! OpenSSL's traditional encryption of PEM sections (RFC 1421 headers).

use super::cipher::Cipher;
use super::{Encryption, Opened, Refusal, Work, kdf, names};
use crate::model::{KeyProblem, Malformed, Passphrase};

/// Opens a section with these headers; `None` if they mention no encryption.
pub(in crate::model) fn open_traditional(
    headers: &[(String, String)],
    body: &[u8],
    passphrase: Option<&Passphrase>,
) -> Result<Option<Opened>, KeyProblem> {
    let header = |name: &str| {
        headers
            .iter()
            .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    };
    let encrypted =
        header("Proc-Type").is_some_and(|value| value.to_ascii_uppercase().contains("ENCRYPTED"));
    let info = header("DEK-Info");
    if !encrypted && info.is_none() {
        return Ok(None);
    }
    let named = info
        .and_then(|info| info.split_once(','))
        .map(|(name, iv)| (printable(name), iv))
        .filter(|(name, _)| !name.is_empty());
    let Some((name, iv)) = named else {
        return Err(Malformed::new(
            "encrypted PEM section",
            "its DEK-Info header names no cipher and initialisation vector",
        )
        .into());
    };
    let encryption = Encryption {
        scheme: format!("DEK-Info {name}"),
        openssl3_loads: names::openssl3_loads_word(&name),
        outdated: true,
        work: Work::NONE,
    };
    let Some(passphrase) = passphrase else {
        return Err(KeyProblem::Encrypted(encryption));
    };
    let opened = cipher(&name)
        .ok_or(Refusal::NotDecryptable)
        .and_then(|cipher| {
            // Digits beyond the length of a block are not read (`load_iv`).
            let digits = iv.trim().get(..2 * cipher.block_length());
            let iv = digits.and_then(read_hex).ok_or_else(|| {
                Refusal::Malformed(Malformed::new(
                    "encrypted PEM section",
                    "the initialisation vector of DEK-Info is not one block long",
                ))
            })?;
            let salt = iv.get(..8).unwrap_or_default();
            let key = kdf::bytes_to_key(passphrase.secret_bytes(), salt, cipher.key_length());
            cipher.decrypt(&key, &iv, body)
        });
    match opened {
        Ok(plain) => Ok(Some((plain, encryption))),
        Err(refusal) => Err(refusal.into_problem(encryption)),
    }
}

/// A cipher's name in capitals, without terminal control characters; none has 40 characters.
fn printable(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_graphic)
        .take(40)
        .collect::<String>()
        .to_ascii_uppercase()
}

fn cipher(name: &str) -> Option<Cipher> {
    match name {
        "AES-128-CBC" => Some(Cipher::Aes128),
        "AES-192-CBC" => Some(Cipher::Aes192),
        "AES-256-CBC" => Some(Cipher::Aes256),
        "DES-EDE3-CBC" => Some(Cipher::TripleDes),
        "DES-EDE-CBC" => Some(Cipher::DoubleDes),
        "DES-CBC" => Some(Cipher::Des),
        "RC2-CBC" => Some(Cipher::Rc2 { key_length: 16 }),
        "RC2-64-CBC" => Some(Cipher::Rc2 { key_length: 8 }),
        "RC2-40-CBC" => Some(Cipher::Rc2 { key_length: 5 }),
        "CAMELLIA-128-CBC" => Some(Cipher::Camellia128),
        "CAMELLIA-192-CBC" => Some(Cipher::Camellia192),
        "CAMELLIA-256-CBC" => Some(Cipher::Camellia256),
        "ARIA-128-CBC" => Some(Cipher::Aria128),
        "ARIA-192-CBC" => Some(Cipher::Aria192),
        "ARIA-256-CBC" => Some(Cipher::Aria256),
        _ => None,
    }
}

fn read_hex(text: &str) -> Option<Vec<u8>> {
    if text.len() > 64 || !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| {
            let pair = std::str::from_utf8(pair).ok()?;
            u8::from_str_radix(pair, 16).ok()
        })
        .collect()
}
