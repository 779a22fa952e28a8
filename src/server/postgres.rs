//! PostgreSQL. Measured: 15.18 with OpenSSL 3.0.19 on Debian 12.

use super::openssl::OPENSSL;
use super::startup::Condition::{
    Ca, Certificate, Dsa, Key, KeyEncrypted, KeyMismatch, KeyModeTooOpen, KeyOwner,
    PassphraseCommandFails, WeakChainKey, WeakHash, WeakKey, WrongPassphrase,
};
use super::startup::FileState::{
    Damaged, Der, Empty, Missing, NotAFile, OtherObject, OutOfReach, Pkcs7, Pkcs12, Truncated,
    Unreadable,
};
use super::startup::{KeyFileRule, Rule, rules};
use super::{EncryptedKey, Profile, reload};
use crate::finding::Code;
use crate::protocol::Dialect;

/// PostgreSQL checks all files at start and at reload; a failed reload keeps the old certificate
/// and logs `SSL configuration was not reloaded`.
pub(super) static PROFILE: Profile = Profile {
    name: "postgres",
    title: "PostgreSQL 15 with OpenSSL 3",
    program: "PostgreSQL",
    key_file: KeyFileRule::Postgres,
    startup: STARTUP,
    reload: Some(reload::POSTGRES),
    encrypted_key: EncryptedKey {
        can_ask: true,
        asks_at_start: true,
        consequence: "PostgreSQL needs ssl_passphrase_command; without it, it asks on the terminal and a \
            service does not start: `processing error`. A reload is refused unless \
            ssl_passphrase_command_supports_reload is on",
    },
    dialect: Dialect::Postgres,
    consequences: CONSEQUENCES,
    ..OPENSSL
};

const CONSEQUENCES: &[(Code, &str)] = &[
    (
        Code::KeyMismatch,
        "PostgreSQL does not start: `could not load private key file \"server.key\": key values mismatch`; a reload keeps the old pair",
    ),
    (
        Code::KeyInconsistent,
        "OpenSSL loads it silently, but every handshake fails",
    ),
    (
        Code::KeyUnknown,
        "PostgreSQL does not start: `could not load private key file`",
    ),
    (
        Code::KeyWrongPassphrase,
        "PostgreSQL does not start: `could not load private key file … bad decrypt`",
    ),
    (
        Code::KeyLegacyEncryption,
        "OpenSSL 3 has no such cipher in its default provider: PostgreSQL does not start",
    ),
    (
        Code::KeyWeak,
        "PostgreSQL does not start: `could not load server certificate file … ee key too small`",
    ),
    (
        Code::KeyDsaUnusable,
        "PostgreSQL starts, but no handshake works: `no shared cipher`",
    ),
    (
        Code::KeyFileMode,
        "PostgreSQL does not start unless its user owns the key with mode 0600 or less, or root owns it with mode 0640 or less: `private key file … has group or world access`",
    ),
    (
        Code::CertificateFileMode,
        "PostgreSQL does not start: `could not load server certificate file … Permission denied`, `could not load root certificate file … Permission denied`",
    ),
    (
        Code::CertificateWeakKey,
        "PostgreSQL does not start: `could not load server certificate file … ee key too small`",
    ),
    (
        Code::CertificateExpired,
        "PostgreSQL starts without a message; clients with sslmode=verify-ca or a root.crt refuse, the others never notice",
    ),
    (
        Code::CertificateNotYetValid,
        "PostgreSQL starts without a message; clients that verify refuse",
    ),
    (
        Code::CertificateNameMismatch,
        "PostgreSQL starts without a message; clients with sslmode=verify-full refuse",
    ),
    (
        Code::CertificateCaAsServer,
        "PostgreSQL starts without a message",
    ),
    (
        Code::ChainEndEntityNotFirst,
        "PostgreSQL treats the first certificate as its own: `key values mismatch`",
    ),
    (
        Code::ChainMissingIntermediate,
        "PostgreSQL starts; clients that verify refuse with `certificate verify failed` and nothing more",
    ),
    (
        Code::ChainWrongOrder,
        "PostgreSQL sends the certificates in the order of its files",
    ),
    (
        Code::ChainUnrelatedCertificate,
        "PostgreSQL sends it in every handshake",
    ),
    (
        Code::EncodingDerWherePemExpected,
        "PostgreSQL does not start: a certificate in DER gives `no start line`, a key in DER gives `unsupported`",
    ),
    (
        Code::EncodingNothingFound,
        "PostgreSQL does not start: `no start line`",
    ),
    (
        Code::EncodingUtf16,
        "PostgreSQL does not start: `no start line`",
    ),
    (
        Code::EncodingMissingEnd,
        "PostgreSQL does not start: `bad end line`",
    ),
    (
        Code::EncodingBase64,
        "PostgreSQL does not start: `bad base64 decode`",
    ),
    (
        Code::EncodingMalformedDer,
        "PostgreSQL does not start: `could not load server certificate file`",
    ),
    (
        Code::ProtocolIllegalName,
        "PostgreSQL does not start: `invalid value for parameter`",
    ),
    (
        Code::ProtocolEmptySet,
        "PostgreSQL does not start: `could not set SSL protocol version range`",
    ),
];

