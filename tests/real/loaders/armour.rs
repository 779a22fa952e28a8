//! Files of certificates whose armour is odd: every odd byte in every place of
//! the armour, and random mixtures from a fixed seed.

/// A file: what it is, in words, and its bytes.
pub(crate) type File = (String, Vec<u8>);

/// Bytes that editors, terminals, mail and copying leave behind.
pub(crate) const ODD: &[(&str, &[u8])] = &[
    ("space", b" "),
    ("tab", b"\t"),
    ("vertical-tab", b"\x0b"),
    ("form-feed", b"\x0c"),
    ("nul", b"\0"),
    ("carriage-return", b"\r"),
    ("line-feed", b"\n"),
    ("no-break-space", b"\xc2\xa0"),
    ("latin-1-no-break-space", b"\xa0"),
    ("byte-order-mark", b"\xef\xbb\xbf"),
    ("unit-separator", b"\x1f"),
    ("delete", b"\x7f"),
    ("backspace", b"\x08"),
    ("letter", b"x"),
    ("equals", b"="),
    ("hyphen", b"-"),
    ("colon", b":"),
    ("hash", b"#"),
    ("line-separator", b"\xe2\x80\xa8"),
    ("next-line", b"\xc2\x85"),
    ("substitute", b"\x1a"),
];

/// Places of the armour, as a text that has `@` there once.
const PLACES: &[(&str, &str)] = &[
    ("file-starts", "@{begin}\n{body}{end}\n{second}"),
    ("line-in-front", "@\n{begin}\n{body}{end}\n{second}"),
    (
        "behind-begin-word",
        "-----BEGIN@ CERTIFICATE-----\n{body}{end}\n{second}",
    ),
    (
        "in-front-of-label",
        "-----BEGIN @CERTIFICATE-----\n{body}{end}\n{second}",
    ),
    (
        "in-label",
        "-----BEGIN CERTI@FICATE-----\n{body}{end}\n{second}",
    ),
    (
        "behind-label",
        "-----BEGIN CERTIFICATE@-----\n{body}{end}\n{second}",
    ),
    ("behind-begin", "{begin}@\n{body}{end}\n{second}"),
    ("line-behind-begin", "{begin}\n@\n{body}{end}\n{second}"),
    ("first-line-starts", "{begin}\n@{body}{end}\n{second}"),
    ("in-line", "{begin}\n{first}@{rest}{end}\n{second}"),
    ("line-ends", "{begin}\n{line}@\n{lines}{end}\n{second}"),
    ("line-between", "{begin}\n{line}\n@\n{lines}{end}\n{second}"),
    ("every-line-starts", "{begin}\n{body:@}{end}\n{second}"),
    ("every-line-ends", "{begin}\n{body@:}{end}\n{second}"),
    ("last-line-ends", "{begin}\n{trimmed}@\n{end}\n{second}"),
    ("line-in-front-of-end", "{begin}\n{body}@\n{end}\n{second}"),
    ("in-front-of-end", "{begin}\n{body}@{end}\n{second}"),
    (
        "behind-end-word",
        "{begin}\n{body}-----END@ CERTIFICATE-----\n{second}",
    ),
    (
        "in-end-label",
        "{begin}\n{body}-----END CERT@IFICATE-----\n{second}",
    ),
    (
        "behind-end-label",
        "{begin}\n{body}-----END CERTIFICATE@-----\n{second}",
    ),
    ("behind-end", "{begin}\n{body}{end}@\n{second}"),
    ("line-between-sections", "{begin}\n{body}{end}\n@\n{second}"),
    ("in-front-of-second", "{begin}\n{body}{end}\n@{second}"),
    ("file-ends", "{begin}\n{body}{end}\n{second}@"),
];

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

fn body(pem: &str) -> String {
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    lines.map(|line| format!("{line}\n")).collect()
}

/// Every odd byte in every place, for a certificate with another behind it.
pub(crate) fn every(first: &str, second: &str) -> Vec<File> {
    let mut files = Vec::new();
    for (place, text) in PLACES {
        for (name, odd) in ODD {
            files.push((format!("{name} {place}"), fill(text, first, second, odd)));
        }
    }
    files
}

