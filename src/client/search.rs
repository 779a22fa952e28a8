//! Clients that try every path: Go, Java, and those known from documents.
//!
//! [`chain::verify`] answers whether there is a path that follows a client's rules. A client is a
//! set of switches for that question, the certificates of its store that may end a path, and its
//! other checks.

mod found;
mod java;
mod lists;
mod rules;

use super::constraints::{self, Broken, Reader};
use super::go_constraints;
use super::input::Input;
use super::issued::{
    key_bits, must_staple, ns_serves, ns_unread_by_java, serves, serves_by_name, serves_gated,
    signs,
};
use super::reads::{Family, Place};
use super::refusal::{Cause, Refusal};
use super::stapled::LooksAt;
use crate::chain::{self, PathProfile, Purpose, Reason, Rejection, Request};
use crate::finding::Fingerprint;
use crate::model::{Certificate, Hash, SignatureAlgorithm};
use crate::shown;
use crate::validity::{Validity, outlives};
use found::go_path;
use lists::{fetched, links, list, not_read};
pub(super) use rules::{Anchors, Ends, Own, Rules};

/// The signatures of mozilla::pkix (pkixnss.cpp, `DigestBufNSS`; pkixder.cpp,
/// `SignatureAlgorithmIdentifierValue`).
fn is_pkix(signature: SignatureAlgorithm) -> bool {
    let hash = match signature {
        SignatureAlgorithm::RsaPkcs1(hash) | SignatureAlgorithm::Ecdsa(hash) => hash,
        SignatureAlgorithm::RsaPss { hash, .. } => hash,
        // certcheck cannot compute it: another check reports that.
        SignatureAlgorithm::Unsupported => return true,
        _ => return false,
    };
    // Broken hashes have their own reason for the refusal.
    hash != Hash::Sha224
}