const STARTUP: &[Rule] = rules![
    [Certificate(Missing)] StartFails "could not load server certificate file \"…\": No such file or directory"
    [Certificate(Unreadable)] StartFails "could not load server certificate file \"…\": Permission denied"
    [Certificate(OutOfReach)] StartFails "could not load server certificate file \"…\": Permission denied"
    [Certificate(NotAFile)] StartFails "could not load server certificate file \"…\": no start line"
    [Certificate(Empty)] StartFails "could not load server certificate file \"…\": no start line"
    [Certificate(Der)] StartFails "could not load server certificate file \"…\": no start line"
    [Certificate(Pkcs12)] StartFails "could not load server certificate file \"…\": no start line"
    [Certificate(Pkcs7)] StartFails "could not load server certificate file \"…\": no start line"
    [Certificate(OtherObject)] StartFails "could not load server certificate file \"…\": no start line"
    [Certificate(Truncated)] StartFails "could not load server certificate file \"…\": bad end line"
    [WeakKey] StartFails "could not load server certificate file \"…\": ee key too small"
    [Key(Missing)] StartFails "could not access private key file \"…\": No such file or directory"
    [Key(NotAFile)] StartFails "private key file \"…\" is not a regular file"
    [KeyOwner] StartFails "private key file \"…\" must be owned by the database user or root"
    [KeyModeTooOpen] StartFails "private key file \"…\" has group or world access"
    [Key(OutOfReach)] StartFails "could not access private key file \"…\": Permission denied"
    [Key(Unreadable)] StartFails "could not load private key file \"…\": Permission denied"
    [Key(Empty)] StartFails "could not load private key file \"…\": unsupported"
    [Key(Der)] StartFails "could not load private key file \"…\": unsupported"
    [Key(OtherObject)] StartFails "could not load private key file \"…\": unsupported"
    [Certificate(Damaged)] StartFails "could not load server certificate file \"…\""
    [Key(Damaged)] StartFails "could not load private key file \"…\""
    [KeyMismatch] StartFails "could not load private key file \"…\": key values mismatch"
    [KeyEncrypted] StartFails "could not load private key file \"…\": processing error"
    [WrongPassphrase] StartFails "could not load private key file \"…\": bad decrypt"
    [PassphraseCommandFails] StartFails "command \"…\" failed"
    [Ca(Unreadable)] StartFails "could not load root certificate file \"…\": Permission denied"
    [Ca(OutOfReach)] StartFails "could not load root certificate file \"…\": Permission denied"
    [Ca(Missing)] StartFails "could not load root certificate file \"…\": No such file or directory"
    [Ca(NotAFile)] StartFails "could not load root certificate file \"…\": no certificate or crl found"
    [Ca(Empty)] StartFails "could not load root certificate file \"…\": no certificate or crl found"
    [WeakHash] StartFails "could not load server certificate file \"…\": ca md too weak"
    [WeakChainKey] StartFails "could not load server certificate file \"…\": ca key too small"
    [Dsa] HandshakeFails "could not accept SSL connection: no shared cipher"
];
