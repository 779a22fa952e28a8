//! The features of a private key's encoding on which loaders differ.

use super::{KeyForm, PrivateKey};
use crate::model::der::{self, Reader};
use crate::model::{KeyAlgorithm, Malformed};

/// What loaders check in addition to algorithm and size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The version of PKCS#8 around it: 0, or 1 as in RFC 5958.
    pub(crate) version: u64,
    /// Whether PKCS#8 around it carries the public key after the private one.
    pub(crate) carries_public_key: bool,
    /// Whether the AlgorithmIdentifier of PKCS#8 has parameters.
    pub(crate) has_parameters: bool,
    /// What OpenSSL does not accept in the algorithm's parameters or in the attributes
    /// (`d2i_PKCS8_PRIV_KEY_INFO`; measured: 3.0.19).
    pub(crate) misshapen: Option<&'static str>,
    /// RSA: how many primes are given.
    pub(crate) primes: usize,
    /// RSA: whether a number is not written as DER requires.
    pub(crate) odd_numbers: bool,
    /// RSA: the length of the public exponent.
    pub(crate) exponent_bits: u32,
    /// EC: whether the public point is in it, written out in full.
    pub(crate) full_point: bool,
    /// EC: whether its curve is given where loaders look for it: next to the algorithm in PKCS#8,
    /// otherwise in the key itself.
    pub(crate) curve_in_place: bool,
    /// EC: the bytes of the private scalar.
    pub(crate) scalar_length: usize,
}

impl PrivateKey {
    /// How it is written; what cannot be reread stays empty.
    pub(crate) fn shape(&self) -> Shape {
        let mut shape = Shape {
            odd_numbers: self.odd_lengths,
            ..Shape::default()
        };
        let body = match self.form {
            KeyForm::Pkcs8 | KeyForm::EncryptedPkcs8 => {
                pkcs8(&self.secret, &self.algorithm, &mut shape).unwrap_or_default()
            }
            _ => self.secret.as_slice(),
        };
        let read = match &self.algorithm {
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => rsa(body, &mut shape),
            KeyAlgorithm::Ec(_) => ec(body, self.form == KeyForm::Sec1, &mut shape),
            _ => Ok(()),
        };
        read.unwrap_or_default();
        shape
    }
}

fn pkcs8<'a>(
    bytes: &'a [u8],
    algorithm: &KeyAlgorithm,
    shape: &mut Shape,
) -> Result<&'a [u8], Malformed> {
    let mut outer = Reader::new(bytes, "PrivateKeyInfo");
    let mut fields = outer.sequence("the outer SEQUENCE")?;
    shape.version = fields.small("the version")?;
    shape.odd_numbers |= shape.version > 1;
    let mut identifier = fields.sequence("the AlgorithmIdentifier")?;
    identifier.oid("the algorithm")?;
    shape.has_parameters = !identifier.is_empty();
    shape.curve_in_place = is_curve(&identifier);
    if !are_parameters(identifier, algorithm) {
        shape.misshapen = Some("the parameters of its algorithm are not what OpenSSL reads");
    }
    let body = fields.octets("the private key")?;
    let attributes = fields.optional(der::context(0))?;
    if attributes.is_some_and(|set| !are_attributes(set.content)) {
        shape.misshapen = Some("its PKCS#8 attributes are malformed");
    }
    shape.carries_public_key = fields.optional(der::context_primitive(1))?.is_some();
    Ok(body)
}

/// Whether OpenSSL reads these parameters: one value that matches its tag and, for the
/// algorithms that read it, has their form.
fn are_parameters(mut rest: Reader<'_>, algorithm: &KeyAlgorithm) -> bool {
    if rest.is_empty() {
        return true;
    }
    let Ok(value) = rest.any() else { return false };
    let plain = match value.tag {
        der::NULL => value.content.is_empty(),
        der::BOOLEAN => value.content.len() == 1,
        // An INTEGER without digits, or with more than it needs.
        der::INTEGER => match value.content {
            [] => false,
            [0, next, ..] => next & 0x80 != 0,
            [0xff, next, ..] => next & 0x80 == 0,
            _ => true,
        },
        der::OID => value.content.last().is_some_and(|last| last & 0x80 == 0),
        _ => true,
    };
    let inside = || Reader::new(value.content, "AlgorithmIdentifier");
    plain
        && match (algorithm, value.tag) {
            (KeyAlgorithm::RsaPss, der::SEQUENCE) => are_pss(inside()).is_ok_and(|whole| whole),
            (KeyAlgorithm::RsaPss, _) => false,
            (KeyAlgorithm::Ec(_), der::SEQUENCE) => is_written_out(inside()).is_ok(),
            _ => true,
        }
}

