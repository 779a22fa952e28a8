//! Waivers: findings that someone decided to accept until a day, with the reason.

use super::Answer;
use crate::Time;
use crate::finding::{Code, Part, Subject};
use crate::rule::{Finding, waiver};
use crate::source::Lines;

/// A decision to accept findings of one code until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The code.
    pub code: Code,
    /// The names of the only input that it is for; empty for all inputs.
    pub sources: Vec<String>,
    /// The only part of an input that it is for.
    pub part: Option<Part>,
    /// What the finding's message must contain.
    pub contains: Option<String>,
    /// Why the findings are accepted.
    pub reason: String,
    /// The last day on which it holds, `2027-03-01`.
    pub until: String,
    /// The moment at which it ends.
    pub ends_at: Time,
    /// The file that it is in.
    pub file: String,
    /// The line of the file.
    pub line: usize,
}

/// A finding that does not count, and the waiver that says why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waived {
    /// The finding.
    pub finding: Finding,
    /// The waiver.
    pub waiver: Waiver,
}

impl Waiver {
    /// Whether it still holds at that moment.
    pub fn holds(&self, at: Time) -> bool {
        at < self.ends_at
    }

    /// `certcheck.toml:12`.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }

    fn fits(&self, finding: &Finding) -> bool {
        let subject = &finding.subject;
        finding.code() == self.code
            && (self.sources.is_empty() || self.sources.contains(&subject.source))
            && self.part.is_none_or(|part| part == subject.part)
            && self
                .contains
                .as_ref()
                .is_none_or(|text| finding.message().contains(text))
    }

    fn subject(&self) -> Subject {
        Subject {
            source: self.file.clone(),
            part: Part::Setting,
            index: 0,
            lines: Some(Lines::new(self.line, self.line)),
        }
    }

    /// That it has expired.
    pub fn expired(&self) -> Finding {
        let fact = waiver::Expired {
            waived: self.code.as_str().to_owned(),
            until: self.until.clone(),
            ended_at: self.ends_at,
            justification: self.reason.clone(),
        };
        Finding::new(fact, self.subject())
    }

    /// That it waives nothing.
    pub fn unused(&self) -> Finding {
        let fact = waiver::Unused {
            waived: self.code.as_str().to_owned(),
            until: self.until.clone(),
            justification: self.reason.clone(),
        };
        Finding::new(fact, self.subject())
    }
}

impl<T> Answer<T> {
    /// The same answer without the findings that a waiver accepts at that moment; they are in
    /// [`waived`](Self::waived). A waiver that has expired accepts nothing, and is a finding. No
    /// waiver accepts an error that is firm ([`Finding::firm`]).
    #[must_use]
    pub fn waived_by(mut self, waivers: &[Waiver], at: Time) -> Self {
        if waivers.is_empty() {
            return self;
        }
        let mut expired = Vec::new();
        for finding in std::mem::take(&mut self.findings) {
            let mut fitting = waivers.iter().filter(|waiver| waiver.fits(&finding));
            let in_force = fitting.clone().find(|waiver| waiver.holds(at));
            if let Some(waiver) = in_force
                && finding.is_firm()
            {
                self.keep(finding.code(), waiver.place());
                self.findings.push(finding);
                continue;
            }
            match in_force {
                Some(waiver) => self.waived.push(Waived {
                    finding,
                    waiver: waiver.clone(),
                }),
                None => {
                    let said = fitting.next().map(Waiver::expired);
                    expired.extend(said.filter(|said| !expired.contains(said)));
                    self.findings.push(finding);
                }
            }
        }
        // An answer may be judged twice.
        expired.retain(|said: &Finding| {
            !self
                .findings
                .iter()
                .any(|one| one.evidence == said.evidence)
        });
        self.joined(expired)
    }

    /// The findings that a waiver accepts. They do not count for the verdict.
    pub fn waived(&self) -> &[Waived] {
        &self.waived
    }

    /// The same answer with more findings that a waiver accepts.
    #[must_use]
    pub fn with_waived(mut self, waived: impl IntoIterator<Item = Waived>) -> Self {
        for one in waived {
            if !self.waived.contains(&one) {
                self.waived.push(one);
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{Level, Levels, Verdict};
    use crate::finding::Severity;
    use crate::rule;

    fn finding(source: &str) -> Finding {
        Finding::new(rule::key::DsaUnusable {}, Subject::file(source))
    }

    fn waiver(sources: &[&str]) -> Waiver {
        Waiver {
            code: finding("").code(),
            sources: sources.iter().map(|name| (*name).to_owned()).collect(),
            part: None,
            contains: None,
            reason: "replaced on Monday".to_owned(),
            until: "1970-01-01".to_owned(),
            ends_at: Time::from_unix_seconds(86_400),
            file: "certcheck.toml".to_owned(),
            line: 3,
        }
    }

    fn judged(waivers: &[Waiver], at: i64) -> Answer<()> {
        let answer = Answer::new((), vec![finding("a"), finding("b")], vec![], []);
        answer.waived_by(waivers, Time::from_unix_seconds(at))
    }

    #[test]
    fn a_waived_finding_is_kept_apart() {
        let answer = judged(&[waiver(&[])], 86_399);
        assert_eq!(
            (answer.verdict(), answer.waived().len()),
            (Verdict::Pass, 2)
        );
        assert_eq!(answer.summary().waived, 2);
        let answer = judged(&[waiver(&["./a", "a"])], 0);
        assert_eq!(
            (answer.verdict(), answer.waived().len()),
            (Verdict::Fail, 1)
        );
    }

    #[test]
    fn an_expired_waiver_holds_no_longer_and_is_said_once() {
        let waivers = [waiver(&[])];
        let answer = judged(&waivers, 86_400);
        let answer = answer.waived_by(&waivers, Time::from_unix_seconds(86_400));
        let codes: Vec<_> = answer
            .findings
            .iter()
            .map(|one| one.code().as_str())
            .collect();
        assert_eq!(
            codes,
            ["key.dsa-unusable", "key.dsa-unusable", "waiver.expired"]
        );
        assert_eq!(
            (answer.verdict(), answer.waived().len()),
            (Verdict::Fail, 0)
        );
    }

    #[test]
    fn no_waiver_accepts_a_firm_error() {
        let firm = |severity| {
            let mut one = finding("a").with_severity(severity);
            one.firm = true;
            let answer = Answer::new((), vec![one], vec![], []);
            answer.waived_by(&[waiver(&[])], Time::from_unix_seconds(0))
        };
        let answer = firm(Severity::Error);
        assert_eq!(answer.verdict(), Verdict::Fail);
        assert!(answer.waived().is_empty() && answer.keeps("certcheck.toml:3"));
        assert!(answer.kept().is_some());
        // `--allow` is the user's word about this very run.
        let allowed = Levels::new().with(finding("a").code(), Level::Allow);
        assert_eq!(
            firm(Severity::Error).judged_by(&allowed).verdict(),
            Verdict::Pass
        );
        let answer = firm(Severity::Warning);
        assert!(answer.kept().is_none() && answer.waived().len() == 1);
    }

    #[test]
    fn what_a_waiver_names_must_fit() {
        let mut other = waiver(&[]);
        other.contains = Some("no such words".to_owned());
        assert_eq!(judged(&[other], 0).waived().len(), 0);
        let mut other = waiver(&[]);
        other.part = Some(Part::Csr);
        assert_eq!(judged(&[other], 0).waived().len(), 0);
    }
}
