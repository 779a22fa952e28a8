//! Addresses of `Listen` and `<VirtualHost>`, and what follows from them: which host answers first,
//! and where TLS is on silently. Measured: 2.4.71.

use super::super::{Address, Scope, Settings, shown};
use super::{Host, written};
use crate::rule::{self, ConfigFact};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

/// How many addresses of one host are compared with those of others.
const MOST: usize = 64;

/// An address with its port, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// `*` for all addresses, a number in its usual notation, or a name.
    host: String,
    ip: Option<IpAddr>,
    /// 0: every port.
    pub(super) port: u16,
}

/// One `Listen`.
#[derive(Clone, Debug)]
pub(super) struct Listen {
    pub(super) spot: Spot,
    /// The address as written, `*` if there is none.
    pub(super) host: String,
    https: bool,
}

impl Spot {
    /// `*:443`, `[::1]:443`, `192.0.2.1`, `_default_:*`, as in `<VirtualHost>` (`get_addresses`);
    /// the error is httpd's message.
    pub(super) fn of_host(text: &str) -> Result<Self, &'static str> {
        let bare = text.strip_suffix(":*").filter(|bare| !bare.is_empty());
        match written::parse(bare.unwrap_or(text)) {
            None => Err("The address or port is invalid"),
            Some((None, _)) => Err("Missing address for VirtualHost"),
            Some((Some(host), port)) => Ok(Self::at_port(host, port.unwrap_or_default())),
        }
    }

    /// Whether httpd cannot resolve it on any machine, and ignores it (AH00547).
    pub(super) fn is_no_address(&self) -> bool {
        self.host != "*" && self.ip.is_none() && !written::may_resolve(&self.host)
    }

    fn at_port(host: &str, port: u16) -> Self {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let ip: Option<IpAddr> = match bare {
            "localhost" => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            bare => bare.parse().ok(),
        };
        // `_default_` is the older form of `*`, and `0.0.0.0` and `::` mean the same.
        let any = matches!(bare, "*" | "_default_") || ip.is_some_and(|ip| ip.is_unspecified());
        Self {
            host: match ip {
                _ if any => "*".to_owned(),
                Some(ip) => ip.to_string(),
                None => bare.to_ascii_lowercase(),
            },
            ip: ip.filter(|_| !any),
            port,
        }
    }

    /// The family of a numeric address.
    pub(super) fn is_ipv4(&self) -> Option<bool> {
        self.ip.map(|ip| ip.is_ipv4())
    }

    fn at(&self, port: u16) -> Address {
        let text = match self.ip {
            Some(IpAddr::V6(_)) => format!("[{}]:{port}", self.host),
            _ => format!("{}:{port}", self.host),
        };
        Address {
            plain: false,
            text,
            ip: self.ip,
            port,
            default: false,
        }
    }
}

impl Listen {
    /// `Listen [ADDRESS:]PORT [PROTOCOL]`: https by default on port 443 (`ap_set_listener`). The
    /// error is httpd's message.
    pub(super) fn read(words: &[String]) -> Result<Self, &'static str> {
        let (first, protocol) = match words.split(String::is_empty).next() {
            Some([first]) => (first, None),
            Some([first, protocol]) => (first, Some(protocol)),
            _ => return Err("Listen requires 1 or 2 arguments."),
        };
        let (written, port) = written::parse(first).ok_or("Invalid address or port")?;
        let written = written.unwrap_or("*");
        let port = port.ok_or("Port must be specified")?;
        let spot = Spot::at_port(written, port);
        // `_default_` is valid only in `<VirtualHost>`.
        if spot.is_no_address() || written.eq_ignore_ascii_case("_default_") {
            return Err("Listen setup failed");
        }
        let https = match protocol {
            Some(protocol) => protocol.eq_ignore_ascii_case("https"),
            None => port == 443,
        };
        let host = written
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_ascii_lowercase();
        Ok(Self { spot, host, https })
    }

    /// The name that must be resolved.
    pub(super) fn name(&self) -> Option<&str> {
        (self.spot.ip.is_none() && self.spot.host != "*").then_some(&self.host)
    }

    /// Whether clients of the address reach it.
    fn opens(&self, spot: &Spot, port: u16) -> bool {
        let wide = |spot: &Spot| spot.ip.is_none();
        self.spot.port == port && (wide(&self.spot) || wide(spot) || self.spot.ip == spot.ip)
    }
}

