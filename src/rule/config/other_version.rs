//! `config.other-version`: this version of the program has no such command or option.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    OtherVersion = ConfigOtherVersion Error
    "this version of Tableau Server has no such command or option"
    page "other_version.txt"
    {
        /// The command or option.
        what: String,
        /// Which versions have it.
        versions: String,
        /// The version of the server, if it is known.
        version: Option<String>,
        /// What replaces it.
        instead: String,
    }
}

impl Rule for OtherVersion {
    fn message(&self) -> String {
        let Self { what, versions, .. } = self;
        match &self.version {
            Some(version) => {
                format!(
                    "Tableau Server {version} has no `{what}`: only versions {versions} have it"
                )
            }
            None => format!("only Tableau Server {versions} has `{what}`"),
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let text = self.instead.clone();
        Some(Remedy::words(match self.version {
            Some(_) => text,
            None => format!("{text}; `--tableau-version YYYY.N` says which version you have"),
        }))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "Tableau Server: tsm security (help.tableau.com, cli_security_tsm.htm)",
            "Tableau Server: Configure Connections with Analytics Extensions (config_r_tabpy.htm)",
            "not run: Tableau Server is not available to certcheck's tests",
        ]
    }
}
