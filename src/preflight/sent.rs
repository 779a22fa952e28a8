//! The certificates that the server would send, and how a client reads them.

use super::Preflight;
use super::Sent;
use super::certificates::Demands;
use super::chain::{Chain, Presented};
use super::keys::Pair;
use super::startup::is_same_type;
use crate::encoding::{Document, Encoding};
use crate::finding::Severity;
use crate::model::{Certificate, KeyAlgorithm, PublicKey};
use crate::objects::Object;
use crate::rule::{self, Finding};
use crate::server::ChainSource;
use crate::server::certificate_choice::Choice;
use crate::server::wire::{File, Files, Place};
use crate::signature;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The key type of the first certificate of a pair.
fn kind(pair: &Pair<'_, '_>) -> Option<KeyAlgorithm> {
    let own = pair.certificates.first()?.certificate()?;
    let key = PublicKey::parse(own.spki_der()).ok()?;
    Some(key.algorithm().clone())
}

impl Preflight {
    /// The places of the files whose certificates are shown for the one requested name; `None`:
    /// every file counts.
    pub(super) fn shown_for_host(&self, files: &[Vec<Object<'_>>]) -> Option<Vec<usize>> {
        let chooses = self
            .endpoint
            .as_ref()
            .is_some_and(|endpoint| endpoint.by_name);
        let [host] = self.hosts.as_slice() else {
            return None;
        };
        if !chooses || files.len() < 2 {
            return None;
        }
        let mut choice = Choice::new(false);
        for file in files {
            choice.push(file.iter().find_map(Object::certificate)?, None);
        }
        choice.shown_for(host)
    }

    /// The warning about a pair of [`replaced`](Self::replaced).
    pub(super) fn never_sent(&self, pair: &Pair<'_, '_>) -> Option<Finding> {
        let (setting, who) = self.keeps_the_last()?;
        let subject = pair.certificates.first()?.subject();
        let fact = rule::config::IgnoredValue {
            setting: setting.to_owned(),
            value: subject.source.clone(),
            reason: format!("{who} sends only the last certificate of each kind of key"),
        };
        Some(Finding::new(fact, subject))
    }

    /// The setting and the name of a server that accepts several certificates of one kind of key.
    fn keeps_the_last(&self) -> Option<(&'static str, &'static str)> {
        match self.server.name() {
            "nginx" => Some(("ssl_certificate", "nginx")),
            "apache" => Some(("SSLCertificateFile", "httpd")),
            _ => None,
        }
    }

    /// The places of the pairs whose certificates the server loads and never sends: OpenSSL has one
    /// slot for each kind of key, and a later certificate overwrites it (measured: nginx 1.22.1,
    /// httpd 2.4.71).
    pub(super) fn replaced(&self, pairs: &[Pair<'_, '_>]) -> BTreeSet<usize> {
        if self.keeps_the_last().is_none() {
            return BTreeSet::new();
        }
        let kinds: Vec<_> = pairs.iter().map(kind).collect();
        let of = |place: &usize| {
            let kind = kinds.get(*place).and_then(Option::as_ref);
            let mut later = kinds.iter().skip(place + 1).flatten();
            kind.is_some_and(|kind| later.any(|later| is_same_type(kind, later)))
        };
        (0..kinds.len()).filter(of).collect()
    }

    /// What the server would send for one pair, in its order: what is judged, and which part of it
    /// is really sent.
    pub(super) fn presented<'o, 'd>(
        &self,
        pair: &Pair<'o, 'd>,
        chain: &'o [Object<'d>],
        ca: &'o [Object<'d>],
    ) -> (Presented<'o, 'd>, Vec<Certificate<'d>>, Vec<Sent>) {
        let own = &pair.certificates;
        // No server reads DER after its own certificate (measured: httpd 2.4.71 skips such an
        // SSLCertificateChainFile silently).
        let read =
            |o: &&Object<'_>| o.certificate().is_some() && o.section.encoding() != Encoding::Der;
        let chain: Vec<_> = chain.iter().filter(read).collect();
        let ca: Vec<_> = ca.iter().filter(|o| o.certificate().is_some()).collect();
        let at = |place: Place| {
            let file = match place.file {
                File::Chain => &chain,
                File::Ca => &ca,
                _ => own,
            };
            file.get(place.index).copied()
        };
        let issued_by = |subject: Place, issuer: Place| {
            let both = at(subject)
                .and_then(|o| o.certificate())
                .zip(at(issuer)?.certificate());
            // HAProxy looks up issuers only by the key identifier that the certificate names
            // (`ssl_get0_issuer_chain`; measured: 2.6.12, 3.0.11, 3.4.7).
            let by_key = self.server.chain == ChainSource::RestElseIssuers;
            both.map(|(subject, issuer)| {
                let found = !by_key || names_key_of(subject, issuer);
                found
                    && issuer.subject().matches(&subject.issuer())
                    && match signature::signed_by(subject, issuer) {
                        Ok(()) => true,
                        Err(problem) => problem.is_not_computed(),
                    }
            })
        };
        let issuance = |subject, issuer| issued_by(subject, issuer).unwrap_or(false);
        let mut files = Files::of(own.len()).with_ca(ca.len());
        if self.chain_file.is_some() {
            files = files.with_chain(chain.len());
        }
        let again = |document: &Arc<Document>| {
            self.chain_file
                .as_ref()
                .is_some_and(|c| Arc::ptr_eq(c, document))
        };
        if self.certificate_files.iter().any(again) {
            files = files.chain_again();
        }
        let mut objects: Vec<_> = self
            .server
            .presented(&files, &issuance)
            .into_iter()
            .filter_map(at)
            .collect();
        let places = objects.iter().filter_map(|object| {
            let certificate = object.certificate()?;
            let subject = object.subject();
            Some(Sent {
                sha256: certificate.sha256(),
                subject: certificate.subject().to_string(),
                issuer: certificate.issuer().to_string(),
                not_before: certificate.not_before(),
                not_after: certificate.not_after(),
                der: certificate.der().to_vec(),
                source: subject.source,
                index: subject.index,
                lines: subject.lines,
            })
        });
        let places = places.collect();
        let sent = objects
            .iter()
            .filter_map(|o| o.certificate().cloned())
            .collect();
        // What a server leaves out must not hide that its own certificate
        // is further down in its file.
        if pair.own.is_some_and(|place| place > 0) {
            objects = own.iter().copied().chain(chain).collect();
        }
        let key = pair
            .own
            .and_then(|place| own.get(place))
            .and_then(|object| object.certificate())
            .map(|certificate| certificate.spki_der());
        (Presented { objects, key }, sent, places)
    }

    /// The certificates in a file of which the server sends only the first.
    pub(super) fn unsent(&self, pair: &Pair<'_, '_>, chain: &Chain<'_, '_>) -> Option<Finding> {
        let first = pair.certificates.first()?;
        // OpenSSL completes the chain from the CA file: a certificate in both files is sent.
        let sent = |object: &Object<'_>| {
            let der = |object: &Object<'_>| {
                object
                    .certificate()
                    .map(|certificate| certificate.der().to_vec())
            };
            chain
                .objects
                .iter()
                .any(|member| std::ptr::eq(*member, object) || der(member) == der(object))
        };
        let lost = pair
            .certificates
            .iter()
            .filter(|object| !sent(object))
            .count();
        if self.server.chain != ChainSource::FirstOnly || lost == 0 {
            return None;
        }
        let fact = rule::chain::ServerSendsLeafOnly {
            lost: lost as u64,
            sent: chain.objects.len() as u64,
            held: pair.certificates.len() as u64,
            client_auth: self
                .endpoint
                .as_ref()
                .is_some_and(|endpoint| endpoint.client_auth),
        };
        let fails = chain.gap().is_some() || (self.anchors.is_some() && !chain.is_anchored());
        let severity = if fails {
            Severity::Error
        } else {
            Severity::Warning
        };
        Some(Finding::new(fact, first.subject()).with_severity(severity))
    }

    /// Whether nothing would be missing if all of the file were sent.
    pub(super) fn is_whole(&self, pair: &Pair<'_, '_>, demands: &Demands<'_>) -> bool {
        let whole = Presented {
            objects: pair.certificates.clone(),
            key: None,
        };
        whole
            .arranged(self.anchors.as_deref(), demands.at)
            .gap()
            .is_none()
    }
}

/// Whether the authority key identifier of a certificate is the key identifier of the other one.
fn names_key_of(subject: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
    let wanted = subject.authority_key_id();
    let wanted = wanted.and_then(|authority_key_id| authority_key_id.key_id);
    wanted.is_some() && wanted == issuer.subject_key_id()
}
