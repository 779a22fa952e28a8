//! At which addresses places listen, which place answers first there, and which one answers for a
//! name.

use super::{Scope, Settings, path};
use crate::server_name::ServerName;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;

/// An address and a port of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// As the settings write it: `0.0.0.0:443`, `*:443`, `unix:/run/s`.
    pub(crate) text: String,
    /// The address; `None`: all addresses (httpd's `*`), or not a number.
    pub(crate) ip: Option<IpAddr>,
    /// 0 for a Unix socket.
    pub(crate) port: u16,
    /// Whether a setting says that the place answers first here (`default_server`).
    pub(crate) default: bool,
    /// Whether the place speaks plain text here, although it speaks TLS at another address.
    pub(crate) plain: bool,
}

impl Address {
    /// Whether clients of `other` would come here, were it not for `other`.
    fn covers(&self, other: &Self) -> bool {
        let Some(narrow) = other.ip.filter(|ip| !ip.is_unspecified()) else {
            return false;
        };
        let wide = match self.ip {
            // Servers listen on IPv4 and IPv6 separately: `0.0.0.0` is not an address of a client
            // that comes over IPv6.
            Some(ip) => ip.is_unspecified() && ip.is_ipv4() == narrow.is_ipv4(),
            None => self.text.starts_with('*'),
        };
        // Port 0 means a Unix socket, which covers nothing.
        wide && self.port == other.port && self.port != 0
    }
}

/// One address, and the places that listen there, in order.
#[derive(Debug)]
pub(crate) struct Here<'s> {
    address: &'s Address,
    places: Vec<usize>,
    first: usize,
    /// Names without patterns, each with the first place that has it.
    exact: HashMap<String, usize>,
    /// Patterns, in their order.
    patterns: Vec<(String, usize)>,
}

impl Here<'_> {
    /// The place that answers here if no name decides, and the address.
    pub(crate) fn first(&self) -> (usize, &str) {
        (self.first, &self.address.text)
    }

    /// The names, patterns included, each with the first place that has it here; the other places
    /// never get requests for it.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, usize)> {
        let mut seen = HashSet::new();
        let patterns = self.patterns.iter().map(|(name, place)| (name, *place));
        // nginx keeps `.x` and `*.x` under one key (`ngx_hash_add_key`).
        let key = |name: &str| name.strip_prefix('*').unwrap_or(name).to_owned();
        let new = patterns.filter(move |(name, _)| seen.insert(key(name)));
        let exact = self.exact.iter().map(|(name, place)| (name, *place));
        exact.chain(new).map(|(name, place)| (name.as_str(), place))
    }
}

/// Which clients get a place's certificate, judged by the names of all places.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    /// The names that the place shows its certificate to.
    pub(crate) names: Vec<ServerName>,
    /// Names that it shares with other places at one of its addresses: clients that ask for them
    /// there may reach it as well.
    pub(crate) beside: Vec<ServerName>,
    /// Whether clients that ask for an unknown name reach this place.
    pub(crate) first: bool,
    /// Its own names that another place answers for at every address.
    pub(crate) lost: Vec<ServerName>,
}

/// The limit of comparisons of names with patterns: enough for some thousand hosts at one
/// address, each with a few aliases.
const MOST_COMPARED: usize = 1 << 22;

