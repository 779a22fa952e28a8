//! Primes that two of the keys share (Heninger and others, "Mining Your Ps and
//! Qs", USENIX Security 2012).
//!
//! Each modulus is compared with the product of all before it: one remainder, one greatest common
//! divisor. The products are the nodes of a binary tree, so that the key that shares the prime is
//! found by going down. Each comparison costs one walk through all keys before; [`MOST_BITS`] bounds it.

use super::limbs::{Odd, limbs, number};
use ::rsa::BigUint;
use std::collections::HashSet;

/// The most bits of all moduli together: 1,024 keys of 2,048 bits.
pub(super) const MOST_BITS: u64 = 1 << 21;

/// The moduli of keys that were seen, each once.
#[derive(Default)]
pub(super) struct Moduli {
    /// Complete trees of falling sizes, like the bits of the number of keys.
    trees: Vec<Node>,
    seen: HashSet<Vec<u64>>,
    bits: u64,
    /// Keys that were compared.
    pub(super) compared: usize,
    /// Keys that were not compared.
    pub(super) missed: usize,
}

struct Node {
    product: Vec<u64>,
    keys: usize,
    below: Below,
}

enum Below {
    Key(usize),
    Nodes(Box<[Node; 2]>),
}

impl Moduli {
    /// Adds an odd modulus; returns the place of another one that has one of its primes.
    pub(super) fn add(&mut self, place: usize, modulus: &Odd, bits: u32) -> Option<usize> {
        // The same modulus again is a copy of the key, and would share both of its primes with
        // itself.
        if self.seen.contains(modulus.limbs()) {
            return None;
        }
        if self.bits + u64::from(bits) > MOST_BITS {
            self.missed += 1;
            return None;
        }
        self.bits += u64::from(bits);
        self.compared += 1;
        self.seen.insert(modulus.limbs().to_vec());
        let other = found(&self.trees, modulus);
        self.trees.push(Node {
            product: modulus.limbs().to_vec(),
            keys: 1,
            below: Below::Key(place),
        });
        // Trees of equal size are joined, as a binary counter carries: each modulus is multiplied
        // about log n times and not n times.
        while let [.., left, right] = self.trees.as_slice()
            && left.keys == right.keys
        {
            let (Some(right), Some(left)) = (self.trees.pop(), self.trees.pop()) else {
                break;
            };
            let product: BigUint = number(&left.product) * number(&right.product);
            self.trees.push(Node {
                product: limbs(&product),
                keys: left.keys + right.keys,
                below: Below::Nodes(Box::new([left, right])),
            });
        }
        other
    }
}

/// The key below these nodes that has a prime of this modulus.
fn found(nodes: &[Node], modulus: &Odd) -> Option<usize> {
    let rests: Vec<_> = nodes
        .iter()
        .map(|node| modulus.rest_of(&node.product))
        .collect();
    // One common divisor answers for all trees. The remainders are no longer than the modulus, so
    // their product stays short.
    let all: BigUint = rests.iter().map(|rest| number(rest)).product();
    if nodes.is_empty() || !modulus.shares_with(&modulus.rest_of(&limbs(&all))) {
        return None;
    }
    let which = rests.iter().position(|rest| modulus.shares_with(rest))?;
    match &nodes.get(which)?.below {
        Below::Key(place) => Some(*place),
        Below::Nodes(below) => found(below.as_slice(), modulus),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Primes of four digits, enough for the arithmetic.
    fn primes() -> impl Iterator<Item = u64> {
        (10_000_u64..).filter(|number| (2..200).all(|by| number % by != 0))
    }

    fn modulus(p: u64, q: u64) -> Odd {
        Odd::new(&(BigUint::from(p) * BigUint::from(q))).unwrap_or_else(|| unreachable!())
    }

    #[test]
    fn the_first_and_the_last_of_many() {
        let primes: Vec<_> = primes().take(204).collect();
        let mut moduli = Moduli::default();
        for (place, pair) in primes[..200].chunks_exact(2).enumerate() {
            assert_eq!(moduli.add(place, &modulus(pair[0], pair[1]), 32), None);
        }
        // The same key again is not a finding.
        assert_eq!(moduli.add(100, &modulus(primes[0], primes[1]), 32), None);
        let shared = [(0, 0), (0, 1), (63, 127), (99, 199)];
        for ((place, shared), own) in shared.into_iter().zip(200..) {
            let other = moduli.add(101, &modulus(primes[shared], primes[own]), 32);
            assert_eq!(other, Some(place));
        }
        assert_eq!((moduli.compared, moduli.missed), (104, 0));
    }

    #[test]
    fn the_limit_is_told() {
        let primes: Vec<_> = primes().take(6).collect();
        let mut moduli = Moduli::default();
        let half = u32::try_from(MOST_BITS / 2).unwrap_or(0);
        for (place, pair) in primes.chunks_exact(2).enumerate() {
            moduli.add(place, &modulus(pair[0], pair[1]), half);
        }
        assert_eq!((moduli.compared, moduli.missed), (2, 1));
    }
}
