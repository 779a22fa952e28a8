//! The classes of mutation. Each makes a whole case from a generator.

use crate::der::{self, element, sequence};
use crate::material::{Pair, Random, Section, elements, joined, replaced, sections};

/// What the servers are given.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) certificate: Vec<u8>,
    /// Nothing: the key stands in the file of the certificate.
    pub(crate) key: Option<Vec<u8>>,
}

pub(crate) type Maker = fn(&mut Random, &[Pair]) -> Case;

/// Name and maker of every class.
pub(crate) const CLASSES: &[(&str, Maker)] = &[
    ("blank line in the base64", |r, p| {
        lines(r, p, |r, lines| insert(r, lines, b""))
    }),
    ("blank lines behind BEGIN", |r, p| {
        lines(r, p, |r, lines| {
            for _ in 0..=r.below(3) {
                let blank = odd_blank(r);
                lines.insert(1, blank);
            }
        })
    }),
    ("blank lines before END", |r, p| {
        lines(r, p, |r, lines| {
            for _ in 0..=r.below(3) {
                let blank = odd_blank(r);
                let last = lines.len() - 1;
                lines.insert(last, blank);
            }
        })
    }),
    ("white-space line", |r, p| {
        lines(r, p, |r, lines| {
            let blank = odd_blank(r);
            insert(r, lines, &blank);
        })
    }),
    ("stray character", |r, p| {
        lines(r, p, |r, lines| {
            let index = 1 + r.below(lines.len() - 2);
            let at = stray_place(r, lines[index].len());
            let odd = *r.pick(&STRAY);
            lines[index].splice(at..at, odd.iter().copied());
        })
    }),
    ("line endings", line_endings),
    ("white space at line ends", |r, p| {
        lines(r, p, |r, lines| {
            for _ in 0..=r.below(3) {
                let index = r.below(lines.len());
                let blank = odd_blank(r);
                lines[index].extend(blank);
            }
        })
    }),
    ("indented lines", |r, p| {
        lines(r, p, |r, lines| {
            let all = r.chance(4);
            let from = if r.chance(3) { 0 } else { 1 };
            let index = from + r.below(lines.len() - 1 - from);
            let blank = [b" ".as_slice(), b"\t", b"   ", b"> "][r.below(4)];
            for (place, line) in lines.iter_mut().enumerate() {
                let inside = place >= from && (place + 1 < from + 1000);
                if (all && inside) || place == index {
                    line.splice(0..0, blank.iter().copied());
                }
            }
        })
    }),
    ("line lengths", |r, p| {
        lines(r, p, |r, lines| {
            let width = *r.pick(&[
                16, 48, 60, 63, 65, 66, 68, 72, 76, 77, 100, 200, 252, 253, 254, 255, 256, 300,
            ]);
            rewrap(lines, width);
            if r.chance(2) {
                insert(r, lines, b"");
            }
        })
    }),
    ("one line of another length", |r, p| {
        lines(r, p, |r, lines| {
            let index = 1 + r.below(lines.len() - 2);
            let at = r.below(lines[index].len().max(1));
            let tail = lines[index].split_off(at);
            lines.insert(index + 1, tail);
            if r.chance(2) {
                lines.insert(1, Vec::new());
            }
        })
    }),
    ("one long line", |r, p| {
        lines(r, p, |r, lines| {
            rewrap(lines, 1 << 20);
            for _ in 0..r.below(3) {
                let at = stray_place(r, lines[1].len());
                let odd = *r.pick(&[b" ".as_slice(), b"\t", b"\r", b"  ", b"\0", b"\x0b"]);
                lines[1].splice(at..at, odd.iter().copied());
            }
        })
    }),
    ("padding", |r, p| {
        lines(r, p, |r, lines| {
            let last = lines.len() - 2;
            let text = &mut lines[last];
            while text.last() == Some(&b'=') && r.chance(2) {
                text.pop();
            }
            for _ in 0..r.below(3) {
                let at = [text.len(), text.len(), r.below(text.len() + 1)][r.below(3)];
                text.insert(at, b'=');
            }
        })
    }),
    ("cut short", |r, p| {
        let (mut case, target) = target(r, p);
        let bytes = case.part(target);
        let keep = bytes.len() - [r.below(3), r.below(40), r.below(bytes.len())][r.below(3)];
        bytes.truncate(keep);
        case
    }),
    ("BEGIN line", |r, p| {
        lines(r, p, |r, lines| {
            let line = boundary(r, &lines[0]);
            lines[0] = line;
        })
    }),
    ("END line", |r, p| {
        lines(r, p, |r, lines| {
            let last = lines.len() - 1;
            let line = boundary(r, &lines[last]);
            lines[last] = line;
        })
    }),
    ("label", label),
    ("headers", |r, p| {
        lines(r, p, |r, lines| {
            let headers: [&[u8]; 8] = [
                b"Comment: x",
                b"Proc-Type: 4,CLEAR",
                b"Proc-Type: 4,ENCRYPTED",
                b"DEK-Info: AES-128-CBC,00000000000000000000000000000000",
                b"X-Key: a b c",
                b":",
                b"Subject: CN=a\\",
                b" folded",
            ];
            if r.chance(2) {
                lines.insert(1, Vec::new());
            }
            for _ in 0..r.below(3) {
                let header = r.pick(&headers).to_vec();
                lines.insert(1, header);
            }
        })
    }),
    ("text around the sections", surrounding),
    ("byte order mark and UTF-16", marks),
    ("glued sections", glued),
    ("zero and high bytes", |r, p| {
        lines(r, p, |r, lines| {
            for _ in 0..=r.below(2) {
                let index = r.below(lines.len());
                let at = stray_place(r, lines[index].len());
                let odd = [
                    b"\0".as_slice(),
                    b"\x80",
                    b"\xa0",
                    b"\xff",
                    b"\xc2\xa0",
                    b"\xe2\x80\xa8",
                    b"\x7f",
                    b"\x1a",
                ];
                let odd = *r.pick(&odd);
                lines[index].splice(at..at, odd.iter().copied());
            }
        })
    }),
    ("sections of other kinds", other_sections),
    ("order and repetition", order),
    ("lines lost, doubled, swapped", |r, p| {
        lines(r, p, |r, lines| {
            let (one, two) = (r.below(lines.len()), r.below(lines.len()));
            match r.below(6) {
                0 => drop(lines.remove(one)),
                1 => {
                    let line = lines[one].clone();
                    lines.insert(two, line);
                }
                2 => lines.swap(one, two),
                // Harmless: a line broken where OpenSSL does not mind.
                3 => {
                    let index = 1 + r.below(lines.len() - 2);
                    lines[index].push(b' ');
                }
                4 => lines.push(lines[one].clone()),
                _ => lines.insert(0, lines[one].clone()),
            }
        })
    }),
    ("changed characters in the base64", |r, p| {
        lines(r, p, |r, lines| {
            const ALPHABET: &[u8] =
                b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            let index = 1 + r.below(lines.len() - 2);
            let at = r.below(lines[index].len());
            lines[index][at] = *r.pick(ALPHABET);
        })
    }),
    ("bytes behind the object", |r, p| {
        sectioned(r, p, |r, _, section| {
            let behind = [
                vec![0],
                vec![0, 0],
                vec![0x30, 0],
                vec![5, 0],
                vec![0x30, 2, 5, 0],
                vec![0x30, 2, 0x30, 0],
                section.der.clone(),
                vec![r.byte(); 1 + r.below(5)],
                sequence(&[sequence(&[vec![6, 1, 42]])]),
                sequence(&[
                    element(0xa0, &[6, 1, 42]),
                    element(12, b"alias"),
                    element(4, b"id"),
                ]),
                sequence(&[element(0xa0, &[6, 1, 0x80])]),
                sequence(&[element(0xa1, &sequence(&[vec![6, 1, 42]]))]),
                b"\n".to_vec(),
            ];
            section.der.extend(r.pick(&behind));
        })
    }),
    ("strings in names", names),
    ("lengths that are not DER", |r, p| {
        certificate(r, p, |r, der| {
            let all = all(der);
            let (start, content, end) = *r.pick(&all);
            let body = &der[content..end];
            let mut new = vec![der[start]];
            match r.below(5) {
                0 => new.extend(
                    [0x82, 0, 0]
                        .iter()
                        .take(1)
                        .chain(&u16::try_from(body.len()).unwrap().to_be_bytes()),
                ),
                1 => new.extend(
                    [0x84]
                        .iter()
                        .chain(&u32::try_from(body.len()).unwrap().to_be_bytes()),
                ),
                2 => new.extend(
                    [0x8a, 0, 0, 0, 0, 0, 0]
                        .iter()
                        .chain(&u32::try_from(body.len()).unwrap().to_be_bytes()),
                ),
                3 => new.push(0x80),
                _ => new.extend(
                    [0x89, 1, 0, 0, 0, 0]
                        .iter()
                        .chain(&u32::try_from(body.len()).unwrap().to_be_bytes()),
                ),
            }
            let indefinite = new.last() == Some(&0x80) && new.len() == 2;
            new.extend_from_slice(body);
            if indefinite && !r.chance(6) {
                new.extend([0, 0]);
            }
            *der = replaced(der, start, end, &new);
        })
    }),
    ("values that are not DER", |r, p| certificate(r, p, value)),
    ("tags", |r, p| {
        certificate(r, p, |r, der| {
            let all = all(der);
            let (start, content, end) = *r.pick(&all);
            let tag = match r.below(4) {
                0 => der[start] ^ 0x20,
                1 => *r.pick(&[
                    1, 2, 3, 4, 5, 6, 9, 12, 19, 20, 22, 23, 24, 26, 28, 30, 0x30, 0x31, 0x80,
                    0xa0, 0xa3,
                ]),
                2 if matches!(der[start], 0x17 | 0x18) => 0x17 + 0x18 - der[start],
                2 if matches!(der[start], 0x0c | 0x13) => {
                    *r.pick(&[0x0c, 0x13, 0x14, 0x16, 0x12, 0x1e])
                }
                _ => r.byte(),
            };
            let new = element(tag, &der[content..end]);
            *der = replaced(der, start, end, &new);
        })
    }),
    ("elements lost, doubled, added", |r, p| {
        certificate(r, p, |r, der| {
            let all = all(der);
            let (start, _, end) = *r.pick(&all);
            let own = der[start..end].to_vec();
            let new = match r.below(5) {
                0 => Vec::new(),
                1 => [own.as_slice(), &own].concat(),
                2 => [own.as_slice(), &[5, 0]].concat(),
                3 => [own.as_slice(), &element(0x81, &[0, 1])].concat(),
                _ => [own.as_slice(), &element(4, b"x")].concat(),
            };
            *der = replaced(der, start, end, &new);
        })
    }),
    ("bytes of the certificate", |r, p| {
        certificate(r, p, |r, der| {
            for _ in 0..=r.below(2) {
                let at = r.below(der.len());
                der[at] = r.byte();
            }
        })
    }),
    ("signature algorithms", algorithms),
    ("numbers of an RSA key", rsa_numbers),
    ("parts of an EC key", ec_parts),
    ("structure of a key", |r, p| {
        let pair = r.pick(p).clone();
        let mut key = r.pick(&pair.keys).clone();
        let all = all(&key.der);
        let (start, content, end) = *r.pick(&all);
        let own = key.der[start..end].to_vec();
        let new = match r.below(6) {
            0 => Vec::new(),
            1 => [own.as_slice(), &[5, 0]].concat(),
            2 => element(key.der[start] ^ 0x20, &key.der[content..end]),
            3 => [
                &[key.der[start], 0x83],
                &u32::try_from(end - content).unwrap().to_be_bytes()[1..],
                &key.der[content..end],
            ]
            .concat(),
            4 => [own.as_slice(), &element(0xa0, &[])].concat(),
            _ => own,
        };
        key.der = replaced(&key.der, start, end, &new);
        Case {
            certificate: chain(&pair),
            key: Some(key.pem()),
        }
    }),
    ("one file for certificate and key", combined),
];

