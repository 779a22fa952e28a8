//! RSA private keys (RFC 8017 appendix A.1.2) and what must hold in them.

use super::{KeyProblem, Parts, Proof, Relation};
use crate::model::der::{self, Reader};
use crate::model::public_key::rsa_spki;
use crate::model::{KeyAlgorithm, Malformed};
use ::rsa::BigUint;
use zeroize::Zeroizing;

/// The largest modulus that OpenSSL 3.0 computes with
/// (`OPENSSL_RSA_MAX_MODULUS_BITS`, include/openssl/rsa.h). The checks cost a
/// few divisions of numbers of this size.
const MOST_BITS: u32 = 16_384;

/// The most primes that OpenSSL 3.0 reads (`RSA_MAX_PRIME_NUM`, crypto/rsa/rsa_local.h).
const MOST_PRIMES: usize = 5;

/// Without the primes, only an exponentiation can check the key, which costs the cube of the
/// length: 0.1 s at this size.
const MOST_BITS_WITHOUT_PRIMES: u32 = 4096;

/// `BN_BITS2` on the measured 64-bit machines.
const WORD_BITS: usize = 64;

struct RsaKey<'a> {
    n: &'a [u8],
    e: &'a [u8],
    d: &'a [u8],
    /// p and q, then the others of a key with more than two.
    primes: Vec<Prime<'a>>,
}

/// A prime r, d mod (r − 1), and the inverse modulo r of the product of the
/// primes before it; for the first two, qInv is with p.
struct Prime<'a> {
    r: &'a [u8],
    exponent: &'a [u8],
    coefficient: &'a [u8],
}

/// Reads an RSAPrivateKey; `identifier` is the whole AlgorithmIdentifier.
pub(super) fn read(
    body: &[u8],
    algorithm: KeyAlgorithm,
    identifier: &[u8],
) -> Result<Parts, KeyProblem> {
    let key = RsaKey::read(body)?;
    let numbers = [key.n, key.e, key.d].into_iter();
    let primes = key
        .primes
        .iter()
        .flat_map(|prime| [prime.r, prime.exponent, prime.coefficient]);
    let bits = numbers
        .chain(primes)
        .map(der::bit_length)
        .max()
        .unwrap_or(0);
    if bits > MOST_BITS {
        return Err(KeyProblem::TooLarge {
            algorithm,
            bits,
            most: MOST_BITS,
        });
    }
    Ok(Parts {
        algorithm,
        bits: Some(der::bit_length(key.n)),
        public: Some(rsa_spki(identifier, key.n, key.e)),
        proof: if key.has_no_primes() && bits > MOST_BITS_WITHOUT_PRIMES {
            Proof::NotComputable
        } else {
            match key.check() {
                Ok(()) => Proof::Derived,
                Err(relation) => Proof::Inconsistent(relation),
            }
        },
    })
}

/// Whether an RSAPrivateKey has zeros instead of its primes.
pub(super) fn lacks_primes(body: &[u8]) -> bool {
    RsaKey::read(body).is_ok_and(|key| key.has_no_primes())
}

/// Whether the private exponent of an RSAPrivateKey is not less than its modulus.
pub(super) fn has_large_exponent(body: &[u8]) -> bool {
    // Without leading zeros, the longer number is the larger one.
    RsaKey::read(body).is_ok_and(|key| (key.d.len(), key.d) >= (key.n.len(), key.n))
}

/// What OpenSSL 3.0 does when it signs with the key (`rsa_ossl_mod_exp`,
/// crypto/rsa/rsa_ossl.c): it computes with the primes, checks the result with
/// the public exponent, and if it is wrong, computes again with d alone, and does
/// not check that. Measured: 3.0.19 with 38 kinds of faults, TLS 1.2 and 1.3.
pub(super) fn openssl_signs(body: &[u8]) -> bool {
    RsaKey::read(body).is_ok_and(|key| key.openssl_signs())
}

