//! What a client sees if a server refuses its certificate.

use crate::server::Profile;

/// The alert that OpenSSL sends for a verification error (`ssl_x509err2alert`,
/// ssl/statem/statem_lib.c of 3.0), with its number.
fn alert(number: u8) -> &'static str {
    match number {
        2 | 18..=22 | 24 | 25 | 79 | 3 => "unknown ca (alert 48)",
        10 | 12 => "certificate expired (alert 45)",
        23 => "certificate revoked (alert 44)",
        26 => "unsupported certificate (alert 43)",
        7 | 8 => "decrypt error (alert 51)",
        9 | 11 | 13 | 14 | 28 | 62 | 64 | 66 | 67 | 68 | 94 => "bad certificate (alert 42)",
        _ => "certificate unknown (alert 46)",
    }
}

/// nginx finishes the handshake and answers; the others end it. In TLS 1.3 the client
/// has finished its part by then and reads the alert in place of an answer.
pub(in crate::preflight) fn refusal(server: &Profile, number: u8) -> String {
    if server.demands_in_handshake() {
        let alert = match (server.name(), number) {
            // httpd's own callback ends these, and leaves a different error, or none.
            ("apache", 12) => "certificate unknown (alert 46)",
            ("apache", 22) => "internal error (alert 80)",
            _ => alert(number),
        };
        format!("the alert `{alert}`")
    } else {
        "`400 The SSL certificate error`".to_owned()
    }
}

/// The same for a client that shows none although one is required.
pub(super) fn none_sent(server: &Profile) -> &'static str {
    match server.name() {
        "nginx" => "`400 No required SSL certificate was sent`",
        "postgres" => "`FATAL: connection requires a valid client certificate`",
        _ => "the alert `certificate required (alert 116)`",
    }
}

/// The setting that makes a server ask.
pub(super) fn asks_by(server: &Profile) -> &'static str {
    match server.name() {
        "nginx" => "ssl_verify_client on",
        "apache" => "SSLVerifyClient require",
        "haproxy" => "verify required ca-file FILE",
        "postgres" => "ssl_ca_file and clientcert=verify-full in pg_hba.conf",
        _ => "the setting that requires a client certificate",
    }
}

/// The setting of its CA certificates.
pub(in crate::preflight) fn ca_setting(server: &Profile) -> &'static str {
    match server.name() {
        "nginx" => "ssl_client_certificate",
        "apache" => "SSLCACertificateFile",
        "haproxy" => "ca-file",
        "postgres" => "ssl_ca_file",
        _ => "--ca-file",
    }
}
