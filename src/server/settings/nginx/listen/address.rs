//! The address of a `listen`, as `ngx_parse_url` reads it.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;

/// The longest path of a socket (`sun_path`, with its NUL).
const LONGEST_PATH: usize = 108;

/// What a `listen` names before the port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in super::super) enum Host {
    V4(Ipv4Addr),
    V6(Ipv6Addr),
    /// The path of a socket.
    Unix(String),
    /// `localhost`, which is 127.0.0.1, and may be more.
    Local,
    /// A name to look up.
    Name(String),
}

impl fmt::Display for Host {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(address) => address.fmt(out),
            Self::V6(address) => write!(out, "[{address}]"),
            Self::Unix(path) => write!(out, "unix:{path}"),
            Self::Local => out.write_str("127.0.0.1"),
            Self::Name(name) => out.write_str(name),
        }
    }
}

/// Why nginx refuses an address.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) enum Problem {
    /// `invalid port`
    Port,
    Says(&'static str),
}

type Address = (Host, RangeInclusive<u16>);

const INVALID_HOST: Problem = Problem::Says("invalid host");

/// The host and the ports; the ports are 0 for a Unix socket.
pub(super) fn read(text: &str, default_port: u16) -> Result<Address, Problem> {
    let unix = text
        .get(..5)
        .is_some_and(|text| text.eq_ignore_ascii_case("unix:"));
    if unix {
        let path = text.get(5..).unwrap_or_default();
        // A last colon ends the path.
        let path = path.strip_suffix(':').unwrap_or(path);
        return match path.len() {
            0 => Err(Problem::Says("no path in the unix domain socket")),
            length if length >= LONGEST_PATH => {
                Err(Problem::Says("too long path in the unix domain socket"))
            }
            _ => Ok((Host::Unix(path.to_owned()), 0..=0)),
        };
    }
    if let Some(rest) = text.strip_prefix('[') {
        return read_v6(rest, default_port);
    }
    if text.contains('/') {
        return Err(INVALID_HOST);
    }
    let default = default_port..=default_port;
    let Some((host, ports)) = text.split_once(':') else {
        return match alone(text)? {
            Some(ports) => Ok((Host::V4(Ipv4Addr::UNSPECIFIED), ports)),
            None => Ok((named(text)?, default)),
        };
    };
    let ports = range(ports)?;
    Ok((named(host)?, ports))
}

fn read_v6(rest: &str, default_port: u16) -> Result<Address, Problem> {
    let (host, behind) = rest.split_once(']').ok_or(INVALID_HOST)?;
    let ports = match behind.strip_prefix(':') {
        Some(ports) => range(ports)?,
        None if behind.is_empty() => default_port..=default_port,
        None => return Err(INVALID_HOST),
    };
    if host.is_empty() {
        return Err(Problem::Says("no host"));
    }
    let address: Ipv6Addr = host
        .parse()
        .map_err(|_| Problem::Says("invalid IPv6 address"))?;
    // An IPv6-only socket accepts no IPv4 address.
    if address.to_ipv4_mapped().is_some() {
        return Err(Problem::Says("bind() failed (22: Invalid argument)"));
    }
    Ok((Host::V6(address), ports))
}

/// A value without a colon that is a port or a range of ports.
fn alone(text: &str) -> Result<Option<RangeInclusive<u16>>, Problem> {
    let first = text.split('-').next().unwrap_or_default();
    let digits = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
    if digits {
        range(text).map(Some)
    } else {
        Ok(None)
    }
}

fn range(text: &str) -> Result<RangeInclusive<u16>, Problem> {
    let port = |text: &str| {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>()
            .ok()
            .filter(|&port| plain && port != 0)
            .ok_or(Problem::Port)
    };
    let Some((low, high)) = text.split_once('-') else {
        let port = port(text)?;
        return Ok(port..=port);
    };
    let (low, high) = (port(low)?, port(high)?);
    if low > high {
        return Err(Problem::Says("invalid port range"));
    }
    Ok(low..=high)
}

