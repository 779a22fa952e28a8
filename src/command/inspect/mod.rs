//! What is in any file.

mod loaders;
mod ssh;

pub use loaders::{Loaded, LoadedKey, Loads, Served};

use crate::Time;
use crate::answer::{Answer, Check};
use crate::encoding::{Document, Form, SectionKind};
use crate::finding::{CertificateFact, Finding, Fingerprint, hex};
use crate::model::{
    Certificate, ContentType, DescribedExtension, GeneralNames, Integrity, KeyProblem, Passphrase,
    PublicKey, described_extensions, purpose_name,
};
use crate::objects::{self, Content, Inside, Opened};
use crate::preflight::EXPIRES_WITHIN;
use crate::preflight::files::{self, Role};
use crate::server::{Loaders, Profile};
use crate::signature;
use crate::source::Lines;
use crate::validity::Validity;
use std::borrow::Borrow;

/// What is in the files, in their order.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Inspection {
    /// Every object found, known or not.
    pub objects: Vec<Object>,
    /// What each loader, and each server, makes of each file, where that was asked.
    pub loads: Loads,
}

/// One object of a file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Object {
    /// The file as the user named it.
    pub source: String,
    /// The object's place in its file, counted from 0.
    pub index: usize,
    /// The lines it stands on, where the file has lines.
    pub lines: Option<Lines>,
    /// The PEM label as written.
    pub label: Option<String>,
    /// What it is: `certificate`, `private-key`, `public-key`, `csr`, `crl`,
    /// `pkcs7`, `pkcs12`, `jks`, `parameters`, `ssh-key`, `html`, `text`, `unknown`.
    pub kind: &'static str,
    /// How it is written: `pem`, `base64`, `der`, `other`.
    pub encoding: &'static str,
    /// The bytes of its DER, where it could be decoded.
    pub size: Option<usize>,
    /// The index of the container that it was taken out of.
    pub container: Option<usize>,
    /// The name that the container gives it (friendlyName, alias).
    pub name: Option<String>,
    /// What it says.
    pub details: Details,
}

/// What an object says.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Details {
    /// Nothing that was read.
    None,
    /// A certificate.
    Certificate(Box<CertificateDetails>),
    /// A private or public key.
    Key(KeyDetails),
    /// A certification request.
    Csr(CsrDetails),
    /// A certificate revocation list.
    Crl(CrlDetails),
    /// A PKCS#7 or PKCS#12 container or a Java keystore; its contents are objects
    /// of their own, behind it.
    Container(ContainerDetails),
}

/// What is told of a container.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ContainerDetails {
    /// What a PKCS#7 container is, by its name in RFC 5652: `SignedData`,
    /// `EnvelopedData`, …; nothing of others.
    pub content_type: Option<&'static str>,
    /// The same in words.
    pub message: Option<&'static str>,
    /// How many objects were found in it.
    pub contents: usize,
    /// What its authentication code says: `absent`, `not-checked` for want of a
    /// passphrase, `not-computable`, `holds`, `wrong` for this passphrase, or
    /// `broken` where the passphrase opens the contents all the same.
    pub integrity: &'static str,
    /// The encryption of the parts that were not opened.
    pub closed: Vec<String>,
}

/// What is told of a key. Nothing in here is secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KeyDetails {
    /// The algorithm, `RSA`, `EC P-256`, `Ed25519`, or the object identifier.
    pub algorithm: String,
    /// Its size in bits, where the algorithm has one.
    pub bits: Option<u64>,
    /// SHA-256 of its SubjectPublicKeyInfo, where that is known.
    pub spki_sha256: Option<Fingerprint>,
    /// The scheme of its encryption, for a private key under a passphrase.
    pub encryption: Option<String>,
}

