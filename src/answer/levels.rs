//! The severities that a caller sets for single codes, as in clippy.

use crate::finding::{Code, Severity};
use crate::rule::Finding;

/// The severity that a caller sets for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Level {
    /// Not shown, only counted.
    Allow,
    /// A warning.
    Warn,
    /// An error.
    Deny,
}

/// The severities set for single codes, and the level from which a finding fails.
#[derive(Clone, Debug)]
pub struct Levels {
    set: Vec<(Code, Level)>,
    failing: Severity,
}

impl Default for Levels {
    fn default() -> Self {
        Self::new()
    }
}

impl Levels {
    /// No code is changed; errors fail.
    pub const fn new() -> Self {
        Self {
            set: Vec::new(),
            failing: Severity::Error,
        }
    }

    /// The same with `code` set to `level`; the last setting for a code counts.
    #[must_use]
    pub fn with(mut self, code: Code, level: Level) -> Self {
        self.set.push((code, level));
        self
    }

    /// The same, so that findings of `severity` and above fail.
    #[must_use]
    pub fn failing_at(mut self, severity: Severity) -> Self {
        self.failing = severity;
        self
    }

    /// Gives a finding the severity that the caller wants. Returns whether it is shown.
    pub fn judge(&self, finding: &mut Finding) -> bool {
        let severity = self.severity(finding.code(), finding.severity);
        finding.severity = severity.unwrap_or(finding.severity);
        severity.is_some()
    }

    /// The severity that the caller wants for a code; `None` if it is not shown.
    pub(super) fn severity(&self, code: Code, severity: Severity) -> Option<Severity> {
        match self.of(code) {
            Some(Level::Allow) => None,
            Some(Level::Warn) => Some(Severity::Warning),
            Some(Level::Deny) => Some(Severity::Error),
            None => Some(severity),
        }
    }

    fn of(&self, code: Code) -> Option<Level> {
        self.set
            .iter()
            // From the back: the last option on the command line wins, as in rustc and clippy.
            .rev()
            .find(|(set, _)| *set == code)
            .map(|&(_, level)| level)
    }

    pub(super) const fn failing(&self) -> Severity {
        self.failing
    }
}
