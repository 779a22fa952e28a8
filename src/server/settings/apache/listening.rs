//! `Listen`s that exclude each other. Measured: httpd 2.4.71 on Linux, where a port without an
//! address covers both families.

use super::super::{Listens, Placed, Socket, port_fact, shown, sockets};
use super::address::{Listen, Spot};
use super::{Host, Reader, lines};
use crate::source::Lines;

/// What httpd says when it starts with `listen` after `earlier`, and when it does.
pub(super) fn conflict(listen: &Listen, earlier: &[Listen]) -> Option<Conflict> {
    let mut same_port = earlier
        .iter()
        .filter(|other| other.spot.port == listen.spot.port);
    same_port.find_map(|other| {
        if other.host == listen.host {
            return Some(Conflict::Twice);
        }
        match (other.reach(), listen.reach()) {
            // httpd leaves out `0.0.0.0` after the address that takes both families.
            (Reach::Both, Reach::All4) | (Reach::All4, Reach::All6) => None,
            (Reach::Both | Reach::All6, Reach::One4 | Reach::One6)
            | (Reach::One4 | Reach::One6, Reach::Both | Reach::All6)
            | (Reach::All4, Reach::One4 | Reach::Both)
            | (Reach::One4, Reach::All4) => Some(Conflict::InUse),
            _ => None,
        }
    })
}

impl Reader<'_, '_> {
    /// `Listen`, of the main server.
    pub(super) fn listens(&mut self, words: &[String], at: usize) {
        // With an undefined name, it is unknown what it opens.
        if words.iter().any(|word| word.contains("${")) {
            self.open_listen = true;
            return;
        }
        let listen = match Listen::read(words) {
            Ok(listen) => listen,
            Err(message) => {
                self.refuse("Listen", message, at);
                self.open_listen = true;
                return;
            }
        };
        if let Some(name) = listen.name() {
            let reason = format!("certcheck does not resolve the name {}", shown(name));
            self.settings.not_judged("Listen", reason, at);
        }
        // A section that may not count cannot conflict for certain.
        let conflict = conflict(&listen, &self.main.listens);
        match conflict.filter(|_| self.doubts == 0) {
            Some(Conflict::Twice) => {
                self.refuse(
                    "Listen",
                    "Cannot define multiple Listeners on the same IP:port",
                    at,
                );
            }
            Some(Conflict::InUse) => {
                let message = format!(
                    "AH00072: make_sock: could not bind to address {}: another Listen has it",
                    shown(words.first().map_or("", String::as_str))
                );
                self.settings.refuse("Listen", &message, at);
            }
            None => {}
        }
        let lines = Some(Lines::new(at, at));
        if let Some(reach) = listen.takes().filter(|_| self.doubts == 0) {
            self.settings.opens_socket(Socket {
                reach,
                port: listen.spot.port,
                shares: false,
                lines,
            });
        }
        self.main.ports.push(Placed {
            value: listen.spot.port,
            lines,
        });
        self.main.listens.push(listen);
    }

    /// httpd stops if it listens nowhere (measured).
    pub(super) fn none_listens(&mut self) {
        if self.main.is_whole && self.main.listens.is_empty() {
            let message = "no listening sockets available, shutting down";
            self.settings.refuse("Listen", message, 1);
        }
    }

    /// A virtual host with the addresses of its section.
    pub(super) fn begin_host(&mut self, addresses: &[String], line: &lines::Line) {
        let mut host = Host {
            name: format!("<VirtualHost {}>", shown(&addresses.join(" "))),
            lines: Some(Lines::new(line.first, line.last)),
            ..Host::default()
        };
        let setting = "<VirtualHost>";
        let mut ignored = false;
        for address in addresses {
            match Spot::of_host(address) {
                Err(message) => self.refuse(setting, message, line.first),
                Ok(spot) if spot.is_no_address() => {
                    let has_port = address.rsplit_once(':').is_some();
                    if has_port || address.contains("${") {
                        let fact = port_fact(setting, address, Listens::Nowhere);
                        self.settings.note(fact, line.first);
                    } else {
                        ignored = true;
                        let reason = "httpd cannot resolve it, and ignores it (AH00547)";
                        self.settings.ignored(setting, address, reason, line.first);
                    }
                }
                Ok(spot) => {
                    if spot.port != 0 {
                        host.ports.push(Placed {
                            value: spot.port,
                            lines: host.lines,
                        });
                    }
                    host.at.push(spot);
                }
            }
        }
        host.ignored = ignored && host.at.is_empty();
        self.in_host = true;
        self.hosts.push(host);
    }
}

/// How two `Listen`s conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conflict {
    /// The same address twice: the configuration test says so.
    Twice,
    /// One takes the other's address: httpd does not start.
    InUse,
}

/// Which addresses a `Listen` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Written without an address.
    Both,
    All4,
    All6,
    One4,
    One6,
    /// Written as a name.
    Unknown,
}

impl Listen {
    /// The addresses that it takes; none for a name.
    fn takes(&self) -> Option<sockets::Reach> {
        Some(match self.reach() {
            Reach::Both | Reach::All6 => sockets::Reach::Both,
            Reach::All4 => sockets::Reach::All4,
            Reach::One4 | Reach::One6 => sockets::Reach::of(self.host.parse().ok()?),
            Reach::Unknown => return None,
        })
    }

    fn reach(&self) -> Reach {
        match (self.host.as_str(), self.spot.is_ipv4()) {
            ("*", _) => Reach::Both,
            ("0.0.0.0", _) => Reach::All4,
            ("::", _) => Reach::All6,
            (_, Some(true)) => Reach::One4,
            (_, Some(false)) => Reach::One6,
            (_, None) => Reach::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Conflict, conflict};
    use crate::server::settings::apache::address::Listen;

    #[test]
    fn addresses_conflict_as_httpd_says() {
        let listen = |text: &str| Listen::read(&[text.to_owned()]).unwrap();
        for (first, second, says) in [
            ("443", "443", Some(Conflict::Twice)),
            ("*:443", "443", Some(Conflict::Twice)),
            ("127.0.0.1:443", "127.0.0.1:443", Some(Conflict::Twice)),
            ("443", "127.0.0.1:443", Some(Conflict::InUse)),
            ("127.0.0.1:443", "443", Some(Conflict::InUse)),
            ("0.0.0.0:443", "443", Some(Conflict::InUse)),
            ("443", "0.0.0.0:443", None),
            ("[::]:443", "0.0.0.0:443", None),
            ("0.0.0.0:443", "[::]:443", None),
            ("0.0.0.0:443", "[::1]:443", None),
            ("0.0.0.0:443", "127.0.0.1:443", Some(Conflict::InUse)),
            ("[::]:443", "[::1]:443", Some(Conflict::InUse)),
            ("[::]:443", "127.0.0.1:443", Some(Conflict::InUse)),
            ("443", "8443", None),
        ] {
            let earlier = [listen(first)];
            assert_eq!(
                conflict(&listen(second), &earlier),
                says,
                "{first} {second}"
            );
        }
    }
}
