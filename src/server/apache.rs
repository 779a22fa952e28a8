//! Apache httpd with mod_ssl. Measured: 2.4.71 with OpenSSL 3.0.19 on Debian 12.

use super::openssl::OPENSSL;
use super::startup::Condition::{
    Ca, CaAsServer, Certificate, Chain, ClientAuthWithoutCa, Dsa, Key, KeyEncrypted, KeyMismatch,
    NameMismatch, WeakChainKey, WeakHash, WeakKey, WrongPassphrase,
};
use super::startup::FileState::{
    ByteOrderMark, Damaged, Der, Empty, Missing, NotAFile, NotSet, OtherObject, Pkcs7, Pkcs12,
    Truncated, Unreadable,
};
use super::startup::{KeyFileRule, Rule, rules};
use super::{ChainSource, EncryptedKey, Profile, reload};
use crate::finding::Code;
use crate::protocol::Dialect;

pub(super) static PROFILE: Profile = Profile {
    name: "apache",
    title: "Apache httpd 2.4 with OpenSSL 3",
    program: "Apache httpd",
    reads_der_key: true,
    chain: ChainSource::ChainFileElseRest,
    key_in_certificate_file: true,
    key_file: KeyFileRule::Nothing,
    startup: STARTUP,
    reload: Some(reload::APACHE),
    encrypted_key: EncryptedKey {
        can_ask: true,
        asks_at_start: true,
        consequence: "Apache asks for it at every start, on the terminal or through \
            SSLPassPhraseDialog; without either it does not start (AH02578)",
    },
    dialect: Dialect::Apache,
    consequences: CONSEQUENCES,
    ..OPENSSL
};

/// What the administrator of httpd sees. `apache2 -t` detects only missing and empty files.
pub(super) const CONSEQUENCES: &[(Code, &str)] = &[
    (
        Code::KeyMismatch,
        "httpd does not start: `AH02565: Certificate and private key … do not match`; `apachectl -t` says Syntax OK",
    ),
    // httpd loads any key; only this one is specific to Tableau Server, which shares the rest.
    (
        Code::KeyUnsupportedAlgorithm,
        "the page of tsm security asks for an RSA or DSA key (no current client connects to a DSA key); httpd would serve others, and certcheck does not know what tsm does with them",
    ),
    (
        Code::KeyInconsistent,
        "OpenSSL loads it silently, but every handshake fails",
    ),
    (
        Code::KeyUnknown,
        "httpd does not start: `AH02579: Init: Private key not found`",
    ),
    (
        Code::KeyWrongPassphrase,
        "httpd does not start: `AH02580: Init: Pass phrase incorrect`",
    ),
    (
        Code::KeyLegacyEncryption,
        "OpenSSL 3 has no such cipher in its default provider: httpd asks for the passphrase, which does not help",
    ),
    (
        Code::KeyWeak,
        "httpd does not start: `AH02562 … ee key too small` (security level 2)",
    ),
    (
        Code::KeyDsaUnusable,
        "httpd starts, but no handshake works: `no suitable signature algorithm`",
    ),
    (
        Code::CertificateWeakKey,
        "httpd does not start: `AH02562 … ee key too small` (security level 2)",
    ),
    (
        Code::CertificateWeakSignature,
        "OpenSSL at security level 2 refuses it: `ca md too weak`",
    ),
    (
        Code::CertificateExpired,
        "httpd starts and logs nothing; every client refuses",
    ),
    (
        Code::CertificateNotYetValid,
        "httpd starts and logs nothing; every client refuses",
    ),
    (
        Code::CertificateNameMismatch,
        "httpd warns at most (AH01909) and starts; every client refuses",
    ),
    (
        Code::CertificateCaAsServer,
        "httpd warns (AH01906) and starts",
    ),
    (
        Code::ChainEndEntityNotFirst,
        "httpd treats the first certificate as its own and does not start: `AH02565 … do not match`",
    ),
    (
        Code::ChainMissingIntermediate,
        "httpd starts; only clients that have the issuer already, or fetch it, accept; curl, Java, Go, Python and phones refuse",
    ),
    (
        Code::ChainWrongOrder,
        "httpd sends the certificates in the order of its files; strict clients refuse",
    ),
    (
        Code::ChainUnrelatedCertificate,
        "httpd sends it in every handshake",
    ),
    (
        Code::EncodingDerWherePemExpected,
        "httpd does not start: `AH02562 … no start line`",
    ),
    (
        Code::EncodingNothingFound,
        "httpd does not start: `AH02562 … no start line`",
    ),
    (
        Code::EncodingUtf16,
        "httpd does not start: `AH02562 … no start line`",
    ),
    (
        Code::EncodingMissingEnd,
        "httpd does not start: `AH02562 … bad end line`",
    ),
    (Code::EncodingMalformedDer, "httpd does not start: AH02562"),
    (
        Code::EncodingBase64,
        "httpd does not start: `AH02562 … bad base64 decode`",
    ),
    (
        Code::ProtocolIllegalName,
        "httpd does not start, and `apachectl -t` says so: `SSLProtocol: Illegal protocol`",
    ),
    (
        Code::ProtocolSeparator,
        "httpd does not start, and `apachectl -t` says so: `SSLProtocol: Illegal protocol`",
    ),
    (
        Code::ProtocolEmptySet,
        "`apachectl -t` says Syntax OK; httpd does not start: `AH02231: No SSL protocols available`",
    ),
    (
        Code::ProtocolReplacesEarlier,
        "httpd warns (AH02532) for the main server, but not inside <VirtualHost>",
    ),
];

