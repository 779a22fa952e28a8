//! The files that are mutated, and the hands that do it.

use crate::pem_mutations::der;

/// xorshift64*: the same files on every machine for one seed.
pub(crate) struct Random(u64);

impl Random {
    /// A generator of its own for each class, so that one class does not move the others.
    pub(crate) fn of(seed: u64, class: &str) -> Self {
        let mixed = class.bytes().fold(seed | 1, |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let mut random = Self(mixed | 1);
        for _ in 0..8 {
            random.below(2);
        }
        random
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D);
        usize::try_from(number >> 33).unwrap() % limit
    }

    pub(crate) fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub(crate) fn bytes<'a>(&mut self, from: &'a [impl AsRef<[u8]>]) -> &'a [u8] {
        self.pick(from).as_ref()
    }

    pub(crate) fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

/// One section: its label and content.
#[derive(Clone)]
pub(crate) struct Section {
    pub(crate) label: String,
    pub(crate) der: Vec<u8>,
}

impl Section {
    pub(crate) fn lines(&self) -> Vec<String> {
        let text = base64_simd::STANDARD.encode_to_string(&self.der);
        text.as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8(line.to_vec()).unwrap())
            .collect()
    }

    pub(crate) fn begin(&self) -> String {
        format!("-----BEGIN {}-----", self.label)
    }

    pub(crate) fn end(&self) -> String {
        format!("-----END {}-----", self.label)
    }

    /// All its lines, without their ends.
    pub(crate) fn all_lines(&self) -> Vec<Vec<u8>> {
        let mut lines = vec![self.begin().into_bytes()];
        lines.extend(self.lines().into_iter().map(String::into_bytes));
        lines.push(self.end().into_bytes());
        lines
    }

    pub(crate) fn pem(&self) -> Vec<u8> {
        joined(&self.all_lines())
    }
}

/// Lines with a newline behind each.
pub(crate) fn joined(lines: &[Vec<u8>]) -> Vec<u8> {
    lines
        .iter()
        .flat_map(|line| [line.as_slice(), b"\n"].concat())
        .collect()
}

/// A certificate with its issuer, and its key in every form.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) leaf: Section,
    pub(crate) issuer: Section,
    pub(crate) keys: Vec<Section>,
}

pub(crate) fn sections(name: &str) -> Vec<Section> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata")
        .join(name);
    pem::parse_many(std::fs::read(path).unwrap())
        .unwrap()
        .into_iter()
        .map(|section| Section {
            label: section.tag().to_owned(),
            der: section.contents().to_vec(),
        })
        .collect()
}

/// RSA, P-256, P-384 and Ed25519.
pub(crate) fn pairs() -> Vec<Pair> {
    let pair = |chain: &str, keys: &[&str]| {
        let chain = sections(chain);
        Pair {
            leaf: chain[0].clone(),
            issuer: chain[1].clone(),
            keys: keys.iter().flat_map(|key| sections(key)).collect(),
        }
    };
    vec![
        pair("pki/p256.chain.crt", &["pki/p256.key", "pki/p256.sec1.key"]),
        pair(
            "pki/fullchain.crt",
            &["pki/server.key", "pki/server.pkcs1.key"],
        ),
        pair("pki/p384.chain.crt", &["pki/p384.key"]),
        pair("pki/ed25519.chain.crt", &["pki/ed25519.key"]),
    ]
}

/// Every element of `bytes` by offset: (start, content start, end), constructed ones opened.
pub(crate) fn elements(
    bytes: &[u8],
    start: usize,
    end: usize,
    out: &mut Vec<(usize, usize, usize)>,
) {
    let mut place = start;
    while place + 2 <= end {
        let (length, head) = match bytes[place + 1] {
            short @ 0..0x80 => (usize::from(short), 2),
            long => {
                let count = usize::from(long & 0x7f);
                let digits = &bytes[place + 2..place + 2 + count];
                (
                    digits
                        .iter()
                        .fold(0, |sum, &digit| sum << 8 | usize::from(digit)),
                    2 + count,
                )
            }
        };
        let behind = place + head + length;
        out.push((place, place + head, behind));
        if bytes[place] & 0x20 != 0 {
            elements(bytes, place + head, behind, out);
        }
        place = behind;
    }
}

/// The same bytes with `new` in place of the element at `(start, end)`, all
/// lengths around it corrected.
pub(crate) fn replaced(bytes: &[u8], start: usize, end: usize, new: &[u8]) -> Vec<u8> {
    rebuilt(bytes, 0, bytes.len(), start, end, new)
}

fn rebuilt(bytes: &[u8], from: usize, to: usize, start: usize, end: usize, new: &[u8]) -> Vec<u8> {
    let mut found = Vec::new();
    elements(bytes, from, to, &mut found);
    let mut out = Vec::new();
    let mut place = from;
    for (at, content, behind) in found {
        if at < place {
            continue;
        }
        place = behind;
        if at == start && behind == end {
            out.extend_from_slice(new);
        } else if at < start && end <= behind && bytes[at] & 0x20 != 0 {
            let inner = rebuilt(bytes, content, behind, start, end, new);
            out.extend(der::element(bytes[at], &inner));
        } else {
            out.extend_from_slice(&bytes[at..behind]);
        }
    }
    out
}
