//! Mutations of the text around the DER: lines, boundaries, labels, order.

use crate::pem_mutations::case::{Case, Target, chain, plain, sectioned, target};
use crate::pem_mutations::der::sequence;
use crate::pem_mutations::material::{Pair, Random, Section, joined, sections};

pub(crate) const STRAY: [&[u8]; 20] = [
    b"\\", b"\"", b"'", b",", b":", b"-", b"=", b"#", b"_", b".", b"*", b" ", b"\t", b"\r",
    b"\x0b", b"\x0c", b"$", b"A", b"\\n", b"\x08",
];

pub(crate) fn odd_blank(r: &mut Random) -> Vec<u8> {
    r.pick(&[
        b"".as_slice(),
        b"",
        b" ",
        b"\t",
        b"   ",
        b"\r",
        b" \r",
        b"\x0b",
        b"\x0c",
        b"\xc2\xa0",
        b"\\",
        b"\0",
        b"=",
    ])
    .to_vec()
}

/// Beginning and end oftener than the rest.
pub(crate) fn stray_place(r: &mut Random, len: usize) -> usize {
    match r.below(3) {
        0 => len,
        1 => r.below(len + 1),
        _ => 0,
    }
}

pub(crate) fn insert(r: &mut Random, lines: &mut Vec<Vec<u8>>, line: &[u8]) {
    for _ in 0..=r.below(2) {
        let index = 1 + r.below(lines.len() - 1);
        lines.insert(index, line.to_vec());
    }
}

pub(crate) fn rewrap(lines: &mut Vec<Vec<u8>>, width: usize) {
    let last = lines.len() - 1;
    let text: Vec<u8> = lines.drain(1..last).flatten().collect();
    let new: Vec<_> = text.chunks(width).map(<[u8]>::to_vec).collect();
    lines.splice(1..1, new);
}

pub(crate) fn line_endings(r: &mut Random, pairs: &[Pair]) -> Case {
    let (mut case, target) = target(r, pairs);
    let every = r.chance(2);
    let ending: &[u8] = *r.pick(&[
        b"\r\n".as_slice(),
        b"\r",
        b"\n\r",
        b"\r\r\n",
        b"\n\n",
        b"\x0b\n",
        b" \n",
        b"\xe2\x80\xa8",
    ]);
    let bytes = case.part(target);
    let newlines = bytes.iter().filter(|&&byte| byte == b'\n').count();
    let one = r.below(newlines);
    let mut index = 0;
    let mut out = Vec::new();
    for &byte in bytes.iter() {
        if byte == b'\n' {
            out.extend_from_slice(if every || index == one { ending } else { b"\n" });
            index += 1;
        } else {
            out.push(byte);
        }
    }
    *bytes = out;
    case
}

pub(crate) fn boundary(r: &mut Random, line: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(line.to_vec()).unwrap();
    let new = match r.below(14) {
        0 => text.replacen('-', "", 1),
        1 => format!("-{text}"),
        2 => format!("{text}-"),
        3 => text.trim_end_matches('-').to_owned() + "----",
        4 => text.to_lowercase(),
        5 => format!(" {text}"),
        6 => format!("{text} "),
        7 => format!("{text}\t\r"),
        8 => format!("{text} # comment"),
        9 => text.replace(' ', "  "),
        10 => text
            .replace("-----BEGIN", "----- BEGIN")
            .replace("-----END", "----- END"),
        11 => text.replacen("-----", "\u{2013}\u{2013}\u{2013}", 1),
        12 => format!("{text}\r"),
        _ => format!("{text}\u{a0}"),
    };
    new.into_bytes()
}

pub(crate) fn label(r: &mut Random, pairs: &[Pair]) -> Case {
    sectioned(r, pairs, |r, target, section| {
        let labels: &[&str] = match target {
            Target::Key => &[
                "PRIVATE KEY",
                "RSA PRIVATE KEY",
                "EC PRIVATE KEY",
                "DSA PRIVATE KEY",
                "ENCRYPTED PRIVATE KEY",
                "ANY PRIVATE KEY",
                "PRIVATE  KEY",
                "private key",
                "ED25519 PRIVATE KEY",
                "X PRIVATE KEY",
                " PRIVATE KEY",
                "RSA-PSS PRIVATE KEY",
                "KEY",
            ],
            _ => &[
                "CERTIFICATE",
                "X509 CERTIFICATE",
                "TRUSTED CERTIFICATE",
                "CERT",
                "NEW CERTIFICATE",
                "PKCS7",
                "CERTIFICATE REQUEST",
                "certificate",
                "X.509 CERTIFICATE",
                "CERTIFICATE ",
            ],
        };
        section.label = (*r.pick(labels)).to_owned();
    })
}

pub(crate) fn surrounding(r: &mut Random, pairs: &[Pair]) -> Case {
    let (pair, key) = plain(r, pairs);
    let texts: [&[u8]; 14] = [
        b"subject=CN = a\n",
        b"# comment\n",
        b"-----\n",
        b"-----BEGIN\n",
        b"\n\n\n",
        b"Bag Attributes\n    localKeyID: 01 02\n",
        b"-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\n",
        b"text without an end",
        b"-----BEGIN X-----\n-----END X-----\n",
        b"\0\n",
        b"-----BEGIN X-----\nAAAA\n-----END X-----\n",
        b"\x1a",
        b"-----BEGIN PRIVATE KEY-----\n",
    ];
    let text = |r: &mut Random| {
        if r.chance(3) {
            r.pick(&texts).to_vec()
        } else {
            Vec::new()
        }
    };
    let certificate = [
        text(r),
        pair.leaf.pem(),
        text(r),
        pair.issuer.pem(),
        text(r),
    ]
    .concat();
    let key = [text(r), key.pem(), text(r)].concat();
    Case {
        certificate,
        key: Some(key),
    }
}