impl<'a> RsaKey<'a> {
    fn openssl_signs(&self) -> bool {
        let number = |magnitude: &[u8]| Zeroizing::new(BigUint::from_bytes_be(magnitude));
        let (n, e) = (number(self.n), number(self.e));
        if !is_odd(self.n) || self.e.is_empty() || der::bit_length(self.n) > MOST_BITS {
            return false;
        }
        // Montgomery's form needs an odd modulus; zero and even ones are errors.
        if self.primes.iter().any(|prime| !is_odd(prime.r)) {
            return false;
        }
        let [p, q, others @ ..] = self.primes.as_slice() else {
            return false;
        };
        // Primes of equal length have a separate path (`smooth`): qInv must not
        // have more words than p, and the result is reduced.
        let smooth = others.is_empty() && der::bit_length(p.r) == der::bit_length(q.r);
        if smooth && words(p.coefficient) > words(p.r) {
            return false;
        }
        let message = Zeroizing::new(BigUint::from(0x1234_5678_u32) % &*n);
        let (r, s) = (number(p.r), number(q.r));
        let power = |prime: &Prime<'_>, modulus: &BigUint| {
            Zeroizing::new(message.modpow(&number(prime.exponent), modulus))
        };
        let (first, second) = (power(p, &r), power(q, &s));
        // second + q · (qInv · (first − second) mod p)
        let gap = Zeroizing::new(&*first + &*r - (&*second % &*r));
        let factor = Zeroizing::new(&*gap * &*number(p.coefficient) % &*r);
        let mut whole = Zeroizing::new(&*second + &*s * &*factor);
        let mut product = Zeroizing::new(&*r * &*s);
        for other in others {
            // The same for each further prime and all before it.
            let modulus = number(other.r);
            let gap = Zeroizing::new(&*power(other, &modulus) + &*modulus - (&*whole % &*modulus));
            let factor = Zeroizing::new(&*gap * &*number(other.coefficient) % &*modulus);
            whole = Zeroizing::new(&*whole + &*product * &*factor);
            product = Zeroizing::new(&*product * &*modulus);
        }
        let joined = Zeroizing::new(&*whole % &*n);
        if joined.modpow(&e, &n) == *message {
            // A right result is not reduced, and must not be longer than n.
            return smooth || product.bits() <= words(self.n) * WORD_BITS;
        }
        let alone = Zeroizing::new(message.modpow(&number(self.d), &n));
        alone.modpow(&e, &n) == *message
    }

    fn read(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut outer = Reader::new(body, "RSAPrivateKey");
        let mut fields = outer.sequence("the outer SEQUENCE")?;
        outer.end()?;
        let version = fields.int32("the version")?;
        let (n, e, d) = (
            fields.magnitude("the modulus")?,
            fields.magnitude("the public exponent")?,
            fields.magnitude("the private exponent")?,
        );
        let (p, q) = (fields.magnitude("prime p")?, fields.magnitude("prime q")?);
        let (dp, dq) = (fields.magnitude("dP")?, fields.magnitude("dQ")?);
        let q_inverse = fields.magnitude("qInv")?;
        let mut primes = vec![
            Prime {
                r: p,
                exponent: dp,
                coefficient: q_inverse,
            },
            Prime {
                r: q,
                exponent: dq,
                coefficient: &[],
            },
        ];
        if version == 1 {
            let mut others = fields.sequence("the other primes")?;
            while !others.is_empty() {
                if primes.len() == MOST_PRIMES {
                    return Err(fields.error(format!("more than {MOST_PRIMES} primes")));
                }
                let mut other = others.sequence("another prime")?;
                primes.push(Prime {
                    r: other.magnitude("a prime")?,
                    exponent: other.magnitude("a prime's exponent")?,
                    coefficient: other.magnitude("a prime's coefficient")?,
                });
                other.end()?;
            }
        }
        fields.end()?;
        Ok(Self { n, e, d, primes })
    }

    /// Whether only n, e and d are given. OpenSSL 3.0.19 and Python's ssl load
    /// such a key (measured).
    fn has_no_primes(&self) -> bool {
        self.primes.iter().all(|prime| {
            prime.r.is_empty() && prime.exponent.is_empty() && prime.coefficient.is_empty()
        })
    }

    /// The first relation that does not hold. The primes are not tested for primality: no one can
    /// write someone else's modulus as a product without having factored it.
    fn check(&self) -> Result<(), Relation> {
        let one = BigUint::from(1_u8);
        let number = |magnitude| Zeroizing::new(BigUint::from_bytes_be(magnitude));
        let (n, e, d) = (number(self.n), number(self.e), number(self.d));
        require(is_odd(self.n), Relation::RsaModulusOdd)?;
        require(
            is_odd(self.e) && *e > one && *e < *n,
            Relation::RsaExponentRange,
        )?;
        // RFC 8017 section 3.2 also requires d < n; a congruent d computes the
        // same, and most programs accept it: see `has_large_exponent`.
        require(!self.d.is_empty(), Relation::RsaPrivateExponentRange)?;
        if self.has_no_primes() {
            // 2^(e·d) ≡ 2 (mod n), where 2^e comes first because e is short.
            let two = BigUint::from(2_u8);
            let back = two.modpow(&e, &n).modpow(&d, &n);
            return require(back == two, Relation::RsaExponents);
        }
        let primes: Vec<_> = self.primes.iter().map(|prime| number(prime.r)).collect();
        for (prime, r) in self.primes.iter().zip(&primes) {
            require(is_odd(prime.r) && **r > one, Relation::RsaPrimeRange)?;
        }
        let mut product = Zeroizing::new(one.clone());
        for r in &primes {
            product = Zeroizing::new(&*product * &**r);
        }
        require(*product == *n, Relation::RsaProduct)?;
        for (prime, r) in self.primes.iter().zip(&primes) {
            let order = Zeroizing::new(&**r - &one);
            let residue = Zeroizing::new(&*d % &*order);
            // e·d ≡ 1 needs only the residue of d: half as long a product.
            let product = Zeroizing::new(&*e * &*residue);
            let unit = Zeroizing::new(&*product % &*order);
            require(*unit == one, Relation::RsaExponents)?;
            require(
                *residue == *number(prime.exponent),
                Relation::RsaCrtExponent,
            )?;
        }
        self.check_coefficients(&primes)
    }

    /// q · qInv ≡ 1 (mod p); for further primes, the product of all before it.
    fn check_coefficients(&self, primes: &[Zeroizing<BigUint>]) -> Result<(), Relation> {
        let one = BigUint::from(1_u8);
        let mut before: Option<Zeroizing<BigUint>> = None;
        for (index, (prime, r)) in self.primes.iter().zip(primes).enumerate() {
            let coefficient = Zeroizing::new(BigUint::from_bytes_be(prime.coefficient));
            let other = match index {
                0 => primes.get(1),
                1 => None,
                _ => before.as_ref(),
            };
            if let Some(other) = other {
                let product = Zeroizing::new(&**other * &*coefficient);
                let unit = Zeroizing::new(&*product % &**r);
                require(
                    *unit == one && *coefficient < **r,
                    Relation::RsaCrtCoefficient,
                )?;
            }
            before = Some(match before {
                None => Zeroizing::new((**r).clone()),
                Some(product) => Zeroizing::new(&*product * &**r),
            });
        }
        Ok(())
    }
}

/// How many of OpenSSL's words (`BN_ULONG`) a number takes.
const fn words(magnitude: &[u8]) -> usize {
    magnitude.len().div_ceil(WORD_BITS / 8)
}

pub(super) fn require(holds: bool, relation: Relation) -> Result<(), Relation> {
    if holds { Ok(()) } else { Err(relation) }
}

fn is_odd(magnitude: &[u8]) -> bool {
    magnitude.last().is_some_and(|last| last & 1 == 1)
}
