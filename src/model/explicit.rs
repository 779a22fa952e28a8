//! Curves that a key writes out instead of naming them (RFC 3279 section 2.3.5):
//! those that are in fact one of NIST's.

use crate::model::Curve;
use crate::model::Malformed;
use crate::model::der::{Reader, trim_zeros};

/// p, a, b, x of the generator and its order, as OpenSSL 3.0.19 writes them
/// (`openssl ecparam -param_enc explicit`).
type Numbers = [&'static str; 5];

const KNOWN: [(Curve, &str, Numbers); 3] = [
    (
        Curve::P256,
        "06082a8648ce3d030107",
        [
            "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
            "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc",
            "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
            "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        ],
    ),
    (
        Curve::P384,
        "06052b81040022",
        [
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffc",
            "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
        ],
    ),
    (
        Curve::P521,
        "06052b81040023",
        [
            "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc",
            "51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
            "c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
        ],
    ),
];

/// The named curve that these ECParameters write out, and the parameters that
/// name it; seed and cofactor are not compared.
pub(super) fn named(parameters: &[u8]) -> Option<(Curve, Vec<u8>)> {
    let numbers = numbers(parameters).ok()?;
    let same = |known: &Numbers| {
        let hex = numbers.iter().map(|number| hex(number));
        hex.eq(known.iter().map(|text| (*text).to_owned()))
    };
    let (curve, name, _) = KNOWN.iter().find(|(_, _, known)| same(known))?;
    let bytes = name.as_bytes().chunks(2).map(|pair| {
        let text = std::str::from_utf8(pair).unwrap_or_default();
        u8::from_str_radix(text, 16).unwrap_or_default()
    });
    Some((curve.clone(), bytes.collect()))
}

fn hex(bytes: &[u8]) -> String {
    trim_zeros(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn numbers(parameters: &[u8]) -> Result<[&[u8]; 5], Malformed> {
    let mut outer = Reader::new(parameters, "ECParameters");
    let mut fields = outer.sequence("the parameters")?;
    fields.small("the version")?;
    let mut field = fields.sequence("the field")?;
    field.oid("the kind of field")?;
    let p = field.unsigned("the prime")?;
    let mut curve = fields.sequence("the curve")?;
    let (a, b) = (curve.octets("a")?, curve.octets("b")?);
    let generator = fields.octets("the generator")?;
    let order = fields.unsigned("the order")?;
    let coordinates = generator.get(1..).unwrap_or_default();
    let x = match generator.first() {
        Some(2 | 3) => coordinates,
        _ => coordinates.get(..coordinates.len() / 2).unwrap_or_default(),
    };
    Ok([p, a, b, x, order])
}
