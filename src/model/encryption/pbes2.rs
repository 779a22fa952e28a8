//! PBES2 (RFC 8018 section 6.2) with PBKDF2 or scrypt.

use super::scheme::check_iterations;
use super::{Encryption, Refusal, names};
use crate::model::Malformed;
use crate::model::der::{self, Reader};
use pkcs5::pbes2::{EncryptionScheme, Kdf, Parameters, Pbkdf2Params, Pbkdf2Prf, ScryptParams};
use zeroize::Zeroizing;

pub(super) const AES_128_CBC: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x02];
pub(super) const AES_192_CBC: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x16];
pub(super) const AES_256_CBC: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a];
pub(super) const DES_EDE3_CBC: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07];
pub(super) const DES_CBC: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x07];

pub(super) const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
const SCRYPT: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b];

/// What OpenSSL 3.0 lets scrypt use: `SCRYPT_MAX_MEM`, crypto/evp/pbe_scrypt.c.
const OPENSSL_SCRYPT_MEMORY: u64 = 32 << 20;

/// N·r·p that we compute: 256 MiB at p = 1, twice the N = 2^17, r = 8 that the
/// scrypt crate recommends; less than two seconds.
const MOST_SCRYPT_WORK: u64 = 1 << 21;

/// PBES2 with its parameters.
#[derive(Debug)]
pub(super) struct Pbes2<'a> {
    /// Nothing if one of the parts is unknown here.
    parameters: Option<Parameters<'a>>,
    cost: Cost,
}

#[derive(Debug)]
enum Cost {
    Iterations(u64),
    Scrypt { n: u64, r: u64, p: u64 },
    Unknown,
}

impl<'a> Pbes2<'a> {
    pub(super) fn read(parameters: Option<&'a [u8]>) -> Result<(Self, Encryption), Malformed> {
        let mut outer = Reader::new(parameters.unwrap_or_default(), "PBES2-params");
        let mut fields = outer.sequence("the parameters")?;
        let mut derivation = fields.sequence("the key derivation")?;
        let derivation_oid = derivation.oid("the key derivation's name")?;
        let (kdf, cost, kdf_words) = match derivation_oid {
            PBKDF2 => read_pbkdf2(&mut derivation)?,
            SCRYPT => read_scrypt(&mut derivation)?,
            other => (
                None,
                Cost::Unknown,
                format!("key derivation {}", der::dotted(other)),
            ),
        };
        let mut cipher = fields.sequence("the encryption scheme")?;
        fields.end()?;
        let cipher_oid = cipher.oid("the cipher")?;
        let named = names::cipher(cipher_oid);
        let scheme = read_cipher(cipher_oid, &mut cipher)?;
        let encryption = Encryption {
            scheme: format!("PBES2 ({kdf_words}; {})", named.name),
            openssl3_loads: named.openssl3 && cost.openssl3_loads(),
            outdated: named.outdated,
        };
        let parameters = kdf
            .zip(scheme)
            .map(|(kdf, encryption)| Parameters { kdf, encryption });
        Ok((Self { parameters, cost }, encryption))
    }

    pub(super) fn decrypt(
        &self,
        passphrase: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let parameters = self.parameters.as_ref().ok_or(Refusal::NotDecryptable)?;
        self.cost.check()?;
        let block = match parameters.encryption {
            EncryptionScheme::DesEde3Cbc { .. } | EncryptionScheme::DesCbc { .. } => 8,
            _ => 16,
        };
        if ciphertext.is_empty() || !ciphertext.len().is_multiple_of(block) {
            return Err(Refusal::Malformed(Malformed::new(
                "encrypted key",
                "not a whole number of the cipher's blocks",
            )));
        }
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        let length = match parameters.decrypt_in_place(passphrase, &mut buffer) {
            Ok(plain) => plain.len(),
            Err(pkcs5::Error::EncryptFailed) => return Err(Refusal::WrongPassphrase),
            Err(_) => {
                return Err(Refusal::Malformed(Malformed::new(
                    "PBES2-params",
                    "a key length or cost that contradicts the rest",
                )));
            }
        };
        buffer.truncate(length);
        Ok(buffer)
    }
}

impl Cost {
    fn openssl3_loads(&self) -> bool {
        match self {
            Self::Iterations(_) => true,
            // The test of providers/implementations/kdfs/scrypt.c, OpenSSL 3.0.
            Self::Scrypt { n, r, p } => {
                let blocks = p.saturating_mul(128).saturating_mul(*r);
                let table = n.saturating_add(2).saturating_mul(128).saturating_mul(*r);
                blocks.saturating_add(table) <= OPENSSL_SCRYPT_MEMORY
            }
            Self::Unknown => false,
        }
    }

    fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Iterations(count) => check_iterations(*count),
            Self::Scrypt { n, r, p } => {
                let work = n.saturating_mul(*r).saturating_mul(*p);
                if work > MOST_SCRYPT_WORK {
                    return Err(Refusal::TooCostly(format!(
                        "scrypt with N·r·p = {work}; at most {MOST_SCRYPT_WORK} is computed"
                    )));
                }
                if *n < 2 || !n.is_power_of_two() || *r == 0 || *p == 0 {
                    return Err(Refusal::Malformed(Malformed::new(
                        "scrypt-params",
                        "N is not a power of two, or r or p is zero",
                    )));
                }
                Ok(())
            }
            Self::Unknown => Err(Refusal::NotDecryptable),
        }
    }
}

