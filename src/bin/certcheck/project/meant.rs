//! What was probably meant.

/// Longer words than this are not misspelt names.
const LONGEST: usize = 64;

/// The name that `word` misspells: one that it begins or ends with (a plural, a prefix), or the
/// nearest one, if no more than a third of it has to be changed.
pub(crate) fn meant<'n>(
    word: &str,
    names: impl Iterator<Item = &'n str> + Clone,
) -> Option<&'n str> {
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let word = word.to_ascii_lowercase().replace('_', "-");
    let mut near: Vec<_> = names
        .map(|name| (distance(word.as_bytes(), name.as_bytes()), name))
        .filter(|&(distance, name)| distance <= name.len().max(3) / 3)
        .collect();
    near.sort_by_key(|&(distance, _)| distance);
    near.first().map(|&(_, name)| name)
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
    use super::meant;

    #[test]
    fn plurals_and_misspellings() {
        let names = ["client", "cert-file", "until", "server"];
        let found = |word| meant(word, names.into_iter());
        assert_eq!(found("clients"), Some("client"));
        assert_eq!(found("cert_file"), Some("cert-file"));
        assert_eq!(found("untill"), Some("until"));
        assert_eq!(found("passphrase"), None);
    }
}