/// What is told of a certificate.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CertificateDetails {
    /// The subject's name.
    pub subject: String,
    /// The issuer's name.
    pub issuer: String,
    /// The serial number, in hexadecimal digits.
    pub serial: String,
    /// notBefore.
    pub not_before: Time,
    /// notAfter.
    pub not_after: Time,
    /// The subject's public key.
    pub public_key: KeyDetails,
    /// The signature algorithm.
    pub signature_algorithm: String,
    /// The names in subjectAltName, `DNS:www.example.com`, `IP:192.0.2.1`.
    pub subject_alt_names: Vec<String>,
    /// Whether basicConstraints marks it as a CA's.
    pub is_ca: bool,
    /// Whether its own key verifies its signature.
    pub self_signed: bool,
    /// The keyUsage bits by name.
    pub key_usage: Vec<String>,
    /// The extendedKeyUsage purposes by name or object identifier.
    pub extended_key_usage: Vec<String>,
    /// The subject key identifier, in hexadecimal digits.
    pub subject_key_id: Option<String>,
    /// The authority key identifier, in hexadecimal digits.
    pub authority_key_id: Option<String>,
    /// Where the issuer's certificate can be had (caIssuers).
    pub ca_issuers: Vec<String>,
    /// Every extension, in words where it can be put in words.
    pub extensions: Vec<DescribedExtension>,
    /// SHA-256 of the certificate.
    pub sha256: Fingerprint,
}

/// What is told of a certification request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CsrDetails {
    /// The name asked for.
    pub subject: String,
    /// The key that the certificate is asked for.
    pub public_key: KeyDetails,
    /// The signature algorithm.
    pub signature_algorithm: String,
    /// The names asked for in subjectAltName.
    pub subject_alt_names: Vec<String>,
}

/// What is told of a certificate revocation list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CrlDetails {
    /// Who issued it.
    pub issuer: String,
    /// When.
    pub this_update: Time,
    /// When the next one is due, where it says.
    pub next_update: Option<Time>,
    /// Its number (CRLNumber), in hexadecimal digits.
    pub number: Option<String>,
    /// How many certificates it revokes.
    pub entries: usize,
}

/// Says what is in the documents; a passphrase opens encrypted keys.
///
/// Documents may be given one by one: each that is handed over is dropped before
/// the next is asked for, so that thousands of files need not be held at once.
pub fn inspect<D: Borrow<Document>>(
    documents: impl IntoIterator<Item = D>,
    passphrase: Option<&Passphrase>,
) -> Answer<Inspection> {
    let mut inspection = Inspection::default();
    let mut findings = Vec::new();
    let mut checks = vec![Check::ran("encoding")];
    let mut names = Vec::new();
    for document in documents {
        let document = document.borrow();
        names.push(document.source().name().to_owned());
        let opened = Opened::new(document, passphrase);
        let objects = opened.objects();
        let unopened = objects::unopened(&objects).or_else(|| unproven(&objects));
        checks.extend(unopened.map(|reason| match passphrase {
            Some(_) => Check::impossible("containers", reason),
            None => Check::not_asked("containers", reason),
        }));
        checks.extend(unlooked(&objects).map(|reason| Check::not_asked("keys", reason)));
        let all: Vec<_> = objects.iter().collect();
        let deviations = objects::deviations(document, &all, Loaders::Mainstream);
        findings.extend(
            deviations
                .into_iter()
                .filter(|finding| !objects::is_answered(finding, &objects)),
        );
        findings.extend(objects.iter().filter_map(objects::Object::problem));
        if objects.is_empty() {
            inspection.objects.push(nothing(document));
        }
        // What is told of one takes the room of another that was read.
        let told = objects.into_iter().map(|object| one(&object));
        inspection.objects.extend(told);
    }
    let names = names.iter().map(String::as_str);
    Answer::new(inspection, findings, checks, names)
}

