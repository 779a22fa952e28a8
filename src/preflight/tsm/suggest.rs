//! What was probably meant.

use super::command::FileRole;
use super::options::{Opt, Use};
use crate::spelling::nearest;

/// The name that `word` misspells, or the only one that ends or begins with it.
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
    if bare.len() < 2 || bare.len() > crate::spelling::LONGEST {
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

#[cfg(test)]
mod tests {
    use super::super::table::command_at;
    use super::{closest, option};

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
}
