//! TabPy. Measured: 2.16.0 with Python 3.11 and OpenSSL 3.0.19.

pub(crate) mod dates;

use super::openssl::OPENSSL;
use super::startup::Condition::{
    Certificate, Dsa, Expired, Key, KeyEncrypted, KeyMismatch, NotYetValid, UnreadableDate,
    WeakChainKey, WeakHash, WeakKey,
};
use super::startup::FileState::{
    ByteOrderMark, Damaged, Der, Empty, Missing, NotAFile, NotAscii, NotSet, NotUtf8, OtherObject,
    OutOfReach, Pkcs7, Pkcs12, Truncated, Unreadable,
};
use super::startup::{Rule, rules};
use super::{Completion, EncryptedKey, Loaders, Profile, reload};
use crate::finding::Code;
use crate::protocol::Dialect;

/// `ssl.SSLContext.load_cert_chain` without a password, after TabPy's own check, which reads the
/// file as text and checks the first certificate's dates.
pub(super) static PROFILE: Profile = Profile {
    name: "tabpy",
    title: "TabPy 2 (Python's ssl module, OpenSSL 3)",
    program: "TabPy",
    loaders: Loaders::PythonText,
    completion: Completion::Never,
    startup: STARTUP,
    reload: Some(reload::NONE),
    encrypted_key: EncryptedKey {
        can_ask: false,
        asks_at_start: true,
        consequence: "TabPy has no setting for a passphrase: OpenSSL asks on the terminal at every start, \
            and a service stops with `OSError: [Errno 22] Invalid argument`",
    },
    dialect: Dialect::TabPy,
    consequences: CONSEQUENCES,
    ..OPENSSL
};

const CONSEQUENCES: &[(Code, &str)] = &[
    (
        Code::KeyMismatch,
        "TabPy does not start: `[X509: KEY_VALUES_MISMATCH] key values mismatch`",
    ),
    (
        Code::KeyInconsistent,
        "Python loads it silently, but every handshake fails",
    ),
    (Code::KeyUnknown, "TabPy does not start: `[SSL] PEM lib`"),
    (
        Code::KeyLegacyEncryption,
        "TabPy cannot be given a passphrase",
    ),
    (
        Code::KeyWeak,
        "TabPy does not start: `[SSL: EE_KEY_TOO_SMALL] ee key too small`",
    ),
    (Code::KeyDsaUnusable, "TabPy starts, but no handshake works"),
    (
        Code::CertificateWeakKey,
        "TabPy does not start: `[SSL: EE_KEY_TOO_SMALL] ee key too small`",
    ),
    (
        Code::CertificateExpired,
        "TabPy does not start if it is the first in its file: `Error using HTTPS: The certificate provided expired on`",
    ),
    (
        Code::CertificateNotYetValid,
        "TabPy does not start if it is the first in its file: `Error using HTTPS: The certificate provided is not valid until`",
    ),
    (
        Code::CertificateNameMismatch,
        "TabPy starts and logs nothing; Tableau refuses",
    ),
    (Code::CertificateCaAsServer, "TabPy starts and logs nothing"),
    (
        Code::ChainEndEntityNotFirst,
        "TabPy does not start: `[X509: KEY_VALUES_MISMATCH] key values mismatch`",
    ),
    (
        Code::ChainMissingIntermediate,
        "TabPy starts and sends its file unchanged; Tableau refuses unless the intermediate is installed there",
    ),
    (
        Code::ChainExpired,
        "TabPy checks the first certificate only and starts",
    ),
    (
        Code::ChainWrongOrder,
        "TabPy sends the certificates in the order of its files",
    ),
    (
        Code::ChainUnrelatedCertificate,
        "TabPy sends it in every handshake",
    ),
    (
        Code::EncodingByteOrderMark,
        "TabPy does not start: `UnicodeEncodeError: 'ascii' codec can't encode character '\\ufeff'`",
    ),
    (
        Code::EncodingDerWherePemExpected,
        "TabPy does not start: a certificate in DER gives `UnicodeDecodeError`, a key in DER gives `[SSL] PEM lib`",
    ),
    (
        Code::EncodingNothingFound,
        "TabPy does not start: `no start line`",
    ),
    (
        Code::EncodingUtf16,
        "TabPy does not start: `UnicodeDecodeError`",
    ),
    (
        Code::EncodingMissingEnd,
        "TabPy does not start: `bad end line`",
    ),
    (
        Code::EncodingBase64,
        "TabPy does not start: `bad base64 decode`",
    ),
    (Code::EncodingMalformedDer, "TabPy does not start"),
    (
        Code::ProtocolIgnoredValue,
        "TabPy warns in its log (`Unrecognized value for TABPY_MINIMUM_TLS_VERSION`) and uses TLSv1_2",
    ),
];

