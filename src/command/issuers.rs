//! Issuers that the files lack, and what was fetched of them (`--fetch`).
//!
//! What was fetched is not what the server sends, so it never joins the files that are judged. It
//! names the missing certificate, and makes the remedy one that can be tried.

use crate::answer::Answer;
use crate::encoding::Document;
use crate::finding::{Fingerprint, Severity, hex};
use crate::model::Certificate;
use crate::objects::{Content, Opened};
use crate::preflight::{Preflight, PreflightResult};
use crate::rule::chain::{EndsBelowRoot, MissingIntermediate, UntrustedRoot};
use crate::rule::{ChainFact, Evidence, Finding};
use crate::signature::signed_by;
use std::collections::BTreeMap;
use std::fmt;

/// The most missing issuers of one answer that are looked for.
const MOST: usize = 4;

/// An issuer that the chain lacks.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MissingIssuer {
    /// Its name.
    pub name: String,
    /// Where it can be fetched (caIssuers), according to the certificate that it issued.
    pub urls: Vec<String>,
    /// The certificate that it issued.
    certificate: Vec<u8>,
}

/// Why an answer is not the issuer's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotTheIssuer {
    /// There is no certificate in it.
    NoCertificate,
    /// No certificate in it has the name.
    OtherName,
    /// The key of no certificate in it verifies the signature.
    NotSigned,
}

impl fmt::Display for NotTheIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoCertificate => "the answer holds no certificate",
            Self::OtherName => "the answer is a certificate of another name",
            Self::NotSigned => "the answer has the issuer's name, but its key did not sign",
        })
    }
}

impl std::error::Error for NotTheIssuer {}

impl MissingIssuer {
    /// The issuer of a certificate in DER; `None` if that is self-issued or cannot be read.
    pub fn of(der: &[u8]) -> Option<Self> {
        let certificate = Certificate::parse(der).ok()?;
        let urls = certificate.ca_issuers().into_iter().map(str::to_owned);
        (!certificate.is_self_issued()).then(|| Self {
            name: certificate.issuer().to_string(),
            urls: urls.collect(),
            certificate: der.to_vec(),
        })
    }

    /// The certificate that it issued.
    pub fn issuer_of(&self) -> Option<Fingerprint> {
        let certificate = Certificate::parse(&self.certificate).ok()?;
        Some(certificate.sha256())
    }

    /// The issuer's certificate in DER, from an answer that nothing vouches for: it has the
    /// issuer's name, and its key verifies the signature.
    ///
    /// # Errors
    /// Why the answer is not it.
    pub fn proven(&self, answer: &Document) -> Result<Vec<u8>, NotTheIssuer> {
        let child = Certificate::parse(&self.certificate).map_err(|_| NotTheIssuer::NotSigned)?;
        let opened = Opened::new(answer, None);
        let mut why = NotTheIssuer::NoCertificate;
        for object in opened.objects() {
            let Content::Certificate(issuer) = &object.content else {
                continue;
            };
            if !issuer.subject().matches(&child.issuer()) {
                if why == NotTheIssuer::NoCertificate {
                    why = NotTheIssuer::OtherName;
                }
                continue;
            }
            why = NotTheIssuer::NotSigned;
            if signed_by(&child, issuer).is_ok() {
                return Ok(issuer.der().to_vec());
            }
        }
        Err(why)
    }
}

/// An issuer that was fetched, and that a signature proves.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FetchedIssuer {
    /// The address, or the file that it was kept in.
    pub from: String,
    /// The answer as it came: DER, PEM or PKCS#7.
    pub answer: Vec<u8>,
    /// The certificate in DER.
    pub der: Vec<u8>,
}

impl FetchedIssuer {
    /// From that address or file, in that answer.
    pub fn new(from: impl Into<String>, answer: Vec<u8>, der: Vec<u8>) -> Self {
        let from = from.into();
        Self { from, answer, der }
    }

    fn certificate(&self) -> Option<Certificate<'_>> {
        Certificate::parse(&self.der).ok()
    }
}

/// The issuers that were fetched, upwards, by the certificate that the first of them issued.
#[derive(Clone, Debug, Default)]
pub struct FetchedIssuers(BTreeMap<Fingerprint, Vec<FetchedIssuer>>);

impl FetchedIssuers {
    /// Adds what was fetched for `missing`, from its issuer upwards.
    pub fn add(&mut self, missing: &MissingIssuer, upwards: Vec<FetchedIssuer>) {
        if let Some(of) = missing.issuer_of() {
            self.0.insert(of, upwards);
        }
    }

    /// The answer from that address or file.
    pub(super) fn answer(&self, from: &str) -> Option<&[u8]> {
        let mut all = self.0.values().flatten();
        let one = all.find(|one| one.from == from)?;
        Some(&one.answer)
    }