type Derivation<'a> = (Option<Kdf<'a>>, Cost, String);

fn read_pbkdf2<'a>(derivation: &mut Reader<'a>) -> Result<Derivation<'a>, Malformed> {
    let mut fields = derivation.sequence("PBKDF2-params")?;
    // The other CHOICE, otherSource, has never been used.
    let salt = fields.octets("the salt")?;
    let iterations = fields.small("the iteration count")?;
    let key_length = match fields.peek() {
        Some(der::INTEGER) => Some(fields.small("the key length")?),
        _ => None,
    };
    let (prf, prf_name) = if fields.is_empty() {
        (Some(Pbkdf2Prf::HmacWithSha1), "hmacWithSHA1".to_owned())
    } else {
        let mut algorithm = fields.sequence("the pseudo-random function")?;
        read_prf(algorithm.oid("the pseudo-random function")?)
    };
    fields.end()?;
    let words = format!("PBKDF2 with {prf_name}, {iterations} iterations");
    let kdf = prf
        .zip(u32::try_from(iterations).ok())
        .zip(short(key_length))
        .map(|((prf, iteration_count), key_length)| {
            Kdf::Pbkdf2(Pbkdf2Params {
                salt,
                iteration_count,
                key_length,
                prf,
            })
        });
    Ok((kdf, Cost::Iterations(iterations), words))
}

fn read_scrypt<'a>(derivation: &mut Reader<'a>) -> Result<Derivation<'a>, Malformed> {
    let mut fields = derivation.sequence("scrypt-params")?;
    let salt = fields.octets("the salt")?;
    let n = fields.small("N")?;
    let r = fields.small("r")?;
    let p = fields.small("p")?;
    let key_length = if fields.is_empty() {
        None
    } else {
        Some(fields.small("the key length")?)
    };
    fields.end()?;
    let kdf = u16::try_from(r)
        .ok()
        .zip(u16::try_from(p).ok())
        .zip(short(key_length))
        .map(|((block_size, parallelization), key_length)| {
            Kdf::Scrypt(ScryptParams {
                salt,
                cost_parameter: n,
                block_size,
                parallelization,
                key_length,
            })
        });
    let words = format!("scrypt with N={n}, r={r}, p={p}");
    Ok((kdf, Cost::Scrypt { n, r, p }, words))
}

/// The key length that pkcs5 takes; the outer option is whether it fits.
fn short(key_length: Option<u64>) -> Option<Option<u16>> {
    key_length.map(u16::try_from).transpose().ok()
}

fn read_prf(identifier: &[u8]) -> (Option<Pbkdf2Prf>, String) {
    let (prf, name) = match identifier {
        // rsadsi digestAlgorithm (1.2.840.113549.2).
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, last] => match last {
            7 => (Some(Pbkdf2Prf::HmacWithSha1), "hmacWithSHA1"),
            8 => (Some(Pbkdf2Prf::HmacWithSha224), "hmacWithSHA224"),
            9 => (Some(Pbkdf2Prf::HmacWithSha256), "hmacWithSHA256"),
            10 => (Some(Pbkdf2Prf::HmacWithSha384), "hmacWithSHA384"),
            11 => (Some(Pbkdf2Prf::HmacWithSha512), "hmacWithSHA512"),
            6 => (None, "hmacWithMD5"),
            12 => (None, "hmacWithSHA512-224"),
            13 => (None, "hmacWithSHA512-256"),
            _ => return (None, der::dotted(identifier)),
        },
        _ => return (None, der::dotted(identifier)),
    };
    (prf, name.to_owned())
}

fn read_cipher<'a>(
    identifier: &[u8],
    fields: &mut Reader<'a>,
) -> Result<Option<EncryptionScheme<'a>>, Malformed> {
    if ![AES_128_CBC, AES_192_CBC, AES_256_CBC, DES_EDE3_CBC, DES_CBC].contains(&identifier) {
        return Ok(None);
    }
    let iv = fields.octets("the initialisation vector")?;
    let scheme = match identifier {
        AES_128_CBC => iv
            .try_into()
            .ok()
            .map(|iv| EncryptionScheme::Aes128Cbc { iv }),
        AES_192_CBC => iv
            .try_into()
            .ok()
            .map(|iv| EncryptionScheme::Aes192Cbc { iv }),
        AES_256_CBC => iv
            .try_into()
            .ok()
            .map(|iv| EncryptionScheme::Aes256Cbc { iv }),
        DES_EDE3_CBC => iv
            .try_into()
            .ok()
            .map(|iv| EncryptionScheme::DesEde3Cbc { iv }),
        _ => iv.try_into().ok().map(|iv| EncryptionScheme::DesCbc { iv }),
    };
    match scheme {
        Some(scheme) => Ok(Some(scheme)),
        None => Err(fields.error("an initialisation vector that has not a block's length")),
    }
}
