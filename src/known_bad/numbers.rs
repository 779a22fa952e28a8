//! What the numbers of one RSA key give away.

use super::Weakness;
use super::limbs::{Odd, limbs};
use ::rsa::BigUint;
use std::sync::OnceLock;

/// Trial division goes up to 65537, which a faulty program uses as a prime of the key instead of
/// its exponent.
const LIMIT: usize = (1 << 16) + 2;
/// Primes below it are tried one after the other; those above, multiplied into one number, by a
/// greatest common divisor.
const SMALL: u64 = 256;
/// Steps of Fermat's method: the primes may differ by 28 times the fourth root
/// of the modulus. It would find one random key in 2^500.
const STEPS: u32 = 100;

/// `number` modulo `by`, big-endian. `by` is below 2^32.
pub(super) fn modulo(number: &[u8], by: u64) -> u64 {
    let head = number.len() % 4;
    let (first, rest) = number.split_at(head);
    let start = first
        .iter()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let words = rest.chunks_exact(4);
    words.fold(start % by, |sum, word| {
        let word = word.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        (sum << 32 | word) % by
    })
}

/// The primes below [`LIMIT`], by Eratosthenes' sieve.
fn primes() -> &'static [u64] {
    static PRIMES: OnceLock<Vec<u64>> = OnceLock::new();
    PRIMES.get_or_init(|| {
        let mut composite = vec![false; LIMIT];
        let mut found = Vec::with_capacity(6_543);
        for number in 2..LIMIT {
            if composite.get(number) == Some(&true) {
                continue;
            }
            found.extend(u64::try_from(number));
            let multiples = (number.saturating_mul(number)..LIMIT).step_by(number);
            for multiple in multiples {
                if let Some(it) = composite.get_mut(multiple) {
                    *it = true;
                }
            }
        }
        found
    })
}

/// The product of the primes from [`SMALL`] on.
fn product() -> &'static [u64] {
    static PRODUCT: OnceLock<Vec<u64>> = OnceLock::new();
    PRODUCT.get_or_init(|| {
        let large = primes().iter().filter(|prime| **prime >= SMALL);
        let mut level: Vec<_> = large.map(|prime| BigUint::from(*prime)).collect();
        while level.len() > 1 {
            let pairs = level.chunks(2);
            level = pairs.map(|pair| pair.iter().product()).collect();
        }
        limbs(&level.pop().unwrap_or_default())
    })
}

/// The least factor below [`LIMIT`].
pub(super) fn small_factor(modulus: &[u8], odd: &Odd) -> Option<Weakness> {
    let divides = |prime: &&u64| modulo(modulus, **prime) == 0;
    let mut small = primes().iter().take_while(|prime| **prime < SMALL);
    let factor = small.find(divides).or_else(|| {
        let has_one = odd.shares_with(&odd.rest_of(product()));
        // The product only tells that there is a factor. Finding it costs 6,500 divisions, and is
        // done only for broken keys.
        has_one.then(|| primes().iter().find(divides))?
    })?;
    Some(Weakness::SmallFactor { factor: *factor })
}

/// Most numbers that are not squares are not squares modulo one of these either: 2 in 10,000 pass.
const SQUARES: [u64; 8] = [64, 63, 65, 11, 17, 19, 23, 31];

/// Fermat's method: n = a² − b² where a is little more than √n.
pub(super) fn close_primes(number: &BigUint) -> Option<Weakness> {
    let mut root = number.sqrt();
    // Rounded up, so that a² − n is never negative.
    if &root * &root < *number {
        root += BigUint::from(1_u8);
    }
    let rest = &root * &root - number;
    // The residues modulo the product of all eight fit into 64 bits, and give those modulo each of
    // them.
    let by = SQUARES.iter().product();
    let (small_rest, small_root) = (remainder(&rest, by), remainder(&root, by));
    let squares = SQUARES.map(|by| {
        (
            by,
            (0..by).fold(0_u128, |set, root| set | 1 << (root * root % by)),
        )
    });
    (0..STEPS).find_map(|step| {
        // (a + k)² − n = a² − n + 2ak + k²
        let k = u64::from(step);
        let small = (small_rest + 2 * k * small_root + k * k) % by;
        let may_be = squares
            .iter()
            .all(|(by, squares)| squares >> (small % by) & 1 == 1);
        let is_square = || {
            let k = BigUint::from(k);
            let rest = &rest + BigUint::from(2_u8) * &k * &root + &k * &k;
            let root = rest.sqrt();
            &root * &root == rest
        };
        (may_be && is_square()).then_some(Weakness::ClosePrimes { steps: step })
    })
}

