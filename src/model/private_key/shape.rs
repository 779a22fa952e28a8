//! How a private key is written, as far as loaders differ over it.

use super::{KeyForm, PrivateKey};
use crate::model::der::{self, Reader};
use crate::model::{KeyAlgorithm, Malformed};

/// What loaders look at besides algorithm and size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The version of PKCS#8 around it: 0, or 1 as RFC 5958 has it.
    pub(crate) version: u64,
    /// Whether PKCS#8 around it carries the public key behind the private one.
    pub(crate) carries_public_key: bool,
    /// Whether the AlgorithmIdentifier of PKCS#8 has parameters.
    pub(crate) has_parameters: bool,
    /// RSA: how many primes are given.
    pub(crate) primes: usize,
    /// RSA: the length of the public exponent.
    pub(crate) exponent_bits: u32,
    /// EC: whether the public point stands in it, written out in full.
    pub(crate) full_point: bool,
    /// EC: the bytes of the private scalar.
    pub(crate) scalar_length: usize,
}

impl PrivateKey {
    /// How it is written; what could not be read again is left at nothing.
    pub(crate) fn shape(&self) -> Shape {
        let mut shape = Shape::default();
        let body = match self.form {
            KeyForm::Pkcs8 | KeyForm::EncryptedPkcs8 => {
                pkcs8(&self.secret, &mut shape).unwrap_or_default()
            }
            _ => self.secret.as_slice(),
        };
        let read = match &self.algorithm {
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => rsa(body, &mut shape),
            KeyAlgorithm::Ec(_) => ec(body, &mut shape),
            _ => Ok(()),
        };
        read.unwrap_or_default();
        shape
    }
}

fn pkcs8<'a>(bytes: &'a [u8], shape: &mut Shape) -> Result<&'a [u8], Malformed> {
    let mut outer = Reader::new(bytes, "PrivateKeyInfo");
    let mut fields = outer.sequence("the outer SEQUENCE")?;
    shape.version = fields.small("the version")?;
    let mut identifier = fields.sequence("the AlgorithmIdentifier")?;
    identifier.oid("the algorithm")?;
    shape.has_parameters = !identifier.is_empty();
    let body = fields.octets("the private key")?;
    fields.optional(der::context(0))?;
    shape.carries_public_key = fields.optional(der::context_primitive(1))?.is_some();
    Ok(body)
}

fn rsa(bytes: &[u8], shape: &mut Shape) -> Result<(), Malformed> {
    let mut outer = Reader::new(bytes, "RSAPrivateKey");
    let mut fields = outer.sequence("the outer SEQUENCE")?;
    let version = fields.small("the version")?;
    fields.unsigned("the modulus")?;
    shape.exponent_bits = der::bit_length(fields.unsigned("the public exponent")?);
    fields.unsigned("the private exponent")?;
    let (p, q) = (fields.unsigned("prime p")?, fields.unsigned("prime q")?);
    for what in ["dP", "dQ", "qInv"] {
        fields.unsigned(what)?;
    }
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

fn ec(bytes: &[u8], shape: &mut Shape) -> Result<(), Malformed> {
    let mut outer = Reader::new(bytes, "ECPrivateKey");
    let mut fields = outer.sequence("the outer SEQUENCE")?;
    fields.small("the version")?;
    shape.scalar_length = fields.octets("the private key")?.len();
    fields.optional(der::context(0))?;
    if let Some(element) = fields.optional(der::context(1))? {
        let mut tagged = Reader::new(element.content, "ECPrivateKey");
        shape.full_point = tagged.bits("the public key")?.first() == Some(&4);
    }
    Ok(())
}
