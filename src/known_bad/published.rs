//! Keys whose private half is published in a standard, for tests.

use crate::finding::hex;
use crate::model::PublicKey;

/// SHA-256 of the SubjectPublicKeyInfo, and where the private key is printed.
/// Each was computed from the key in the document.
const KEYS: [(&str, &str); 7] = [
    (
        "9a9e5b0f404f4e2d4386e38b04ac91e535946dc2a7f8d84a31404b476e5c35e1",
        "RFC 9500 section 2.1 (testRSA1024)",
    ),
    (
        "8fb6bad671cfe698393c453357da61b56d757ab8c0f3fb9c87f2849e63131878",
        "RFC 9500 section 2.1 (testRSA2048)",
    ),
    (
        "96465ea5dc9bb2da7b351d808a7196e5761f2412a5040131c68d719aaba28fb9",
        "RFC 9500 section 2.1 (testRSA4096)",
    ),
    (
        "b2b04340cfaee616ec9c2c62d261b208e54bb197498df52e8cadede23ac0ba5e",
        "RFC 9500 section 2.3 (testECCP256)",
    ),
    (
        "c4c10105a0be0ed4dd3354428dc38a9bfee64da141ce16e75c94eda272f9dd3a",
        "RFC 9500 section 2.3 (testECCP384)",
    ),
    (
        "06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9",
        "RFC 8032 section 7.1 (test 1)",
    ),
    (
        "a1e9156054e04fac899ae9f275132cdc07a5dbc4ea2c2ad3a1ffc6e0d253681f",
        "RFC 8410 section 10.3",
    ),
];

/// Where the private key of this key is printed.
pub(super) fn place(key: &PublicKey<'_>) -> Option<&'static str> {
    let digest = hex(key.canonical_sha256().as_bytes());
    KEYS.iter()
        .find(|(known, _)| *known == digest)
        .map(|(_, place)| *place)
}
