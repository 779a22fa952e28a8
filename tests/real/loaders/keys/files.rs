//! Files of keys of every kind, in every form, under every label, with every
//! fault: all of testdata/keys, and what is made of them here.

use crate::loader_keys::der::{Node, integer, octets, parse, sequence};
use crate::loader_keys::keys;

/// A file of a key.
pub(crate) struct KeyFile {
    /// What it is; the row's name in the table.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// The SubjectPublicKeyInfo of the certificate that goes with it.
    pub(crate) spki: Vec<u8>,
}

const RSA: &str = "rsa2048.pub";
const EC: &str = "ec-P-256.pub";
const ED: &str = "ed25519.pub";

fn file(name: impl Into<String>, bytes: impl Into<Vec<u8>>, public: &str) -> KeyFile {
    KeyFile {
        name: name.into(),
        bytes: bytes.into(),
        spki: keys::section(public).into_contents(),
    }
}

/// As OpenSSL writes it: lines of 64 characters.
pub(crate) fn armour(label: &str, der: &[u8]) -> String {
    let base64 = base64_simd::STANDARD.encode_to_string(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in base64.as_bytes().chunks(64) {
        text += std::str::from_utf8(line).unwrap();
        text.push('\n');
    }
    text + &format!("-----END {label}-----\n")
}

fn der(name: &str) -> Vec<u8> {
    keys::section(name).into_contents()
}

pub(crate) fn all() -> Vec<KeyFile> {
    let mut files = stored();
    files.extend(labelled());
    files.extend(armoured());
    files.extend(accompanied());
    files.extend(forged());
    files.extend(structured());
    files.extend(binary());
    files.sort_by(|one, other| one.name.cmp(&other.name));
    files
}

/// testdata/keys as it stands.
fn stored() -> Vec<KeyFile> {
    let with_public = |name: String| {
        let key = keys::read(&name, Some(&keys::passphrase()));
        let spki = key
            .ok()
            .and_then(|key| key.public_key_der().map(<[u8]>::to_vec));
        KeyFile {
            bytes: keys::text(&name).into_bytes(),
            // The schemes that are not opened here hide one of three keys.
            spki: spki.unwrap_or_else(|| match name.as_str() {
                name if name.contains("-dek-") => der("rsa1024.pub"),
                name if name.contains("-sm4-") => der(RSA),
                _ => der(EC),
            }),
            name,
        }
    };
    keys::files(".pem").into_iter().map(with_public).collect()
}

/// Each form of key under each label.
fn labelled() -> Vec<KeyFile> {
    let forms = [
        ("pkcs8-rsa", "rsa2048.pem", RSA),
        ("pkcs1", "rsa2048.pkcs1.pem", RSA),
        ("pkcs8-ec", "ec-P-256.pem", EC),
        ("sec1", "ec-P-256.sec1.pem", EC),
        ("pkcs8-ed25519", "ed25519.pem", ED),
        ("pkcs8-dsa", "dsa2048-256.pem", "dsa2048-256.pub"),
        (
            "traditional-dsa",
            "dsa2048-256.traditional.pem",
            "dsa2048-256.pub",
        ),
        ("encrypted-rsa", "encrypted-pbes2-rsa2048.pem", RSA),
        ("encrypted-ec", "encrypted-pbes2-aes-256-cbc.pem", EC),
    ];
    let labels = [
        "PRIVATE KEY",
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "DSA PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "ANY PRIVATE KEY",
        "ED25519 PRIVATE KEY",
        "private key",
        "KEY",
        "CERTIFICATE",
    ];
    let mut files = Vec::new();
    for (form, name, public) in forms {
        for label in labels {
            files.push(file(
                format!("{form} as {label}"),
                armour(label, &der(name)),
                public,
            ));
        }
    }
    files
}

/// Sound keys with odd armour.
fn armoured() -> Vec<KeyFile> {
    let mut files = Vec::new();
    let bases = [
        ("rsa", "rsa2048.pem", RSA),
        ("sec1", "ec-P-256.sec1.pem", EC),
        ("encrypted", "encrypted-pbes2-aes-256-cbc.pem", EC),
        ("dek", "encrypted-dek-ec.pem", EC),
    ];
    for (short, name, public) in bases {
        let text = keys::text(name);
        let lines: Vec<&str> = text.lines().collect();
        let (begin, end) = (lines[0], lines[lines.len() - 1]);
        let base64: String = lines
            .iter()
            .filter(|line| !line.contains(['-', ':']) && !line.is_empty())
            .copied()
            .collect();
        let headers: String = lines
            .iter()
            .filter(|line| line.contains(':'))
            .map(|line| format!("{line}\n"))
            .collect();
        let blank = if headers.is_empty() { "" } else { "\n" };
        let wrapped = |width: usize| {
            let mut out = format!("{begin}\n{headers}{blank}");
            for line in base64.as_bytes().chunks(width) {
                out += std::str::from_utf8(line).unwrap();
                out.push('\n');
            }
            out + end + "\n"
        };
        let each = |front: &str, behind: &str| -> String {
            let each = |line: &&str| format!("{front}{line}{behind}\n");
            lines.iter().map(each).collect()
        };
        let utf16 = |little: bool| -> Vec<u8> {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            let unit = |unit: u16| {
                if little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            };
            units.flat_map(unit).collect()
        };
        let certificate = std::fs::read_to_string(keys::path("../encoding/base/leaf.crt")).unwrap();
        let dash = text.replace("-----", "\u{2014}\u{2014}");
        let variants: Vec<(&str, Vec<u8>)> = vec![
            ("crlf", text.replace('\n', "\r\n").into()),
            ("cr", text.replace('\n', "\r").into()),
            ("byte order mark", format!("\u{feff}{text}").into()),
            ("utf-16 le", utf16(true)),
            ("utf-16 be", utf16(false)),
            ("no final newline", text.trim_end().into()),
            ("glued", format!("{}{text}", certificate.trim_end()).into()),
            ("indented", each("    ", "").into()),
            ("indented by tabs", each("\t", "").into()),
            ("trailing blanks", each("", "  ").into()),
            ("trailing vertical tabs", each("", "\x0b").into()),
            ("trailing form feeds", each("", "\x0c").into()),
            ("trailing no-break spaces", each("", "\u{a0}").into()),
            ("zero bytes behind", each("", "\0").into()),
            ("double spaced", each("", "\n").into()),
            ("quoted", each("> ", "").into()),
            ("one line", wrapped(100_000).into()),
            ("lines of 76", wrapped(76).into()),
            ("lines of 63", wrapped(63).into()),
            ("lines of 1", wrapped(1).into()),
            ("text in front", format!("a key\n{text}").into()),
            ("text behind", format!("{text}a key\n").into()),
            (
                "blank line behind begin",
                text.replacen('\n', "\n\n", 1).into(),
            ),
            (
                "comment header",
                text.replacen('\n', "\nComment: x\n\n", 1).into(),
            ),
            (
                "escaped newlines",
                text.trim_end().replace('\n', "\\n").into(),
            ),
            ("spaces for newlines", text.replace('\n', " ").into()),
            ("smart dashes", dash.into()),
            (
                "four dashes in front",
                text.replace("-----BEGIN", "----BEGIN").into(),
            ),
            (
                "six dashes in front",
                text.replace("-----BEGIN", "------BEGIN").into(),
            ),
            (
                "four dashes behind",
                text.replacen("KEY-----", "KEY----", 1).into(),
            ),
            (
                "four dashes at the end",
                text.replace("-----END", "----END").into(),
            ),
            ("no end", text.replace(end, "").into()),
            (
                "end of another label",
                text.replace(end, "-----END CERTIFICATE-----").into(),
            ),
            ("without dashes", base64.clone().into()),
            ("lost character", text.replacen("\nM", "\n", 1).into()),
            ("odd character", text.replacen("\nM", "\n*M", 1).into()),
            ("padding lost", text.replace("=\n", "\n").into()),
            (
                "padding doubled",
                text.replace(&format!("\n{end}"), &format!("==\n{end}"))
                    .into(),
            ),
            ("empty", Vec::new()),
            ("empty section", format!("{begin}\n{end}\n").into()),
            ("der", pem_content(name)),
        ];
        for (what, bytes) in variants {
            files.push(file(format!("{short}: {what}"), bytes, public));
        }
    }
    files
}

fn pem_content(name: &str) -> Vec<u8> {
    keys::section(name).into_contents()
}

/// Keys with something in front or behind.
fn accompanied() -> Vec<KeyFile> {
    let rsa = keys::text("rsa2048.pem");
    let ec = keys::text("ec-P-256.sec1.pem");
    let pkcs8_ec = keys::text("ec-P-256.pem");
    let encrypted = keys::text("encrypted-pbes2-aes-256-cbc.pem");
    let dek = keys::text("encrypted-dek-ec.pem");
    let ed448 = keys::text("ed448.pem");
    let dsa = keys::text("dsa2048-256.traditional.pem");
    let base =
        |name: &str| std::fs::read_to_string(keys::path("../encoding/base").join(name)).unwrap();
    let (certificate, request, public) = (base("leaf.crt"), base("leaf.csr"), base("leaf.pub"));
    let damaged = certificate.replacen("\nM", "\n*", 1);
    let broken_key = rsa.replacen("\nM", "\n*", 1);
    let empty_key = armour("PRIVATE KEY", &[0x30, 0]);
    let text_key = armour("PRIVATE KEY", b"this is no key at all");
    let parameters = base("ec.params");
    let rows: Vec<(&str, String, &str)> = vec![
        ("certificate, rsa", format!("{certificate}{rsa}"), RSA),
        ("rsa, certificate", format!("{rsa}{certificate}"), RSA),
        ("certificate, sec1", format!("{certificate}{ec}"), EC),
        ("request, rsa", format!("{request}{rsa}"), RSA),
        ("public key, rsa", format!("{public}{rsa}"), RSA),
        ("list, rsa", format!("{}{rsa}", base("mid.crl")), RSA),
        (
            "dh parameters, rsa",
            format!("{}{rsa}", base("dh.params")),
            RSA,
        ),
        (
            "ec parameters, pkcs8",
            format!("{parameters}{pkcs8_ec}"),
            EC,
        ),
        ("ec parameters, sec1", format!("{parameters}{ec}"), EC),
        ("ec parameters alone", parameters.clone(), EC),
        (
            "pkcs8, ec parameters",
            format!("{pkcs8_ec}{parameters}"),
            EC,
        ),
        ("damaged certificate, rsa", format!("{damaged}{rsa}"), RSA),
        ("rsa, damaged certificate", format!("{rsa}{damaged}"), RSA),
        ("damaged key, rsa", format!("{broken_key}{rsa}"), RSA),
        ("rsa, damaged key", format!("{rsa}{broken_key}"), RSA),
        ("empty sequence, rsa", format!("{empty_key}{rsa}"), RSA),
        ("text as key, rsa", format!("{text_key}{rsa}"), RSA),
        ("rsa, ec", format!("{rsa}{ec}"), RSA),
        ("ec, rsa", format!("{ec}{rsa}"), EC),
        ("encrypted, rsa", format!("{encrypted}{rsa}"), EC),
        ("dek, rsa", format!("{dek}{rsa}"), EC),
        ("rsa, encrypted", format!("{rsa}{encrypted}"), RSA),
        ("ed448, rsa", format!("{ed448}{rsa}"), "ed448.pub"),
        ("ed448, rsa (its certificate)", format!("{ed448}{rsa}"), RSA),
        ("dsa, rsa", format!("{dsa}{rsa}"), "dsa2048-256.pub"),
        ("dsa, rsa (its certificate)", format!("{dsa}{rsa}"), RSA),
        (
            "encrypted, rsa (its certificate)",
            format!("{encrypted}{rsa}"),
            RSA,
        ),
        ("dek, rsa (its certificate)", format!("{dek}{rsa}"), RSA),
        ("ec, rsa (its certificate)", format!("{ec}{rsa}"), RSA),
        (
            "certificate labelled key, rsa",
            format!("{}{rsa}", certificate.replace("CERTIFICATE", "PRIVATE KEY")),
            RSA,
        ),
        ("ssh key, rsa", format!("{}{rsa}", base("ssh.key")), RSA),
        (
            "unknown label, rsa",
            format!("{}{rsa}", armour("SOMETHING", &[0x30, 0])),
            RSA,
        ),
        ("ssh key", base("ssh.key"), ED),
        ("public key alone", public.clone(), RSA),
        ("certificate alone", certificate.clone(), RSA),
        (
            "bag attributes, rsa",
            format!("Bag Attributes\n    friendlyName: x\nKey Attributes: <No Attributes>\n{rsa}"),
            RSA,
        ),
    ];
    rows.into_iter()
        .map(|(name, text, public)| file(format!("together: {name}"), text, public))
        .collect()
}

/// The numbers of an RSA or DSA key in its traditional form.
fn numbers(der: &[u8]) -> Vec<Vec<u8>> {
    let Node::Sequence(fields) = parse(der) else {
        panic!("no SEQUENCE");
    };
    let number = |field: Node| match field {
        Node::Primitive(2, value) => value,
        other => panic!("{other:?}"),
    };
    fields.into_iter().map(number).collect()
}

fn rebuilt(numbers: &[Vec<u8>]) -> Vec<u8> {
    let each: Vec<_> = numbers.iter().map(|number| integer(number)).collect();
    sequence(&each)
}

/// Keys whose parts contradict one another, with the right public part.
fn forged() -> Vec<KeyFile> {
    let sound = numbers(&der("rsa2048.pkcs1.pem"));
    let Node::Sequence(fields) = parse(&der("rsa2048-other.pem")) else {
        panic!("no SEQUENCE");
    };
    let Node::Primitive(4, inner) = &fields[2] else {
        panic!("no key");
    };
    let other = numbers(inner);
    let mut files = Vec::new();
    let mut forge = |what: &str, change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut numbers = sound.clone();
        change(&mut numbers);
        let der = rebuilt(&numbers);
        files.push(file(
            format!("forged: rsa {what}"),
            armour("RSA PRIVATE KEY", &der),
            RSA,
        ));
    };
    forge("sound", &|_| {});
    forge("another key's parts", &|n| {
        n[3..].clone_from_slice(&other[3..])
    });
    forge("d", &|n| n[3][90] ^= 1);
    forge("d of zero", &|n| n[3] = vec![0]);
    forge("p", &|n| n[4][20] ^= 1);
    forge("q", &|n| n[5][20] ^= 1);
    forge("p and q swapped", &|n| n.swap(4, 5));
    forge("dP", &|n| n[6][20] ^= 1);
    forge("dQ", &|n| n[7][20] ^= 1);
    forge("qInv", &|n| n[8][20] ^= 1);
    forge("no primes", &|n| n[4..].fill(vec![0]));
    forge("even n", &|n| *n[1].last_mut().unwrap() ^= 1);
    forge("e of another key", &|n| n[2] = vec![3]);
    // Sound, as far as it computes: d is larger than RFC 8017 section 3.2 wants.
    forge("large d", &|n| {
        let number = |bytes: &[u8]| rsa::BigUint::from_bytes_be(bytes);
        let one = rsa::BigUint::from(1_u8);
        let (p, q) = (number(&n[4]) - &one, number(&n[5]) - &one);
        n[3] = (number(&n[3]) + p * q * rsa::BigUint::from(3_u8)).to_bytes_be();
    });
    // Sound, but for the order of its primes: qInv is then p⁻¹ mod q.
    forge("smaller prime first", &|n| {
        let number = |bytes: &[u8]| rsa::BigUint::from_bytes_be(bytes);
        let (p, q) = (number(&n[4]), number(&n[5]));
        let inverse = p.modpow(&(&q - rsa::BigUint::from(2_u8)), &q);
        n.swap(4, 5);
        n.swap(6, 7);
        n[8] = inverse.to_bytes_be();
    });

    let dsa = numbers(&der("dsa2048-256.traditional.pem"));
    let mut changed = dsa.clone();
    changed[5][10] ^= 1;
    files.push(file(
        "forged: dsa x",
        armour("DSA PRIVATE KEY", &rebuilt(&changed)),
        "dsa2048-256.pub",
    ));
    for (curve, public) in [
        ("P-256", EC),
        ("P-384", "ec-P-384.pub"),
        ("P-521", "ec-P-521.pub"),
    ] {
        let Node::Sequence(fields) = parse(&der(&format!("ec-{curve}.sec1.pem"))) else {
            panic!("no SEQUENCE");
        };
        let Node::Primitive(4, scalar) = fields[1].clone() else {
            panic!("no scalar");
        };
        let mut with = |what: &str, scalar: Vec<u8>, keep: usize| {
            let mut fields = fields.clone();
            fields[1] = Node::Primitive(4, scalar);
            fields.truncate(keep);
            let der = Node::Sequence(fields).to_der();
            files.push(file(
                format!("forged: {curve} {what}"),
                armour("EC PRIVATE KEY", &der),
                public,
            ));
        };
        let mut damaged = scalar.clone();
        damaged[9] ^= 1;
        with("another scalar", damaged, 4);
        with("scalar of zero", vec![0; scalar.len()], 4);
        with("scalar too large", vec![0xff; scalar.len()], 4);
        with("padded scalar", [&[0, 0], scalar.as_slice()].concat(), 4);
        with("without public key", scalar.clone(), 3);
        with("without curve", scalar[..].to_vec(), 2);
    }
    files
}