/// Whether TLS is on without any `SSLEngine`.
pub(super) enum Unsaid {
    On,
    Off,
    /// It depends on a `Listen` in another file.
    Open,
}

/// mod_ssl turns itself on if the protocol is https, for a host that has a certificate and a name
/// (measured: without either it stays off). The protocol is that of the first `Listen` whose
/// address is exactly one of the host's (`ap_setup_listeners`).
pub(super) fn unsaid(host: &Host, main: &Host) -> Unsaid {
    let certified = !host.certificates.is_empty() || !main.certificates.is_empty();
    if host.lines.is_none() || !certified {
        return Unsaid::Off;
    }
    if let Some(https) = host.protocol_https {
        return if https { Unsaid::On } else { Unsaid::Off };
    }
    if host.hosts.is_empty() {
        return Unsaid::Off;
    }
    // Without any visible `Listen`, port 443 would be https by default, but the line is elsewhere.
    if main.listens.is_empty() {
        let usual = host.at.iter().any(|spot| spot.port == 443);
        return if usual { Unsaid::Open } else { Unsaid::Off };
    }
    let of = |spot: &Spot| main.listens.iter().find(|listen| listen.spot == *spot);
    match host.at.iter().find_map(of) {
        Some(listen) if listen.https => Unsaid::On,
        _ => Unsaid::Off,
    }
}

/// The addresses at which clients reach a host.
pub(super) fn of_host(host: &Host, main: &Host, hosts: &[Host]) -> Vec<Address> {
    let mut all: Vec<Address> = Vec::new();
    for (spot, port) in open(host, main) {
        let address = spot.at(port);
        if all.len() < MOST && !is_taken(spot, port, main, hosts) && !all.contains(&address) {
            all.push(address);
        }
    }
    all
}

/// The addresses of a host that a `Listen` opens; one without a port is at every port with a
/// `Listen`.
fn open<'h>(host: &'h Host, main: &'h Host) -> impl Iterator<Item = (&'h Spot, u16)> {
    let ports = move |spot: &Spot| -> Vec<u16> {
        match spot.port {
            0 => main.listens.iter().map(|listen| listen.spot.port).collect(),
            port => vec![port],
        }
    };
    let spots = host.at.iter();
    let all = spots.flat_map(move |spot| ports(spot).into_iter().map(move |port| (spot, port)));
    // In a part of the settings the `Listen` may be elsewhere.
    all.filter(move |(spot, port)| !knows_all(main) || is_open(spot, *port, main))
}

/// Whether every `Listen` is here, and there is one.
fn knows_all(main: &Host) -> bool {
    main.is_whole && !main.listens.is_empty()
}

fn is_open(spot: &Spot, port: u16, main: &Host) -> bool {
    let mut listens = main.listens.iter();
    listens.any(|listen| listen.opens(spot, port))
}

/// An address of a host for which no visible `Listen` opens any address.
pub(super) fn unopened(host: &Host, main: &Host) -> Option<String> {
    let is_open = |spot: &Spot| match spot.port {
        0 => {
            let mut listens = main.listens.iter();
            listens.any(|listen| listen.opens(spot, listen.spot.port))
        }
        port => is_open(spot, port, main),
    };
    if main.listens.is_empty() || host.at.iter().any(is_open) {
        return None;
    }
    let spot = host.at.first()?;
    Some(match spot.port {
        0 => spot.host.clone(),
        port => spot.at(port).text,
    })
}

