//! Versions of clients: which rule changes with which version.
//!
//! A profile states what a client does in the versions that were measured first. The table
//! ([`table`]) lists what other versions do differently: for each rule, from which version on it
//! has which value. [`Asked::applied`] puts the values of one version into a profile; the work is
//! one walk through some thirty rows.

mod listing;
mod table;

use super::by_version::Facts;
use super::profile::ClientProfile;
use crate::handshake::ClientHello;
use crate::{Release, UnknownRelease};
pub use listing::{Change, KnownProgram};
use table::PROGRAMS;
use table::RULES;

/// A program whose versions are known.
pub(super) struct Program {
    /// The clients that are this program.
    pub(super) clients: &'static [&'static str],
    /// What people call it.
    pub(super) title: &'static str,
    /// The oldest version about which something is known.
    pub(super) oldest: &'static str,
    /// The version of the profile.
    pub(super) base: &'static str,
    /// The versions that were run, the profile's among them.
    pub(super) measured: &'static [&'static str],
}

/// Whose version a rule depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    /// The client's own.
    Own,
    /// That of the OpenSSL that it is linked with.
    OpenSsl,
}

/// One rule of some clients: its value from each version on, the oldest first.
pub(super) struct Rule {
    pub(super) clients: &'static [&'static str],
    pub(super) axis: Axis,
    /// What it is about, for documents.
    pub(super) what: &'static str,
    pub(super) values: &'static [(&'static str, Value)],
    /// The source of this knowledge.
    pub(super) source: &'static str,
}

/// A value, and what it changes in a profile.
#[derive(Clone, Copy)]
pub(super) enum Value {
    /// What the profile says.
    Profile,
    /// OpenSSL's security level.
    Level(u8),
    /// `X509_V_FLAG_PARTIAL_CHAIN`, and with it `X509_V_FLAG_X509_STRICT`.
    Flags { partial: bool, strict: bool },
    /// What it offers in a handshake.
    Hello(&'static ClientHello),
    /// The smallest RSA key.
    LeastRsa(u32),
    /// Whether an iPAddress in subjectAltName counts.
    Addresses(bool),
    /// One of the other facts, in a word.
    Fact(&'static str, fn(&mut Facts)),
}

/// Between which versions handshakes with DSA keys were measured: Node 20.20, OpenJDK 17.0.15 and
/// 25.0, NSS 3.87.1.
const DSS: &[(&str, &str, &str)] = &[
    ("node", "20", "21"),
    ("java", "17", "26"),
    ("nss", "3.87", "3.88"),
];

/// The OpenSSL of the profiles.
const OPENSSL: &str = "3.0";

/// The version of a client that someone asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    version: Option<Release>,
    openssl: Option<Release>,
}

impl Program {
    /// The program that a client is.
    pub(super) fn of(client: &str) -> Option<&'static Self> {
        PROGRAMS
            .iter()
            .find(|program| program.clients.contains(&client))
    }

    pub(super) fn has_openssl(&self) -> bool {
        RULES.iter().any(|rule| {
            rule.axis == Axis::OpenSsl
                && rule
                    .clients
                    .iter()
                    .any(|client| self.clients.contains(client))
        })
    }

    /// The newest version that was run, or a later one in which a rule changes.
    fn newest(&self) -> Option<Release> {
        let measured = self.measured.iter().filter_map(|text| Release::parse(text));
        let changes = self
            .clients
            .iter()
            .flat_map(|client| breaks(client, Axis::Own));
        measured.chain(changes).max()
    }

    fn base(&self) -> Option<Release> {
        Release::parse(self.base)
    }
}

/// The rules of a client.
fn rules(client: &str, axis: Axis) -> impl Iterator<Item = &'static Rule> {
    let own = move |rule: &&Rule| rule.axis == axis && rule.clients.contains(&client);
    RULES.iter().filter(own)
}

