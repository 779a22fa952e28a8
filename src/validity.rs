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

/// The days of a certificate's validity, a begun one counted
/// (CA/Browser Forum Baseline Requirements 6.3.2: of 86,400 seconds each,
/// both ends included).
pub fn lifetime_days(certificate: &Certificate<'_>) -> u64 {
    let last = certificate.not_after().unix_seconds();
    let seconds = last.saturating_sub(certificate.not_before().unix_seconds());
    u64::try_from(seconds.saturating_add(1)).map_or(0, |seconds| seconds.div_ceil(86_400))
}
