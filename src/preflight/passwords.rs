//! TabPy's file of passwords, and whether one of them is a given user's.

use super::Preflight;
use crate::answer::{Answer, Check, CheckOutcome};
use crate::finding::{Code, Part, Subject};
use crate::rule::Finding;
use crate::server::passwords::PasswordFile;
use crate::source::{Lines, Source};

/// The check's name.
const NAME: &str = "passwords";

impl Preflight {
    /// The findings about a file of passwords; `None`: there is none, and no one asked for one.
    pub(super) fn passwords(&self, file: Option<&Source>) -> Option<(Vec<Finding>, Check)> {
        let Some(source) = file else {
            let asked = self.user.as_ref()?;
            let reason = format!("no password file was given to look for {asked} in");
            return Some((Vec::new(), Check::impossible(NAME, reason)));
        };
        let read = PasswordFile::read(source);
        let place = |lines: Option<Lines>| Subject {
            part: Part::Setting,
            lines,
            ..Subject::file(source.name())
        };
        let facts = read.facts().iter();
        let mut findings: Vec<_> = facts
            .map(|(fact, lines)| Finding::new(fact.clone(), place(Some(*lines))))
            .collect();
        let check = match (&self.user, &self.passphrase) {
            (None, _) => Check::ran(NAME),
            (Some(_), None) => Check::impossible(NAME, "no password was given to check"),
            (Some(user), Some(password)) => {
                let answer = read.check(user, password);
                let fact = PasswordFile::fact(answer, user);
                let said = |fact: &Finding| {
                    findings
                        .iter()
                        .any(|finding| finding.evidence == fact.evidence)
                };
                let found = fact.map(|fact| Finding::new(fact, place(None)));
                if let Some(found) = found.filter(|found| !said(found)) {
                    findings.push(found);
                }
                Check::ran(NAME)
            }
        };
        Some((findings, check))
    }

    /// The user that was asked about, if the password is right.
    pub(super) fn right_password<T>(&self, answer: &Answer<T>) -> Option<String> {
        let user = self.user.as_ref()?;
        self.passphrase.as_ref()?;
        let checks = &mut answer.checks.iter().filter(|check| check.name == NAME);
        let ran = checks.all(|check| check.outcome == CheckOutcome::Ran);
        let found = answer.checks.iter().any(|check| check.name == NAME);
        let wrong = answer.findings.iter().any(|finding| {
            matches!(
                finding.code(),
                Code::ConfigWrongPassword
                    | Code::ConfigPasswordEntry
                    | Code::ConfigPasswordUnusable
                    | Code::ConfigPasswordFileMode
                    | Code::ConfigPasswordInClear
            )
        });
        (ran && found && !wrong).then(|| user.clone())
    }
}