const STARTUP: &[Rule] = rules![
    [Certificate(NotSet), Key(NotSet)] StartFails "Error using HTTPS: The parameter(s) TABPY_CERTIFICATE_FILE and TABPY_KEY_FILE must be set."
    [Certificate(NotSet)] StartFails "Error using HTTPS: The parameter(s) TABPY_CERTIFICATE_FILE must be set."
    [Key(NotSet)] StartFails "Error using HTTPS: The parameter(s) TABPY_KEY_FILE must be set."
    [Certificate(Missing), Key(Missing)] StartFails "Error using HTTPS: The parameter(s) TABPY_CERTIFICATE_FILE and TABPY_KEY_FILE must point to an existing file."
    [Certificate(OutOfReach), Key(OutOfReach)] StartFails "Error using HTTPS: The parameter(s) TABPY_CERTIFICATE_FILE and TABPY_KEY_FILE must point to an existing file."
    [Certificate(OutOfReach)] StartFails "Error using HTTPS: The parameter(s) TABPY_CERTIFICATE_FILE must point to an existing file."
    [Key(OutOfReach)] StartFails "Error using HTTPS: The parameter(s) TABPY_KEY_FILE must point to an existing file."
    [Certificate(Missing)] StartFails "Error using HTTPS: The parameter(s) TABPY_CERTIFICATE_FILE must point to an existing file."
    [Certificate(NotAFile)] StartFails "Error using HTTPS: The parameter(s) TABPY_CERTIFICATE_FILE must point to an existing file."
    [Key(Missing)] StartFails "Error using HTTPS: The parameter(s) TABPY_KEY_FILE must point to an existing file."
    [Key(NotAFile)] StartFails "Error using HTTPS: The parameter(s) TABPY_KEY_FILE must point to an existing file."
    [Certificate(Unreadable)] StartFails "PermissionError"
    [Key(Unreadable)] StartFails "PermissionError"
    [Certificate(Der)] StartFails "UnicodeDecodeError"
    [Certificate(Pkcs12)] StartFails "UnicodeDecodeError"
    [Certificate(Pkcs7)] StartFails "OpenSSL.crypto.Error: [('PEM routines', '', 'no start line')]"
    [Certificate(Empty)] StartFails "OpenSSL.crypto.Error: [('PEM routines', '', 'no start line')]"
    [Certificate(OtherObject)] StartFails "OpenSSL.crypto.Error: [('PEM routines', '', 'no start line')]"
    [Certificate(Truncated)] StartFails "OpenSSL.crypto.Error: [('PEM routines', '', 'bad end line')]"
    [Certificate(ByteOrderMark)] StartFails "UnicodeEncodeError: 'ascii' codec can't encode character '\\ufeff'"
    [Certificate(NotAscii)] StartFails "UnicodeEncodeError: 'ascii' codec can't encode character"
    [Certificate(NotUtf8)] StartFails "UnicodeDecodeError: 'utf-8' codec can't decode byte"
    [UnreadableDate] StartFails "ValueError: time data … does not match format '%Y%m%d%H%M%SZ'"
    [Expired] StartFails "Error using HTTPS: The certificate provided expired on "
    [NotYetValid] StartFails "Error using HTTPS: The certificate provided is not valid until "
    [WeakKey] StartFails "[SSL: EE_KEY_TOO_SMALL] ee key too small"
    [Key(Der)] StartFails "[SSL] PEM lib"
    [Key(Empty)] StartFails "[SSL] PEM lib"
    [Key(OtherObject)] StartFails "[SSL] PEM lib"
    [KeyEncrypted] StartFails "Enter PEM pass phrase:…OSError: [Errno 22] Invalid argument"
    [Certificate(Damaged)] StartFails "[SSL] PEM lib"
    [Key(Damaged)] StartFails "[SSL] PEM lib"
    [KeyMismatch] StartFails "[X509: KEY_VALUES_MISMATCH] key values mismatch"
    [WeakHash] StartFails "[SSL: CA_MD_TOO_WEAK] ca md too weak"
    [WeakChainKey] StartFails "[SSL: CA_KEY_TOO_SMALL] ca key too small"
    [Dsa] HandshakeFails ""
];
