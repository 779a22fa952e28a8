//! `ADDRESS:PORT` and names as httpd reads them. Measured: 2.4.71.

use std::net::Ipv6Addr;

/// `apr_parse_addr_port`: an address in its own spelling and a port, each if present. `None` if
/// httpd considers the text invalid.
pub(super) fn parse(text: &str) -> Option<(Option<&str>, Option<u16>)> {
    let is_digit = |c: char| c.is_ascii_digit();
    let port = |digits: &str| digits.parse().ok().filter(|port| *port != 0);
    let before = text.trim_end_matches(is_digit);
    if before.is_empty() {
        return Some((None, Some(port(text)?)));
    }
    let digits = text.get(before.len()..).unwrap_or_default();
    let (host, port) = match before.strip_suffix(':') {
        Some("") if !digits.is_empty() => return None,
        Some(host) if !digits.is_empty() => (host, Some(port(digits)?)),
        _ => (text, None),
    };
    if let Some(inner) = host.strip_prefix('[') {
        let inner = inner.strip_suffix(']')?;
        let number = inner.split_once('%').map_or(inner, |(number, _)| number);
        let _: Ipv6Addr = number.parse().ok()?;
    }
    Some((Some(host), port))
}

/// Whether a resolver may find an address for it: a host name, or an address with a zone.
pub(super) fn may_resolve(host: &str) -> bool {
    let (name, zone) = host.split_once('%').unwrap_or((host, ""));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let is_name = host.contains(|c: char| c.is_ascii_alphanumeric()) && host.chars().all(plain);
    is_name || !zone.is_empty() && name.parse::<Ipv6Addr>().is_ok()
}

/// The `ServerName` without scheme and port, or httpd's message about it (`server_hostname_port`).
pub(super) fn server_name(text: &str) -> Result<&str, String> {
    let part = text.split_once("://").map_or(text, |(_, part)| part);
    if is_pattern(part) {
        return Err(format!(
            "Invalid ServerName \"{}\" use ServerAlias to set multiple server names.",
            super::shown(part)
        ));
    }
    let Some((name, port)) = part.split_once(':') else {
        return Ok(part);
    };
    // `atoi` reads the digits and ignores the rest.
    let end = port.find(|c: char| !c.is_ascii_digit());
    let number = port.get(..end.unwrap_or(port.len())).unwrap_or_default();
    match number.parse::<u16>() {
        Ok(1..) => Ok(name),
        _ => Err(format!(
            "The port number \"{}\" is outside the appropriate range (i.e., 1..65535).",
            super::shown(text)
        )),
    }
}

/// `apr_fnmatch_test`.
fn is_pattern(text: &str) -> bool {
    let mut brackets = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '*' | '?' => return true,
            '\\' if chars.next().is_none() => return false,
            '[' => brackets = true,
            ']' if brackets => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{parse, server_name};

    #[test]
    fn addresses_are_split_as_apr_does() {
        assert_eq!(parse("443"), Some((None, Some(443))));
        assert_eq!(parse("[::1]:443"), Some((Some("[::1]"), Some(443))));
        assert_eq!(parse("[::1]"), Some((Some("[::1]"), None)));
        assert_eq!(parse("127.0.0.1"), Some((Some("127.0.0.1"), None)));
        assert_eq!(
            parse("127.0.0.1:https"),
            Some((Some("127.0.0.1:https"), None))
        );
        assert_eq!(parse("*:"), Some((Some("*:"), None)));
        for refused in ["0", "70000", ":443", "*:0", "[::1", "[x]:443", "[]"] {
            assert_eq!(parse(refused), None, "{refused}");
        }
    }

    #[test]
    fn server_names_are_refused_as_httpd_does() {
        for name in ["a.test", "http://a.test:443", "a.test:443x", "_default_"] {
            assert!(server_name(name).is_ok(), "{name}");
        }
        for name in [
            "*.a.test",
            "a?",
            "[::1]:443",
            "a:0",
            "a:",
            "a:x",
            "::1",
            "a:70000",
        ] {
            assert!(server_name(name).is_err(), "{name}");
        }
    }
}
