//! `config.typographic-character`: the command contains a typographic quotation mark, dash or blank.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    TypographicCharacter = ConfigTypographicCharacter Error
    "the command contains a typographic quotation mark, dash or blank"
    page "typographic_character.txt"
    {
        /// The character.
        character: String,
        /// What it is called.
        name: String,
        /// What was meant.
        meant: String,
    }
}

impl Rule for TypographicCharacter {
    fn message(&self) -> String {
        let Self {
            character, name, ..
        } = self;
        format!(
            "`{character}` is a typographic character ({name}), which neither the shell nor tsm \
             understands"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { meant, .. } = self;
        Some(Remedy::words(format!(
            "type `{meant}` instead; certcheck judged the command as if you had"
        )))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["POSIX.1-2024, 2.2 Quoting", "Unicode: General Punctuation"]
    }
}
