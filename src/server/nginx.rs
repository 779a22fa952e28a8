//! nginx. Measured: 1.22.1 with OpenSSL 3.0.19 on Debian 12.

use super::openssl::OPENSSL;
use super::startup::Condition::{
    Ca, Certificate, ClientAuthWithoutCa, Dsa, Key, KeyEncrypted, KeyMismatch, KeyOfOtherType,
    Passphrases, WeakChainKey, WeakHash, WeakKey, WrongPassphrase,
};
use super::startup::FileState::{
    Damaged, Der, Empty, Missing, NotAFile, NotSet, OtherObject, Pkcs7, Pkcs12, Truncated,
    Unreadable,
};
use super::startup::{KeyFileRule, Rule, rules};
use super::{Completion, EncryptedKey, Pairing, Profile, reload};
use crate::finding::Code;
use crate::protocol::Dialect;

/// `nginx -t` loads what a start loads, so it detects the same errors. nginx
/// sets `SSL_MODE_NO_AUTO_CHAIN`: neither ssl_trusted_certificate nor
/// ssl_client_certificate adds to the chain sent (measured).
pub(super) static PROFILE: Profile = Profile {
    name: "nginx",
    title: "nginx 1.22 with OpenSSL 3",
    program: "nginx",
    heeds_odd_extensions: false,
    completion: Completion::Never,
    key_file: KeyFileRule::Nothing,
    startup: STARTUP,
    reload: Some(reload::NGINX),
    pairing: Pairing::Slots,
    encrypted_key: EncryptedKey {
        can_ask: true,
        asks_at_start: true,
        consequence: "nginx needs ssl_password_file at every start and reload; without it `nginx -t` \
            asks on the terminal, and a service does not start: `problems getting password`",
    },
    dialect: Dialect::Nginx,
    consequences: CONSEQUENCES,
    ..OPENSSL
};

const CONSEQUENCES: &[(Code, &str)] = &[
    (
        Code::KeyMismatch,
        "`nginx -t` and the start fail: `SSL_CTX_use_PrivateKey(…) failed … key values mismatch`; a reload keeps the old certificate",
    ),
    (
        Code::KeyInconsistent,
        "OpenSSL loads it silently, but every handshake fails",
    ),
    (
        Code::KeyUnknown,
        "`nginx -t` fails: `cannot load certificate key … PEM_read_bio_PrivateKey() failed`",
    ),
    (
        Code::KeyWrongPassphrase,
        "`nginx -t` fails: `cannot load certificate key … bad decrypt`",
    ),
    (
        Code::KeyLegacyEncryption,
        "OpenSSL 3 has no such cipher in its default provider: `nginx -t` fails",
    ),
    (
        Code::KeyWeak,
        "`nginx -t` fails: `SSL_CTX_use_certificate(…) failed … ee key too small` (security level 2)",
    ),
    (
        Code::KeyDsaUnusable,
        "`nginx -t` reports no error, but no handshake works",
    ),
    (
        Code::CertificateWeakKey,
        "`nginx -t` fails: `SSL_CTX_use_certificate(…) failed … ee key too small` (security level 2)",
    ),
    (
        Code::CertificateWeakSignature,
        "OpenSSL at security level 2 refuses it: `ca md too weak`",
    ),
    (
        Code::CertificateExpired,
        "nginx starts and logs nothing; every client refuses",
    ),
    (
        Code::CertificateNotYetValid,
        "nginx starts and logs nothing; every client refuses",
    ),
    (
        Code::CertificateNameMismatch,
        "nginx starts and logs nothing; every client refuses",
    ),
    (Code::CertificateCaAsServer, "nginx starts and logs nothing"),
    (
        Code::ChainEndEntityNotFirst,
        "nginx treats the first certificate as its own: `SSL_CTX_use_PrivateKey(…) failed … key values mismatch`",
    ),
    (
        Code::ChainMissingIntermediate,
        "nginx sends its file and adds nothing, not even from ssl_trusted_certificate; only clients that have the issuer already, or fetch it, accept",
    ),
    (
        Code::ChainWrongOrder,
        "nginx sends the certificates in the order of its files; strict clients refuse",
    ),
    (
        Code::ChainUnrelatedCertificate,
        "nginx sends it in every handshake",
    ),
    (
        Code::EncodingDerWherePemExpected,
        "`nginx -t` fails: `PEM_read_bio_X509_AUX() failed … no start line`; a key in DER fails too",
    ),
    (
        Code::EncodingNothingFound,
        "`nginx -t` fails: `no start line`",
    ),
    (Code::EncodingUtf16, "`nginx -t` fails: `no start line`"),
    (Code::EncodingMissingEnd, "`nginx -t` fails: `bad end line`"),
    (
        Code::EncodingBase64,
        "`nginx -t` fails: `bad base64 decode`",
    ),
    (
        Code::EncodingMalformedDer,
        "`nginx -t` fails: `cannot load certificate`",
    ),
    (
        Code::ProtocolIllegalName,
        "`nginx -t` fails: `invalid value`",
    ),
    (
        Code::ProtocolEmptySet,
        "`nginx -t` reports no error, but no handshake works",
    ),
];

