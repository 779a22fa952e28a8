//! Lines no wider than the terminal: whole words, hanging indents.

use textwrap::{Options, WordSeparator, WordSplitter};

/// The width if the terminal's is not known.
pub(super) const USUAL: usize = 80;
/// Narrower terminals get lines of this width: narrower text is unreadable.
const LEAST: usize = 40;

/// `text` after `first`, its further lines after `hanging` columns. Styles take no columns; a word
/// that is wider than the line stays whole, so that it can be copied.
pub(super) fn wrapped(first: &str, text: &str, hanging: &str, width: usize) -> String {
    // No hyphenation and no break within words: commands, fingerprints and paths are copied.
    let options = Options::new(width.max(LEAST))
        .initial_indent(first)
        .subsequent_indent(hanging)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    let mut out = textwrap::fill(text, options);
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_and_hang() {
        let text = "the issuer of a certificate is missing from all of the files given";
        assert_eq!(
            wrapped("  = help: ", text, "          ", 40),
            "  = help: the issuer of a certificate is\n          missing from all of the files\n          given\n"
        );
        let long = "x".repeat(100);
        assert_eq!(wrapped("", &long, "", 80), format!("{long}\n"));
        // A wide character takes two columns.
        assert_eq!(wrapped("", &"世界 ".repeat(10), "", 44).lines().count(), 2);
    }
}