/// Whether others answer at the address of a host. httpd looks for the exact address with the port,
/// then for the address with any port, and then for `*` likewise, regardless of names (measured).
fn is_taken(spot: &Spot, port: u16, main: &Host, hosts: &[Host]) -> bool {
    let mut others = hosts.iter().flat_map(|host| &host.at);
    // The exact address with the port.
    if spot.port == 0
        && others.any(|other| other.port == port && other.host == spot.host && other.ip == spot.ip)
    {
        return true;
    }
    if spot.host != "*" {
        return false;
    }
    let mut here = main
        .listens
        .iter()
        .filter(|listen| listen.spot.port == port)
        .peekable();
    let is_named = |listen: &Listen| {
        listen.spot.ip.is_some()
            && hosts
                .iter()
                .flat_map(|host| &host.at)
                .any(|other| other.ip == listen.spot.ip && (other.port == 0 || other.port == port))
    };
    here.peek().is_some() && here.all(is_named)
}

/// Whether no client can reach the host at any of its addresses.
pub(super) fn is_unreachable(host: &Host, main: &Host, hosts: &[Host]) -> bool {
    // A missing port is that of a `Listen`, which may be elsewhere.
    let known = host.at.iter().all(|spot| spot.port != 0) || !main.listens.is_empty();
    let mut open = open(host, main);
    host.ignored
        || !host.at.is_empty()
            && known
            && open.all(|(spot, port)| is_taken(spot, port, main, hosts))
}

/// If another host has the same port, which host answers at an address written as a name depends on
/// what the name resolves to.
pub(super) fn names_are_not_resolved(hosts: &[Host], settings: &mut Settings) {
    let mut ports: HashMap<u16, (&Spot, bool)> = HashMap::new();
    for spot in hosts.iter().flat_map(|host| &host.at) {
        let (first, differ) = ports.entry(spot.port).or_insert((spot, false));
        *differ |= *first != spot;
    }
    let is_name = |spot: &&Spot| spot.ip.is_none() && spot.host != "*";
    for host in hosts
        .iter()
        .filter(|host| host.at.iter().any(|spot| is_name(&spot)))
    {
        // httpd ignores a name without an address (AH00547): what else would be at the
        // port of a host that speaks TLS?
        let mut scopes = settings.scopes.iter();
        let speaks = scopes.any(|scope| scope.tls && scope.lines == host.lines);
        let mut spots = host.at.iter().filter(is_name);
        let differs = |spot: &&Spot| ports.get(&spot.port).is_some_and(|(_, differ)| *differ);
        let Some(spot) = spots.find(|spot| speaks || differs(spot)) else {
            continue;
        };
        let line = host.lines.map_or(1, |lines| lines.first);
        let reason = format!("certcheck does not resolve the name {}", shown(&spot.host));
        settings.not_judged("<VirtualHost>", reason, line);
    }
}

/// The addresses of the main server: those that no host has.
pub(super) fn of_main(main: &Host, hosts: &[Host]) -> Vec<Address> {
    // The main server answers only where no virtual host takes every client of the port.
    let spots = main.listens.iter().map(|listen| &listen.spot);
    let free = spots.filter(|spot| {
        let taken =
            |other: &Spot| other.host == "*" && (other.port == 0 || other.port == spot.port);
        !hosts.iter().any(|host| host.at.iter().any(taken))
    });
    let all = free.map(|spot| {
        let wide = Spot {
            host: "*".to_owned(),
            ip: None,
            port: spot.port,
        };
        wide.at(spot.port)
    });
    all.take(MOST).collect()
}

