//! How much of a chain a client reads before it checks any of it.

use super::Family;
use crate::client::refusal::{Cause, Refusal};
use crate::model::Certificate;

/// OpenSSL's longest Certificate message, that of `openssl s_client` too
/// (ssl/ssl_local.h 3.0, `SSL_MAX_CERT_LIST_DEFAULT`).
const OPENSSL: usize = 100 * 1024;
/// The longest handshake message of Go's (crypto/tls, `maxHandshakeCertificateMsg`).
const GO: usize = 262_144;
/// The longest handshake message of rustls (`HandshakePayloadTooLarge`).
const RUSTLS: usize = 65_535;
/// The longest of GnuTLS ("The handshake data size is too large") and of NSS
/// (`MAX_HANDSHAKE_MSG_LEN`), that of NSS one byte less.
const LARGE: usize = 128 * 1024;
/// Java's longest handshake message (`jdk.tls.maxHandshakeMessageSize`; 17 measured).
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
        Family::Webpki if size > RUSTLS => {
            "received corrupt message of type HandshakePayloadTooLarge".to_owned()
        }
        Family::GnuTls if size > LARGE => "The handshake data size is too large".to_owned(),
        Family::Nss if size >= LARGE => "SSL_ERROR_RX_MALFORMED_HANDSHAKE".to_owned(),
        Family::OpenSsl if size > OPENSSL => "excessive message size".to_owned(),
        Family::Go if size > GO => {
            format!("tls: handshake message of length {size} bytes exceeds maximum of {GO} bytes")
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::Document;
    use crate::source::Source;

    /// Chains of the same certificate, longer and longer: OpenSSL 3.0.19 and Go 1.27.3 say these
    /// words.
    #[test]
    fn a_message_has_a_limit() {
        let pem = include_bytes!("../../../testdata/pki/root.crt").to_vec();
        let document = Document::read(Source::new("root.crt", pem));
        let der = document
            .sections()
            .first()
            .and_then(|section| section.der());
        let it = Certificate::parse(der.expect("a section")).expect("a certificate");
        let one = it.der().len() + 5;
        for (family, limit, says) in [
            (Family::OpenSsl, OPENSSL, "excessive message size"),
            (Family::Go, GO, "exceeds maximum of 262144 bytes"),
        ] {
            let most = (limit - 4) / one;
            let fits = vec![it.clone(); most];
            assert!(refuses(family, &fits).is_none(), "{family:?}");
            let refusal = refuses(family, &vec![it.clone(); most + 1]);
            assert!(refusal.is_some_and(|refusal| refusal.says.contains(says)));
        }
    }
}
