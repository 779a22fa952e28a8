//! How strong a key is, as OpenSSL counts: in bits of security.

use super::{KeyAlgorithm, PublicKey};

/// The smallest keys that one of OpenSSL's security levels accepts.
///
/// RSA's numbers are those of `ossl_ifc_ffc_compute_security_bits`, which rounds
/// to multiples of 8 (80, 112, 128 bits): less than the familiar 1024, 2048,
/// 3072. Measured with OpenSSL 3.0.19 by loading keys of one bit more and one bit less
/// at `@SECLEVEL` 1, 2 and 3. DSA's are those of `BN_security_bits`; a curve has half as many bits
/// of security as its order has bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Least {
    pub(crate) rsa: u32,
    dsa: (u32, u32),
    pub(crate) curve: u32,
}

impl Least {
    pub(crate) const fn of_level(level: u8) -> Self {
        let (rsa, dsa, curve) = match level {
            0 => (0, (0, 0), 0),
            1 => (920, (1024, 160), 160),
            2 => (1963, (2048, 224), 224),
            _ => (2672, (3072, 256), 256),
        };
        Self { rsa, dsa, curve }
    }

    /// The least size for a key of this algorithm, if it has a size.
    pub(crate) const fn bits(self, algorithm: &KeyAlgorithm) -> Option<u32> {
        match algorithm {
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => Some(self.rsa),
            KeyAlgorithm::Dsa => Some(self.dsa.0),
            KeyAlgorithm::Ec(_) => Some(self.curve),
            _ => None,
        }
    }

    /// Whether the level accepts the key.
    pub(crate) fn takes(self, key: &PublicKey<'_>) -> bool {
        let subgroup = key
            .dsa_subgroup_bits()
            .is_none_or(|bits| bits >= self.dsa.1);
        let least = self.bits(key.algorithm());
        subgroup
            && least
                .zip(key.bits())
                .is_none_or(|(least, bits)| bits >= least)
    }
}
