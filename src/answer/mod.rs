//! What every question is answered with: a result, findings, and which checks ran.

mod fetched;
mod kept;
mod levels;
mod waiver;

pub use fetched::Fetched;
pub use levels::{Level, Levels};
pub use waiver::{Waived, Waiver};

use crate::finding::{Code, Severity};
use crate::rule::Finding;
use crate::shown::without_keys;

/// Whether a check ran.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckOutcome {
    /// It was made; what it found is among the findings.
    Ran,
    /// It does not apply: the input has nothing to check.
    NotApplicable {
        /// Why not.
        reason: String,
    },
    /// It could not be made.
    NotRun {
        /// What is missing.
        reason: String,
        /// Whether it was asked for: then the verdict is undecided without it.
        asked_for: bool,
    },
}

/// A check, and whether it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The check's name, `key-match`.
    pub name: &'static str,
    /// Whether it was made.
    pub outcome: CheckOutcome,
}

impl Check {
    /// The check was made.
    pub fn ran(name: &'static str) -> Self {
        Self {
            name,
            outcome: CheckOutcome::Ran,
        }
    }

    /// It does not apply: the input has nothing to check.
    pub fn not_applicable(name: &'static str, reason: impl Into<String>) -> Self {
        Self {
            name,
            outcome: CheckOutcome::NotApplicable {
                // A reason may quote what was read. A private key in it must not reach a report.
                reason: without_keys(&reason.into()).into_owned(),
            },
        }
    }

    /// It was not asked for, and could not be made with what was given.
    pub fn not_asked(name: &'static str, reason: impl Into<String>) -> Self {
        Self {
            name,
            outcome: CheckOutcome::NotRun {
                reason: without_keys(&reason.into()).into_owned(),
                asked_for: false,
            },
        }
    }

    /// It was asked for, and could not be made.
    pub fn impossible(name: &'static str, reason: impl Into<String>) -> Self {
        Self {
            name,
            outcome: CheckOutcome::NotRun {
                reason: without_keys(&reason.into()).into_owned(),
                asked_for: true,
            },
        }
    }
}

/// The answer in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Nothing at or above the failing level was found.
    Pass,
    /// Something at or above the failing level was found.
    Fail,
    /// Nothing was found, but a check that was asked for could not be made.
    Undecided,
}

impl Verdict {
    /// `pass`, `fail` or `undecided`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Undecided => "undecided",
        }
    }
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notices.
    pub notices: usize,
    /// Findings that the caller chose not to see (`--allow`).
    pub allowed: usize,
    /// Findings that a waiver accepts.
    pub waived: usize,
}

impl Summary {
    /// `1 allowed, 2 waived`: what does not count.
    pub fn accepted(&self) -> Option<String> {
        let parts = [(self.allowed, "allowed"), (self.waived, "waived")];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<_> = parts
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// Findings of one code and one severity that are counted, and not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Their code.
    pub code: Code,
    /// How serious they are.
    pub severity: Severity,
    /// The input, or the directory, that they were found in.
    pub source: String,
    /// How many there are.
    pub count: usize,
}

/// A result, with everything that was found for it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer<T> {
    /// The question's own result.
    pub result: T,
    /// What was found, most serious first, then in the order of the inputs.
    pub findings: Vec<Finding>,
    /// Which checks were made.
    pub checks: Vec<Check>,
    counted: Vec<Counted>,
    failing: Severity,
    allowed: usize,
    decided: Option<bool>,
    waived: Vec<Waived>,
    kept: Vec<(Code, String)>,
    configuration: Option<String>,
    lowered: Vec<String>,
    fetched: Vec<Fetched>,
}

