//! The description of an object.

use super::object::{
    CertificateDetails, ContainerDetails, CrlDetails, CsrDetails, Details, KeyDetails, Object,
};
use super::ssh;
use crate::encoding::{Document, Form, SectionKind};
use crate::finding::hex;
use crate::model::{
    Certificate, ContentType, GeneralNames, Integrity, KeyProblem, PublicKey, described_extensions,
    purpose_name,
};
use crate::objects::{self, Content, Inside};
use crate::signature;

pub(super) fn nothing(document: &Document) -> Object {
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

pub(super) fn one(object: &objects::Object<'_>) -> Object {
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

/// The algorithm of an encrypted key, from its label.
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
    let protection = inside.protection.as_ref();
    ContainerDetails {
        ciphers: protection.map_or_else(Vec::new, |protection| {
            protection.ciphers.iter().map(ToString::to_string).collect()
        }),
        mac: protection.and_then(|protection| protection.mac.clone()),
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

pub(in crate::command) fn names(names: Option<GeneralNames<'_>>) -> Vec<String> {
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
