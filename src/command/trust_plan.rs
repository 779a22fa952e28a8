//! How certificates get into a trust store, who will trust them there, and how to
//! take them out again.

mod problem;
mod script;

pub use problem::Problem;

use super::trust_predict::{Predicted, predicted};
use crate::Time;
use crate::answer::{Answer, Check};
use crate::client;
use crate::encoding::{Document, Section, SectionKind, to_pem};
use crate::finding::{Fingerprint, Part, Severity, Subject};
use crate::model::Certificate;
use crate::objects::{Object, Opened};
use crate::rule::{self, Finding};
use crate::server::Profile;
use crate::server::wire::{Files, Place};
use crate::source::Source;
use crate::trust_store::{
    Candidate, HostFacts, Plan, Platform, Request, Selection, empty_stores, missing_for, plan,
};
use std::collections::HashSet;

/// What to plan, for which store.
#[derive(Debug)]
#[non_exhaustive]
pub struct PlanRequest<'q> {
    /// The files of certificates; containers are [`opened`].
    pub files: &'q [Document],
    /// The kind of store.
    pub platform: Platform,
    /// What is known of the machine.
    pub host: &'q HostFacts,
    /// A scratch tree instead of the machine.
    pub root: Option<&'q str>,
    /// A Java keystore instead of the runtime's own.
    pub keystore: Option<&'q str>,
    /// What the store holds now, exported from a machine that is not this one; containers are
    /// [`opened`].
    pub store: &'q [Document],
    /// Whether an earlier plan is to be undone.
    pub undo: bool,
    /// The server whose clients need help: then only what they lack is planned.
    pub server: Option<Sends>,
    /// The moment of judgement.
    pub at: Time,
}

/// What a server sends.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Sends {
    /// How a server of that kind reads the first file.
    Like(&'static Profile),
    /// These certificates, the server's own first, as a preflight or a probe found them.
    Presented(Vec<Fingerprint>),
}

/// A plan, with what a server sends if that was requested.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TrustPlan {
    /// The kind of store.
    pub platform: Platform,
    /// The scratch tree.
    pub root: Option<String>,
    /// Whether it undoes an earlier plan.
    pub undo: bool,
    /// Whether an input cannot be read whole: then no script is written.
    pub incomplete: bool,
    /// The plan; `None` if there is nothing to install or undo.
    pub plan: Option<Plan>,
    /// What a server's clients lack.
    pub server: Option<Served>,
}

/// What the clients of a server lack, and what they will do once they have it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Served {
    /// The server's profile, if it was named.
    pub server: Option<&'static str>,
    /// What it sends, its own certificate first.
    pub sent: Vec<Fingerprint>,
    /// What must be in the store, the highest first.
    pub needed: Vec<Fingerprint>,
    /// The name of the issuer that was not found anywhere.
    pub missing_issuer: Option<String>,
    /// What each client family will do.
    pub clients: Vec<Predicted>,
}

/// The certificates of containers (PKCS#7; the unencrypted ones of PKCS#12 and Java keystores) as a
/// separate document with the container's name; any other document as it is.
pub fn opened(document: Document) -> Document {
    let mut kinds = document.sections().iter().map(Section::kind);
    if !kinds.all(SectionKind::is_container) {
        return document;
    }
    let inside = Opened::new(&document, None);
    let objects = inside.objects();
    let certificates = objects.iter().filter_map(Object::certificate);
    let pem: String = certificates
        .map(|certificate| to_pem("CERTIFICATE", certificate.der()).to_string())
        .collect();
    if pem.is_empty() {
        return document;
    }
    Document::read(Source::new(document.source().name(), pem.into_bytes()))
}

impl<'q> PlanRequest<'q> {
    /// A plan to install the certificates of `files` on a machine.
    pub const fn new(
        files: &'q [Document],
        platform: Platform,
        host: &'q HostFacts,
        at: Time,
    ) -> Self {
        Self {
            files,
            platform,
            host,
            root: None,
            keystore: None,
            store: &[],
            undo: false,
            server: None,
            at,
        }
    }

