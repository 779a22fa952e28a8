//! Is a certificate valid at a given moment?

use crate::Time;
use crate::finding::CertificateFact;
use crate::model::Certificate;

/// Where a moment lies in a certificate's validity, both ends included
/// (RFC 5280 4.1.2.5).
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
    /// Of `certificate` at the moment `at`. A validity that ends before it
    /// begins has expired.
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

    /// Whether it is within.
    pub const fn is_valid(self) -> bool {
        matches!(self, Self::Valid { .. })
    }

    /// What is to be reported of an end-entity certificate at `at`, when one
    /// that ends within `warn_days` is to be reported too.
    pub fn fact(self, at: Time, warn_days: u32) -> Option<CertificateFact> {
        match self {
            Self::NotYet { not_before } => Some(CertificateFact::NotYetValid { not_before, at }),
            Self::Expired { not_after } => Some(CertificateFact::Expired { not_after, at }),
            Self::Valid { not_after } if not_after <= at.plus_days(i64::from(warn_days)) => {
                Some(CertificateFact::ExpiresSoon {
                    not_after,
                    at,
                    days: u64::try_from(at.days_until(not_after)).unwrap_or(0),
                })
            }
            Self::Valid { .. } => None,
        }
    }
}

/// The most days that Apple's clients accept for a server's certificate below a
/// root that was added, and the moment since which those issued are held to it
/// (2019-07-01T00:00:00Z; support document 103769).
pub const APPLE_DAYS: u32 = 825;
/// See [`APPLE_DAYS`].
pub const APPLE_SINCE: Time = Time::from_unix_seconds(1_561_939_200);

/// Whether a certificate is valid for longer than so many days of 86,400 seconds
/// and an hour, as Apple's Security framework counts (SecPolicyServer.c).
pub fn outlives(certificate: &Certificate<'_>, days: u32) -> bool {
    let last = certificate.not_after().unix_seconds();
    let seconds = last.saturating_sub(certificate.not_before().unix_seconds());
    seconds > i64::from(days) * 86_400 + 3_600
}
