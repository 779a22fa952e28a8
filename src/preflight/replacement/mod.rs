//! Is it safe to replace one certificate by another?
//!
//! Both are judged by the same preflight: the same server, names, clients and anchors. What is lost
//! compared with the old one is a finding. What cannot be decided leaves the verdict undecided, and
//! the replacement is then not called safe.

mod contents;
mod findings;
mod names;
mod side;

pub use contents::{NotOne, contents_of};

use super::difference::{DiffResult, StoreSeen, VerdictChange};
use super::{Preflight, PreflightResult};
use crate::answer::{Answer, Check, CheckOutcome, Verdict as Outcome};
use crate::finding::Severity;
use crate::model::PublicKey;
use crate::server_name::ServerName;
use crate::trust_store::Anchors;
use findings::Compared;
pub(super) use side::must_staple;
use std::sync::Arc;

/// Two certificates of one server, and the trust stores that may depend on the old one.
///
/// ```
/// use certcheck::{preflight::{Preflight, Replacement}, server::Profile, Source};
/// let server = Profile::named("nginx").ok_or("no such server")?;
/// let at = "2026-11-22T00:00:00Z".parse()?;
/// let side = |text: &str| {
///     Preflight::new(server, at).certificate_file(Source::new("a.crt", text.into()))
/// };
/// let answer = Replacement::of(&side("old"), &side("new")).judge();
/// assert!(!answer.result.safe);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Replacement<'p> {
    old: &'p Preflight,
    new: &'p Preflight,
    stores: Vec<(String, Arc<Anchors>)>,
}

/// Whether the certificate of `old` can be replaced by that of `new`: everything that
/// changes is in the result, what is lost in the findings.
///
/// Both should have the same server, names, clients and anchors.
pub fn safe_to_replace(old: &Preflight, new: &Preflight) -> Answer<DiffResult> {
    Replacement::of(old, new).judge()
}

impl<'p> Replacement<'p> {
    /// A replacement of `old` by `new`.
    pub const fn of(old: &'p Preflight, new: &'p Preflight) -> Self {
        Self {
            old,
            new,
            stores: Vec::new(),
        }
    }

    /// A trust store that may depend on the old certificate; may be called repeatedly.
    #[must_use]
    pub fn store(mut self, name: impl Into<String>, anchors: Anchors) -> Self {
        self.stores.push((name.into(), Arc::new(anchors)));
        self
    }

    /// Compares the two.
    pub fn judge(&self) -> Answer<DiffResult> {
        let answer = self.new.run();
        let (result, findings, mut checks) = self.compared(&answer.result);
        // A preflight reports what concerns only the new certificate.
        let own = answer.findings.into_iter();
        let own = own.filter(|finding| finding.severity > Severity::Notice);
        let findings = findings.into_iter().chain(own).collect();
        let open = answer.checks.into_iter().filter(is_open);
        checks.extend(open);
        let names = self.new.names().map(str::to_owned).collect::<Vec<_>>();
        let names = names.iter().map(String::as_str);
        let mut answer = Answer::new(result, findings, checks, names);
        answer.result.safe = answer.verdict() == Outcome::Pass;
        answer
    }

    /// The answer of the new certificate's own preflight, with the comparison added.
    pub fn join(&self, answer: Answer<PreflightResult>) -> Answer<PreflightResult> {
        let (result, findings, checks) = self.compared(&answer.result);
        let mut answer = answer.joined(findings);
        answer.checks.extend(checks);
        let safe = answer.verdict() == Outcome::Pass;
        answer.result.replaces = Some(Box::new(DiffResult { safe, ..result }));
        answer
    }

