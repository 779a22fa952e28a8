//! A small certification authority, so that every test issues what it needs.
#![allow(dead_code, missing_docs, unreachable_pub)]

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, RSA_PKCS1_SHA256};
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, KeyPair};

pub mod crl;
pub mod policy;

pub fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut der = vec![tag];
    match contents.len() {
        n @ 0..=0x7f => der.push(u8::try_from(n).unwrap()),
        n @ 0x80..=0xff => der.extend([0x81, u8::try_from(n).unwrap()]),
        n @ 0x100..=0xffff => {
            der.push(0x82);
            der.extend(u16::try_from(n).unwrap().to_be_bytes());
        }
        n @ 0x1_0000..=0xff_ffff => {
            der.push(0x83);
            der.extend(&u32::try_from(n).unwrap().to_be_bytes()[1..]);
        }
        n => {
            der.push(0x84);
            der.extend(u32::try_from(n).unwrap().to_be_bytes());
        }
    }
    der.extend(contents);
    der
}

pub fn seq(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

pub fn oid(dotted: &str) -> Vec<u8> {
    tlv(6, &certcheck::model::oid_contents(dotted).unwrap())
}

pub fn name(common: &str) -> Vec<u8> {
    if common.is_empty() {
        return seq(&[]);
    }
    let attribute = seq(&[&oid("2.5.4.3"), &tlv(0x0c, common.as_bytes())]);
    seq(&[&tlv(0x31, &attribute)])
}

pub fn parse(ders: &[Vec<u8>]) -> Vec<certcheck::model::Certificate<'_>> {
    let parse = |der| certcheck::model::Certificate::parse(der).unwrap();
    ders.iter().map(|der: &Vec<u8>| parse(der)).collect()
}

pub enum Key {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(aws_lc_rs::rsa::KeyPair),
}

impl Key {
    pub fn new() -> Self {
        Self::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap())
    }

    /// RSA-2048.
    pub fn rsa() -> Self {
        let size = aws_lc_rs::rsa::KeySize::Rsa2048;
        Self::Rsa(aws_lc_rs::rsa::KeyPair::generate(size).unwrap())
    }

    /// Always the same Ed25519 key, whose signatures are always the same too.
    pub fn fixed(number: u8) -> Self {
        Self::Ed25519(Ed25519KeyPair::from_seed_unchecked(&[number; 32]).unwrap())
    }

    pub fn spki(&self) -> Vec<u8> {
        let p256 = || seq(&[&oid("1.2.840.10045.2.1"), &oid("1.2.840.10045.3.1.7")]);
        let (algorithm, point) = match self {
            Self::P256(key) => (p256(), key.public_key().as_ref()),
            Self::Ed25519(key) => (self.algorithm(), key.public_key().as_ref()),
            Self::Rsa(key) => {
                let whole: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
                return whole.as_ref().to_vec();
            }
        };
        seq(&[&algorithm, &tlv(3, &[&[0], point].concat())])
    }

    /// The identifier of its signatures.
    pub fn algorithm(&self) -> Vec<u8> {
        match self {
            Self::P256(_) => seq(&[&oid(ECDSA_SHA256)]),
            Self::Ed25519(_) => seq(&[&oid("1.3.101.112")]),
            Self::Rsa(_) => seq(&[&oid("1.2.840.113549.1.1.11"), &[5, 0]]),
        }
    }

    pub fn id(&self) -> Vec<u8> {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &self.spki());
        digest.as_ref()[..20].to_vec()
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature = match self {
            Self::P256(key) => key.sign(&SystemRandom::new(), message).unwrap(),
            Self::Ed25519(key) => key.sign(message),
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(
                    &RSA_PKCS1_SHA256,
                    &SystemRandom::new(),
                    message,
                    &mut signature,
                )
                .unwrap();
                return signature;
            }
        };
        signature.as_ref().to_vec()
    }
}

pub const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";

