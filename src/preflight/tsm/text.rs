//! Words of a command line as messages may show them.

/// More characters of a word help nobody.
const SHOWN: usize = 120;

/// `word` with whatever could steer a terminal written out, and cut.
pub(super) fn shown(word: &str) -> String {
    let mut text = String::new();
    for character in word.chars().take(SHOWN) {
        if character.is_control() || steers(character) {
            text.extend(character.escape_unicode());
        } else {
            text.push(character);
        }
    }
    if word.chars().nth(SHOWN).is_some() {
        text.push('…');
    }
    text
}

/// Marks that turn or hide text (Unicode UAX #9, zero-width characters).
const fn steers(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(shown("--cert-file"), "--cert-file");
        assert_eq!(shown("a\u{1b}[2J\n"), "a\\u{1b}[2J\\u{a}");
        assert_eq!(shown("\u{202e}x"), "\\u{202e}x");
        assert_eq!(shown(&"é".repeat(1_000_000)).chars().count(), 121);
    }
}
