//! How much of a chain a client reads before it looks at any of it.

use super::refusal::{Cause, Refusal};
use crate::model::Certificate;

/// The longest Certificate message of OpenSSL's (ssl/ssl_local.h 3.0,
/// `SSL_MAX_CERT_LIST_DEFAULT`), of whoever is built on it.
const OPENSSL: usize = 100 * 1024;
/// The longest handshake message of Java's (`jdk.tls.maxHandshakeMessageSize`; 17 measured).
const JAVA: usize = 32_768;
/// The most certificates that GnuTLS verifies (lib/x509/verify-high.c 3.7,
/// `DEFAULT_MAX_VERIFY_DEPTH`; 17 measured as refused).
const GNUTLS: usize = 16;

/// Why a client refuses a chain for its size.
pub(super) fn refuses(name: &str, chain: &[Certificate<'_>]) -> Option<Refusal> {
    let size: usize = 4 + chain.iter().map(|it| it.der().len() + 5).sum::<usize>();
    let says = match name {
        "java" if size > JAVA => {
            format!(
                "The size of the handshake message ({size}) exceeds the maximum allowed size ({JAVA})"
            )
        }
        "gnutls" if chain.len() > GNUTLS => {
            format!(
                "it verifies {GNUTLS} certificates at most, and there are {}",
                chain.len()
            )
        }
        "curl" | "libpq" | "node" if size > OPENSSL => "excessive message size".to_owned(),
        name if (name.starts_with("openssl") || name.starts_with("python")) && size > OPENSSL => {
            "excessive message size".to_owned()
        }
        _ => return None,
    };
    Some(Refusal::new(Cause::TooMany, says))
}
