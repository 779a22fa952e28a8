//! What public CAs and browsers change, and from when on: one table for findings and forecasts.
//!
//! The table is data: changes.tsv has the day, the kind, what it is about (days, a name), whom it
//! concerns, the words and the address of the announcement.

use crate::Time;
use std::sync::LazyLock;

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The most days that a certificate may be valid for.
    Lifetime(i64),
    /// The lifetime, in days, that a CA issues unless it is asked for fewer.
    DefaultLifetime(i64),
    /// No purpose clientAuth in a server's certificate; by this organization's CA, or by all.
    ClientAuth(Option<&'static str>),
    /// A root of this commonName is not trusted for what was issued later.
    Distrust(&'static str),
    /// The CA of this organization issues no certificates with must-staple.
    MustStaple(&'static str),
    /// That CA answers no OCSP requests.
    Ocsp(&'static str),
    /// A post-quantum group, which this side offers.
    PostQuantum(&'static str),
}

/// One change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// From this day on; for a distrust, the last day on which an issued certificate is trusted.
    pub(crate) date: Time,
    pub(crate) kind: Kind,
    /// Whom it concerns.
    pub(crate) whom: &'static str,
    /// What changes.
    pub(crate) what: &'static str,
    /// Where it was announced.
    pub(crate) source: &'static str,
}

static CHANGES: LazyLock<Vec<Change>> = LazyLock::new(|| {
    include_str!("dated/changes.tsv")
        .lines()
        .filter_map(row)
        .collect()
});

fn row(line: &'static str) -> Option<Change> {
    let mut cells = line.split('\t');
    let date = format!("{}T00:00:00Z", cells.next()?).parse().ok()?;
    let (kind, about) = (cells.next()?, cells.next()?);
    let kind = match kind {
        "lifetime" => Kind::Lifetime(about.parse().ok()?),
        "default-lifetime" => Kind::DefaultLifetime(about.parse().ok()?),
        "client-auth" => Kind::ClientAuth((about != "*").then_some(about)),
        "distrust" => Kind::Distrust(about),
        "must-staple" => Kind::MustStaple(about),
        "ocsp" => Kind::Ocsp(about),
        "post-quantum" => Kind::PostQuantum(about),
        _ => return None,
    };
    Some(Change {
        date,
        kind,
        whom: cells.next()?,
        what: cells.next()?,
        source: cells.next()?,
    })
}

impl Change {
    /// All of them, the oldest first.
    pub(crate) fn all() -> &'static [Self] {
        &CHANGES
    }

    /// The most days that a public CA may issue for at this moment; `None` before the first limit.
    pub(crate) fn most_days(at: Time) -> Option<i64> {
        let mut limits = Self::all().iter().rev();
        limits.find_map(|change| match change.kind {
            Kind::Lifetime(days) if change.date <= at => Some(days),
            _ => None,
        })
    }

    /// Why a browser does not trust what a root of this name issued at this moment, if it does not.
    pub(crate) fn distrust(root: &str, issued: Time) -> Option<&'static Self> {
        const DAY: i64 = 86_400;
        Self::all().iter().find(|change| {
            // The last moment is the end of that day.
            let end = change.date.unix_seconds().saturating_add(DAY);
            change.kind_is_distrust_of(root) && issued.unix_seconds() >= end
        })
    }

    fn kind_is_distrust_of(&self, root: &str) -> bool {
        matches!(self.kind, Kind::Distrust(name) if name == root)
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Kind};
    use crate::Time;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn every_row_is_read_in_order_and_has_an_address() {
        let lines = include_str!("dated/changes.tsv").lines().count();
        assert_eq!(Change::all().len(), lines);
        assert!(Change::all().is_sorted_by_key(|change| change.date));
        let address = |change: &Change| change.source.starts_with("https://");
        assert!(Change::all().iter().all(address));
    }

    /// Baseline Requirements 6.3.2, and Ballot SC-081v3 from 2026 on.
    #[test]
    fn the_most_days_by_date() {
        for (date, days) in [
            ("2015-03-31T23:59:59Z", None),
            ("2015-04-01T00:00:00Z", Some(1188)),
            ("2018-03-01T00:00:00Z", Some(825)),
            ("2020-08-31T23:59:59Z", Some(825)),
            ("2020-09-01T00:00:00Z", Some(398)),
            ("2026-03-15T00:00:00Z", Some(200)),
            ("2027-03-15T00:00:00Z", Some(100)),
            ("2029-03-14T23:59:59Z", Some(100)),
            ("2029-03-15T00:00:00Z", Some(47)),
        ] {
            assert_eq!(Change::most_days(at(date)), days, "{date}");
        }
    }

    #[test]
    fn a_distrust_is_about_what_is_issued_later() {
        let root = "Entrust Root Certification Authority - G2";
        assert!(Change::distrust(root, at("2024-11-11T23:59:59Z")).is_none());
        let found = Change::distrust(root, at("2024-11-12T00:00:00Z")).unwrap();
        assert_eq!(found.whom, "Chrome");
        assert!(Change::distrust("Example Root CA", at("2030-01-01T00:00:00Z")).is_none());
        let roots = Change::all().iter();
        let roots = roots.filter(|change| matches!(change.kind, Kind::Distrust(_)));
        assert_eq!(roots.count(), 12);
    }
}
