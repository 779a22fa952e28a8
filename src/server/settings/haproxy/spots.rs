//! The addresses of a `bind` line (`str2listener` and `str2sa_range` of HAProxy's sources).
//! Measured: HAProxy 2.6.12, Linux 6.
//!
//! An address without a host is every IPv4 address, also with `v4v6`; `:::443` and `ipv6@:443` are
//! every IPv6 address, and IPv4 too unless the line says `v6only`. Of sockets that take a
//! connection alike, the kernel gives each a part (SO_REUSEPORT); one for IPv4 comes before `::`.

use super::super::hosts_file::Listed;
use super::super::sockets::{At, Reach, Spot};
use super::super::{Context, Listens, Placed, Scope, Settings, port_fact, shown};
use super::TEST;
use super::line::placed;
use crate::source::Lines;
use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr};

/// The most addresses of one line that are kept.
const MOST: usize = 64;

/// Prefixes of what is not TCP: sockets of files, and what HAProxy inherits.
const ELSEWHERE: &[&str] = &[
    "unix@",
    "uxst@",
    "uxdg@",
    "abns@",
    "abnsz@",
    "fd@",
    "sockpair@",
];

/// Reads all addresses of a line into the place; `v6only`: the line says so.
pub(super) fn read(
    text: &str,
    v6only: bool,
    line: usize,
    scope: &mut Scope,
    settings: &mut Settings,
) {
    let text = text.strip_suffix(',').unwrap_or(text);
    for one in text.split(',') {
        let text = match spot(one, v6only) {
            Ok(Some(spot)) => {
                let (first, last) = spot.ports;
                let lines = Some(Lines::new(line, line));
                let ends = if first == last {
                    vec![first]
                } else {
                    vec![first, last]
                };
                let ends = ends.into_iter().map(|value| Placed { value, lines });
                scope.ports.extend(ends);
                let text = told(&spot, one);
                if scope.spots.len() < MOST {
                    scope.spots.push(spot);
                }
                text
            }
            Ok(None) => shown(one),
            Err(Problem::Port) => {
                settings.note(port_fact("bind", one, Listens::Nowhere), line);
                continue;
            }
            Err(Problem::Says(message)) => {
                settings.refuse_at("bind", &message, TEST, line);
                continue;
            }
            Err(Problem::Open(reason)) => {
                settings.not_judged("bind", reason, line);
                shown(one)
            }
        };
        if scope.bound.len() < MOST {
            scope.bound.push(text);
        }
    }
}

