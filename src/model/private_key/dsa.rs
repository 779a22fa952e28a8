//! DSA private keys (OpenSSL's traditional form, and RFC 5958) and what must hold in them.

use super::rsa::require;
use super::{KeyProblem, Parts, Proof, Relation};
use crate::model::der::{self, Reader};
use crate::model::key_algorithm::oid;
use crate::model::public_key::DsaParameters;
use crate::model::{KeyAlgorithm, Malformed};
use ::dsa::BigUint;
use zeroize::Zeroizing;

/// The largest p: FIPS 186-4 section 4.2 has 3072 bits, but nginx, Node and Java also connect with
/// 4096 (measured: OpenSSL 3.0.19). An exponentiation costs the cube
/// of its length: dsa 0.6.3, which checks no size, takes 35 s for 32,768 bits.
const MOST_BITS: u32 = 4096;

/// The sizes of q in FIPS 186-4 section 4.2.
const SUBGROUP_BITS: [u32; 3] = [160, 224, 256];

/// Reads OpenSSL's traditional form: SEQUENCE { 0, p, q, g, y, x }.
pub(super) fn read_traditional(body: &[u8]) -> Result<Parts, KeyProblem> {
    let mut outer = Reader::new(body, "DSAPrivateKey");
    let mut fields = outer.sequence("the outer SEQUENCE")?;
    outer.end()?;
    let version = fields.small("the version")?;
    if version != 0 {
        return Err(fields
            .error(format!("version {version}, which is not known"))
            .into());
    }
    let parameters = DsaParameters {
        p: fields.unsigned("p")?,
        q: fields.unsigned("q")?,
        g: fields.unsigned("g")?,
    };
    let y = fields.unsigned("the public y")?;
    let x = fields.unsigned("the secret x")?;
    fields.end()?;
    derive(parameters, x, Some(y))
}

/// Reads the INTEGER x inside a PKCS#8 structure with whole Dss-Parms.
pub(super) fn read_pkcs8(body: &[u8], parameters: Option<&[u8]>) -> Result<Parts, KeyProblem> {
    let parameters = DsaParameters::read(parameters.unwrap_or_default())?.ok_or_else(|| {
        Malformed::new(
            "PrivateKeyInfo",
            "a DSA key without its parameters p, q and g",
        )
    })?;
    let mut reader = Reader::new(body, "DSAPrivateKey");
    let x = reader.unsigned("the secret x")?;
    reader.end()?;
    derive(parameters, x, None)
}

fn derive(
    parameters: DsaParameters<'_>,
    x: &[u8],
    stored: Option<&[u8]>,
) -> Result<Parts, KeyProblem> {
    let bits = der::bit_length(parameters.p);
    let (public, proof) = match public_value(&parameters, x) {
        Ok(y) if stored.is_some_and(|stored| stored != y) => (
            stored.map(<[u8]>::to_vec),
            Proof::Inconsistent(Relation::PublicPart),
        ),
        Ok(y) => (Some(y), Proof::Derived),
        Err(relation) => (stored.map(<[u8]>::to_vec), Proof::Inconsistent(relation)),
    };
    Ok(Parts {
        algorithm: KeyAlgorithm::Dsa,
        bits: Some(bits),
        public: public.map(|y| spki(&parameters, &y)),
        proof,
    })
}

/// y = g^x mod p, after the sizes and ranges are known to be sound.
fn public_value(dsa: &DsaParameters<'_>, x: &[u8]) -> Result<Vec<u8>, Relation> {
    // Lengths first: they bound the two exponentiations below, whose numbers may be hostile.
    let (p_bits, q_bits) = (der::bit_length(dsa.p), der::bit_length(dsa.q));
    require(
        p_bits <= MOST_BITS && q_bits < p_bits && SUBGROUP_BITS.contains(&q_bits),
        Relation::DsaSize,
    )?;
    require(
        der::bit_length(dsa.g) <= p_bits && der::bit_length(x) <= q_bits,
        Relation::DsaSecretRange,
    )?;
    let one = BigUint::from(1_u8);
    let p = BigUint::from_bytes_be(dsa.p);
    let q = BigUint::from_bytes_be(dsa.q);
    let g = BigUint::from_bytes_be(dsa.g);
    let x = Zeroizing::new(BigUint::from_bytes_be(x));
    require(
        (&p - &one) % &q == BigUint::from(0_u8),
        Relation::DsaSubgroupOrder,
    )?;
    // Partial validation of the generator, FIPS 186-4 A.2.2: it has the order q.
    require(
        g > one && g < p && g.modpow(&q, &p) == one,
        Relation::DsaGenerator,
    )?;
    require(
        *x != BigUint::from(0_u8) && *x < q,
        Relation::DsaSecretRange,
    )?;
    Ok(g.modpow(&x, &p).to_bytes_be())
}

fn spki(dsa: &DsaParameters<'_>, y: &[u8]) -> Vec<u8> {
    let parameters = der::element(
        der::SEQUENCE,
        &[
            &der::integer(dsa.p),
            &der::integer(dsa.q),
            &der::integer(dsa.g),
        ],
    );
    der::spki(&der::algorithm(oid::DSA, &parameters), &der::integer(y))
}
