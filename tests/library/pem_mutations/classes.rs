//! The classes of mutation. Each makes a whole case from a generator.

use crate::pem_mutations::armour::{
    STRAY, boundary, glued, insert, label, line_endings, marks, odd_blank, order, other_sections,
    rewrap, stray_place, surrounding,
};
use crate::pem_mutations::case::{Case, Maker, chain, lines, plain, sectioned, target};
use crate::pem_mutations::certificate::{algorithms, all, certificate, names, value};
use crate::pem_mutations::der::{element, sequence};
use crate::pem_mutations::key::{ec_parts, rsa_numbers};
use crate::pem_mutations::material::{Pair, Random, replaced};

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
            // A block of YAML, a tab of a settings file, and a quotation in a mail.
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
                // RFC 7468 has 64, MIME 76; OpenSSL reads lines into a buffer of 255 bytes
                // (`LINESIZE`), where a longer one is cut in two.
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
        // Near the end most often, where a copy with the mouse stops.
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
            // RFC 1421 has such headers in PEM; most readers of today know the two of OpenSSL's
            // encryption.
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

pub(crate) fn combined(r: &mut Random, pairs: &[Pair]) -> Case {
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
