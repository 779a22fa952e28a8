//! What a configuration file adds to the options that every command knows.

use certcheck::answer::{Level, Waiver};
use certcheck::command::gate::State;
use certcheck::finding::Code;
use certcheck::report::targets::Targets;
use std::cell::RefCell;
use std::rc::Rc;

/// Severities and waivers, and where they are from.
#[derive(Clone, Default)]
pub(crate) struct Configured {
    /// The file, and what is in it, for a receipt.
    pub(crate) file: Option<(String, State)>,
    /// The severities of single codes.
    pub(crate) severities: Vec<(Code, Level)>,
    /// All warnings are errors.
    pub(crate) denies_warnings: bool,
    /// The defaults that do not apply, and why.
    pub(crate) skipped: Vec<String>,
    /// The waivers.
    pub(crate) waivers: Vec<Waiver>,
    /// Where an answer goes in place of standard output: it is one of several targets.
    pub(crate) gathers: Option<Gathers>,
}

/// The answers of the targets, and the name of the one that is judged now.
#[derive(Clone)]
pub(crate) struct Gathers {
    pub(crate) name: String,
    pub(crate) targets: Rc<RefCell<Targets>>,
}

impl Configured {
    /// The severities that let more pass than certcheck does by itself: `key.weak = "warn"`.
    pub(crate) fn lets_pass(&self) -> Vec<String> {
        let severities = self.severities.iter().filter_map(|(code, level)| {
            let word = match level {
                Level::Allow => "allow",
                Level::Warn => "warn",
                _ => return None,
            };
            Some(format!("{} = \"{word}\"", code.as_str()))
        });
        severities.collect()
    }
}
