//! Which of a server's settings other versions interpret differently.

use super::{Scope, Settings};
use crate::protocol::Dialect;
use crate::server::ServerVersion;
use crate::server::versions::{self, Boundary, rules};
use crate::source::Lines;

/// How many keys are kept: every server has fewer.
const MOST: usize = 400;

/// Something that depends on the version, and where it is used first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Depends {
    key: String,
    line: usize,
    /// In how many places.
    places: usize,
}

/// Where other versions of the server would do something else with these settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Differs {
    pub(crate) boundary: Boundary,
    /// The first place that it concerns; `None`: a default, without settings.
    pub(crate) lines: Option<Lines>,
    /// In how many places.
    pub(crate) places: usize,
}

impl Settings {
    /// Records that the answer may depend on the version: `key` is the name of a setting, or that
    /// of a rule ([`rules`]). Other names are not kept.
    pub(super) fn depends_on(&mut self, key: &str, line: usize) {
        if !versions::differ(self.server, key) {
            return;
        }
        if let Some(known) = self.depends.iter_mut().find(|known| known.key == key) {
            known.places += usize::from(known.line != line);
        } else if self.depends.len() < MOST {
            self.depends.push(Depends {
                key: key.to_owned(),
                line,
                places: 1,
            });
        }
    }

    /// Whether a certificate of HAProxy may come from a store.
    pub(super) fn stores(&mut self, line: usize) -> bool {
        self.depends_on(rules::STORE, line);
        self.has_version("3.0")
    }

    /// The rules about defaults, which no line of the settings names.
    pub(super) fn note_defaults(&mut self) {
        if self.server != "nginx" {
            return;
        }
        let line = |scope: &Scope| scope.lines.map_or(0, |lines| lines.first);
        let mut all = Vec::new();
        for scope in self.scopes.iter().filter(|scope| scope.tls) {
            let first = self.first_at(scope);
            if first.protocols.is_none() {
                all.push((rules::DEFAULT_PROTOCOLS, line(scope)));
                if scope.security_level().number() == 0 {
                    all.push((rules::OLD_PROTOCOLS, line(scope)));
                }
            }
            // Both have it from the same line: a long string is not evaluated for each host.
            let inherited = match (&scope.protocols, &first.protocols) {
                (Some(own), Some(first)) => own.lines == first.lines,
                (None, None) => true,
                _ => false,
            };
            let versions = |scope: &Scope| scope.versions(Dialect::Nginx);
            if !inherited && versions(scope) != versions(first) {
                let lines = scope.protocols.as_ref().and_then(|own| own.lines);
                let at = lines.map_or(line(scope), |lines| lines.first);
                all.push((rules::PROTOCOLS_BY_NAME, at));
            }
        }
        for (key, line) in all {
            self.depends_on(key, line);
        }
    }

    /// Where other versions would do something else, the oldest change first.
    pub(crate) fn differs_by_version(&self) -> Vec<Differs> {
        let base = || ServerVersion::measured_first(self.server);
        let Some(version) = self.version.or_else(base) else {
            return Vec::new();
        };
        let mut all: Vec<_> = self
            .depends
            .iter()
            .filter_map(|known| {
                Some(Differs {
                    boundary: version.boundary(&known.key)?,
                    lines: (known.line > 0).then(|| Lines::new(known.line, known.line)),
                    places: known.places,
                })
            })
            .collect();
        all.sort_by_key(|differs| crate::Release::parse(differs.boundary.from));
        all
    }

    /// The version that the settings were read for, asked for or the system's; otherwise the one
    /// that was measured first.
    pub(crate) fn judged_version(&self) -> Option<ServerVersion> {
        let base = || ServerVersion::measured_first(self.server);
        self.version.or_else(base)
    }
}
