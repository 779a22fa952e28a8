//! The verdict as a word for people: one for each report, so that the summary of several targets
//! says what the report of each says.

use crate::answer::{Answer, CheckOutcome, Verdict};
use crate::client;
use crate::command::doctor::DoctorResult;
use crate::finding::Code;
use crate::preflight::{ClientVerdict, PreflightResult};
use crate::rule::Finding;

/// How a report for people begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Word {
    /// All is well.
    Fit,
    /// Nothing that was found fails, but no client connects: "fit" would be wrong.
    NoError,
    /// Nothing in it could be checked.
    NothingToCheck,
    /// Something fails.
    NotFit,
    /// Not everything that decides was checked.
    Undecided,
}

impl Word {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fit => "fit",
            Self::NoError => "no error",
            Self::NothingToCheck => "nothing to check",
            Self::NotFit => "not fit",
            Self::Undecided => "undecided",
        }
    }

    /// The word for a verdict alone.
    pub(super) const fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Fit,
            Verdict::Fail => Self::NotFit,
            Verdict::Undecided => Self::Undecided,
        }
    }

    /// The word for a preflight.
    pub(super) fn of_preflight<T>(answer: &Answer<T>, result: &PreflightResult) -> Self {
        let ran = |check: &crate::answer::Check| check.outcome == CheckOutcome::Ran;
        match answer.verdict() {
            Verdict::Pass if result.client_certificate.is_some() => Self::Fit,
            // "fit" would promise something about a line whose options were not checked.
            Verdict::Pass if !answer.checks.iter().any(ran) => Self::NothingToCheck,
            Verdict::Pass if no_client_connects(&result.clients) => Self::NoError,
            verdict => Self::of(verdict),
        }
    }

    /// The word for a machine.
    pub(super) fn of_doctor(answer: &Answer<DoctorResult>) -> Self {
        let mut servers = answer.result.servers.iter();
        match answer.verdict() {
            Verdict::Pass if servers.all(|found| found.without_tls) => Self::NothingToCheck,
            // Each is fit by itself.
            Verdict::Pass if answer.findings.iter().any(is_conflict) => Self::NoError,
            verdict => Self::of(verdict),
        }
    }
}

/// Whether it says that two servers want the same address.
fn is_conflict(finding: &Finding) -> bool {
    finding.code() == Code::ConfigAddressInUse
}

/// Whether some of the deciding clients refuse and none accepts.
fn no_client_connects(clients: &[ClientVerdict]) -> bool {
    let mut deciding = clients.iter().filter(|client| client.decides);
    let accept = |client: &ClientVerdict| client.verdict == client::Verdict::Accepts;
    refusals(clients).is_some() && !deciding.any(accept)
}

/// `3 of 8 clients refuse`, if some of those that decide do.
pub(super) fn refusals(clients: &[ClientVerdict]) -> Option<String> {
    let deciding = || clients.iter().filter(|client| client.decides);
    let refuse = deciding()
        .filter(|client| client.verdict == client::Verdict::Refuses)
        .count();
    match (refuse, deciding().count()) {
        (0, _) => None,
        (1, 1) => Some("the client refuses".to_owned()),
        (1, all) => Some(format!("1 of {all} clients refuses")),
        (refuse, all) => Some(format!("{refuse} of {all} clients refuse")),
    }
}