pub(crate) fn marks(r: &mut Random, pairs: &[Pair]) -> Case {
    let (mut case, target) = target(r, pairs);
    let bytes = case.part(target);
    let mark: &[u8] = b"\xef\xbb\xbf";
    match r.below(6) {
        0 => *bytes = [mark, bytes].concat(),
        1 => *bytes = [mark, mark, bytes].concat(),
        2 => *bytes = [b"\n", mark, bytes].concat(),
        3 => *bytes = [bytes, mark].concat(),
        4 => {
            let starts: Vec<usize> = (0..bytes.len())
                .filter(|&at| bytes[at..].starts_with(b"-----BEGIN"))
                .collect();
            let at = *r.pick(&starts);
            bytes.splice(at..at, mark.iter().copied());
        }
        _ => {
            let wide = |byte: u8, little: bool| if little { [byte, 0] } else { [0, byte] };
            let little = r.chance(2);
            let start: &[u8] = if little { b"\xff\xfe" } else { b"\xfe\xff" };
            *bytes = [
                start.to_vec(),
                bytes.iter().flat_map(|&byte| wide(byte, little)).collect(),
            ]
            .concat();
        }
    }
    case
}

pub(crate) fn glued(r: &mut Random, pairs: &[Pair]) -> Case {
    let (pair, own) = plain(r, pairs);
    let trim = |mut bytes: Vec<u8>| {
        bytes.pop();
        bytes
    };
    let glue: [&[u8]; 6] = [b"", b" ", b"\n", b"\r", b"\n\n", b"\t\n"];
    let third = r.pick(pairs).issuer.clone();
    let mut certificate = trim(pair.leaf.pem());
    certificate.extend_from_slice(*r.pick(&glue));
    certificate.extend(trim(pair.issuer.pem()));
    certificate.extend_from_slice(*r.pick(&glue));
    if r.chance(2) {
        certificate.extend(trim(third.pem()));
    }
    let mut key = if r.chance(3) {
        trim(pair.leaf.pem())
    } else {
        Vec::new()
    };
    if !key.is_empty() {
        key.extend_from_slice(*r.pick(&glue));
    }
    key.extend(trim(own.pem()));
    Case {
        certificate,
        key: Some(key),
    }
}

pub(crate) fn other_sections(r: &mut Random, pairs: &[Pair]) -> Case {
    let (pair, key) = plain(r, pairs);
    let made = |label: &str, der: Vec<u8>| {
        Section {
            label: label.to_owned(),
            der,
        }
        .pem()
    };
    let broken = |section: &Section| {
        let mut lines = section.all_lines();
        lines[1][3] = b'*';
        joined(&lines)
    };
    let mut extras = vec![
        made(
            "EC PARAMETERS",
            b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07".to_vec(),
        ),
        made("DH PARAMETERS", vec![0x30, 6, 2, 1, 23, 2, 1, 5]),
        made("X509 CRL", vec![0x30, 0]),
        made("CERTIFICATE REQUEST", sequence(&[])),
        made("PUBLIC KEY", sequence(&[])),
        made("SOMETHING", vec![1, 2, 3]),
        made("SOMETHING", Vec::new()),
        made("CERTIFICATE", sequence(&[])),
        made("PRIVATE KEY", sequence(&[])),
        made("OPENSSH PRIVATE KEY", b"openssh-key-v1\0".to_vec()),
        sections("keys/dh.pem")[0].pem(),
    ];
    extras.push(broken(&pair.issuer));
    extras.push(broken(&key));
    extras.push(pair.issuer.pem());
    extras.push(r.pick(pairs).keys[0].pem());
    let extra = |r: &mut Random| {
        if r.chance(2) {
            r.pick(&extras).clone()
        } else {
            Vec::new()
        }
    };
    let (a, b, c) = (extra(r), extra(r), extra(r));
    if r.chance(2) {
        let certificate = [a, pair.leaf.pem(), b, pair.issuer.pem(), c].concat();
        Case {
            certificate,
            key: Some(key.pem()),
        }
    } else {
        Case {
            certificate: chain(&pair),
            key: Some([a, key.pem(), b].concat()),
        }
    }
}

pub(crate) fn order(r: &mut Random, pairs: &[Pair]) -> Case {
    let (pair, key) = plain(r, pairs);
    let other = r.pick(pairs).clone();
    let all = [
        pair.leaf.clone(),
        pair.issuer.clone(),
        other.leaf.clone(),
        other.issuer.clone(),
    ];
    let mut certificate = if r.chance(2) {
        pair.leaf.pem()
    } else {
        Vec::new()
    };
    for _ in 0..=r.below(3) {
        certificate.extend(r.pick(&all).pem());
    }
    let mut keys = Vec::new();
    if r.chance(4) {
        keys.extend(other.keys[0].pem());
    }
    keys.extend(key.pem());
    if r.chance(4) {
        keys.extend(other.keys[0].pem());
    }
    Case {
        certificate,
        key: Some(keys),
    }
}
