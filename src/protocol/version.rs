//! Protocol versions and sets of them.

use std::fmt;
use std::str::FromStr;

/// A version of SSL or TLS. Ordered by age, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Version {
    /// SSL 2.0 (1995), prohibited by RFC 6176.
    SSLv2,
    /// SSL 3.0 (1996), prohibited by RFC 7568.
    SSLv3,
    /// TLS 1.0 (RFC 2246), deprecated by RFC 8996.
    TLSv1,
    /// TLS 1.1 (RFC 4346), deprecated by RFC 8996.
    TLSv1_1,
    /// TLS 1.2 (RFC 5246).
    TLSv1_2,
    /// TLS 1.3 (RFC 8446).
    TLSv1_3,
}

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Self; 6] = [
        Self::SSLv2,
        Self::SSLv3,
        Self::TLSv1,
        Self::TLSv1_1,
        Self::TLSv1_2,
        Self::TLSv1_3,
    ];

    /// The name in mod_ssl, OpenSSL and nginx: `SSLv3`, `TLSv1`, `TLSv1.2`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SSLv2 => "SSLv2",
            Self::SSLv3 => "SSLv3",
            Self::TLSv1 => "TLSv1",
            Self::TLSv1_1 => "TLSv1.1",
            Self::TLSv1_2 => "TLSv1.2",
            Self::TLSv1_3 => "TLSv1.3",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::SSLv2 => 1,
            Self::SSLv3 => 2,
            Self::TLSv1 => 4,
            Self::TLSv1_1 => 8,
            Self::TLSv1_2 => 16,
            Self::TLSv1_3 => 32,
        }
    }

    /// The version of that name, ignoring case.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|version| name.eq_ignore_ascii_case(version.as_str().as_bytes()))
    }

    /// The version of exactly that name.
    pub(super) fn named_exactly(name: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|version| name == version.as_str().as_bytes())
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that names no version.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownVersion;

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not one of SSLv2 SSLv3 TLSv1 TLSv1.1 TLSv1.2 TLSv1.3")
    }
}

impl std::error::Error for UnknownVersion {}

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        Self::named_exactly(text.as_bytes()).ok_or(UnknownVersion)
    }
}

/// A set of versions, iterated oldest first.
///
/// ```
/// use certcheck::protocol::{Version, VersionSet};
/// let modern = VersionSet::from_iter([Version::TLSv1_3, Version::TLSv1_2]);
/// assert_eq!(modern.to_string(), "TLSv1.2 TLSv1.3");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct VersionSet(u8);

impl VersionSet {
    /// No version at all.
    pub const EMPTY: Self = Self(0);
    /// TLSv1 and everything newer.
    pub const TLS: Self = Self(0b11_1100);
    /// SSLv3 and everything newer.
    pub const SSL3_AND_TLS: Self = Self(0b11_1110);
    /// TLSv1.2 and TLSv1.3: what today's clients demand.
    pub const MODERN: Self = Self(0b11_0000);
    /// TLSv1 and TLSv1.1, deprecated by RFC 8996.
    pub const WEAK: Self = Self(0b1100);

    /// The set that contains only `version`.
    pub const fn only(version: Version) -> Self {
        Self(version.bit())
    }

    /// Whether `version` is in it.
    pub const fn contains(self, version: Version) -> bool {
        self.0 & version.bit() != 0
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many versions are in it.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The versions in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The versions in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The versions in this set but not in `other`.
    #[must_use]
    pub const fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The versions, oldest first.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Version> {
        Version::ALL
            .into_iter()
            .filter(move |&version| self.contains(version))
    }

    /// The oldest version in it.
    pub fn oldest(self) -> Option<Version> {
        self.iter().next()
    }

    /// The newest version in it.
    pub fn newest(self) -> Option<Version> {
        self.iter().next_back()
    }

    /// The versions from `oldest` to `newest`, both included.
    pub fn between(oldest: Version, newest: Version) -> Self {
        Version::ALL
            .into_iter()
            .filter(|version| (oldest..=newest).contains(version))
            .collect()
    }

    /// The versions' names, oldest first.
    pub fn names(self) -> Vec<String> {
        self.iter().map(|version| version.to_string()).collect()
    }

    /// Whether versions are missing between the oldest and the newest.
    pub fn has_hole(self) -> bool {
        match (self.oldest(), self.newest()) {
            (Some(oldest), Some(newest)) => Self::between(oldest, newest) != self,
            _ => false,
        }
    }

    /// The newest version and those that follow it downwards without a gap.
    pub(super) fn without_holes(self) -> Self {
        let mut kept = Self::EMPTY;
        for version in Version::ALL.into_iter().rev() {
            if self.contains(version) {
                kept = kept.union(Self::only(version));
            } else if !kept.is_empty() {
                break;
            }
        }
        kept
    }
}

impl FromIterator<Version> for VersionSet {
    fn from_iter<I: IntoIterator<Item = Version>>(versions: I) -> Self {
        versions
            .into_iter()
            .fold(Self::EMPTY, |set, version| set.union(Self::only(version)))
    }
}

impl fmt::Display for VersionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.names().join(" "))
    }
}

impl fmt::Debug for VersionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{self}}}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> VersionSet {
        text.split(' ')
            .filter(|word| !word.is_empty())
            .map(|word| word.parse::<Version>().unwrap())
            .collect()
    }

    #[test]
    fn sets_print_oldest_first() {
        assert_eq!(
            set("TLSv1.3 SSLv2 TLSv1").to_string(),
            "SSLv2 TLSv1 TLSv1.3"
        );
        assert_eq!(VersionSet::EMPTY.to_string(), "");
        assert_eq!(VersionSet::TLS.len(), 4);
        assert_eq!(VersionSet::WEAK, set("TLSv1 TLSv1.1"));
        assert_eq!(VersionSet::MODERN, set("TLSv1.2 TLSv1.3"));
    }

    #[test]
    fn holes_are_closed_from_the_top() {
        for (configured, effective) in [
            ("TLSv1 TLSv1.1 TLSv1.3", "TLSv1.3"),
            ("TLSv1 TLSv1.2 TLSv1.3", "TLSv1.2 TLSv1.3"),
            ("TLSv1 TLSv1.1", "TLSv1 TLSv1.1"),
            ("", ""),
        ] {
            assert_eq!(
                set(configured).without_holes(),
                set(effective),
                "{configured}"
            );
            assert_eq!(set(configured).has_hole(), configured != effective);
        }
    }

    #[test]
    fn names_are_exact_when_parsed_by_users() {
        assert!("tlsv1.2".parse::<Version>().is_err());
        assert_eq!(Version::named(b"tLSV1.2"), Some(Version::TLSv1_2));
    }
}
