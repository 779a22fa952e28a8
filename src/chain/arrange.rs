//! The order of a chain's certificates, and which ones are missing.
//!
//! Certificates are linked by signature, not only by name: a CA that changed its key has two
//! certificates with one name, and only one of them fits.

mod links;
mod paths;

use crate::finding::{Fingerprint, hex};
use crate::model::Certificate;
use crate::rule::{self, ChainFact};
use links::Links;

/// How certificates that a server presents, in the order of its files, belong
/// together. Numbers are places in that order, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Arrangement {
    /// The server's own certificate; `None` without any certificate.
    pub end_entity: Option<usize>,
    /// Whether it has the server's key, or is not a CA's certificate. Otherwise there are only CA
    /// certificates, and it is the lowest of them.
    pub is_end_entity: bool,
    /// The best path upwards, the end-entity first.
    pub path: Vec<usize>,
    /// All paths upwards, `path` first; more than one where a CA has several certificates.
    pub paths: Vec<Path>,
    /// The right order: `path`, then the rest of what belongs to the chain.
    pub order: Vec<usize>,
    /// Whether every certificate of `path` precedes its issuer, the end-entity first of all.
    pub in_order: bool,
    /// Pairs of a certificate and the place of its first copy.
    pub duplicates: Vec<(usize, usize)>,
    /// Certificates that have no part in the server's chain.
    pub unrelated: Vec<usize>,
    /// Self-signed certificates above the end-entity.
    pub roots: Vec<usize>,
    /// Where `path` ends.
    pub ends: Ending,
    /// What is missing where `path` ends without a self-signed certificate.
    pub gap: Option<Gap>,
    /// Signatures computed.
    pub signatures: u64,
    /// The budget of signatures, if it was spent: then more might belong together.
    pub exhausted: Option<u64>,
    /// Links of `order` that rest only on names and key identifiers, because the signature is of a
    /// kind that is not computed here.
    pub unchecked: Vec<Unchecked>,
}

/// A signature that was not computed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unchecked {
    /// The certificate that it signs.
    pub of: usize,
    /// The certificate whose key should have made it.
    pub issuer: usize,
    /// Why it was not computed.
    pub reason: String,
}

impl Arrangement {
    /// The same for a larger list, in which these certificates are at `places`: numbers become
    /// places in that list.
    pub(crate) fn renumbered(mut self, places: &[usize]) -> Self {
        let number = |place: &mut usize| {
            if let Some(known) = places.get(*place) {
                *place = *known;
            }
        };
        let all = [
            &mut self.path,
            &mut self.order,
            &mut self.unrelated,
            &mut self.roots,
        ];
        all.into_iter().flatten().for_each(number);
        let paths = self.paths.iter_mut();
        paths
            .flat_map(|path| &mut path.certificates)
            .for_each(number);
        self.end_entity.iter_mut().for_each(number);
        for link in &mut self.unchecked {
            number(&mut link.of);
            number(&mut link.issuer);
        }
        for (place, first) in &mut self.duplicates {
            number(place);
            number(first);
        }
        if let Some(gap) = &mut self.gap {
            number(&mut gap.of);
            gap.beyond.iter_mut().for_each(number);
            gap.rejected
                .iter_mut()
                .for_each(|rejection| number(&mut rejection.place));
        }
        self
    }
}

/// One path upwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The places of its certificates, the end-entity first.
    pub certificates: Vec<usize>,
    /// Where it ends.
    pub ends: Ending,
    /// Whether an issuer must be missing there ([`Gap::is_certain`]).
    pub lacks_an_issuer: bool,
}

impl Path {
    fn gap(&self, links: &Links<'_, '_>, unrelated: &[usize]) -> Option<Gap> {
        matches!(self.ends, Ending::BelowRoot | Ending::EndEntity)
            .then(|| links.gap(&self.certificates, unrelated))
            .flatten()
    }
}

/// Where a path upwards ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// There is no certificate.
    Nothing,
    /// At a self-signed CA certificate.
    Root,
    /// At a CA certificate whose issuer is not present, which is normal for roots.
    BelowRoot,
    /// At the end-entity, which is signed by its own key.
    SelfSignedEndEntity,
    /// At an end-entity whose issuer is not present.
    EndEntity,
}

impl Ending {
    /// The word for JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Root => "root",
            Self::BelowRoot => "below-root",
            Self::SelfSignedEndEntity => "self-signed-end-entity",
            Self::EndEntity => "end-entity",
        }
    }
}

