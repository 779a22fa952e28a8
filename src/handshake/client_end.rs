//! How a client reacts to the server's choice.

use super::agreement::{Agreement, Exchange};
use super::hello::ClientHello;
use super::scheme::Signer;
use super::server_offer::{KeyKind, ServerKey, ServerOffer};
use super::strength::modulus_bits;
use crate::cipher::Mac;
use crate::protocol::Version;

/// Why a client ends a handshake that the server would have finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientEnd {
    /// OpenSSL 3.0 offers TLS 1.0 and 1.1, and refuses their SHA-1 signatures
    /// from level 1 on.
    LegacySignature,
    /// The prime of Diffie-Hellman is too short for it.
    DhTooShort,
    /// The certificate's keyUsage does not allow signatures.
    NotForSignatures,
    /// The certificate's keyUsage does not allow RSA key transport.
    NotForKeyTransport,
    /// HTTP/2 was chosen with a suite that RFC 9113 prohibits (9.2.2, appendix A).
    Http2Suite,
    /// The server closes a connection with such a suite before the client does.
    Http2SuiteAtServer,
    /// The signature algorithm of the server's certificate names no hash, so that libpq cannot
    /// bind SCRAM to the certificate (RFC 5929 section 4.1).
    NoBindingHash,
    /// A setting of the server: [`ServerOffer::closes`].
    NoAnswer,
}

impl ClientEnd {
    /// What the client prints, as it was measured.
    pub fn words(self, client: &str) -> &'static str {
        match (self, client) {
            (Self::LegacySignature, _) => "legacy sigalg disallowed or unsupported",
            (Self::DhTooShort, _) => "dh key too small",
            (Self::NotForKeyTransport | Self::NotForSignatures, "gnutls") => {
                "Key usage violation in certificate has been detected."
            }
            (Self::Http2Suite, "chrome") => "net::ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY",
            (Self::Http2Suite, _) => "NS_ERROR_NET_INADEQUATE_SECURITY",
            (Self::Http2SuiteAtServer | Self::NoAnswer, _) => {
                "the server closes the connection without an answer"
            }
            (Self::NoBindingHash, _) => "could not find digest for NID UNDEF",
            (Self::NotForSignatures, "java") => "KeyUsage does not allow digital signatures",
            (Self::NotForKeyTransport, "java") => "KeyUsage does not allow key encipherment",
            (Self::NotForSignatures | Self::NotForKeyTransport, _) => {
                "net::ERR_SSL_KEY_USAGE_INCOMPATIBLE"
            }
        }
    }
}

/// How a client reacts to an agreement with `server`, before it looks at the path: measured
/// with the programs that [`ClientHello::program`] names.
///
/// # Errors
/// Why it ends the handshake, or gets nothing after it.
pub fn client_end(
    client: &ClientHello,
    agreement: &Agreement,
    key: &ServerKey,
    server: &ServerOffer,
) -> Result<(), ClientEnd> {
    let closes = server.closes.as_ref();
    if closes.is_some_and(|closes| closes.concerns(agreement.http2)) {
        return Err(ClientEnd::NoAnswer);
    }
    let openssl = client.is_of_debian();
    // OpenSSL 3.0 counts the SHA-1 and MD5 of TLS 1.1 and older below 80 bits, so its client
    // offers them and then ends the handshake at level 1. 1.1.1 offers SHA-1 and accepts it.
    let takes_sha1 = client.signature_schemes.contains(&0x0201);
    if openssl && !takes_sha1 && agreement.version < Version::TLSv1_2 {
        return Err(ClientEnd::LegacySignature);
    }
    if let Exchange::Dh(bits) = agreement.exchange
        && modulus_bits(bits) < client.least_bits()
    {
        return Err(ClientEnd::DhTooShort);
    }
    // mod_http2 looks once the suite is known (`h2_is_acceptable_connection`; measured: curl gets
    // an empty reply from httpd 2.4.71).
    if agreement.http2 && server.http2_modern_only && is_prohibited_in_http2(agreement) {
        return Err(ClientEnd::Http2SuiteAtServer);
    }
    // Measured with psql 15.18: fe-secure-openssl.c asks OBJ_find_sigid_algs for the hash.
    let signer = key.certificate_scheme.and_then(super::Scheme::signer);
    let hashless = matches!(signer, Some(Signer::Ed25519 | Signer::Ed448));
    if server.channel_binding && client.client == "libpq" && hashless {
        return Err(ClientEnd::NoBindingHash);
    }
    // Only browsers check this (measured: curl accepts the same servers).
    let browser = matches!(client.client, "chrome" | "firefox");
    if agreement.http2 && browser && is_prohibited_in_http2(agreement) {
        return Err(ClientEnd::Http2Suite);
    }
    if matches!(key.kind, KeyKind::Rsa(_)) {
        let transport = agreement.exchange == Exchange::Rsa;
        let strict = matches!(client.client, "gnutls" | "java" | "chrome");
        // RFC 5246 7.4.2 requires keyEncipherment with RSA key transport and for digitalSignature
        // with (EC)DHE.
        if transport && !key.may_encipher && strict {
            return Err(ClientEnd::NotForKeyTransport);
        }
        if !transport && !key.may_sign && strict {
            return Err(ClientEnd::NotForSignatures);
        }
    }
    Ok(())
}

