//! An HAProxy `bind` line, split by the names that select its certificates.

use super::Preflight;
use super::audience::plain_names;
use super::found::Kept;
use crate::objects::{Object, Opened};
use crate::server::certificate_choice::{Choice, Group};
use crate::server::settings::{Placed, Scope, Selection, Settings};
use crate::server_name::ServerName;

/// The most names of one set of certificates that are compared with them: public CAs
/// put 100 into a certificate.
const MOST_NAMES: usize = 1000;

/// Which certificates on one line the names select.
#[derive(Default)]
pub(super) struct Parts {
    /// Each set of certificates that is shown, as a separate place, and the hosts requested there.
    pub(super) shown: Vec<(Scope, Vec<ServerName>)>,
    /// The certificates that are loaded but that no name selects.
    pub(super) unused: Option<Scope>,
    /// The hosts whose handshakes are ended.
    pub(super) rejected: Vec<ServerName>,
    /// What certcheck cannot tell: the check's name, and why.
    pub(super) open: Vec<(&'static str, String)>,
}

impl Preflight {
    /// How the line chooses; `None` if one of its certificates is not known.
    pub(super) fn choice(&self, scope: &Scope) -> Option<Choice> {
        let whole = scope.selections.len() == scope.certificates.len();
        if !scope.tls || !whole || scope.certificates.is_empty() {
            return None;
        }
        // The files that were given are not those of the line.
        if !self.certificate_files.is_empty() {
            return None;
        }
        let mut choice = Choice::new(scope.strict);
        for (path, selection) in scope.certificates.iter().zip(&scope.selections) {
            let Some(Kept::Read(document)) = self.found.get(&path.path) else {
                return None;
            };
            let opened = Opened::new(document, None);
            let objects = opened.objects();
            let own = objects.iter().find_map(Object::certificate)?;
            choice.push(own, selection.names.as_deref());
        }
        Some(choice)
    }

    /// The line at which each host is asked for: the first one that has a certificate with the
    /// name, otherwise the first one.
    pub(super) fn hosts_by_line(
        &self,
        settings: &Settings,
        choices: &[Option<Choice>],
    ) -> Vec<Vec<ServerName>> {
        let scopes = &settings.scopes;
        let mut hosts = vec![Vec::new(); scopes.len()];
        let first = scopes.iter().position(|scope| scope.tls);
        for host in &self.hosts {
            let knows =
                |choice: &Option<Choice>| choice.as_ref().is_some_and(|choice| choice.knows(host));
            let place = choices.iter().position(knows).or(first);
            if let Some(list) = place.and_then(|place| hosts.get_mut(place)) {
                list.push(host.clone());
            }
        }
        hosts
    }

