//! Why the program could not do what was asked: exit code 2.

use std::fmt;
use std::path::Path;

/// One line for standard error: what, why, what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    help: Option<String>,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            help: None,
        }
    }

    /// A failure about a file.
    pub(crate) fn file(path: &Path, why: impl fmt::Display) -> Self {
        Self::new(format!("{}: {why}", path.display()))
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", certcheck::report::text::printable(&self.what))?;
        if let Some(help) = &self.help {
            write!(f, "\n  help: {}", certcheck::report::text::printable(help))?;
        }
        Ok(())
    }
}
