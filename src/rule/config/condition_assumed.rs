//! `config.condition-assumed`: certcheck does not know whether a part of the settings applies.

use crate::rule::{Rule, rule};

rule! {
    ConditionAssumed = ConfigConditionAssumed Notice
    "certcheck does not know whether a part of the settings applies"
    page "condition_assumed.txt"
    {
        /// The condition.
        condition: String,
        /// Whether certcheck assumed that it is true.
        assumed: bool,
    }
}

impl Rule for ConditionAssumed {
    fn message(&self) -> String {
        let Self { condition, assumed } = self;
        format!(
            "certcheck does not know whether `{condition}` holds; it assumed {}",
            if *assumed { "true" } else { "false" }
        )
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: httpd 2.4.71, nginx 1.22.1, HAProxy 2.6.12, PostgreSQL 15.18, Rserve 1.8-11, TabPy 2.16.0",
        ]
    }
}
