//! `config.missing-file`: the settings name a file that the server cannot open.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    MissingFile = ConfigMissingFile Error
    "the settings name a file that the server cannot open"
    page "missing_file.txt"
    {
        /// The setting.
        setting: String,
        /// The path that the server opens.
        path: String,
        /// Why the server cannot open it.
        problem: String,
    }
}

impl Rule for MissingFile {
    fn message(&self) -> String {
        let Self {
            setting,
            path,
            problem,
        } = self;
        format!("`{setting}` names `{path}`: {problem}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        match self {
            Self { path, .. } if !path.starts_with('/') => Some(Remedy::words(
                "name an existing file; relative paths start from the server's working directory: \
                 set that directory with --config-base DIRECTORY",
            )),
            Self { .. } => Some(Remedy::words("name an existing file")),
        }
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: httpd 2.4.71, nginx 1.22.1, HAProxy 2.6.12, PostgreSQL 15.18, Rserve 1.8-11, TabPy 2.16.0",
        ]
    }
}
