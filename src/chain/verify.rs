//! Does a path lead from this certificate to an anchor?

use super::policy::{Policies, PolicyInputs};
use super::reason::{Reason, Rejection};
use super::request::Request;
use super::rules::{PathRole, Rules};
use super::search::Search;
use super::work::Work;
use crate::finding::Fingerprint;
use crate::model::Certificate;

/// The verdict, the path or the reasons, and the work done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verification {
    /// Whether there is a valid path.
    pub valid: bool,
    /// The path found, end-entity first, anchor last. It is also given if only the end-entity is at
    /// fault.
    pub path: Vec<Fingerprint>,
    /// The certificate policies that hold for the path, dotted, of those that
    /// the caller accepts: RFC 9618's user-constrained-policy-set. anyPolicy
    /// (2.5.29.32.0) is among them if the caller accepts any and all hold.
    pub policies: Vec<String>,
    /// The policies that hold for the path whatever the caller accepts: RFC
    /// 9618's authority-constrained-policy-set. A hundred at most, as in `policies`.
    pub authority_policies: Vec<String>,
    /// Why there is none, the most telling first.
    pub reasons: Vec<Rejection>,
    /// What the profile accepts but others may not: weak signatures and keys.
    pub warnings: Vec<Rejection>,
    /// The work done.
    pub work: Work,
}

/// The most reasons given: enough to read, and bounded.
const MOST_REASONS: usize = 50;

/// Looks for a path by the rules of `request`.
///
/// ```no_run
/// use certcheck::chain::{PathProfile, Request, verify};
/// use certcheck::model::Certificate;
/// # let (der, issuer_der, root_der) = (vec![], vec![], vec![]);
/// let leaf = Certificate::parse(&der)?;
/// let intermediates = [Certificate::parse(&issuer_der)?];
/// let anchors = [Certificate::parse(&root_der)?];
/// let mut request = Request::new(&leaf, &intermediates, &anchors, "2026-11-22T00:00:00Z".parse()?);
/// request.profile = &PathProfile::WEBPKI;
/// let answer = verify(&request);
/// println!("{} after {} signatures", answer.valid, answer.work.signatures);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify(request: &Request<'_, '_>) -> Verification {
    let rules = Rules {
        profile: request.profile,
        at: request.at,
        purpose: request.purpose.oid(),
    };
    // The end-entity's own faults are collected in any case. They hold on every path, and the
    // administrator wants all of them at once.
    let own = end_entity_reasons(request, &rules);
    let is_anchor = request.profile.end_entity_as_anchor
        && request
            .anchors
            .iter()
            .any(|anchor| anchor.der() == request.leaf.der());
    if is_anchor {
        return Verification {
            valid: own.is_empty(),
            path: vec![request.leaf.sha256()],
            policies: Vec::new(),
            authority_policies: Vec::new(),
            reasons: own,
            warnings: warnings([request.leaf].into_iter(), &rules),
            work: Work::default(),
        };
    }
    let mut search = Search::new(request, &rules);
    let path = search.run();
    let mut reasons = own;
    if path.is_none() {
        reasons.extend(search.reasons());
        // The first search stops at an unknown status. A second one, which ignores unknown
        // statuses, finds certificates further down that are certainly revoked.
        reasons.extend(revoked_below(request, &rules, &reasons));
        reasons.sort_by_key(|rejection| rejection.reason.rank());
        reasons.truncate(MOST_REASONS);
    }
    let path = path.unwrap_or_default();
    let of_any = PolicyInputs {
        initial: Vec::new(),
        require_explicit: false,
        ..request.policies.clone()
    };
    Verification {
        valid: reasons.is_empty() && !path.is_empty(),
        warnings: warnings(path.iter().copied(), &rules),
        policies: policies(&path, &request.policies),
        authority_policies: policies(&path, &of_any),
        path: path
            .iter()
            .map(|certificate| certificate.sha256())
            .collect(),
        reasons,
        work: search.work(),
    }
}

/// What is certainly revoked below a certificate whose status is unknown: the search ended above
/// it.
fn revoked_below(
    request: &Request<'_, '_>,
    rules: &Rules<'_>,
    reasons: &[Rejection],
) -> Vec<Rejection> {
    let any = |is: fn(&Reason) -> bool| reasons.iter().any(|reason| is(&reason.reason));
    if !any(|reason| matches!(reason, Reason::RevocationUnknown { .. }))
        || any(|reason| matches!(reason, Reason::Revoked { .. }))
    {
        return Vec::new();
    }
    let mut search = Search::new(request, rules).for_revoked_alone();
    if search.run().is_some() {
        return Vec::new();
    }
    let mut found = search.reasons();
    found.retain(|rejection| matches!(rejection.reason, Reason::Revoked { .. }));
    found
}