impl Rules {
    /// The path, or what the client refuses before it checks names.
    pub(super) fn verify(&self, input: &Input<'_, '_>) -> Result<Vec<Fingerprint>, Refusal> {
        let refused = |cause| Refusal::new(cause, "");
        let leaf = input.leaf().ok_or(refused(Cause::NothingPresented))?;
        if self
            .most_presented
            .is_some_and(|most| input.chain.len() > most)
        {
            return Err(refused(Cause::TooMany));
        }
        if self.own == Own::Unseen && input.holds(leaf) {
            return Ok(vec![leaf.sha256()]);
        }
        let path = self.path(input, leaf)?;
        // Java and NSS check no extensions of an anchor except those that make it one (measured).
        let looked_at = match self.anchors {
            Anchors::Judged => path.len(),
            Anchors::AreCas | Anchors::InTime => path.len().saturating_sub(1),
        };
        let steps = path.iter().take(looked_at).filter_map(|digest| {
            let mut all = input.chain.iter().chain(input.anchors.iter().copied());
            all.find(|certificate| certificate.sha256() == *digest)
        });
        if let Some(unknown) = self.family.unknown_critical(steps) {
            return Err(refused(Cause::UnknownCriticalExtension).of(unknown));
        }
        let all = || input.chain.iter().chain(input.anchors.iter().copied());
        let found =
            |digest: &Fingerprint| all().find(|certificate| certificate.sha256() == *digest);
        let whole: Vec<_> = path.iter().filter_map(found).collect();
        if self.family == Family::Java {
            let by_list = list(input).is_some();
            // If a list is validated without a search, the selector checks what the topmost
            // certificate says about its issuer; a search does not (measured: Java 17).
            if let [.., last, anchor] = whole.as_slice()
                && by_list
                && !input.anchors.iter().any(|known| {
                    known.subject().matches(&anchor.subject())
                        && known.spki_der() == anchor.spki_der()
                        && java::selects(last, known)
                })
            {
                let says = "PKIX path validation failed: Path does not chain with any of the trust anchors";
                return Err(Refusal::new(Cause::Untrusted, says).of(last));
            }
            // The search ends at no anchor that has expired (measured: Java 17).
            if let Some(anchor) = whole.last()
                && !by_list
                && whole.len() > 2
                && !input.anchors.iter().any(|known| {
                    known.subject().matches(&anchor.subject())
                        && known.spki_der() == anchor.spki_der()
                        && Validity::of(known, input.at).is_valid()
                })
            {
                let says = "PKIX path building failed: unable to find valid certification path to requested target";
                return Err(Refusal::new(Cause::Untrusted, says).of(anchor));
            }
            if let Some((cause, says, it)) = java::refuses(&whole) {
                return Err(Refusal::new(cause, says).of(it));
            }
            match constraints::broken(&whole, Reader::Java) {
                Some(Broken::Refused(_)) => Err(refused(Cause::NameConstraints).of(leaf)),
                Some(Broken::Exhausted) => Err(refused(Cause::Exhausted).of(leaf)),
                None => Ok(()),
            }?;
        }
        if self.family == Family::Go {
            go_path(&whole).map_err(|(cause, it)| refused(cause).of(it))?;
            if go_constraints::has_odd_name(&whole) {
                return Err(refused(Cause::NameConstraints).of(leaf));
            }
        }
        if self.purpose_by_name
            && let Some(odd) = whole
                .iter()
                .find(|certificate| !serves_by_name(certificate))
        {
            return Err(refused(Cause::Purpose).of(odd));
        }
        if !input.facts.edwards
            && let Some(odd) =
                whole
                    .iter()
                    .take(whole.len().saturating_sub(1))
                    .find(|certificate| {
                        certificate.signature_algorithm().signature() == SignatureAlgorithm::Ed25519
                    })
        {
            return Err(refused(Cause::Algorithm).of(odd));
        }
        if self.pkix_signatures {
            let mut below = input.chain.iter().filter(|input| {
                path.contains(&input.sha256()) && path.last() != Some(&input.sha256())
            });
            if let Some(odd) =
                below.find(|certificate| !is_pkix(certificate.signature_algorithm().signature()))
            {
                return Err(refused(Cause::Algorithm).of(odd));
            }
        }
        self.by_itself(input, leaf, path.len() == 1)
            .map_err(|cause| refused(cause).of(leaf))?;
        for it in input.chain.iter().chain(input.anchors.iter().copied()) {
            let small = key_bits(it).is_some_and(|(rsa, bits)| rsa && bits < self.least_rsa);
            if small && path.contains(&it.sha256()) {
                return Err(refused(Cause::WeakKey).of(it));
            }
        }
        Ok(path)
    }

    /// Whether the client can read a certificate of its store: otherwise it ignores it.
    fn reads(&self, input: &Input<'_, '_>, it: &Certificate<'_>) -> bool {
        let unread = self.family.unread_by(input.facts, it, Place::Above, false);
        unread.is_none()
    }

    /// What else the client requires of the server's certificate.
    fn by_itself(
        &self,
        input: &Input<'_, '_>,
        leaf: &Certificate<'_>,
        is_anchor: bool,
    ) -> Result<(), Cause> {
        if !self.ca_may_serve && leaf.is_ca() {
            return Err(Cause::CaAsServer);
        }
        if let Some((days, since)) = self.most_days
            && !is_anchor
            && leaf.not_before() >= since
            && outlives(leaf, days)
        {
            return Err(Cause::Lifetime);
        }
        if self.needs_purpose && leaf.extended_key_usage().is_none() {
            return Err(Cause::Purpose);
        }
        let gated = matches!(self.family, Family::Java | Family::Nss) && serves_gated(leaf);
        let purposed = serves(leaf) || gated;
        let usage = leaf.key_usage().filter(|_| self.must_serve);
        if usage.is_some_and(|usage| {
            !(usage.digital_signature() || usage.key_encipherment() || usage.key_agreement())
        }) {
            return Err(Cause::Purpose);
        }
        let netscape =
            self.family == Family::Java && ns_unread_by_java(leaf).is_none() && !ns_serves(leaf);
        if self.must_sign && !signs(leaf) || self.purpose_of_leaf_only && !purposed || netscape {
            return Err(Cause::Purpose);
        }
        if self.looks_at_stapled == LooksAt::All && must_staple(leaf) && !input.staples {
            return Err(Cause::NotStapled);
        }
        Ok(())
    }