/// What a certificate is to say.
#[derive(Clone)]
pub struct Spec {
    pub subject: Vec<u8>,
    pub issuer: Vec<u8>,
    pub serial: Vec<u8>,
    /// The number in the field: 2 for version 3; `None` for no field.
    pub version: Option<u8>,
    /// The unique identifiers, as they are encoded.
    pub unique_ids: Vec<u8>,
    /// UTCTime with a year of two digits, GeneralizedTime with one of four.
    pub not_before: &'static str,
    pub not_after: &'static str,
    pub key_ids: bool,
    pub extensions: Vec<Vec<u8>>,
}

pub fn extension(number: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    seq(&[&oid(number), flag, &tlv(4, value)])
}

pub fn basic_constraints(path_length: Option<u8>) -> Vec<u8> {
    let mut contents = vec![1, 1, 0xff];
    if let Some(length) = path_length {
        contents.extend([2, 1, length]);
    }
    extension("2.5.29.19", true, &tlv(0x30, &contents))
}

pub fn dns_names(names: &[&str]) -> Vec<u8> {
    let names: Vec<u8> = names
        .iter()
        .flat_map(|name| tlv(0x82, name.as_bytes()))
        .collect();
    extension("2.5.29.17", false, &tlv(0x30, &names))
}

/// nameConstraints with permitted and excluded dNSNames.
pub fn dns_constraints(permitted: &[&str], excluded: &[&str]) -> Vec<u8> {
    let names = |names: &[&str]| -> Vec<Vec<u8>> {
        let name = |name: &&str| tlv(0x82, name.as_bytes());
        names.iter().map(name).collect()
    };
    name_constraints(&names(permitted), &names(excluded))
}

