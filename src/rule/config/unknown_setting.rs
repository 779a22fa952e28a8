//! `config.unknown-setting`: the server ignores a setting that it does not know.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    UnknownSetting = ConfigUnknownSetting Warning
    "the server ignores a setting that it does not know"
    page "unknown_setting.txt"
    {
        /// The setting.
        setting: String,
        /// The setting that you probably meant.
        suggestion: Option<String>,
    }
}

impl Rule for UnknownSetting {
    fn message(&self) -> String {
        let Self { setting, .. } = self;
        format!("the server has no setting `{setting}` and silently ignores it")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        match self {
            Self {
                suggestion: Some(setting),
                ..
            } => Some(Remedy::words(format!("did you mean `{setting}`?"))),
            Self { .. } => None,
        }
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: httpd 2.4.71, nginx 1.22.1, HAProxy 2.6.12, PostgreSQL 15.18, Rserve 1.8-11, TabPy 2.16.0",
        ]
    }
}
