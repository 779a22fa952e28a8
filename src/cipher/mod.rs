//! Cipher strings: what `HIGH:!aNULL:@SECLEVEL=1` means to OpenSSL, word by word.
//!
//! [`CipherList::openssl`] reads the string for TLS 1.2 and older as OpenSSL 3.0
//! does, [`tls13`] the other one, and [`SecurityLevel`] says which suites of them
//! may be used. Nothing here depends on keys or clients.

mod alias;
mod dialect;
mod hint;
mod level;
mod list;
mod string;
mod suite;
mod suite_b;
mod table;
mod tls13;

pub(crate) use dialect::APACHE_ADDS;
pub use dialect::{CipherDialect, Ciphers, UnknownCipherDialect};
pub use hint::meant;
pub use level::SecurityLevel;
pub use string::{CipherList, Effect, Refusal, Word};
pub use suite::{Authentication, Encryption, KeyExchange, Mac, Since, Suite, Weakness};
pub use suite_b::SuiteB;
pub use tls13::{tls13, tls13_default};

/// A suite by its number, its OpenSSL name or its IANA name.
///
/// ```
/// let suite = certcheck::cipher::suite("ECDHE-RSA-AES128-GCM-SHA256").ok_or("unknown")?;
/// assert_eq!(suite.iana, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
/// # Ok::<(), &str>(())
/// ```
pub fn suite(name: &str) -> Option<&'static Suite> {
    let mut all = table::TLS13.iter().chain(&table::TLS12);
    all.find(|suite| suite.openssl == name || suite.iana == name)
}

/// A suite by its number.
pub(crate) fn numbered(code: u16) -> Option<&'static Suite> {
    let mut all = table::TLS13.iter().chain(&table::TLS12);
    all.find(|suite| suite.code == code)
}