enum Problem {
    Port,
    Says(String),
    Open(&'static str),
}

/// One address; none: it is not TCP.
fn spot(text: &str, v6only: bool) -> Result<Option<Spot>, Problem> {
    let says = |what: String| Err(Problem::Says(format!("'bind' : {what}")));
    if text.is_empty() {
        return says("'' resolves to an empty address (environment variable missing?)".to_owned());
    }
    let bare = text.strip_prefix("stream+").unwrap_or(text);
    if bare.starts_with(['/', '@']) || ELSEWHERE.iter().any(|prefix| bare.starts_with(prefix)) {
        return Ok(None);
    }
    let (family, address) = match bare.split_once('@') {
        None => (None, bare),
        Some(("tcp", rest)) => (None, rest),
        Some(("ipv4" | "tcp4", rest)) => (Some(false), rest),
        Some(("ipv6" | "tcp6", rest)) => (Some(true), rest),
        Some(("quic4" | "quic6", _)) => {
            return Err(Problem::Open(
                "certcheck does not predict QUIC listeners; Debian builds HAProxy without QUIC",
            ));
        }
        Some(_) => {
            return Err(Problem::Open(
                "certcheck does not know this kind of address",
            ));
        }
    };
    let Some((host, port)) = address
        .rsplit_once(':')
        .filter(|(_, port)| !port.is_empty() && !port.ends_with(']'))
    else {
        return says(format!("missing port specification in '{}'", shown(text)));
    };
    let number = |text: &str| text.parse::<u16>().ok().filter(|port| *port != 0);
    let ports = match port.split_once('-') {
        None => number(port).map(|port| (port, port)),
        Some((first, last)) => number(first).zip(number(last)),
    };
    let Some(ports) = ports else {
        return Err(Problem::Port);
    };
    if ports.0 > ports.1 {
        return says(format!("invalid port range '{}'", shown(port)));
    }
    let inner = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let all6 = if v6only { Reach::All6 } else { Reach::Both };
    let at = match inner.unwrap_or(host) {
        "" | "*" if family == Some(true) => At::Reach(all6),
        "" | "*" => At::Reach(Reach::All4),
        // As `inet_aton` reads it.
        "0" => At::Reach(Reach::All4),
        host => match host.parse::<IpAddr>() {
            Ok(ip) if family.is_some_and(|is_v6| is_v6 != ip.is_ipv6()) => {
                return says(format!(
                    "invalid address: '{}' in '{}'",
                    shown(host),
                    shown(text)
                ));
            }
            Ok(ip) if ip.is_ipv6() && ip.is_unspecified() => At::Reach(all6),
            Ok(ip) => At::Reach(Reach::of(ip.to_canonical())),
            Err(_) if host.eq_ignore_ascii_case("localhost") && family != Some(true) => {
                At::Reach(Reach::One(Ipv4Addr::LOCALHOST.into()))
            }
            Err(_) => At::Name(host.to_ascii_lowercase()),
        },
    };
    Ok(Some(Spot { at, ports }))
}

/// An address as it is shown: where HAProxy's own spelling hides what it means, another one.
fn told(spot: &Spot, written: &str) -> String {
    let port = written.rsplit(':').next().unwrap_or_default();
    match spot.at {
        At::Reach(Reach::All4) if !written.contains("0.0.0.0") => format!("*:{port}"),
        At::Reach(Reach::Both | Reach::All6) => format!("[::]:{port}"),
        At::Reach(Reach::One(IpAddr::V6(ip))) => format!("[{ip}]:{port}"),
        _ => shown(written),
    }
}

/// Sockets that take connections alike have one key.
fn key(spot: &Spot) -> Option<Key> {
    match spot.at {
        At::Reach(Reach::One(ip)) => Some(Key::One(ip)),
        At::Reach(Reach::All4) => Some(Key::All4),
        At::Reach(Reach::All6 | Reach::Both) => Some(Key::All6),
        At::Name(_) => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    One(IpAddr),
    All4,
    All6,
}

/// Ranges of ports, by what takes connections alike.
#[derive(Default)]
struct Taken(HashMap<Key, Vec<(u16, u16)>>);

impl Taken {
    fn of<'s>(spots: impl Iterator<Item = &'s Spot>) -> Self {
        let mut all = Self::default();
        for spot in spots {
            if let Some(key) = key(spot) {
                all.0.entry(key).or_default().push(spot.ports);
            }
        }
        for ranges in all.0.values_mut() {
            ranges.sort_unstable();
            // From here on each range ends where the longest one so far does, so that one search
            // finds whether a port is taken.
            let mut longest = 0;
            for (_, last) in ranges {
                longest = longest.max(*last);
                *last = longest;
            }
        }
        all
    }

    fn has(&self, spot: &Spot) -> bool {
        let ranges = key(spot).and_then(|key| self.0.get(&key));
        ranges.is_some_and(|ranges| {
            let before = ranges.partition_point(|(first, _)| *first <= spot.ports.1);
            let last = before.checked_sub(1).and_then(|last| ranges.get(last));
            last.is_some_and(|(_, last)| *last >= spot.ports.0)
        })
    }
}

/// Addresses of `bind` lines with `ssl` and without it: HAProxy listens twice (SO_REUSEPORT), and
/// the kernel gives either a part of the connections (measured: 2.6.12).
pub(super) fn shared(settings: &mut Settings) {
    let plain = settings.scopes.iter().filter(|scope| !scope.tls);
    let plain = Taken::of(plain.flat_map(|scope| &scope.spots));
    let mut lines = Vec::new();
    for scope in settings.scopes.iter_mut().filter(|scope| scope.tls) {
        if let Some(at) = scope.lines
            && scope.spots.iter().any(|spot| plain.has(spot))
        {
            let unread = &mut scope.negotiation.not_interpreted;
            *unread = unread.take().or_else(|| placed("bind", at.first));
            lines.push(at.first);
        }
    }
    for line in lines {
        let reason = "another `bind` line without `ssl` has the same address, and gets a part of the connections";
        settings.not_judged("bind", reason, line);
    }
}

/// Names that HAProxy looks up when it starts.
pub(super) fn look_up(context: &Context<'_>, settings: &mut Settings) {
    let names = settings.scopes.iter().flat_map(|scope| {
        let line = scope.lines.map_or(1, |lines| lines.first);
        let named = scope.spots.iter().filter_map(|spot| match &spot.at {
            At::Name(name) => Some(name.clone()),
            At::Reach(_) => None,
        });
        named.map(move |name| (name, line))
    });
    let names: Vec<(String, usize)> = names.collect();
    let wanted: HashSet<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    let mut listed = settings.in_hosts_file(&wanted, context);
    for (name, line) in &names {
        // Each name is reported once.
        let Some(found) = listed.remove(name.as_str()) else {
            continue;
        };
        let file = match found {
            Listed::Address => continue,
            Listed::OnlyIpv6 | Listed::Unknown => "",
            Listed::Missing => ", which is not in /etc/hosts",
        };
        let reason = format!(
            "certcheck does not look up `{}`{file}: HAProxy does not start if no address is found",
            shown(name)
        );
        settings.not_judged("bind", reason, *line);
    }
}

#[cfg(test)]
mod tests {
    use crate::server::Profile;
    use crate::server::settings::{Context, Settings};
    use crate::source::Source;

