//! `config.shell-quoting`: the shell changes quoted words or backslashes before tsm reads them.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ShellQuoting = ConfigShellQuoting Error
    "the shell changes quoted words or backslashes before tsm reads them"
    page "shell_quoting.txt"
    {
        /// What is wrong.
        problem: String,
        /// What to write instead.
        instead: String,
        /// The shell.
        shell: String,
    }
}

impl Rule for ShellQuoting {
    fn message(&self) -> String {
        let Self { problem, shell, .. } = self;
        format!("{problem}: {shell} does not pass tsm the words that you wrote")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(self.instead.clone()))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "POSIX.1-2024, 2.2 Quoting",
            "PowerShell: about_Quoting_Rules",
        ]
    }
}
