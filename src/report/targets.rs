//! Several targets, each with the answer of its own command: `certcheck run`.

use crate::Time;
use crate::answer::{Answer, Check, CheckOutcome, Counted, Verdict, Waived};
use crate::report::Word;
use crate::report::json::{self, Reportable};
use crate::rule::Finding;
use serde_json::Value as Json;

/// A target, and what its command answered.
#[derive(Debug)]
#[non_exhaustive]
pub struct Target {
    /// Its name.
    pub name: String,
    /// The command that judged it.
    pub command: &'static str,
    /// `None` if it could not be judged.
    pub verdict: Option<Verdict>,
    /// How its own report begins; `None` if it could not be judged.
    pub word: Option<Word>,
    /// Why, where the findings do not say it.
    pub why: Option<String>,
    /// Why it could not be judged.
    pub failure: Option<String>,
    /// The report for people.
    pub text: String,
    /// The document of its command; null if it could not be judged.
    pub document: Json,
}

/// The targets, in the order of the file.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct TargetsResult {
    /// The targets.
    pub targets: Vec<Target>,
}

impl TargetsResult {
    /// `3 targets: 1 not fit, 2 fit`.
    pub fn headline(&self) -> String {
        let targets = &self.targets;
        let count = |word| targets.iter().filter(|one| one.word == word).count();
        let all = match targets.len() {
            1 => "1 target".to_owned(),
            all => format!("{all} targets"),
        };
        let parts: Vec<_> = [
            (Some(Word::NotFit), "not fit"),
            (None, "not judged"),
            (Some(Word::Undecided), "undecided"),
            (Some(Word::NoError), "without error, but clients refuse"),
            (Some(Word::NothingToCheck), "with nothing to check"),
            (Some(Word::Fit), "fit"),
        ]
        .into_iter()
        .filter_map(|(word, words)| match count(word) {
            0 => None,
            count => Some(format!("{count} {words}")),
        })
        .collect();
        format!("{all}: {}", parts.join(", "))
    }
}

/// What was judged, on the way to one answer.
#[derive(Debug, Default)]
pub struct Targets {
    result: TargetsResult,
    findings: Vec<Finding>,
    checks: Vec<Check>,
    counted: Vec<Counted>,
    waived: Vec<Waived>,
    allowed: usize,
    kept: Vec<String>,
}

impl Targets {
    /// A target, the answer of its command, and the report for people.
    pub fn judged<T: Reportable>(
        &mut self,
        name: &str,
        answer: &Answer<T>,
        at: Time,
        text: String,
    ) {
        let verdict = answer.verdict();
        let (word, why) = json::word(answer);
        let open = answer.checks.iter().find_map(|check| match &check.outcome {
            CheckOutcome::NotRun {
                reason,
                asked_for: true,
            } => Some(format!("{}: {reason}", check.name)),
            _ => None,
        });
        let check = match open {
            Some(open) => Check::impossible("targets", format!("{name}: {open}")),
            None => Check::ran("targets"),
        };
        self.checks.push(check.of_target(name));
        self.allowed += answer.summary().allowed;
        let of_target = |finding: &Finding| match finding.code().area() {
            // About the file, for all targets.
            "waiver" => finding.clone(),
            _ => finding.clone().of_target(name),
        };
        self.findings.extend(answer.findings.iter().map(of_target));
        self.waived.extend(answer.waived().iter().map(|waived| {
            let mut waived = waived.clone();
            waived.finding = waived.finding.of_target(name);
            waived
        }));
        self.counted.extend(answer.counted().iter().map(|more| {
            let mut more = more.clone();
            more.target = Some(name.to_owned());
            more
        }));
        self.kept.extend(answer.kept_waivers().map(str::to_owned));
        self.result.targets.push(Target {
            name: name.to_owned(),
            command: json::command(answer),
            verdict: Some(verdict),
            word: Some(word),
            why,
            failure: None,
            text,
            document: serde_json::from_str(&json::document(answer, at)).unwrap_or_default(),
        });
    }

    /// A target that could not be judged.
    pub fn failed(&mut self, name: &str, command: &'static str, failure: String) {
        let reason = format!("{name}: could not be judged: {failure}");
        self.checks
            .push(Check::impossible("targets", reason).of_target(name));
        self.result.targets.push(Target {
            name: name.to_owned(),
            command,
            verdict: None,
            word: None,
            why: None,
            failure: Some(failure),
            text: String::new(),
            document: Json::Null,
        });
    }

    /// Whether a waiver at that place fits a finding: it is used, or fits an error that stays.
    pub fn uses(&self, place: &str) -> bool {
        self.waived.iter().any(|one| one.waiver.place() == place)
            || self.kept.iter().any(|kept| kept == place)
    }

    /// One answer, with what else was found.
    pub fn finish(mut self, more: Vec<Finding>) -> Answer<TargetsResult> {
        self.findings.extend(more);
        let failed = |target: &Target| target.verdict == Some(Verdict::Fail);
        let fails = self.result.targets.iter().any(failed);
        let answer = Answer::new(self.result, self.findings, self.checks, []);
        let answer = answer.counting(self.counted);
        let answer = answer.with_waived(self.waived).also_allowed(self.allowed);
        if fails { answer.decided(false) } else { answer }
    }
}
