//! Which endpoints a place of the settings creates: at which addresses, for which names.

use super::{ClientVerdict, EndpointResult, PreflightResult};
use crate::server::settings::{Scope, Settings};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What the addresses of all places say about each.
#[derive(Clone, Default)]
struct Answers {
    /// The addresses at which it answers clients that ask for no known name.
    first: Vec<String>,
    /// Its names at each address, in lower case: another place may have one before it.
    names: HashMap<String, HashSet<String>>,
}

/// What each place answers, if the settings name all addresses.
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
                for (name, place) in here.names() {
                    if let Some(answers) = all.get_mut(place) {
                        let names = answers.names.entry(address.to_owned()).or_default();
                        let _ = names.insert(name.to_owned());
                    }
                }
            }
            all
        }))
    }

    /// The endpoints of a place: one for its names, and one for clients that ask for no known name,
    /// if the place answers them.
    pub(super) fn endpoints(
        &self,
        (number, scope): (usize, &Scope),
        is_default: bool,
        (file, line): (&str, Option<usize>),
        (result, clients): (&PreflightResult, &Arc<[ClientVerdict]>),
    ) -> Vec<EndpointResult> {
        if scope.is_unreachable {
            return Vec::new();
        }
        let all = addresses(scope);
        let answers = self.0.as_ref().and_then(|all| all.get(number));
        let first = match answers {
            Some(answers) => {
                let mut first = answers.first.clone();
                first.retain(|address| all.contains(address));
                first
            }
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
            clients: Arc::clone(clients),
        };
        // Addresses with the same names are one endpoint.
        let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
        for address in &all {
            let here = answers.map(|answers| answers.names.get(address));
            let is_met = |name: &&String| {
                let lower = name.to_ascii_lowercase();
                here.is_none_or(|names| names.is_some_and(|names| names.contains(&lower)))
            };
            let names = scope.hosts.iter().map(|name| &name.value);
            let names: Vec<_> = names.filter(is_met).cloned().collect();
            match groups.iter_mut().find(|group| group.1 == names) {
                Some(group) => group.0.push(address.clone()),
                None => groups.push((vec![address.clone()], names)),
            }
        }
        if all.is_empty() {
            let names = scope.hosts.iter().map(|name| name.value.clone());
            groups.push((Vec::new(), names.collect()));
        }
        let mut found = Vec::new();
        // If no address is known, nothing shows that another place answers first.
        let unknown = all.is_empty() && (is_default || scope.hosts.is_empty());
        if !first.is_empty() || unknown {
            found.push(endpoint(first, Vec::new()));
        }
        // A place without its own certificates sends those of the first place at each address, as
        // if no name were known.
        let borrows = scope.certificates.is_empty() && answers.is_some() && all.len() > 1;
        for (listen, names) in groups.into_iter().filter(|_| !borrows) {
            if !names.is_empty() {
                found.push(endpoint(listen, names));
            }
        }
        found
    }
}

/// `ADDRESS:PORT` of a place.
fn addresses(scope: &Scope) -> Vec<String> {
    match &scope.at {
        Some(at) => {
            let speaks = at.iter().filter(|address| !address.plain);
            speaks.map(|address| address.text.clone()).collect()
        }
        None => scope.listens(),
    }
}