/// What httpd does at start. `apache2 -t` checks only that files exist and are not empty; httpd
/// loads a private key in DER.
pub(super) const STARTUP: &[Rule] = rules![
    [Certificate(Missing)] ConfigTestFails "SSLCertificateFile: file '…' does not exist or is empty"
    [Certificate(Empty)] ConfigTestFails "SSLCertificateFile: file '…' does not exist or is empty"
    [Certificate(NotAFile)] ConfigTestFails "SSLCertificateFile: file '…' does not exist or is empty"
    [Key(Missing)] ConfigTestFails "SSLCertificateKeyFile: file '…' does not exist or is empty"
    [Key(Empty)] ConfigTestFails "SSLCertificateKeyFile: file '…' does not exist or is empty"
    [Key(NotAFile)] ConfigTestFails "SSLCertificateKeyFile: file '…' does not exist or is empty"
    [Chain(Missing)] ConfigTestFails "SSLCertificateChainFile: file '…' does not exist or is empty"
    [Chain(NotAFile)] ConfigTestFails "SSLCertificateChainFile: file '…' does not exist or is empty"
    [Chain(Empty)] ConfigTestFails "SSLCertificateChainFile: file '…' does not exist or is empty"
    [Ca(Missing)] ConfigTestFails "SSLCACertificateFile: file '…' does not exist or is empty"
    [Ca(Empty)] ConfigTestFails "SSLCACertificateFile: file '…' does not exist or is empty"
    [Ca(NotAFile)] ConfigTestFails "SSLCACertificateFile: file '…' does not exist or is empty"
    [Ca(Der)] StartFails "AH01895: "
    [Certificate(NotSet), Key(NotSet)] StartFails "AH02572: Failed to configure at least one certificate and key for"
    [Certificate(NotSet)] StartFails "AH02572: Failed to configure at least one certificate and key for"
    [Key(NotSet)] StartFails "AH02579: Init: Private key not found…AH02564: Failed to configure encrypted (?) private key"
    [Certificate(Der)] StartFails "AH02562: Failed to configure certificate…no start line"
    [Certificate(Pkcs12)] StartFails "AH02562: Failed to configure certificate…no start line"
    [Certificate(Pkcs7)] StartFails "AH02562: Failed to configure certificate…no start line"
    [Certificate(OtherObject)] StartFails "AH02562: Failed to configure certificate…no start line"
    [Certificate(Truncated)] StartFails "AH02562: Failed to configure certificate…bad end line"
    [Certificate(Unreadable)] StartFails "AH02562: Failed to configure certificate"
    [Key(OtherObject)] StartFails "AH02579: Init: Private key not found…AH02564: Failed to configure encrypted (?) private key"
    [Certificate(ByteOrderMark)] Serves ""
    [Certificate(Damaged)] StartFails "AH02562: Failed to configure certificate"
    [Key(Damaged)] StartFails "AH02579: Init: Private key not found…AH02564: Failed to configure encrypted (?) private key"
    [KeyMismatch] StartFails "AH02565: Certificate and private key …do not match…AH00016: Configuration Failed"
    [KeyEncrypted] StartFails "AH02578: Init: Unable to read pass phrase [Hint: key introduced or changed before restart?]…AH02564: Failed to configure encrypted (?) private key"
    [WrongPassphrase] StartFails "AH02580: Init: Pass phrase incorrect for key…AH02564: Failed to configure encrypted (?) private key"
    [WeakKey] StartFails "AH02562: Failed to configure certificate…ee key too small"
    [WeakHash] StartFails "AH02562: Failed to configure certificate…ca md too weak"
    [WeakChainKey] StartFails "AH02562: Failed to configure certificate…ca key too small"
    [Dsa] HandshakeFails "no suitable signature algorithm"
    [NameMismatch] Serves "AH01909: …server certificate does NOT include an ID which matches the server name"
    [CaAsServer] Serves "AH01906: …server certificate is a CA certificate (BasicConstraints: CA == TRUE !?)"
    [ClientAuthWithoutCa] HandshakeFails "AH01897: "
];
