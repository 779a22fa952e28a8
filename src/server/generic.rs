//! An unknown server: anything that a mainstream server would refuse or lose counts.

use super::openssl::OPENSSL;
use super::{ChainSource, EncryptedKey, Loaders, Pairing, Profile};
use crate::finding::Code;
use crate::protocol::Dialect;

pub(super) static PROFILE: Profile = Profile {
    name: "generic",
    title: "any server (a refusal by one mainstream server or loader counts)",
    program: "the server",
    loaders: Loaders::Mainstream,
    heeds_odd_extensions: false,
    chain: ChainSource::Everything,
    key_in_certificate_file: true,
    pairing: Pairing::Any,
    encrypted_key: EncryptedKey {
        can_ask: true,
        asks_at_start: true,
        consequence: "a server that cannot get the passphrase does not start",
    },
    dialect: Dialect::Apache,
    consequences: &[
        (
            Code::KeyMismatch,
            "no server starts with this pair, or every handshake fails",
        ),
        (
            Code::KeyInconsistent,
            "Go and rustls refuse to load it; Python and Node load it, and every handshake fails",
        ),
        (
            Code::ChainMissingIntermediate,
            "only clients that have the issuer already, or fetch it, accept; curl, Java, Go, Python and phones refuse",
        ),
        (
            Code::ChainEndEntityNotFirst,
            "servers treat the first certificate as their own: `key values mismatch`",
        ),
        (
            Code::EncodingByteOrderMark,
            "Go, rustls, Java and NSS do not see the first certificate: `private key does not match`",
        ),
        (
            Code::CertificateWeakKey,
            "OpenSSL at security level 2 does not load it: `ee key too small`",
        ),
        (
            Code::CertificateNoSubjectAltName,
            "OpenSSL and GnuTLS still read the commonName; Go, webpki, Java and browsers refuse",
        ),
    ],
    ..OPENSSL
};
