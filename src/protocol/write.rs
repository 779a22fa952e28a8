//! Writing a set of versions in a dialect: the shortest string, and strings
//! of other dialects. Nothing is returned that was not evaluated first.

use super::{Dialect, Environment, Evaluation, ProtocolString, Version, VersionSet};
use crate::rule::{self, ProtocolFact};
use std::fmt;

/// Why a dialect has no string for a set of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CannotSay {
    /// The dialect.
    pub dialect: Dialect,
    /// The requested versions.
    pub versions: VersionSet,
    /// Why not.
    pub reason: &'static str,
}

impl fmt::Display for CannotSay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions = if self.versions.is_empty() {
            "no version at all".to_owned()
        } else {
            format!("exactly {}", self.versions)
        };
        write!(
            f,
            "{} cannot express {versions}: {}",
            self.dialect.program(),
            self.reason
        )
    }
}

impl std::error::Error for CannotSay {}

impl ProtocolString {
    /// The shortest string of the same dialect with the same effective set
    /// that says what it does (no gap that gets closed, no word that is ignored), or this one if it
    /// is shorter; `None` if the program refuses this string, does not start with it, or nothing
    /// works.
    ///
    /// ```
    /// use certcheck::protocol::{Dialect, Environment, ProtocolString};
    /// let long = ProtocolString::parse(Dialect::Apache, "all -TLSv1 -TLSv1.1 -TLSv1.2");
    /// let short = long.shortest_equivalent(&Environment::httpd_24_openssl_3());
    /// assert_eq!(short.unwrap().to_string(), "TLSv1.3");
    /// ```
    pub fn shortest_equivalent(&self, environment: &Environment) -> Option<Self> {
        let answer = self.evaluate(environment);
        if !answer.accepted || !answer.starts || answer.effective.is_empty() {
            return None;
        }
        let texts = candidates(self.dialect(), environment);
        let short = shortest(self.dialect(), answer.effective, environment, texts);
        let own = self.clone();
        Some(
            short
                .filter(|short| short.as_bytes().len() < own.as_bytes().len())
                .unwrap_or(own),
        )
    }

    /// The same effective set in another dialect, for a program in the
    /// environment `there`.
    ///
    /// # Errors
    ///
    /// [`CannotSay`] if that dialect has no string for the set, or if this string leaves nothing
    /// that works.
    ///
    /// ```
    /// use certcheck::protocol::{Dialect, Environment, ProtocolString};
    /// let string = ProtocolString::parse(Dialect::Tsm, "all, -SSLv3, -TLSv1, -TLSv1.1");
    /// let (here, there) = (Environment::default_for(Dialect::Tsm), Environment::default_for(Dialect::HaProxy));
    /// let written = string.translate(&here, Dialect::HaProxy, &there)?;
    /// assert_eq!(written.to_string(), "ssl-min-ver TLSv1.2");
    /// # Ok::<(), certcheck::protocol::CannotSay>(())
    /// ```
    pub fn translate(
        &self,
        here: &Environment,
        to: Dialect,
        there: &Environment,
    ) -> Result<Self, CannotSay> {
        Self::write(to, self.evaluate(here).effective, there)
    }

    /// The shortest non-empty string of `dialect` with which exactly `versions` work.
    ///
    /// # Errors
    ///
    /// [`CannotSay`] if the dialect has none.
    pub fn write(
        dialect: Dialect,
        versions: VersionSet,
        environment: &Environment,
    ) -> Result<Self, CannotSay> {
        let cannot = |reason| CannotSay {
            dialect,
            versions,
            reason,
        };
        if versions.is_empty() {
            return Err(cannot("nothing works with the string"));
        }
        let said = candidates(dialect, environment)
            .into_iter()
            .filter(|text| !text.is_empty());
        shortest(dialect, versions, environment, said.collect())
            .ok_or_else(|| cannot(reason(dialect, versions, environment)))
    }
}

impl fmt::Display for ProtocolString {
    /// The text; bytes that are not UTF-8 are shown as U+FFFD.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&String::from_utf8_lossy(self.as_bytes()))
    }
}

fn shortest(
    dialect: Dialect,
    versions: VersionSet,
    environment: &Environment,
    candidates: Vec<String>,
) -> Option<ProtocolString> {
    // An HAProxy string builds on the global options that it was judged with.
    let says_it = |text: &String| {
        let answer = ProtocolString::parse(dialect, text).evaluate(environment);
        let works = answer.accepted && answer.starts && answer.effective == versions;
        // `configured` too: a string with a version that the library then drops would change its
        // meaning with the next library.
        works && answer.configured == versions && answer.warnings.is_empty() && plain(&answer)
    };
    // Of several with the same length, the first: the lists begin with the usual ones.
    candidates
        .into_iter()
        .filter(says_it)
        .min_by_key(String::len)
        .map(|text| ProtocolString::parse(dialect, text))
}

/// Whether every word does what it says.
fn plain(answer: &Evaluation) -> bool {
    answer.observations.iter().all(|seen| {
        matches!(
            seen.fact,
            ProtocolFact::Sslv3(rule::protocol::Sslv3 { .. })
                | ProtocolFact::WeakVersion(rule::protocol::WeakVersion { .. })
                | ProtocolFact::NoModernVersion(rule::protocol::NoModernVersion { .. })
        )
    })
}

