//! Small graphs of certificates: one grammar for the properties and for fuzzing.
#![allow(dead_code, missing_docs, unreachable_pub)]

use crate::pki::{Key, Spec, basic_constraints, extended_key_usage, extension, key_usage};
use crate::pki::{name, name_constraints, tlv};
use certcheck::chain::{Purpose, Request, Verification, verify};
use certcheck::model::Certificate;
use pki_types::{CertificateDer, UnixTime};
use std::sync::LazyLock;
use std::time::Duration;

pub const AT: &str = "2026-11-22T00:00:00Z";
/// CAs by name; each may have two keys, and there is one that all may share.
pub const CAS: usize = 7;
/// The name above all others, and that of the end-entity.
pub const ROOT: usize = CAS;
pub const SERVER: usize = CAS + 1;
const NAMES: usize = CAS + 2;

static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    (0..=2 * NAMES)
        .map(|n| Key::fixed(u8::try_from(n).unwrap()))
        .collect()
});

/// A name and one of its keys, 0 or 1; 2 is the shared one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Who {
    pub name: usize,
    pub key: usize,
}

pub const fn who(name: usize, key: usize) -> Who {
    Who { name, key }
}

impl Who {
    fn key(self) -> &'static Key {
        match self.key {
            2 => &KEYS[2 * NAMES],
            key => &KEYS[2 * self.name + key],
        }
    }

    fn text(self) -> String {
        match self.name {
            ROOT => "root".to_owned(),
            SERVER => "server".to_owned(),
            ca => format!("ca{ca}"),
        }
    }
}

