//! A failure of the program itself: exit code 2.

use certcheck::shown;
use std::fmt;
use std::path::Path;

/// A message for standard error: what failed, why, and what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    help: Option<String>,
    /// Other failures of the same run, each on its own line.
    more: Vec<Failure>,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            help: None,
            more: Vec::new(),
        }
    }

    /// Joins several failures into one; `None` if there are none.
    pub(crate) fn together(failures: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut failures = failures.into_iter();
        let mut first = failures.next()?;
        first.more.extend(failures);
        Some(first)
    }

    /// What failed, without what to do about it.
    pub(crate) fn what(&self) -> &str {
        &self.what
    }

    /// The same failure, about something with a name.
    pub(crate) fn about(mut self, name: &str) -> Self {
        self.what = format!("{name}: {}", self.what);
        self
    }

    /// A failure about a file.
    pub(crate) fn file(path: &Path, why: impl fmt::Display) -> Self {
        Self::new(format!("{}: {why}", name(path)))
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The name of a file. A path that is not a file may be anything, even the text of a key.
pub(crate) fn name(path: &Path) -> String {
    let text = path.to_string_lossy();
    if path.symlink_metadata().is_ok() {
        text.into_owned()
    } else {
        shown::value(&text)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", certcheck::report::text::printable(&self.what))?;
        if let Some(help) = &self.help {
            write!(f, "\n  help: {}", certcheck::report::text::printable(help))?;
        }
        for failure in &self.more {
            write!(f, "\nerror: {failure}")?;
        }
        Ok(())
    }
}
