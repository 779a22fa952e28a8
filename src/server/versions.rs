//! Versions of servers: which setting and which default belongs to which version.
//!
//! A profile describes the version first measured. `names.tsv` lists the settings that
//! other versions have or lack; each row names a version without the setting and one with it.
//! The programs themselves were asked for the names (Debian 11 to sid: `nginx -t`, `haproxy -c`,
//! `postgres --describe-config`); where the release notes give the exact version, the row does.

pub(super) mod rules;

use crate::protocol::Version;
use crate::{Release, UnknownRelease};
pub use rules::ServerChange;
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

/// A server whose versions are known.
#[derive(Debug)]
struct Program {
    server: &'static str,
    title: &'static str,
    oldest: &'static str,
    /// The version of the profile.
    base: &'static str,
    /// Users may give any version that begins with these numbers, but no later one.
    newest: &'static str,
    measured: &'static [&'static str],
}

static PROGRAMS: [Program; 4] = [
    Program {
        server: "apache",
        title: "Apache httpd",
        oldest: "2.4.38",
        base: "2.4.71",
        newest: "2.4",
        measured: &["2.4.71"],
    },
    Program {
        server: "haproxy",
        title: "HAProxy",
        oldest: "2.2",
        base: "2.6.12",
        newest: "3.2",
        measured: &["2.2.9", "2.6.12", "3.0.11", "3.2.26"],
    },
    Program {
        server: "nginx",
        title: "nginx",
        oldest: "1.18",
        base: "1.22.1",
        newest: "1.30",
        measured: &["1.18.0", "1.22.1", "1.26.3", "1.30.6"],
    },
    Program {
        server: "postgres",
        title: "PostgreSQL",
        oldest: "13",
        base: "15.18",
        newest: "18",
        measured: &["13.16", "15.18", "17.12", "18.6"],
    },
];

/// A version of a server, as given by the user: `nginx@1.28`.
///
/// Omitted numbers count as zero, except for the measured version: `nginx@1.22` is
/// 1.22.1.
///
/// ```
/// use certcheck::server::ServerVersion;
/// let version = ServerVersion::named("nginx@1.28").unwrap().unwrap();
/// assert_eq!(version.to_string(), "nginx 1.28");
/// assert!(ServerVersion::named("nginx").unwrap().is_none());
/// assert!(ServerVersion::named("nginx@latest").is_err());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ServerVersion {
    program: &'static Program,
    /// What counts in comparisons.
    exact: Release,
    /// As written.
    release: Release,
}

impl PartialEq for ServerVersion {
    fn eq(&self, other: &Self) -> bool {
        self.program.server == other.program.server && self.exact == other.exact
    }
}

impl Eq for ServerVersion {}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.program.title, self.release)
    }
}

/// A setting or rule that differs in other versions of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Boundary {
    pub(crate) from: &'static str,
    pub(crate) setting: &'static str,
    /// Whether it is about the protocol versions.
    pub(crate) of_protocols: bool,
    /// Whether the current version is this one or a later one.
    pub(crate) already: bool,
    /// What the versions on the other side do.
    pub(crate) says: String,
    pub(crate) source: &'static str,
}

/// Whether a version has a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Knows {
    Yes,
    No,
    /// It was added or removed between two versions, and this one is between them.
    Perhaps,
}

impl ServerVersion {
    /// The version after `@` in the name of a server; `None` without one.
    ///
    /// # Errors
    /// A server whose versions are not known, and a version outside the known ones.
    pub fn named(name: &str) -> Result<Option<Self>, UnknownRelease> {
        let Some((server, written)) = name.split_once('@') else {
            return Ok(None);
        };
        let fails = |message| Err(UnknownRelease::new(message));
        let Some(program) = PROGRAMS.iter().find(|program| program.server == server) else {
            let known: Vec<_> = PROGRAMS.iter().map(|program| program.server).collect();
            return fails(format!(
                "certcheck knows no versions of {server}, only those of {}",
                known.join(", ")
            ));
        };
        let newest = Release::parse(program.newest);
        let within = |release: &Release| {
            newest.is_some_and(|newest| newest.covers(*release) || *release <= newest)
                && Release::parse(program.oldest).is_some_and(|oldest| oldest <= *release)
        };
        match Release::parse(written).map(|release| Self::of(program, release)) {
            Some(version) if within(&version.exact) => Ok(Some(version)),
            _ => fails(format!(
                "certcheck knows {} {} to {}, and not {written:?}",
                program.title, program.oldest, program.newest
            )),
        }
    }

