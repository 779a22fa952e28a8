//! Why a certificate, or a path through it, is refused.

use crate::Time;
use crate::finding::{Fingerprint, hex};
use crate::rule::{self, CertificateFact, ChainFact, Evidence};
use crate::server_name::NameMismatch;
use crate::signature::SignatureProblem;
use std::fmt;

/// Why a certificate, or a path through it, is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The end-entity is not valid for any of the expected names.
    Name(NameMismatch),
    /// Its validity has not begun.
    NotYetValid {
        /// Its first moment.
        not_before: Time,
        /// The moment of judgement.
        at: Time,
    },
    /// Its validity is over.
    Expired {
        /// Its last moment.
        not_after: Time,
        /// The moment of judgement.
        at: Time,
    },
    /// It must not be used for the purpose.
    Purpose {
        /// The purpose wanted.
        wanted: String,
        /// The purposes that it is marked for.
        present: Vec<String>,
    },
    /// An extension that has to be read cannot be read.
    MalformedExtension {
        /// Its object identifier.
        oid: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A critical extension is unknown.
    UnknownCriticalExtension {
        /// Its object identifier.
        oid: String,
    },
    /// It breaks a rule for issuers that the profile enforces.
    NotConforming {
        /// The rule that it breaks.
        reason: String,
        /// Where the rule is.
        clause: &'static str,
    },
    /// Its signature is made with a broken hash, which the profile refuses.
    WeakSignature {
        /// The signature's algorithm.
        algorithm: String,
    },
    /// It is valid for longer than the profile allows.
    Lifetime {
        /// Days of validity, a part of one counted as a whole.
        days: u64,
        /// The most that is allowed.
        limit: u64,
    },
    /// Its key writes its curve out instead of naming it.
    ExplicitParameters,
    /// Its key is of a kind or size that the profile refuses.
    WeakKey {
        /// The key's algorithm.
        algorithm: String,
        /// Its size.
        bits: u64,
        /// The least that is accepted.
        least: u64,
    },
    /// It issued another certificate without being a CA.
    NotACa {
        /// What it lacks.
        reason: &'static str,
    },
    /// The certificate that names it as its issuer was not signed by its key.
    BadSignature {
        /// The issuer's name.
        issuer_name: String,
        /// Why the signature is not valid.
        problem: SignatureProblem,
    },
    /// A CA above allows fewer intermediates.
    PathLength {
        /// The CA's subject.
        ca: String,
        /// The intermediates that it allows below itself.
        limit: u64,
    },
    /// The path is longer than the caller allows.
    TooDeep {
        /// The intermediates that the caller allows, self-issued ones not counted.
        limit: u64,
    },
    /// One of its names is outside those that a CA above may issue for.
    NameConstraints {
        /// The CA's subject.
        ca: String,
        /// The name.
        name: String,
        /// The constraint that it breaks.
        constraint: String,
    },
    /// The policies along the path are not acceptable (RFC 5280 6.1.5 (g)).
    Policy {
        /// What is missing or forbidden.
        reason: String,
    },
    /// A revocation list contains it.
    Revoked {
        /// The revocation's moment.
        at: Time,
        /// The reason that the list gives.
        reason: String,
        /// The issuer of the list.
        crl_issuer: String,
        /// The number of the list, in hexadecimal digits.
        crl_number: Option<String>,
        /// The place of the list in [`Request::crls`](super::Request::crls).
        list: usize,
    },
    /// No revocation list says whether it is revoked.
    RevocationUnknown {
        /// Why none is usable.
        reason: String,
    },
    /// Its issuer is not among the certificates.
    MissingIssuer {
        /// The issuer's name.
        issuer_name: String,
        /// The key identifier that it must have.
        authority_key_id: Option<Vec<u8>>,
        /// Where it can be fetched.
        ca_issuers: Vec<String>,
        /// Certificates of that name that did not issue it, and why.
        rejected: Vec<String>,
    },
    /// It is self-signed, and not an anchor.
    UntrustedRoot {
        /// How many anchors were given.
        anchors: u64,
    },
    /// The search was ended before it had an answer.
    BudgetExhausted {
        /// What was counted.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
}

/// A certificate that is refused, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejection {
    /// The certificate's fingerprint.
    pub certificate: Fingerprint,
    /// Its subject.
    pub subject: String,
    /// Whether it is the end-entity.
    pub end_entity: bool,
    /// The path from it up to the anchor along which it was refused, if there is one; without
    /// itself.
    pub path: Vec<Fingerprint>,
    /// Why.
    pub reason: Reason,
}

