//! A person at a terminal: asked for a passphrase, which is not shown.

#[cfg(unix)]
mod quiet;

use std::io::{self, IsTerminal, Write};
#[cfg(not(unix))]
use zeroize::Zeroizing;

/// Whether someone is there to be asked: what is typed and what is said are a terminal's.
pub(crate) fn is_there() -> bool {
    cfg!(unix) && io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks on the terminal itself, wherever standard output and error lead. `None` if
/// the answer is empty.
#[cfg(unix)]
pub(crate) use quiet::ask;

/// No console is quietened without unsafe code, and what is typed must not be shown.
#[cfg(not(unix))]
pub(crate) fn ask(_question: &str) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "certcheck cannot hide what you type on this system",
    ))
}

/// What the program is at, on a terminal's last line; it leaves no trace.
pub(crate) struct Progress {
    shown: bool,
}

impl Progress {
    /// Nothing yet, and nothing ever where standard error is not a terminal.
    pub(crate) fn new() -> Self {
        Self {
            shown: io::stderr().is_terminal(),
        }
    }

    /// Says what comes now.
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
