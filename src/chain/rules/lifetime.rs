//! How long a server's certificate may be valid for (Baseline Requirements 6.3.2).

use crate::chain::reason::Reason;
use crate::dated::Change;
use crate::model::Certificate;

const DAY: i64 = 86_400;

/// Whether it is valid for longer than was allowed when it was issued, for which notBefore is the
/// only evidence.
pub(super) fn too_long(certificate: &Certificate<'_>) -> Option<Reason> {
    let (from, to) = (certificate.not_before(), certificate.not_after());
    // The steps are those of 6.3.2 in version 2.1.5 and, before 2020-09-01, in 1.3.0: 39 months,
    // the longest of which have 1,188 days. Certificates issued before 2015-04-01 had 60 months,
    // and the last of them ended in 2020.
    let limit = Change::most_days(from)?;
    // RFC 5280 4.1.2.5 includes both ends; any excess over a day of 86,400 seconds is another day
    // (6.3.2).
    let seconds = to.unix_seconds().saturating_sub(from.unix_seconds());
    let days = seconds.saturating_add(DAY) / DAY;
    // A negative number of days is a certificate that ends before it begins. Its validity is
    // judged elsewhere; here it is not too long.
    (days > limit).then(|| Reason::Lifetime {
        days: u64::try_from(days).unwrap_or(0),
        limit: u64::try_from(limit).unwrap_or(0),
    })
}