    fn path(
        &self,
        input: &Input<'_, '_>,
        leaf: &Certificate<'_>,
    ) -> Result<Vec<Fingerprint>, Refusal> {
        let own = |certificate: &Certificate<'_>| certificate.der() == leaf.der();
        let ends = |certificate: &Certificate<'_>| {
            let root = certificate.is_self_issued();
            match self.own {
                _ if root => true,
                Own::SelfSigned if own(certificate) => false,
                Own::NoIssuedCa if own(certificate) && certificate.is_ca() => false,
                _ if own(certificate) => true,
                _ => input.assumed || self.ends == Ends::Anywhere,
            }
        };
        let mut judged = Vec::new();
        let mut unjudged = Vec::new();
        let mut refused = None;
        for &anchor in &input.anchors {
            if !ends(anchor) || !self.reads(input, anchor) {
                continue;
            }
            let old = anchor.version() < 3;
            let in_time = Validity::of(anchor, input.at).is_valid();
            let usable = match self.anchors {
                Anchors::Judged if !old => {
                    judged.push(anchor.clone());
                    continue;
                }
                Anchors::Judged => in_time,
                Anchors::InTime => in_time && (old || anchor.is_ca()),
                Anchors::AreCas => old || may_sign(anchor),
            };
            if usable {
                unjudged.push(anchor.clone());
            } else {
                refused = Some(anchor);
            }
        }
        let list = self.takes_lists.then(|| list(input)).flatten();
        if let Some(list) = &list {
            links(input, list)?;
        }
        let mut intermediates: Vec<_> = match &list {
            Some(list) => list.iter().skip(1).cloned().collect(),
            None => input.chain.iter().skip(1).cloned().collect(),
        };
        if self.fetches {
            intermediates.extend(fetched(input));
        }
        if self.ends == Ends::AtRoots {
            // Windows keeps them in its store CA, and builds paths with them
            // (learn.microsoft.com, "CertGetCertificateChain").
            let stored = input.anchors.iter().copied();
            intermediates.extend(
                stored
                    .filter(|certificate| certificate.is_ca() && !ends(certificate))
                    .cloned(),
            );
        }
        let ask = |anchors: &[Certificate<'_>], judges| {
            let mut request = Request::new(leaf, &intermediates, anchors, input.at);
            let profile = PathProfile {
                judges_anchors: judges,
                // The signature of a certificate that is itself trusted is not checked.
                refuses_broken_hashes: self.profile.refuses_broken_hashes && !input.holds(leaf),
                ..self.profile
            };
            request.profile = &profile;
            if !self.purpose_of_leaf_only {
                request.purpose = Purpose::Server;
            }
            if list.is_none() {
                request.max_depth = self.most_intermediates;
            }
            request.budgets.signatures = input.left().min(500);
            let answer = chain::verify(&request);
            input.spend(answer.work.signatures);
            let by_bytes = || self.same_bytes(input, &answer.path);
            if answer.valid && by_bytes() {
                Ok(answer.path)
            } else {
                Err(answer.reasons)
            }
        };
        let first = ask(&judged, true);
        let reasons = match first {
            Ok(path) => return Ok(path),
            Err(reasons) if unjudged.is_empty() => reasons,
            Err(mut reasons) => match ask(&unjudged, false) {
                Ok(path) => return Ok(path),
                Err(more) if judged.is_empty() => more,
                Err(more) => {
                    reasons.extend(more);
                    reasons
                }
            },
        };
        let cause = cause(&reasons, refused);
        if self.fetches
            && cause.cause == Cause::Untrusted
            // Without another anchor, no issuer leads to one.
            && judged.iter().chain(&unjudged).any(|anchor| !own(anchor))
            && let Some(address) = not_read(input, leaf, &intermediates)
        {
            // No issuer changes what the client refuses of the certificate itself.
            self.by_itself(input, leaf, false)
                .map_err(|cause| Refusal::new(cause, "").of(leaf))?;
            let says = format!(
                "it fetches the issuer from {}, which certcheck did not read",
                shown::value(address)
            );
            return Err(Refusal::new(Cause::IssuerNotRead, says).of(leaf));
        }
        Err(cause)
    }

    /// Whether every issuer's name is the same, byte by byte, in the certificate below.
    fn same_bytes(&self, input: &Input<'_, '_>, path: &[Fingerprint]) -> bool {
        if !self.names_by_bytes && !self.anchor_by_bytes {
            return true;
        }
        let all = || input.chain.iter().chain(input.anchors.iter().copied());
        let steps: Vec<_> = path
            .iter()
            .filter_map(|digest| all().find(|certificate| certificate.sha256() == *digest))
            .collect();
        let from = if self.names_by_bytes {
            0
        } else {
            steps.len().saturating_sub(2)
        };
        steps
            .iter()
            .zip(steps.iter().skip(1))
            .skip(from)
            .all(|(below, above)| below.issuer().der() == above.subject().der())
    }
}