/// A container whose contents lie open, but whose authentication code could not
/// be computed for want of a passphrase.
fn unproven(objects: &[objects::Object<'_>]) -> Option<String> {
    let object = objects.iter().find(|object| {
        matches!(&object.content, Content::Container(inside)
            if inside.integrity == Integrity::NotChecked && inside.problem.is_none())
    })?;
    Some(format!(
        "{}: whether it is whole was not checked, for no passphrase was given",
        object.subject().source
    ))
}

/// Private keys that stay locked.
fn unlooked(objects: &[objects::Object<'_>]) -> Option<String> {
    let is_locked = |object: &&objects::Object<'_>| {
        matches!(
            &object.content,
            Content::ClosedKey(KeyProblem::Encrypted(_))
        )
    };
    let first = objects.iter().find(is_locked)?;
    let what = match objects.iter().filter(is_locked).count() {
        1 => "the private key in it is encrypted".to_owned(),
        several => format!("{several} private keys in it are encrypted"),
    };
    Some(format!(
        "{}: {what}, and no passphrase was given",
        first.subject().source
    ))
}

/// Judges files of certificates that a server is to trust: CA certificates,
/// nothing else, valid at the moment `at`.
pub fn to_be_trusted(
    documents: &[Document],
    server: &'static Profile,
    at: Time,
) -> Answer<Inspection> {
    let checks = vec![Check::ran("encoding")];
    let mut answer = Answer::new(Inspection::default(), vec![], checks, []);
    let mut findings = Vec::new();
    for document in documents {
        let opened = Opened::new(document, None);
        let objects = opened.objects();
        findings.extend(files::judge(document, &objects, Role::Ca, server));
        for object in &objects {
            let Some(certificate) = object.certificate() else {
                continue;
            };
            if !certificate.is_ca() {
                let reason = "basicConstraints does not mark it as a CA's".to_owned();
                findings.push(Finding::new(
                    CertificateFact::NotACa { reason },
                    object.subject(),
                ));
            }
            let fact = Validity::of(certificate, at).fact(at, EXPIRES_WITHIN);
            findings.extend(fact.map(|fact| Finding::new(fact, object.subject())));
        }
        answer.result.objects.extend(objects.iter().map(one));
    }
    answer.joined(findings)
}

fn nothing(document: &Document) -> Object {
    let kind = match document.form() {
        Form::Html => "html",
        Form::Text | Form::Pem => "text",
        _ => "unknown",
    };
    Object {
        source: document.source().name().to_owned(),
        index: 0,
        lines: None,
        label: None,
        kind,
        encoding: "other",
        size: Some(document.source().bytes().len()),
        container: None,
        name: None,
        details: Details::None,
    }
}

fn one(object: &objects::Object<'_>) -> Object {
    let section = object.section;
    Object {
        source: object.document.source().name().to_owned(),
        index: object.index,
        lines: section.lines(),
        label: section.label().map(str::to_owned),
        kind: kind(section.kind()),
        encoding: section.encoding().as_str(),
        size: section.der().map(<[u8]>::len),
        container: object.container,
        name: object.name.map(str::to_owned),
        details: details(object),
    }
}

fn kind(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Certificate | SectionKind::TrustedCertificate => "certificate",
        SectionKind::OpenSshPrivateKey | SectionKind::SshPublicKey => "ssh-key",
        SectionKind::EcParameters | SectionKind::DhParameters | SectionKind::DsaParameters => {
            "parameters"
        }
        SectionKind::PublicKey | SectionKind::RsaPublicKey => "public-key",
        SectionKind::CertificationRequest => "csr",
        SectionKind::Crl => "crl",
        SectionKind::Pkcs7 => "pkcs7",
        SectionKind::Pkcs12 => "pkcs12",
        SectionKind::Jks => "jks",
        kind if kind.is_private_key() => "private-key",
        _ => "unknown",
    }
}

