//! The address of Tableau Services Manager.
//!
//! Tableau's pages, global option `--server`: the URL must start with `https`,
//! include port 8850, and use the server's name, not its IP address.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Longer than any URL with a host name (253 bytes, RFC 1035 section 2.3.4).
const LONGEST: usize = 512;

/// Why `url` is not `https://NAME:8850`.
pub(super) fn problem(url: &str) -> Option<String> {
    if url.len() > LONGEST {
        return Some("it is longer than any address".into());
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return Some("it must begin with https://".into());
    };
    if !scheme.eq_ignore_ascii_case("https") {
        return Some(format!(
            "it must begin with https://, not {}://",
            crate::shown::value(scheme)
        ));
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
    if authority.contains('@') {
        return Some("user names and passwords do not belong in it".into());
    }
    let (host, port) = match authority.rfind(']') {
        // [2001:db8::1]:8850
        Some(at) => match authority.get(at + 1..) {
            Some(port) => (
                authority.get(..=at).unwrap_or(authority),
                port.strip_prefix(':'),
            ),
            None => (authority, None),
        },
        None => match authority.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    if host.is_empty() {
        return Some("it names no host".into());
    }
    if host.parse::<Ipv4Addr>().is_ok()
        || host.starts_with('[')
        || host.parse::<Ipv6Addr>().is_ok()
        || authority.parse::<Ipv6Addr>().is_ok()
    {
        return Some("it must use the server's name, not its IP address".into());
    }
    if !is_name(host) {
        return Some("its host is not a valid DNS name".into());
    }
    match port {
        None | Some("") => return Some("it must include the port 8850".into()),
        Some("8850") => {}
        Some(port) => {
            return Some(format!(
                "Tableau Services Manager listens on port 8850, not {}",
                crate::shown::value(port)
            ));
        }
    }
    (!matches!(behind, "" | "/")).then(|| "nothing may follow the port".into())
}

/// Letters, digits, hyphens and underscores between dots (RFC 1123 section
/// 2.1; the underscore occurs in Windows names).
fn is_name(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        })
}

/// `url` without what precedes an `@`.
pub(super) fn without_credentials(url: &str) -> String {
    match url.rsplit_once('@') {
        Some((before, host)) => {
            let scheme = before.split_once("://").map_or("", |(scheme, _)| scheme);
            if scheme.is_empty() {
                format!("…@{host}")
            } else {
                format!("{scheme}://…@{host}")
            }
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{problem, without_credentials};

    #[test]
    fn addresses() {
        for url in [
            "https://tableau.example.com:8850",
            "https://localhost:8850",
            "https://TABLEAU-01:8850/",
            "HTTPS://tab_01.corp:8850",
        ] {
            assert_eq!(problem(url), None, "{url}");
        }
        for (url, words) in [
            ("", "begin with https"),
            ("tableau.example.com:8850", "begin with https"),
            ("http://tableau.example.com:8850", "not http://"),
            ("https://tableau.example.com", "port 8850"),
            ("https://tableau.example.com:", "port 8850"),
            ("https://tableau.example.com:443", "not 443"),
            ("https://tableau.example.com:08850", "not 08850"),
            ("https://192.0.2.7:8850", "IP address"),
            ("https://[2001:db8::1]:8850", "IP address"),
            ("https://2001:db8::1", "IP address"),
            ("https://admin:s3cret@tableau:8850", "passwords"),
            ("https://:8850", "no host"),
            ("https://", "no host"),
            ("https://a b:8850", "DNS"),
            ("https://a..b:8850", "DNS"),
            ("https://tableau:8850/#/login", "follow"),
            ("https://tableau]:8850", "DNS"),
        ] {
            let reason = problem(url).unwrap_or_else(|| panic!("{url} passed"));
            assert!(reason.contains(words), "{url}: {reason}");
        }
        assert!(problem(&"https://".repeat(1_000_000)).is_some());
    }

    #[test]
    fn credentials_are_cut_out() {
        for url in [
            "https://admin:s3cret@tableau:8850",
            "s3cret@tableau",
            "https://s3cret@x@tableau",
            "s3cret://s3cret@s3cret@tableau",
        ] {
            let url = url.replacen("s3cret://", "https://", 1);
            assert!(!without_credentials(&url).contains("s3cret"), "{url}");
        }
    }
}
