//! One thing that was found: the evidence, where, how bad, and what to do.
//!
//! Code, default severity, message and remedy are functions of the
//! [`Evidence`]; nothing else is stored, so they cannot disagree. Messages
//! are for people and may change; codes and the fields of the evidence do not.

use super::Evidence;
use crate::finding::{Code, Excerpt, Proof, Remedy, Severity, Subject};
use crate::shown::{visible, without_keys};
use std::borrow::Cow;
use std::fmt;

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The facts.
    pub evidence: Evidence,
    /// Where.
    pub subject: Subject,
    /// How serious it is here.
    pub severity: Severity,
    /// What it means for the server or client in question, if known.
    pub consequence: Option<String>,
    /// The line of the settings that it is about, if one can be shown.
    pub excerpt: Option<Excerpt>,
    /// Whether something in its file is lost, so that no command can rewrite the file.
    pub irreparable: bool,
    /// Whether it is an error that no waiver accepts: the server would not start.
    pub firm: bool,
    /// What a preflight says after the remedy was applied, if that was tried.
    pub proof: Option<Proof>,
    /// The target of `certcheck run` that it is about.
    pub target: Option<String>,
}

impl Finding {
    /// A finding with its code's default severity.
    pub fn new(evidence: impl Into<Evidence>, subject: Subject) -> Self {
        let evidence = evidence.into();
        let severity = evidence.info().severity;
        Self {
            evidence,
            subject,
            severity,
            consequence: None,
            excerpt: None,
            irreparable: false,
            firm: false,
            proof: None,
            target: None,
        }
    }

    /// The same finding with the severity that the context requires.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Whether no waiver accepts it. A finding that has become less serious in its context is no
    /// longer firm.
    pub fn is_firm(&self) -> bool {
        self.firm && self.severity == Severity::Error
    }

    /// The same finding, about a target of `certcheck run`.
    #[must_use]
    pub fn of_target(mut self, target: &str) -> Self {
        self.target = Some(without_keys(target).into_owned());
        self
    }

    /// The same finding with what it means here.
    #[must_use]
    pub fn because(mut self, consequence: impl Into<String>) -> Self {
        self.consequence = Some(without_keys(&consequence.into()).into_owned());
        self
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.evidence.code()
    }

    /// One sentence for people: what is wrong, with the facts in it.
    pub fn message(&self) -> String {
        let message = self.evidence.message();
        without_keys(&message).into_owned()
    }

    /// What to do about it, if anything can be done.
    ///
    /// Input from standard input, or from a file whose name a shell line cannot
    /// show, leaves a command without a file to name.
    pub fn remedy(&self) -> Option<Remedy> {
        let mut remedy = self.evidence.remedy(&self.subject)?;
        remedy.text = without_keys(&remedy.text).into_owned();
        // A command with a hidden part cannot be typed.
        remedy
            .commands
            .retain(|command| matches!(without_keys(command), Cow::Borrowed(_)));
        // The command would refuse, and say what is lost.
        if self.irreparable
            && remedy
                .commands
                .iter()
                .any(|command| command.contains("certcheck convert "))
        {
            remedy.commands.clear();
            remedy.then = None;
        }
        let name = &self.subject.source;
        // A certificate from a connection is not in a file either.
        if name == "-"
            || name.starts_with("tls://")
            || name.contains(char::is_control)
            || name.contains('\u{fffd}')
        {
            remedy.commands.clear();
            remedy.needs.clear();
            remedy.then = None;
        }
        Some(remedy)
    }

    /// What the remedy leads to, if it was tried: `after this: 8 of 8 clients accept, the server
    /// starts`.
    pub fn proven(&self) -> Option<String> {
        let proof = self.proof.as_ref()?;
        Some(format!("after this: {}", proof.words()))
    }

    /// The clauses and measurements on which it rests.
    pub fn references(&self) -> Vec<&'static str> {
        self.evidence.references()
    }
}

impl fmt::Display for Finding {
    /// One line for a log: `error[key.mismatch] server.key:1: what is wrong; what to do`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (severity, code) = (self.severity.as_str(), self.code());
        write!(f, "{severity}[{code}] {}", visible(&self.subject.source))?;
        if let Some(lines) = self.subject.lines {
            write!(f, ":{}", lines.first)?;
        }
        write!(f, ": {}", visible(&self.message()))?;
        if let Some(remedy) = self.remedy() {
            write!(f, "; {}", visible(&remedy.text))?;
        }
        Ok(())
    }
}
