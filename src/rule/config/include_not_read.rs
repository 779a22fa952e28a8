//! `config.include-not-read`: the settings include a file or directory that certcheck did not read.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    IncludeNotRead = ConfigIncludeNotRead Notice
    "the settings include a file or directory that certcheck did not read"
    page "include_not_read.txt"
    {
        /// The directive.
        directive: String,
        /// The file or directory that it names.
        path: String,
    }
}

impl Rule for IncludeNotRead {
    fn message(&self) -> String {
        let Self { directive, path } = self;
        format!(
            "certcheck did not read `{directive} {path}`: its contents are not part of this report"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("give that file to certcheck as well"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: httpd 2.4.71, nginx 1.22.1, HAProxy 2.6.12, PostgreSQL 15.18, Rserve 1.8-11, TabPy 2.16.0",
        ]
    }
}