impl<T> Answer<T> {
    /// An answer; the findings are put in order by severity, then by the place
    /// of their input in `inputs`, then by line and code.
    pub fn new<'n>(
        result: T,
        findings: Vec<Finding>,
        checks: Vec<Check>,
        inputs: impl IntoIterator<Item = &'n str>,
    ) -> Self {
        let mut places = std::collections::HashMap::new();
        for (place, name) in inputs.into_iter().enumerate() {
            // A file given twice has the place where it was first given.
            places.entry(name).or_insert(place);
        }
        let mut answer = Self {
            result,
            findings,
            checks,
            counted: Vec::new(),
            failing: Severity::Error,
            allowed: 0,
            decided: None,
            waived: Vec::new(),
            kept: Vec::new(),
            configuration: None,
            lowered: Vec::new(),
            fetched: Vec::new(),
        };
        answer.findings.sort_by_cached_key(|finding| {
            let subject = &finding.subject;
            let input = places.get(subject.source.as_str()).copied();
            // A finding without an input, or about an input that was not given, comes last in its
            // severity.
            (
                std::cmp::Reverse(finding.severity),
                input.unwrap_or(usize::MAX),
                subject.lines,
                subject.index,
                finding.code(),
            )
        });
        let mut seen = std::collections::HashSet::new();
        answer.findings.retain(|finding| {
            // Several stages can meet the same fault. The same words about the same place are one
            // finding for the reader.
            seen.insert((finding.code(), finding.subject.clone(), finding.message()))
        });
        answer
    }

    /// The same answer with more findings, after those that are as serious.
    #[must_use]
    pub fn joined(mut self, findings: impl IntoIterator<Item = Finding>) -> Self {
        self.findings.extend(findings);
        self.findings
            .sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        self
    }

    /// The same answer with findings that were only counted.
    #[must_use]
    pub fn counting(mut self, counted: Vec<Counted>) -> Self {
        self.counted = counted;
        self
    }

    /// The findings that were only counted.
    pub fn counted(&self) -> &[Counted] {
        &self.counted
    }

    /// The same answer with the caller's severities and failing level.
    #[must_use]
    pub fn judged_by(mut self, levels: &Levels) -> Self {
        let before = self.findings.len();
        self.findings.retain_mut(|finding| levels.judge(finding));
        self.counted.retain_mut(|more| {
            let kept = levels.severity(more.code, more.severity);
            self.allowed += if kept.is_none() { more.count } else { 0 };
            more.severity = kept.unwrap_or(more.severity);
            kept.is_some()
        });
        self.findings
            .sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        // Findings hidden here are counted, so that the summary never claims that there were none.
        self.allowed += before - self.findings.len();
        self.failing = levels.failing();
        self
    }

    /// The same answer, its verdict fixed by its result whatever the severities
    /// of the findings are: `verify` follows `result.valid` alone.
    #[must_use]
    pub fn decided(mut self, good: bool) -> Self {
        self.decided = Some(good);
        self
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        match self.decided {
            Some(true) => return Verdict::Pass,
            Some(false) => return Verdict::Fail,
            None => {}
        }
        let unanswered = |check: &Check| {
            matches!(
                check.outcome,
                CheckOutcome::NotRun {
                    asked_for: true,
                    ..
                }
            )
        };
        // Failure comes before "undecided": an error that was found is not undone by a check that
        // could not be made.
        let found = self.findings.iter().map(|finding| finding.severity);
        let counted = self.counted.iter().map(|more| more.severity);
        if found
            .chain(counted)
            .any(|severity| severity >= self.failing)
        {
            Verdict::Fail
        } else if self.checks.iter().any(unanswered) {
            Verdict::Undecided
        } else {
            Verdict::Pass
        }
    }

    /// The severity from which a finding fails.
    pub const fn failing(&self) -> Severity {
        self.failing
    }

    /// How many findings there are of each severity.
    pub fn summary(&self) -> Summary {
        let count = |severity| {
            let found = self.findings.iter().filter(|f| f.severity == severity);
            let more = self.counted.iter().filter(|m| m.severity == severity);
            found.count() + more.map(|more| more.count).sum::<usize>()
        };
        Summary {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notices: count(Severity::Notice),
            allowed: self.allowed,
            waived: self.waived.len(),
        }
    }

    /// The same answer with `count` more findings that the caller chose not to see.
    #[must_use]
    pub fn also_allowed(mut self, count: usize) -> Self {
        self.allowed += count;
        self
    }

    /// The same answer, with the configuration file that severities and waivers are from, and the
    /// severities of that file that let more pass.
    #[must_use]
    pub fn configured_by(mut self, file: Option<String>, lowered: Vec<String>) -> Self {
        self.configuration = file;
        self.lowered = lowered;
        self
    }

    /// The configuration file that severities and waivers are from.
    pub fn configuration(&self) -> Option<&str> {
        self.configuration.as_deref()
    }

    /// The same findings and checks around another result.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Answer<U> {
        Answer {
            result: change(self.result),
            findings: self.findings,
            checks: self.checks,
            counted: self.counted,
            failing: self.failing,
            allowed: self.allowed,
            decided: self.decided,
            waived: self.waived,
            kept: self.kept,
            configuration: self.configuration,
            lowered: self.lowered,
            fetched: self.fetched,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Subject;
    use crate::rule;

    fn finding(source: &str) -> Finding {
        Finding::new(rule::key::DsaUnusable {}, Subject::file(source))
    }

    #[test]
    fn a_check_that_was_asked_for_leaves_the_verdict_open() {
        let open = |check| Answer::new((), vec![], vec![check], []).verdict();
        assert_eq!(
            open(Check::impossible("key-match", "no passphrase")),
            Verdict::Undecided
        );
        assert_eq!(open(Check::not_asked("trust", "no anchors")), Verdict::Pass);
        assert_eq!(
            open(Check::not_applicable("names", "no host")),
            Verdict::Pass
        );
    }

    #[test]
    fn findings_stand_in_the_order_of_the_inputs() {
        let warning = Finding::new(
            rule::key::PassphraseBlocksSaml { empty: false },
            Subject::file("a"),
        )
        .with_severity(Severity::Warning);
        let answer = Answer::new(
            (),
            vec![warning, finding("a"), finding("b")],
            vec![],
            ["b", "a"],
        );
        let order: Vec<_> = answer
            .findings
            .iter()
            .map(|f| (f.subject.source.as_str(), f.severity.as_str()))
            .collect();
        assert_eq!(order, [("b", "error"), ("a", "error"), ("a", "warning")]);
    }

    #[test]
    fn levels_change_the_verdict() {
        let answer = || Answer::new((), vec![finding("a")], vec![], []);
        let code = answer().findings[0].code();
        assert_eq!(answer().verdict(), Verdict::Fail);
        let warned = answer().judged_by(&Levels::new().with(code, Level::Warn));
        assert_eq!(warned.verdict(), Verdict::Pass);
        let strict = Levels::new()
            .with(code, Level::Warn)
            .failing_at(Severity::Warning);
        assert_eq!(answer().judged_by(&strict).verdict(), Verdict::Fail);
        let allowed = answer().judged_by(&Levels::new().with(code, Level::Allow));
        assert_eq!(
            (allowed.verdict(), allowed.summary().allowed),
            (Verdict::Pass, 1)
        );
    }
}
