//! Whether a chain is in order and complete, and what is missing.

mod fix;

pub use fix::{Action, ChainFix, Change, Fix, Written, fix};

use crate::Time;
use crate::answer::{Answer, Check};
use crate::chain::arrange::Ending;
use crate::encoding::{Document, Form};
use crate::finding::{Code, Fingerprint, Severity};
use crate::model::Certificate;
use crate::objects::{self, Object, Opened, belongs};
use crate::preflight::certificates::Demands;
use crate::preflight::chain::{Chain, Presented};
use crate::preflight::files;
use crate::preflight::trust::place_of_anchor;
use crate::rule::{self, Finding};
use crate::server::wire::{Files, Place};
use crate::server::{Loaders, Profile};
use crate::trust_store::Anchors;
use std::collections::BTreeMap;

/// What is sent, what it leads to, and what is missing.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ChainResult {
    /// The certificates that the server would send, in their order.
    pub presented: Vec<Fingerprint>,
    /// The paths that were found from the server's certificate upwards.
    pub paths: Vec<PathResult>,
    /// Whether no certificate between the server's own and a root is missing.
    pub complete: bool,
    /// The issuers that are in none of the files.
    pub missing: Vec<Missing>,
    /// The certificates in the order in which they should be.
    pub corrected: Vec<Fingerprint>,
    /// The subject of each certificate of the files.
    pub subjects: BTreeMap<Fingerprint, String>,
    /// What was done about it, if that was requested; then everything else describes the file that
    /// was written.
    pub fix: Option<Fix>,
}

/// A path from the server's certificate upwards.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PathResult {
    /// The certificates, the server's own first.
    pub certificates: Vec<Fingerprint>,
    /// `trust-anchor`, `self-signed`, `below-root` or `gap`.
    pub ends_in: &'static str,
}

/// An issuer that is in none of the files.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Missing {
    /// The certificate that lacks it.
    pub issuer_of: Fingerprint,
    /// Its name.
    pub issuer_name: String,
    /// Where it can be fetched.
    pub aia: Vec<String>,
}

/// Says whether the certificates of the documents, in their order, are a
/// chain that a server can present, at the moment `at`.
///
/// A private key among them says which certificate is the server's own.
pub fn chain(
    documents: &[Document],
    server: &'static Profile,
    anchors: Option<&Anchors>,
    at: Time,
) -> Answer<ChainResult> {
    judged(documents, None, server, anchors, at)
}

/// The same; `key` is the SubjectPublicKeyInfo of the server's own key, if it is known from
/// elsewhere.
fn judged(
    documents: &[Document],
    key: Option<&[u8]>,
    server: &'static Profile,
    anchors: Option<&Anchors>,
    at: Time,
) -> Answer<ChainResult> {
    let opened = open(documents);
    let objects: Vec<Object<'_>> = opened.iter().flat_map(Opened::objects).collect();
    let mut findings = Vec::new();
    for document in documents {
        let own: Vec<_> = objects::of_document(&objects, document).collect();
        let deviations = objects::deviations(document, &own, server.loaders).into_iter();
        findings.extend(deviations.filter(|finding| !objects::is_answered(finding, &objects)));
        findings.extend(own.iter().filter_map(|object| object.problem()));
        // An unknown server may be one that reads DER.
        if document.form() == Form::Der && server.loaders != Loaders::Mainstream {
            findings.push(files::der(document, own.first().copied(), false, None));
        }
    }
    let demands = Demands {
        server,
        at,
        expires_within: None,
        hosts: &[],
        only_key_transport: false,
    };
    // The key decides which certificate is the server's own. Without one, the first certificate
    // that issued no other does, which a file with two end-entity certificates can mislead.
    let known = key.and_then(|key| {
        let mut all = objects.iter().filter_map(Object::certificate);
        all.find(|certificate| certificate.spki_der() == key)
    });
    let known = known.map(Certificate::spki_der);
    let key = known.or_else(|| key_of(&objects));
    let lost = objects::lost(&objects);
    // If the first certificate cannot be read, the next one is still not the server's own.
    let none: &[Object<'_>] = &[];
    let nameless = key.is_none() && objects::loses_the_first(&objects);
    let chain = arranged(if nameless { none } else { &objects }, key, anchors, at);
    if let Some(own) = chain.end_entity() {
        findings.extend(demands.validity(own));
    }
    let found = chain.findings(&demands).into_iter();
    findings.extend(found.filter(|finding| {
        // A certificate that cannot be read may be the one that seems to be missing.
        let code = finding.code();
        let missing = matches!(
            code,
            Code::ChainMissingIntermediate | Code::ChainUntrustedRoot
        );
        lost.is_none() || !missing
    }));
    let ended = anchors.and_then(|anchors| {
        let (digest, fact) = chain.ended_anchor(anchors, at)?;
        let known = findings
            .iter()
            .any(|finding| finding.code() == Code::ChainExpired);
        let place = place_of_anchor(anchors, digest).filter(|_| !known)?;
        Some(Finding::new(fact, place).with_severity(Severity::Warning))
    });
    findings.extend(ended);
    let (sent, unsent) = sent(server, &chain);
    findings.extend(unsent);
    let names: Vec<_> = documents
        .iter()
        .map(|document| document.source().name())
        .collect();
    let closed = objects::unopened(&objects);
    let mut checks: Vec<_> = closed
        .map(|reason| Check::impossible("containers", reason))
        .into_iter()
        .collect();
    checks.extend(
        lost.clone()
            .map(|reason| Check::impossible("certificates", reason)),
    );
    checks.extend(chain.checks());
    let mut result = result(&chain, at);
    if lost.is_some() {
        result.complete = false;
        result.missing.clear();
    }
    // Rserve sends only the first certificate: the rest of its file is not presented.
    result.presented.truncate(sent);
    Answer::new(result, findings, checks, names)
}

/// The certificates of its file that the server sends, and those that it does not send.
fn sent(server: &Profile, chain: &Chain<'_, '_>) -> (usize, Option<Finding>) {
    // Without its own CA file, the server does not complete the chain.
    let nobody = |_: Place, _: Place| false;
    let held = chain.objects.len();
    let sent = server.presented(&Files::of(held), &nobody).len();
    let Some(first) = chain.objects.first().filter(|_| sent < held) else {
        return (sent, None);
    };
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let fact = rule::chain::ServerSendsLeafOnly {
        lost: number(held - sent),
        sent: number(sent),
        held: number(held),
        client_auth: false,
    };
    let severity = if chain.reaches_anchor(&[0]) {
        Severity::Warning
    } else {
        Severity::Error
    };
    let finding = Finding::new(fact, first.subject()).with_severity(severity);
    (sent, Some(finding))
}

fn open(documents: &[Document]) -> Vec<Opened<'_>> {
    let open = |document| Opened::new(document, None);
    documents.iter().map(open).collect()
}