    fn of(program: &'static Program, asked: Release) -> Self {
        let base = Release::parse(program.base).filter(|base| asked.covers(*base));
        Self {
            program,
            exact: base.unwrap_or(asked),
            release: asked,
        }
    }

    /// The version of a server on a system, including versions older than users can give.
    pub(super) fn on_system(server: &str, written: &str) -> Option<Self> {
        let program = PROGRAMS.iter().find(|program| program.server == server)?;
        Some(Self::of(program, Release::parse(written)?))
    }

    /// The version used if none is named; `None` if no versions are known.
    pub fn measured_first(server: &str) -> Option<Self> {
        let program = PROGRAMS.iter().find(|program| program.server == server)?;
        Some(Self::of(program, Release::parse(program.base)?))
    }

    /// From which version on the server treats the key differently: a setting that some
    /// versions lack, or one of the [rules](ServerChange).
    pub(super) fn boundary(&self, key: &str) -> Option<Boundary> {
        let (server, title) = (self.program.server, self.program.title);
        if let Some(rule) = ServerChange::of(server, key) {
            let already = self.has(rule.from);
            return Some(Boundary {
                from: rule.from,
                setting: rule.setting,
                of_protocols: rule.of_protocols,
                already,
                says: if already {
                    format!("versions of {title} before {} {}", rule.from, rule.before)
                } else {
                    format!("{title} {} and later {}", rule.from, rule.later)
                },
                source: rule.source,
            });
        }
        // Searched, since a look-up would return the caller's own text.
        let mut rows = ROWS.iter();
        let (&(_, setting), &(lacks, has)) = rows.find(|row| *row.0 == (server, key))?;
        let added = Release::parse(lacks) < Release::parse(has);
        let from = if added { has } else { lacks };
        let already = self.has(from);
        let says = match (added, already) {
            (true, false) => format!("{title} {has} and later know `{setting}`"),
            (true, true) => {
                format!("{title} {lacks} and older do not know `{setting}`, and do not start")
            }
            (false, false) => {
                format!("{title} {lacks} and later do not know `{setting}`, and do not start")
            }
            (false, true) => format!("{title} {has} and older know `{setting}`"),
        };
        Some(Boundary {
            from,
            setting,
            of_protocols: false,
            already,
            says,
            source: "src/server/versions/names.tsv: the programs' own lists of settings, or their \
                     release notes",
        })
    }

