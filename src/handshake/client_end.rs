//! What a client says to what the server chose.

use super::agreement::{Agreement, Exchange};
use super::hello::ClientHello;
use super::server_offer::{KeyKind, ServerKey};
use super::strength::modulus_bits;
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
}

impl ClientEnd {
    /// What the client prints, as it was measured.
    pub fn words(self, client: &str) -> &'static str {
        match (self, client) {
            (Self::LegacySignature, _) => "legacy sigalg disallowed or unsupported",
            (Self::DhTooShort, _) => "dh key too small",
            (Self::NotForKeyTransport, _) | (Self::NotForSignatures, "gnutls") => {
                "Key usage violation in certificate has been detected."
            }
            (Self::NotForSignatures, "java") => "KeyUsage does not allow digital signatures",
            (Self::NotForSignatures, _) => "net::ERR_SSL_KEY_USAGE_INCOMPATIBLE",
        }
    }
}

/// What a client says to an agreement, before it looks at the path: measured
/// with the programs that [`ClientHello::program`] names.
///
/// # Errors
/// Why it ends the handshake.
pub fn client_end(
    client: &ClientHello,
    agreement: &Agreement,
    key: &ServerKey,
) -> Result<(), ClientEnd> {
    let openssl = matches!(
        client.client,
        "openssl" | "curl" | "python" | "python-3.13" | "libpq"
    );
    // OpenSSL 3.0 counts the SHA-1 and MD5 of TLS 1.1 and older below 80 bits, so that its client
    // ends at level 1 what it offered.
    if openssl && agreement.version < Version::TLSv1_2 {
        return Err(ClientEnd::LegacySignature);
    }
    if let Exchange::Dh(bits) = agreement.exchange {
        // Node's OpenSSL has level 1, Debian's 2; Java, NSS and GnuTLS take 1024 bits.
        let least = match client.client {
            _ if openssl => 112,
            _ => 80,
        };
        if modulus_bits(bits) < least {
            return Err(ClientEnd::DhTooShort);
        }
    }
    if matches!(key.kind, KeyKind::Rsa(_)) {
        let transport = agreement.exchange == Exchange::Rsa;
        let strict = matches!(client.client, "gnutls" | "java" | "chrome");
        if transport && !key.may_encipher && client.client == "gnutls" {
            return Err(ClientEnd::NotForKeyTransport);
        }
        if !transport && !key.may_sign && strict {
            return Err(ClientEnd::NotForSignatures);
        }
    }
    Ok(())
}
