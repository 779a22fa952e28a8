//! What every server on OpenSSL does with its files. The servers' own tables list only the
//! differences.
//!
//! Two things hold for all of them, so no table lists them. The first certificate of
//! the file is the server's own (`SSL_CTX_use_certificate_chain_file`, ssl/ssl_rsa.c).
//! Security level 2, Debian's, requires 112 bits of strength of every key
//! (`ssl_security_cert`, ssl/t1_lib.c); a server may ask for more.

use super::startup::KeyFileRule;
use super::{ChainSource, Completion, EncryptedKey, Loaders, Pairing, Profile};
use crate::model::KeyAlgorithm;
use crate::protocol::Dialect;

/// The smallest RSA key with 112 bits of strength, as OpenSSL counts.
const LEAST_RSA_BITS: u64 = 1963;
const LEAST_DSA_BITS: u64 = 2048;
const LEAST_EC_BITS: u64 = 224;

/// A server that loads one certificate file and one key file with OpenSSL 3, and about which
/// nothing else is known.
pub(super) const OPENSSL: Profile = Profile {
    name: "",
    title: "",
    program: "",
    loaders: Loaders::OpenSsl,
    damage_ends_chain: false,
    heeds_odd_extensions: true,
    loads_each_alone: false,
    reads_der_key: false,
    chain: ChainSource::WholeFile,
    completion: Completion::FromCaFile,
    key_in_certificate_file: false,
    combined_files: false,
    key_file: KeyFileRule::Readable,
    startup: &[],
    reload: None,
    pairing: Pairing::Position,
    extension: None,
    keys: None,
    least_rsa_bits: LEAST_RSA_BITS,
    encrypted_key: EncryptedKey {
        can_ask: true,
        asks_at_start: true,
        consequence: "OpenSSL asks for the passphrase on the terminal at every start; \
            a service has no terminal",
    },
    dialect: Dialect::OpenSsl,
    protocol_setting: true,
    consequences: &[],
};

impl Profile {
    /// The smallest key of an algorithm that the server loads; `None` if OpenSSL
    /// sets no bound.
    pub(crate) const fn least_bits(&self, algorithm: &KeyAlgorithm) -> Option<u64> {
        match algorithm {
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => Some(self.least_rsa_bits),
            KeyAlgorithm::Dsa => Some(LEAST_DSA_BITS),
            KeyAlgorithm::Ec(_) => Some(LEAST_EC_BITS),
            _ => None,
        }
    }
}
