//! The certificates of the real clients' test, made anew in every run with
//! OpenSSL's keys and signatures, and everything else as a scenario wants it.

use super::der::{extension, oid, seq, tlv};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a certificate is to say.
#[derive(Clone)]
pub(crate) struct Want {
    label: &'static str,
    subject: &'static str,
    issuer: &'static str,
    /// Whose key it is for, and whose signs it.
    key: &'static str,
    signer: &'static str,
    /// Days from now.
    days: (i64, i64),
    serial: Option<Vec<u8>>,
    version: u8,
    sha1: bool,
    /// The issuer's name as a PrintableString, where CAs write UTF8String.
    printable_issuer: bool,
    extensions: Vec<(&'static str, Vec<u8>)>,
    dropped: Vec<&'static str>,
}

/// keyCertSign and cRLSign; digitalSignature and keyEncipherment.
const CA_USAGE: [u8; 4] = [3, 2, 1, 0x06];
const SERVER_USAGE: [u8; 4] = [3, 2, 5, 0xa0];

impl Want {
    fn new(label: &'static str, subject: &'static str, issuer: &'static str) -> Self {
        Self {
            label,
            subject,
            issuer,
            key: subject,
            signer: issuer,
            days: (-30, 300),
            serial: None,
            version: 3,
            sha1: false,
            printable_issuer: false,
            extensions: Vec::new(),
            dropped: Vec::new(),
        }
    }

    /// A CA's certificate; its label is the name of its subject and key too.
    pub(crate) fn ca(subject: &'static str, issuer: &'static str) -> Self {
        Self::new(subject, subject, issuer)
            .with("bc", extension("2.5.29.19", true, &seq(&[&[1, 1, 0xff]])))
            .with("ku", extension("2.5.29.15", true, &CA_USAGE))
    }

    /// A server's for `localhost` and 127.0.0.1, with a key of its own.
    pub(crate) fn server(label: &'static str, issuer: &'static str) -> Self {
        let purpose = seq(&[&oid("1.3.6.1.5.5.7.3.1")]);
        let mut want = Self::new(label, "server", issuer)
            .with("bc", extension("2.5.29.19", true, &seq(&[])))
            .with("ku", extension("2.5.29.15", true, &SERVER_USAGE))
            .with("eku", extension("2.5.29.37", false, &purpose))
            .named(&["localhost"]);
        want.key = "leaf-key";
        want
    }

    /// The same under another label.
    pub(crate) fn label(mut self, label: &'static str) -> Self {
        self.label = label;
        self
    }

    pub(crate) fn key(mut self, key: &'static str) -> Self {
        self.key = key;
        self
    }

    pub(crate) fn signed_by(mut self, key: &'static str) -> Self {
        self.signer = key;
        self
    }

    pub(crate) fn days(mut self, from: i64, to: i64) -> Self {
        self.days = (from, to);
        self
    }

    pub(crate) fn serial(mut self, serial: &[u8]) -> Self {
        self.serial = Some(serial.to_vec());
        self
    }

    pub(crate) fn version_1(mut self) -> Self {
        self.version = 1;
        self
    }

    pub(crate) fn sha1(mut self) -> Self {
        self.sha1 = true;
        self
    }

    pub(crate) fn printable_issuer(mut self) -> Self {
        self.printable_issuer = true;
        self
    }

    /// With an extension, in the place of that name.
    pub(crate) fn with(mut self, name: &'static str, extension: Vec<u8>) -> Self {
        self.extensions.retain(|(it, _)| *it != name);
        self.extensions.push((name, extension));
        self
    }

    /// Without one; `ski` and `aki` are the key identifiers.
    pub(crate) fn without(mut self, name: &'static str) -> Self {
        self.extensions.retain(|(it, _)| *it != name);
        self.dropped.push(name);
        self
    }

    pub(crate) fn named(self, names: &[&str]) -> Self {
        let mut list: Vec<u8> = names
            .iter()
            .flat_map(|name| tlv(0x82, name.as_bytes()))
            .collect();
        list.extend(tlv(0x87, &[127, 0, 0, 1]));
        self.with("san", extension("2.5.29.17", false, &tlv(0x30, &list)))
    }

