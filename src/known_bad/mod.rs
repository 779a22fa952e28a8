//! Is a key known to be bad, independent of its certificate?
//!
//! Tests of the numbers of an RSA key that need no secret: what a small factor,
//! two primes that lie close together, the fingerprint of Infineon's library
//! (ROCA) or a prime that two keys share gives away, anyone can compute. In addition, lists of
//! known keys: published ones, and a blocklist. The work
//! is bounded for each key (16,384 bits at most) and for all of them together.

mod blocklist;
mod limbs;
mod numbers;
mod published;
mod roca;
mod shared;

pub use blocklist::{Blocklist, InvalidBlocklist};

use crate::model::PublicKey;
use ::rsa::BigUint;
use limbs::Odd;
use std::collections::HashSet;
use std::fmt;

/// The largest modulus that is checked: OpenSSL's OPENSSL_RSA_MAX_MODULUS_BITS.
const MOST_BITS: u32 = 16_384;

/// Why a key must not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Weakness {
    /// The fingerprint of Infineon's RSA library (CVE-2017-15361).
    Roca,
    /// Fermat's method finds the primes (CVE-2022-26320).
    ClosePrimes {
        /// The steps that it took.
        steps: u32,
    },
    /// The modulus has a factor that trial division finds.
    SmallFactor {
        /// The least such factor.
        factor: u64,
    },
    /// Another of the keys has one of its primes.
    SharedPrime {
        /// The place of that key among the keys.
        with: usize,
    },
    /// The public exponent makes the key useless.
    Exponent {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The given blocklist contains it.
    Blocklisted,
    /// Its private key is published.
    Published {
        /// Where it is published.
        by: &'static str,
    },
}

impl Weakness {
    /// One word for it, as in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Roca => "roca",
            Self::ClosePrimes { .. } => "close-primes",
            Self::SmallFactor { .. } => "small-factor",
            Self::SharedPrime { .. } => "shared-prime",
            Self::Exponent { .. } => "public-exponent",
            Self::Blocklisted => "blocklisted",
            Self::Published { .. } => "published",
        }
    }
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Roca => f.write_str(
                "its modulus has the fingerprint of Infineon's RSA library (ROCA, CVE-2017-15361)",
            ),
            Self::ClosePrimes { .. } => f.write_str(
                "its two primes are so close together that Fermat's method finds them (CVE-2022-26320)",
            ),
            Self::SmallFactor { factor } => write!(f, "its modulus is divisible by {factor}"),
            Self::SharedPrime { .. } => f.write_str("another given key has one of its primes"),
            Self::Exponent { reason } => f.write_str(reason),
            Self::Blocklisted => f.write_str("it is on the blocklist"),
            Self::Published { by } => write!(f, "its private key is published in {by}"),
        }
    }
}

/// What is wrong with one key, and what is compared with other keys.
pub struct Alone {
    weaknesses: Vec<Weakness>,
    modulus: Option<(Odd, u32)>,
}

/// Tests one key by itself.
pub fn alone(key: &PublicKey<'_>, blocklist: Option<&Blocklist>) -> Alone {
    let mut weaknesses: Vec<_> = published::place(key)
        .map(|by| Weakness::Published { by })
        .into_iter()
        .collect();
    let (Some(modulus), Some(exponent)) = (key.rsa_modulus(), key.rsa_exponent()) else {
        return Alone {
            weaknesses,
            modulus: None,
        };
    };
    if blocklist.is_some_and(|list| list.has(modulus)) {
        weaknesses.push(Weakness::Blocklisted);
    }
    weaknesses.extend(numbers::exponent(exponent));
    let bits = key.bits().unwrap_or(0);
    let mut compared = None;
    if (64..=MOST_BITS).contains(&bits) {
        let number = BigUint::from_bytes_be(modulus);
        if let Some(odd) = Odd::new(&number) {
            // The first that holds says enough: the key is broken.
            let weakness = numbers::small_factor(modulus, &odd)
                .or_else(|| roca::has_fingerprint(modulus).then_some(Weakness::Roca))
                // Fermat's method costs the most, so only keys that passed the cheaper tests get to
                // it.
                .or_else(|| numbers::close_primes(&number));
            // Keys that have a small factor would all share it.
            let is_factored = matches!(weakness, Some(Weakness::SmallFactor { .. }));
            compared = (!is_factored).then_some((odd, bits));
            weaknesses.extend(weakness);
        } else {
            weaknesses.push(Weakness::SmallFactor { factor: 2 });
        }
    }
    Alone {
        weaknesses,
        modulus: compared,
    }
}

/// Tests keys one after another; each is compared with those before it.
#[derive(Default)]
pub struct Judge<'b> {
    blocklist: Option<&'b Blocklist>,
    moduli: shared::Moduli,
    keys: usize,
    shared: HashSet<usize>,
}

impl<'b> Judge<'b> {
    /// Keys on the list count as known, too.
    pub fn new(blocklist: Option<&'b Blocklist>) -> Self {
        Self {
            blocklist,
            ..Self::default()
        }
    }

    /// What is wrong with the next key, by its place among the keys (the first is 0), and with an
    /// earlier one, if they share a prime.
    pub fn next(&mut self, key: &PublicKey<'_>) -> Vec<(usize, Weakness)> {
        self.compare(alone(key, self.blocklist))
    }

    /// The same for a key that was already tested by itself.
    pub fn compare(&mut self, key: Alone) -> Vec<(usize, Weakness)> {
        let place = self.keys;
        self.keys += 1;
        let weaknesses = key.weaknesses.into_iter();
        let mut found: Vec<_> = weaknesses.map(|weakness| (place, weakness)).collect();
        let Some((odd, bits)) = key.modulus else {
            return found;
        };
        if let Some(other) = self.moduli.add(place, &odd, bits) {
            // Both keys are broken by one common prime. Each is reported once, however many keys
            // share it.
            for (place, with) in [(other, place), (place, other)] {
                if self.shared.insert(place) {
                    found.push((place, Weakness::SharedPrime { with }));
                }
            }
        }
        found
    }

    /// How many RSA keys were compared with one another for shared primes, and how many were not:
    /// the limit is 2,097,152 bits, as in 1,024 keys of 2,048.
    pub const fn compared(&self) -> (usize, usize) {
        (self.moduli.compared, self.moduli.missed)
    }
}

/// What is wrong with each of the keys, by its place.
///
/// ```
/// use certcheck::known_bad::judge;
/// assert!(judge(&[], None).is_empty());
/// ```
pub fn judge(keys: &[PublicKey<'_>], blocklist: Option<&Blocklist>) -> Vec<(usize, Weakness)> {
    let mut judge = Judge::new(blocklist);
    keys.iter().flat_map(|key| judge.next(key)).collect()
}
