//! Misspelt names, for "did you mean".

/// Longer words than this are not misspelt names.
pub(crate) const LONGEST: usize = 64;

/// The name that `word` misspells: the nearest one, if no more than a third of it has to be
/// changed. Case does not count, and `_` is `-`.
///
/// ```
/// use certcheck::spelling::nearest;
/// assert_eq!(nearest("--cert-fle", ["--cert-file", "--key-file"]), Some("--cert-file"));
/// assert_eq!(nearest("passphrase", ["until", "server"]), None);
/// ```
pub fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let word = word.to_ascii_lowercase().replace('_', "-");
    names
        .into_iter()
        .map(|name| (distance(&word, name), name))
        .filter(|&(distance, name)| distance <= name.trim_start_matches('-').len() / 3)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

/// Levenshtein's distance: how many bytes to insert, delete or replace.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, a) in from.bytes().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, b) in row.iter_mut().skip(1).zip(to.bytes()) {
            let replaced = diagonal + usize::from(a != b);
            diagonal = *cell;
            left = replaced.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn distances() {
        for (from, to, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("abc", "abc", 0),
            ("abc", "", 3),
        ] {
            assert_eq!(distance(from, to), expected);
        }
    }

    #[test]
    fn plurals_and_misspellings() {
        let names = ["client", "cert-file", "until", "server"];
        let found = |word| nearest(word, names);
        assert_eq!(found("clients"), Some("client"));
        assert_eq!(found("cert_file"), Some("cert-file"));
        assert_eq!(found("untill"), Some("until"));
        assert_eq!(found("passphrase"), None);
    }

    #[test]
    fn suggestions() {
        let names = ["--cert-file", "--key-file", "--chain-file", "-cf"];
        assert_eq!(nearest("--cert-fle", names), Some("--cert-file"));
        assert_eq!(nearest("-cert-file", names), Some("--cert-file"));
        assert_eq!(nearest("--chain-File", names), Some("--chain-file"));
        assert_eq!(nearest("--certificate", names), None);
        assert_eq!(nearest("-x", names), None);
        assert_eq!(nearest("", names), None);
        assert_eq!(nearest(&"-".repeat(1_000_000), names), None);
    }
}