impl Settings {
    /// The addresses that speak TLS; `None` if the settings do not say at which
    /// addresses each place listens.
    pub(crate) fn addresses(&self) -> Option<Vec<Here<'_>>> {
        if !matches!(self.server, "nginx" | "apache") {
            return None;
        }
        let mut all: BTreeMap<&str, Here<'_>> = BTreeMap::new();
        for (place, scope) in self.scopes.iter().enumerate() {
            for address in scope.at.as_ref()? {
                let here = all.entry(&address.text).or_insert_with(|| Here {
                    address,
                    places: Vec::new(),
                    first: place,
                    exact: HashMap::new(),
                    patterns: Vec::new(),
                });
                if here.places.last() != Some(&place) {
                    here.places.push(place);
                }
                // `default_server` makes a place the first one, wherever it is in the file.
                if address.default {
                    here.first = place;
                }
                for host in scope.heard() {
                    let name = host.value.to_ascii_lowercase();
                    if name.contains(['*', '?', '~']) || name.starts_with('.') {
                        here.patterns.push((name, place));
                    } else {
                        // The first place that has a name keeps it. The second one is never asked.
                        let _ = here.exact.entry(name).or_insert(place);
                    }
                }
            }
        }
        let speaks = |here: &Here<'_>| {
            let first = self.scopes.get(here.first);
            first.is_some_and(|scope| scope.tls)
        };
        Some(all.into_values().filter(speaks).collect())
    }

    /// Which clients get each place's certificate, judged by the names in the settings that are not
    /// patterns.
    pub(crate) fn shown(&self, plain: &[Vec<ServerName>]) -> Option<Vec<Shown>> {
        let addresses = self.addresses()?;
        let cost = addresses.iter().map(|here| {
            let names = here.places.iter().filter_map(|&place| plain.get(place));
            let patterns = if self.server == "nginx" {
                0
            } else {
                here.patterns.len()
            };
            let narrow = addresses
                .iter()
                .filter(|address| here.address.covers(address.address));
            names.map(Vec::len).sum::<usize>() * (1 + patterns) * (1 + narrow.count())
        });
        // The cost is known before anything is compared. Above the limit there is no answer, since
        // a partial one could be wrong.
        if addresses.len() > MOST_COMPARED >> 12 || cost.sum::<usize>() > MOST_COMPARED {
            return None;
        }
        let mut shown: Vec<Shown> = self.scopes.iter().map(|_| Shown::default()).collect();
        let mut answered: Vec<Vec<bool>> =
            plain.iter().map(|plain| vec![false; plain.len()]).collect();
        let own = |place: usize| plain.get(place).map_or(&[][..], Vec::as_slice);
        for here in &addresses {
            if let Some(first) = shown.get_mut(here.first) {
                first.first = true;
            }
            for &place in &here.places {
                for (number, name) in own(place).iter().enumerate() {
                    let found = self.answers_at(here, name);
                    if found == place
                        && let Some(own) = answered
                            .get_mut(place)
                            .and_then(|answered| answered.get_mut(number))
                    {
                        *own = true;
                    }
                    push(&mut shown, self.shows_at(here, found), name, |place| {
                        &mut place.names
                    });
                }
            }
        }
        for (place, names) in plain.iter().enumerate() {
            let lost = names.iter().enumerate().filter(|(number, _)| {
                let own = answered
                    .get(place)
                    .and_then(|answered| answered.get(*number));
                own == Some(&false)
            });
            if let Some(shown) = shown.get_mut(place) {
                shown.lost = lost.map(|(_, name)| name.clone()).collect();
            }
        }
        self.hidden(&addresses, plain, &mut shown);
        Some(shown)
    }

    /// Names at an address for all that another place answers for at its own address.
    fn hidden(&self, addresses: &[Here<'_>], plain: &[Vec<ServerName>], shown: &mut [Shown]) {
        let narrow: Vec<_> = addresses
            .iter()
            .filter(|address| address.address.ip.is_some_and(|ip| !ip.is_unspecified()))
            .collect();
        for narrow in narrow {
            let wide = addresses
                .iter()
                .filter(|address| address.address.covers(narrow.address));
            for wide in wide {
                let names = wide.places.iter().filter_map(|&place| plain.get(place));
                for name in names.flatten() {
                    let usual = self.shows_at(wide, self.answers_at(wide, name));
                    let here = self.shows_at(narrow, self.answers_at(narrow, name));
                    let of = |place: usize| {
                        let own = self.scopes.get(place)?;
                        // nginx then sends those of the first server.
                        let bare = self.server == "nginx" && own.certificates.is_empty();
                        let shown = if bare { self.first_at(own) } else { own };
                        Some(&shown.certificates)
                    };
                    let known = shown
                        .get(here)
                        .is_some_and(|shown| shown.names.contains(name));
                    if of(usual) != of(here) && !known {
                        push(shown, here, name, |place| &mut place.beside);
                    }
                }
            }
        }
    }

    /// The place that answers for a name at an address. nginx prefers exact names to
    /// patterns; httpd takes the first place that has the name or a pattern for it.
    fn answers_at(&self, here: &Here<'_>, name: &ServerName) -> usize {
        let text = name.to_string();
        let exact = here.exact.get(&text).copied();
        let fits = |(pattern, _): &&(String, usize)| path::fits(pattern, &text);
        let by_pattern = || here.patterns.iter().find(fits).map(|(_, place)| *place);
        let found = match self.server {
            "nginx" => exact,
            // httpd takes the earlier of the two, since it checks its hosts in order and does not
            // rank kinds of names.
            _ => exact.into_iter().chain(by_pattern()).min(),
        };
        found.unwrap_or(here.first)
    }

    /// The place whose certificate is sent there: if TLS is off at the host, httpd sends the first
    /// host's certificate (measured: 2.4.71).
    fn shows_at(&self, here: &Here<'_>, place: usize) -> usize {
        let speaks = self.scopes.get(place).is_some_and(|scope| scope.tls);
        if speaks { place } else { here.first }
    }

    /// Another place, with another certificate, whose specific address is covered by this place's
    /// wildcard address: its clients reach the other place for any name.
    pub(crate) fn within(&self, place: usize) -> Option<&Scope> {
        let own = self.scopes.get(place)?;
        let files = |scope: &Scope| -> Vec<String> {
            let all = scope.certificates.iter();
            all.map(|file| file.path.clone()).collect()
        };
        let certificates = files(own);
        let own: Vec<_> = own.at.iter().flatten().collect();
        let is_within = |narrow: &Address| {
            let here = own.iter().any(|own| own.text == narrow.text);
            !here && own.iter().any(|own| own.covers(narrow))
        };
        let mut others = self.scopes.iter().filter(|other| other.tls);
        others
            .find(|other| other.at.iter().flatten().any(is_within) && files(other) != certificates)
    }

    /// The place that speaks TLS and answers first at one of this place's addresses; checks all
    /// places one by one.
    pub(super) fn first_of_all<'s>(&'s self, scope: &'s Scope) -> &'s Scope {
        let shares = |other: &&Scope| other.tls && shared(other, scope).is_some();
        let by_setting = self.scopes.iter().find(|other| {
            let shared = shared(other, scope);
            other.tls && shared.is_some_and(|at| at.map_or(other.is_default, |at| at.default))
        });
        by_setting
            .or_else(|| self.scopes.iter().find(shares))
            .unwrap_or(scope)
    }
}

