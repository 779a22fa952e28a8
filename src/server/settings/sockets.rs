//! The TCP sockets that a server opens when it starts, and which sockets of two servers conflict.
//! Measured on Linux 6: a socket for all addresses and one for a single address of the same port
//! exclude each other; `::` takes IPv4 too unless it says otherwise.

use super::{Scope, Settings};
use crate::source::Lines;
use std::net::IpAddr;

/// How many are kept: a server with thousands of places has few sockets.
const MOST: usize = 4096;
/// The most ports of one range.
const MOST_PORTS: u16 = 64;

/// Which addresses a socket covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    One(IpAddr),
    All4,
    All6,
    /// All of IPv4 and IPv6.
    Both,
}

impl Reach {
    /// The reach of an address; here, `::` covers only IPv6.
    pub(super) const fn of(ip: IpAddr) -> Self {
        match ip {
            IpAddr::V4(ip) if ip.is_unspecified() => Self::All4,
            IpAddr::V6(ip) if ip.is_unspecified() => Self::All6,
            ip => Self::One(ip),
        }
    }

    /// Whether both have an address in common.
    fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::One(own), Self::One(other)) => own == other,
            (Self::One(ip), Self::All4) | (Self::All4, Self::One(ip)) => ip.is_ipv4(),
            (Self::One(ip), Self::All6) | (Self::All6, Self::One(ip)) => ip.is_ipv6(),
            (Self::All4, Self::All6) | (Self::All6, Self::All4) => false,
            _ => true,
        }
    }
}

/// One socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Socket {
    pub(crate) reach: Reach,
    pub(crate) port: u16,
    /// Whether other sockets with the same option may share it (SO_REUSEPORT).
    pub(crate) shares: bool,
    pub(crate) lines: Option<Lines>,
}

impl Socket {
    /// Whether the system opens only one of the two.
    pub(crate) fn excludes(&self, other: &Self) -> bool {
        self.port != 0
            && self.port == other.port
            && self.reach.meets(other.reach)
            && !(self.shares && other.shares)
    }
}

/// What a place of HAProxy's listens on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(super) at: At,
    /// The first and the last port.
    pub(super) ports: (u16, u16),
}

/// Which addresses that takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Reach(Reach),
    /// A name that is looked up.
    Name(String),
}

/// The sockets of a place, of a range of ports the first ones.
fn of_spots(scope: &Scope) -> impl Iterator<Item = Socket> {
    let lines = scope.lines;
    scope.spots.iter().flat_map(move |spot| {
        let (first, last) = spot.ports;
        let ports = first..=last.min(first.saturating_add(MOST_PORTS));
        let reach = match spot.at {
            At::Reach(reach) => Some(reach),
            At::Name(_) => None,
        };
        reach.into_iter().flat_map(move |reach| {
            ports.clone().map(move |port| Socket {
                reach,
                port,
                // HAProxy shares with others that do; so its own processes can replace one another.
                shares: true,
                lines,
            })
        })
    })
}

impl Settings {
    pub(super) fn opens_socket(&mut self, socket: Socket) {
        if self.sockets.len() < MOST {
            self.sockets.push(socket);
        }
    }

    /// Adds sockets in the notation of places.
    pub(super) fn opens_sockets(&mut self, all: &[String], lines: Option<Lines>) {
        all.iter()
            .filter_map(|text| of_text(text, lines))
            .for_each(|socket| self.opens_socket(socket));
    }

    /// The sockets that the server opens for certain: Apache, nginx, HAProxy and PostgreSQL;
    /// none for names that must be looked up.
    pub(crate) fn sockets(&self) -> Vec<Socket> {
        if self.server != "haproxy" {
            return self.sockets.clone();
        }
        let places = self.scopes.iter();
        places.flat_map(of_spots).take(MOST).collect()
    }
}

/// `10.0.0.1:443`, `[::]:443`, `*:443`, as places have it.
fn of_text(text: &str, lines: Option<Lines>) -> Option<Socket> {
    let (host, port) = text.rsplit_once(':')?;
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let reach = match bare.unwrap_or(host) {
        // PostgreSQL opens one for each family.
        "*" => Reach::Both,
        "localhost" => Reach::One(std::net::Ipv4Addr::LOCALHOST.into()),
        host => Reach::of(host.parse().ok()?),
    };
    Some(Socket {
        reach,
        port: port.parse().ok()?,
        shares: false,
        lines,
    })
}

#[cfg(test)]
mod tests {
    use crate::server::Profile;
    use crate::server::settings::{Context, Settings};
    use crate::source::Source;

    fn sockets(server: &str, text: &str) -> Vec<super::Socket> {
        let profile = Profile::named(server).unwrap();
        let source = Source::new("conf", text.as_bytes().to_vec());
        Settings::read(profile, &source, &Context::at("/"))
            .unwrap()
            .sockets()
    }

    #[test]
    fn servers_are_in_each_others_way() {
        let nginx = |listen: &str| {
            sockets(
                "nginx",
                &format!("events {{}}\nhttp {{ server {{ listen {listen}; }} }}\n"),
            )
        };
        let apache = |listen: &str| sockets("apache", &format!("Listen {listen}\n"));
        let haproxy = |bind: &str| {
            sockets(
                "haproxy",
                &format!("frontend f\n mode http\n bind {bind}\n"),
            )
        };
        let postgres = |more: &str| sockets("postgres", more);
        let both = |one: &[super::Socket], other: &[super::Socket]| {
            assert!(!one.is_empty() && !other.is_empty(), "{one:?} {other:?}");
            one.iter()
                .any(|one| other.iter().any(|socket| one.excludes(socket)))
        };
        for (apache_at, nginx_at, excludes) in [
            ("80", "80", true),
            ("80", "8080", false),
            ("80", "127.0.0.1:80", true),
            ("80", "[::]:80", true),
            ("127.0.0.1:80", "80", true),
            ("127.0.0.1:80", "127.0.0.2:80", false),
            ("192.0.2.1:80", "[::1]:80", false),
            ("0.0.0.0:80", "[::]:80", false),
            ("192.0.2.1:80", "[::]:80 ipv6only=off", true),
        ] {
            let found = both(&apache(apache_at), &nginx(nginx_at));
            assert_eq!(found, excludes, "{apache_at} {nginx_at}");
        }
        assert!(both(&haproxy(":80"), &nginx("80")));
        assert!(both(&haproxy("*:80"), &apache("80")));
        assert!(!both(&haproxy("127.0.0.1:80"), &nginx("192.0.2.1:80")));
        // Both share the port with those that share it.
        assert!(!both(&haproxy(":80"), &nginx("80 reuseport")));
        assert!(both(&apache("80"), &nginx("80 reuseport")));
        assert!(both(&postgres("port = 80\n"), &nginx("80")));
        assert!(!both(&postgres("port = 80\n"), &nginx("192.0.2.1:80")));
        assert!(nginx("unix:/run/s").is_empty());
    }
}
