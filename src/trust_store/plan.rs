//! The plan itself: the outcome for each certificate, and the steps.

use super::clients::ClientAnswer;
use super::platform::Platform;
use super::role::Role;
use super::step::{Check, Step};
use crate::finding::Fingerprint;
use crate::rule::Finding;
use std::fmt;

/// The outcome for a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InstallOutcome {
    /// It is installed.
    Install,
    /// It is in the store already: nothing is done.
    AlreadyTrusted {
        /// The file that holds it.
        found_in: String,
    },
    /// The same certificate was given before.
    Repeated,
    /// What an earlier plan did for it is undone.
    Undo,
    /// It is not installed.
    Refused {
        /// Why.
        reason: String,
        /// What to do instead.
        instead: String,
    },
}

impl InstallOutcome {
    /// The name in JSON.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Install => "install",
            Self::AlreadyTrusted { .. } => "already-trusted",
            Self::Repeated => "repeated",
            Self::Undo => "undo",
            Self::Refused { .. } => "refused",
        }
    }
}

/// One certificate of a plan, and its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// The input that held it.
    pub source: String,
    /// Its place among the input's objects, counted from 0.
    pub index: usize,
    /// SHA-256 of its DER form.
    pub sha256: Fingerprint,
    /// Its subject, safe to print.
    pub subject: String,
    /// What it is.
    pub role: Role,
    /// Its outcome.
    pub outcome: InstallOutcome,
    /// The file, alias or nickname that it gets.
    pub name: String,
    /// Which client families will trust it on this platform, and which will not.
    pub clients: Vec<ClientAnswer>,
}

/// How to put certificates into a trust store, verify that, and remove them again.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The kind of store.
    pub platform: Platform,
    /// The scratch tree that it is for; `None` for the machine itself.
    pub root: Option<String>,
    /// The outcome for each certificate, in the order in which they were given.
    pub certificates: Vec<Decision>,
    /// How to install. Empty if there is nothing to do.
    pub steps: Vec<Step>,
    /// How to see that it is installed.
    pub verify: Vec<Check>,
    /// How to undo what the steps did, and nothing else.
    pub undo: Vec<Step>,
    /// How to see that it is undone.
    pub undo_verify: Vec<Check>,
    /// The directory of the journal, which says what undoing may touch.
    pub journal: Option<String>,
    /// What else the administrator should know.
    pub notes: Vec<String>,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// Why no plan can be made at all.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanError {
    /// There is no certificate to install.
    NothingGiven,
    /// More certificates than a plan can handle.
    TooMany {
        /// How many were given.
        given: usize,
        /// The most that a plan can handle.
        limit: usize,
    },
    /// The path of the scratch tree, or of the home directory, cannot be used.
    Path {
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingGiven => f.write_str("there is no certificate to install"),
            Self::TooMany { given, limit } => {
                write!(
                    f,
                    "{given} certificates are too many; a plan accepts at most {limit}"
                )
            }
            Self::Path { reason } => f.write_str(reason),
        }
    }
}

impl std::error::Error for PlanError {}
