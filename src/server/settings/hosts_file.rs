//! /etc/hosts, which a resolver reads before it asks the network (hosts(5), nsswitch.conf(5)).
//! Measured with nginx 1.22.1 on glibc 2.36.

use super::{Context, Looked, Settings, lossy};
use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv6Addr};

const FILE: &str = "/etc/hosts";
const SERVICES: &str = "/etc/nsswitch.conf";

/// What the file says about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listed {
    /// It has an IPv4 address.
    Address,
    /// It has IPv6 addresses only: a machine without IPv6 ignores them (`AI_ADDRCONFIG`).
    OnlyIpv6,
    /// It is not in the file.
    Missing,
    /// The file was not read, or the resolver may not use it.
    Unknown,
}

impl Settings {
    /// What /etc/hosts says about each of these names, which are in lower case.
    pub(super) fn in_hosts_file<'n>(
        &mut self,
        names: &HashSet<&'n str>,
        context: &Context<'_>,
    ) -> HashMap<&'n str, Listed> {
        let all = |listed: Listed| names.iter().map(|name| (*name, listed)).collect();
        if names.is_empty() {
            return HashMap::new();
        }
        let services = match self.look(context, SERVICES) {
            Some(Looked::Read(source)) => asks_files(&lossy(source.bytes())),
            // musl has no such file, and always reads /etc/hosts; so does glibc without it.
            Some(Looked::Missing) => true,
            _ => false,
        };
        match self.look(context, FILE) {
            Some(Looked::Read(source)) if services => {
                let mut found: HashMap<_, _> = all(Listed::Missing);
                for line in lossy(source.bytes()).lines() {
                    note(line, &mut found);
                }
                found
            }
            Some(Looked::Missing) => all(Listed::Missing),
            _ => all(Listed::Unknown),
        }
    }
}

/// One line: an address, and its names.
fn note(line: &str, found: &mut HashMap<&str, Listed>) {
    let text = line.split('#').next().unwrap_or_default();
    let mut words = text.split_ascii_whitespace();
    let address = words.next().and_then(address);
    let Some(address) = address else { return };
    for name in words {
        let name = name.to_ascii_lowercase();
        let Some(known) = found.get_mut(name.as_str()) else {
            continue;
        };
        match address {
            IpAddr::V4(_) => *known = Listed::Address,
            IpAddr::V6(_) if *known == Listed::Missing => *known = Listed::OnlyIpv6,
            IpAddr::V6(_) => {}
        }
    }
}

/// `fe80::1%eth0` has a zone.
fn address(text: &str) -> Option<IpAddr> {
    let zoned = || text.split_once('%')?.0.parse::<Ipv6Addr>().ok();
    text.parse().ok().or_else(|| zoned().map(IpAddr::V6))
}

/// Whether the resolver reads the file: `files` is among the services, and no earlier one ends the
/// search. systemd-resolved, which Arch asks first, reads the file itself.
fn asks_files(text: &str) -> bool {
    let mut rows = text.lines().filter_map(|line| {
        let line = line.split('#').next()?.trim();
        line.strip_prefix("hosts:")
    });
    let Some(services) = rows.next_back() else {
        return true;
    };
    let before = services.split("files").next().unwrap_or_default();
    let has_files = services
        .split_ascii_whitespace()
        .any(|service| service == "files");
    let ends = before.replace("resolve [!UNAVAIL=return]", "");
    has_files && !ends.contains('[')
}

#[cfg(test)]
mod tests {
    use super::{Listed, asks_files, note};
    use std::collections::HashMap;

    /// Each was tested with nginx 1.22.1 as the name of an upstream's server.
    #[test]
    fn names_of_the_file() {
        let text = "127.0.0.1 localhost\n# 10.0.0.9 no\n10.0.0.1\tapp App2 # x y\n::1 six\n\
                    bad seven\n10.0.0.300 eight\n1.2 nine\n fe80::1%lo ten\n::1 both\n10.0.0.2 both\n";
        for (name, listed) in [
            ("app", Listed::Address),
            ("app2", Listed::Address),
            ("both", Listed::Address),
            ("six", Listed::OnlyIpv6),
            ("ten", Listed::OnlyIpv6),
            ("seven", Listed::Missing),
            ("eight", Listed::Missing),
            ("nine", Listed::Missing),
            ("x", Listed::Missing),
            ("no", Listed::Missing),
            ("10.0.0.1", Listed::Missing),
        ] {
            let mut found = HashMap::from([(name, Listed::Missing)]);
            text.lines().for_each(|line| note(line, &mut found));
            assert_eq!(found[name], listed, "{name}");
        }
    }

    #[test]
    fn services_that_look_into_the_file() {
        for (text, asked) in [
            ("", true),
            ("passwd: files\n", true),
            ("hosts:          files dns\n", true),
            ("hosts: files mdns4_minimal [NOTFOUND=return] dns\n", true),
            (
                "hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns",
                true,
            ),
            ("hosts: dns files # as of old", true),
            ("hosts: dns [NOTFOUND=return] files", false),
            ("hosts: dns # files", false),
            ("hosts: dns", false),
        ] {
            assert_eq!(asks_files(text), asked, "{text}");
        }
    }
}
