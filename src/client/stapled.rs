//! What a client checks in a stapled OCSP response that does not say `good`.
//!
//! Measured with every response that httpd and nginx staple (see `server::settings::stapling`):
//! s_client 3.0.19, curl 7.88.1, Python 3.12, Node 20.20, OpenJDK 17, Go 1.27.3 and tstclnt 3.87
//! connect whatever is stapled. rustls 0.23 ignores it (webpki/server_verifier.rs).

/// What a client checks in a stapled OCSP response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LooksAt {
    /// Nothing: it connects whatever is stapled.
    Nothing,
    /// Whether the certificate is revoked (Chromium 156).
    Revocation,
    /// The same, whether the response is for this certificate, signed by its CA and current, and
    /// whether there is one if the certificate requires it (GnuTLS 3.7.9). Errors of the responder
    /// and `unknown` pass.
    Statuses,
    /// Everything: only `good` passes (Firefox ESR 153.8).
    All,
    /// It was not measured.
    NotMeasured,
}