    fn compared(
        &self,
        new: &PreflightResult,
    ) -> (DiffResult, Vec<crate::rule::Finding>, Vec<Check>) {
        let old = self.old.run().result;
        let new = new.clone().of_host();
        let compared = Compared {
            old: side::leaves(&old.sent),
            new: side::leaves(&new.sent),
            old_sent: &old.sent,
            new_sent: &new.sent,
            with_anchors: self.new.anchors.is_some(),
            at: self.new.at,
        };
        let mut result = DiffResult {
            old: side::side(&old.sent),
            new: side::side(&new.sent),
            verdicts: verdicts(&old, &new),
            ..DiffResult::default()
        };
        for row in new.clients.iter().filter(|row| row.decides) {
            let lost = |change: &&VerdictChange| change.client == row.client && change.is_lost();
            if result.verdicts.iter().any(|change| lost(&change)) {
                result
                    .anchors_needed
                    .extend(row.anchors_needed.iter().flatten());
            }
        }
        result.anchors_needed.sort_unstable();
        result.anchors_needed.dedup();
        result.stores = self.stores.iter().map(|store| self.seen(store)).collect();
        let hosts = names::by_each_client(&compared.old, &compared.new);
        let asked = self.ask_for(&hosts, &mut result.verdicts);
        let (findings, mut checks) = compared.judge(&mut result);
        checks.extend(asked);
        (result, findings, checks)
    }

    /// Asks the clients for each of these names of the old certificate, with the old certificate and with the new one:
    /// a client's verdict becomes the one for the first host that is lost.
    fn ask_for(&self, hosts: &[String], verdicts: &mut [VerdictChange]) -> Option<Check> {
        /// Each is two preflights. Certificates with more names tend to have a hundred.
        const MOST: usize = 16;
        let name = "old-names";
        let mut unasked = hosts.len().saturating_sub(MOST);
        for host in hosts.iter().take(MOST) {
            let Ok(parsed) = host.parse::<ServerName>() else {
                unasked += 1;
                continue;
            };
            let asked = |side: &Preflight| side.clone().host(parsed.clone()).run().result.of_host();
            let (old, new) = (asked(self.old), asked(self.new));
            for change in self::verdicts(&old, &new) {
                let row = verdicts
                    .iter_mut()
                    .find(|verdict| verdict.client == change.client);
                if let Some(row) = row.filter(|row| change.is_lost() && !row.is_lost()) {
                    row.old = change.old;
                    row.new = change.new;
                    row.reason = change.reason.map(|why| format!("{host}: {why}"));
                }
            }
        }
        match (hosts.is_empty(), unasked) {
            (true, _) => None,
            (false, 0) => Some(Check::ran(name)),
            (false, unasked) => {
                let reason = format!(
                    "certcheck did not ask the clients for {unasked} names of the old certificate, for which their rules differ: give them with --host"
                );
                Some(Check::impossible(name, reason))
            }
        }
    }

    /// Which of the two certificates a store accepts.
    fn seen(&self, (name, anchors): &(String, Arc<Anchors>)) -> StoreSeen {
        let with = |side: &Preflight| {
            let side = side.clone().anchors(Arc::clone(anchors));
            side.run().result.of_host()
        };
        let (old, new) = (with(self.old), with(self.new));
        let pins = |result: &PreflightResult| {
            let leaves = side::leaves(&result.sent);
            anchors.certificates().any(|der| {
                let kept = crate::model::Certificate::parse(der).ok();
                kept.is_some_and(|kept| {
                    leaves
                        .iter()
                        .any(|leaf| leaf.der() == der || same_key(leaf.spki_der(), kept.spki_der()))
                })
            })
        };
        let lost = verdicts(&old, &new).into_iter();
        StoreSeen {
            store: name.clone(),
            pins_old: pins(&old),
            pins_new: pins(&new),
            lost: lost
                .filter(|change| change.decides && change.is_lost())
                .map(|change| change.client)
                .collect(),
        }
    }
}

fn is_open(check: &Check) -> bool {
    matches!(
        check.outcome,
        CheckOutcome::NotRun {
            asked_for: true,
            ..
        }
    )
}

fn same_key(one: &[u8], other: &[u8]) -> bool {
    match (PublicKey::parse(one), PublicKey::parse(other)) {
        (Ok(one), Ok(other)) => one.same_key(&other),
        _ => one == other,
    }
}

/// The verdicts of all clients, those that decide first.
fn verdicts(old: &PreflightResult, new: &PreflightResult) -> Vec<VerdictChange> {
    let mut changes: Vec<_> = new
        .clients
        .iter()
        .filter_map(|row| {
            let before = old
                .clients
                .iter()
                .find(|before| before.client == row.client)?;
            Some(VerdictChange {
                client: row.client.clone(),
                decides: row.decides,
                old: before.verdict,
                new: row.verdict,
                reason: row.reason.clone(),
            })
        })
        .collect();
    changes.sort_by_key(|change| !change.decides);
    changes
}