    /// The server, as `--server` names it.
    pub const fn server(&self) -> &'static str {
        self.program.server
    }

    /// The version as it was written.
    pub const fn release(&self) -> Release {
        self.release
    }

    /// Whether this is the version of the profile.
    pub fn is_base(&self) -> bool {
        Release::parse(self.program.base) == Some(self.exact)
    }

    /// Whether this version was run, so that its names of settings and its defaults are measured.
    pub fn is_measured(&self) -> bool {
        let mut measured = self.program.measured.iter();
        measured.any(|known| Release::parse(known).is_some_and(|known| self.release.covers(known)))
    }

    /// What is assumed to be as in the profile's version; `None` for that version.
    pub fn assumed(&self) -> Option<String> {
        let oldest = Release::parse(self.program.oldest);
        if oldest.is_some_and(|oldest| self.exact < oldest) {
            return Some(format!(
                "certcheck knows {} from {} on: the names of settings are those of that version, \
                 and how it reads them is that of {}",
                self.program.title, self.program.oldest, self.program.base
            ));
        }
        (!self.is_base()).then(|| {
            format!(
                "how it reads values and files, and defaults that no release note changes, are those \
                 of {} {}",
                self.program.title, self.program.base
            )
        })
    }

    /// Whether it is this version or a later one.
    pub(crate) fn has(&self, since: &str) -> bool {
        Release::parse(since).is_some_and(|since| self.exact >= since)
    }

    /// Whether it has the setting of this name, if the versions differ in it.
    pub(super) fn knows(&self, name: &str) -> Option<Knows> {
        let (lacks, has) = row(self.program.server, name)?;
        let (lacks, has) = (Release::parse(lacks)?, Release::parse(has)?);
        let (first, second) = if lacks < has {
            (Knows::No, Knows::Yes)
        } else {
            (Knows::Yes, Knows::No)
        };
        Some(if self.exact >= lacks.max(has) {
            second
        } else if self.exact <= lacks.min(has) {
            first
        } else {
            Knows::Perhaps
        })
    }

    /// The oldest and the newest version of TLS unless the settings say otherwise, if this differs
    /// from the profile. nginx's CHANGES: TLSv1.3 is on from 1.23.4, TLSv1 and TLSv1.1 are off from
    /// 1.27.3; measured with 1.18, 1.22.1, 1.26.3 and 1.30.6.
    pub(crate) fn default_versions(&self) -> Option<[Version; 2]> {
        if self.program.server != "nginx" {
            return None;
        }
        Some(if self.has("1.27.3") {
            [Version::TLSv1_2, Version::TLSv1_3]
        } else if self.has("1.23.4") {
            [Version::TLSv1, Version::TLSv1_3]
        } else {
            [Version::TLSv1, Version::TLSv1_2]
        })
    }

    /// Whether `ssl_protocols` of a server counts for its own name, not only the default
    /// server's for all (nginx 1.29.2, <https://github.com/nginx/nginx/pull/919>).
    pub(crate) fn chooses_protocols_by_name(&self) -> bool {
        self.program.server == "nginx" && self.has("1.29.2")
    }
}

static ROWS: LazyLock<HashMap<(&str, &str), (&str, &str)>> = LazyLock::new(|| {
    let rows = include_str!("versions/names.tsv").lines();
    rows.filter_map(|row| {
        let mut cells = row.split('\t');
        let (server, name) = (cells.next()?, cells.next()?);
        Some(((server, name), (cells.next()?, cells.next()?)))
    })
    .collect()
});

/// Whether versions of the server differ in what the key names ([`ServerVersion::boundary`]).
pub(super) fn differ(server: &str, key: &str) -> bool {
    ServerChange::of(server, key).is_some() || row(server, key).is_some()
}

/// A version without the setting, and one with it.
fn row(server: &str, name: &str) -> Option<(&'static str, &'static str)> {
    ROWS.get(&(server, name)).copied()
}

/// Which versions have a setting: `nginx 1.25.1 and newer know it`.
pub(super) fn note(server: &str, name: &str) -> Option<String> {
    let (lacks, has) = row(server, name)?;
    let program = PROGRAMS.iter().find(|program| program.server == server)?;
    let others = if Release::parse(lacks) < Release::parse(has) {
        "and newer know it"
    } else {
        "and older knew it"
    };
    Some(format!("{} {has} {others}", program.title))
}

#[cfg(test)]
mod tests {
    use super::{Knows, PROGRAMS, ROWS, ServerChange, ServerVersion, note};
    use crate::Release;
    use crate::server::Profile;

    fn version(name: &str) -> ServerVersion {
        ServerVersion::named(name).unwrap().unwrap()
    }

    #[test]
    fn every_row_has_two_versions_of_a_known_server() {
        assert!(ROWS.len() > 250, "{}", ROWS.len());
        for (&(server, name), &(lacks, has)) in &*ROWS {
            let both = [lacks, has].map(|text| Release::parse(text).unwrap());
            assert_ne!(both[0], both[1], "{server} {name}");
            assert!(PROGRAMS.iter().any(|program| program.server == server));
        }
        for program in &PROGRAMS {
            assert!(Profile::named(program.server).is_some());
            assert!(version(&format!("{}@{}", program.server, program.base)).is_base());
        }
    }