fn reason(dialect: Dialect, versions: VersionSet, environment: &Environment) -> &'static str {
    let range = matches!(dialect, Dialect::HaProxy | Dialect::Postgres);
    let closes = matches!(dialect, Dialect::Apache | Dialect::Tsm);
    if !versions.difference(environment.built_in()).is_empty() {
        "its TLS library lacks one of them"
    } else if environment.speaks(versions) != versions {
        "its TLS library's security level refuses one of them"
    } else if dialect == Dialect::TabPy {
        "it sets the oldest version only"
    } else if versions.has_hole() && range {
        "it takes an oldest and a newest version, with no gap between them"
    } else if versions.has_hole() && closes {
        "versions below a gap do not work there"
    } else {
        "none of its strings leaves exactly these"
    }
}

/// Every set of the versions that the environment's library has.
fn subsets(environment: &Environment) -> Vec<VersionSet> {
    // Five versions at most, hence at most 32 sets.
    let known = VersionSet::SSL3_AND_TLS.intersection(environment.built_in());
    known.iter().fold(vec![VersionSet::EMPTY], |sets, version| {
        let only = VersionSet::only(version);
        sets.iter()
            .flat_map(|&set| [set, set.union(only)])
            .collect()
    })
}

fn joined(set: VersionSet, prefix: &str, separator: &str) -> String {
    let names: Vec<_> = set
        .iter()
        .map(|version| format!("{prefix}{version}"))
        .collect();
    names.join(separator)
}

/// The strings worth trying: at most a few hundred.
fn candidates(dialect: Dialect, environment: &Environment) -> Vec<String> {
    let sets = subsets(environment);
    match dialect {
        Dialect::Tsm | Dialect::Apache => sets
            .iter()
            .flat_map(|&set| {
                let oldest = set.oldest().map_or(VersionSet::EMPTY, VersionSet::only);
                let rest = joined(set.difference(oldest), " +", "");
                [
                    format!("all{}", joined(set, " -", "")),
                    format!("{oldest}{rest}"),
                ]
            })
            .collect(),
        Dialect::Nginx => sets.iter().map(ToString::to_string).collect(),
        Dialect::OpenSsl => openssl(&sets, ""),
        Dialect::OpenSslConf => {
            let mut texts = openssl(&sets, "Protocol = ");
            texts.extend(limits(
                "MinProtocol = ",
                "",
                "MaxProtocol = ",
                "",
                "; ",
                &Version::as_str,
            ));
            texts
        }
        Dialect::Postgres => {
            let (least, most) = (
                "ssl_min_protocol_version = '",
                "ssl_max_protocol_version = '",
            );
            limits(least, "'", most, "'", "; ", &Version::as_str)
        }
        Dialect::HaProxy => {
            let name = |version: &Version| match version {
                Version::TLSv1 => "TLSv1.0",
                other => other.as_str(),
            };
            limits("ssl-min-ver ", "", "ssl-max-ver ", "", " ", &|version| {
                name(&version)
            })
        }
        Dialect::Postfix => {
            let mut texts = limits(">=", "", "<=", "", ", ", &Version::as_str);
            texts.extend(sets.iter().map(|&set| joined(set, "", ", ")));
            texts.extend(sets.iter().map(|&set| joined(set, "!", ", ")));
            texts
        }
        Dialect::TabPy => {
            let names = ["SSLv3", "TLSv1", "TLSv1_1", "TLSv1_2", "TLSv1_3"];
            names.map(str::to_owned).to_vec()
        }
        Dialect::Java => sets.iter().map(|&set| joined(set, "", ",")).collect(),
        Dialect::Tomcat => sets
            .iter()
            .flat_map(|&set| [joined(set, "", "+"), format!("all{}", joined(set, "-", ""))])
            .collect(),
    }
}

fn openssl(sets: &[VersionSet], name: &str) -> Vec<String> {
    sets.iter()
        .flat_map(|&set| {
            let rest = joined(set, ",", "");
            [
                format!("-ALL{rest}"),
                joined(set, "-", ","),
                "ALL".to_owned(),
            ]
        })
        .filter(|value| !value.is_empty())
        .map(|value| format!("{name}{value}"))
        .collect()
}

/// Every pair of an oldest and a newest version; either may be missing.
fn limits(
    least: &str,
    behind_least: &str,
    most: &str,
    behind_most: &str,
    between: &str,
    name: &dyn Fn(Version) -> &'static str,
) -> Vec<String> {
    let versions = || {
        let known = VersionSet::SSL3_AND_TLS.iter().map(Some);
        std::iter::once(None).chain(known)
    };
    versions()
        .flat_map(|newest| versions().map(move |oldest| (oldest, newest)))
        .map(|(oldest, newest)| {
            let oldest = oldest.map(|version| format!("{least}{}{behind_least}", name(version)));
            let newest = newest.map(|version| format!("{most}{}{behind_most}", name(version)));
            oldest
                .into_iter()
                .chain(newest)
                .collect::<Vec<_>>()
                .join(between)
        })
        .collect()
}
