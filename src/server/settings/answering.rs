//! Which place answers for the name that a client requests.

use super::{Placed, Scope, Settings, path};
use crate::server_name::ServerName;

/// Which place answers for a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answering {
    /// The place with this number.
    Place(usize),
    /// No place has the name: the default answers.
    NoPlace,
    /// A regular expression, which certcheck does not evaluate, decides.
    Open,
}

impl Settings {
    /// Whether the place with this number answers to a client that connects to one of its ports
    /// and asks for `host`: not if another place there matches the name better.
    pub fn answers(&self, place: usize, host: &ServerName) -> bool {
        let Answering::Place(other) = self.answering(host) else {
            return true;
        };
        let ports = |place| {
            let scope: Option<&Scope> = self.scopes.get(place);
            scope.into_iter().flat_map(|scope| &scope.ports)
        };
        let shares = |port: &u16| ports(other).any(|own| own.value == *port);
        other == place || !ports(place).any(|port| shares(&port.value))
    }

    /// Which place that speaks TLS has the host among its names. nginx prefers an exact
    /// name, then the longest pattern `*.x`, then the longest `x.*`, then the first regular
    /// expression (ngx_http_core_module, `server_name`); httpd takes the first match, with `*` and
    /// `?` anywhere (server/vhost.c, `matches_aliases`).
    pub(crate) fn answering(&self, host: &ServerName) -> Answering {
        let places = self.scopes.iter().enumerate();
        let names: Vec<(usize, String)> = places
            .filter(|(_, scope)| scope.tls && !scope.is_unreachable)
            .flat_map(|(place, scope)| {
                scope
                    .heard()
                    .map(move |name| (place, name.value.to_ascii_lowercase()))
            })
            .collect();
        let text = host.to_string();
        let first = |fits: &dyn Fn(&str) -> bool| names.iter().find(|(_, name)| fits(name));
        let found = match self.server {
            "nginx" => {
                let longest = |fits: &dyn Fn(&str) -> bool| {
                    let is_pattern =
                        |name: &str| name.starts_with(['*', '.']) || name.ends_with('*');
                    let patterns = names.iter().filter(|(_, name)| is_pattern(name));
                    let fitting = patterns.filter(|(_, name)| fits(name));
                    fitting.max_by_key(|(_, name)| name.len())
                };
                let ahead = |name: &str| {
                    let start = name.strip_suffix('*').filter(|rest| rest.ends_with('.'));
                    start.is_some_and(|start| text.starts_with(start))
                };
                let found = first(&|name| name == text)
                    .or_else(|| longest(&|name| covers(name, host)))
                    .or_else(|| longest(&ahead));
                // A single place answers whether or not its expression matches.
                let mut places = self
                    .scopes
                    .iter()
                    .filter(|scope| scope.tls && !scope.is_unreachable);
                let several = places.nth(1).is_some();
                if found.is_none() && several && first(&|name| name.starts_with('~')).is_some() {
                    return Answering::Open;
                }
                found
            }
            "apache" => first(&|name| path::fits(name, &text)),
            _ => first(&|name| covers(name, host)),
        };
        found.map_or(Answering::NoPlace, |(place, _)| Answering::Place(*place))
    }
}

impl Scope {
    /// The names that the server uses.
    pub(crate) fn heard(&self) -> impl Iterator<Item = &Placed<String>> {
        let all = self.hosts.iter().enumerate();
        let heard = all.filter(|(position, _)| !self.ignored_names.contains(position));
        heard.map(|(_, name)| name).chain(&self.inherited_names)
    }

    /// Whether the place names the host, directly or by a pattern.
    pub(crate) fn names(&self, host: &ServerName) -> bool {
        self.hosts.iter().any(|name| covers(&name.value, host))
    }
}

/// Whether a name or a pattern (`*.x`, `.x`) matches the host.
fn covers(pattern: &str, host: &ServerName) -> bool {
    let (pattern, host) = (pattern.to_ascii_lowercase(), host.to_string());
    match pattern
        .strip_prefix('*')
        .or_else(|| pattern.starts_with('.').then_some(pattern.as_str()))
    {
        Some(end) => {
            !end.is_empty() && host.ends_with(end) || host == pattern.trim_start_matches('.')
        }
        None => pattern.trim_end_matches('.') == host,
    }
}

#[cfg(test)]
mod tests {
    use super::Answering;
    use crate::server::settings::{Placed, Scope, Settings};

    fn answer(server: &'static str, names: &[&[&str]]) -> Answering {
        let placed = |name: &&str| Placed {
            value: (*name).to_owned(),
            lines: None,
        };
        let scope = |names: &&[&str]| Scope {
            tls: true,
            hosts: names.iter().map(placed).collect(),
            ..Scope::default()
        };
        let settings = Settings {
            server,
            scopes: names.iter().map(scope).collect(),
            ..Settings::default()
        };
        settings.answering(&"www.example.com".parse().unwrap())
    }

    #[test]
    fn nginx_prefers_the_exact_name_then_the_longest_pattern() {
        let of = |names: &[&[&str]]| answer("nginx", names);
        assert_eq!(
            of(&[&["*.example.com"], &["www.example.com"]]),
            Answering::Place(1)
        );
        assert_eq!(of(&[&["*.com"], &[".example.com"]]), Answering::Place(1));
        assert_eq!(of(&[&["www.*"], &["www.example.*"]]), Answering::Place(1));
        assert_eq!(of(&[&["~^www"], &["www.*"]]), Answering::Place(1));
        assert_eq!(of(&[&["other.test"], &["~^www"]]), Answering::Open);
        assert_eq!(of(&[&["other.test"]]), Answering::NoPlace);
        assert_eq!(of(&[&["~^www"]]), Answering::NoPlace);
        // nginx removes the final dot of the client's name alone (measured: 1.22.1).
        assert_eq!(of(&[&["www.example.com."]]), Answering::NoPlace);
    }

    #[test]
    fn httpd_takes_the_first_that_fits() {
        let of = |names: &[&[&str]]| answer("apache", names);
        assert_eq!(
            of(&[&["a", "*"], &["www.example.com"]]),
            Answering::Place(0)
        );
        assert_eq!(
            of(&[&["w??.example.com"], &["www.example.com"]]),
            Answering::Place(0)
        );
        assert_eq!(of(&[&["w?.example.com"]]), Answering::NoPlace);
    }
}
