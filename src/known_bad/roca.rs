//! The fingerprint of the keys that Infineon's library made (ROCA).
//!
//! Its primes are k·M + (65537^a mod M), where M is the product of at least the first 39 primes
//! (Nemec and others, "The Return of Coppersmith's Attack", ACM
//! CCS 2017, 2.1). So the modulus is a power of 65537 modulo M: modulo each small
//! prime it has a logarithm to that base, and the logarithms are those of one
//! exponent. A random modulus passes with a probability of about 2^-155.

use super::numbers::modulo;

/// The odd ones of the first 39 primes.
const PRIMES: [u64; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// The logarithm of `number` to the base 65537 modulo `prime`, and the order of
/// that base.
fn logarithm(number: u64, prime: u64) -> Option<(u64, u64)> {
    let base = 65_537 % prime;
    let (mut power, mut order, mut found) = (1, 0, None);
    loop {
        // The first power that matches is the logarithm. The loop goes on to the order of the
        // base, within which the logarithm is determined.
        if power == number {
            found = found.or(Some(order));
        }
        power = power * base % prime;
        order += 1;
        if power == 1 || order > prime {
            return found.map(|logarithm| (logarithm, order));
        }
    }
}

const fn common(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Whether that library made the modulus.
pub(super) fn has_fingerprint(modulus: &[u8]) -> bool {
    let mut known: Vec<(u64, u64)> = Vec::with_capacity(PRIMES.len());
    for prime in PRIMES {
        let Some((logarithm, order)) = logarithm(modulo(modulus, prime), prime) else {
            return false;
        };
        // Chinese remainder theorem: congruences that agree pairwise have a common solution.
        let agrees = |&(other, its_order): &(u64, u64)| {
            let both = common(order, its_order);
            logarithm % both == other % both
        };
        if !known.iter().all(agrees) {
            return false;
        }
        known.push((logarithm, order));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::rsa::BigUint;

    /// A number k·M + (65537^a mod M), as the library's primes are.
    fn number(k: u64, a: u32) -> BigUint {
        let odd: BigUint = PRIMES.iter().map(|prime| BigUint::from(*prime)).product();
        let m = odd * BigUint::from(2_u8);
        let power = BigUint::from(65_537_u32).modpow(&BigUint::from(a), &m);
        BigUint::from(k) * m + power
    }

    #[test]
    fn only_powers_have_it() {
        let product = number(123_456_789, 1_234_567) * number(987_654_321, 7_654_321);
        assert!(has_fingerprint(&product.to_bytes_be()));
        let mut others = 0;
        for step in 1..1_000_u32 {
            let other = &product + BigUint::from(2 * step);
            others += u32::from(has_fingerprint(&other.to_bytes_be()));
        }
        assert_eq!(others, 0);
    }
}
