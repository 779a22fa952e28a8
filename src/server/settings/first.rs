//! Which place answers first at an address: every place needs this, so it is computed once for all
//! of them.

use super::{Scope, Settings};
use std::collections::HashMap;

/// The places that speak TLS at an address or a port: the first of them, and the first that a
/// setting makes the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct First {
    any: usize,
    default: Option<usize>,
}

/// The same for all addresses, if each place states its own, and for all ports, if none does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Firsts {
    addresses: HashMap<String, First>,
    ports: HashMap<u16, First>,
    /// Whether some places state addresses, and others only ports: they are compared one by one.
    is_mixed: bool,
}

fn add<K: std::hash::Hash + Eq>(all: &mut HashMap<K, First>, key: K, place: usize, default: bool) {
    let first = all.entry(key).or_insert(First {
        any: place,
        default: None,
    });
    if default && first.default.is_none() {
        first.default = Some(place);
    }
}

impl Firsts {
    pub(super) fn of(scopes: &[Scope]) -> Self {
        let mut all = Self::default();
        let told = scopes.iter().filter(|scope| scope.at.is_some()).count();
        all.is_mixed = told > 0 && told < scopes.len();
        for (place, scope) in scopes.iter().enumerate().filter(|(_, scope)| scope.tls) {
            for address in scope.at.iter().flatten() {
                add(
                    &mut all.addresses,
                    address.text.clone(),
                    place,
                    address.default,
                );
            }
            for port in &scope.ports {
                add(&mut all.ports, port.value, place, scope.is_default);
            }
        }
        all
    }

    /// The place that answers first at one of these, the default before the others.
    fn among<'f>(found: impl Iterator<Item = &'f First> + Clone) -> Option<usize> {
        let default = found.clone().filter_map(|first| first.default).min();
        default.or_else(|| found.map(|first| first.any).min())
    }
}

impl Settings {
    /// The place that speaks TLS and answers first at one of this place's addresses.
    pub fn first_at<'s>(&'s self, scope: &'s Scope) -> &'s Scope {
        if self.firsts.is_mixed {
            return self.first_of_all(scope);
        }
        let place = match &scope.at {
            Some(at) => {
                let all = &self.firsts.addresses;
                Firsts::among(at.iter().filter_map(|address| all.get(&address.text)))
            }
            None => {
                let all = &self.firsts.ports;
                Firsts::among(scope.ports.iter().filter_map(|port| all.get(&port.value)))
            }
        };
        place
            .and_then(|place| self.scopes.get(place))
            .unwrap_or(scope)
    }

    /// The places that answer first at this place's TLS addresses, each once: that of
    /// [`Settings::first_at`] is the one of its first address.
    pub fn firsts_at<'s>(&'s self, scope: &'s Scope) -> Vec<&'s Scope> {
        let mut firsts: Vec<&Scope> = Vec::new();
        let spoken = scope.at.iter().flatten().filter(|own| !own.plain);
        for own in spoken {
            let here = self.firsts.addresses.get(&own.text);
            let place = here.map(|here| here.default.unwrap_or(here.any));
            let first = place.and_then(|place| self.scopes.get(place));
            let first = first.unwrap_or(scope);
            if !firsts.iter().any(|known| std::ptr::eq(*known, first)) {
                firsts.push(first);
            }
        }
        firsts
    }

    /// Computes which places answer first, once all of them are known.
    pub(super) fn find_firsts(&mut self) {
        self.firsts = Firsts::of(&self.scopes);
    }
}

#[cfg(test)]
mod tests {
    use crate::server::Profile;
    use crate::server::settings::{Context, Settings};
    use crate::source::Source;

    #[test]
    fn the_default_answers_before_the_first() {
        let text = "http { server { listen 443 ssl; listen 444 ssl; } \
                    server { listen 443 ssl default_server; } server { listen 444 ssl; } }";
        let nginx = Profile::named("nginx").unwrap();
        let source = Source::new("a.conf", text.as_bytes().to_vec());
        let settings = Settings::read(nginx, &source, &Context::at("/")).unwrap();
        let [first, second, third] = settings.scopes.as_slice() else {
            panic!("{settings:?}");
        };
        assert!(std::ptr::eq(settings.first_at(third), first));
        let both = settings.firsts_at(first);
        assert!(std::ptr::eq(both[0], second) && std::ptr::eq(both[1], first));
        // Both ways agree for every query.
        for scope in &settings.scopes {
            assert!(std::ptr::eq(
                settings.first_at(scope),
                settings.first_of_all(scope)
            ));
        }
    }
}
