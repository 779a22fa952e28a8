//! Rules about private keys, passphrases and key files.

mod container_encryption;
mod dsa_unusable;
mod encrypted;
mod file_mode;
mod form;
mod inconsistent;
mod known_bad;
mod large_exponent;
mod legacy_encryption;
mod mismatch;
mod not_decrypted;
mod passphrase_blocks_saml;
mod passphrase_on_command_line;
mod too_costly;
mod too_large;
mod unknown;
mod unsupported_algorithm;
mod weak;
mod wrong_passphrase;

pub use container_encryption::ContainerEncryption;
pub use dsa_unusable::DsaUnusable;
pub use encrypted::Encrypted;
pub use file_mode::FileMode;
pub use form::Form;
pub use inconsistent::Inconsistent;
pub use known_bad::KnownBad;
pub use large_exponent::LargeExponent;
pub use legacy_encryption::LegacyEncryption;
pub use mismatch::Mismatch;
pub(crate) use mismatch::SPARE;
pub use not_decrypted::NotDecrypted;
pub use passphrase_blocks_saml::PassphraseBlocksSaml;
pub use passphrase_on_command_line::PassphraseOnCommandLine;
pub use too_costly::TooCostly;
pub use too_large::TooLarge;
pub use unknown::Unknown;
pub use unsupported_algorithm::UnsupportedAlgorithm;
pub use weak::Weak;
pub use wrong_passphrase::WrongPassphrase;

use crate::finding::{Need, Remedy, Subject, beside, quote};
use crate::rule::facts;

facts! {
/// What is wrong with a private key, or with its certificate.
    KeyFact { Mismatch, Unknown, Encrypted, Form, WrongPassphrase, LegacyEncryption, NotDecrypted, TooCostly, TooLarge, UnsupportedAlgorithm, Inconsistent, LargeExponent, Weak, KnownBad, FileMode, PassphraseOnCommandLine, PassphraseBlocksSaml, ContainerEncryption, DsaUnusable }
}

/// A command that writes a private key to a new file that only its owner can
/// read. It refuses an existing file, which `openssl -out` would truncate.
fn new_key(command: &str, file: &str) -> String {
    let file = quote(file);
    format!("test ! -e {file} && (umask 077; {command} -out {file})")
}

fn another_key(subject: &Subject, words: &str) -> Remedy {
    let file = beside(&subject.source, "new", Some("key"));
    let openssl = "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072";
    Remedy::words(words)
        .run(new_key(openssl, &file))
        .needing(Need::Issuance)
        .then_instead(file, &subject.source)
}

fn rewritten(subject: &Subject, words: &str, options: &str) -> Remedy {
    let (old, new) = (&subject.source, beside(&subject.source, "aes", None));
    let openssl = format!(
        "openssl pkcs8{options} -topk8 -v2 aes-256-cbc -in {}",
        quote(old)
    );
    Remedy::words(words)
        .run(new_key(&openssl, &new))
        .needing(Need::Passphrase)
        .then_instead(new, old)
}

/// The same key without a passphrase.
fn plain(subject: &Subject, words: &str) -> Remedy {
    let (old, new) = (&subject.source, beside(&subject.source, "plain", None));
    Remedy::words(words)
        .run(new_key(&format!("openssl pkey -in {}", quote(old)), &new))
        .needing(Need::Passphrase)
        .then_instead(new, old)
}
