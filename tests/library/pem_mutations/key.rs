//! Mutations of a key's numbers and parameters.

use crate::pem_mutations::case::{Case, chain};
use crate::pem_mutations::certificate::all;
use crate::pem_mutations::der::{self, element, sequence};
use crate::pem_mutations::material::{Pair, Random, Section, replaced, sections};

pub(crate) fn rsa_numbers(r: &mut Random, pairs: &[Pair]) -> Case {
    let pair = pairs[1].clone();
    let mut key = pair.keys[1].clone();
    let fields = all(&key.der);
    let (start, content, end) = fields[1 + r.below(9)];
    let mut body = key.der[content..end].to_vec();
    match r.below(7) {
        0 => body = vec![0],
        1 => body = vec![1],
        2 => body.insert(0, 0),
        3 => body.clear(),
        4 => {
            let at = r.below(body.len());
            body[at] = r.byte();
        }
        5 => body[0] |= 0x80,
        _ => {
            let last = body.len() - 1;
            body[last] ^= 2;
        }
    }
    key.der = replaced(&key.der, start, end, &element(2, &body));
    if r.chance(2) {
        let rsa = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00".to_vec();
        key = Section {
            label: "PRIVATE KEY".to_owned(),
            der: sequence(&[vec![2, 1, 0], sequence(&[rsa]), der::octets(&key.der)]),
        };
    }
    Case {
        certificate: chain(&pair),
        key: Some(key.pem()),
    }
}

pub(crate) fn ec_parts(r: &mut Random, pairs: &[Pair]) -> Case {
    let pair = pairs[0].clone();
    let sec1 = pair.keys[1].clone();
    let fields = all(&sec1.der);
    let of = |tag: u8| {
        fields
            .iter()
            .find(|field| sec1.der[field.0] == tag)
            .map(|field| sec1.der[field.1..field.2].to_vec())
    };
    let secret = of(4).unwrap();
    let point = of(3).unwrap();
    let curve = b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07".to_vec();
    let other_curve = b"\x06\x05\x2b\x81\x04\x00\x22".to_vec();
    let explicit = all_of_explicit();
    let secrets = [
        secret.clone(),
        secret.clone(),
        [&[0], secret.as_slice()].concat(),
        secret[1..].to_vec(),
        Vec::new(),
        vec![0; 32],
        vec![0xff; 32],
    ];
    let compressed = [vec![0, 2 + (point[65] & 1)], point[2..34].to_vec()].concat();
    let hybrid = [vec![0, 6 + (point[65] & 1)], point[2..].to_vec()].concat();
    let mut bent = point.clone();
    bent[10] ^= 1;
    let points = [
        None,
        Some(point.clone()),
        Some(point.clone()),
        Some(compressed),
        Some(hybrid),
        Some(bent),
        Some(vec![0, 0]),
        Some(vec![0]),
    ];
    let curves = [
        None,
        Some(curve.clone()),
        Some(curve.clone()),
        Some(other_curve),
        Some(explicit.clone()),
        Some(vec![5, 0]),
    ];
    let inner = r.pick(&curves).clone();
    let outer = r.pick(&curves).clone();
    let version = *r.pick(&[1_u8, 1, 1, 1, 0, 2]);
    let mut parts = vec![vec![2, 1, version], element(4, r.bytes(&secrets))];
    let pkcs8 = r.chance(2);
    let shown = if pkcs8 && r.chance(2) { None } else { inner };
    parts.extend(shown.map(|curve| element(0xa0, &curve)));
    let shown = r.pick(&points).clone();
    parts.extend(shown.map(|point| element(0xa1, &element(3, &point))));
    let mut der = sequence(&parts);
    let mut label = "EC PRIVATE KEY";
    if pkcs8 {
        let mut identifier = vec![b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01".to_vec()];
        identifier.extend(outer);
        der = sequence(&[
            vec![2, 1, *r.pick(&[0_u8, 0, 0, 1, 2])],
            sequence(&identifier),
            der::octets(&der),
        ]);
        label = "PRIVATE KEY";
    }
    let key = Section {
        label: label.to_owned(),
        der,
    };
    Case {
        certificate: chain(&pair),
        key: Some(key.pem()),
    }
}

/// The ECParameters of P-256 written out, as the fixture has them.
pub(crate) fn all_of_explicit() -> Vec<u8> {
    let key = &sections("keys/ec-P-256-explicit.pem")[0];
    let fields = all(&key.der);
    let (start, _, end) = *fields
        .iter()
        .filter(|field| key.der[field.0] == 0x30 && key.der[field.1] == 2)
        .max_by_key(|field| (field.2 - field.1 < 300, field.2 - field.1))
        .unwrap();
    key.der[start..end].to_vec()
}