impl Scope {
    /// Whether the two have an address in common.
    pub(crate) fn shares_an_address(&self, other: &Self) -> bool {
        shared(self, other).is_some()
    }
}

/// The address that two places share; `Some(None)` if only ports are known.
fn shared<'s>(one: &'s Scope, other: &Scope) -> Option<Option<&'s Address>> {
    match (&one.at, &other.at) {
        (Some(one), Some(other)) => {
            let is_shared =
                |address: &&Address| other.iter().any(|other| other.text == address.text);
            let mut all = one.iter().filter(is_shared);
            let first = all.next()?;
            // `default_server` counts at the address that has it.
            let default = std::iter::once(first)
                .chain(all)
                .find(|certificate| certificate.default);
            Some(Some(default.unwrap_or(first)))
        }
        _ => {
            let is_shared = |port: &u16| other.ports.iter().any(|other| other.value == *port);
            let mut ports = one.ports.iter().map(|port| port.value);
            ports.any(|port| is_shared(&port)).then_some(None)
        }
    }
}

fn push(
    shown: &mut [Shown],
    place: usize,
    name: &ServerName,
    list: impl Fn(&mut Shown) -> &mut Vec<ServerName>,
) {
    if let Some(shown) = shown.get_mut(place) {
        let list = list(shown);
        if !list.contains(name) {
            list.push(name.clone());
        }
    }
}
