//! Until when each client accepts, and which certificate ends it.
//!
//! The same question is asked again one second after the next end among the certificates of the
//! clients' paths, until no client is left that accepts. A path may change on the way: a client
//! that finds another one accepts for longer. The number of times is bounded; a client
//! that still accepts then has no date.

use super::{ClientVerdict, Preflight, PreflightResult};
use crate::Time;
use crate::client::Verdict;
use crate::finding::Fingerprint;
use crate::model::Certificate;
use std::collections::HashMap;
use std::sync::Arc;

/// How often all endpoints together are asked again.
const TIMES: usize = 64;
/// How often one endpoint is.
const MOST: usize = 8;

impl Preflight {
    /// Adds [`ClientVerdict::accepts_until`] to each client that accepts.
    pub(super) fn foresee_clients(&self, result: &mut PreflightResult) {
        let mut ends = self.ends(result);
        let times = (TIMES / result.endpoints.len().max(1)).min(MOST);
        let mut latest: Vec<ClientVerdict> = lists(result).cloned().collect();
        let mut past = self.at;
        for _ in 0..times {
            let open = |(row, now): (&ClientVerdict, &ClientVerdict)| {
                row.accepts_until.is_none() && now.verdict == Verdict::Accepts
            };
            let on_paths = lists(result).zip(&latest).filter(|pair| open(*pair));
            let next = on_paths
                .flat_map(|(_, now)| now.path.iter().chain(&now.certificate))
                .filter_map(|sha256| Some(ends.get(sha256)?.0))
                .filter(|end| *end > past)
                .min();
            let Some(end) = next else { return };
            let mut later = self.clone();
            later.compares_versions = false;
            later.at = Time::from_unix_seconds(end.unix_seconds().saturating_add(1));
            let mut then = later.asked().result;
            then.without_server();
            let now: Vec<ClientVerdict> = lists(&then).cloned().collect();
            if now.len() != latest.len() {
                return;
            }
            let ended = ends.values().filter(|(time, _)| *time == end);
            let mut names: Vec<&str> = ended.map(|(_, subject)| subject.as_str()).collect();
            names.sort_unstable();
            let why = format!("{} expires", names.join(", "));
            for (row, (before, now)) in lists_mut(result).zip(latest.iter().zip(&now)) {
                let flips = before.verdict == Verdict::Accepts && now.verdict != Verdict::Accepts;
                if flips && row.client == now.client && row.accepts_until.is_none() {
                    row.accepts_until = Some(end);
                    row.accepts_until_reason = Some(why.clone());
                }
            }
            latest = now;
            past = end;
            ends.extend(self.ends(&then));
        }
    }

    /// The expiry of each certificate that a path may contain.
    fn ends(&self, result: &PreflightResult) -> HashMap<Fingerprint, (Time, String)> {
        let sent = result.sent.iter();
        let mut ends: HashMap<_, _> = sent
            .map(|sent| (sent.sha256, (sent.not_after, sent.subject.clone())))
            .collect();
        let wanted: std::collections::HashSet<_> = lists(result)
            .flat_map(|row| row.path.iter().copied())
            .collect();
        let anchors = self
            .anchors
            .iter()
            .flat_map(|anchors| anchors.certificates());
        for certificate in anchors.filter_map(|der| Certificate::parse(der).ok()) {
            let sha256 = certificate.sha256();
            if wanted.contains(&sha256) {
                let subject = certificate.subject().to_string();
                ends.insert(sha256, (certificate.not_after(), subject));
            }
        }
        ends
    }
}

fn lists(result: &PreflightResult) -> impl Iterator<Item = &ClientVerdict> {
    let everywhere = result.endpoints.iter();
    let everywhere = everywhere.flat_map(|endpoint| endpoint.clients.iter());
    result.clients.iter().chain(everywhere)
}

fn lists_mut(result: &mut PreflightResult) -> impl Iterator<Item = &mut ClientVerdict> {
    let everywhere = result.endpoints.iter_mut();
    let everywhere = everywhere.flat_map(|endpoint| Arc::make_mut(&mut endpoint.clients));
    result.clients.iter_mut().chain(everywhere)
}
