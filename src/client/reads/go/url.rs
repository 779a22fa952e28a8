//! The URIs that Go takes in a subjectAltName: what net/url's `Parse` reads, with a host that
//! `domainNameValid` of crypto/x509 takes (1.27.3).

/// Whether Go reads it.
pub(super) fn is_read(uri: &str) -> bool {
    if uri.bytes().any(|byte| byte.is_ascii_control()) || uri.starts_with(':') {
        return false;
    }
    let mut escapes = uri.split('%').skip(1);
    let digits = |rest: &str| {
        let pair = rest.get(..2);
        pair.is_some_and(|pair| pair.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    if !escapes.all(digits) {
        return false;
    }
    let uri = uri.split('#').next().unwrap_or_default();
    let (has_scheme, rest) = match scheme(uri) {
        Some(rest) => (true, rest),
        None => (false, uri),
    };
    let rest = rest.split('?').next().unwrap_or_default();
    // `cache_object:foo`: what precedes the colon is no scheme, and no path either.
    let first = rest.split('/').next().unwrap_or_default();
    if !has_scheme && first.contains(':') {
        return false;
    }
    match rest.strip_prefix("//") {
        Some(path) if !has_scheme && path.starts_with('/') => true,
        Some(rest) => is_authority(rest.split('/').next().unwrap_or_default()),
        None => true,
    }
}

/// What follows the scheme (RFC 3986 3.1).
fn scheme(uri: &str) -> Option<&str> {
    let (scheme, rest) = uri.split_once(':')?;
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let begins = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    (begins && scheme.bytes().all(known)).then_some(rest)
}

/// The host with its port, after what names a user.
fn is_authority(text: &str) -> bool {
    let (user, host) = text.rsplit_once('@').unwrap_or(("", text));
    let of_user = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
    let port = match host.strip_prefix('[') {
        Some(inner) => match inner.split_once(']') {
            Some((_, port)) => port,
            None => return false,
        },
        None => host
            .find(':')
            .and_then(|at| host.get(at..))
            .unwrap_or_default(),
    };
    let number = port.strip_prefix(':').unwrap_or(port);
    // In a host, only `%25` is unescaped to ASCII, and only ASCII is a host's.
    let escaped =
        host.starts_with('[') || host.split('%').skip(1).all(|rest| rest.starts_with("25"));
    user.bytes().all(of_user)
        && escaped
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && is_domain(host)
}

/// `domainNameValid`: labels of visible ASCII, none of them empty.
fn is_domain(host: &str) -> bool {
    let visible =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_graphic());
    host.is_empty() || host.split('.').all(visible)
}

#[cfg(test)]
mod tests {
    use super::is_read;

    /// As `x509.ParseCertificate` of Go 1.27.3 has them.
    #[test]
    fn uris_are_read_as_go_reads_them() {
        for uri in [
            "",
            "https://host/",
            "https://host:443/a.b./",
            "urn:uuid:1",
            "mailto:a@b.",
            "http:///x",
            "///host.",
            "https://[::1]:8443/",
            "spiffe://a.b/c..d",
        ] {
            assert!(is_read(uri), "{uri}");
        }
        for uri in [
            "https://host./",
            "//host.",
            "http://a..b/",
            "http://.a/",
            "https://host:x/",
            "https://[::1/",
            "https://a b/",
            ":x",
            "https://a/%zz",
            "cache_object:foo/bar",
            "https://%41/",
        ] {
            assert!(!is_read(uri), "{uri}");
        }
    }
}