/// An issuer that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// The certificate that lacks it.
    pub of: usize,
    /// Its fingerprint.
    pub sha256: Fingerprint,
    /// Its subject.
    pub subject: String,
    /// The issuer's name.
    pub issuer_name: String,
    /// The key identifier that the issuer must have.
    pub authority_key_id: Option<Vec<u8>>,
    /// Where the issuer can be fetched (caIssuers).
    pub ca_issuers: Vec<String>,
    /// Certificates of that name that did not issue it.
    pub rejected: Vec<RejectedIssuer>,
    /// Certificates that look like those above the missing one: CA certificates of the same
    /// organisation, linked to nothing.
    pub beyond: Vec<usize>,
}

/// A certificate that has the issuer's name but is not the issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RejectedIssuer {
    /// Its place.
    pub place: usize,
    /// Why it is not the issuer.
    pub reason: String,
}

impl Gap {
    /// Whether something must be missing: an end-entity never reaches an
    /// anchor alone, and a chain does not continue above a gap.
    pub fn is_certain(&self, ends: Ending) -> bool {
        ends == Ending::EndEntity || !self.beyond.is_empty() || !self.rejected.is_empty()
    }

    /// As the facts of a finding.
    pub fn fact(&self) -> ChainFact {
        let rejected = self.rejected.iter();
        let mut fact = rule::chain::MissingIntermediate::of(
            (self.subject.clone(), self.sha256),
            self.issuer_name.clone(),
            self.authority_key_id.as_deref().map(hex),
            self.ca_issuers.clone(),
        );
        fact.rejected = rejected.map(|rejection| rejection.reason.clone()).collect();
        ChainFact::MissingIntermediate(fact)
    }
}

/// Arranges `certificates`, which are in the order of the files. The server's
/// own is the one whose SubjectPublicKeyInfo is `key`, if that is given.
pub fn arrange(certificates: &[Certificate<'_>], key: Option<&[u8]>) -> Arrangement {
    let mut links = Links::new(certificates);
    let Some(end_entity) = links.end_entity(key) else {
        return Arrangement {
            end_entity: None,
            is_end_entity: false,
            path: vec![],
            paths: vec![],
            order: vec![],
            in_order: true,
            duplicates: vec![],
            unrelated: vec![],
            roots: vec![],
            ends: Ending::Nothing,
            gap: None,
            signatures: 0,
            exhausted: None,
            unchecked: vec![],
        };
    };
    // The order matters: `unreached` means "nothing linked it" only after the links were followed
    // from the end-entity.
    links.follow(end_entity);
    let mut paths = paths::all(&links, end_entity);
    let unrelated = links.unreached();
    for path in &mut paths {
        let gap = path.gap(&links, &unrelated);
        path.lacks_an_issuer = gap.is_some_and(|gap| gap.is_certain(path.ends));
    }
    let best = paths
        .iter()
        .enumerate()
        .min_by_key(|(_, path)| paths::rank(path));
    // Readers of the JSON treat the first path as the chain; the others keep the order in which
    // the search met them.
    if let Some(best) = best.map(|(place, _)| place) {
        paths.swap(0, best);
    }
    let first = paths.first().cloned();
    let (path, ends) = first.map_or((vec![end_entity], Ending::EndEntity), |path| {
        (path.certificates, path.ends)
    });
    let mut order = path.clone();
    // A cross-signed CA has two certificates and a path uses one. The other still belongs to the
    // chain: a client with another root needs it.
    order.extend(
        links
            .reached()
            .into_iter()
            .filter(|place| !path.contains(place)),
    );
    // RFC 5246 7.4.2 requires this order. RFC 8446 4.4.2 only recommends it, but servers send one
    // file to clients of either version, so the stricter clause decides.
    let in_order = path.first() == Some(&0) && path.is_sorted();
    let gap = paths.first().and_then(|path| path.gap(&links, &unrelated));
    Arrangement {
        end_entity: Some(end_entity),
        is_end_entity: links.is_end_entity(end_entity, key),
        in_order,
        // A self-signed end-entity is not a root: removing it from the file, as one may remove a
        // root, would leave the server without a certificate.
        roots: order
            .iter()
            .copied()
            .filter(|place| *place != end_entity && links.is_self_signed(*place))
            .collect(),
        path,
        paths,
        order,
        duplicates: links.duplicates(),
        unrelated,
        ends,
        gap,
        signatures: links.signatures(),
        exhausted: links.exhausted(),
        unchecked: links.unchecked(),
    }
}