/// The SubjectPublicKeyInfo of the certificate that a private key among the
/// objects belongs to.
fn key_of<'d>(objects: &[Object<'d>]) -> Option<&'d [u8]> {
    objects
        .iter()
        .filter_map(Object::private_key)
        .find_map(|key| {
            objects.iter().find_map(|object| {
                let spki = object.certificate()?.spki_der();
                belongs(key, spki).then_some(spki)
            })
        })
}

fn arranged<'o, 'd>(
    objects: &'o [Object<'d>],
    key: Option<&'d [u8]>,
    anchors: Option<&Anchors>,
    at: Time,
) -> Chain<'o, 'd> {
    let objects = objects
        .iter()
        .filter(|object| object.certificate().is_some());
    Presented {
        objects: objects.collect(),
        key,
    }
    .arranged(anchors, at)
}

/// The names by which people know certificates.
pub(super) fn subjects<'c, 'd: 'c>(
    certificates: impl Iterator<Item = &'c Certificate<'d>>,
) -> BTreeMap<Fingerprint, String> {
    certificates
        .map(|certificate| (certificate.sha256(), certificate.subject().to_string()))
        .collect()
}

fn result(chain: &Chain<'_, '_>, at: Time) -> ChainResult {
    let arrangement = &chain.arrangement;
    let digest = |place: &usize| {
        chain
            .objects
            .get(*place)
            .and_then(|object| object.certificate())
            .map(Certificate::sha256)
    };
    let gap = chain.gap();
    ChainResult {
        presented: (0..chain.objects.len())
            .filter_map(|place| digest(&place))
            .collect(),
        paths: arrangement
            .paths
            .iter()
            .map(|path| PathResult {
                certificates: chain
                    .needed(&path.certificates)
                    .iter()
                    .filter_map(digest)
                    .collect(),
                ends_in: if chain.reaches_anchor(&path.certificates) {
                    "trust-anchor"
                } else {
                    match path.ends {
                        Ending::Root | Ending::SelfSignedEndEntity => "self-signed",
                        Ending::BelowRoot if gap.is_none() => "below-root",
                        _ => "gap",
                    }
                },
            })
            .collect(),
        complete: arrangement.end_entity.is_some() && gap.is_none(),
        missing: gap
            .map(|gap| Missing {
                issuer_of: gap.sha256,
                issuer_name: gap.issuer_name.clone(),
                aia: gap.ca_issuers.clone(),
            })
            .into_iter()
            .collect(),
        corrected: chain.corrected(at).iter().filter_map(digest).collect(),
        subjects: subjects(
            chain
                .objects
                .iter()
                .filter_map(|object| object.certificate()),
        ),
        fix: None,
    }
}
