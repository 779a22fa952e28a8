//! `config.path-from-variable`: the server finds out which file it needs in each handshake.

use crate::rule::{Rule, rule};

rule! {
    PathFromVariable = ConfigPathFromVariable Notice
    "the server finds out which file it needs in each handshake"
    page "path_from_variable.txt"
    {
        /// The setting.
        setting: String,
        /// What is written.
        path: String,
    }
}

impl Rule for PathFromVariable {
    fn message(&self) -> String {
        let Self { setting, path } = self;
        format!(
            "`{setting} {path}` has a variable in it: the file is looked for in each handshake, and no configuration test checks it"
        )
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: nginx 1.22.1"]
    }
}