/// nameConstraints with permitted and excluded names, as they are encoded.
pub fn name_constraints(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Vec<u8> {
    let trees =
        |names: &[Vec<u8>]| -> Vec<u8> { names.iter().flat_map(|name| seq(&[name])).collect() };
    let mut contents = Vec::new();
    if !permitted.is_empty() {
        contents.extend(tlv(0xa0, &trees(permitted)));
    }
    if !excluded.is_empty() {
        contents.extend(tlv(0xa1, &trees(excluded)));
    }
    extension("2.5.29.30", true, &tlv(0x30, &contents))
}

pub fn key_usage(bits: u8, unused: u8) -> Vec<u8> {
    extension("2.5.29.15", true, &[3, 2, unused, bits])
}

pub fn extended_key_usage(purposes: &[&str]) -> Vec<u8> {
    let purposes: Vec<u8> = purposes.iter().flat_map(|purpose| oid(purpose)).collect();
    extension("2.5.29.37", false, &tlv(0x30, &purposes))
}

impl Spec {
    pub fn new(subject: &str, issuer: &str) -> Self {
        Self {
            subject: name(subject),
            issuer: name(issuer),
            serial: vec![1],
            version: Some(2),
            unique_ids: Vec::new(),
            not_before: "20200101000000Z",
            not_after: "20400101000000Z",
            key_ids: true,
            extensions: Vec::new(),
        }
    }

    /// A CA's certificate.
    pub fn ca(subject: &str, issuer: &str) -> Self {
        Self::new(subject, issuer)
            .with(basic_constraints(None))
            .with(key_usage(0x06, 1))
    }

    /// A server's certificate for `example.com`.
    pub fn server(issuer: &str) -> Self {
        Self::new("server", issuer)
            .with(dns_names(&["example.com"]))
            .with(extended_key_usage(&["1.3.6.1.5.5.7.3.1"]))
    }

    pub fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    pub fn valid(mut self, not_before: &'static str, not_after: &'static str) -> Self {
        (self.not_before, self.not_after) = (not_before, not_after);
        self
    }

    pub fn serial(mut self, serial: u32) -> Self {
        let digits = serial.to_be_bytes();
        let skip = digits
            .iter()
            .take_while(|digit| **digit == 0)
            .count()
            .min(3);
        self.serial = digits[skip..].to_vec();
        if self.serial[0] & 0x80 != 0 {
            self.serial.insert(0, 0);
        }
        self
    }

    /// The certificate for `key`, signed by `issuer`.
    pub fn issue(&self, key: &Key, issuer: &Key) -> Vec<u8> {
        let ids = (key.id(), issuer.id());
        self.build(&key.spki(), ids, &issuer.algorithm(), |tbs| {
            issuer.sign(tbs)
        })
    }

    /// The certificate for any key, signed by anybody.
    pub fn build(
        &self,
        spki: &[u8],
        (id, issuer_id): (Vec<u8>, Vec<u8>),
        algorithm: &[u8],
        sign: impl FnOnce(&[u8]) -> Vec<u8>,
    ) -> Vec<u8> {
        let mut extensions = self.extensions.clone();
        if self.key_ids {
            extensions.push(extension("2.5.29.14", false, &tlv(4, &id)));
            let authority = seq(&[&tlv(0x80, &issuer_id)]);
            extensions.push(extension("2.5.29.35", false, &authority));
        }
        // A list of extensions has at least one (RFC 5280 4.1.2.9).
        let extensions = match extensions.concat() {
            none if none.is_empty() => none,
            some => tlv(0xa3, &tlv(0x30, &some)),
        };
        let version = self
            .version
            .map_or(vec![], |number| tlv(0xa0, &[2, 1, number]));
        let tbs = seq(&[
            &version,
            &tlv(2, &self.serial),
            algorithm,
            &self.issuer,
            &seq(&[&time(self.not_before), &time(self.not_after)]),
            &self.subject,
            spki,
            &self.unique_ids,
            &extensions,
        ]);
        let signature = [vec![0], sign(&tbs)].concat();
        seq(&[&tbs, algorithm, &tlv(3, &signature)])
    }
}

fn time(text: &str) -> Vec<u8> {
    tlv(if text.len() == 13 { 0x17 } else { 0x18 }, text.as_bytes())
}

/// What a revocation list is to say.
#[derive(Clone)]
pub struct List {
    pub issuer: Vec<u8>,
    pub this_update: &'static str,
    /// Empty for none.
    pub next_update: &'static str,
    pub entries: Vec<Vec<u8>>,
    pub extensions: Vec<Vec<u8>>,
}

/// The contents of an integer, for a serial or a list's number.
pub fn number(value: u8) -> Vec<u8> {
    if value < 0x80 {
        vec![2, 1, value]
    } else {
        vec![2, 2, 0, value]
    }
}

impl List {
    pub fn new(issuer: &str, list_number: u8) -> Self {
        Self {
            issuer: name(issuer),
            this_update: "20260101000000Z",
            next_update: "20300101000000Z",
            entries: Vec::new(),
            extensions: vec![extension("2.5.29.20", false, &number(list_number))],
        }
    }

    pub fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    /// A revoked serial number, with a reason and extensions of the entry.
    pub fn revoke(self, serial: u8, extensions: &[Vec<u8>]) -> Self {
        self.revoke_number(&number(serial), extensions)
    }

    /// The same for any number, as it is encoded.
    pub fn revoke_number(mut self, serial: &[u8], extensions: &[Vec<u8>]) -> Self {
        let list = if extensions.is_empty() {
            vec![]
        } else {
            tlv(0x30, &extensions.concat())
        };
        let at = tlv(0x18, b"20260101000000Z");
        self.entries.push(seq(&[serial, &at, &list]));
        self
    }

    pub fn issue(&self, key: &Key) -> Vec<u8> {
        self.build(&key.algorithm(), |tbs| key.sign(tbs))
    }

    /// The list, signed by anybody.
    pub fn build(&self, algorithm: &[u8], sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let entries = if self.entries.is_empty() {
            vec![]
        } else {
            tlv(0x30, &self.entries.concat())
        };
        let extensions = tlv(0xa0, &tlv(0x30, &self.extensions.concat()));
        let next_update = if self.next_update.is_empty() {
            vec![]
        } else {
            time(self.next_update)
        };
        let tbs = seq(&[
            &[2, 1, 1],
            algorithm,
            &self.issuer,
            &time(self.this_update),
            &next_update,
            &entries,
            &extensions,
        ]);
        let signature = [vec![0], sign(&tbs)].concat();
        seq(&[&tbs, algorithm, &tlv(3, &signature)])
    }
}
