//! Protocol strings in configuration files: their place, their scope and their effect.
//!
//! This module opens no file: [`Scan::unread`] lists the includes.

mod apache;
mod haproxy;
mod nginx;
mod openssl;
mod postgres;

pub use apache::apache;
pub use haproxy::haproxy;
pub use nginx::nginx;
pub use openssl::openssl;
pub use postgres::postgres;

use super::{Dialect, Environment, Evaluation, ProtocolString};
use crate::source::{Lines, Source, Span};

/// What a configuration file says about protocol versions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scan {
    /// Every scope that speaks TLS, in the order of the file.
    pub scopes: Vec<ConfigSection>,
    /// Lines whose effect is not in the scopes.
    pub unread: Vec<Unread>,
    /// Bytes of strings that may still be evaluated.
    left: usize,
}

/// The strings in one file, in bytes; inherited ones count for each scope.
/// A real file has a few hundred; the limit keeps hostile ones linear.
const BUDGET: usize = 1 << 20;

/// What one block or the global section may say, in bytes.
const BLOCK_LIMIT: usize = 16 * 1024;

/// One part of a configuration with its own set of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigSection {
    /// `server config`, `<VirtualHost *:443> tableau.example`, `frontend www, bind :443`.
    pub name: String,
    /// The lines of the directives that count here; `None` if the program's
    /// default counts.
    pub lines: Vec<Lines>,
    /// Whether the directives are in this scope, not around it.
    pub own: bool,
    /// The line of the directive that replaces this one in the same scope: this one is read for
    /// errors but has no effect.
    pub superseded_at: Option<usize>,
    /// The string.
    pub string: ProtocolString,
    /// What it does.
    pub evaluation: Evaluation,
}

/// A line that may matter and was not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unread {
    /// Its number, counted from 1; 0 if no line is meant.
    pub line: usize,
    /// The line, shortened.
    pub text: String,
    /// Why.
    pub reason: &'static str,
}

/// Files that every distribution's nginx.conf includes, and that say nothing about TLS: types,
/// character sets, gateway parameters.
const HARMLESS: &[&str] = &[
    "mime.types",
    "fastcgi.conf",
    "fastcgi_params",
    "proxy_params",
    "scgi_params",
    "uwsgi_params",
    "koi-utf",
    "koi-win",
    "win-utf",
];

impl Unread {
    /// Whether it could change the answer: not a condition on the very module whose settings these
    /// are, nor a file that says nothing about TLS.
    pub fn matters(&self) -> bool {
        let text = self.text.trim().trim_end_matches(';').to_ascii_lowercase();
        if let Some(condition) = text.strip_prefix("<ifmodule") {
            let module = condition.trim().trim_end_matches('>').trim();
            // A condition on the module itself is always true if its settings are read at all.
            return !matches!(module.trim_matches('"'), "mod_ssl.c" | "ssl_module");
        }
        let named = text.strip_prefix("include").map(str::trim);
        let file = named.and_then(|path| path.rsplit(['/', ' ', '\t']).next());
        !file.is_some_and(|file| HARMLESS.contains(&file.trim_matches(['"', '\''])))
    }
}

impl Scan {
    fn new() -> Self {
        Self {
            scopes: Vec::new(),
            unread: Vec::new(),
            left: BUDGET,
        }
    }

    /// A scope with its string evaluated, as long as the budget lasts.
    fn scope(
        &mut self,
        name: String,
        text: &[u8],
        dialect: Dialect,
        environment: &Environment,
    ) -> Option<ConfigSection> {
        /// What a scope costs in addition to its string: its name and its answer.
        const OVERHEAD: usize = 64;
        let cost = text.len() + name.len() + environment.global.len() + OVERHEAD;
        let Some(left) = self.left.checked_sub(cost) else {
            // Reported once: a file of ten thousand hosts does not need ten thousand lines about
            // the limit.
            if self.left > 0 {
                let reason = "certcheck does not evaluate this or anything after it: the file has too many places";
                self.unread.push(Unread {
                    line: 0,
                    text: name,
                    reason,
                });
            }
            self.left = 0;
            return None;
        };
        self.left = left;
        let string = ProtocolString::parse(dialect, text);
        let evaluation = string.evaluate(environment);
        Some(ConfigSection {
            name,
            lines: Vec::new(),
            own: true,
            superseded_at: None,
            string,
            evaluation,
        })
    }

    fn skip(&mut self, source: &Source, span: Span, text: &[u8], reason: &'static str) {
        let text = crate::shown::value(&String::from_utf8_lossy(text));
        let line = source.line_of(span.start);
        self.unread.push(Unread { line, text, reason });
    }
}
