//! How nginx reads the server that a directive names as a backend (`ngx_parse_url`). Measured:
//! nginx 1.22.1.

use super::super::listen::{Host, named};
use std::net::Ipv6Addr;

/// `sockaddr_un.sun_path` of Linux, with the zero at its end.
const LONGEST_PATH: usize = 108;

/// A server behind nginx.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Written<'t> {
    /// An address, a Unix socket, or `localhost`.
    Known,
    /// A name that nginx looks up.
    Name { host: &'t str, port: Option<u16> },
}

/// Reads `HOST[:PORT]`, followed by a path if `takes_path` allows it.
pub(super) fn read(text: &str, takes_path: bool) -> Result<Written<'_>, &'static str> {
    if let Some(prefix) = text.get(..5)
        && prefix.eq_ignore_ascii_case("unix:")
    {
        let path = text.get(5..).unwrap_or_default();
        let path = match path.split_once(':') {
            Some((path, _)) if takes_path => path,
            _ => path,
        };
        return match path.len() {
            0 => Err("no path in the unix domain socket"),
            LONGEST_PATH.. => Err("too long path in the unix domain socket"),
            _ => Ok(Written::Known),
        };
    }
    let (host, path) = match text.find(['/', '?']) {
        Some(end) => text.split_at(end),
        None => (text, ""),
    };
    if !path.is_empty() && !takes_path {
        return Err("invalid host");
    }
    if let Some(rest) = host.strip_prefix('[') {
        let (address, port) = rest.split_once(']').ok_or("invalid host")?;
        match port.strip_prefix(':') {
            Some(digits) => {
                let _ = self::port(digits)?;
            }
            None if port.is_empty() => {}
            None => return Err("invalid host"),
        }
        let address: Result<Ipv6Addr, _> = address.parse();
        return address
            .map(|_| Written::Known)
            .map_err(|_| "invalid IPv6 address");
    }
    let (host, port) = match host.split_once(':') {
        Some((host, digits)) => (host, Some(self::port(digits)?)),
        None => (host, None),
    };
    match host {
        "" => Err("no host"),
        _ => Ok(if is_known(host) {
            Written::Known
        } else {
            Written::Name { host, port }
        }),
    }
}

/// Whether it is an address, or `localhost`.
fn is_known(host: &str) -> bool {
    host != "*" && matches!(named(host), Ok(Host::V4(_) | Host::Local))
}

/// Whether no resolver has an address for it.
pub(super) fn is_no_name(host: &str) -> bool {
    host == "*" || named(host).is_err()
}

fn port(digits: &str) -> Result<u16, &'static str> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let port = digits.parse().ok().filter(|port| plain && *port != 0);
    port.ok_or("invalid port")
}

#[cfg(test)]
mod tests {
    use super::{Written, is_no_name, read};

    /// All of these were tested with `nginx -t` of 1.22.1, in an `upstream` or after `proxy_pass`.
    #[test]
    fn as_nginx_reads_them() {
        for (text, takes_path) in [
            ("127.0.0.1", false),
            ("127.0.0.1:80", false),
            ("[::1]", false),
            ("[::1]:80", false),
            ("localhost:8080", false),
            ("unix:/x", false),
            ("UNIX:/x", false),
            ("unix:/x?a", false),
            ("unix:/x:/a", true),
            ("127.0.0.1:9?x:y", true),
            ("127.0.0.1/x:y", true),
        ] {
            assert_eq!(read(text, takes_path), Ok(Written::Known), "{text}");
        }
        for (text, takes_path, says) in [
            ("", false, "no host"),
            (":80", true, "no host"),
            ("127.0.0.1:", false, "invalid port"),
            ("127.0.0.1:99999", false, "invalid port"),
            ("127.0.0.1:$x", false, "invalid port"),
            ("127.0.0.1:80:90", false, "invalid port"),
            ("[::1]:0", true, "invalid port"),
            ("::1", false, "invalid port"),
            ("127.0.0.1/x", false, "invalid host"),
            ("127.0.0.1?x", false, "invalid host"),
            ("http://127.0.0.1", false, "invalid host"),
            ("[::1:80", false, "invalid host"),
            ("[::1]9", true, "invalid host"),
            ("[::g]:9", true, "invalid IPv6 address"),
            ("unix:", true, "no path in the unix domain socket"),
        ] {
            assert_eq!(read(text, takes_path), Err(says), "{text}");
        }
        let name = |host, port| Ok(Written::Name { host, port });
        assert_eq!(read("app:8080/x", true), name("app", Some(8080)));
        assert_eq!(read("*", false), name("*", None));
        for none in ["*", "$backend", "app$x", "-x", "256.0.0.1"] {
            assert!(is_no_name(none), "{none}");
        }
        assert!(!is_no_name("a_b.example.com") && !is_no_name("127.1"));
    }
}
