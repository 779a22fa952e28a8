//! How long a server's certificate may be valid for (Baseline Requirements 6.3.2).

use crate::Time;
use crate::chain::reason::Reason;
use crate::model::Certificate;

const DAY: i64 = 86_400;

/// The first moment of a limit, and the limit in days, newest first. The steps
/// are those of 6.3.2 in version 2.1.5 and, before 2020-09-01, in 1.3.0: 39
/// months, the longest of which have 1,188 days. Certificates issued before
/// 2015-04-01 had 60 months, and the last of them ended in 2020.
const LIMITS: [(i64, i64); 7] = [
    (1_868_227_200, 47),    // 2029-03-15
    (1_805_068_800, 100),   // 2027-03-15
    (1_773_532_800, 200),   // 2026-03-15
    (1_598_918_400, 398),   // 2020-09-01
    (1_519_862_400, 825),   // 2018-03-01
    (1_427_846_400, 1_188), // 2015-04-01
    (i64::MIN, i64::MAX),
];

/// Whether it is valid for longer than was allowed when it was issued, for which
/// notBefore is the only witness.
pub(super) fn too_long(certificate: &Certificate<'_>) -> Option<Reason> {
    let (from, to) = (certificate.not_before(), certificate.not_after());
    let (_, limit) = LIMITS
        .into_iter()
        .find(|(since, _)| from >= Time::from_unix_seconds(*since))?;
    // RFC 5280 4.1.2.5 includes both ends; what exceeds a day of 86,400 seconds
    // is another day (6.3.2).
    let seconds = to.unix_seconds().saturating_sub(from.unix_seconds());
    let days = seconds.saturating_add(DAY) / DAY;
    // A negative number of days is a certificate that ends before it begins. Its validity is
    // judged elsewhere; here it is not too long.
    (days > limit).then(|| Reason::Lifetime {
        days: u64::try_from(days).unwrap_or(0),
        limit: u64::try_from(limit).unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_begin_at_midnight() {
        let dates = [
            "2029-03-15",
            "2027-03-15",
            "2026-03-15",
            "2020-09-01",
            "2018-03-01",
            "2015-04-01",
        ];
        for ((since, _), date) in LIMITS.iter().zip(dates) {
            let time = Time::from_unix_seconds(*since);
            assert_eq!(time.to_string(), format!("{date}T00:00:00Z"));
        }
    }
}