    /// The places of the line.
    pub(super) fn parts(&self, scope: &Scope, choice: &Choice, hosts: &[ServerName]) -> Parts {
        let mut parts = Parts::default();
        let mut groups: Vec<(Group, Vec<ServerName>)> = choice
            .groups()
            .into_iter()
            .map(|group| (group, Vec::new()))
            .collect();
        for host in hosts {
            let Some(shown) = choice.shown_for(host) else {
                let reason = format!(
                    "which certificate {host} selects depends on whether the client sends the \
                     final dot"
                );
                parts.open.push(("names", reason));
                continue;
            };
            if shown.is_empty() {
                parts.rejected.push(host.clone());
                continue;
            }
            match groups.iter_mut().find(|(group, _)| group.shown == shown) {
                Some((_, asked)) => asked.push(host.clone()),
                // A pattern's certificates without those whose line excludes the name.
                None => {
                    let group = Group {
                        shown,
                        names: Vec::new(),
                        default: false,
                    };
                    groups.push((group, vec![host.clone()]));
                }
            }
        }
        // HAProxy does not start if a line leaves no version, even one that is never shown.
        let mut own = scope
            .selections
            .iter()
            .filter(|selection| selection.has_versions());
        if own.any(|selection| scope.versions_for(selection).is_none()) {
            let reason = "certcheck does not judge these versions of a crt-list";
            parts.open.push(("settings", reason.to_owned()));
        }
        let mut used = vec![false; scope.certificates.len()];
        let groups = groups
            .into_iter()
            .flat_map(|(group, asked)| divided(scope, choice, group, asked));
        for (group, asked) in groups {
            for place in &group.shown {
                if let Some(used) = used.get_mut(*place) {
                    *used = true;
                }
            }
            let mut part = scope.with_certificates(&group.shown);
            part.hosts = named(scope, &group.names);
            own_settings(scope, &group, &mut part, &mut parts.open);
            let asked = match self.hosts.is_empty() {
                true => own_hosts(&part, choice, &mut parts.open),
                false => asked,
            };
            parts.shown.push((part, asked));
        }
        let unused: Vec<usize> = used
            .iter()
            .enumerate()
            .filter(|(_, used)| !**used)
            .map(|(place, _)| place)
            .collect();
        if !unused.is_empty() {
            parts.unused = Some(scope.with_certificates(&unused));
        }
        parts
    }
}

/// A default that names also select, split if its crt-list sets versions: these count only for the
/// names.
fn divided(
    scope: &Scope,
    choice: &Choice,
    group: Group,
    asked: Vec<ServerName>,
) -> Vec<(Group, Vec<ServerName>)> {
    let has_versions = selections(scope, &group).any(Selection::has_versions);
    if !(group.default && has_versions) || group.names.is_empty() {
        return vec![(group, asked)];
    }
    let (named, others): (Vec<_>, Vec<_>) = asked.into_iter().partition(|host| choice.knows(host));
    let default = Group {
        shown: group.shown.clone(),
        names: Vec::new(),
        default: true,
    };
    let by_name = Group {
        default: false,
        ..group
    };
    if scope.strict {
        return vec![(by_name, named)];
    }
    vec![(default, others), (by_name, named)]
}

/// What the line or its list says about each certificate that the group is shown.
fn selections<'s>(scope: &'s Scope, group: &'s Group) -> impl Iterator<Item = &'s Selection> {
    let places = group.shown.iter();
    places.filter_map(|shown| scope.selections.get(*shown))
}

/// What a crt-list says about a certificate counts wherever it is shown, its versions only where a
/// name selects it, not for the default (measured: 2.6.12). If lines differ, the handshake has the
/// settings of the certificate that is chosen: `Profile::offer_of_lines`.
fn own_settings(
    scope: &Scope,
    group: &Group,
    part: &mut Scope,
    open: &mut Vec<(&'static str, String)>,
) {
    let mut all = selections(scope, group);
    let Some(first) = all.next() else { return };
    if all.all(|other| other.is_like(first)) {
        first.apply(part);
        if first.has_versions() && !group.default {
            part.protocols = scope.versions_for(first).or(part.protocols.take());
        }
        return;
    }
    let same_versions = selections(scope, group)
        .all(|other| (&other.oldest, &other.newest) == (&first.oldest, &first.newest));
    if same_versions && first.has_versions() && !group.default {
        part.protocols = scope.versions_for(first).or(part.protocols.take());
    }
    if !selections(scope, group).all(|other| other.asks_as(first)) {
        let reason = "the lines of a crt-list ask for client certificates with one certificate of a \
                      name, and not with another";
        open.push(("settings", reason.to_owned()));
    }
}

/// The hosts of a part if none was requested: names that a list gives, and those in the
/// certificates that clients accept.
fn own_hosts(
    part: &Scope,
    choice: &Choice,
    open: &mut Vec<(&'static str, String)>,
) -> Vec<ServerName> {
    let listed = part
        .selections
        .iter()
        .any(|selection| selection.names.is_some());
    if part.hosts.len() > MOST_NAMES && listed {
        let reason = format!("certcheck checks only the first {MOST_NAMES} names of a certificate");
        open.push(("names", reason));
    }
    let few = Scope {
        hosts: part.hosts.iter().take(MOST_NAMES).cloned().collect(),
        ..Scope::default()
    };
    let mut hosts = plain_names(&few);
    hosts.retain(|host| matches!(host, ServerName::Dns(name) if !choice.is_common(name)));
    hosts
}

fn named(scope: &Scope, names: &[String]) -> Vec<Placed<String>> {
    let placed = |name: &String| Placed {
        value: name.clone(),
        lines: scope.lines,
    };
    names.iter().map(placed).collect()
}
