//! What the new certificate loses, as findings.

use super::{names, same_key, side};
use crate::Time;
use crate::answer::Check;
use crate::client::Verdict;
use crate::finding::{Part, Severity, Subject};
use crate::model::Certificate;
use crate::preflight::Sent;
use crate::preflight::difference::{DiffResult, VerdictChange};
use crate::rule::{Finding, renewal};

/// The two sides.
pub(super) struct Compared<'a> {
    pub(super) old: Vec<Certificate<'a>>,
    pub(super) new: Vec<Certificate<'a>>,
    pub(super) old_sent: &'a [Sent],
    pub(super) new_sent: &'a [Sent],
    pub(super) with_anchors: bool,
    /// The moment of judgement.
    pub(super) at: Time,
}

impl Compared<'_> {
    /// Completes the result, and returns what is lost and which checks ran.
    pub(super) fn judge(&self, result: &mut DiffResult) -> (Vec<Finding>, Vec<Check>) {
        let (Some(old), Some(new)) = (self.old.first(), self.new.first()) else {
            let missing = match self.old.is_empty() {
                true => "no certificate of the old side can be read",
                false => "no certificate of the new side can be read",
            };
            return (vec![], vec![Check::impossible("replacement", missing)]);
        };
        result.same = old.der() == new.der();
        result.lost = names::uncovered(&self.old, &self.new);
        result.won = names::uncovered(&self.new, &self.old);
        result.same_key = same_key(old.spki_der(), new.spki_der());
        result.purposes_lost = lost_purposes(old, new);
        let place = self.place();
        let mut findings = self.of_certificate(result, old, new, &place);
        findings.extend(of_clients(&result.verdicts, &place));
        for store in result.stores.iter().filter(|store| !store.lost.is_empty()) {
            let fact = renewal::StoreLost {
                store: store.store.clone(),
                pinned: store.pins_old,
                clients: store.lost.iter().map(ToString::to_string).collect(),
            };
            findings.push(Finding::new(fact, Subject::file(store.store.as_str())));
        }
        let mut checks = vec![Check::ran("replacement")];
        let (found, check) = self.anchor(&place);
        findings.extend(found);
        checks.push(check);
        if !result.stores.is_empty() {
            checks.push(Check::ran("stores"));
        }
        let undecided = |change: &&VerdictChange| {
            change.decides && change.is_lost() && change.new == Verdict::Undecided
        };
        if let Some(change) = result.verdicts.iter().find(undecided) {
            let reason = change.reason.as_deref().unwrap_or("not decided");
            let reason = format!("{}: {reason}", change.client);
            checks.push(Check::impossible("clients-of-both", reason));
        }
        (findings, checks)
    }

    /// The new certificate, as the subject of the findings.
    fn place(&self) -> Subject {
        let Some(first) = self.new_sent.first() else {
            return Subject::file("");
        };
        Subject {
            source: first.source.clone(),
            part: Part::Certificate,
            index: first.index,
            lines: first.lines,
        }
    }

    fn of_certificate(
        &self,
        result: &DiffResult,
        old: &Certificate<'_>,
        new: &Certificate<'_>,
        place: &Subject,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        if !result.lost.is_empty() {
            let names = result.lost.clone();
            findings.push(Finding::new(renewal::NameLost { names }, place.clone()));
        }
        if !result.purposes_lost.is_empty() {
            let lost = result.purposes_lost.clone();
            findings.push(Finding::new(renewal::PurposeLost { lost }, place.clone()));
        }
        // Equal dates are not reported: a reissued certificate often keeps the end of the old one.
        if new.not_after() < old.not_after() {
            // A successor is issued later and just now. Otherwise the files may be exchanged.
            let life = new.not_before().days_until(new.not_after());
            let is_old = new.not_before().days_until(self.at) > life / 2;
            let exchanged = new.not_before() < old.not_before() || is_old;
            let fact = renewal::EndsEarlier {
                old: old.not_after(),
                new: new.not_after(),
                exchanged,
            };
            let finding = Finding::new(fact, place.clone());
            findings.push(if exchanged {
                finding.with_severity(Severity::Error).because(
                    "the new certificate was issued before the old one, or is past half of its life",
                )
            } else {
                finding
            });
        }
        if side::must_staple(new) && !side::must_staple(old) {
            let subject = new.subject().to_string();
            findings.push(Finding::new(renewal::MustStaple { subject }, place.clone()));
        }
        if let (false, Some(old), Some(new)) = (
            result.same_key,
            result.old.spki_sha256,
            result.new.spki_sha256,
        ) {
            findings.push(Finding::new(
                renewal::KeyChanged { old, new },
                place.clone(),
            ));
        }
        findings
    }

    /// Whether both lead to the same anchor. If anchors were given, the
    /// clients have already answered that.
    fn anchor(&self, place: &Subject) -> (Option<Finding>, Check) {
        let name = "same-anchor";
        if self.with_anchors {
            return (None, Check::ran(name));
        }
        let (old, new) = (side::path(self.old_sent), side::path(self.new_sent));
        let (Some(old), Some(new)) = (old.last(), new.last()) else {
            return (None, Check::impossible(name, "a chain cannot be read"));
        };
        if leads_to_the_same(old, new) {
            return (None, Check::ran(name));
        }
        let fact = renewal::OtherAnchor {
            old: old.issuer().to_string(),
            new: new.issuer().to_string(),
        };
        let open = "the new certificate comes from a different root, and certcheck does not know which clients trust it: give --anchors";
        (
            Some(Finding::new(fact, place.clone())),
            Check::impossible(name, open),
        )
    }
}

