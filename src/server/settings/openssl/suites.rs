//! The suites that a server's settings determine.

use crate::cipher::{self, CipherList, Encryption, Suite};

/// Whether OpenSSL refuses the string for TLS 1.2 and older.
pub(in super::super) fn refuses_ciphers(string: &str) -> bool {
    CipherList::openssl(string).refused.is_some()
}

/// OpenSSL's judgement of a list of TLS 1.3 suites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Tls13 {
    /// At least one is AES-GCM or ChaCha20, which every current client offers.
    Good,
    /// OpenSSL refuses it.
    Refused,
    /// The server starts; clients may be unable to connect.
    Unusual,
}

/// A list for `SSL_CTX_set_ciphersuites`. Measured with httpd 2.4.71 and
/// HAProxy 2.6.12 on OpenSSL 3.0.19: OpenSSL refuses a list without a known name.
pub(in super::super) fn tls13_suites(list: &str) -> Tls13 {
    let usual = |suite: &&Suite| {
        matches!(
            suite.encryption,
            Encryption::Aes128Gcm | Encryption::Aes256Gcm | Encryption::ChaCha20
        )
    };
    match cipher::tls13(list) {
        Err(_) => Tls13::Refused,
        Ok(suites) if suites.iter().any(usual) => Tls13::Good,
        Ok(_) => Tls13::Unusual,
    }
}

#[cfg(test)]
mod tests {
    use super::{Tls13, refuses_ciphers, tls13_suites};

    #[test]
    fn lists_as_measured() {
        assert_eq!(tls13_suites("TLS_AES_128_GCM_SHA256:FOO"), Tls13::Good);
        assert_eq!(tls13_suites("NO-SUCH"), Tls13::Refused);
        assert_eq!(tls13_suites("TLS_AES_128_CCM_SHA256"), Tls13::Unusual);
        assert_eq!(tls13_suites(""), Tls13::Unusual);
        assert!(refuses_ciphers("NO-SUCH") && !refuses_ciphers("eNULL"));
    }
}
