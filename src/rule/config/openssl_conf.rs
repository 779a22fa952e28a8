//! `config.openssl-conf`: the machine's openssl.cnf is ignored, or weakens every program.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    OpensslConf = ConfigOpensslConf Warning
    "the machine's openssl.cnf is ignored, or weakens every program"
    page "openssl_conf.txt"
    {
        /// What it does.
        effect: String,
        /// What to do about it.
        fix: String,
    }
}

impl Rule for OpensslConf {
    fn message(&self) -> String {
        self.effect.clone()
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(self.fix.clone()))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: OpenSSL 3.0 drops the whole file at a line that it cannot read, and every program starts",
            "config(5ssl), SSL configuration: system_default applies to every new context",
        ]
    }
}
