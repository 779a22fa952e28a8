//! Words of a POSIX shell. Unlike the quoting of remedies, which are for
//! reading, these are run: nothing is replaced.

/// `word` as one word; a leading `~/` is the home directory.
pub(super) fn word(word: &str) -> String {
    if let Some(rest) = word.strip_prefix("~/") {
        return format!("\"$HOME\"/{}", plain(rest));
    }
    plain(word)
}

fn plain(word: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(harmless) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// `text` as part of a comment: one line of printable ASCII.
pub(super) fn comment(text: &str) -> String {
    // Subjects are escaped already; bidirectional text still reads wrongly.
    text.chars()
        .map(|c| {
            if c.is_ascii_graphic() || c == ' ' {
                c
            } else {
                '?'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{comment, word};

    #[test]
    fn a_word_is_one_word_whatever_it_says() {
        assert_eq!(word("/etc/ssl/certs"), "/etc/ssl/certs");
        assert_eq!(word("~/.pki/nssdb"), "\"$HOME\"/.pki/nssdb");
        assert_eq!(word("$(id)"), "'$(id)'");
        assert_eq!(word("it's `x`\n"), "'it'\\''s `x`\n'");
        assert_eq!(word(""), "''");
    }

    #[test]
    fn a_comment_stays_on_its_line() {
        assert_eq!(comment("a\nreboot\u{202e}"), "a?reboot?");
    }
}