const STARTUP: &[Rule] = rules![
    [Certificate(NotSet)] ConfigTestFails "no \"ssl_certificate\" is defined for the \"listen ... ssl\" directive"
    [Key(NotSet)] ConfigTestFails "no \"ssl_certificate_key\" is defined for certificate"
    [Certificate(Missing)] ConfigTestFails "cannot load certificate \"…\": BIO_new_file() failed…No such file or directory"
    [Certificate(Unreadable)] ConfigTestFails "cannot load certificate \"…\": BIO_new_file() failed"
    [Certificate(NotAFile)] ConfigTestFails "cannot load certificate \"…\": PEM_read_bio_X509_AUX() failed…no start line"
    [Key(NotAFile)] ConfigTestFails "cannot load certificate key \"…\": PEM_read_bio_PrivateKey() failed"
    [Certificate(Empty)] ConfigTestFails "cannot load certificate \"…\": PEM_read_bio_X509_AUX() failed…no start line"
    [Certificate(Der)] ConfigTestFails "cannot load certificate \"…\": PEM_read_bio_X509_AUX() failed…no start line"
    [Certificate(Pkcs12)] ConfigTestFails "cannot load certificate \"…\": PEM_read_bio_X509_AUX() failed…no start line"
    [Certificate(Pkcs7)] ConfigTestFails "cannot load certificate \"…\": PEM_read_bio_X509_AUX() failed…no start line"
    [Certificate(OtherObject)] ConfigTestFails "cannot load certificate \"…\": PEM_read_bio_X509_AUX() failed…no start line"
    [Certificate(Truncated)] ConfigTestFails "cannot load certificate \"…\": PEM_read_bio_X509_AUX() failed…bad end line"
    [Key(Missing)] ConfigTestFails "cannot load certificate key \"…\": BIO_new_file() failed…No such file or directory"
    [Key(Unreadable)] ConfigTestFails "cannot load certificate key \"…\": BIO_new_file() failed"
    [Key(Empty)] ConfigTestFails "cannot load certificate key \"…\": PEM_read_bio_PrivateKey() failed"
    [Key(Der)] ConfigTestFails "cannot load certificate key \"…\": PEM_read_bio_PrivateKey() failed"
    [Key(OtherObject)] ConfigTestFails "cannot load certificate key \"…\": PEM_read_bio_PrivateKey() failed"
    [Certificate(Damaged)] ConfigTestFails "cannot load certificate \"…\": PEM_read_bio_X509_AUX() failed"
    [Key(Damaged)] ConfigTestFails "cannot load certificate key \"…\": PEM_read_bio_PrivateKey() failed"
    [KeyMismatch] ConfigTestFails "SSL_CTX_use_PrivateKey(\"…\") failed…key values mismatch"
    [KeyMismatch, KeyOfOtherType] HandshakeFails ""
    [KeyEncrypted] ConfigTestFails "cannot load certificate key \"…\": PEM_read_bio_PrivateKey() failed…problems getting password"
    [WrongPassphrase] ConfigTestFails "cannot load certificate key \"…\": PEM_read_bio_PrivateKey() failed…bad decrypt"
    [WeakKey] ConfigTestFails "SSL_CTX_use_certificate(\"…\") failed…ee key too small"
    [Passphrases(Missing)] ConfigTestFails "open() \"…\" failed (2: No such file or directory)"
    [Passphrases(NotAFile)] ConfigTestFails "read() \"…\" failed (21: Is a directory)"
    [Ca(Missing)] ConfigTestFails "SSL_CTX_load_verify_locations(\"…\") failed…No such file or directory"
    [Ca(Empty)] ConfigTestFails "SSL_CTX_load_verify_locations(\"…\") failed…no certificate or crl found"
    [Ca(NotAFile)] ConfigTestFails "SSL_CTX_load_verify_locations(\"…\") failed…no certificate or crl found"
    [ClientAuthWithoutCa] ConfigTestFails "no ssl_client_certificate for ssl_verify_client"
    [WeakHash] ConfigTestFails "SSL_CTX_set0_chain(\"…\") failed…ca md too weak"
    [WeakChainKey] ConfigTestFails "SSL_CTX_set0_chain(\"…\") failed…ca key too small"
    [Dsa] HandshakeFails ""
];
