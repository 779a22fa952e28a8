//! Quoting for the commands that a remedy shows.

/// `word` as one word of a POSIX shell. Control characters are shown as `?`:
/// people read a command before they paste it.
pub(crate) fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    // Quotes do not help here: a program reads a quoted `-rf` as an option too.
    let guarded = if word.starts_with('-') {
        format!("./{word}")
    } else {
        word.to_owned()
    };
    if !guarded.is_empty() && guarded.chars().all(plain) {
        return guarded;
    }
    let shown: String = guarded
        .chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .collect();
    // Nothing escapes a quote between single quotes: they end, an escaped one follows, and
    // they begin again.
    format!("'{}'", shown.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn hostile_names_stay_one_word() {
        assert_eq!(quote("server.crt"), "server.crt");
        assert_eq!(quote("my key.pem"), "'my key.pem'");
        assert_eq!(quote("$(id)'x"), r"'$(id)'\''x'");
        assert_eq!(quote("-rf"), "./-rf");
        assert_eq!(quote("a\nb\u{1b}[m"), "'a?b?[m'");
        assert_eq!(quote(""), "''");
    }
}
