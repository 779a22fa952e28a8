//! The certificate that HAProxy sends for a name (`ssl_sock_switchctx_cbk`; measured: 2.6.12).
//!
//! Each certificate has names: those after it in a crt-list, otherwise its own. For each kind of
//! key, the first certificate with the exact name counts, otherwise the first with a matching
//! pattern, so a pattern's ECDSA certificate can be offered along with a name's RSA one; the
//! client's algorithms choose between the kinds. If no certificate has the name, HAProxy sends the
//! first of the line, or none with `strict-sni`.

use crate::model::{Certificate, KeyAlgorithm, PublicKey};
use crate::server_name::ServerName;
use std::collections::{BTreeMap, BTreeSet};

/// HAProxy distinguishes three kinds; RSASSA-PSS and EdDSA belong to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Rsa,
    Ecdsa,
    Other,
}

/// The certificates of one `bind` line, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    kinds: Vec<Kind>,
    exact: BTreeMap<String, Vec<usize>>,
    /// Patterns without their `*`.
    patterns: BTreeMap<String, Vec<usize>>,
    /// `!name`: names that a certificate's patterns do not cover.
    removed: Vec<BTreeSet<String>>,
    /// Names that appear only in a subject, where clients do not look.
    common: BTreeSet<String>,
    strict: bool,
}

/// The names for which HAProxy offers the same certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// The places of the certificates: RSA, then ECDSA, then any others.
    pub(crate) shown: Vec<usize>,
    /// The names, patterns as `*.x`.
    pub(crate) names: Vec<String>,
    /// Whether the group also serves all other names.
    pub(crate) default: bool,
}

impl Choice {
    /// `strict`: no certificate for unknown names (`strict-sni`).
    pub(crate) fn new(strict: bool) -> Self {
        Self {
            strict,
            ..Self::default()
        }
    }

    /// Adds a certificate; names from a list replace its own.
    pub(crate) fn push(&mut self, certificate: &Certificate<'_>, names: Option<&[String]>) {
        let place = self.kinds.len();
        let key = PublicKey::parse(certificate.spki_der());
        self.kinds
            .push(match key.as_ref().map(PublicKey::algorithm) {
                Ok(KeyAlgorithm::Rsa) => Kind::Rsa,
                Ok(KeyAlgorithm::Ec(_)) => Kind::Ecdsa,
                _ => Kind::Other,
            });
        self.removed.push(BTreeSet::new());
        match names {
            Some(names) => names.iter().for_each(|name| self.name(place, name)),
            None => {
                for name in certificate.dns_names() {
                    self.name(place, name);
                }
                // HAProxy also uses every common name.
                for name in certificate.subject().common_names() {
                    let name = name.to_ascii_lowercase();
                    if !self.exact.contains_key(&name) {
                        let _ = self.common.insert(name.clone());
                    }
                    self.known(place, &name);
                }
            }
        }
    }

    /// Whether the name appears only in a subject.
    pub(crate) fn is_common(&self, name: &str) -> bool {
        self.common.contains(name)
    }

    fn name(&mut self, place: usize, name: &str) {
        let name = name.to_ascii_lowercase();
        let _ = self.common.remove(&name);
        self.known(place, &name);
    }

    fn known(&mut self, place: usize, name: &str) {
        let known = match (name.strip_prefix('!'), name.strip_prefix('*')) {
            // `!*.x` has no effect.
            (Some(removed), _) => {
                if let Some(own) = self.removed.get_mut(place)
                    && !removed.starts_with('*')
                {
                    let _ = own.insert(removed.to_owned());
                }
                return;
            }
            // HAProxy looks up the part that begins with the name's first dot.
            (None, Some(end)) if end.starts_with('.') => {
                self.patterns.entry(end.to_owned()).or_default()
            }
            (None, Some(_)) => return,
            (None, None) if name.is_empty() => return,
            (None, None) => self.exact.entry(name.to_owned()).or_default(),
        };
        if known.last() != Some(&place) {
            known.push(place);
        }
    }

    /// The places of the certificates that HAProxy offers; empty if it ends the handshake. `None`
    /// if that depends on the client.
    pub(crate) fn shown_for(&self, host: &ServerName) -> Option<Vec<usize>> {
        let found = match host {
            ServerName::Dns(name) => self.with_name(name),
            // Clients differ in whether they send the final dot.
            ServerName::Absolute(_) => return None,
            // The client sends no name.
            _ => Vec::new(),
        };
        Some(match found.is_empty() && !self.strict {
            true => vec![0],
            false => found,
        })
    }

    /// Whether a certificate has the name, or a pattern that matches it.
    pub(crate) fn knows(&self, host: &ServerName) -> bool {
        matches!(host, ServerName::Dns(name) if !self.with_name(name).is_empty())
    }

    fn with_name(&self, name: &str) -> Vec<usize> {
        let exact = self.exact.get(name).into_iter().flatten();
        let end = name.find('.').and_then(|at| name.get(at..));
        let patterns = end.and_then(|end| self.patterns.get(end));
        let patterns = patterns.into_iter().flatten().filter(|&&place| {
            let removed = self.removed.get(place);
            removed.is_none_or(|removed| !removed.contains(name))
        });
        self.of_each_kind(exact.chain(patterns))
    }

