//! Faults of a single certificate.

use crate::Time;
use crate::chain::alone;
use crate::finding::Severity;
#[cfg(feature = "scan")]
use crate::model::Certificate;
use crate::objects::Object;
use crate::rule::Finding;
use crate::validity::{Validity, warn_from};

/// The time for which certificates are judged, and how long before they expire to warn.
#[derive(Clone, Copy, Debug)]
pub struct Dates {
    /// The moment of judgement.
    pub at: Time,
    /// Warn about certificates that expire within this many days; `None`: a third of a
    /// certificate's life, at most 30.
    pub expires_within: Option<u32>,
}

impl From<Time> for Dates {
    fn from(at: Time) -> Self {
        Self {
            at,
            expires_within: None,
        }
    }
}

impl Dates {
    /// Whether a certificate has expired, or expires soon.
    #[cfg(feature = "scan")]
    pub(in crate::command) fn is_due(self, certificate: &Certificate<'_>) -> bool {
        let (begin, end) = (certificate.not_before(), certificate.not_after());
        self.at >= warn_from(begin, end, self.expires_within)
    }

    /// What `verify` would say about the object by itself, if it were verified.
    pub(super) fn judge(self, object: &Object<'_>) -> Vec<Finding> {
        let Some(certificate) = object.certificate() else {
            return Vec::new();
        };
        let found = alone(certificate, self.at).into_iter();
        let mut findings: Vec<_> = found
            .map(|(rejection, is_taken)| {
                let severity = if is_taken {
                    Severity::Warning
                } else {
                    Severity::Error
                };
                Finding::new(rejection.evidence(), object.subject()).with_severity(severity)
            })
            .collect();
        let validity = Validity::of(certificate, self.at);
        if validity.is_valid() {
            let (begin, end) = (certificate.not_before(), certificate.not_after());
            let soon = warn_from(begin, end, self.expires_within);
            let fact = validity.fact(self.at, soon);
            findings.extend(fact.map(|fact| Finding::new(fact, object.subject())));
        }
        findings
    }
}
