//! Apache httpd with mod_ssl. Measured: 2.4.71 with OpenSSL 3.0.19 on Debian 12.

use super::{ChainSource, EncryptedKey, Loaders, Profile};
use crate::protocol::Dialect;

pub(super) static PROFILE: Profile = Profile {
    name: "apache",
    title: "Apache httpd 2.4 with OpenSSL 3",
    loaders: Loaders::OpenSsl,
    reads_der_key: true,
    end_entity_first: true,
    chain: ChainSource::ChainFileElseRest,
    pairs_by_position: true,
    extension: None,
    keys: None,
    least_rsa_bits: 2048,
    encrypted_key: EncryptedKey {
        can_ask: true,
        asks_at_start: true,
        consequence: "Apache asks for it at every start, on the terminal or through \
            SSLPassPhraseDialog; without either it does not start (AH02578)",
    },
    dialect: Dialect::Apache,
    consequences: CONSEQUENCES,
};

/// What the administrator of httpd sees. `apache2 -t` notices none of it but
/// missing and empty files.
pub(super) const CONSEQUENCES: &[(&str, &str)] = &[
    (
        "key.mismatch",
        "httpd does not start: `AH02565: Certificate and private key … do not match`; `apachectl -t` says Syntax OK",
    ),
    (
        "key.inconsistent",
        "OpenSSL loads it without a word, and every handshake fails",
    ),
    (
        "key.unknown",
        "httpd does not start: `AH02579: Init: Private key not found`",
    ),
    (
        "key.wrong-passphrase",
        "httpd does not start: `AH02580: Init: Pass phrase incorrect`",
    ),
    (
        "key.legacy-encryption",
        "OpenSSL 3 has no such cipher in its default provider: httpd asks for the passphrase in vain",
    ),
    (
        "key.weak",
        "httpd does not start: `AH02562 … ee key too small` (security level 2)",
    ),
    (
        "key.dsa-unusable",
        "httpd starts, and no handshake works: `no suitable signature algorithm`",
    ),
    (
        "certificate.weak-key",
        "httpd does not start: `AH02562 … ee key too small` (security level 2)",
    ),
    (
        "certificate.weak-signature",
        "OpenSSL at security level 2 refuses it: `ca md too weak`",
    ),
    (
        "certificate.expired",
        "httpd starts and logs nothing; every client refuses",
    ),
    (
        "certificate.not-yet-valid",
        "httpd starts and logs nothing; every client refuses",
    ),
    (
        "certificate.name-mismatch",
        "httpd warns at most (AH01909) and starts; every client refuses",
    ),
    (
        "certificate.ca-as-server",
        "httpd warns (AH01906) and starts",
    ),
    (
        "chain.end-entity-not-first",
        "httpd takes the first certificate for its own and does not start: `AH02565 … do not match`",
    ),
    (
        "chain.missing-intermediate",
        "httpd starts; browsers that know the issuer work, while curl, Java, Go, Python and phones refuse",
    ),
    (
        "chain.wrong-order",
        "httpd sends the certificates as they stand; strict clients refuse",
    ),
    (
        "chain.unrelated-certificate",
        "httpd sends it in every handshake",
    ),
    (
        "encoding.der-where-pem-expected",
        "httpd does not start: `AH02562 … no start line`",
    ),
    (
        "encoding.nothing-found",
        "httpd does not start: `AH02562 … no start line`",
    ),
    (
        "encoding.utf16",
        "httpd does not start: `AH02562 … no start line`",
    ),
    (
        "encoding.missing-end",
        "httpd does not start: `AH02562 … bad end line`",
    ),
    ("encoding.malformed-der", "httpd does not start: AH02562"),
    (
        "encoding.base64",
        "httpd does not start: `AH02562 … bad base64 decode`",
    ),
    (
        "protocol.illegal-name",
        "httpd does not start, and `apachectl -t` says so: `SSLProtocol: Illegal protocol`",
    ),
    (
        "protocol.separator",
        "httpd does not start, and `apachectl -t` says so: `SSLProtocol: Illegal protocol`",
    ),
    (
        "protocol.empty-set",
        "`apachectl -t` says Syntax OK; httpd does not start: `AH02231: No SSL protocols available`",
    ),
    (
        "protocol.replaces-earlier",
        "httpd warns (AH02532) for the main server, and says nothing inside <VirtualHost>",
    ),
];