impl ClientHello {
    /// Whether the client is built with Debian's OpenSSL.
    fn is_of_debian(&self) -> bool {
        matches!(
            self.client,
            "openssl" | "curl" | "python" | "python-3.13" | "libpq"
        )
    }

    /// The least bits of security that it accepts: Node's OpenSSL has level 1, Debian's 2; Java,
    /// NSS and GnuTLS accept a prime of 1024 bits.
    fn least_bits(&self) -> u32 {
        self.least_bits_of_its_own().unwrap_or(80)
    }

    /// The least bits of security with which it loads a certificate of its own, if it has OpenSSL
    /// (`ssl_security_cert`).
    pub(crate) fn least_bits_of_its_own(&self) -> Option<u32> {
        match self.client {
            _ if self.is_of_debian() => Some(112),
            // Node 24.5, with OpenSSL 3.5, has level 2 too. Node 22.20 has level 1 and the same groups.
            "node" if self.groups.contains(&0x11EC) => Some(112),
            "node" => Some(80),
            _ => None,
        }
    }
}

/// With TLS 1.2, HTTP/2 allows only suites with an ephemeral exchange and an AEAD.
fn is_prohibited_in_http2(agreement: &Agreement) -> bool {
    let aead = matches!(agreement.suite.mac, Mac::Aead);
    agreement.version < Version::TLSv1_3 && (agreement.exchange == Exchange::Rsa || !aead)
}

#[cfg(test)]
mod tests {
    use super::{ClientEnd, client_end};
    use crate::cipher::CipherList;
    use crate::handshake::{ClientHello, KeyKind, ServerKey, ServerOffer, agree};
    use crate::protocol::{Version, VersionSet};

    /// testdata of the measurement: `alpn` with nginx 1.22.1, Apache 2.4.71, HAProxy 2.6.12.
    #[test]
    fn browsers_refuse_http2_with_old_suites() {
        let end = |client: &str, suite: &str, http2: bool| {
            let suites = CipherList::openssl(suite).suites;
            let key = ServerKey::new(KeyKind::Rsa(2048));
            let versions = VersionSet::only(Version::TLSv1_2);
            let mut server = ServerOffer::new(versions, suites, vec![key.clone()]);
            server.http2 = http2;
            let hello = ClientHello::of(client).unwrap();
            let agreement = agree(&server, hello).unwrap();
            client_end(hello, &agreement, &key, &server).err()
        };
        for client in ["chrome", "firefox"] {
            for suite in ["AES128-GCM-SHA256", "AES128-SHA", "ECDHE-RSA-AES128-SHA"] {
                let found = end(client, suite, true);
                assert_eq!(found, Some(ClientEnd::Http2Suite), "{client} {suite}");
                assert_eq!(end(client, suite, false), None);
            }
            assert_eq!(end(client, "ECDHE-RSA-AES128-GCM-SHA256", true), None);
        }
        assert_eq!(end("curl", "AES128-GCM-SHA256", true), None);
    }
}
