//! What was probably meant.

use super::command::FileRole;
use super::options::{Opt, Use};

/// Longer words than this are not misspelt option names; the
/// longest name has 29 bytes.
const LONGEST: usize = 64;

/// The name that `word` misspells: the nearest one, if no more than a third of it has to be
/// changed.
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

/// The same, or the only one that ends or begins with `word`.
pub(super) fn closest<'n>(word: &str, names: &[&'n str]) -> Option<&'n str> {
    let whole = nearest(word, names.iter().copied());
    whole.or_else(|| {
        let has =
            |name: &&&str| !word.is_empty() && (name.ends_with(word) || name.starts_with(word));
        let mut those = names.iter().filter(has);
        those.next().filter(|_| those.next().is_none()).copied()
    })
}

/// The option that `word` means: the nearest name, the only one that it begins, or the only
/// one for the same kind of file (`--cacert` is `--ca-cert`, or `--cert-file`).
pub(super) fn option(word: &str, options: &'static [Opt]) -> Option<&'static str> {
    let names: Vec<&'static str> = options.iter().map(|option| option.long).collect();
    let bare = word.trim_start_matches('-');
    let only = |found: &dyn Fn(&Opt) -> bool| {
        let mut those = options.iter().filter(|option| found(option));
        those
            .next()
            .filter(|_| those.next().is_none())
            .map(|option| option.long)
    };
    if let Some(name) = nearest(word, names.iter().copied()) {
        return Some(name);
    }
    if bare.len() < 2 || bare.len() > LONGEST {
        return None;
    }
    let begins = |option: &Opt| option.long.trim_start_matches('-').starts_with(bare);
    let lower = bare.to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    let roles: &[FileRole] = if has(&["crl", "revoc"]) {
        &[FileRole::RevocationList]
    } else if has(&["chain", "intermediate", "bundle"]) {
        &[FileRole::Chain]
    } else if has(&["key"]) {
        &[FileRole::Key]
    } else if has(&["cert", "crt", "ca-", "cafile", "pem"]) {
        &[FileRole::Certificate, FileRole::CaCertificate]
    } else {
        &[]
    };
    only(&begins)
        .or_else(|| only(&|option| matches!(option.used, Use::File(role) if roles.contains(&role))))
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
    use super::super::table::command_at;
    use super::{closest, distance, nearest, option};

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
    fn options_of_the_same_kind() {
        let of = |words: &[&str], name| {
            let row = command_at(words).unwrap();
            option(name, row.options)
        };
        let mutual = ["authentication", "mutual-ssl", "configure"];
        let external = ["security", "external-ssl", "enable"];
        for (words, name, meant) in [
            (&mutual[..], "--cert-file", Some("--ca-cert")),
            (&mutual, "--cafile", Some("--ca-cert")),
            (&mutual, "--crl", Some("--revocation-file")),
            (&external, "--cert", Some("--cert-file")),
            (&external, "--certificate", Some("--cert-file")),
            (&external, "--private-key", Some("--key-file")),
            (&external, "--bundle", Some("--chain-file")),
            (&external, "--protocol", Some("--protocols")),
            (&external, "--x", None),
            (&external, "--frobnicate", None),
        ] {
            assert_eq!(of(words, name), meant, "{name}");
        }
        let types = ["maestro-rserve-secure", "maestro-rserve"];
        assert_eq!(closest("rserve-secure", &types), Some(types[0]));
        assert_eq!(closest("maestro-", &types), None);
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
