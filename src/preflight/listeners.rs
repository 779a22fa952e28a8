//! Which endpoints a place of the settings makes: at which addresses, for which names.

use super::{EndpointResult, PreflightResult};
use crate::server::settings::{Scope, Settings};
use std::collections::HashSet;

/// What the addresses of all places say of each.
#[derive(Clone, Default)]
struct Answers {
    /// The addresses at which it answers clients that ask for no known name.
    first: Vec<String>,
    /// The names without a pattern that it answers to at one address or another.
    names: HashSet<String>,
}

/// What each place answers, where the settings tell all addresses.
pub(super) struct Listeners(Option<Vec<Answers>>);

impl Listeners {
    pub(super) fn of(settings: &Settings) -> Self {
        let addresses = settings.addresses();
        Self(addresses.map(|addresses| {
            let mut all = vec![Answers::default(); settings.scopes.len()];
            for here in addresses {
                let (place, address) = here.first();
                if let Some(answers) = all.get_mut(place) {
                    answers.first.push(address.to_owned());
                }
                for (name, place) in here.exact_names() {
                    if let Some(answers) = all.get_mut(place) {
                        let _ = answers.names.insert(name.to_owned());
                    }
                }
            }
            all
        }))
    }

    /// The endpoints of a place: one for its names, and one for clients that ask for none
    /// of any, where the place answers them.
    pub(super) fn endpoints(
        &self,
        (number, scope): (usize, &Scope),
        is_default: bool,
        (file, line): (&str, Option<usize>),
        result: &PreflightResult,
    ) -> Vec<EndpointResult> {
        if scope.is_unreachable {
            return Vec::new();
        }
        let all = addresses(scope);
        let answers = self.0.as_ref().and_then(|all| all.get(number));
        let first = match answers {
            Some(answers) => answers.first.clone(),
            None if is_default => all.clone(),
            None => Vec::new(),
        };
        let endpoint = |listen: Vec<String>, names: Vec<String>| EndpointResult {
            listen,
            names,
            file: Some(file.to_owned()),
            line,
            presented: result.presented.clone(),
            protocols: result.protocols.clone(),
            clients: result.clients.clone(),
        };
        // Another place may have a name before this one at every address.
        let is_met = |name: &&String| {
            let pattern = name.starts_with('.') || name.contains(['*', '?', '~']);
            pattern
                || answers.is_none_or(|answers| answers.names.contains(&name.to_ascii_lowercase()))
        };
        let names = scope.hosts.iter().map(|name| &name.value);
        let names: Vec<_> = names.filter(is_met).cloned().collect();
        let mut found = Vec::new();
        // Where no address is known, nothing says that another place answers first.
        let unknown = all.is_empty() && (is_default || scope.hosts.is_empty());
        if !first.is_empty() || unknown {
            found.push(endpoint(first, Vec::new()));
        }
        if !names.is_empty() {
            found.push(endpoint(all, names));
        }
        found
    }
}

/// `ADDRESS:PORT` of a place.
fn addresses(scope: &Scope) -> Vec<String> {
    match &scope.at {
        Some(at) => at.iter().map(|address| address.text.clone()).collect(),
        None => {
            let ports = scope.ports.iter().filter(|port| port.value != 0);
            ports.map(|port| format!("*:{}", port.value)).collect()
        }
    }
}