/// A literal address, `*`, or a name that the resolver must find.
pub(in super::super) fn named(host: &str) -> Result<Host, Problem> {
    if host.is_empty() {
        return Err(Problem::Says("no host"));
    }
    if host == "*" {
        return Ok(Host::V4(Ipv4Addr::UNSPECIFIED));
    }
    if let Some(address) = dotted(host) {
        return Ok(Host::V4(address));
    }
    if host.eq_ignore_ascii_case("localhost") {
        return Ok(Host::Local);
    }
    let hostlike = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let digits = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    let labels = host.split('.').count();
    // No name ends in a number; with four numbers at most it may be one address
    // in another spelling (`inet_aton`).
    let number = host.rsplit('.').next().is_some_and(digits);
    let spelling = labels <= 4
        && host
            .split('.')
            .all(|part| digits(part) && !over(part, labels));
    let hexadecimal = host.contains("0x") || host.contains("0X");
    if !host.chars().all(hostlike) || host.starts_with('-') || (number && !spelling && !hexadecimal)
    {
        return Err(Problem::Says("host not found"));
    }
    Ok(Host::Name(host.to_ascii_lowercase()))
}

/// Whether a part of a dotted address is too large for an address of that many parts.
fn over(part: &str, parts: usize) -> bool {
    part.parse::<u32>()
        .is_ok_and(|number| parts == 4 && number > 255)
}

/// `ngx_inet_addr`: four decimal numbers, leading zeros allowed.
fn dotted(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0u8; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let part = parts.next()?;
        let plain = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let value = part.trim_start_matches('0');
        *octet = if value.is_empty() {
            0
        } else {
            value.parse().ok()?
        };
        plain.then_some(())?;
    }
    parts.next().is_none().then(|| octets.into())
}

#[cfg(test)]
mod tests {
    use super::{Host, Problem, read};

    /// Measured: nginx 1.22.1.
    #[test]
    fn addresses() {
        for (text, host, ports) in [
            ("443", "0.0.0.0", 443..=443),
            ("0443", "0.0.0.0", 443..=443),
            ("*", "0.0.0.0", 80..=80),
            ("*:443", "0.0.0.0", 443..=443),
            ("8440-8443", "0.0.0.0", 8440..=8443),
            ("127.0.0.1", "127.0.0.1", 80..=80),
            ("127.000.0.01:443", "127.0.0.1", 443..=443),
            ("LOCALHOST:443", "127.0.0.1", 443..=443),
            ("[::]:443", "[::]", 443..=443),
            ("[0:0:0:0:0:0:0:1]", "[::1]", 80..=80),
            ("unix:/run/s", "unix:/run/s", 0..=0),
            ("UNIX:/run/s:", "unix:/run/s", 0..=0),
            ("a.example.com:443", "a.example.com", 443..=443),
            ("127.1", "127.1", 80..=80),
        ] {
            let (found, range) = read(text, 80).expect(text);
            assert_eq!((found.to_string().as_str(), range), (host, ports), "{text}");
        }
        assert!(matches!(read("1.2.3", 80), Ok((Host::Name(_), _))));
        for bad in [
            "",
            ":443",
            "[::1",
            "[::g]:443",
            "[]",
            "[127.0.0.1]:1",
            "[::1%lo]:1",
            "[::1]443",
            "http://127.0.0.1:443",
            "443/",
            "256.1.1.1:443",
            "1.2.3.4.5:443",
            "unix:",
            "-1",
            "$port",
            "*.example.com:443",
            "8443-8440",
        ] {
            assert!(matches!(read(bad, 80), Err(Problem::Says(_))), "{bad}");
        }
        for bad in [
            "0",
            "65536",
            "1.2.3.4:",
            "1.2.3.4:x",
            "::1",
            "a:0",
            "[::1]:",
            "1.2.3.4:1-",
            "0-5",
        ] {
            assert_eq!(read(bad, 80).err(), Some(Problem::Port), "{bad}");
        }
        let long = format!("unix:/{}", "a".repeat(107));
        assert!(read(&long, 80).is_err());
    }
}
