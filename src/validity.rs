//! Is a certificate valid at a given moment?

use crate::Time;
use crate::model::Certificate;
use crate::rule::{self, CertificateFact};

/// The position of a moment in a certificate's validity, both ends included (RFC 5280 4.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Validity {
    /// Before it.
    NotYet {
        /// Its first moment.
        not_before: Time,
    },
    /// Within it.
    Valid {
        /// Its last moment.
        not_after: Time,
    },
    /// After it.
    Expired {
        /// Its last moment.
        not_after: Time,
    },
}

impl Validity {
    /// Returns the validity of `certificate` at `at`. A validity that ends before it begins has
    /// expired.
    pub fn of(certificate: &Certificate<'_>, at: Time) -> Self {
        let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
        if at > not_after || not_after < not_before {
            Self::Expired { not_after }
        } else if at < not_before {
            Self::NotYet { not_before }
        } else {
            Self::Valid { not_after }
        }
    }

    /// Whether the moment is within the validity.
    pub const fn is_valid(self) -> bool {
        matches!(self, Self::Valid { .. })
    }

    /// The fact to report about an end-entity certificate at `at`; from `warn_from` on, a valid
    /// certificate expires soon.
    pub fn fact(self, at: Time, warn_from: Time) -> Option<CertificateFact> {
        match self {
            Self::NotYet { not_before } => Some(CertificateFact::NotYetValid(
                rule::certificate::NotYetValid { not_before, at },
            )),
            Self::Expired { not_after } => {
                Some(CertificateFact::Expired(rule::certificate::Expired {
                    not_after,
                    at,
                }))
            }
            Self::Valid { not_after } if at >= warn_from => Some(CertificateFact::ExpiresSoon(
                rule::certificate::ExpiresSoon {
                    not_after,
                    at,
                    days: u64::try_from(at.days_until(not_after)).unwrap_or(0),
                },
            )),
            Self::Valid { .. } => None,
        }
    }
}

/// The moment from which something that ends at `end` expires soon: `within` days before, or,
/// without a number of days, the last third of its life, at most 30 days. A one-year certificate is
/// due a month before its end, a six-day certificate two days before.
pub fn warn_from(begin: Time, end: Time, within: Option<u32>) -> Time {
    const DAY: i64 = 86_400;
    let last = end.unix_seconds();
    let seconds = match within {
        Some(days) => i64::from(days) * DAY,
        None => (last.saturating_sub(begin.unix_seconds()) / 3).clamp(0, 30 * DAY),
    };
    Time::from_unix_seconds(last.saturating_sub(seconds))
}

/// The maximum number of days that Apple's clients accept for a server's certificate below an added
/// root, for certificates issued since [`APPLE_SINCE`] (2019-07-01T00:00:00Z; support document
/// 103769).
pub const APPLE_DAYS: u32 = 825;
/// See [`APPLE_DAYS`].
pub const APPLE_SINCE: Time = Time::from_unix_seconds(1_561_939_200);

/// Whether a certificate is valid for longer than `days` days of 86,400 seconds plus one hour, as
/// Apple's Security framework counts (SecPolicyServer.c).
pub fn outlives(certificate: &Certificate<'_>, days: u32) -> bool {
    let last = certificate.not_after().unix_seconds();
    let seconds = last.saturating_sub(certificate.not_before().unix_seconds());
    seconds > i64::from(days) * 86_400 + 3_600
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_of_the_life_is_soon_but_no_more_than_thirty_days() {
        let day = |days: i64| Time::from_unix_seconds(days * 86_400);
        for (life, soon) in [
            (6, 2),
            (45, 15),
            (89, 29),
            (90, 30),
            (398, 30),
            (3_650, 30),
            (0, 0),
        ] {
            let from = warn_from(day(100), day(100 + life), None);
            assert_eq!(from.days_until(day(100 + life)), soon, "{life} days");
        }
        assert_eq!(warn_from(day(0), day(300), Some(60)), day(240));
    }
}
