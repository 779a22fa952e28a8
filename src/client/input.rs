//! What a client is sent, what it holds, and what was computed on the way.

use super::by_version::Facts;
use crate::Time;
use crate::finding::Fingerprint;
use crate::model::{Certificate, TrustSetting};
use crate::server_name::ServerName;
use crate::signature::{self, SignatureProblem};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// What a server presents, and what the client expects of it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Presented<'r, 'a> {
    /// The certificates in the order of the wire, the server's own first.
    pub chain: &'r [Certificate<'a>],
    /// The names under which the client connects: it must accept each of them.
    pub names: &'r [ServerName],
    /// Whether the server staples an OCSP answer; `None` counts as no.
    pub staples: Option<bool>,
}

impl<'r, 'a> Presented<'r, 'a> {
    /// A chain, for no particular name, without a stapled answer.
    pub const fn of(chain: &'r [Certificate<'a>]) -> Self {
        Self {
            chain,
            names: &[],
            staples: None,
        }
    }

    /// The same for these names.
    #[must_use]
    pub const fn named(mut self, names: &'r [ServerName]) -> Self {
        self.names = names;
        self
    }

    /// The same with or without a stapled OCSP answer.
    #[must_use]
    pub const fn stapling(mut self, staples: bool) -> Self {
        self.staples = Some(staples);
        self
    }
}

/// What a client holds.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Store<'r, 'a> {
    /// The certificates in its trust store.
    pub anchors: &'r [Certificate<'a>],
    /// Certificates that could also be installed, and that a client which
    /// fetches issuers would find: those of the server's files.
    pub known: &'r [Certificate<'a>],
    /// Its anchor was not given, and is the topmost certificate known: every client treats it as
    /// trusted, even those that demand a root.
    pub assumed: bool,
    /// What OpenSSL's settings say about some of the anchors, by fingerprint.
    pub settings: &'r [(Fingerprint, TrustSetting)],
}

impl<'r, 'a> Store<'r, 'a> {
    /// A store of these certificates.
    pub const fn of(anchors: &'r [Certificate<'a>]) -> Self {
        Self {
            anchors,
            known: &[],
            assumed: false,
            settings: &[],
        }
    }

    /// Its certificates are trusted for the sake of the question.
    #[must_use]
    pub const fn assumed(mut self) -> Self {
        self.assumed = true;
        self
    }

    /// The same with OpenSSL's settings for some of them.
    #[must_use]
    pub const fn with_settings(mut self, settings: &'r [(Fingerprint, TrustSetting)]) -> Self {
        self.settings = settings;
        self
    }

    /// The same with certificates that could also be installed.
    #[must_use]
    pub const fn knowing(mut self, known: &'r [Certificate<'a>]) -> Self {
        self.known = known;
        self
    }
}

/// The most signatures computed for one client: OpenSSL's path has at most 100 certificates, Go
/// computes 100, rustls-webpki 100; a smallest set is looked for with what is left.
const MOST_SIGNATURES: u64 = 1_000;

/// One client faced with one chain.
pub(super) struct Input<'r, 'a> {
    pub(super) chain: &'r [Certificate<'a>],
    pub(super) names: &'r [ServerName],
    pub(super) staples: bool,
    pub(super) anchors: Vec<&'r Certificate<'a>>,
    pub(super) known: &'r [Certificate<'a>],
    /// No store is known: its only certificate is assumed to be trusted, whatever it is.
    pub(super) assumed: bool,
    settings: &'r [(Fingerprint, TrustSetting)],
    pub(super) at: Time,
    /// What the client's version decides.
    pub(super) facts: Facts,
    work: std::rc::Rc<Ledger>,
}

/// What was computed, by the places of the certificates in memory.
#[derive(Default)]
struct Ledger {
    signatures: RefCell<HashMap<(usize, usize), Result<(), SignatureProblem>>>,
    spent: Cell<u64>,
}

impl<'r, 'a> Input<'r, 'a> {
    pub(super) fn new(presented: &Presented<'r, 'a>, store: &Store<'r, 'a>, at: Time) -> Self {
        Self {
            chain: presented.chain,
            names: presented.names,
            staples: presented.staples.unwrap_or(false),
            anchors: store.anchors.iter().collect(),
            known: store.known,
            assumed: store.assumed,
            settings: store.settings,
            at,
            facts: Facts::MEASURED,
            work: std::rc::Rc::default(),
        }
    }

    /// The same for a client of another version.
    pub(super) const fn of_version(mut self, facts: Facts) -> Self {
        self.facts = facts;
        self
    }

    /// The same with more certificates in the store.
    pub(super) fn with(&self, more: &[&'r Certificate<'a>]) -> Self {
        Self {
            anchors: self.anchors.iter().chain(more).copied().collect(),
            work: std::rc::Rc::clone(&self.work),
            ..*self
        }
    }

    pub(super) fn leaf(&self) -> Option<&'r Certificate<'a>> {
        self.chain.first()
    }

    /// Whether this very certificate is in the store.
    pub(super) fn holds(&self, certificate: &Certificate<'_>) -> bool {
        self.anchors
            .iter()
            .any(|anchor| anchor.der() == certificate.der())
    }

    /// What OpenSSL's settings say about an anchor.
    pub(super) fn setting(&self, anchor: &Certificate<'_>) -> TrustSetting {
        // Hashing is skipped if there are no settings, which is nearly always.
        let mut all = self.settings.iter();
        match self.settings {
            [] => TrustSetting::Unsaid,
            _ => all
                .find(|(digest, _)| *digest == anchor.sha256())
                .map_or(TrustSetting::Unsaid, |(_, setting)| *setting),
        }
    }

    /// Whether the key of `issuer` signed `certificate`, computed once.
    pub(super) fn signed(
        &self,
        certificate: &Certificate<'_>,
        issuer: &Certificate<'_>,
    ) -> Result<(), SignatureProblem> {
        let place = |certificate: &Certificate<'_>| certificate.der().as_ptr().addr();
        let key = (place(certificate), place(issuer));
        if let Some(known) = self.work.signatures.borrow().get(&key) {
            return known.clone();
        }
        self.spend(1);
        // A client that refuses a certificate that names two algorithms does so when reading it.
        let answer = signature::signed_as_outside(certificate, issuer);
        self.work
            .signatures
            .borrow_mut()
            .insert(key, answer.clone());
        answer
    }

    /// Whether `it` is trusted for the sake of the question and has an issuer above:
    /// then clients would judge it as a certificate below their anchor.
    pub(super) fn goes_on(&self, it: &Certificate<'_>) -> bool {
        self.assumed && !it.is_self_issued()
    }

    /// Counts signatures.
    pub(super) fn spend(&self, signatures: u64) {
        self.work
            .spent
            .set(self.work.spent.get().saturating_add(signatures));
    }

    /// Signatures that may still be computed.
    pub(super) fn left(&self) -> u64 {
        MOST_SIGNATURES.saturating_sub(self.work.spent.get())
    }
}