    #[test]
    fn settings_come_and_go() {
        let knows = |server: &str, name: &str| version(server).knows(name).unwrap();
        assert_eq!(knows("nginx@1.28", "http2"), Knows::Yes);
        assert_eq!(knows("nginx@1.24", "http2"), Knows::No);
        assert_eq!(knows("nginx@1.28", "ssl"), Knows::No);
        assert_eq!(knows("nginx@1.22", "ssl"), Knows::Yes);
        assert_eq!(knows("haproxy@2.8", "guid-prefix"), Knows::Perhaps);
        assert_eq!(knows("postgres@18", "ssl_groups"), Knows::Yes);
        assert_eq!(knows("postgres@13", "ssl_crl_dir"), Knows::No);
        assert_eq!(version("nginx@1.28").knows("ssl_certificate"), None);
        let note = note("nginx", "http2").unwrap();
        assert_eq!(note, "nginx 1.25.1 and newer know it");
    }

    /// nginx's CHANGES; each side was also measured.
    #[test]
    fn nginx_changes_its_protocols() {
        use crate::protocol::Version::{TLSv1, TLSv1_2, TLSv1_3};
        for (name, versions) in [
            ("nginx@1.18", [TLSv1, TLSv1_2]),
            ("nginx@1.22", [TLSv1, TLSv1_2]),
            ("nginx@1.23.3", [TLSv1, TLSv1_2]),
            ("nginx@1.23.4", [TLSv1, TLSv1_3]),
            ("nginx@1.26.3", [TLSv1, TLSv1_3]),
            ("nginx@1.27.3", [TLSv1_2, TLSv1_3]),
            ("nginx@1.30.6", [TLSv1_2, TLSv1_3]),
        ] {
            assert_eq!(version(name).default_versions(), Some(versions), "{name}");
        }
        assert!(!version("nginx@1.29.1").chooses_protocols_by_name());
        assert!(version("nginx@1.29.2").chooses_protocols_by_name());
    }

    #[test]
    fn boundaries_say_what_the_others_do() {
        let says = |name: &str, key: &str| version(name).boundary(key).unwrap().says;
        assert_eq!(
            says("nginx@1.24", "http2"),
            "nginx 1.25.1 and later know `http2`"
        );
        let older = "nginx 1.25.0 and older do not know `http2`, and do not start";
        assert_eq!(says("nginx@1.28", "http2"), older);
        let later = "nginx 1.25.1 and later do not know `ssl`, and do not start";
        assert_eq!(says("nginx@1.22", "ssl"), later);
        assert_eq!(
            says("nginx@1.28", "ssl"),
            "nginx 1.25.0 and older know `ssl`"
        );
        assert!(version("nginx@1.28").boundary("ssl_certificate").is_none());
        for change in ServerChange::all() {
            let base = ServerVersion::measured_first(change.server).unwrap();
            let boundary = base.boundary(change.key).unwrap();
            assert!(boundary.says.contains(change.from) && !boundary.already);
            assert!(Release::parse(change.from).is_some());
        }
    }

    #[test]
    fn only_known_versions_are_taken() {
        for name in [
            "nginx@",
            "nginx@1.17",
            "nginx@1.31",
            "nginx@x",
            "tabpy@2.13",
            "nginx@1@2",
        ] {
            assert!(ServerVersion::named(name).is_err(), "{name}");
        }
        for name in [
            "nginx@1.30.99",
            "haproxy@2.2.9",
            "postgres@15",
            "apache@2.4.58",
        ] {
            assert!(ServerVersion::named(name).is_ok(), "{name}");
        }
        assert!(version("nginx@1.22").is_base() && version("nginx@1.22").assumed().is_none());
        assert!(version("nginx@1.26").is_measured() && !version("nginx@1.28").is_measured());
    }
}