/// `number` modulo `by`, which is below 2^64.
fn remainder(number: &BigUint, by: u64) -> u64 {
    let rest = (number % BigUint::from(by)).to_bytes_be();
    rest.iter()
        .fold(0, |rest, byte| rest << 8 | u64::from(*byte))
}

/// A public exponent with which no signature can be made, or with which anyone can.
pub(super) fn exponent(exponent: &[u8]) -> Option<Weakness> {
    let reason = match exponent {
        [] | [0] => "its public exponent is 0",
        [1] => "its public exponent is 1: every message is its own signature",
        [.., last] if last & 1 == 0 => {
            "its public exponent is even, so there is no private exponent"
        }
        _ => return None,
    };
    Some(Weakness::Exponent { reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_6543_primes() {
        assert_eq!(primes().len(), 6_543);
        assert_eq!(primes().last(), Some(&65_537));
    }

    #[test]
    fn remainders() {
        let number = [0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x11];
        let value = number
            .iter()
            .fold(0_u128, |sum, byte| sum << 8 | u128::from(*byte));
        let number = BigUint::from_bytes_be(&number);
        for by in [2, 3, 167, 65_521, 4_294_967_291] {
            let expected = value % u128::from(by);
            assert_eq!(u128::from(modulo(&number.to_bytes_be(), by)), expected);
            assert_eq!(u128::from(remainder(&number, by)), expected);
        }
    }

    /// Numbers that mean large primes: only their sizes and distance matter.
    fn product(distance: u64) -> BigUint {
        let p = BigUint::from(1_u8) << 512_usize | BigUint::from(0x1234_5678_9abc_def1_u64);
        &p * (&p + BigUint::from(distance))
    }

    #[test]
    fn primes_that_are_close() {
        for distance in [0, 2, 1 << 20, u64::MAX - 1] {
            let found = close_primes(&product(distance));
            assert!(
                matches!(found, Some(Weakness::ClosePrimes { .. })),
                "{distance}"
            );
        }
        // Random primes of the same size lie far apart.
        let far = BigUint::from(1_u8) << 512_usize | BigUint::from(3_u8);
        let other = (BigUint::from(1_u8) << 512_usize) + (BigUint::from(1_u8) << 500_usize);
        assert_eq!(close_primes(&(far * (other + BigUint::from(7_u8)))), None);
    }

    #[test]
    fn every_step_is_made() {
        for m in 1..18_u32 {
            // n = a² − b², found from √n on in b² / 2√n = m² / 2 steps.
            let a = (BigUint::from(1_u8) << 512_usize) + BigUint::from(12_345_u32);
            let b = BigUint::from(m) << 256_usize;
            let found = close_primes(&(&a * &a - &b * &b));
            let expected = (m * m - 1) / 2;
            match found {
                Some(Weakness::ClosePrimes { steps }) => assert_eq!(steps, expected),
                _ => assert!(expected >= STEPS, "{m}"),
            }
        }
    }

    #[test]
    fn factors() {
        let large = (BigUint::from(1_u8) << 300_usize) + BigUint::from(157_u8);
        for factor in [3_u64, 251, 257, 65_521, 65_537] {
            let number = &large * BigUint::from(factor);
            let odd = Odd::new(&number).unwrap();
            let found = small_factor(&number.to_bytes_be(), &odd);
            assert!(
                matches!(found, Some(Weakness::SmallFactor { factor: least }) if least <= factor),
                "{factor}"
            );
        }
    }
}
