//! Announced changes of later days that affect this certificate.
//!
//! The table is data: announced.tsv has the day, what it depends on, the words and the address
//! of the announcement. All rows are about certificates that public CAs issue.

use super::result::{Announced, PreflightResult};
use crate::Time;
use crate::model::Certificate;

/// id-kp-clientAuth.
const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";

/// The rows that concern what the server would send, judged at `at`.
pub(super) fn announced(result: &PreflightResult, at: Time) -> Vec<Announced> {
    let own = result.sent.first();
    let Some(own) = own.and_then(|sent| Certificate::parse(&sent.der).ok()) else {
        return Vec::new();
    };
    let days = own.not_before().days_until(own.not_after());
    let usage = own.extended_key_usage();
    let client = usage.is_some_and(|usage| {
        let mut purposes = usage.purposes();
        purposes.any(|purpose| purpose.to_string() == CLIENT_AUTH)
    });
    rows()
        .filter(|(depends, row)| {
            let concerns = match *depends {
                "client-auth" => client,
                most => most.parse().is_ok_and(|most: i64| days > most),
            };
            concerns && row.date > at
        })
        .map(|(_, row)| row)
        .collect()
}

fn rows() -> impl Iterator<Item = (&'static str, Announced)> {
    include_str!("announced.tsv").lines().filter_map(|row| {
        let mut cells = row.split('\t');
        let date = format!("{}T00:00:00Z", cells.next()?).parse().ok()?;
        let depends = cells.next()?;
        let (what, source) = (cells.next()?, cells.next()?);
        Some((depends, Announced { date, what, source }))
    })
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn every_row_is_read_and_has_an_address() {
        let lines = include_str!("announced.tsv").lines().count();
        assert_eq!(rows().count(), lines);
        assert!(rows().all(|(_, row)| row.source.starts_with("https://")));
    }
}