const STRAY: [&[u8]; 20] = [
    b"\\", b"\"", b"'", b",", b":", b"-", b"=", b"#", b"_", b".", b"*", b" ", b"\t", b"\r",
    b"\x0b", b"\x0c", b"$", b"A", b"\\n", b"\x08",
];

fn odd_blank(r: &mut Random) -> Vec<u8> {
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
fn stray_place(r: &mut Random, len: usize) -> usize {
    match r.below(3) {
        0 => len,
        1 => r.below(len + 1),
        _ => 0,
    }
}

fn insert(r: &mut Random, lines: &mut Vec<Vec<u8>>, line: &[u8]) {
    for _ in 0..=r.below(2) {
        let index = 1 + r.below(lines.len() - 1);
        lines.insert(index, line.to_vec());
    }
}

fn rewrap(lines: &mut Vec<Vec<u8>>, width: usize) {
    let last = lines.len() - 1;
    let text: Vec<u8> = lines.drain(1..last).flatten().collect();
    let new: Vec<_> = text.chunks(width).map(<[u8]>::to_vec).collect();
    lines.splice(1..1, new);
}

pub(crate) fn chain(pair: &Pair) -> Vec<u8> {
    [pair.leaf.pem(), pair.issuer.pem()].concat()
}

fn plain(r: &mut Random, pairs: &[Pair]) -> (Pair, Section) {
    let pair = r.pick(pairs).clone();
    let key = r.pick(&pair.keys).clone();
    (pair, key)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Leaf,
    Issuer,
    Key,
}

fn some_target(r: &mut Random) -> Target {
    *r.pick(&[Target::Leaf, Target::Issuer, Target::Key, Target::Key])
}

impl Case {
    fn part(&mut self, target: Target) -> &mut Vec<u8> {
        match (target, &mut self.key) {
            (Target::Key, Some(key)) => key,
            _ => &mut self.certificate,
        }
    }
}

fn target(r: &mut Random, pairs: &[Pair]) -> (Case, Target) {
    let (pair, key) = plain(r, pairs);
    (
        Case {
            certificate: chain(&pair),
            key: Some(key.pem()),
        },
        some_target(r),
    )
}

/// Changes the content of one section.
fn sectioned(
    r: &mut Random,
    pairs: &[Pair],
    change: fn(&mut Random, Target, &mut Section),
) -> Case {
    let (mut pair, mut key) = plain(r, pairs);
    let target = some_target(r);
    let section = match target {
        Target::Leaf => &mut pair.leaf,
        Target::Issuer => &mut pair.issuer,
        Target::Key => &mut key,
    };
    change(r, target, section);
    Case {
        certificate: chain(&pair),
        key: Some(key.pem()),
    }
}

/// Changes the lines of one section.
fn lines(r: &mut Random, pairs: &[Pair], change: fn(&mut Random, &mut Vec<Vec<u8>>)) -> Case {
    let (pair, key) = plain(r, pairs);
    let target = some_target(r);
    let changed = |section: &Section, mine: bool, r: &mut Random| {
        let mut lines = section.all_lines();
        if mine {
            change(r, &mut lines);
        }
        joined(&lines)
    };
    let leaf = changed(&pair.leaf, target == Target::Leaf, r);
    let issuer = changed(&pair.issuer, target == Target::Issuer, r);
    let key = changed(&key, target == Target::Key, r);
    Case {
        certificate: [leaf, issuer].concat(),
        key: Some(key),
    }
}

fn line_endings(r: &mut Random, pairs: &[Pair]) -> Case {
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

fn boundary(r: &mut Random, line: &[u8]) -> Vec<u8> {
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

fn label(r: &mut Random, pairs: &[Pair]) -> Case {
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

fn surrounding(r: &mut Random, pairs: &[Pair]) -> Case {
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

fn marks(r: &mut Random, pairs: &[Pair]) -> Case {
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

fn glued(r: &mut Random, pairs: &[Pair]) -> Case {
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

fn other_sections(r: &mut Random, pairs: &[Pair]) -> Case {
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

fn order(r: &mut Random, pairs: &[Pair]) -> Case {
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

/// Changes the DER of the server's own certificate, or of its issuer's.
fn certificate(r: &mut Random, pairs: &[Pair], change: fn(&mut Random, &mut Vec<u8>)) -> Case {
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

fn all(der: &[u8]) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::new();
    elements(der, 0, der.len(), &mut found);
    found
}

fn names(r: &mut Random, pairs: &[Pair]) -> Case {
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

fn value(r: &mut Random, der: &mut Vec<u8>) {
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
fn algorithms(r: &mut Random, pairs: &[Pair]) -> Case {
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

fn rsa_numbers(r: &mut Random, pairs: &[Pair]) -> Case {
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

fn ec_parts(r: &mut Random, pairs: &[Pair]) -> Case {
    let pair = pairs[0].clone();
    let sec1 = pair.keys[1].clone();
    let fields = all(&sec1.der);
    let of = |tag: u8| {
        fields
            .iter()
            .find(|it| sec1.der[it.0] == tag)
            .map(|it| sec1.der[it.1..it.2].to_vec())
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
fn all_of_explicit() -> Vec<u8> {
    let key = &sections("keys/ec-P-256-explicit.pem")[0];
    let fields = all(&key.der);
    let (start, _, end) = *fields
        .iter()
        .filter(|it| key.der[it.0] == 0x30 && key.der[it.1] == 2)
        .max_by_key(|it| (it.2 - it.1 < 300, it.2 - it.1))
        .unwrap();
    key.der[start..end].to_vec()
}

fn combined(r: &mut Random, pairs: &[Pair]) -> Case {
    let (pair, key) = plain(r, pairs);
    let mut parts = vec![pair.leaf.pem(), pair.issuer.pem(), key.pem()];
    for _ in 0..r.below(3) {
        let (one, two) = (r.below(3), r.below(3));
        parts.swap(one, two);
    }
    let which = r.below(3);
    match r.below(9) {
        0 => drop(parts.remove(which)),
        1 => {
            let at = r.below(parts[which].len());
            parts[which][at] = *r.pick(b"*=-\n\\ :");
        }
        2 => {
            parts[which].pop();
        }
        3 => parts[which].insert(0, b' '),
        4 => {
            let text = String::from_utf8(parts[which].clone()).unwrap();
            parts[which] = text.replacen('\n', "\n\n", 1 + r.below(3)).into_bytes();
        }
        5 => parts.push(r.pick(pairs).keys[0].pem()),
        6 => parts.insert(0, r.pick(pairs).keys[0].pem()),
        _ => {}
    }
    Case {
        certificate: parts.concat(),
        key: None,
    }
}
