//! How much of a chain a client reads before it looks at any of it.

use super::Family;
use crate::client::refusal::{Cause, Refusal};
use crate::model::Certificate;

/// The longest Certificate message of OpenSSL's (ssl/ssl_local.h 3.0,
/// `SSL_MAX_CERT_LIST_DEFAULT`).
const OPENSSL: usize = 100 * 1024;
/// The longest handshake message of Java's (`jdk.tls.maxHandshakeMessageSize`; 17 measured).
const JAVA: usize = 32_768;
/// The most certificates that GnuTLS verifies (lib/x509/verify-high.c 3.7,
/// `DEFAULT_MAX_VERIFY_DEPTH`; it refused 17).
const GNUTLS: usize = 16;

/// Why a family refuses a chain for its size.
pub(super) fn refuses(family: Family, chain: &[Certificate<'_>]) -> Option<Refusal> {
    // Four bytes for the message and its list, five for each certificate (RFC 8446 4.4.2).
    let size: usize = 4 + chain
        .iter()
        .map(|certificate| certificate.der().len() + 5)
        .sum::<usize>();
    let says = match family {
        Family::OpenSsl if size > OPENSSL => "excessive message size".to_owned(),
        Family::Java if size > JAVA => format!(
            "The size of the handshake message ({size}) exceeds the maximum allowed size ({JAVA})"
        ),
        Family::GnuTls if chain.len() > GNUTLS => {
            format!("{} certificates; it verifies at most {GNUTLS}", chain.len())
        }
        _ => return None,
    };
    Some(Refusal::new(Cause::TooMany, says))
}
