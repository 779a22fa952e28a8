//! What OpenSSL finds wrong with a root when it is strict.

use crate::model::Certificate;

/// What `X509_V_FLAG_X509_STRICT` (OpenSSL 3.0 crypto/x509/x509_vfy.c
/// `check_extensions`) refuses in a CA certificate, which Python sets since 3.13.
/// Measured with Python 3.13.5.
pub(super) fn problem(certificate: &Certificate<'_>) -> Option<&'static str> {
    if !certificate.is_ca() {
        return None;
    }
    // basicConstraints, RFC 5280 4.2.1.9.
    let basic = certificate.standard_extension(19);
    if basic.is_some_and(|extension| !extension.critical) {
        Some("its basicConstraints is not critical, which Python 3.13 refuses (VERIFY_X509_STRICT)")
    } else if certificate.key_usage().is_none() {
        Some("it has no keyUsage, which Python 3.13 refuses (VERIFY_X509_STRICT)")
    } else if certificate.subject_key_id().is_none() {
        Some("it has no subjectKeyIdentifier, which Python 3.13 refuses (VERIFY_X509_STRICT)")
    } else {
        None
    }
}
