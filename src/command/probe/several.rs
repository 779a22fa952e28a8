//! Several servers, one answer.

use super::ProbeResult;
use crate::answer::{Answer, Check, CheckOutcome, Verdict};

/// What several live servers showed.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Probes {
    /// Each of them, in the order in which they were named.
    pub targets: Vec<Probed>,
}

/// One of them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Probed {
    /// Host and port, as the user gave them.
    pub target: String,
    /// The verdict on this server alone.
    pub verdict: Verdict,
    /// Why it was not reached.
    pub unreachable: Option<String>,
    /// What it showed, if it was reached.
    pub result: Option<ProbeResult>,
}

/// Joins the answers about several servers; each with its name, and what was seen or why it was not
/// reached.
pub fn several(
    answers: impl IntoIterator<Item = (String, Result<Answer<ProbeResult>, String>)>,
) -> Answer<Probes> {
    let (mut targets, mut findings, mut checks) = (Vec::new(), Vec::new(), Vec::new());
    for (target, answer) in answers {
        match answer {
            Ok(answer) => {
                for check in &answer.checks {
                    join(&mut checks, check, &target);
                }
                targets.push(Probed {
                    verdict: answer.verdict(),
                    unreachable: None,
                    target,
                    result: Some(answer.result),
                });
                findings.extend(answer.findings);
            }
            Err(why) => {
                let check = Check::impossible("connection", why.clone());
                join(&mut checks, &check, &target);
                targets.push(Probed {
                    target,
                    verdict: Verdict::Undecided,
                    unreachable: Some(why),
                    result: None,
                });
            }
        }
    }
    // In the order of the targets: those of one target stay together within their severity.
    let places: Vec<_> = findings
        .iter()
        .map(|finding: &crate::rule::Finding| finding.subject.source.clone())
        .collect();
    let places: Vec<_> = places.iter().map(String::as_str).collect();
    Answer::new(Probes { targets }, findings, checks, places)
}

/// Adds a check of one target: one that could not run names its target, and the others are merged.
fn join(checks: &mut Vec<Check>, check: &Check, target: &str) {
    match &check.outcome {
        CheckOutcome::NotRun { reason, asked_for } => {
            let reason = format!("{target}: {reason}");
            checks.push(match asked_for {
                true => Check::impossible(check.name, reason),
                false => Check::not_asked(check.name, reason),
            });
        }
        _ => {
            let same = |known: &Check| {
                known.name == check.name && !matches!(known.outcome, CheckOutcome::NotRun { .. })
            };
            match checks.iter_mut().find(|known| same(known)) {
                // It ran for one of them.
                Some(known) if check.outcome == CheckOutcome::Ran => *known = check.clone(),
                Some(_) => {}
                None => checks.push(check.clone()),
            }
        }
    }
}
