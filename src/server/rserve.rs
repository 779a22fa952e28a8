//! Rserve. Measured: 1.8-11 with OpenSSL 3.0.19 on Debian 12; its `tls.c`.

use super::openssl::OPENSSL;
use super::startup::Condition::{
    Ca, Certificate, Dsa, Key, KeyEncrypted, KeyFirst, KeyMismatch, KeyOfOtherType, WeakChainKey,
    WeakHash, WeakKey,
};
use super::startup::FileState::{
    Damaged, Der, Empty, Missing, NotAFile, NotSet, OtherObject, OutOfReach, Pkcs7, Pkcs12,
    Truncated, Unreadable,
};
use super::startup::{Rule, rules};
use super::{ChainSource, EncryptedKey, Profile, reload};
use crate::finding::Code;

/// Rserve always starts listening: it warns at most, and then no handshake works. It reads
/// `tls.cert` with `SSL_CTX_use_certificate_file`, so only the first certificate is ever sent, and
/// OpenSSL adds issuers from `tls.ca`, which also says whose client certificates it accepts.
pub(super) static PROFILE: Profile = Profile {
    name: "rserve",
    title: "Rserve 1.8 with OpenSSL 3",
    program: "Rserve",
    heeds_odd_extensions: false,
    loads_each_alone: true,
    chain: ChainSource::FirstOnly,
    startup: STARTUP,
    reload: Some(reload::NONE),
    encrypted_key: EncryptedKey {
        can_ask: false,
        asks_at_start: true,
        consequence: "Rserve has no setting for a passphrase: `WARNING: setting tls.key FAILED, TLS will NOT be \
            used`; it listens, but no handshake works",
    },
    // Rserve has no such setting; OpenSSL's own names are the closest.
    protocol_setting: false,
    consequences: CONSEQUENCES,
    ..OPENSSL
};

const CONSEQUENCES: &[(Code, &str)] = &[
    (
        Code::KeyMismatch,
        "Rserve listens, but no handshake works; it warns only if tls.key comes after tls.cert; its plaintext port answers on, unless `qap disable` closes it",
    ),
    (
        Code::KeyInconsistent,
        "OpenSSL loads it silently, but every handshake fails",
    ),
    (
        Code::KeyUnknown,
        "Rserve warns (`setting tls.key FAILED`) and listens, but no handshake works",
    ),
    (
        Code::KeyLegacyEncryption,
        "Rserve cannot be given a passphrase: no handshake works",
    ),
    (
        Code::KeyWeak,
        "Rserve warns (`setting tls.cert FAILED`) and listens, but no handshake works",
    ),
    (
        Code::KeyDsaUnusable,
        "Rserve reports nothing, but no handshake works",
    ),
    (
        Code::CertificateWeakKey,
        "Rserve warns (`setting tls.cert FAILED`) and listens, but no handshake works",
    ),
    (
        Code::CertificateExpired,
        "Rserve reports nothing; every client refuses",
    ),
    (
        Code::CertificateNotYetValid,
        "Rserve reports nothing; every client refuses",
    ),
    (
        Code::CertificateNameMismatch,
        "Rserve reports nothing; clients that check names refuse",
    ),
    (Code::CertificateCaAsServer, "Rserve reports nothing"),
    (
        Code::ChainEndEntityNotFirst,
        "Rserve treats the first certificate as its own; no handshake works, and with tls.key above tls.cert, Rserve reports nothing",
    ),
    (
        Code::ChainMissingIntermediate,
        "clients that do not have the intermediate refuse; put it in tls.ca, which also widens whose client certificates are accepted, or install it on the clients",
    ),
    (
        Code::ChainServerSendsLeafOnly,
        "Rserve never sends more than the first certificate of tls.cert; OpenSSL adds what it finds in tls.ca",
    ),
    (
        Code::ChainUnrelatedCertificate,
        "Rserve sends the first certificate of its file and none of the others",
    ),
    (
        Code::ChainWrongOrder,
        "Rserve sends the first certificate of its file and none of the others",
    ),
    (
        Code::EncodingDerWherePemExpected,
        "Rserve warns (`setting tls.cert FAILED` or `setting tls.key FAILED`) and listens, but no handshake works",
    ),
    (
        Code::EncodingNothingFound,
        "Rserve warns and listens, but no handshake works",
    ),
    (
        Code::EncodingUtf16,
        "Rserve warns and listens, but no handshake works",
    ),
    (
        Code::EncodingMissingEnd,
        "Rserve warns and listens, but no handshake works",
    ),
    (
        Code::EncodingBase64,
        "Rserve warns and listens, but no handshake works",
    ),
    (
        Code::EncodingMalformedDer,
        "Rserve warns and listens, but no handshake works",
    ),
];