    /// The first certificate of each kind of key.
    fn of_each_kind<'p>(&self, places: impl Iterator<Item = &'p usize>) -> Vec<usize> {
        let mut found: BTreeMap<Kind, usize> = BTreeMap::new();
        for &place in places {
            if let Some(&kind) = self.kinds.get(place) {
                let _ = found.entry(kind).or_insert(place);
            }
        }
        found.into_values().collect()
    }

    /// Every name, grouped by the certificates offered; first the default, if there is one.
    pub(crate) fn groups(&self) -> Vec<Group> {
        let mut groups = Vec::new();
        let mut known: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        let mut add = |shown: Vec<usize>, name: Option<String>| {
            let place = *known.entry(shown.clone()).or_insert(groups.len());
            if place == groups.len() {
                groups.push(Group {
                    shown,
                    names: Vec::new(),
                    default: name.is_none(),
                });
            }
            if let Some(group) = groups.get_mut(place) {
                group.names.extend(name);
            }
        };
        if !self.strict && !self.kinds.is_empty() {
            add(vec![0], None);
        }
        for name in self.exact.keys() {
            add(self.with_name(name), Some(name.clone()));
        }
        for (end, places) in &self.patterns {
            add(self.of_each_kind(places.iter()), Some(format!("*{end}")));
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::{Choice, Kind};

    fn choice(strict: bool, certificates: &[(Kind, &[&str])]) -> Choice {
        let mut choice = Choice::new(strict);
        for (place, (kind, names)) in certificates.iter().enumerate() {
            choice.kinds.push(*kind);
            choice.removed.push(Default::default());
            names.iter().for_each(|name| choice.name(place, name));
        }
        choice
    }

    /// Handshakes with HAProxy 2.6.12, `openssl s_client -servername`.
    #[test]
    fn names_as_measured() {
        use Kind::{Ecdsa, Other, Rsa};
        type Certificates<'c> = &'c [(Kind, &'c [&'c str])];
        let cases: &[(Certificates<'_>, &[(&str, &[usize])])] = &[
            // A name's RSA certificate with its pattern's ECDSA one.
            (
                &[(Rsa, &["d"]), (Rsa, &["w.a"]), (Ecdsa, &["*.a"])],
                &[("w.a", &[1, 2]), ("y.a", &[2]), ("no", &[0])],
            ),
            (
                &[(Rsa, &["d"]), (Rsa, &["*.a"]), (Rsa, &["w.a"])],
                &[("w.a", &[2]), ("z.a", &[1]), ("b.z.a", &[0]), ("a", &[0])],
            ),
            // A line with only `!` names nothing; `*` and `!*.a` have no effect.
            (
                &[(Rsa, &["d"]), (Rsa, &["!x.a"])],
                &[("x.a", &[0]), ("w.a", &[0])],
            ),
            (
                &[(Rsa, &["d"]), (Rsa, &["*"]), (Rsa, &["!*.a", "W.a"])],
                &[("x.a", &[0]), ("w.a", &[2])],
            ),
            (
                &[(Rsa, &["d"]), (Rsa, &["*.a"]), (Ecdsa, &["*.a", "!x.a"])],
                &[("x.a", &[1]), ("y.a", &[1, 2])],
            ),
            (
                &[(Rsa, &["d"]), (Other, &["w.a"]), (Rsa, &["w.a"])],
                &[("w.a", &[2, 1])],
            ),
            (
                &[(Rsa, &["w.a"]), (Rsa, &["w.a", "x.a"])],
                &[("w.a", &[0]), ("x.a", &[1])],
            ),
        ];
        for (certificates, asked) in cases {
            let lax = choice(false, certificates);
            let strict = choice(true, certificates);
            for (name, shown) in *asked {
                let host = crate::server_name::ServerName::Dns((*name).to_owned());
                assert_eq!(lax.shown_for(&host).as_deref(), Some(*shown), "{name}");
                let known = lax.knows(&host);
                let strictly = if known { *shown } else { &[] };
                assert_eq!(strict.shown_for(&host).as_deref(), Some(strictly), "{name}");
            }
        }
    }

    #[test]
    fn names_that_show_the_same_are_one_group() {
        use Kind::{Ecdsa, Rsa};
        let bundle = choice(false, &[(Ecdsa, &["b", "*.b"]), (Rsa, &["b", "c"])]);
        let groups = bundle.groups();
        let all: Vec<_> = groups
            .iter()
            .map(|group| (group.shown.as_slice(), group.names.join(" "), group.default))
            .collect();
        let expected: [(&[usize], String, bool); 3] = [
            (&[0], "*.b".to_owned(), true),
            (&[1, 0], "b".to_owned(), false),
            (&[1], "c".to_owned(), false),
        ];
        assert_eq!(all, expected);
    }
}