fn details(object: &objects::Object<'_>) -> Details {
    match &object.content {
        Content::Certificate(certificate) => Details::Certificate(Box::new(read(certificate))),
        Content::PrivateKey(key) => Details::Key(KeyDetails {
            algorithm: key.algorithm().to_string(),
            bits: key.bits().map(u64::from),
            spki_sha256: key.spki_sha256(),
            encryption: key.encryption().map(ToString::to_string),
        }),
        Content::ClosedKey(problem) => Details::Key(KeyDetails {
            algorithm: promised(object.section.kind()).to_owned(),
            bits: None,
            spki_sha256: None,
            encryption: problem.encryption().map(ToString::to_string),
        }),
        Content::PublicKey(key) => Details::Key(public(key)),
        Content::Csr(csr) => Details::Csr(CsrDetails {
            subject: csr
                .subject()
                .map_or_else(String::new, |name| name.to_string()),
            public_key: public_key(csr.spki_der()),
            signature_algorithm: csr
                .signature_algorithm()
                .map_or_else(String::new, |algorithm| algorithm.to_string()),
            subject_alt_names: names(csr.subject_alt_names()),
        }),
        Content::Crl(list) => Details::Crl(CrlDetails {
            issuer: list.issuer().to_string(),
            this_update: list.this_update(),
            next_update: list.next_update(),
            number: list.number().map(hex),
            entries: list.entries().filter(Result::is_ok).count(),
        }),
        Content::Container(inside) => Details::Container(container(inside)),
        Content::Other => ssh::details(object).map_or(Details::None, Details::Key),
        Content::Malformed(_) => Details::None,
    }
}

/// The algorithm of a key that is closed, as far as its label says it.
fn promised(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::RsaPrivateKey => "RSA",
        SectionKind::EcPrivateKey => "EC",
        SectionKind::DsaPrivateKey => "DSA",
        _ => "unknown",
    }
}

fn container(inside: &Inside) -> ContainerDetails {
    let integrity = match (&inside.problem, inside.integrity) {
        (Some(KeyProblem::WrongPassphrase(_)), _) => "wrong",
        (_, Integrity::Absent) => "absent",
        (_, Integrity::NotComputable) => "not-computable",
        (_, Integrity::Holds) => "holds",
        (_, Integrity::Broken) => "broken",
        (_, Integrity::NotChecked) => "not-checked",
    };
    ContainerDetails {
        content_type: inside.content_type.map(ContentType::as_str),
        message: inside.content_type.map(ContentType::words),
        contents: inside.len(),
        integrity,
        closed: inside.closed.iter().map(ToString::to_string).collect(),
    }
}

fn read(certificate: &Certificate<'_>) -> CertificateDetails {
    let self_signed =
        certificate.is_self_issued() && signature::signed_by(certificate, certificate).is_ok();
    let usage = certificate.key_usage();
    CertificateDetails {
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        serial: hex(certificate.serial()),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
        public_key: public_key(certificate.spki_der()),
        signature_algorithm: certificate.signature_algorithm().to_string(),
        subject_alt_names: names(certificate.subject_alt_names()),
        is_ca: certificate.is_ca(),
        self_signed,
        key_usage: usage
            .map(|usage| usage.names().into_iter().map(str::to_owned).collect())
            .unwrap_or_default(),
        extended_key_usage: certificate
            .extended_key_usage()
            .map(|usage| usage.purposes().map(purpose_name).collect())
            .unwrap_or_default(),
        subject_key_id: certificate.subject_key_id().map(hex),
        authority_key_id: certificate
            .authority_key_id()
            .and_then(|id| id.key_id)
            .map(hex),
        ca_issuers: certificate
            .ca_issuers()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        extensions: described_extensions(certificate),
        sha256: certificate.sha256(),
    }
}

pub(super) fn names(names: Option<GeneralNames<'_>>) -> Vec<String> {
    names
        .into_iter()
        .flat_map(|names| names.iter())
        .map(|name| name.to_string())
        .collect()
}

fn public_key(spki: &[u8]) -> KeyDetails {
    match PublicKey::parse(spki) {
        Ok(key) => public(&key),
        Err(_) => KeyDetails {
            algorithm: "unknown".to_owned(),
            bits: None,
            spki_sha256: Some(crate::model::sha256(spki)),
            encryption: None,
        },
    }
}

fn public(key: &PublicKey<'_>) -> KeyDetails {
    KeyDetails {
        algorithm: key.algorithm().to_string(),
        bits: key.bits().map(u64::from),
        spki_sha256: Some(key.spki_sha256()),
        encryption: None,
    }
}
