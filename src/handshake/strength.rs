//! Bits of security of keys and of Diffie-Hellman primes.

use super::agreement::Failure;
use super::server_offer::{DhParameters, KeyKind, ServerOffer};
use crate::cipher::{Authentication, Suite};
use crate::protocol::Library;

/// The size of the prime: given, or chosen by OpenSSL (`ssl_get_auto_dh`).
pub(super) fn dh_bits(server: &ServerOffer, key: usize, suite: &Suite) -> Result<u32, Failure> {
    match server.dh {
        DhParameters::Bits(bits) => {
            // No DHE key weaker than 1024 bits even at level 0 (`ssl_security_default_callback`).
            let enough = modulus_bits(bits) >= server.level.bits().max(80);
            if enough {
                Ok(bits)
            } else {
                Err(Failure::DhTooShort)
            }
        }
        DhParameters::None => Err(Failure::Suite),
        DhParameters::Automatic => {
            // `ssl_get_auto_dh` measures the prime by what it protects: the server's key, or
            // without one the cipher's key.
            let strength = if suite.authentication == Authentication::Anonymous {
                if suite.encryption.bits() == 256 {
                    128
                } else {
                    80
                }
            } else {
                server.keys.get(key).map_or(80, |key| key.kind.bits())
            };
            Ok(match strength.max(server.level.bits()) {
                // The steps of `ssl_get_auto_dh`; the level counts too, so that level 3 uses 3072
                // bits even with an RSA key of 2048.
                192.. => 8192,
                152..192 => 4096,
                128..152 => 3072,
                112..128 => 2048,
                _ => 1024,
            })
        }
    }
}

/// Bits of security of an RSA modulus or a Diffie-Hellman prime, as OpenSSL
/// 3.0 rounds them (crypto/rsa/rsa_lib.c, `ossl_ifc_ffc_compute_security_bits`);
/// the steps were found by bisection with 3.0.19.
pub const fn modulus_bits(bits: u32) -> u32 {
    match bits {
        0..920 => 56,
        920..1963 => 80,
        1963..2672 => 112,
        2672..4096 => 128,
        4096..7680 => 152,
        7680..15360 => 192,
        _ => 256,
    }
}

impl KeyKind {
    /// The same for another OpenSSL: before 3.0 a modulus counts by whole steps
    /// (crypto/bn/bn_lib.c, `BN_security_bits`).
    pub(super) fn bits_in(self, library: Library) -> u32 {
        match self {
            Self::Rsa(bits) | Self::RsaPss(bits) | Self::Dsa(bits)
                if library < Library::OpenSsl3 =>
            {
                match bits {
                    0..1024 => 0,
                    1024..2048 => 80,
                    2048..3072 => 112,
                    3072..7680 => 128,
                    7680..15360 => 192,
                    _ => 256,
                }
            }
            _ => self.bits(),
        }
    }

    /// Bits of security, as OpenSSL 3.0 counts them.
    pub fn bits(self) -> u32 {
        match self {
            Self::Rsa(bits) | Self::RsaPss(bits) | Self::Dsa(bits) => modulus_bits(bits),
            Self::Ec(curve) => curve.bits(),
            Self::Ed25519 => 128,
            Self::Ed448 => 224,
        }
    }
}
