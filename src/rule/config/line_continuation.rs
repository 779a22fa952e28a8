//! `config.line-continuation`: a line of a script ends the command too early.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    LineContinuation = ConfigLineContinuation Error
    "a line of a script ends the command too early"
    page "line_continuation.txt"
    {
        /// What is wrong at the end of the line.
        problem: String,
        /// The character that continues a line.
        wanted: String,
        /// The shell.
        shell: String,
    }
}

impl Rule for LineContinuation {
    fn message(&self) -> String {
        let Self { problem, shell, .. } = self;
        format!("{problem}: {shell} ends the command here")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { wanted, shell, .. } = self;
        Some(Remedy::words(format!(
            "end the line with `{wanted}`, which continues a line in {shell}, and with nothing after it"
        )))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "POSIX.1-2024, 2.2.1 Escape Character (Backslash)",
            "PowerShell: about_Special_Characters, line continuation",
        ]
    }
}