/// What a certificate says.
#[derive(Clone, Debug, PartialEq)]
pub struct Says {
    /// basicConstraints of a CA, with a path length.
    pub ca: Option<Option<u8>>,
    /// The first byte of keyUsage.
    pub usage: Option<u8>,
    pub purposes: Vec<&'static str>,
    /// Names by the numbers of their forms: subjectAltName, and constraints.
    pub names: Vec<(u8, &'static str)>,
    pub permitted: Vec<(u8, &'static str)>,
    pub excluded: Vec<(u8, &'static str)>,
    pub expired: bool,
    pub key_ids: bool,
    /// An extension that nobody knows, and whether it is critical.
    pub unknown: Option<bool>,
    /// A certificatePolicies with anyPolicy, and whether it is critical.
    pub policies: Option<bool>,
    /// The issuer in capitals: the same name by RFC 5280 7.1.
    pub shouts: bool,
    /// More extensions, as they are encoded.
    pub also: Vec<Vec<u8>>,
}

impl Says {
    pub const fn nothing() -> Self {
        Self {
            ca: None,
            usage: None,
            purposes: Vec::new(),
            names: Vec::new(),
            permitted: Vec::new(),
            excluded: Vec::new(),
            expired: false,
            key_ids: true,
            unknown: None,
            policies: None,
            shouts: false,
            also: Vec::new(),
        }
    }

    pub fn ca(path_length: Option<u8>) -> Self {
        Self {
            ca: Some(path_length),
            usage: Some(0x06),
            ..Self::nothing()
        }
    }

    pub fn server() -> Self {
        Self {
            names: vec![(2, "example.com")],
            purposes: vec![SERVER_AUTH],
            ..Self::nothing()
        }
    }
}

pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
pub const ANY_USAGE: &str = "2.5.29.37.0";

/// A GeneralName: an address is written in hexadecimal, a directory name as
/// its commonName.
fn general_name((form, text): (u8, &str)) -> Vec<u8> {
    match form {
        4 => tlv(0xa4, &name(text)),
        7 => {
            let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
            tlv(
                0x87,
                &(0..text.len()).step_by(2).map(byte).collect::<Vec<_>>(),
            )
        }
        form => tlv(0x80 | form, text.as_bytes()),
    }
}

fn general_names(names: &[(u8, &'static str)]) -> Vec<Vec<u8>> {
    names.iter().copied().map(general_name).collect()
}

/// One certificate of a graph: whose, by whom, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub below: Who,
    pub above: Who,
    pub says: Says,
    /// Signed by the end-entity's second key instead.
    pub forged: bool,
}

impl Link {
    pub fn issue(&self, serial: u32) -> Vec<u8> {
        let says = &self.says;
        let mut issuer = self.above.text();
        if says.shouts {
            issuer.make_ascii_uppercase();
        }
        let mut spec = Spec::new(&self.below.text(), &issuer).serial(serial);
        spec.key_ids = says.key_ids;
        if says.expired {
            spec = spec.valid("20200101000000Z", "20210101000000Z");
        }
        let mut add = |extension: Vec<u8>| spec.extensions.push(extension);
        if let Some(length) = says.ca {
            add(basic_constraints(length));
        }
        if let Some(bits) = says.usage {
            let unused = u8::try_from(bits.trailing_zeros().min(7)).unwrap();
            add(key_usage(bits, unused));
        }
        if !says.purposes.is_empty() {
            add(extended_key_usage(&says.purposes));
        }
        if !says.names.is_empty() {
            let names = tlv(0x30, &general_names(&says.names).concat());
            add(extension("2.5.29.17", false, &names));
        }
        if !says.permitted.is_empty() || !says.excluded.is_empty() {
            let (permitted, excluded) = (
                general_names(&says.permitted),
                general_names(&says.excluded),
            );
            add(name_constraints(&permitted, &excluded));
        }
        if let Some(critical) = says.unknown {
            add(extension("1.3.6.1.4.1.32473.1", critical, &[5, 0]));
        }
        if let Some(critical) = says.policies {
            let any = tlv(0x30, &tlv(0x30, &crate::pki::oid("2.5.29.32.0")));
            add(extension("2.5.29.32", critical, &any));
        }
        spec.extensions.extend(says.also.iter().cloned());
        let forger = who(SERVER, 1);
        let signer = if self.forged { forger } else { self.above };
        spec.issue(self.below.key(), signer.key())
    }
}

/// What is given to a verifier.
pub struct Graph {
    pub leaf: Vec<u8>,
    pub anchors: Vec<Vec<u8>>,
    pub bag: Vec<Vec<u8>>,
}

impl Graph {
    pub fn verify(
        &self,
        bag: &[&Vec<u8>],
        at: &str,
        set: impl FnOnce(&mut Request<'_, '_>),
    ) -> Verification {
        let leaf = Certificate::parse(&self.leaf).unwrap();
        let anchors = crate::pki::parse(&self.anchors);
        let bag: Vec<_> = bag
            .iter()
            .map(|der| Certificate::parse(der).unwrap())
            .collect();
        let mut request = Request::new(&leaf, &bag, &anchors, at.parse().unwrap());
        request.purpose = Purpose::Server;
        set(&mut request);
        verify(&request)
    }

    /// rustls-webpki's verdict; where it accepts, the intermediates of its
    /// path, the lowest first, and the subject and the key of the anchor.
    pub fn webpki(&self) -> Result<(Vec<Vec<u8>>, Vec<u8>), webpki::Error> {
        let leaf = CertificateDer::from(self.leaf.as_slice());
        let der = |der: &Vec<u8>| CertificateDer::from(der.clone());
        let bag: Vec<_> = self.bag.iter().map(der).collect();
        let trusted: Vec<_> = self.anchors.iter().map(der).collect();
        let anchor = |der| webpki::anchor_from_trusted_cert(der).unwrap();
        let anchors: Vec<_> = trusted.iter().map(anchor).collect();
        let at: certcheck::Time = AT.parse().unwrap();
        let at = Duration::from_secs(at.unix_seconds().unsigned_abs());
        let leaf = webpki::EndEntityCert::try_from(&leaf)?;
        let path = leaf.verify_for_usage(
            webpki::ALL_VERIFICATION_ALGS,
            &anchors,
            &bag,
            UnixTime::since_unix_epoch(at),
            webpki::KeyUsage::server_auth(),
            None,
            None,
        )?;
        let intermediates = path.intermediate_certificates();
        let intermediates = intermediates
            .map(|certificate| certificate.der().to_vec())
            .collect();
        Ok((intermediates, path.anchor().subject.as_ref().to_vec()))
    }
}
