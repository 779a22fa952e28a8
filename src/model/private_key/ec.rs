//! Elliptic-curve private keys (RFC 5915) and what must hold in them.

use super::{KeyProblem, Parts, Proof, Relation};
use crate::model::crypto::{self, Derived};
use crate::model::der::{self, Reader};
use crate::model::explicit;
use crate::model::public_key::{check_point, ec_spki, uncompressed};
use crate::model::{Curve, KeyAlgorithm, Malformed};
use zeroize::Zeroizing;

/// Reads an ECPrivateKey; `outer` are the whole ECParameters of a PKCS#8
/// structure around it.
pub(super) fn read(body: &[u8], outer: Option<&[u8]>) -> Result<Parts, KeyProblem> {
    let mut reader = Reader::new(body, "ECPrivateKey");
    let mut fields = reader.sequence("the outer SEQUENCE")?;
    reader.end()?;
    fields.small("the version")?;
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
    // For OpenSSL 3.0, the curve in the key itself counts.
    let written = inner.or(outer).ok_or_else(|| {
        Malformed::new(
            "ECPrivateKey",
            "it names no curve; certcheck does not read EC PARAMETERS before it",
        )
    })?;
    let mut one = Reader::new(written, "ECParameters");
    one.any()?;
    one.end()?;
    let known = explicit::named(written);
    let parameters = known.as_ref().map_or(written, |(_, name)| name.as_slice());
    let curve = Curve::from_parameters(parameters);
    let differs = outer
        .zip(inner)
        .is_some_and(|(outer, inner)| outer != inner && !names(outer, parameters));
    if let Some(point) = point {
        check_point(&curve, point)?;
    }
    let (public, proof) =
        if point.is_some_and(|point| crypto::is_on_curve(&curve, point) == Some(false)) {
            (
                point.map(<[u8]>::to_vec),
                Proof::Inconsistent(Relation::OnCurve),
            )
        } else if differs {
            (
                point.map(<[u8]>::to_vec),
                Proof::Inconsistent(Relation::Curve),
            )
        } else {
            prove(&curve, scalar, point)
        };
    Ok(Parts {
        bits: curve.bits(),
        algorithm: KeyAlgorithm::Ec(if known.is_some() {
            Curve::Explicit
        } else {
            curve
        }),
        public: public.map(|point| ec_spki(parameters, &point)),
        proof,
    })
}

/// Whether ECParameters name, or write out, the curve called `name`.
fn names(parameters: &[u8], name: &[u8]) -> bool {
    parameters == name || explicit::named(parameters).is_some_and(|(_, known)| known == name)
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

/// The scalar in the length of the field: RFC 5915 requires it, but OpenSSL
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
