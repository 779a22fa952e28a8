//! The addresses of all servers together: which server answers first, which speak TLS, and what
//! nginx refuses (`ngx_http_add_listen`).

use super::super::super::sockets::Reach;
use super::super::super::{Address, Settings, Socket, shown};
use super::address::Host;
use super::{Listen, Module, TEST};
use crate::server::startup::StartOutcome;
use crate::source::Lines;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::{Ipv4Addr, Ipv6Addr};

/// How many ports of ranges are examined one by one in one file.
const MOST_PORTS: usize = 1 << 17;

/// How many addresses of one server are compared with those of others.
const MOST_NAMED: usize = 64;

/// One address and port of one part of nginx.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in super::super) struct Place {
    module: Module,
    host: Host,
    port: u16,
    udp: bool,
}

/// What is known about an address.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct At {
    pub(in super::super) ssl: bool,
    pub(in super::super) proxy_protocol: bool,
    pub(in super::super) http2: bool,
    /// The first `listen` that has it.
    line: usize,
    /// The servers at it, in order.
    pub(in super::super) servers: Vec<usize>,
    /// The one that says `default_server`.
    default: Option<usize>,
    set: Option<(bool, usize)>,
    both_families: bool,
}

impl At {
    /// The server that answers first.
    pub(in super::super) fn first(&self) -> Option<usize> {
        self.default.or_else(|| self.servers.first().copied())
    }
}

/// All addresses of a file.
#[derive(Default)]
pub(in super::super) struct Addresses {
    known: HashMap<Place, At>,
    ports: usize,
}

impl Addresses {
    /// The addresses of a `listen`, one for each port.
    pub(in super::super) fn places(module: Module, listen: &Listen) -> impl Iterator<Item = Place> {
        let host = match &listen.host {
            Host::Local => Host::V4(Ipv4Addr::LOCALHOST),
            host => host.clone(),
        };
        let udp = listen.udp;
        listen.ports.clone().map(move |port| Place {
            module,
            host: host.clone(),
            port,
            udp,
        })
    }

    /// What is known about the addresses of a `listen`.
    pub(in super::super) fn of(
        &self,
        module: Module,
        listen: &Listen,
    ) -> impl Iterator<Item = &At> {
        // Beyond the limit, nothing is decided, and the work must end.
        let most = if self.ports > MOST_PORTS {
            16
        } else {
            MOST_PORTS
        };
        let places = Self::places(module, listen).take(most);
        places.filter_map(|place| self.known.get(&place))
    }

    /// The addresses of a server, as [`Settings`] has them.
    pub(in super::super) fn named(
        &self,
        module: Module,
        listens: &[Listen],
        server: usize,
    ) -> Vec<Address> {
        let places = listens
            .iter()
            .flat_map(|listen| Self::places(module, listen).take(MOST_NAMED));
        let named = places.take(MOST_NAMED).map(|place| {
            let at = self.known.get(&place);
            Address {
                ip: match &place.host {
                    Host::V4(ip) => Some((*ip).into()),
                    Host::V6(ip) => Some((*ip).into()),
                    _ => None,
                },
                plain: at.is_some_and(|at| !at.ssl),
                port: place.port,
                default: at.is_some_and(|at| at.default == Some(server)),
                text: place.to_string(),
            }
        });
        named.collect()
    }

    /// All addresses, each with a name for it.
    pub(in super::super) fn all(&self) -> impl Iterator<Item = (Module, String, &At)> {
        self.known
            .iter()
            .map(|(place, at)| (place.module, place.to_string(), at))
    }

    /// A `listen` of the server with that number.
    pub(in super::super) fn add(
        &mut self,
        module: Module,
        server: usize,
        listen: &Listen,
        settings: &mut Settings,
    ) {
        let refuse = |settings: &mut Settings, message: &str| {
            settings.refuse_at("listen", message, TEST, listen.line);
        };
        for place in Self::places(module, listen) {
            self.ports += 1;
            if self.ports > MOST_PORTS {
                let reason = "certcheck does not check so many ports";
                settings.not_judged("listen", reason, listen.line);
                return;
            }
            let name = place.to_string();
            let at = self.known.entry(place).or_default();
            // A server is listed once per address; stream and mail have one server there.
            if at.servers.last() == Some(&server)
                || (module != Module::Http && !at.servers.is_empty())
            {
                let message = match module {
                    Module::Http => format!("a duplicate listen {}", shown(&name)),
                    _ => format!("duplicate \"{}\" address and port pair", shown(&name)),
                };
                refuse(settings, &message);
            } else {
                at.servers.push(server);
            }
            if at.line == 0 {
                at.line = listen.line;
            }
            at.ssl |= listen.ssl;
            at.proxy_protocol |= listen.proxy_protocol;
            at.http2 |= listen.http2;
            at.both_families |= listen.both_families;
            if listen.default && at.default.replace(server).is_some() {
                let message = format!("a duplicate default server for {}", shown(&name));
                refuse(settings, &message);
            }
            if listen.set && at.set.replace((listen.reuseport, listen.line)).is_some() {
                let message = format!("duplicate listen options for {}", shown(&name));
                refuse(settings, &message);
            }
        }
    }