/// The first host at an address decides whether it speaks TLS: a host with `SSLEngine on` after one
/// without it speaks none (measured).
pub(super) fn first_hosts_decide(settings: &mut Settings) {
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (place, scope) in settings.scopes.iter().enumerate() {
        for address in scope.at.iter().flatten() {
            let _ = first.entry(&address.text).or_insert(place);
        }
    }
    let plain = |text: &str| {
        let first = first
            .get(text)
            .and_then(|&place| settings.scopes.get(place));
        first.filter(|scope| !scope.tls)
    };
    let silenced = settings
        .scopes
        .iter()
        .enumerate()
        .filter_map(|(place, scope)| {
            let at = scope.at.as_ref().filter(|at| scope.tls && !at.is_empty())?;
            let before: Option<Vec<&Scope>> =
                at.iter().map(|address| plain(&address.text)).collect();
            let before = *before?.first()?;
            let line = before.lines.map_or(1, |lines| lines.first);
            let reason = format!(
                "the first host at its address has TLS off, and decides: {} in line {line}",
                before.name
            );
            Some((place, reason))
        });
    let silenced: Vec<_> = silenced.collect();
    for (place, reason) in silenced {
        let Some(scope) = settings.scopes.get_mut(place) else {
            continue;
        };
        scope.tls = false;
        // httpd still loads its certificate and key, and stops if they do not match (measured).
        scope.loads_without_tls = true;
        let line = scope.lines.map_or(1, |lines| lines.first);
        let setting = "SSLEngine".to_owned();
        settings.note(rule::config::TlsOff { setting, reason }, line);
    }
}

/// If other hosts take the addresses of all hosts that speak TLS, no client reaches TLS (measured).
pub(super) fn plain_hosts_are_met(settings: &mut Settings) {
    let mut speak = settings.scopes.iter().filter(|scope| scope.tls);
    if speak.any(|scope| !scope.is_unreachable) {
        return;
    }
    // A host that no `Listen` opens was already reported.
    let mut speak = settings.scopes.iter().filter(|scope| scope.tls);
    let Some(first) = speak.next() else { return };
    let is_said = |fact: &ConfigFact| matches!(fact, ConfigFact::TlsOff(_));
    if settings.facts.iter().any(|(fact, _)| is_said(fact)) {
        return;
    }
    let line = first.lines.map_or(1, |lines| lines.first);
    let setting = "SSLEngine".to_owned();
    let reason = "other hosts, with TLS off, have all of its addresses".to_owned();
    settings.note(rule::config::TlsOff { setting, reason }, line);
}

#[cfg(test)]
mod tests {
    use super::{Listen, Spot};

    #[test]
    fn addresses_in_their_spellings() {
        let text = |text: &str| Spot::of_host(text).map(|spot| spot.at(spot.port).text);
        assert_eq!(text("*:443").unwrap(), "*:443");
        assert_eq!(text("_default_:443").unwrap(), "*:443");
        assert_eq!(text("0.0.0.0:443").unwrap(), "*:443");
        assert_eq!(text("[::]:443").unwrap(), "*:443");
        assert_eq!(text("[::1]").unwrap(), "[::1]:0");
        assert_eq!(
            text("WWW.example.com:8443").unwrap(),
            "www.example.com:8443"
        );
        assert_eq!(text("*:0"), Err("The address or port is invalid"));
        assert_eq!(text("443"), Err("Missing address for VirtualHost"));
        let ignored = |text: &str| Spot::of_host(text).unwrap().is_no_address();
        assert!(ignored("*:https") && ignored("#") && ignored("a/b:443"));
        assert!(!ignored("localhost:443") && !ignored("*") && !ignored("[fe80::1%eth0]:443"));
    }

    #[test]
    fn port_443_means_https() {
        let https = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
            Listen::read(&words).ok().map(|listen| listen.https)
        };
        assert_eq!(https(&["443"]), Some(true));
        assert_eq!(https(&["192.0.2.1:443"]), Some(true));
        assert_eq!(https(&["443", "http"]), Some(false));
        assert_eq!(https(&["8443"]), Some(false));
        assert_eq!(https(&["8443", "HTTPS"]), Some(true));
        assert_eq!(https(&["8443", "https", "", "x"]), Some(true));
        assert_eq!(https(&["443", "https", "#", "x"]), None);
        assert_eq!(https(&["_default_:443"]), None);
        assert_eq!(https(&["127.0.0.1"]), None);
    }
}
