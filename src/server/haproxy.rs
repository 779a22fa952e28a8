//! HAProxy. Measured: 2.6.12 with OpenSSL 3.0.19 on Debian 12.

use super::openssl::OPENSSL;
use super::startup::Condition::{
    Ca, Certificate, ClientAuthWithoutCa, Dsa, Key, KeyEncrypted, KeyMismatch, WeakChainKey,
    WeakHash, WeakKey,
};
use super::startup::FileState::{
    Damaged, Der, Empty, Missing, NotSet, OtherObject, Pkcs7, Pkcs12, Truncated,
};
use super::startup::{KeyFileRule, Rule, rules};
use super::{ChainSource, Completion, EncryptedKey, Profile, reload};
use crate::finding::Code;
use crate::protocol::Dialect;

/// `crt FILE` holds certificate, chain and key in any order, the server's own
/// certificate first among the certificates; if it holds no key, HAProxy reads `FILE.key`. `haproxy
/// -c` loads all of it. `ca-file` adds nothing to the chain sent, `issuers-chain-path` does (both
/// measured), and `ssl-skip-self-issued-ca` leaves roots out.
pub(super) static PROFILE: Profile = Profile {
    name: "haproxy",
    title: "HAProxy 2.6 with OpenSSL 3",
    program: "HAProxy",
    damage_ends_chain: true,
    heeds_odd_extensions: false,
    chain: ChainSource::RestElseIssuers,
    completion: Completion::Never,
    key_in_certificate_file: true,
    combined_files: true,
    key_file: KeyFileRule::Nothing,
    startup: STARTUP,
    reload: Some(reload::HAPROXY),
    encrypted_key: EncryptedKey {
        can_ask: false,
        asks_at_start: false,
        consequence: "HAProxy has no setting for a passphrase and does not ask for one: \
            `No Private Key found in '….key'`",
    },
    dialect: Dialect::HaProxy,
    consequences: CONSEQUENCES,
    ..OPENSSL
};

const CONSEQUENCES: &[(Code, &str)] = &[
    (
        Code::KeyMismatch,
        "`haproxy -c` and the start fail: `inconsistencies between private key and certificate loaded`",
    ),
    (
        Code::KeyInconsistent,
        "OpenSSL loads it silently, but every handshake fails",
    ),
    (
        Code::KeyUnknown,
        "`haproxy -c` fails: `No Private Key found`",
    ),
    (
        Code::KeyLegacyEncryption,
        "HAProxy has no setting for a passphrase: `No Private Key found`",
    ),
    (
        Code::KeyWeak,
        "`haproxy -c` fails: `unable to load SSL certificate into SSL Context` (security level 2)",
    ),
    (
        Code::KeyDsaUnusable,
        "`haproxy -c` reports no error, but no handshake works",
    ),
    (
        Code::CertificateWeakKey,
        "`haproxy -c` fails: `unable to load SSL certificate into SSL Context` (security level 2)",
    ),
    (
        Code::CertificateExpired,
        "HAProxy starts and logs nothing; every client refuses",
    ),
    (
        Code::CertificateNotYetValid,
        "HAProxy starts and logs nothing; every client refuses",
    ),
    (
        Code::CertificateNameMismatch,
        "HAProxy starts and logs nothing; every client refuses",
    ),
    (
        Code::CertificateCaAsServer,
        "HAProxy starts and logs nothing",
    ),
    (
        Code::ChainEndEntityNotFirst,
        "HAProxy treats the first certificate as its own: `inconsistencies between private key and certificate loaded`",
    ),
    (
        Code::ChainMissingIntermediate,
        "HAProxy sends its file and adds nothing from ca-file; only clients that have the issuer already, or fetch it, accept",
    ),
    (
        Code::ChainWrongOrder,
        "HAProxy sends the certificates in the order of its files; strict clients refuse",
    ),
    (
        Code::ChainUnrelatedCertificate,
        "HAProxy sends it in every handshake",
    ),
    (
        Code::EncodingDerWherePemExpected,
        "`haproxy -c` fails: `unable to load certificate from file`",
    ),
    (
        Code::EncodingNothingFound,
        "`haproxy -c` fails: `unable to load certificate from file`",
    ),
    (
        Code::EncodingUtf16,
        "`haproxy -c` fails: `unable to load certificate from file`",
    ),
    (
        Code::EncodingMissingEnd,
        "`haproxy -c` fails: `unable to load certificate from file`",
    ),
    (
        Code::EncodingBase64,
        "`haproxy -c` fails: `unable to load certificate from file`",
    ),
    (
        Code::EncodingMalformedDer,
        "`haproxy -c` fails: `unable to load certificate from file`",
    ),
    (
        Code::ProtocolIllegalName,
        "`haproxy -c` fails: `unknown ssl/tls version`",
    ),
    (
        Code::ProtocolEmptySet,
        "`haproxy -c` fails: `all SSL/TLS versions are disabled`",
    ),
];

const STARTUP: &[Rule] = rules![
    [Certificate(NotSet)] ConfigTestFails "no SSL certificate specified for bind"
    [Certificate(Missing)] ConfigTestFails "unable to stat SSL certificate from file '…' : No such file or directory"
    [Certificate(Empty)] ConfigTestFails "unable to load certificate from file"
    [Certificate(Der)] ConfigTestFails "unable to load certificate from file"
    [Certificate(Pkcs12)] ConfigTestFails "unable to load certificate from file"
    [Certificate(Pkcs7)] ConfigTestFails "unable to load certificate from file"
    [Certificate(Truncated)] ConfigTestFails "unable to load certificate from file"
    [Certificate(OtherObject)] ConfigTestFails "unable to load certificate from file"
    [Key(NotSet)] ConfigTestFails "No Private Key found in"
    [Key(Missing)] ConfigTestFails "No Private Key found in"
    [Key(OtherObject)] ConfigTestFails "No Private Key found in"
    [Key(Empty)] ConfigTestFails "No Private Key found in"
    [Key(Der)] ConfigTestFails "Error(s) found in configuration file"
    [KeyEncrypted] ConfigTestFails "No Private Key found in"
    [Certificate(Damaged)] ConfigTestFails "unable to load certificate"
    [Key(Damaged)] ConfigTestFails "No Private Key found in"
    [KeyMismatch] ConfigTestFails "inconsistencies between private key and certificate loaded"
    [WeakKey] ConfigTestFails "unable to load SSL certificate into SSL Context"
    [Ca(Missing)] ConfigTestFails "Couldn't open the ca-file '…' (No such file or directory)"
    [Ca(Empty)] ConfigTestFails "Couldn't open the ca-file '…' (no certificate or crl found)"
    [ClientAuthWithoutCa] ConfigTestFails "verify is enabled but no CA file specified for bind"
    [WeakHash] ConfigTestFails "unable to load chain certificate into SSL Context"
    [WeakChainKey] ConfigTestFails "unable to load chain certificate into SSL Context"
    [Dsa] HandshakeFails ""
];
