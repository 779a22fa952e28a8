//! Paths as a server on a POSIX host joins them: text, nothing is looked up.

/// `path` as it is opened when relative paths start from `base`.
pub(super) fn join(base: &str, path: &str) -> String {
    if path.starts_with('/') || base.is_empty() || path.is_empty() {
        return path.to_owned();
    }
    let base = base.strip_suffix('/').unwrap_or(base);
    format!("{base}/{path}")
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn absolute_paths_stay() {
        assert_eq!(join("/etc/x", "/c.pem"), "/c.pem");
        assert_eq!(join("/etc/x/", "c.pem"), "/etc/x/c.pem");
        assert_eq!(join("/", "c.pem"), "/c.pem");
        assert_eq!(join("", "c.pem"), "c.pem");
    }
}
