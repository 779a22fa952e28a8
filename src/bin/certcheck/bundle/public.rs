//! The public objects of a file.

use certcheck::Source;
use certcheck::encoding::{Document, SectionKind};
use certcheck::model::{Certificate, RevocationList};
use std::fmt::Write;

/// What is public in a file.
#[derive(Clone)]
pub(super) struct Objects {
    /// As PEM, with a line for each object that is left out.
    pub(super) text: String,
    /// What that is, in words.
    pub(super) what: String,
    /// The names in the certificates.
    pub(super) names: String,
}

/// The public objects of a file; `None` if it has no object.
pub(super) fn objects(path: &str, bytes: &[u8]) -> Option<Objects> {
    let document = Document::read(Source::new(path, bytes.to_vec()));
    let sections = document.sections();
    if sections
        .iter()
        .all(|one| one.kind() == SectionKind::Unknown)
    {
        return None;
    }
    let mut names = String::new();
    let mut out = String::new();
    let (mut kept, mut left) = (0_usize, 0_usize);
    for section in sections {
        let lines = match section.lines() {
            Some(lines) => format!("lines {} to {}", lines.first, lines.last),
            None => "no lines".to_owned(),
        };
        let written = section
            .der()
            .and_then(|der| Some((label(section.kind(), outer(der)?)?, outer(der)?)));
        let kind = section.kind();
        match written {
            Some((label, der)) => {
                kept += 1;
                let _ = writeln!(out, "{kind:?}, {lines}:");
                out.push_str(&pem(label, der));
                if let Ok(certificate) = Certificate::parse(der) {
                    let _ = writeln!(names, "{} {}", certificate.subject(), certificate.issuer());
                    certificate.dns_names().for_each(|name| {
                        let _ = writeln!(names, "{name}");
                    });
                }
            }
            None => {
                left += 1;
                let _ = writeln!(out, "{kind:?}, {lines}: left out");
            }
        }
    }
    let objects = if kept == 1 { "object" } else { "objects" };
    Some(Objects {
        text: out,
        what: format!("{kept} public {objects}, {left} left out"),
        names,
    })
}

/// The label of an object that is public, if it really is what it seems to be.
fn label(kind: SectionKind, der: &[u8]) -> Option<&'static str> {
    match kind {
        SectionKind::Certificate | SectionKind::TrustedCertificate => {
            Certificate::parse(der).ok().map(|_| "CERTIFICATE")
        }
        SectionKind::Crl => RevocationList::parse(der).ok().map(|_| "X509 CRL"),
        // A request may have a challenge password.
        _ => None,
    }
}

/// The first TLV alone: what follows it may be anything.
fn outer(der: &[u8]) -> Option<&[u8]> {
    let (first, rest) = der.get(1..)?.split_first()?;
    let (length, begin) = match first {
        0..=0x7f => (usize::from(*first), 2),
        0x81..=0x84 => {
            let count = usize::from(first & 0x7f);
            let digits = rest.get(..count)?;
            let length = digits
                .iter()
                .fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit));
            (length, 2 + count)
        }
        _ => return None,
    };
    der.get(..begin.checked_add(length)?)
}

/// A section of PEM.
pub(super) fn pem(label: &str, der: &[u8]) -> String {
    pem::encode(&pem::Pem::new(label, der))
}
