//! An odd modulus, and the remainder of a long product.
//!
//! Montgomery's reduction, limb by limb: from a product P of k limbs it leaves P / 2^64k modulo n.
//! As n is odd, that power of two changes no common divisor of n and P. It costs one walk through n
//! for each limb of P, and no division.

use ::rsa::BigUint;
use num_integer::Integer;

/// The lower half.
fn low(sum: u128) -> u64 {
    u64::try_from(sum & u128::from(u64::MAX)).unwrap_or(0)
}

/// The number in limbs of 64 bits, the least first.
pub(super) fn limbs(number: &BigUint) -> Vec<u64> {
    let word = |bytes: &[u8]| {
        let bytes = bytes.iter().rev();
        bytes.fold(0, |word, byte| word << 8 | u64::from(*byte))
    };
    number.to_bytes_le().chunks(8).map(word).collect()
}

/// The number of these limbs.
pub(super) fn number(limbs: &[u64]) -> BigUint {
    let bytes: Vec<u8> = limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
    BigUint::from_bytes_le(&bytes)
}

/// An odd modulus.
pub(super) struct Odd {
    number: BigUint,
    limbs: Vec<u64>,
    /// -1/n modulo 2^64.
    inverse: u64,
}

impl Odd {
    /// `None` for an even number.
    pub(super) fn new(number: &BigUint) -> Option<Self> {
        let limbs = limbs(number);
        let first = *limbs.first()?;
        if first & 1 == 0 {
            return None;
        }
        // Newton's iteration: each step doubles the number of correct bits, from three.
        let step =
            |inverse: u64| inverse.wrapping_mul(2_u64.wrapping_sub(first.wrapping_mul(inverse)));
        let inverse = (0..5).fold(first, |inverse, _| step(inverse));
        Some(Self {
            number: number.clone(),
            limbs,
            inverse: inverse.wrapping_neg(),
        })
    }

    pub(super) fn limbs(&self) -> &[u64] {
        &self.limbs
    }

    /// The remainder of these limbs: see above.
    pub(super) fn rest_of(&self, product: &[u64]) -> Vec<u64> {
        let mut rest = vec![0_u64; self.limbs.len()];
        for limb in product {
            let (Some(least), others) = (self.limbs.first(), self.limbs.iter().skip(1)) else {
                continue;
            };
            let mut places = rest.iter_mut();
            let Some(mut place) = places.next() else {
                continue;
            };
            let sum = u128::from(*place) + u128::from(*limb);
            let factor = low(sum).wrapping_mul(self.inverse);
            let mut carry = (sum + u128::from(factor) * u128::from(*least)) >> 64;
            // No sum is larger than 2^128 - 1, and no rest larger than n.
            for (next, digit) in places.zip(others) {
                let sum = u128::from(*next) + u128::from(factor) * u128::from(*digit) + carry;
                *place = low(sum);
                carry = sum >> 64;
                place = next;
            }
            *place = low(carry);
        }
        rest
    }

    /// Whether it has a divisor in common with a number that has this remainder.
    pub(super) fn shares_with(&self, rest: &[u64]) -> bool {
        self.number.gcd(&number(rest)) != BigUint::from(1_u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_keep_common_divisors() {
        let (p, q, r) = (
            1_000_003_u64,
            4_294_967_291_u64,
            18_446_744_073_709_551_557_u64,
        );
        let number = |factors: &[u64]| {
            factors
                .iter()
                .map(|factor| BigUint::from(*factor))
                .product()
        };
        let modulus = Odd::new(&number(&[p, q, r])).map(|modulus| (modulus.limbs.len(), modulus));
        let Some((2, modulus)) = modulus else {
            return assert_eq!(modulus.map(|modulus| modulus.0), Some(2));
        };
        for (factors, shares) in [
            (&[3_u64, 5, 7][..], false),
            (&[p][..], true),
            (&[2, 2, 11, q, u64::MAX, u64::MAX - 2][..], true),
            (&[u64::MAX, u64::MAX, u64::MAX - 2, 65_537][..], false),
            (&[r, r, r][..], true),
            (&[p, q, r][..], true),
        ] {
            let rest = modulus.rest_of(&limbs(&number(factors)));
            assert_eq!(modulus.shares_with(&rest), shares, "{factors:?}");
        }
        assert!(Odd::new(&BigUint::from(6_u8)).is_none());
        assert!(Odd::new(&BigUint::from(0_u8)).is_none());
    }
}