    /// The same for a scratch tree.
    #[must_use]
    pub const fn root(mut self, root: Option<&'q str>) -> Self {
        self.root = root;
        self
    }

    /// The same for a Java keystore in place of the runtime's own.
    #[must_use]
    pub const fn keystore(mut self, path: Option<&'q str>) -> Self {
        self.keystore = path;
        self
    }

    /// The same, with what the store holds now, exported from a machine that is not this one.
    #[must_use]
    pub const fn store(mut self, store: &'q [Document]) -> Self {
        self.store = store;
        self
    }

    /// The same, to undo what an earlier plan did.
    #[must_use]
    pub const fn undo(mut self, undo: bool) -> Self {
        self.undo = undo;
        self
    }

    /// The same, for only what the clients of a server lack.
    #[must_use]
    pub fn server(mut self, server: Option<Sends>) -> Self {
        self.server = server;
        self
    }

    /// Plans.
    ///
    /// # Errors
    /// If there is nothing to plan, no safe way to name a place, or a server's
    /// certificates are not among the files.
    pub fn ask(&self) -> Result<Answer<TrustPlan>, Problem> {
        let mut findings = Vec::new();
        let mut given = Vec::new();
        let mut first = 0;
        for (place, document) in self.files.iter().enumerate() {
            let (mut candidates, problems) = Candidate::all_in(document);
            for candidate in &mut candidates {
                candidate.unfit = client::unfit(&candidate.certificate, self.at);
            }
            if place == 0 {
                first = candidates.len();
            }
            given.extend(candidates);
            findings.extend(problems);
            findings.extend(unrelated(document));
        }
        let incomplete = findings
            .iter()
            .any(|finding| finding.severity == Severity::Error);
        let mut result = TrustPlan {
            platform: self.platform,
            root: self.root.map(str::to_owned),
            undo: self.undo,
            incomplete,
            plan: None,
            server: None,
        };
        if given.is_empty() {
            if !incomplete {
                let mut sections = self.files.iter().flat_map(Document::sections);
                let closed = |section: &Section| {
                    section.kind().is_container() && section.kind() != SectionKind::Pkcs7
                };
                return Err(if sections.any(closed) {
                    Problem::Closed
                } else {
                    Problem::NothingGiven
                });
            }
            let check = Check::impossible("plan", "no certificate can be read");
            return Ok(self.answer(result, findings, check));
        }
        let held = self.host.anchors(self.platform);
        let mut held: Vec<_> = held
            .iter()
            .filter_map(|(der, path)| Some(Candidate::new(path, Certificate::parse(der).ok()?)))
            .collect();
        held.extend(
            self.store
                .iter()
                .flat_map(|exported| Candidate::all_in(exported).0),
        );
        let mut served = None;
        if let Some(sends) = &self.server {
            let sent = sent(sends, &given, first)?;
            let pool: Vec<_> = given.iter().chain(&held).cloned().collect();
            let selection = missing_for(&sent, &pool);
            findings.extend(nowhere(&selection, &sent, &pool));
            let chosen = selection.install.iter();
            given = chosen
                .filter_map(|place| pool.get(*place).cloned())
                .collect();
            served = Some((sent, selection.missing_issuer));
        }
        if !self.undo {
            // The plan has the platform's tool rewrite its store.
            let empty = empty_stores(self.host).into_iter();
            findings.extend(empty.map(|finding| finding.with_severity(Severity::Warning)));
        }
        if !given.is_empty() {
            let request = Request::new(&given, self.platform, self.host, self.at)
                .with_root(self.root)
                .with_keystore(self.keystore)
                .with_store(self.store)
                .with_undo(self.undo);
            let plan = plan(&request).map_err(Problem::Plan)?;
            findings.extend(plan.findings.iter().cloned());
            result.plan = Some(plan);
        }
        result.server = served.map(|(sent, missing_issuer)| Served {
            server: match &self.server {
                Some(Sends::Like(profile)) => Some(profile.name()),
                _ => None,
            },
            needed: given
                .iter()
                .map(|candidate| candidate.certificate.sha256())
                .collect(),
            clients: predicted(
                self.platform,
                &sent,
                &given,
                result.plan.as_ref(),
                &held,
                self.at,
            ),
            sent: sent.iter().map(Certificate::sha256).collect(),
            missing_issuer,
        });
        Ok(self.answer(result, findings, Check::ran("plan")))
    }

