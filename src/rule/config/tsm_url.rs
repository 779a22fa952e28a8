//! `config.tsm-url`: the text is not an address of Tableau Services Manager.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    TsmUrl = ConfigTsmUrl Error
    "the text is not an address of Tableau Services Manager"
    page "tsm_url.txt"
    {
        /// What was given, without credentials.
        url: String,
        /// What is wrong with it.
        reason: String,
    }
}

impl Rule for TsmUrl {
    fn message(&self) -> String {
        let Self { url, reason } = self;
        format!("`{url}` is not an address of Tableau Services Manager: {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "write https://NAME:8850 with the server's own name; without an address, tsm uses the local server",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["Tableau Server: tsm global options"]
    }
}
