//! `protocol.undefined-variable`: a variable of the configuration has no value here.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    UndefinedVariable = ProtocolUndefinedVariable Warning
    "a variable of the configuration has no value here"
    page "undefined_variable.txt"
    {
        /// Its name, without `${` and `}`.
        name: String,
    }
}

impl Rule for UndefinedVariable {
    fn message(&self) -> String {
        let Self { name } = self;
        format!("the variable ${{{name}}} has no value here, so the program reads it as plain text")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { name } = self;
        Some(Remedy::words(format!(
            "set its value with `--define {name}=VALUE`"
        )))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: Apache 2.4.71, OpenSSL 3.0.19"]
    }
}
