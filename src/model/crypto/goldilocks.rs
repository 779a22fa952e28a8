//! Public keys of Ed448 and X448 (RFC 8032 section 5.2, RFC 7748 section 5).
//!
//! Uses big integers, in time that varies with the secret: good enough to compare a key file with
//! its certificate on the administrator's own machine, but for nothing else. It takes some
//! milliseconds.

use ::rsa::BigUint;
use sha3::Shake256;
use sha3::digest::{ExtendableOutput, Update};
use zeroize::Zeroizing;

/// The length of an Ed448 key in bytes, secret or public.
const ED448: usize = 57;
/// The length of an X448 key in bytes.
const X448: usize = 56;

/// The base point of edwards448 (RFC 8032 section 5.2).
const BASE_X: &[u8] = b"224580040295924300187604334099896036246789641632564134246125461686950415467406032909029192869357953282578032075146446173674602635247710";
const BASE_Y: &[u8] = b"298819210078481492676017930443930673437544040154080242095928241372331506189835876003536878655418784733982303233503462500531545062832660";

/// The field of 2^448 - 2^224 - 1.
struct Field {
    p: BigUint,
}

impl Field {
    fn new() -> Self {
        let one = BigUint::from(1_u8);
        Self {
            p: (&one << 448) - (&one << 224) - one,
        }
    }

    fn times(&self, a: &BigUint, b: &BigUint) -> BigUint {
        a * b % &self.p
    }

    fn plus(&self, a: &BigUint, b: &BigUint) -> BigUint {
        (a + b) % &self.p
    }

    fn minus(&self, a: &BigUint, b: &BigUint) -> BigUint {
        (a + &self.p - b) % &self.p
    }

    fn inverse(&self, a: &BigUint) -> BigUint {
        // Fermat's little theorem: p is a prime.
        a.modpow(&(&self.p - BigUint::from(2_u8)), &self.p)
    }
}

/// A point x/z, y/z of edwards448.
struct Point {
    x: BigUint,
    y: BigUint,
    z: BigUint,
}

impl Point {
    /// RFC 8032 section 5.2.4; the formulas are complete, so they double too.
    fn plus(&self, other: &Self, field: &Field) -> Self {
        let a = field.times(&self.z, &other.z);
        let b = field.times(&a, &a);
        let c = field.times(&self.x, &other.x);
        let d = field.times(&self.y, &other.y);
        // The curve's d is -39081: E = d·C·D with its sign reversed.
        let e = field.times(&BigUint::from(39081_u32), &field.times(&c, &d));
        let (f, g) = (field.plus(&b, &e), field.minus(&b, &e));
        let h = field.times(
            &field.plus(&self.x, &self.y),
            &field.plus(&other.x, &other.y),
        );
        let cross = field.minus(&field.minus(&h, &c), &d);
        Self {
            x: field.times(&field.times(&a, &f), &cross),
            y: field.times(&field.times(&a, &g), &field.minus(&d, &c)),
            z: field.times(&f, &g),
        }
    }
}

/// The bits of a little-endian number, the highest first.
fn bits(little_endian: &[u8]) -> impl Iterator<Item = u8> {
    let bytes = little_endian.iter().rev();
    bytes.flat_map(|byte| (0..8).rev().map(move |at| (byte >> at) & 1))
}

/// The bytes of a number, little-endian, `length` of them.
fn bytes(number: &BigUint, length: usize) -> Vec<u8> {
    let mut out = number.to_bytes_le();
    out.resize(length, 0);
    out
}

/// The Ed448 public key of a secret of 57 bytes.
pub(super) fn ed448_public(secret: &[u8]) -> Option<Vec<u8>> {
    if secret.len() != ED448 {
        return None;
    }
    let mut hash = Shake256::default();
    hash.update(secret);
    let mut scalar = Zeroizing::new(vec![0; ED448]);
    hash.finalize_xof_into(&mut scalar);
    // RFC 8032 section 5.2.5.
    if let [first, .., high, last] = scalar.as_mut_slice() {
        *first &= 0xfc;
        *high |= 0x80;
        *last = 0;
    }
    let field = Field::new();
    let base = Point {
        x: BigUint::parse_bytes(BASE_X, 10)?,
        y: BigUint::parse_bytes(BASE_Y, 10)?,
        z: BigUint::from(1_u8),
    };
    let mut point = Point {
        x: BigUint::from(0_u8),
        y: BigUint::from(1_u8),
        z: BigUint::from(1_u8),
    };
    for bit in bits(&scalar) {
        // The formulas of edwards448 are complete, since d is not a square in the field (RFC 8032
        // section 5.2.4): the neutral element and a doubling need no special case.
        point = point.plus(&point, &field);
        if bit == 1 {
            point = point.plus(&base, &field);
        }
    }
    let inverse = field.inverse(&point.z);
    let (x, y) = (
        field.times(&point.x, &inverse),
        field.times(&point.y, &inverse),
    );
    let mut out = bytes(&y, ED448);
    // The lowest bit of x is in the highest bit of the last byte (RFC 8032 section 5.2.2).
    if bytes(&x, 1).first().is_some_and(|low| low & 1 == 1)
        && let Some(last) = out.last_mut()
    {
        *last |= 0x80;
    }
    Some(out)
}

/// The X448 public key of a secret of 56 bytes: the ladder of RFC 7748 section 5.
pub(super) fn x448_public(secret: &[u8]) -> Option<Vec<u8>> {
    if secret.len() != X448 {
        return None;
    }
    let mut scalar = Zeroizing::new(secret.to_vec());
    // decodeScalar448: a multiple of the cofactor 4, with the highest bit set.
    if let [first, .., last] = scalar.as_mut_slice() {
        *first &= 0xfc;
        *last |= 0x80;
    }
    let field = Field::new();
    // The base point of X448 (RFC 7748 section 4.2).
    let u = BigUint::from(5_u8);
    let (mut x2, mut z2) = (BigUint::from(1_u8), BigUint::from(0_u8));
    let (mut x3, mut z3) = (u.clone(), BigUint::from(1_u8));
    for bit in bits(&scalar) {
        if bit == 1 {
            (x2, x3, z2, z3) = (x3, x2, z3, z2);
        }
        // The names are those of the pseudocode in RFC 7748 section 5. The swap is a branch here,
        // not cswap.
        let (a, b) = (field.plus(&x2, &z2), field.minus(&x2, &z2));
        let (aa, bb) = (field.times(&a, &a), field.times(&b, &b));
        let e = field.minus(&aa, &bb);
        let (c, d) = (field.plus(&x3, &z3), field.minus(&x3, &z3));
        let (da, cb) = (field.times(&d, &a), field.times(&c, &b));
        let (sum, difference) = (field.plus(&da, &cb), field.minus(&da, &cb));
        x3 = field.times(&sum, &sum);
        z3 = field.times(&u, &field.times(&difference, &difference));
        x2 = field.times(&aa, &bb);
        z2 = field.times(
            &e,
            &field.plus(&aa, &field.times(&BigUint::from(39081_u32), &e)),
        );
        if bit == 1 {
            (x2, x3, z2, z3) = (x3, x2, z3, z2);
        }
    }
    Some(bytes(&field.times(&x2, &field.inverse(&z2)), X448))
}
