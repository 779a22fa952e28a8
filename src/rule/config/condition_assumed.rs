//! `config.condition-assumed`: whether a part of the settings counts is not known here.

use crate::rule::{Rule, rule};

rule! {
    ConditionAssumed = ConfigConditionAssumed Notice
    "whether a part of the settings counts is not known here"
    page "condition_assumed.txt"
    {
        /// The condition.
        condition: String,
        /// Whether it was taken for true.
        assumed: bool,
    }
}

impl Rule for ConditionAssumed {
    fn message(&self) -> String {
        let Self { condition, assumed } = self;
        format!(
            "whether `{condition}` holds is not known here; it was taken for {}",
            if *assumed { "true" } else { "false" }
        )
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: httpd 2.4.71, nginx 1.22.1, HAProxy 2.6.12, PostgreSQL 15.18, Rserve 1.8-11, TabPy 2.16.0",
        ]
    }
}