    pub(crate) fn path_length(self, length: u8) -> Self {
        let value = seq(&[&[1, 1, 0xff], &[2, 1, length]]);
        self.with("bc", extension("2.5.29.19", true, &value))
    }

    pub(crate) fn usage(self, bits: u8) -> Self {
        let unused = u8::try_from(bits.trailing_zeros()).unwrap();
        self.with("ku", extension("2.5.29.15", true, &[3, 2, unused, bits]))
    }

    pub(crate) fn purpose(self, purpose: &str) -> Self {
        self.with("eku", extension("2.5.29.37", false, &seq(&[&oid(purpose)])))
    }

    /// nameConstraints: a dNSName that is permitted (0) or excluded (1).
    pub(crate) fn constrained(self, kind: u8, name: &str) -> Self {
        let tree = seq(&[&tlv(0x82, name.as_bytes())]);
        let value = seq(&[&tlv(0xa0 + kind, &tree)]);
        self.with("nc", extension("2.5.29.30", true, &value))
    }
}

/// Keys and certificates, by their labels.
pub(crate) struct Pki {
    at: PathBuf,
    now: i64,
    serial: u16,
    spkis: BTreeMap<&'static str, Vec<u8>>,
    pub(crate) certificates: BTreeMap<&'static str, Vec<u8>>,
}

impl Pki {
    /// Whether it is a CA's by its own words.
    pub(crate) fn is_ca(&self, label: &str) -> bool {
        let der = &self.certificates[label];
        let certificate = certcheck::model::Certificate::parse(der).unwrap();
        certificate.is_ca() || certificate.version() == 1
    }
}

impl Pki {
    pub(crate) fn new(at: &Path, now: i64) -> Self {
        Self {
            at: at.to_owned(),
            now,
            serial: 0x1000,
            spkis: BTreeMap::new(),
            certificates: BTreeMap::new(),
        }
    }

    pub(crate) fn key_file(&self, key: &str) -> String {
        self.at.join(format!("{key}.key")).display().to_string()
    }

    /// A key of that kind, where P-256 will not do: `RSA 2048`, `EC P-384`, `ED25519`.
    pub(crate) fn key(&mut self, name: &'static str, kind: &str) {
        let file = self.key_file(name);
        let mut arguments = vec!["genpkey", "-out", &file];
        let option;
        match kind.split_once(' ') {
            Some((algorithm, size)) => {
                option = match algorithm {
                    "RSA" => format!("rsa_keygen_bits:{size}"),
                    _ => format!("ec_paramgen_curve:{size}"),
                };
                arguments.extend(["-algorithm", algorithm, "-pkeyopt", &option]);
            }
            None => arguments.extend(["-algorithm", kind]),
        }
        openssl(&arguments);
        let spki = openssl(&["pkey", "-in", &file, "-pubout", "-outform", "DER"]);
        self.spkis.insert(name, spki);
    }

    fn spki(&mut self, name: &'static str) -> Vec<u8> {
        if !self.spkis.contains_key(name) {
            self.key(name, "EC P-256");
        }
        self.spkis[name].clone()
    }

