//! Elliptic-curve private keys (RFC 5915) and what must hold in them.

use super::{KeyProblem, Parts, Proof, Relation};
use crate::model::crypto::{self, Derived};
use crate::model::der::{self, Reader};
use crate::model::public_key::{check_point, ec_spki, uncompressed};
use crate::model::{Curve, KeyAlgorithm, Malformed};
use zeroize::Zeroizing;

/// Reads an ECPrivateKey; `outer` are the whole ECParameters of a PKCS#8
/// structure around it.
pub(super) fn read(body: &[u8], outer: Option<&[u8]>) -> Result<Parts, KeyProblem> {
    let mut reader = Reader::new(body, "ECPrivateKey");
    let mut fields = reader.sequence("the outer SEQUENCE")?;
    reader.end()?;
    let version = fields.small("the version")?;
    if version != 1 {
        return Err(fields
            .error(format!("version {version}, which is not known"))
            .into());
    }
    let scalar = fields.octets("the private key")?;
    let inner = fields
        .optional(der::context(0))?
        .map(|element| element.content);
    let point = match fields.optional(der::context(1))? {
        Some(element) => {
            let mut tagged = Reader::new(element.content, "ECPrivateKey");
            let point = tagged.bits("the public key")?;
            tagged.end()?;
            Some(point)
        }
        None => None,
    };
    fields.end()?;
    let parameters = outer.or(inner).ok_or_else(|| {
        Malformed::new(
            "ECPrivateKey",
            "it names no curve; EC PARAMETERS in front of it are not looked at",
        )
    })?;
    let curve = Curve::from_parameters(parameters);
    if let Some(point) = point {
        check_point(&curve, point)?;
    }
    let (public, proof) = if inner.is_some_and(|inner| inner != parameters) {
        (
            point.map(<[u8]>::to_vec),
            Proof::Inconsistent(Relation::Curve),
        )
    } else {
        prove(&curve, scalar, point)
    };
    Ok(Parts {
        bits: curve.bits(),
        algorithm: KeyAlgorithm::Ec(curve),
        public: public.map(|point| ec_spki(parameters, &point)),
        proof,
    })
}

fn prove(curve: &Curve, scalar: &[u8], stored: Option<&[u8]>) -> (Option<Vec<u8>>, Proof) {
    let stored = stored.map(|point| uncompressed(curve, point).unwrap_or_else(|| point.to_vec()));
    let derived = match padded(curve, scalar) {
        Some(scalar) => crypto::derive_point(curve, &scalar, stored.as_deref()),
        None if curve.field_length().is_some() => Derived::OutOfRange,
        None => Derived::NotComputable,
    };
    match derived {
        Derived::Public(point) => match stored {
            Some(stored) if stored != point => {
                (Some(stored), Proof::Inconsistent(Relation::PublicPart))
            }
            _ => (Some(point), Proof::Derived),
        },
        Derived::OutOfRange => (stored, Proof::Inconsistent(Relation::SecretRange)),
        Derived::NotComputable => (stored, Proof::NotComputable),
    }
}

/// The scalar in the length of the field: RFC 5915 demands it, but OpenSSL
/// reads shorter and longer ones too.
fn padded(curve: &Curve, scalar: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let field = curve.field_length()?;
    let significant = der::trim_zeros(scalar);
    let zeros = field.checked_sub(significant.len())?;
    let mut padded = Zeroizing::new(Vec::with_capacity(field));
    padded.resize(zeros, 0);
    padded.extend_from_slice(significant);
    Some(padded)
}
