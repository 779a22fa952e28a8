//! Mutations of a certificate's DER.

use crate::pem_mutations::case::{Case, chain, plain};
use crate::pem_mutations::der::{element, sequence};
use crate::pem_mutations::material::{Pair, Random, elements, replaced};

/// Changes the DER of the server's own certificate, or of its issuer's.
pub(crate) fn certificate(
    r: &mut Random,
    pairs: &[Pair],
    change: fn(&mut Random, &mut Vec<u8>),
) -> Case {
    let (mut pair, key) = plain(r, pairs);
    let section = if r.chance(3) {
        &mut pair.issuer
    } else {
        &mut pair.leaf
    };
    change(r, &mut section.der);
    Case {
        certificate: chain(&pair),
        key: Some(key.pem()),
    }
}

pub(crate) fn all(der: &[u8]) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::new();
    elements(der, 0, der.len(), &mut found);
    found
}

pub(crate) fn names(r: &mut Random, pairs: &[Pair]) -> Case {
    certificate(r, pairs, |r, der| {
        let strings: Vec<_> = all(der)
            .into_iter()
            .filter(|&(start, _, _)| matches!(der[start], 0x0c | 0x13 | 0x16 | 0x14 | 0x1e))
            .collect();
        let (start, _, end) = *r.pick(&strings);
        let tag = *r.pick(&[
            12_u8, 12, 12, 19, 20, 22, 30, 30, 28, 18, 26, 27, 25, 21, 4, 3, 48, 2, 36, 44, 7,
        ]);
        let values: [&[u8]; 20] = [
            b"Example",
            b"M\xfcller",
            b"M\xc3\xbcller",
            b"\xff",
            b"a\0b",
            b"",
            b"\0E\0x",
            b"\xd8\0\0a",
            b"\0\0\0E",
            b"\0\x11\0\0",
            b"\xed\xa0\x80",
            b"\xf4\x90\x80\x80",
            b"\xc0\x80",
            b"\xf0\x9f\x98\x80",
            b"\xe2\x80",
            b"abc",
            b"\0\x01\xf6\0",
            b"\x0c\x03a\xc3\xbc",
            b"\xd8\x3d\xde\0",
            b"\x0c\x01\xfc",
        ];
        let new = element(tag, *r.pick(&values));
        *der = replaced(der, start, end, &new);
    })
}

pub(crate) fn value(r: &mut Random, der: &mut Vec<u8>) {
    let all = all(der);
    let (start, content, end) = *r.pick(&all);
    let body = der[content..end].to_vec();
    let new = match der[start] {
        1 => element(
            1,
            r.bytes(&[vec![1], vec![0], vec![], vec![0xff, 0], vec![0x7f]]),
        ),
        2 => element(
            2,
            &[vec![0], body.clone(), vec![]][r.below(2)]
                .iter()
                .chain(&body)
                .copied()
                .take(30)
                .collect::<Vec<_>>(),
        ),
        3 => {
            let mut body = body;
            if let Some(first) = body.first_mut() {
                *first = *r.pick(&[0, 1, 7, 8, 0xff]);
            }
            element(3, &body)
        }
        4 => element(0x24, &element(4, &body)),
        6 => {
            let mut body = body;
            match r.below(4) {
                0 => body.insert(0, 0x80),
                1 => body.push(0x81),
                2 => body.clear(),
                _ => body.push(1),
            }
            element(6, &body)
        }
        tag @ (0x17 | 0x18) => {
            let texts: [&[u8]; 10] = [
                b"260601000000Z",
                b"20260601000000Z",
                b"2606010000Z",
                b"260601000000+0100",
                b"",
                b"x",
                b"20260601000000.5Z",
                b"269901000000Z",
                b"20260601000000",
                b"99991231235959Z",
            ];
            element(
                if r.chance(4) { 0x17 + 0x18 - tag } else { tag },
                r.bytes(&texts),
            )
        }
        tag @ (0x0c | 0x13 | 0x16) => {
            let cut = body.len() / 2;
            element(
                tag | 0x20,
                &[element(tag, &body[..cut]), element(tag, &body[cut..])].concat(),
            )
        }
        5 => element(5, r.bytes(&[vec![], vec![0], vec![1, 2]])),
        tag => element(
            tag,
            &[
                body.as_slice(),
                r.bytes(&[b"".as_slice(), b"\0\0", b"\x05\0"]),
            ]
            .concat(),
        ),
    };
    *der = replaced(der, start, end, &new);
}

/// Other identifiers of the signature: OpenSSL's security level asks for its hash.
pub(crate) fn algorithms(r: &mut Random, pairs: &[Pair]) -> Case {
    certificate(r, pairs, |r, der| {
        const OIDS: [&[u8]; 22] = [
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04",
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05",
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b",
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c",
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d",
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e",
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02",
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x03",
            b"\x2a\x86\x48\xce\x3d\x04\x01",
            b"\x2a\x86\x48\xce\x3d\x04\x03\x01",
            b"\x2a\x86\x48\xce\x3d\x04\x03\x02",
            b"\x2a\x86\x48\xce\x3d\x04\x03\x03",
            b"\x2a\x86\x48\xce\x3d\x04\x03\x04",
            b"\x2b\x65\x70",
            b"\x2b\x65\x71",
            b"\x2a\x03\x04",
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01",
            b"\x60\x86\x48\x01\x65\x03\x04\x03\x02",
            b"\x2a\x86\x48\xce\x38\x04\x03",
            b"\x60\x86\x48\x01\x65\x03\x04\x03\x0a",
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0f",
            b"\x60\x86\x48\x01\x65\x03\x04\x03\x0e",
        ];
        // The AlgorithmIdentifier in front of the signature, the inner one, or both.
        let all = all(der);
        let identifiers: Vec<_> = all
            .iter()
            .filter(|&&(start, content, _)| der[start] == 0x30 && der[content] == 6)
            .copied()
            .collect();
        let outer = *identifiers.last().unwrap();
        let inner = *identifiers.first().unwrap();
        let new = sequence(&[element(6, *r.pick(&OIDS)), vec![5, 0]]);
        let which = r.below(3);
        if which != 1 {
            *der = replaced(der, outer.0, outer.2, &new);
        }
        if which != 0 {
            *der = replaced(der, inner.0, inner.2, &new);
        }
    })
}