/// Whether it is a CA's certificate, and may sign others.
fn may_sign(anchor: &Certificate<'_>) -> bool {
    anchor.is_ca() && anchor.key_usage().is_none_or(|usage| usage.key_cert_sign())
}

/// The most telling of the reasons for which there is no path.
fn cause(reasons: &[Rejection], refused: Option<&Certificate<'_>>) -> Refusal {
    let named = |rejection: &Rejection, cause| {
        let mut refusal = Refusal::new(cause, "");
        refusal.certificate = Some(rejection.certificate);
        refusal.subject = Some(rejection.subject.clone());
        refusal
    };
    // If one signature was not computed, another certificate of that name proves nothing.
    let open = reasons.iter().find(|rejection| {
        matches!(&rejection.reason, Reason::BadSignature { problem, .. } if problem.is_not_computed())
    });
    let mut untrusted = None;
    for rejection in reasons {
        let cause = match &rejection.reason {
            Reason::Name(_) => Cause::Name,
            Reason::NotYetValid { .. } => Cause::NotYetValid,
            Reason::Expired { .. } if rejection.end_entity => Cause::Expired,
            Reason::Expired { .. } => Cause::IssuerExpired,
            Reason::Purpose { .. } => Cause::Purpose,
            Reason::MalformedExtension { .. } => Cause::MalformedExtension,
            Reason::UnknownCriticalExtension { .. } => Cause::UnknownCriticalExtension,
            Reason::NotConforming { .. } => Cause::Strictness,
            Reason::WeakSignature { .. } => Cause::WeakSignature,
            Reason::WeakKey { .. } => Cause::WeakKey,
            Reason::NotACa { .. } => Cause::NotACa,
            Reason::PathLength { .. } | Reason::TooDeep { .. } => Cause::PathLength,
            Reason::NameConstraints { .. } => Cause::NameConstraints,
            Reason::Policy { .. } => Cause::Policy,
            Reason::BudgetExhausted { .. } => Cause::Exhausted,
            Reason::BadSignature { .. } => {
                untrusted.get_or_insert_with(|| named(rejection, Cause::BadSignature));
                continue;
            }
            _ => {
                untrusted = Some(named(rejection, Cause::Untrusted));
                continue;
            }
        };
        return named(rejection, cause);
    }
    if let Some(rejection) = open {
        return named(rejection, Cause::NotComputed);
    }
    untrusted.unwrap_or_else(|| match refused {
        Some(anchor) => Refusal::new(Cause::Untrusted, "").of(anchor),
        None => Refusal::new(Cause::Untrusted, ""),
    })
}