    /// The same answer, with remedies that name what was fetched.
    ///
    /// Where the files end below a certificate that turns out to be no root, that certificate is
    /// reported as missing. `anchors` are what is trusted, in DER.
    #[must_use]
    pub fn noted<'d, T>(
        &self,
        answer: Answer<T>,
        documents: impl Iterator<Item = &'d Document> + Clone,
        anchors: &[&[u8]],
    ) -> Answer<T> {
        self.placed(answer, documents, anchors, |_| None)
    }

    /// The same for a preflight.
    #[must_use]
    pub fn noted_in_preflight(
        &self,
        preflight: &Preflight,
        answer: Answer<PreflightResult>,
    ) -> Answer<PreflightResult> {
        let anchors: Vec<_> = preflight.trusted().collect();
        self.placed(answer, preflight.documents(), &anchors, |source| {
            preflight.above_last(source)
        })
    }

    /// The same; `place` gives the file, if not the certificate's own, that the issuer belongs in.
    fn placed<'d, T>(
        &self,
        mut answer: Answer<T>,
        documents: impl Iterator<Item = &'d Document> + Clone,
        anchors: &[&[u8]],
        place: impl Fn(&str) -> Option<String>,
    ) -> Answer<T> {
        for finding in &mut answer.findings {
            let Some(der) = lacking(finding, documents.clone()) else {
                continue;
            };
            let Ok(certificate) = Certificate::parse(&der) else {
                continue;
            };
            let Some(upwards) = self.0.get(&certificate.sha256()) else {
                continue;
            };
            // Servers do not send a root, or what clients have as an anchor.
            let sent: Vec<_> = upwards
                .iter()
                .take_while(|one| !anchors.contains(&one.der.as_slice()))
                .filter_map(|one| Some((one.from.clone(), one.certificate()?)))
                .filter(|(_, issuer)| !issuer.is_self_issued())
                .map(|(from, issuer)| (from, issuer.sha256()))
                .collect();
            if sent.is_empty() {
                continue;
            }
            let leads = upwards.iter().any(|top| is_trusted(top, anchors));
            match &finding.evidence {
                Evidence::ChainFact(ChainFact::EndsBelowRoot(_)) => {
                    finding.evidence = missing(&certificate, place(&finding.subject.source));
                    finding.severity = Severity::Warning;
                    finding.consequence = Some(NO_ROOT.to_owned());
                }
                Evidence::ChainFact(ChainFact::UntrustedRoot(_)) if leads => {
                    finding.evidence = missing(&certificate, place(&finding.subject.source));
                }
                _ => {}
            }
            if let Evidence::ChainFact(ChainFact::MissingIntermediate(fact)) = &mut finding.evidence
            {
                (fact.fetched, fact.fetched_sha256) = sent.into_iter().unzip();
            }
        }
        answer.joined([])
    }
}

/// Why a chain that ends below a certificate that is no root deserves a warning.
const NO_ROOT: &str = "the issuer was fetched, and is not a root: clients refuse unless they \
     have it anyway";

fn missing(certificate: &Certificate<'_>, append_to: Option<String>) -> Evidence {
    let key = certificate.authority_key_id();
    let urls = certificate.ca_issuers().into_iter().map(str::to_owned);
    let mut fact = MissingIntermediate::of(
        (certificate.subject().to_string(), certificate.sha256()),
        certificate.issuer().to_string(),
        key.and_then(|key| key.key_id).map(hex),
        urls.collect(),
    );
    fact.append_to = append_to;
    ChainFact::MissingIntermediate(fact).into()
}

/// Whether a certificate is an anchor, or issued by one.
fn is_trusted(top: &FetchedIssuer, anchors: &[&[u8]]) -> bool {
    let Some(certificate) = top.certificate() else {
        return false;
    };
    anchors.iter().any(|anchor| {
        let issues = |anchor: &Certificate<'_>| {
            anchor.subject().matches(&certificate.issuer())
                && signed_by(&certificate, anchor).is_ok()
        };
        *anchor == top.der.as_slice()
            || Certificate::parse(anchor).is_ok_and(|anchor| issues(&anchor))
    })
}

/// The issuers that a preflight lacks, each once.
pub fn missing_in_preflight(
    preflight: &Preflight,
    answer: &Answer<PreflightResult>,
) -> Vec<MissingIssuer> {
    missing_issuers(&answer.findings, preflight.documents())
}

/// The issuers that these findings lack, each once.
pub fn missing_issuers<'d>(
    findings: &[Finding],
    documents: impl Iterator<Item = &'d Document> + Clone,
) -> Vec<MissingIssuer> {
    let mut all: Vec<MissingIssuer> = Vec::new();
    for finding in findings {
        let found = lacking(finding, documents.clone());
        let Some(found) = found.and_then(|der| MissingIssuer::of(&der)) else {
            continue;
        };
        let is_normal = finding.severity == Severity::Notice && found.urls.is_empty();
        let known = all.iter().any(|one| one.certificate == found.certificate);
        if !known && !is_normal && all.len() < MOST {
            all.push(found);
        }
    }
    all
}

/// The certificate whose issuer a finding says is not among the files.
fn lacking<'d>(
    finding: &Finding,
    documents: impl Iterator<Item = &'d Document>,
) -> Option<Vec<u8>> {
    let Evidence::ChainFact(fact) = &finding.evidence else {
        return None;
    };
    let is_it = |certificate: &Certificate<'_>| match fact {
        ChainFact::MissingIntermediate(MissingIntermediate { issuer_of, .. }) => {
            certificate.sha256() == *issuer_of
        }
        ChainFact::UntrustedRoot(UntrustedRoot { sha256, .. }) => certificate.sha256() == *sha256,
        ChainFact::EndsBelowRoot(EndsBelowRoot { subject, .. }) => {
            certificate.subject().to_string() == *subject
        }
        _ => false,
    };
    let mut documents = documents.filter(|document| {
        !matches!(fact, ChainFact::EndsBelowRoot(_))
            || document.source().name() == finding.subject.source
    });
    documents.find_map(|document| {
        let opened = Opened::new(document, None);
        opened
            .objects()
            .into_iter()
            .find_map(|object| match object.content {
                Content::Certificate(certificate) if is_it(&certificate) => {
                    Some(certificate.der().to_vec())
                }
                _ => None,
            })
    })
}
