//! `config.tabpy-plain-http`: TabPy will serve plain HTTP.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    TabpyPlainHttp = ConfigTabpyPlainHttp Error
    "TabPy will serve plain HTTP"
    page "tabpy_plain_http.txt"
    {
        /// Which setting causes this.
        reason: String,
        /// The port that it listens on; 0 means any free port.
        port: u64,
    }
}

impl Rule for TabpyPlainHttp {
    fn message(&self) -> String {
        let Self { reason, port } = self;
        format!("TabPy will serve plain HTTP on port {port}, not HTTPS: {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "set TABPY_TRANSFER_PROTOCOL = https, TABPY_CERTIFICATE_FILE and TABPY_KEY_FILE in the section [TabPy], with exactly this capitalisation",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: TabPy 2.16.0, Python 3.11"]
    }
}
