//! What was probably meant.

/// Longer words than this are not typing errors of an option's name; the
/// longest name has 29 bytes.
const LONGEST: usize = 64;

/// The name that `word` is a typing error of: the nearest one, if no more than
/// a third of it has to be changed.
pub(super) fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let word = word.to_ascii_lowercase();
    names
        .into_iter()
        .map(|name| (distance(word.as_bytes(), name.as_bytes()), name))
        .filter(|&(distance, name)| distance <= name.trim_start_matches('-').len() / 3)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

/// Levenshtein's distance: how many bytes to insert, delete or replace.
fn distance(from: &[u8], to: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, a) in from.iter().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, b) in row.iter_mut().skip(1).zip(to) {
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
            assert_eq!(distance(from.as_bytes(), to.as_bytes()), expected);
        }
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
