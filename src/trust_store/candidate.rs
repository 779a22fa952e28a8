//! The certificates to install.

use super::verdict::Verdict;
use crate::encoding::{Charset, Document, SectionKind};
use crate::finding::{Part, Severity, Subject};
use crate::model::Certificate;
use crate::rule::{self, EncodingFact, Finding};
use crate::source::Lines;

/// A client family that does not accept what a certificate is trusted for, whatever store
/// holds it: every server below a CA, or the server whose own certificate it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// The family, as `certcheck preflight --client` names it.
    pub client: &'static str,
    /// Whether it refuses, or nothing can be said.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// Whether it then reads no other certificate of the same file either.
    pub empties: bool,
}

/// One certificate that is to be trusted, and where it was found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Candidate<'a> {
    /// The input that holds it, as the user named it.
    pub source: String,
    /// Its place among the input's objects, counted from 0.
    pub index: usize,
    /// Its lines, where the input has lines.
    pub lines: Option<Lines>,
    /// How many certificates the input holds.
    pub siblings: usize,
    /// The certificate.
    pub certificate: Certificate<'a>,
    /// The client families that do not accept what it is trusted for: what
    /// [`client::unfit`](crate::client::unfit) says, if it was called.
    pub unfit: Vec<Unfit>,
}

impl<'a> Candidate<'a> {
    /// A certificate that is alone in `source`.
    pub fn new(source: impl Into<String>, certificate: Certificate<'a>) -> Self {
        Self {
            source: source.into(),
            index: 0,
            lines: None,
            siblings: 1,
            certificate,
            unfit: Vec::new(),
        }
    }

    /// Every certificate of `document` that can be read whole, and findings for
    /// what cannot be used: damaged sections, UTF-16, private keys (which a plan
    /// never touches). A finding that is an error means that a certificate to be trusted is not in
    /// the list.
    pub fn all_in(document: &'a Document) -> (Vec<Self>, Vec<Finding>) {
        let source = document.source().name();
        let utf16 = matches!(document.charset(), Charset::Utf16Le | Charset::Utf16Be);
        let mut findings: Vec<_> = document
            .anomalies()
            .iter()
            .map(|anomaly| {
                let whole = anomaly
                    .section
                    .and_then(|index| document.sections().get(index))
                    .is_some_and(|section| section.der().is_some());
                // A tolerated oddity loses nothing. Only what kept a section from being
                // read is an error for a plan.
                let lost = !whole && anomaly.fact.code().info().severity >= Severity::Warning;
                let subject = Subject {
                    source: source.to_owned(),
                    part: anomaly.section.map_or(Part::File, |_| Part::Section),
                    index: anomaly.section.unwrap_or(0),
                    lines: anomaly.lines,
                };
                let finding = Finding::new(anomaly.fact.clone(), subject);
                match (&anomaly.fact, lost) {
                    (EncodingFact::Utf16(rule::encoding::Utf16 { .. }), _) => {
                        finding.with_severity(Severity::Error)
                    }
                    (_, true) if anomaly.section.is_some() => {
                        finding.with_severity(Severity::Error)
                    }
                    _ => finding,
                }
            })
            .collect();
        let mut candidates = Vec::new();
        for (index, section) in document.sections().iter().enumerate() {
            let subject = Subject {
                source: source.to_owned(),
                part: Part::Certificate,
                index,
                lines: section.lines(),
            };
            // A key in a file of anchors would be copied into a store that everyone can read.
            if section.kind().is_private_key() {
                let fact = rule::encoding::PrivateKeyInCertificateFile { instead: false };
                findings.push(Finding::new(fact, subject));
                continue;
            }
            let is_certificate = matches!(
                section.kind(),
                SectionKind::Certificate | SectionKind::TrustedCertificate
            );
            let Some(der) = section.der().filter(|_| is_certificate) else {
                continue;
            };
            match Certificate::parse(der) {
                // The platforms' tools do not read UTF-16. Converting in silence would hide why
                // the file has no effect elsewhere.
                Ok(_) if utf16 => {}
                Ok(certificate) => candidates.push(Self {
                    source: source.to_owned(),
                    index,
                    lines: section.lines(),
                    siblings: 0,
                    certificate,
                    unfit: Vec::new(),
                }),
                Err(malformed) => findings.push(
                    Finding::new(
                        rule::encoding::MalformedDer {
                            expected: malformed.expected.into(),
                            reason: malformed.reason,
                        },
                        subject,
                    )
                    .with_severity(Severity::Error),
                ),
            }
        }
        let siblings = candidates.len();
        for candidate in &mut candidates {
            candidate.siblings = siblings;
        }
        (candidates, findings)
    }

    /// Where it is, as the subject of a finding.
    pub fn subject(&self) -> Subject {
        Subject {
            source: self.source.clone(),
            part: Part::Certificate,
            index: self.index,
            lines: self.lines,
        }
    }
}