const STARTUP: &[Rule] = rules![
    [Certificate(NotSet)] HandshakeFails ""
    [Key(NotSet)] HandshakeFails ""
    [Certificate(Missing)] HandshakeFails "WARNING: setting tls.cert FAILED (check your certificate)"
    [Certificate(Unreadable)] HandshakeFails "WARNING: setting tls.cert FAILED (check your certificate)"
    [Certificate(OutOfReach)] HandshakeFails "WARNING: setting tls.cert FAILED (check your certificate)"
    [Certificate(Empty)] HandshakeFails "WARNING: setting tls.cert FAILED (check your certificate)"
    [Certificate(Der)] HandshakeFails "WARNING: setting tls.cert FAILED (check your certificate)"
    [Certificate(Pkcs12)] HandshakeFails "WARNING: setting tls.cert FAILED (check your certificate)"
    [Certificate(Pkcs7)] HandshakeFails "WARNING: setting tls.cert FAILED (check your certificate)"
    [Certificate(OtherObject)] HandshakeFails "WARNING: setting tls.cert FAILED (check your certificate)"
    [Certificate(Truncated)] HandshakeFails "WARNING: setting tls.cert FAILED (check your certificate)"
    [WeakKey] HandshakeFails "WARNING: setting tls.cert FAILED (check your certificate)"
    [Certificate(NotAFile)] HandshakeFails "WARNING: setting tls.cert FAILED (check your certificate)"
    [Key(NotAFile)] HandshakeFails "WARNING: setting tls.key FAILED, TLS will NOT be used (check your key file)"
    [Key(Missing)] HandshakeFails "WARNING: setting tls.key FAILED, TLS will NOT be used (check your key file)"
    [Key(Unreadable)] HandshakeFails "WARNING: setting tls.key FAILED, TLS will NOT be used (check your key file)"
    [Key(OutOfReach)] HandshakeFails "WARNING: setting tls.key FAILED, TLS will NOT be used (check your key file)"
    [Key(Empty)] HandshakeFails "WARNING: setting tls.key FAILED, TLS will NOT be used (check your key file)"
    [Key(Der)] HandshakeFails "WARNING: setting tls.key FAILED, TLS will NOT be used (check your key file)"
    [Key(OtherObject)] HandshakeFails "WARNING: setting tls.key FAILED, TLS will NOT be used (check your key file)"
    [KeyEncrypted] HandshakeFails "WARNING: setting tls.key FAILED, TLS will NOT be used (check your key file)"
    [Certificate(Damaged)] HandshakeFails "WARNING: setting tls.cert FAILED (check your certificate)"
    [Key(Damaged)] HandshakeFails "WARNING: setting tls.key FAILED, TLS will NOT be used (check your key file)"
    [KeyMismatch] HandshakeFails "WARNING: setting tls.key FAILED, TLS will NOT be used (check your key file)"
    [KeyMismatch, KeyOfOtherType] HandshakeFails ""
    [KeyMismatch, KeyFirst] HandshakeFails ""
    [WeakHash] HandshakeFails "WARNING: setting tls.cert FAILED (check your certificate)"
    [WeakChainKey] HandshakeFails "WARNING: setting tls.cert FAILED (check your certificate)"
    [Dsa] HandshakeFails ""
    [Ca(Unreadable)] Serves "WARNING: setting tls.ca FAILED"
    [Ca(OutOfReach)] Serves "WARNING: setting tls.ca FAILED"
    [Ca(Missing)] Serves "WARNING: setting tls.ca FAILED"
    [Ca(Empty)] Serves "WARNING: setting tls.ca FAILED"
    [Ca(Der)] Serves "WARNING: setting tls.ca FAILED"
    [Ca(NotAFile)] Serves "WARNING: setting tls.ca FAILED"
    [Ca(OtherObject)] Serves "WARNING: setting tls.ca FAILED"
    [Ca(Pkcs12)] Serves "WARNING: setting tls.ca FAILED"
    [Ca(Pkcs7)] Serves "WARNING: setting tls.ca FAILED"
    [Ca(Truncated)] Serves "WARNING: setting tls.ca FAILED"
    [Ca(Damaged)] Serves "WARNING: setting tls.ca FAILED"
];
