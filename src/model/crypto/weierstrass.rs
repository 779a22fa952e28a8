//! Public keys on the curves that the backend does not compute: P-224 and Brainpool's.
//!
//! Affine answers from Jacobian arithmetic on big integers, in time that varies
//! with the secret: good enough to compare a key file with its certificate on the administrator's
//! own machine, but for nothing else. It takes some milliseconds.

use crate::model::Curve;
use ::rsa::BigUint;
use zeroize::Zeroizing;

/// A curve y² = x³ + ax + b over the field of p; b is not needed to add points.
struct Domain {
    p: BigUint,
    a: BigUint,
    generator: Point,
    order: BigUint,
}

/// In Jacobian coordinates; z = 0 at infinity.
#[derive(Clone)]
struct Point {
    x: BigUint,
    y: BigUint,
    z: BigUint,
}

/// p, a, and the generator's x, y and order, as OpenSSL 3.0.19 prints them
/// (`openssl ecparam -param_enc explicit`); SEC 2 section 2.2.2 (RFC 5480) and
/// RFC 5639 section 3.
fn parameters(
    curve: &Curve,
) -> Option<(
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
)> {
    Some(match curve {
        Curve::P224 => (
            "ffffffffffffffffffffffffffffffff000000000000000000000001",
            "fffffffffffffffffffffffffffffffefffffffffffffffffffffffe",
            "b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21",
            "bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34",
            "ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d",
        ),
        Curve::BrainpoolP256r1 => (
            "a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377",
            "7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9",
            "8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262",
            "547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997",
            "a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7",
        ),
        Curve::BrainpoolP384r1 => (
            "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53",
            "7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826",
            "1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef87b2e247d4af1e",
            "8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315",
            "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565",
        ),
        Curve::BrainpoolP512r1 => (
            "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3",
            "7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94ca",
            "81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f822",
            "7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892",
            "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069",
        ),
        _ => return None,
    })
}

impl Domain {
    fn of(curve: &Curve) -> Option<Self> {
        let number = |digits: &str| BigUint::parse_bytes(digits.as_bytes(), 16);
        let (p, a, x, y, order) = parameters(curve)?;
        Some(Self {
            p: number(p)?,
            a: number(a)?,
            generator: Point {
                x: number(x)?,
                y: number(y)?,
                z: BigUint::from(1_u8),
            },
            order: number(order)?,
        })
    }

    fn times(&self, a: &BigUint, b: &BigUint) -> BigUint {
        // One division after each product keeps the numbers below p², so that time depends on the
        // curve and not on the input.
        a * b % &self.p
    }

    fn minus(&self, a: &BigUint, b: &BigUint) -> BigUint {
        // BigUint has no negative numbers: p is added first.
        (a + &self.p - b) % &self.p
    }

    /// dbl-2007-bl of the Explicit-Formulas Database.
    fn doubled(&self, point: &Point) -> Point {
        let yy = self.times(&point.y, &point.y);
        let s = self.times(&BigUint::from(4_u8), &self.times(&point.x, &yy));
        let zz = self.times(&point.z, &point.z);
        let m = (self.times(&BigUint::from(3_u8), &self.times(&point.x, &point.x))
            + self.times(&self.a, &self.times(&zz, &zz)))
            % &self.p;
        let x = self.minus(&self.times(&m, &m), &self.times(&BigUint::from(2_u8), &s));
        let yyyy = self.times(&BigUint::from(8_u8), &self.times(&yy, &yy));
        let y = self.minus(&self.times(&m, &self.minus(&s, &x)), &yyyy);
        let z = self.times(&BigUint::from(2_u8), &self.times(&point.y, &point.z));
        Point { x, y, z }
    }

    /// The sum with another point, which is affine (z = 1) and not the same one.
    fn sum(&self, point: &Point, affine: &Point) -> Point {
        let zero = BigUint::from(0_u8);
        // z = 0 is the point at infinity, with which the ladder begins.
        if point.z == zero {
            return affine.clone();
        }
        let zz = self.times(&point.z, &point.z);
        let u = self.times(&affine.x, &zz);
        let s = self.times(&affine.y, &self.times(&zz, &point.z));
        let h = self.minus(&u, &point.x);
        let r = self.minus(&s, &point.y);
        // The same x: either the same point, whose sum needs the formula for doubling, or its
        // opposite.
        if h == zero {
            return if r == zero {
                self.doubled(point)
            } else {
                Point {
                    z: zero,
                    ..point.clone()
                }
            };
        }
        let hh = self.times(&h, &h);
        let hhh = self.times(&hh, &h);
        let v = self.times(&point.x, &hh);
        let x = self.minus(
            &self.minus(&self.times(&r, &r), &hhh),
            &self.times(&BigUint::from(2_u8), &v),
        );
        let y = self.minus(
            &self.times(&r, &self.minus(&v, &x)),
            &self.times(&point.y, &hhh),
        );
        let z = self.times(&point.z, &h);
        Point { x, y, z }
    }
}

/// The uncompressed point of a scalar. `None` if the curve is not one of these; an error if the
/// scalar is zero or not below the order.
pub(super) fn public_point(curve: &Curve, scalar: &[u8]) -> Option<Result<Vec<u8>, ()>> {
    let domain = Domain::of(curve)?;
    let field = curve.field_length()?;
    let number = Zeroizing::new(BigUint::from_bytes_be(scalar));
    let zero = BigUint::from(0_u8);
    // SEC 1 section 3.2.1: the private key is between 1 and n - 1.
    if *number == zero || *number >= domain.order {
        return Some(Err(()));
    }
    let mut point = Point {
        x: zero.clone(),
        y: zero.clone(),
        z: zero,
    };
    for bit in scalar
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1))
    {
        // Double and add, the highest bit first. It branches on the secret's bits; see the head of
        // this file for why that is accepted here.
        point = domain.doubled(&point);
        if bit == 1 {
            point = domain.sum(&point, &domain.generator);
        }
    }
    // z^-1 by Fermat's little theorem.
    let inverse = point
        .z
        .modpow(&(&domain.p - BigUint::from(2_u8)), &domain.p);
    let square = domain.times(&inverse, &inverse);
    let x = domain.times(&point.x, &square);
    let y = domain.times(&point.y, &domain.times(&square, &inverse));
    let mut out = vec![4];
    for coordinate in [x, y] {
        let bytes = coordinate.to_bytes_be();
        // Coordinates have the length of the field: leading zeros are part of the encoding (SEC 1
        // section 2.3.3).
        out.resize(out.len() + field.saturating_sub(bytes.len()), 0);
        out.extend_from_slice(&bytes);
    }
    Some(Ok(out))
}