    pub(crate) fn make(&mut self, want: Want) {
        let (spki, issuer_spki) = (self.spki(want.key), self.spki(want.signer));
        let id = |spki: &[u8]| {
            let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, spki);
            digest.as_ref()[..20].to_vec()
        };
        self.serial += 1;
        let own = self.serial.to_be_bytes().to_vec();
        let algorithm = algorithm(&issuer_spki, want.sha1);
        let mut extensions: Vec<u8> = want
            .extensions
            .iter()
            .flat_map(|(_, extension)| extension.clone())
            .collect();
        if !want.dropped.contains(&"ski") {
            extensions.extend(extension("2.5.29.14", false, &tlv(4, &id(&spki))));
        }
        if !want.dropped.contains(&"aki") {
            let authority = seq(&[&tlv(0x80, &id(&issuer_spki))]);
            extensions.extend(extension("2.5.29.35", false, &authority));
        }
        let version = if want.version == 3 {
            tlv(0xa0, &[2, 1, 2])
        } else {
            extensions.clear();
            Vec::new()
        };
        let extensions = if extensions.is_empty() {
            extensions
        } else {
            tlv(0xa3, &tlv(0x30, &extensions))
        };
        let string = if want.printable_issuer { 0x13 } else { 0x0c };
        let tbs = seq(&[
            &version,
            &tlv(2, want.serial.as_ref().unwrap_or(&own)),
            &algorithm,
            &name(want.issuer, string),
            &seq(&[&self.time(want.days.0), &self.time(want.days.1)]),
            &name(want.subject, 0x0c),
            &spki,
            &extensions,
        ]);
        let signature = self.sign(&tbs, want.signer, &issuer_spki, want.sha1);
        let signature = [vec![0], signature].concat();
        let der = seq(&[&tbs, &algorithm, &tlv(3, &signature)]);
        assert!(
            self.certificates.insert(want.label, der).is_none(),
            "{}",
            want.label
        );
    }

    fn time(&self, days: i64) -> Vec<u8> {
        let time = certcheck::Time::from_unix_seconds(self.now).plus_days(days);
        let digits: String = time
            .to_string()
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        tlv(0x17, format!("{}Z", &digits[2..14]).as_bytes())
    }

    fn sign(&self, message: &[u8], key: &str, spki: &[u8], sha1: bool) -> Vec<u8> {
        let (file, input) = (self.key_file(key), self.at.join("tbs"));
        std::fs::write(&input, message).unwrap();
        let input = input.display().to_string();
        if kind(spki) == Kind::Ed25519 {
            return openssl(&["pkeyutl", "-sign", "-rawin", "-inkey", &file, "-in", &input]);
        }
        let hash = if sha1 { "-sha1" } else { "-sha256" };
        openssl(&["dgst", hash, "-sign", &file, "-binary", &input])
    }

    /// PEM of these certificates, one behind another.
    pub(crate) fn pem(&self, labels: &[&str]) -> String {
        labels
            .iter()
            .map(|label| {
                let der = self.certificates.get(label);
                let der = der.unwrap_or_else(|| panic!("no certificate {label}"));
                pem::encode_config(
                    &pem::Pem::new("CERTIFICATE", der.clone()),
                    pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF),
                )
            })
            .collect()
    }
}

#[derive(PartialEq, Eq)]
enum Kind {
    Rsa,
    Ec,
    Ed25519,
}

fn kind(spki: &[u8]) -> Kind {
    let has = |dotted: &str| {
        let oid = oid(dotted);
        spki.windows(oid.len()).any(|window| window == oid)
    };
    if has("1.2.840.113549.1.1.1") {
        Kind::Rsa
    } else if has("1.3.101.112") {
        Kind::Ed25519
    } else {
        Kind::Ec
    }
}

fn algorithm(spki: &[u8], sha1: bool) -> Vec<u8> {
    match (kind(spki), sha1) {
        (Kind::Rsa, false) => seq(&[&oid("1.2.840.113549.1.1.11"), &[5, 0]]),
        (Kind::Rsa, true) => seq(&[&oid("1.2.840.113549.1.1.5"), &[5, 0]]),
        (Kind::Ec, false) => seq(&[&oid("1.2.840.10045.4.3.2")]),
        (Kind::Ec, true) => seq(&[&oid("1.2.840.10045.4.1")]),
        (Kind::Ed25519, _) => seq(&[&oid("1.3.101.112")]),
    }
}

/// `/O=Clients/CN=…`.
fn name(common: &str, string: u8) -> Vec<u8> {
    let attribute =
        |kind: &str, text: &str| tlv(0x31, &seq(&[&oid(kind), &tlv(string, text.as_bytes())]));
    seq(&[
        &attribute("2.5.4.10", "Clients"),
        &attribute("2.5.4.3", common),
    ])
}

fn openssl(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("openssl")
        .args(arguments)
        .env("OPENSSL_CONF", "/dev/null")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {arguments:?}: {problem}");
    output.stdout
}
