//! Whether a finding already says why a client refuses.

use crate::client::Cause;
use crate::finding::{Code, Severity};
use crate::rule::{self, ChainFact, Evidence, Finding};

/// Whether it says that clients lack trust.
pub(super) fn is_of_trust(finding: &Finding) -> bool {
    matches!(
        finding.code(),
        Code::ChainUntrustedRoot | Code::ChainMissingIntermediate
    )
}

/// Whether a finding already says why a client refuses.
pub(super) fn explains(finding: &Finding, cause: Cause, least: Severity) -> bool {
    let code = finding.code();
    if finding.severity < least {
        return false;
    }
    // Whatever else is wrong, these come first.
    if matches!(
        code,
        Code::ChainEndEntityNotFirst
            | Code::ChainBudgetExhausted
            | Code::EncodingNothingFound
            | Code::CertificateMalformedExtension
            | Code::CertificateUnknownCriticalExtension
    ) {
        return true;
    }
    // A certificate that cannot issue is where the right one should be.
    if let Evidence::ChainFact(ChainFact::UnrelatedCertificate(
        rule::chain::UnrelatedCertificate {
            reason: Some(_), ..
        },
    )) = &finding.evidence
    {
        return matches!(
            cause,
            Cause::NotACa
                | Cause::NameConstraints
                | Cause::PathLength
                | Cause::BadSignature
                | Cause::Untrusted
                | Cause::NoRoot
        );
    }
    match cause {
        Cause::Untrusted | Cause::NoRoot | Cause::BadSignature => matches!(
            code,
            Code::ChainUntrustedRoot
                | Code::ChainMissingIntermediate
                | Code::ChainServerSendsLeafOnly
                | Code::ChainBadSignature
                | Code::ChainNotACa
                | Code::ChainPathLength
                | Code::ChainNameConstraints
                | Code::ChainExpired
        ),
        Cause::Name | Cause::NoSubjectAltName => matches!(
            code,
            Code::CertificateNameMismatch
                | Code::CertificateNoSubjectAltName
                | Code::CertificateHostName
        ),
        Cause::Expired | Cause::IssuerExpired => {
            matches!(code, Code::CertificateExpired | Code::ChainExpired)
        }
        Cause::NotYetValid => code == Code::CertificateNotYetValid,
        Cause::Purpose => matches!(code, Code::CertificatePurpose | Code::CertificateKeyUsage),
        Cause::NotACa => matches!(code, Code::ChainNotACa | Code::ChainPathLength),
        Cause::CaAsServer => code == Code::CertificateCaAsServer,
        Cause::PathLength => code == Code::ChainPathLength,
        Cause::NameConstraints => code == Code::ChainNameConstraints,
        Cause::Policy => code == Code::ChainPolicy,
        Cause::WeakSignature | Cause::Algorithm => code == Code::CertificateWeakSignature,
        Cause::WeakKey => matches!(code, Code::CertificateWeakKey | Code::KeyWeak),
        Cause::Lifetime => code == Code::CertificateLifetime,
        _ => false,
    }
}
