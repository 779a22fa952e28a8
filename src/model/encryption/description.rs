//! How something is encrypted, and which programs open it.

use super::Work;
use std::fmt;

/// How something is encrypted with a passphrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encryption {
    pub(super) scheme: String,
    pub(super) openssl3_loads: bool,
    pub(super) outdated: bool,
    pub(super) work: Work,
}

impl Encryption {
    /// One without an AlgorithmIdentifier.
    pub(in crate::model) fn described(scheme: &str, openssl3_loads: bool, outdated: bool) -> Self {
        Self {
            scheme: scheme.to_owned(),
            openssl3_loads,
            outdated,
            work: Work::NONE,
        }
    }

    /// What opening it costs.
    pub(crate) const fn work(&self) -> Work {
        self.work
    }

    /// The scheme in words, with OpenSSL's names of algorithms: `PBES2 (PBKDF2
    /// with hmacWithSHA256, 2048 iterations; AES-256-CBC)`,
    /// `pbeWithMD5AndDES-CBC`, `DEK-Info DES-EDE3-CBC`.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Whether OpenSSL 3 opens it with only its default provider
    /// (measured on 3.0.19): everything with DES, RC2, RC4, Blowfish, CAST or
    /// SEED needs the legacy provider, and scrypt may use 32 MiB.
    pub const fn openssl3_loads(&self) -> bool {
        self.openssl3_loads
    }

    /// Whether it is anything but PBES2 with AES (or another modern cipher):
    /// RFC 8018 section 6.1 recommends PBES2 for all new uses, and the
    /// traditional form derives its key with one round of MD5.
    pub const fn is_outdated(&self) -> bool {
        self.outdated
    }
}

impl fmt::Display for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.scheme)
    }
}