/// The versions with which something changes, the oldest first.
fn breaks(client: &str, axis: Axis) -> Vec<Release> {
    let values = rules(client, axis).flat_map(|rule| rule.values);
    let mut all: Vec<_> = values.filter_map(|value| Release::parse(value.0)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

impl Asked {
    /// What is after the `@` in `java@8`, or in `curl@8.14.1+openssl-3.5`.
    pub(super) fn parse(client: &str, text: &str) -> Result<Self, UnknownRelease> {
        let fault = |message: String| Err(UnknownRelease::new(message));
        let Some(program) = Program::of(client) else {
            return fault(format!(
                "certcheck knows no versions of `{client}`: leave out `@{text}`"
            ));
        };
        let (version, openssl) = match text.split_once("+openssl-") {
            Some((version, openssl)) => (version, Some(openssl)),
            None => (text, None),
        };
        let example = program.base;
        let Some(version) = Release::parse(version) else {
            return fault(format!(
                "`{text}` is not a version of {client}: write it in numbers, as in `{client}@{example}`"
            ));
        };
        let oldest = Release::parse(program.oldest);
        if oldest.is_some_and(|oldest| version < oldest && !version.covers(oldest)) {
            return fault(format!(
                "certcheck knows {client} from version {} on: nothing is known of {version}",
                program.oldest
            ));
        }
        let openssl = match openssl {
            None => None,
            Some(_) if !program.has_openssl() => {
                return fault(format!(
                    "{client} has no OpenSSL of which certcheck knows versions: write `{client}@{version}`"
                ));
            }
            Some(text) => {
                match Release::parse(text)
                    .filter(|version| Some(*version) >= Release::parse("1.1.1"))
                {
                    Some(openssl) => Some(openssl),
                    None => {
                        return fault(format!(
                            "certcheck knows OpenSSL from version 1.1.1 on, not `{text}`"
                        ));
                    }
                }
            }
        };
        Ok(Self {
            version: Some(version),
            openssl,
        })
    }

    /// One version with the profile's OpenSSL, or one OpenSSL with the profile's version.
    const fn at(axis: Axis, release: Release) -> Self {
        match axis {
            Axis::Own => Self {
                version: Some(release),
                openssl: None,
            },
            Axis::OpenSsl => Self {
                version: None,
                openssl: Some(release),
            },
        }
    }

    /// A profile with the values of this version.
    pub(super) fn applied(self, mut profile: ClientProfile) -> ClientProfile {
        for (axis, release) in [(Axis::Own, self.version), (Axis::OpenSsl, self.openssl)] {
            let Some(release) = release else { continue };
            for rule in rules(profile.name, axis) {
                let since = |value: &&(&str, Value)| Release::parse(value.0) <= Some(release);
                // A version before the first one has its value: `3` means 3.0 or later.
                let value = rule.values.iter().rev().find(since);
                if let Some((_, value)) = value.or_else(|| rule.values.first()) {
                    value.apply(&mut profile);
                }
            }
        }
        profile.facts.dss = self.signs_dss(profile.name);
        profile
    }

    /// Whether handshakes with DSA keys were measured with this version, or with versions before
    /// and after it.
    fn signs_dss(self, client: &str) -> bool {
        let Some(version) = self.version else {
            return true;
        };
        let mut measured = DSS.iter().filter(|(name, ..)| *name == client).peekable();
        // What the version of another client changes is in the table.
        measured.peek().is_none()
            || measured.any(|(_, from, until)| {
                let bounds = Release::parse(from).zip(Release::parse(until));
                bounds.is_some_and(|(from, until)| (from..until).contains(&version))
            })
    }

    /// The program and its version: `OpenJDK 8`.
    pub(super) fn program(self, client: &str) -> String {
        let title = Program::of(client).map_or(client, |program| program.title);
        match self.version {
            Some(version) => format!("{title} {version}"),
            None => title.to_owned(),
        }
    }

    /// How it is written after the client's name.
    pub(super) fn text(self) -> String {
        let openssl = self.openssl.map(|version| format!("+openssl-{version}"));
        let version = self.version.map(|version| version.to_string());
        version.unwrap_or_default() + &openssl.unwrap_or_default()
    }

    /// Whether it was run, or versions before and after it between which nothing changes.
    pub(super) fn is_measured(self, client: &str) -> bool {
        let Some(program) = Program::of(client) else {
            return false;
        };
        let run = |axis, release: Release, measured: &[&str]| {
            let breaks = breaks(client, axis);
            let segment =
                |release: Release| breaks.iter().filter(|since| **since <= release).count();
            let measured = measured.iter().filter_map(|text| Release::parse(text));
            let near: Vec<_> = measured
                .filter(|measured| segment(*measured) == segment(release))
                .collect();
            near.iter().any(|measured| release.covers(*measured))
                || near.iter().any(|measured| *measured <= release)
                    && near.iter().any(|measured| release <= *measured)
        };
        let own = self
            .version
            .is_none_or(|version| run(Axis::Own, version, program.measured));
        let openssl = Program::of("openssl").map_or(&[][..], |openssl| openssl.measured);
        own && self
            .openssl
            .is_none_or(|version| run(Axis::OpenSsl, version, openssl))
    }

    /// The note about a version that is newer than the known ones.
    pub(super) fn beyond(self, client: &str) -> Option<String> {
        let program = Program::of(client)?;
        let (version, newest) = (self.version?, program.newest()?);
        (version > newest && !newest.covers(version)).then(|| {
            format!("certcheck knows {client} up to {newest}, and judges {version} as that version")
        })
    }

    /// The other versions with which something changes: all of them, or, if a version was asked
    /// for, those that it covers.
    pub(super) fn others(asked: Option<Self>, client: &str) -> Vec<(Axis, Release, Self)> {
        let mut all = Vec::new();
        for axis in [Axis::Own, Axis::OpenSsl] {
            for release in breaks(client, axis) {
                let other = match asked {
                    None => Some(Self::at(axis, release)),
                    Some(asked) => asked.within(axis, release),
                };
                all.extend(other.map(|other| (axis, release, other)));
            }
        }
        all
    }

    /// The same at a later version that still matches the request.
    fn within(self, axis: Axis, release: Release) -> Option<Self> {
        let own = match axis {
            Axis::Own => self.version,
            Axis::OpenSsl => self.openssl,
        }?;
        if own >= release || !own.covers(release) {
            return None;
        }
        Some(match axis {
            Axis::Own => Self {
                version: Some(release),
                ..self
            },
            Axis::OpenSsl => Self {
                openssl: Some(release),
                ..self
            },
        })
    }

    /// Whether the profile's own version is the one that applies from `release` on.
    pub(super) fn is_base(client: &str, axis: Axis, release: Release) -> bool {
        let base = match axis {
            Axis::Own => Program::of(client).and_then(Program::base),
            Axis::OpenSsl => Release::parse(OPENSSL),
        };
        let breaks = breaks(client, axis);
        let mut until = breaks.iter().rev();
        base.is_some_and(|base| until.find(|since| **since <= base) == Some(&release))
    }
}

impl Value {
    fn apply(self, profile: &mut ClientProfile) {
        use super::profile::Engine;
        match self {
            Self::Profile => {}
            Self::Hello(hello) => profile.hello = Some(hello),
            Self::Addresses(count) => profile.names.addresses = count,
            Self::Fact(_, set) => set(&mut profile.facts),
            Self::Level(level) => {
                if let Engine::OpenSsl(flags) = &mut profile.engine {
                    flags.level = level;
                }
            }
            Self::Flags { partial, strict } => {
                if let Engine::OpenSsl(flags) = &mut profile.engine {
                    flags.partial_chain = partial;
                    flags.strict = strict;
                }
            }
            Self::LeastRsa(bits) => {
                if let Engine::Search(rules) = &mut profile.engine {
                    rules.least_rsa = bits;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
