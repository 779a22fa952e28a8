//! Tableau Server: its gateway is Apache httpd with OpenSSL 3 at security level 2 (since 2025.3),
//! and tsm has its own requirements.

use super::openssl::OPENSSL;
use super::startup::KeyFileRule;
use super::{ChainSource, EncryptedKey, KeyAlgorithmFamily, Profile, apache};
use crate::protocol::Dialect;

pub(super) static PROFILE: Profile = Profile {
    name: "tableau",
    title: "Tableau Server (gateway: Apache httpd, OpenSSL 3 at security level 2)",
    program: "Tableau Server",
    chain: ChainSource::ChainFileElseRest,
    key_file: KeyFileRule::Copied,
    startup: apache::STARTUP,
    extension: Some("crt"),
    keys: Some(&[KeyAlgorithmFamily::Rsa, KeyAlgorithmFamily::Dsa]),
    least_rsa_bits: 2048,
    encrypted_key: EncryptedKey {
        can_ask: true,
        asks_at_start: false,
        consequence: "tsm needs the passphrase when it enables external SSL",
    },
    dialect: Dialect::Tsm,
    consequences: apache::CONSEQUENCES,
    ..OPENSSL
};
