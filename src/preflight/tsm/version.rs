//! Versions of Tableau Server.

use std::fmt;
use std::str::FromStr;

/// A version of Tableau Server, `2020.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableauVersion {
    year: u16,
    release: u8,
}

impl TableauVersion {
    /// The version `year.release`.
    pub const fn new(year: u16, release: u8) -> Self {
        Self { year, release }
    }
}

impl fmt::Display for TableauVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.year, self.release)
    }
}

/// A text that is not a version of Tableau Server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownVersion;

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a version is YEAR.RELEASE, from 2018.1, such as 2024.2")
    }
}

impl std::error::Error for UnknownVersion {}

impl FromStr for TableauVersion {
    type Err = UnknownVersion;

    /// `2020.1` and `2020.1.3`. Before 2018.1, there was no tsm on Windows.
    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let parts: Vec<&str> = text.split('.').collect();
        if !(2..=3).contains(&parts.len()) || !parts.iter().all(|part| digits(part)) {
            return Err(UnknownVersion);
        }
        let mut numbers = parts.iter().map(|part| part.parse::<u16>());
        let mut next = || numbers.next().and_then(Result::ok).ok_or(UnknownVersion);
        let (year, release) = (next()?, next()?);
        let release = u8::try_from(release).map_err(|_| UnknownVersion)?;
        if !(2018..=2099).contains(&year) || !(1..=4).contains(&release) {
            return Err(UnknownVersion);
        }
        Ok(Self { year, release })
    }
}

/// The first version whose OpenSSL is known to be at security level 2.
pub(super) const LEVEL_2: TableauVersion = TableauVersion::new(2025, 3);

/// What a version of Tableau Server has: commands, and options of them.
#[derive(Debug)]
pub(super) struct Span {
    /// The words of the command, or the beginning of several.
    pub(super) path: &'static [&'static str],
    /// The option; `None`: the command itself.
    pub(super) option: Option<&'static str>,
    /// The first version that has it.
    pub(super) since: Option<TableauVersion>,
    /// The first version that no longer has it.
    pub(super) gone: Option<TableauVersion>,
    /// What replaces it.
    pub(super) instead: &'static str,
}

/// Sources: help.tableau.com, "tsm security" (maestro-rserve-ssl, maestro-tabpy-ssl; "As of
/// the 2020.2 release …"), "Configure Connections with Analytics Extensions", "Configure TLS
/// on Independent Gateway". A command without a row is assumed to be in every version.
pub(super) const SPANS: &[Span] = &[
    Span {
        path: &["security", "vizql-extsvc-ssl"],
        option: None,
        since: None,
        gone: Some(TableauVersion::new(2020, 2)),
        instead: "configure the connection on the server's admin pages (Settings, Extensions): \
                  the operating system's trust store decides which certificates are trusted",
    },
    Span {
        path: &["security", "vizql-extsvc-ssl", "enable"],
        option: Some("--cert-file"),
        since: None,
        gone: Some(TableauVersion::new(2020, 1)),
        instead: "install the CA certificate in the operating system's trust store \
                  (`certcheck trust plan`), and leave the option out",
    },
    Span {
        path: &["security", "maestro-rserve-ssl"],
        option: None,
        since: Some(TableauVersion::new(2019, 3)),
        gone: None,
        instead: "flows run R scripts on Tableau Server from that version on",
    },
    Span {
        path: &["security", "maestro-tabpy-ssl"],
        option: None,
        since: Some(TableauVersion::new(2019, 3)),
        gone: None,
        instead: "flows run Python scripts on Tableau Server from that version on",
    },
    Span {
        path: &["topology", "external-services", "gateway"],
        option: None,
        since: Some(TableauVersion::new(2022, 1)),
        gone: None,
        instead: "Tableau Server Independent Gateway comes with that version",
    },
];

#[cfg(test)]
mod tests {
    use super::TableauVersion;

    #[test]
    fn versions_have_an_order() {
        let version = |text: &str| text.parse::<TableauVersion>();
        assert_eq!(version("2020.1"), Ok(TableauVersion::new(2020, 1)));
        assert_eq!(version("2020.1.3").unwrap().to_string(), "2020.1");
        assert!(version("2019.4").unwrap() < version("2020.1").unwrap());
        for text in [
            "",
            "2020",
            "2020.",
            "2020.5",
            "10.5",
            "2020.1.2.3",
            "x.1",
            "20201",
            "2020.-1",
            "99999.1",
        ] {
            assert!(version(text).is_err(), "{text}");
        }
    }
}