    fn answer(&self, result: TrustPlan, findings: Vec<Finding>, check: Check) -> Answer<TrustPlan> {
        let names = self.files.iter().map(|file| file.source().name());
        let mut checks = vec![check];
        if self.undo {
            checks.push(Check::not_applicable(
                "trust",
                "undoes what an earlier plan did, whether or not clients accept the certificate",
            ));
        }
        Answer::new(result, findings, checks, names)
    }
}

/// The certificates that the server sends.
fn sent<'c>(
    sends: &Sends,
    given: &[Candidate<'c>],
    first: usize,
) -> Result<Vec<Certificate<'c>>, Problem> {
    match sends {
        Sends::Like(profile) => {
            // Without its own CA file, the server does not complete the chain.
            let nobody = |_: Place, _: Place| false;
            let places = profile.presented(&Files::of(first), &nobody);
            let at = |place: &Place| given.get(place.index).map(|c| c.certificate.clone());
            Ok(places.iter().filter_map(at).collect())
        }
        Sends::Presented(digests) => {
            let mut missing = Vec::new();
            let mut sent = Vec::new();
            for digest in digests {
                match given.iter().find(|c| c.certificate.sha256() == *digest) {
                    Some(candidate) => sent.push(candidate.certificate.clone()),
                    None => missing.push(*digest),
                }
            }
            if missing.is_empty() {
                Ok(sent)
            } else {
                Err(Problem::NotGiven { missing })
            }
        }
    }
}

/// The finding that an issuer was not found. If an intermediate can be installed instead, the
/// plan's own findings say how useful that is.
fn nowhere(
    selection: &Selection,
    sent: &[Certificate<'_>],
    pool: &[Candidate<'_>],
) -> Option<Finding> {
    let issuer_name = selection.missing_issuer.clone()?;
    if !selection.install.is_empty() {
        return None;
    }
    let lacking = sent
        .iter()
        .find(|certificate| Some(certificate.sha256()) == selection.missing_issuer_of)?;
    let place = pool
        .iter()
        .find(|candidate| candidate.certificate.der() == lacking.der())?;
    let fact = rule::trust::IssuerMissing {
        subject: lacking.subject().to_string(),
        issuer_name,
        ca_issuers: lacking
            .ca_issuers()
            .into_iter()
            .map(str::to_owned)
            .collect(),
    };
    Some(Finding::new(fact, place.subject()))
}

/// What a file holds other than certificates and keys; it would be skipped.
fn unrelated(document: &Document) -> Vec<Finding> {
    let mut seen = HashSet::new();
    let sections = document.sections().iter().enumerate();
    sections
        .filter(|(_, section)| {
            let kind = section.kind();
            let known = matches!(
                kind,
                SectionKind::Certificate | SectionKind::TrustedCertificate | SectionKind::Unknown
            );
            !known && !kind.is_private_key() && seen.insert(kind)
        })
        .map(|(index, section)| {
            let fact = rule::trust::NotACertificate {
                kind: section.kind().words().to_owned(),
            };
            let subject = Subject {
                source: document.source().name().to_owned(),
                part: Part::Section,
                index,
                lines: section.lines(),
            };
            Finding::new(fact, subject)
        })
        .collect()
}