    fn read(binds: &str) -> Settings {
        let haproxy = Profile::named("haproxy").unwrap();
        let text = format!("frontend f\n mode http\n timeout client 1s\n{binds}\n");
        let source = Source::new("haproxy.cfg", text.into_bytes());
        Settings::read(haproxy, &source, &Context::at("/")).unwrap()
    }

    /// Each was started with HAProxy 2.6.12, and asked over IPv4 and IPv6.
    #[test]
    fn who_listens_where() {
        for (written, shown, reach) in [
            (":443", "*:443", "All4"),
            ("*:443", "*:443", "All4"),
            ("0.0.0.0:443", "0.0.0.0:443", "All4"),
            (":443 v4v6", "*:443", "All4"),
            ("*:443 v6only", "*:443", "All4"),
            ("ipv4@:443", "*:443", "All4"),
            ("tcp@:443", "*:443", "All4"),
            (":::443", "[::]:443", "Both"),
            ("[::]:443", "[::]:443", "Both"),
            (":::443 v4v6", "[::]:443", "Both"),
            (":::443 v6only", "[::]:443", "All6"),
            ("ipv6@:443", "[::]:443", "Both"),
            ("ipv6@*:443 v6only", "[::]:443", "All6"),
            ("ipv6@:::443", "[::]:443", "Both"),
            ("::1:443", "[::1]:443", "One(::1)"),
            ("ipv6@::1:443", "[::1]:443", "One(::1)"),
            (
                "[::ffff:127.0.0.1]:443",
                "[::ffff:127.0.0.1]:443",
                "One(127.0.0.1)",
            ),
            ("localhost:443", "localhost:443", "One(127.0.0.1)"),
            (":443-444", "*:443-444", "All4 All4"),
            (":443,:::444,", "*:443 [::]:444", "All4 Both"),
            ("unix@/run/s", "unix@/run/s", ""),
            ("abns@x", "abns@x", ""),
        ] {
            let settings = read(&format!(" bind {written}"));
            let reached = settings.sockets().into_iter();
            let reached: Vec<_> = reached
                .map(|socket| format!("{:?}", socket.reach))
                .collect();
            let scope = &settings.scopes[0];
            assert_eq!(
                (scope.listens().join(" "), reached.join(" ")),
                (shown.to_owned(), reach.to_owned()),
                "{written}"
            );
            assert!(settings.facts.is_empty(), "{written}: {:?}", settings.facts);
        }
    }

    #[test]
    fn what_haproxy_refuses() {
        for (written, says) in [
            ("443", "missing port specification in '443'"),
            ("[::]", "missing port specification in '[::]'"),
            ("::", "missing port specification in '::'"),
            ("ipv6@127.0.0.1:443", "invalid address: '127.0.0.1'"),
            ("ipv4@::1:443", "invalid address: '::1'"),
            (":444-443", "invalid port range '444-443'"),
            (",:443", "resolves to an empty address"),
            (":0", "it is not a number from 1 to 65535"),
        ] {
            let facts = format!("{:?}", read(&format!(" bind {written}")).facts);
            assert!(facts.contains(says), "{written}: {facts}");
        }
    }

    /// Of 40 connections to each, the kernel gave about half to either line, or all to one.
    #[test]
    fn lines_that_share_an_address() {
        for (tls, plain, shares) in [
            (":443", "0.0.0.0:443", true),
            (":443", "ipv4@:443", true),
            (":443", ":440-450", true),
            ("::1:443", "[::1]:443", true),
            (":443", ":::443", false),
            (":::443", ":443", false),
            ("127.0.0.1:443", ":443", false),
            (":443", ":444", false),
        ] {
            let settings = read(&format!(" bind {tls} ssl\n bind {plain}"));
            let open = settings.not_judged.iter();
            let found = open
                .filter(|open| open.reason.contains("part of the connections"))
                .count();
            assert_eq!(found, usize::from(shares), "{tls} {plain}");
        }
    }
}
