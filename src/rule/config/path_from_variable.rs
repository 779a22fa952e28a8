//! `config.path-from-variable`: the server chooses the file during each handshake.

use crate::rule::{Rule, rule};

rule! {
    PathFromVariable = ConfigPathFromVariable Notice
    "the server chooses the file during each handshake"
    page "path_from_variable.txt"
    {
        /// The setting.
        setting: String,
        /// The path as written.
        path: String,
    }
}

impl Rule for PathFromVariable {
    fn message(&self) -> String {
        let Self { setting, path } = self;
        format!(
            "`{setting} {path}` contains a variable: the server looks for the file in each handshake, and no configuration test checks it"
        )
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: nginx 1.22.1"]
    }
}