/// `RSASSA-PSS-params` (RFC 4055 section 3.1): hash, mask, salt length, trailer, in this order.
fn are_pss(mut fields: Reader<'_>) -> Result<bool, Malformed> {
    for number in 0..4 {
        if let Some(field) = fields.optional(der::context(number))? {
            let mut value = Reader::new(field.content, "RSASSA-PSS-params");
            let wanted = if number < 2 {
                der::SEQUENCE
            } else {
                der::INTEGER
            };
            if value.any()?.tag != wanted || !value.is_empty() {
                return Ok(false);
            }
        }
    }
    Ok(fields.is_empty())
}

/// `ECParameters` of a curve that is written out: version, field, curve, base, order.
fn is_written_out(mut fields: Reader<'_>) -> Result<(), Malformed> {
    fields.small("the version")?;
    fields.sequence("the field")?;
    fields.sequence("the curve")?;
    fields.octets("the base point")?;
    fields.magnitude("the order")?;
    Ok(())
}

/// Whether each is a name and its set of values.
fn are_attributes(content: &[u8]) -> bool {
    let each = || -> Result<bool, Malformed> {
        let mut all = Reader::new(content, "PrivateKeyInfo");
        while !all.is_empty() {
            let mut attribute = all.sequence("an attribute")?;
            attribute.oid("its name")?;
            let set = attribute.any()?;
            if set.tag != der::SET || !attribute.is_empty() {
                return Ok(false);
            }
            let mut values = Reader::new(set.content, "PrivateKeyInfo");
            while !values.is_empty() {
                values.any()?;
            }
        }
        Ok(true)
    };
    each().is_ok_and(|whole| whole)
}

fn rsa(bytes: &[u8], shape: &mut Shape) -> Result<(), Malformed> {
    let mut outer = Reader::new(bytes, "RSAPrivateKey");
    let mut fields = outer.sequence("the outer SEQUENCE")?;
    let version = fields.int32("the version")?;
    // A second reader at the same place: the fields are read once as OpenSSL reads an INTEGER, and
    // once by DER's rules.
    let mut strict = fields;
    fields.magnitude("the modulus")?;
    shape.exponent_bits = der::bit_length(fields.magnitude("the public exponent")?);
    fields.magnitude("the private exponent")?;
    let (p, q) = (fields.magnitude("prime p")?, fields.magnitude("prime q")?);
    for what in ["dP", "dQ", "qInv"] {
        fields.magnitude(what)?;
    }
    // Numbers with a sign, without digits or with more than they need.
    shape.odd_numbers |=
        !matches!(version, 0 | 1) || (0..8).any(|_| strict.unsigned("a number").is_err());
    let given = [p, q].iter().filter(|prime| !prime.is_empty()).count();
    let mut others = 0;
    if version == 1 {
        let mut rest = fields.sequence("the other primes")?;
        while !rest.is_empty() {
            rest.any()?;
            others += 1;
        }
    }
    shape.primes = given + others;
    Ok(())
}

/// Whether a curve is named or written out: NULL means one known from elsewhere (`implicitCurve`),
/// which no program supports.
fn is_curve(parameters: &Reader<'_>) -> bool {
    matches!(parameters.peek(), Some(der::OID | der::SEQUENCE))
}

fn ec(bytes: &[u8], alone: bool, shape: &mut Shape) -> Result<(), Malformed> {
    let mut outer = Reader::new(bytes, "ECPrivateKey");
    let mut fields = outer.sequence("the outer SEQUENCE")?;
    shape.odd_numbers |= fields.small("the version")? != 1;
    let scalar = fields.octets("the private key")?;
    shape.scalar_length = scalar.len();
    if let Some(curve) = fields.optional(der::context(0))? {
        let given = is_curve(&Reader::new(curve.content, "ECPrivateKey"));
        shape.curve_in_place = given && (alone || shape.curve_in_place);
    }
    if let Some(element) = fields.optional(der::context(1))? {
        let mut tagged = Reader::new(element.content, "ECPrivateKey");
        shape.full_point = tagged.bits("the public key")?.first() == Some(&4);
    }
    Ok(())
}