/// The objections of verifiers that judge an anchor by its certificate to a path that is otherwise
/// valid: its dates, its constraints, its usages.
///
/// RFC 5280 6.1.1 (d) treats an anchor as a name and a key, so that a profile
/// without [`judges_anchors`](super::PathProfile::judges_anchors) does not look at
/// them; OpenSSL, Go and others do.
pub fn anchor_objections(request: &Request<'_, '_>, answer: &Verification) -> Vec<Rejection> {
    let is_last = |anchor: &&Certificate<'_>| Some(&anchor.sha256()) == answer.path.last();
    let Some(anchor) = request.anchors.iter().find(is_last) else {
        return Vec::new();
    };
    if !answer.valid || request.profile.judges_anchors || answer.path.len() < 2 {
        return Vec::new();
    }
    let profile = super::PathProfile {
        judges_anchors: true,
        ..*request.profile
    };
    let rules = Rules {
        profile: &profile,
        at: request.at,
        purpose: request.purpose.oid(),
    };
    // Most anchors give no reason to object: the second verification is run only if there is
    // something to find.
    let constrained = anchor.name_constraints().is_some()
        || anchor
            .basic_constraints()
            .is_some_and(|constraint| constraint.path_length.is_some());
    if !constrained && rules.check(anchor, PathRole::Anchor).is_empty() {
        return Vec::new();
    }
    let mut judged = request.clone();
    judged.profile = &profile;
    // Lists were judged by the first verification. Here they would only repeat its answer.
    judged.revocation = super::Revocation::Off;
    let answer = verify(&judged);
    let mut found = answer.reasons;
    // Judging an anchor may end every path at once, and then these reasons appear as a
    // consequence, not as a separate objection.
    found.retain(|rejection| match rejection.reason {
        // Version 1 has no extension to say that rejection is a CA's.
        Reason::NotACa { .. } => rejection.certificate != anchor.sha256() || anchor.version() == 3,
        Reason::MissingIssuer { .. }
        | Reason::UntrustedRoot { .. }
        | Reason::BadSignature { .. }
        | Reason::BudgetExhausted { .. } => false,
        _ => true,
    });
    if answer.valid { Vec::new() } else { found }
}

/// The policies that hold for a path, its end-entity first.
fn policies(path: &[&Certificate<'_>], inputs: &PolicyInputs) -> Vec<String> {
    let mut policies = Policies::new(inputs);
    let below_anchor = path.len().saturating_sub(1);
    for (place, certificate) in path.iter().enumerate().take(below_anchor).rev() {
        if policies.process(certificate, place == 0, inputs).is_err() {
            return Vec::new();
        }
        if place > 0 {
            policies.prepare(certificate, inputs);
        } else {
            let found = policies.finish(certificate, inputs).unwrap_or_default();
            return found.iter().map(ToString::to_string).collect();
        }
    }
    Vec::new()
}

/// What is wrong with the end-entity on any path.
fn end_entity_reasons(request: &Request<'_, '_>, rules: &Rules<'_>) -> Vec<Rejection> {
    let mut reasons = rules.check(request.leaf, PathRole::EndEntity);
    for name in request.names {
        if let Err(mismatch) = name.check(request.leaf, request.profile.wildcards) {
            reasons.push(Reason::Name(mismatch));
        }
    }
    reasons.truncate(MOST_REASONS);
    let rejection = |reason| Rejection {
        certificate: request.leaf.sha256(),
        subject: request.leaf.subject().to_string(),
        end_entity: true,
        path: Vec::new(),
        reason,
    };
    reasons.into_iter().map(rejection).collect()
}

/// Weak signatures below the anchor, weak keys, and a CA's certificate whose usages do not help a
/// server.
fn warnings<'c, 'a: 'c>(
    path: impl Iterator<Item = &'c Certificate<'a>>,
    rules: &Rules<'_>,
) -> Vec<Rejection> {
    let mut found = Vec::new();
    let mut path = path.enumerate().peekable();
    while let Some((place, certificate)) = path.next() {
        let algorithm = certificate.signature_algorithm();
        let weak_hash = algorithm
            .signature()
            .hash()
            .is_some_and(|hash| hash.is_broken());
        let mut push = |reason| {
            found.push(Rejection {
                certificate: certificate.sha256(),
                subject: certificate.subject().to_string(),
                end_entity: place == 0,
                path: Vec::new(),
                reason,
            });
        };
        // The last certificate of the path is the anchor, whose own signature protects nothing:
        // `peek` is empty there.
        if weak_hash && (place == 0 || path.peek().is_some()) {
            let algorithm = algorithm.to_string();
            push(Reason::WeakSignature { algorithm });
        }
        if place == 0
            && certificate.is_ca()
            && let Some(reason) = rules.unfit_usage(certificate)
        {
            push(reason);
        }
        if let Some(reason) = super::rules::weak_key(certificate) {
            push(reason);
        }
    }
    found
}