/// PKCS#8 with all that it may carry.
fn structured() -> Vec<KeyFile> {
    let Node::Sequence(fields) = parse(&der("ed25519.pem")) else {
        panic!("no SEQUENCE");
    };
    let Node::Primitive(4, seed) = fields[2].clone() else {
        panic!("no seed");
    };
    let public = der(ED)[12..].to_vec();
    let algorithm = || sequence(&[vec![6, 3, 0x2b, 0x65, 0x70]]);
    let carried = |public: &[u8]| Node::Primitive(0x81, [&[0], public].concat()).to_der();
    let attributes = || Node::Primitive(0xa0, Vec::new()).to_der();
    let mut wrong = public.clone();
    wrong[3] ^= 1;
    let (zero, one) = (|| vec![2, 1, 0], || integer(&[1]));
    let mut files = Vec::new();
    let mut ed = |what: &str, parts: &[Vec<u8>]| {
        let text = armour("PRIVATE KEY", &sequence(parts));
        files.push(file(format!("structure: ed25519 {what}"), text, ED));
    };
    ed("version 0", &[zero(), algorithm(), octets(&seed)]);
    ed("version 1 alone", &[one(), algorithm(), octets(&seed)]);
    ed(
        "version 1 and public key",
        &[one(), algorithm(), octets(&seed), carried(&public)],
    );
    ed(
        "version 0 and public key",
        &[zero(), algorithm(), octets(&seed), carried(&public)],
    );
    ed(
        "version 1 and another public key",
        &[one(), algorithm(), octets(&seed), carried(&wrong)],
    );
    ed("version 2", &[integer(&[2]), algorithm(), octets(&seed)]);
    ed(
        "attributes",
        &[zero(), algorithm(), octets(&seed), attributes()],
    );
    ed(
        "seed without its own string",
        &[zero(), algorithm(), octets(&seed[2..])],
    );

    for (name, label, public) in [
        ("rsa2048.pem", "PRIVATE KEY", RSA),
        ("rsa2048.pkcs1.pem", "RSA PRIVATE KEY", RSA),
        ("ec-P-256.pem", "PRIVATE KEY", EC),
        ("ec-P-256.sec1.pem", "EC PRIVATE KEY", EC),
        ("ed25519.pem", "PRIVATE KEY", ED),
    ] {
        let stem = name.trim_end_matches(".pem");
        let behind = [der(name), b"debris".to_vec()].concat();
        files.push(file(
            format!("structure: {stem} with bytes behind"),
            armour(label, &behind),
            public,
        ));
        let mut cut = der(name);
        cut.truncate(cut.len() - 5);
        files.push(file(
            format!("structure: {stem} cut off"),
            armour(label, &cut),
            public,
        ));
    }
    // PKCS#8 whose algorithm has no parameters where RFC 3279 wants NULL, and the reverse.
    let inner = der("rsa2048.pkcs1.pem");
    let rsa = vec![6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    let bare = sequence(&[zero(), sequence(std::slice::from_ref(&rsa)), octets(&inner)]);
    files.push(file(
        "structure: rsa without NULL",
        armour("PRIVATE KEY", &bare),
        RSA,
    ));
    let version_one = sequence(&[one(), sequence(&[rsa, vec![5, 0]]), octets(&inner)]);
    files.push(file(
        "structure: rsa version 1 alone",
        armour("PRIVATE KEY", &version_one),
        RSA,
    ));
    let ed_null = sequence(&[
        zero(),
        sequence(&[vec![6, 3, 0x2b, 0x65, 0x70], vec![5, 0]]),
        octets(&seed),
    ]);
    files.push(file(
        "structure: ed25519 with NULL",
        armour("PRIVATE KEY", &ed_null),
        ED,
    ));
    files
}

/// Every key of testdata/keys that is PKCS#8 and in the clear, as DER.
fn binary() -> Vec<KeyFile> {
    let plain = |file: &KeyFile| file.bytes.starts_with(b"-----BEGIN PRIVATE KEY");
    let as_der = |file: KeyFile| KeyFile {
        bytes: der(&file.name),
        name: format!("der: {}", file.name),
        ..file
    };
    stored().into_iter().filter(plain).map(as_der).collect()
}
