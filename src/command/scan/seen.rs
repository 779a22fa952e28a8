//! What was seen of one file by itself, without the file.

use crate::Time;
use crate::command::inspect::{self, Dates};
use crate::finding::{Fingerprint, Part};
use crate::known_bad::Blocklist;
use crate::model::sha256;
use crate::objects::{Content, Object, Seen, number, repeated};
use crate::rule::{self, Finding};
use std::sync::Arc;

/// The longest name that is kept, in characters.
const LONGEST: usize = 300;

/// What was seen of a file, or of a piece of it.
#[derive(Default)]
#[non_exhaustive]
pub struct Looked {
    /// The file.
    pub source: String,
    /// How many bytes were looked at.
    pub bytes: u64,
    /// Descriptions of its objects, if the scanner was asked for them.
    pub objects: Vec<inspect::Object>,
    /// What is wrong with it, and with each object by itself.
    pub findings: Vec<Finding>,
    /// Why not all of it could be read.
    pub problem: Option<String>,
    pub(super) traces: Vec<Trace>,
    /// Keys and containers that stay closed.
    pub(super) closed: usize,
}

impl Looked {
    /// A file in which nothing has been seen yet.
    pub fn of_nothing(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            ..Self::default()
        }
    }

    /// How many objects it has.
    pub fn len(&self) -> usize {
        self.traces.len()
    }

    /// Whether no object is in it.
    pub fn is_empty(&self) -> bool {
        self.traces.is_empty()
    }

    /// Renumbers it, to follow `objects` earlier objects of the same file.
    pub fn follow(&mut self, objects: usize) {
        if objects == 0 {
            return;
        }
        for object in &mut self.objects {
            object.index += objects;
            object.container = object.container.map(|container| container + objects);
        }
        for finding in &mut self.findings {
            if finding.subject.part != Part::File {
                finding.subject.index += objects;
            }
        }
        for trace in &mut self.traces {
            trace.index += objects;
        }
    }

    /// Adds another part of the same file.
    pub(super) fn join(&mut self, mut other: Self) {
        other.follow(self.len());
        self.objects.append(&mut other.objects);
        self.findings.append(&mut other.findings);
        self.traces.append(&mut other.traces);
        self.closed += other.closed;
        self.problem = self.problem.take().or(other.problem);
    }
}

/// What is kept of an object until it is compared.
pub(super) struct Trace {
    pub(super) index: usize,
    pub(super) line: Option<usize>,
    pub(super) part: Part,
    /// The name of its place within the file.
    pub(super) member: Option<Arc<str>>,
    pub(super) kind: Kind,
    pub(super) key: Option<Seen>,
}

/// Which object it is.
pub(super) enum Kind {
    Certificate(Box<CertificateTrace>),
    PrivateKey,
    Request,
    RevocationList,
    Container,
    Other,
}

/// The parts of a certificate that are compared.
pub(super) struct CertificateTrace {
    pub(super) sha256: Fingerprint,
    /// Names, without the differences that X.509 ignores.
    pub(super) subject: Fingerprint,
    pub(super) issuer: Fingerprint,
    /// Issuer and serial number.
    pub(super) number: Fingerprint,
    pub(super) not_before: Time,
    pub(super) not_after: Time,
    /// Whether it has expired, or expires soon.
    pub(super) is_due: bool,
    /// Whether it may issue certificates: by its basicConstraints, or as a root of X.509v1.
    pub(super) may_issue: bool,
    pub(super) is_self_issued: bool,
    /// Its names and number in words.
    pub(super) words: rule::certificate::RepeatedSerial,
}

impl Trace {
    pub(super) fn of(object: &Object<'_>, blocklist: Option<&Blocklist>, dates: Dates) -> Self {
        let kind = match &object.content {
            Content::Certificate(certificate) => {
                let is_self_issued = certificate.is_self_issued();
                let mut words = repeated(certificate, String::new());
                for name in [&mut words.subject, &mut words.issuer] {
                    if let Some((at, _)) = name.char_indices().nth(LONGEST) {
                        name.truncate(at);
                        name.push('…');
                    }
                }
                Kind::Certificate(Box::new(CertificateTrace {
                    sha256: certificate.sha256(),
                    subject: sha256(&certificate.subject().canonical()),
                    issuer: sha256(&certificate.issuer().canonical()),
                    number: number(certificate),
                    not_before: certificate.not_before(),
                    not_after: certificate.not_after(),
                    is_due: dates.is_due(certificate),
                    may_issue: certificate.is_ca() || is_self_issued,
                    is_self_issued,
                    words,
                }))
            }
            Content::PrivateKey(_) | Content::ClosedKey(_) => Kind::PrivateKey,
            Content::Csr(_) => Kind::Request,
            Content::Crl(_) => Kind::RevocationList,
            Content::Container(_) => Kind::Container,
            _ => Kind::Other,
        };
        let subject = object.subject();
        Self {
            index: object.index,
            line: subject.lines.map(|lines| lines.first),
            part: subject.part,
            member: None,
            key: Seen::of(object, blocklist),
            kind,
        }
    }
}