impl Rejection {
    /// As the facts of a finding.
    pub fn evidence(&self) -> Evidence {
        let subject = self.subject.clone();
        match self.reason.clone() {
            Reason::Name(mismatch) => mismatch.fact().into(),
            Reason::NotYetValid { not_before, at } => {
                CertificateFact::NotYetValid(rule::certificate::NotYetValid { not_before, at })
                    .into()
            }
            // One code for the server's own certificate and one for those above it: the first is
            // renewed by the administrator, the others by the CA.
            Reason::Expired { not_after, at } if self.end_entity => {
                CertificateFact::Expired(rule::certificate::Expired { not_after, at }).into()
            }
            Reason::Expired { not_after, at } => ChainFact::Expired(rule::chain::Expired {
                subject,
                not_after,
                at,
            })
            .into(),
            Reason::Purpose { wanted, present } => {
                CertificateFact::Purpose(rule::certificate::Purpose { wanted, present }).into()
            }
            Reason::MalformedExtension { oid, reason } => {
                CertificateFact::MalformedExtension(rule::certificate::MalformedExtension {
                    oid,
                    reason,
                })
                .into()
            }
            Reason::UnknownCriticalExtension { oid } => CertificateFact::UnknownCriticalExtension(
                rule::certificate::UnknownCriticalExtension { oid },
            )
            .into(),
            Reason::NotConforming { reason, clause } => {
                let clause = clause.to_owned();
                CertificateFact::NotConforming(rule::certificate::NotConforming {
                    subject,
                    reason,
                    clause,
                })
                .into()
            }
            Reason::Lifetime { days, limit } => {
                CertificateFact::Lifetime(rule::certificate::Lifetime {
                    days,
                    limit,
                    who: "CA/Browser Forum Baseline Requirements 6.3.2".to_owned(),
                })
                .into()
            }
            Reason::ExplicitParameters => {
                CertificateFact::ExplicitParameters(rule::certificate::ExplicitParameters {
                    subject,
                })
                .into()
            }
            Reason::WeakSignature { algorithm } => {
                CertificateFact::WeakSignature(rule::certificate::WeakSignature { algorithm })
                    .into()
            }
            Reason::WeakKey {
                algorithm,
                bits,
                least,
            } => CertificateFact::WeakKey(rule::certificate::WeakKey {
                algorithm,
                bits,
                least,
            })
            .into(),
            Reason::NotACa { reason } => {
                let reason = reason.to_owned();
                ChainFact::NotACa(rule::chain::NotACa { subject, reason }).into()
            }
            Reason::BadSignature {
                issuer_name,
                problem,
            } => {
                let reason = problem.to_string();
                ChainFact::BadSignature(rule::chain::BadSignature {
                    subject,
                    issuer_name,
                    reason,
                })
                .into()
            }
            Reason::PathLength { ca, limit } => {
                // The search stops at the first certificate too many, so the true number is not
                // known: it is certainly at least one more than allowed.
                let found = limit.saturating_add(1);
                ChainFact::PathLength(rule::chain::PathLength {
                    subject: ca,
                    limit,
                    found,
                })
                .into()
            }
            Reason::TooDeep { limit } => ChainFact::PathLength(rule::chain::PathLength {
                subject: "the caller's --max-depth".into(),
                limit,
                found: limit.saturating_add(1),
            })
            .into(),
            Reason::NameConstraints {
                ca,
                name,
                constraint,
            } => ChainFact::NameConstraints(rule::chain::NameConstraints {
                ca,
                name,
                constraint,
            })
            .into(),
            Reason::Policy { reason } => {
                ChainFact::Policy(rule::chain::Policy { subject, reason }).into()
            }
            Reason::Revoked {
                at,
                reason,
                crl_issuer,
                crl_number,
                list: _,
            } => ChainFact::Revoked(rule::chain::Revoked {
                subject,
                at,
                reason,
                crl_issuer,
                crl_number,
                crl_file: None,
            })
            .into(),
            Reason::RevocationUnknown { reason } => {
                ChainFact::RevocationUnknown(rule::chain::RevocationUnknown { subject, reason })
                    .into()
            }
            Reason::MissingIssuer {
                issuer_name,
                authority_key_id,
                ca_issuers,
                rejected,
            } => {
                let mut fact = rule::chain::MissingIntermediate::of(
                    (subject, self.certificate),
                    issuer_name,
                    authority_key_id.as_deref().map(hex),
                    ca_issuers,
                );
                fact.rejected = rejected;
                ChainFact::MissingIntermediate(fact).into()
            }
            Reason::UntrustedRoot { anchors } => {
                let sha256 = self.certificate;
                // It is signed by its own key: no other end of the search is like this.
                ChainFact::UntrustedRoot(rule::chain::UntrustedRoot {
                    needed: subject.clone(),
                    subject,
                    sha256,
                    anchors,
                })
                .into()
            }
            Reason::BudgetExhausted { what, limit } => {
                let what = what.to_owned();
                ChainFact::BudgetExhausted(rule::chain::BudgetExhausted { what, limit }).into()
            }
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}: {:?}",
            self.certificate.short(),
            self.subject,
            self.reason
        )
    }
}

impl Reason {
    /// How telling it is, lowest first: a reason that ends one path for good comes before one that
    /// only says that another path did not exist.
    pub(super) const fn rank(&self) -> u8 {
        match self {
            // An exhausted budget comes first: every other reason is then only a partial result.
            Self::BudgetExhausted { .. } => 0,
            Self::Revoked { .. } => 1,
            Self::NameConstraints { .. } | Self::PathLength { .. } | Self::TooDeep { .. } => 2,
            Self::Policy { .. } | Self::RevocationUnknown { .. } => 3,
            Self::Name(_) | Self::Expired { .. } | Self::NotYetValid { .. } => 4,
            Self::Purpose { .. }
            | Self::NotACa { .. }
            | Self::MalformedExtension { .. }
            | Self::UnknownCriticalExtension { .. }
            | Self::WeakKey { .. }
            | Self::ExplicitParameters
            | Self::Lifetime { .. }
            | Self::WeakSignature { .. } => 5,
            Self::NotConforming { .. } => 6,
            Self::UntrustedRoot { .. } | Self::MissingIssuer { .. } => 7,
            // Last: a wrong signature mostly means that a candidate with the right name was tried,
            // and another reason says what is really missing.
            Self::BadSignature { .. } => 8,
        }
    }
}