/// Whether two certificates at the tops of their chains lead to one anchor: its name is the
/// same, and its key is the same wherever both name it.
fn leads_to_the_same(old: &Certificate<'_>, new: &Certificate<'_>) -> bool {
    if old.der() == new.der() {
        return true;
    }
    if old.issuer().to_string() != new.issuer().to_string() {
        return false;
    }
    // Two roots of one name: only the key says whether they are the same trust anchor.
    if old.is_self_issued() && new.is_self_issued() {
        return same_key(old.spki_der(), new.spki_der());
    }
    // If the root was not sent, only the key identifier is known of the issuer's key.
    // Without identifiers, the name decides.
    let key = |one: &Certificate<'_>| {
        let own = one.is_self_issued().then(|| one.subject_key_id()).flatten();
        let issuer = || one.authority_key_id().and_then(|id| id.key_id);
        own.or_else(issuer).map(<[u8]>::to_vec)
    };
    match (key(old), key(new)) {
        (Some(old), Some(new)) => old == new,
        _ => true,
    }
}

/// Purposes and usages that only the old one has. A certificate without the extension allows all.
fn lost_purposes(old: &Certificate<'_>, new: &Certificate<'_>) -> Vec<String> {
    const ANY: &str = "anyExtendedKeyUsage";
    let mut lost = Vec::new();
    let (before, after) = (side::purposes(old), side::purposes(new));
    let restricted =
        new.extended_key_usage().is_some() && !after.iter().any(|purpose| purpose == ANY);
    // RFC 5280 4.2.1.12: without the extension, or with anyExtendedKeyUsage, every purpose is
    // allowed, so only a restriction can lose one.
    if restricted {
        if old.extended_key_usage().is_none() {
            lost.push("every purpose".to_owned());
        }
        lost.extend(
            before
                .into_iter()
                .filter(|purpose| !after.contains(purpose)),
        );
    }
    if new.key_usage().is_some() {
        let after = side::usages(new);
        let before = side::usages(old).into_iter();
        lost.extend(before.filter(|purpose| !after.contains(purpose)));
    }
    lost
}

/// Clients lost through the replacement: those that decide, and the others.
fn of_clients(verdicts: &[VerdictChange], place: &Subject) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (decides, new) in [
        (true, Verdict::Refuses),
        (true, Verdict::Undecided),
        (false, Verdict::Refuses),
    ] {
        let lost: Vec<_> = verdicts
            .iter()
            .filter(|change| change.decides == decides && change.new == new && change.is_lost())
            .collect();
        let Some(first) = lost.first() else { continue };
        let fact = renewal::ClientLost {
            clients: lost
                .iter()
                .map(|change| change.client.to_string())
                .collect(),
            undecided: new == Verdict::Undecided,
            why: first.reason.clone().unwrap_or_default(),
        };
        let severity = if decides && new == Verdict::Refuses {
            Severity::Error
        } else {
            Severity::Warning
        };
        findings.push(Finding::new(fact, place.clone()).with_severity(severity));
    }
    findings
}
