//! Paths as a server on a POSIX host joins them, and the patterns in them.

use super::{Context, Looked, Settings};

/// The path that is opened if relative paths start from `base`.
pub(super) fn join(base: &str, path: &str) -> String {
    if path.starts_with('/') || base.is_empty() || path.is_empty() {
        return path.to_owned();
    }
    let base = base.strip_suffix('/').unwrap_or(base);
    format!("{base}/{path}")
}

/// The files that a pattern names, sorted by name, as `glob` and
/// `apr_fnmatch` with `APR_FNM_PERIOD` find them. `Err`: why they are not known.
pub(super) fn matching(
    pattern: &str,
    settings: &mut Settings,
    context: &Context<'_>,
) -> Result<Vec<String>, String> {
    /// In how many directories one pattern is searched.
    const MOST: usize = 512;
    let start = if pattern.starts_with('/') { "/" } else { "" };
    let mut found = vec![start.to_owned()];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        if !part.contains(['*', '?', '[']) {
            for path in &mut found {
                *path = below(path, part);
            }
            continue;
        }
        let mut next = Vec::new();
        if found.len() > MOST {
            return Err("the pattern is too wide".to_owned());
        }
        for directory in &found {
            let looked = if directory.is_empty() { "." } else { directory };
            match settings.look(context, looked) {
                Some(Looked::Directory(names)) => {
                    let mut names: Vec<&String> =
                        names.iter().filter(|name| fits(part, name)).collect();
                    names.sort();
                    next.extend(names.into_iter().map(|name| below(directory, name)));
                }
                Some(Looked::Missing | Looked::Read(_)) => {}
                Some(Looked::Unreadable(reason)) => return Err(reason.clone()),
                None => return Err("it was not read".to_owned()),
            }
        }
        found = next;
    }
    Ok(found)
}

fn below(directory: &str, name: &str) -> String {
    match directory {
        "" => name.to_owned(),
        "/" => format!("/{name}"),
        _ => format!("{directory}/{name}"),
    }
}

/// `fnmatch` with `*`, `?` and `[…]`; only a dot matches a leading dot.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    // Where the last star is, and how much of the name it took: one step back
    // is enough, so the work is bounded by the product of the two lengths.
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(&c) = name.get(from) {
        let step = match pattern.get(at) {
            Some('*') => {
                star = Some((at + 1, from));
                at += 1;
                continue;
            }
            Some('?') => Some(1),
            Some('[') => set(pattern.get(at..).unwrap_or_default(), c),
            Some('\\') => (pattern.get(at + 1) == Some(&c)).then_some(2),
            Some(&literal) => (literal == c).then_some(1),
            None => None,
        };
        match (step, star) {
            (Some(step), _) => {
                at += step;
                from += 1;
            }
            (None, Some((behind, taken))) => {
                at = behind;
                from = taken + 1;
                star = Some((behind, from));
            }
            (None, None) => return false,
        }
    }
    pattern
        .get(at..)
        .unwrap_or_default()
        .iter()
        .all(|&c| c == '*')
}

/// The length of a `[…]` that contains the character.
fn set(pattern: &[char], c: char) -> Option<usize> {
    let negated = matches!(pattern.get(1), Some('!' | '^'));
    let mut at = 1 + usize::from(negated);
    let first = at;
    let mut has = false;
    loop {
        let low = *pattern.get(at)?;
        if low == ']' && at > first {
            return (has != negated).then_some(at + 1);
        }
        let high = match (pattern.get(at + 1), pattern.get(at + 2)) {
            (Some('-'), Some(&high)) if high != ']' => {
                at += 2;
                high
            }
            _ => low,
        };
        has |= (low..=high).contains(&c);
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{fits, join};

    #[test]
    fn patterns_as_fnmatch_reads_them() {
        for (pattern, name) in [
            ("*.conf", "a.conf"),
            ("*", "x"),
            ("[0-9]*.conf", "1x.conf"),
            ("[!a]b", "cb"),
            ("a?c", "abc"),
            (".*", ".a"),
            ("*a*b*", "xxaybz"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("*.conf", ".a.conf"),
            ("*.conf", "a.conf~"),
            ("[0-9]", "a"),
            ("a?c", "ac"),
            ("[", "["),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn absolute_paths_stay() {
        assert_eq!(join("/etc/x", "/c.pem"), "/c.pem");
        assert_eq!(join("/etc/x/", "c.pem"), "/etc/x/c.pem");
        assert_eq!(join("/", "c.pem"), "/c.pem");
        assert_eq!(join("", "c.pem"), "c.pem");
    }
}