fn fill(text: &str, first: &str, second: &str, odd: &[u8]) -> Vec<u8> {
    let body = body(first);
    let (line, lines) = body.split_once('\n').unwrap();
    // Written in a place that no text has, and replaced last, for it may be no UTF-8.
    let starts: String = body.lines().map(|line| format!("@{line}\n")).collect();
    let ends: String = body.lines().map(|line| format!("{line}@\n")).collect();
    let (head, rest) = body.split_at(30);
    let text = text
        .replace("{body:@}", &starts)
        .replace("{body@:}", &ends)
        .replace("{begin}", BEGIN)
        .replace("{end}", END)
        .replace("{body}", &body)
        .replace("{trimmed}", body.trim_end())
        .replace("{first}", head)
        .replace("{rest}", rest)
        .replace("{line}", line)
        .replace("{lines}", lines)
        .replace("{second}", second);
    let mut bytes = Vec::new();
    for (index, part) in text.split('@').enumerate() {
        if index > 0 {
            bytes.extend_from_slice(odd);
        }
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}

/// xorshift64*: the same files on every machine for one seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D);
        usize::try_from(number >> 33).unwrap() % limit
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// Whole files put together from sections and text between them, and then
/// changed in up to three places.
pub(crate) fn random(seed: u64, count: usize, leaf: &str, mid: &str, key: &str) -> Vec<File> {
    let mut random = Random(seed);
    let mut files = Vec::new();
    for number in 0..count {
        let mut bytes = Vec::new();
        for _ in 0..=random.below(3) {
            bytes.extend(section(&mut random, leaf, mid, key));
            let between = [
                "",
                "",
                "",
                "",
                "\n",
                "subject=/CN=x\n",
                "-----\n",
                "----------\n",
                "{end}\n",
            ];
            let between = random.pick(&between).replace("{end}", END);
            bytes.extend_from_slice(between.as_bytes());
        }
        for _ in 0..random.below(4) {
            change(&mut random, &mut bytes);
        }
        files.push((format!("random {seed}-{number}"), bytes));
    }
    files
}

fn section(random: &mut Random, leaf: &str, mid: &str, key: &str) -> Vec<u8> {
    let pem = match random.below(12) {
        0 => key,
        1..=5 => mid,
        _ => leaf,
    };
    let label = match random.below(16) {
        _ if pem == key => "PRIVATE KEY",
        0 => "X509 CERTIFICATE",
        1 => "TRUSTED CERTIFICATE",
        2 => "CERTIFICATE REQUEST",
        3 => "certificate",
        4 => "CERTIFICATES",
        _ => "CERTIFICATE",
    };
    let ending = random.pick(&["\n", "\n", "\n", "\n", "\r\n", "\r\n", "\r", "\n\n"]);
    let lines = body(pem);
    let joined: String = lines.split('\n').collect();
    let width = random.pick(&[
        &64, &64, &64, &64, &76, &48, &1000, &100_000, &63, &254, &255, &1,
    ]);
    let mut text = format!("-----BEGIN {label}-----{ending}");
    match random.below(24) {
        0 => text += &format!("Proc-Type: 4,CLEAR{ending}{ending}"),
        1 => text += &format!("Comment: a{ending}"),
        2 => text += ending,
        _ => {}
    }
    for line in joined.as_bytes().chunks(*width) {
        text += std::str::from_utf8(line).unwrap();
        text += ending;
    }
    text += &format!("-----END {label}-----");
    let last = match random.below(12) {
        0 => "",
        1 => " ",
        _ => ending,
    };
    (text + last).into_bytes()
}

/// Something that happens to files: bytes come, go, or change places.
fn change(random: &mut Random, bytes: &mut Vec<u8>) {
    let lines: Vec<usize> = std::iter::once(0)
        .chain(
            bytes
                .iter()
                .enumerate()
                .filter(|(_, b)| **b == b'\n')
                .map(|(at, _)| at + 1),
        )
        .collect();
    let line = lines[random.below(lines.len())];
    let next = lines
        .iter()
        .copied()
        .find(|at| *at > line)
        .unwrap_or(bytes.len());
    let (_, odd) = ODD[random.below(ODD.len())];
    match random.below(11) {
        // In front of a line, behind it, in it.
        0 => drop(bytes.splice(line..line, odd.iter().copied())),
        1 => {
            let end = next.saturating_sub(1).max(line);
            drop(bytes.splice(end..end, odd.iter().copied()));
        }
        2 => {
            let at = line + random.below(next - line + 1);
            drop(bytes.splice(at..at, odd.iter().copied()));
        }
        // A line goes, comes twice, or is joined to the next.
        3 => drop(bytes.drain(line..next)),
        4 => drop(bytes.splice(line..line, bytes[line..next].to_vec())),
        5 if next > line => drop(bytes.remove(next - 1)),
        // Every line begins or ends so.
        6 => {
            let text = std::mem::take(bytes);
            for part in text.split_inclusive(|byte| *byte == b'\n') {
                bytes.extend_from_slice(odd);
                bytes.extend_from_slice(part);
            }
        }
        7 => {
            let text = std::mem::take(bytes);
            for part in text.split_inclusive(|byte| *byte == b'\n') {
                let cut = part.strip_suffix(b"\n");
                bytes.extend_from_slice(cut.unwrap_or(part));
                if cut.is_some() {
                    bytes.extend_from_slice(odd);
                    bytes.push(b'\n');
                }
            }
        }
        // The file is cut off, loses a byte, or a hyphen.
        8 if random.below(3) == 0 => {
            let at = random.below(bytes.len() + 1);
            bytes.truncate(at);
        }
        9 if !bytes.is_empty() => drop(bytes.remove(random.below(bytes.len()))),
        10 => {
            if let Some(at) = bytes.iter().skip(line).position(|byte| *byte == b'-') {
                let at = line + at;
                let hyphens: &[&[u8]] = &[b"", b"--", b"\xe2\x80\x94", b"- "];
                drop(bytes.splice(at..=at, random.pick(hyphens).iter().copied()));
            }
        }
        _ => {}
    }
}
