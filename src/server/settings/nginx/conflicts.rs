//! `server_name`: which names nginx ignores, since another name of the address has their place.
//!
//! nginx only warns: `conflicting server name "…" on …, ignored` (`ngx_http_server_names`).

use super::Server;
use super::listen::{Addresses, Module};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The names that were added to an address (`ngx_hash_keys_arrays_t`).
#[derive(Default)]
struct Names {
    exact: HashSet<String>,
    /// `*.x` and `.x`, by `x`.
    head: HashSet<String>,
    /// `x.*`, by `x`.
    tail: HashSet<String>,
}

impl Names {
    /// Whether the name has a place (`ngx_hash_add_key` in core/ngx_hash.c, 1.22.1).
    fn add(&mut self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        if name.starts_with('~') {
            return true;
        }
        if let Some(rest) = name.strip_prefix('.') {
            // It is an exact name too, and remains one even if the pattern finds its place taken.
            return self.exact.insert(rest.to_owned()) && self.head.insert(rest.to_owned());
        }
        if let Some(rest) = name.strip_prefix("*.") {
            return self.head.insert(rest.to_owned());
        }
        match name.strip_suffix(".*") {
            Some(rest) => self.tail.insert(rest.to_owned()),
            None => self.exact.insert(name),
        }
    }
}

/// For each server, the positions of the names that nginx ignores at all of its addresses.
pub(super) fn ignored(
    servers: &[Server],
    addresses: &Addresses,
) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut all: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (module, _, at) in addresses.all() {
        if module != Module::Http {
            continue;
        }
        let mut names = Names::default();
        for &number in &at.servers {
            let hosts = servers.get(number).map(|server| &server.level.hosts);
            let hosts = hosts.into_iter().flatten().enumerate();
            // An address with one server compares no names.
            let refused = hosts.filter(|(_, host)| at.servers.len() > 1 && !names.add(&host.value));
            let refused: BTreeSet<usize> = refused.map(|(position, _)| position).collect();
            all.entry(number)
                .and_modify(|before| before.retain(|position| refused.contains(position)))
                .or_insert(refused);
        }
    }
    all.retain(|_, positions| !positions.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::Names;

    /// Measured with nginx 1.22.1.
    #[test]
    fn names_as_measured() {
        let kept = |names: &[&str]| {
            let mut all = Names::default();
            let kept: Vec<bool> = names.iter().map(|name| all.add(name)).collect();
            kept
        };
        assert_eq!(kept(&["x.test", ".x.test"]), [true, false]);
        assert_eq!(kept(&["X.test", ".x.test"]), [true, false]);
        assert_eq!(kept(&[".x.test", "x.test"]), [true, false]);
        assert_eq!(kept(&[".x.test", "*.x.test"]), [true, false]);
        assert_eq!(kept(&["*.x.test", ".x.test"]), [true, false]);
        assert_eq!(kept(&["*.x.test", "x.test", "x.*"]), [true; 3]);
        assert_eq!(kept(&["x.test", "x.test"]), [true, false]);
    }
}
