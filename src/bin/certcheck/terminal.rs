//! A person at a terminal: asked for a passphrase, which is not shown.

#[cfg(unix)]
mod quiet;

use std::io::{self, IsTerminal, Write};
#[cfg(not(unix))]
use zeroize::Zeroizing;

/// Whether someone can be asked: input and messages go through a terminal.
pub(crate) fn is_there() -> bool {
    cfg!(unix) && io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks on the terminal itself, wherever standard output and error lead. `None` if
/// the answer is empty.
#[cfg(unix)]
pub(crate) use quiet::ask;

/// No console can be silenced without unsafe code, and what is typed must not be shown.
#[cfg(not(unix))]
pub(crate) fn ask(_question: &str) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "certcheck cannot hide what you type on this system",
    ))
}

/// What the program is doing, on a terminal's last line; it leaves no trace.
pub(crate) struct Progress {
    shown: bool,
}

impl Progress {
    /// Shows nothing yet, and nothing ever if standard error is not a terminal.
    pub(crate) fn new() -> Self {
        Self {
            shown: io::stderr().is_terminal(),
        }
    }

    /// Shows the next step.
    pub(crate) fn say(&self, what: &str) {
        if self.shown {
            let what: String = certcheck::shown::visible(what).chars().take(70).collect();
            let _ = write!(io::stderr(), "\r\x1b[K{what}");
            let _ = io::stderr().flush();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.say("");
    }
}