    /// Reports addresses without TLS that hide a part of one with TLS: with `listen 443 ssl` and
    /// `listen 192.0.2.1:443`, clients of that address speak plain HTTP (measured: 1.22.1).
    pub(in super::super) fn hidden(&self, is_on: impl Fn(usize) -> bool, settings: &mut Settings) {
        let speaks = |at: &At| at.ssl || at.servers.iter().any(|server| is_on(*server));
        let wide: HashSet<(Module, u16, bool)> = self
            .known
            .iter()
            .filter(|(_, at)| speaks(at))
            .filter_map(|(place, _)| match place.host {
                Host::V4(ip) if ip.is_unspecified() => Some((place.module, place.port, true)),
                Host::V6(ip) if ip.is_unspecified() => Some((place.module, place.port, false)),
                _ => None,
            })
            .collect();
        let hides = |(place, at): &(&Place, &At)| {
            let four = match place.host {
                Host::V4(ip) if !ip.is_unspecified() => true,
                Host::V6(ip) if !ip.is_unspecified() => false,
                _ => return false,
            };
            !place.udp && !speaks(at) && wide.contains(&(place.module, place.port, four))
        };
        let mut lines: Vec<usize> = self
            .known
            .iter()
            .filter(hides)
            .map(|found| found.1.line)
            .collect();
        lines.sort_unstable();
        for line in lines {
            let reason = "it speaks no TLS at one of the addresses where another server speaks TLS";
            settings.not_judged("listen", reason, line);
        }
    }

    /// The TCP sockets that nginx opens, in the order of their lines.
    pub(in super::super) fn sockets(&self, settings: &mut Settings) {
        let mut all: Vec<Socket> = Vec::new();
        for (place, at) in self.known.iter().filter(|(place, _)| !place.udp) {
            let reach = match &place.host {
                Host::V6(_) if at.both_families => Reach::Both,
                Host::V4(ip) => Reach::of((*ip).into()),
                Host::V6(ip) => Reach::of((*ip).into()),
                _ => continue,
            };
            all.push(Socket {
                reach,
                port: place.port,
                shares: at.set.is_some_and(|(reuseport, _)| reuseport),
                lines: Some(Lines::new(at.line, at.line)),
            });
        }
        all.sort_by_key(|socket| (socket.lines, socket.port));
        all.into_iter()
            .for_each(|socket| settings.opens_socket(socket));
    }

    /// Reports what the system refuses when nginx binds the sockets: `nginx -t` ignores it.
    pub(in super::super) fn bound(&self, settings: &mut Settings) {
        let mut by_port: BTreeMap<(u16, bool), Vec<(&Place, &At)>> = BTreeMap::new();
        for (place, at) in &self.known {
            if matches!(place.host, Host::V4(_) | Host::V6(_)) && place.port != 0 {
                by_port
                    .entry((place.port, place.udp))
                    .or_default()
                    .push((place, at));
            }
        }
        for places in by_port.values_mut().filter(|port| port.len() > 1) {
            places.sort_by_cached_key(|(place, _)| (place.to_string(), place.module as u8));
            let Some((one, other)) = in_each_others_way(places) else {
                continue;
            };
            let line = one.1.set.or(other.1.set).map_or(1, |(_, line)| line);
            let message = format!(
                "bind() to {} failed (98: Address already in use): {} has the port already",
                one.0, other.0
            );
            settings.refuse_at("listen", &message, StartOutcome::StartFails.noticed(), line);
        }
    }
}

type Known<'a> = (&'a Place, &'a At);

/// Two sockets with one port, sorted by address, that cannot both be bound.
fn in_each_others_way<'a>(places: &[Known<'a>]) -> Option<(Known<'a>, Known<'a>)> {
    let twins = places.windows(2).find_map(|pair| match pair {
        [one, other] if one.0.host == other.0.host => Some((*one, *other)),
        _ => None,
    });
    let any4 = Host::V4(Ipv4Addr::UNSPECIFIED);
    let any6 = Host::V6(Ipv6Addr::UNSPECIFIED);
    let shares = |at: &At| at.set.is_some_and(|(reuseport, _)| reuseport);
    // A part of nginx has one socket for all addresses, unless one has options of
    // its own (`ngx_http_init_listening`).
    let clash = |wide: &Known<'_>, other: &Known<'_>| {
        let four = matches!(other.0.host, Host::V4(_));
        let covered = if four {
            wide.0.host == any4 || wide.1.both_families
        } else {
            wide.0.host == any6
        };
        let family = four == (wide.0.host == any4);
        let own = wide.0.module != other.0.module || other.1.set.is_some() || !family;
        wide.0.host != other.0.host && covered && own && !(shares(wide.1) && shares(other.1))
    };
    twins.or_else(|| {
        let mut wide = places
            .iter()
            .filter(|place| place.0.host == any4 || place.0.host == any6);
        wide.find_map(|wide| {
            let other = places.iter().find(|other| clash(wide, other))?;
            Some((*wide, *other))
        })
    })
}

impl std::fmt::Display for Place {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.host {
            Host::Unix(_) => self.host.fmt(out),
            host => write!(out, "{host}:{}", self.port),
        }
    }
}
