//! How PBES2 and PBMAC1 derive a key from a passphrase: PBKDF2 (RFC 8018 section 5.2) and scrypt
//! (RFC 7914).

use super::hash::Hash;
use super::iterations::check_iterations;
use super::{Refusal, Work};
use crate::model::Malformed;
use crate::model::der::{self, Reader};
use zeroize::Zeroizing;

const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
const SCRYPT: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b];

/// The memory that OpenSSL 3.0 allows scrypt: `SCRYPT_MAX_MEM`, crypto/evp/pbe_scrypt.c.
const OPENSSL_SCRYPT_MEMORY: u64 = 32 << 20;

/// The largest N·r·p that certcheck computes: 256 MiB at p = 1, twice the N = 2^17, r = 8 that the
/// scrypt crate recommends; less than two seconds.
const MOST_SCRYPT_WORK: u64 = 1 << 21;

/// A derivation with its parameters.
#[derive(Debug)]
pub(crate) struct Derivation<'a> {
    function: Function<'a>,
    /// The length of the key, if the parameters give it.
    key_length: Option<u64>,
    words: String,
}

#[derive(Debug)]
enum Function<'a> {
    Pbkdf2 {
        salt: &'a [u8],
        iterations: u64,
        /// `None` if the pseudo-random function is unknown.
        prf: Option<Hash>,
    },
    Scrypt {
        salt: &'a [u8],
        n: u64,
        r: u64,
        p: u64,
    },
    Unknown,
}

impl<'a> Derivation<'a> {
    /// Reads the content of an AlgorithmIdentifier.
    pub(crate) fn read(identifier: &mut Reader<'a>) -> Result<Self, Malformed> {
        match identifier.oid("the key derivation's name")? {
            PBKDF2 => read_pbkdf2(identifier),
            SCRYPT => read_scrypt(identifier),
            other => Ok(Self {
                function: Function::Unknown,
                key_length: None,
                words: format!("key derivation {}", der::dotted(other)),
            }),
        }
    }

    /// `PBKDF2 with hmacWithSHA256, 2048 iterations`.
    pub(crate) fn words(&self) -> &str {
        &self.words
    }

    /// The length of the key, if the parameters give it.
    pub(crate) const fn key_length(&self) -> Option<u64> {
        self.key_length
    }

    pub(super) fn openssl3_loads(&self) -> bool {
        match self.function {
            Function::Pbkdf2 { .. } => true,
            // The check from OpenSSL 3.0, providers/implementations/kdfs/scrypt.c.
            Function::Scrypt { n, r, p, .. } => {
                let blocks = p.saturating_mul(128).saturating_mul(r);
                let table = n.saturating_add(2).saturating_mul(128).saturating_mul(r);
                blocks.saturating_add(table) <= OPENSSL_SCRYPT_MEMORY
            }
            Function::Unknown => false,
        }
    }

    pub(super) const fn work(&self) -> Work {
        match self.function {
            Function::Pbkdf2 { iterations, .. } => Work::iterations(iterations),
            Function::Scrypt { n, r, p, .. } => Work::scrypt(n.saturating_mul(r).saturating_mul(p)),
            Function::Unknown => Work::NONE,
        }
    }

    /// A key of `length` bytes, unless it would cost too much.
    pub(crate) fn derive(
        &self,
        passphrase: &[u8],
        length: usize,
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        if self
            .key_length
            // RFC 8018 appendix A.2: keyLength is optional, but if present it must agree with the
            // cipher: OpenSSL refuses any other (`PKCS5_v2_PBKDF2_keyivgen_ex`).
            .is_some_and(|written| usize::try_from(written) != Ok(length))
        {
            return Err(Refusal::Malformed(Malformed::new(
                "PBES2-params",
                "a key length that is not the cipher's",
            )));
        }
        match self.function {
            Function::Pbkdf2 { prf: None, .. } | Function::Unknown => Err(Refusal::NotDecryptable),
            Function::Pbkdf2 {
                salt,
                iterations,
                prf: Some(prf),
            } => {
                check_iterations(iterations)?;
                let iterations = u32::try_from(iterations).unwrap_or(u32::MAX);
                Ok(prf.pbkdf2(passphrase, salt, iterations, length))
            }
            Function::Scrypt { salt, n, r, p } => scrypt(passphrase, salt, (n, r, p), length),
        }
    }
}

fn scrypt(
    passphrase: &[u8],
    salt: &[u8],
    (n, r, p): (u64, u64, u64),
    length: usize,
) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    // The product is scrypt's cost in time and, at p = 1, in memory. It is known before the
    // computation.
    let work = n.saturating_mul(r).saturating_mul(p);
    if work > MOST_SCRYPT_WORK {
        return Err(Refusal::TooCostly(format!(
            "scrypt with N·r·p = {work}; at most {MOST_SCRYPT_WORK} is computed"
        )));
    }
    // RFC 7914 section 2.
    if n < 2 || !n.is_power_of_two() || r == 0 || p == 0 {
        return Err(Refusal::Malformed(Malformed::new(
            "scrypt-params",
            "N is not a power of two, or r or p is zero",
        )));
    }
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let log_n = u8::try_from(n.trailing_zeros()).unwrap_or(u8::MAX);
    let contradicts = |_| {
        Refusal::Malformed(Malformed::new(
            "scrypt-params",
            "a cost that contradicts the rest (RFC 7914 section 2)",
        ))
    };
    // This length is for password hashes; the key's length is its buffer's.
    let cost = scrypt::Params::new(log_n, small(r), small(p), 32)
        .map_err(|error| contradicts(error.to_string()))?;
    let mut key = Zeroizing::new(vec![0; length]);
    scrypt::scrypt(passphrase, salt, &cost, &mut key)
        .map_err(|error| contradicts(error.to_string()))?;
    Ok(key)
}

fn read_pbkdf2<'a>(identifier: &mut Reader<'a>) -> Result<Derivation<'a>, Malformed> {
    let mut fields = identifier.sequence("PBKDF2-params")?;
    // The other CHOICE, otherSource, has never been used.
    let salt = fields.octets("the salt")?;
    let iterations = fields.small("the iteration count")?;
    let key_length = match fields.peek() {
        Some(der::INTEGER) => Some(fields.small("the key length")?),
        _ => None,
    };
    let (prf, name) = if fields.is_empty() {
        // DEFAULT algid-hmacWithSHA1 (RFC 8018 appendix A.2): old versions of OpenSSL write nothing
        // here.
        (Some(Hash::Sha1), "hmacWithSHA1".to_owned())
    } else {
        let mut algorithm = fields.sequence("the pseudo-random function")?;
        Hash::from_hmac_oid(algorithm.oid("the pseudo-random function")?)
    };
    fields.end()?;
    Ok(Derivation {
        function: Function::Pbkdf2 {
            salt,
            iterations,
            prf,
        },
        key_length,
        words: format!("PBKDF2 with {name}, {iterations} iterations"),
    })
}

fn read_scrypt<'a>(identifier: &mut Reader<'a>) -> Result<Derivation<'a>, Malformed> {
    let mut fields = identifier.sequence("scrypt-params")?;
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
    Ok(Derivation {
        function: Function::Scrypt { salt, n, r, p },
        key_length,
        words: format!("scrypt with N={n}, r={r}, p={p}"),
    })
}
