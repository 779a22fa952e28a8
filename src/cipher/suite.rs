//! One cipher suite and its algorithms.

use std::fmt;

/// How the two sides agree on a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyExchange {
    /// RSA key transport: no forward secrecy (RFC 5246 section 7.4.7.1).
    Rsa,
    /// Finite-field Diffie-Hellman with a key made for the connection.
    Dhe,
    /// Elliptic-curve Diffie-Hellman with a key made for the connection.
    Ecdhe,
    /// A key that both sides had before (RFC 4279).
    Psk,
    /// RSA key transport and a pre-shared key (RFC 4279).
    RsaPsk,
    /// Finite-field Diffie-Hellman and a pre-shared key (RFC 4279).
    DhePsk,
    /// Elliptic-curve Diffie-Hellman and a pre-shared key (RFC 5489).
    EcdhePsk,
    /// Secure Remote Password (RFC 5054).
    Srp,
    /// TLS 1.3: the group is negotiated separately from the suite (RFC 8446).
    Any,
}

/// What proves who the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Authentication {
    /// A certificate with an RSA key.
    Rsa,
    /// A certificate with an EC or EdDSA key (RFC 8422 section 2.2).
    Ecdsa,
    /// A certificate with a DSA key.
    Dss,
    /// Nothing: anyone in the middle can answer.
    Anonymous,
    /// A pre-shared key.
    Psk,
    /// Secure Remote Password without a certificate.
    Srp,
    /// TLS 1.3: the signature scheme is negotiated separately from the suite.
    Any,
}

/// What keeps the data secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encryption {
    /// Nothing.
    Null,
    /// AES in CBC mode with 128 bits.
    Aes128Cbc,
    /// AES in CBC mode with 256 bits.
    Aes256Cbc,
    /// AES in GCM mode with 128 bits.
    Aes128Gcm,
    /// AES in GCM mode with 256 bits.
    Aes256Gcm,
    /// AES in CCM mode with 128 bits.
    Aes128Ccm,
    /// AES in CCM mode with 256 bits.
    Aes256Ccm,
    /// AES in CCM mode with 128 bits and a tag of eight bytes.
    Aes128Ccm8,
    /// AES in CCM mode with 256 bits and a tag of eight bytes.
    Aes256Ccm8,
    /// ChaCha20 with Poly1305 (RFC 7905).
    ChaCha20,
    /// ARIA in GCM mode with 128 bits (RFC 6209).
    Aria128Gcm,
    /// ARIA in GCM mode with 256 bits.
    Aria256Gcm,
    /// Camellia in CBC mode with 128 bits (RFC 5932).
    Camellia128Cbc,
    /// Camellia in CBC mode with 256 bits.
    Camellia256Cbc,
}

impl Encryption {
    /// The length of the key in bits.
    pub const fn bits(self) -> u32 {
        match self {
            Self::Null => 0,
            Self::Aes128Cbc
            | Self::Aes128Gcm
            | Self::Aes128Ccm
            | Self::Aes128Ccm8
            | Self::Aria128Gcm
            | Self::Camellia128Cbc => 128,
            Self::Aes256Cbc
            | Self::Aes256Gcm
            | Self::Aes256Ccm
            | Self::Aes256Ccm8
            | Self::ChaCha20
            | Self::Aria256Gcm
            | Self::Camellia256Cbc => 256,
        }
    }
}

/// What keeps the data from being changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mac {
    /// The cipher itself.
    Aead,
    /// HMAC with MD5.
    Md5,
    /// HMAC with SHA-1.
    Sha1,
    /// HMAC with SHA-256.
    Sha256,
    /// HMAC with SHA-384.
    Sha384,
}

/// The oldest protocol version that has a suite, as OpenSSL's table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[allow(non_camel_case_types)]
pub enum Since {
    /// SSL 3.0, and so every version up to TLS 1.2.
    SslV3,
    /// TLS 1.0 to 1.2.
    TlsV1,
    /// TLS 1.2 alone.
    TlsV1_2,
    /// TLS 1.3 alone.
    TlsV1_3,
}

/// One cipher suite.
#[derive(PartialEq, Eq)]
#[non_exhaustive]
pub struct Suite {
    /// Its number in the registry of TLS Cipher Suites.
    pub code: u16,
    /// Its name in OpenSSL.
    pub openssl: &'static str,
    /// Its name in IANA's registry.
    pub iana: &'static str,
    /// How the two sides agree on a secret.
    pub key_exchange: KeyExchange,
    /// What proves who the server is.
    pub authentication: Authentication,
    /// What keeps the data secret.
    pub encryption: Encryption,
    /// What keeps the data from being changed.
    pub mac: Mac,
    /// The oldest version that has it.
    pub since: Since,
    /// OpenSSL's flags: see the constants in `table`.
    pub(super) flags: u8,
}

impl Suite {
    /// Whether someone who records the traffic and later steals the server's key still cannot read
    /// it.
    pub const fn has_forward_secrecy(&self) -> bool {
        matches!(
            self.key_exchange,
            KeyExchange::Dhe
                | KeyExchange::Ecdhe
                | KeyExchange::DhePsk
                | KeyExchange::EcdhePsk
                | KeyExchange::Any
        )
    }

    /// Whether a server needs a certificate for it.
    pub const fn needs_certificate(&self) -> bool {
        matches!(
            self.authentication,
            Authentication::Rsa | Authentication::Ecdsa | Authentication::Dss | Authentication::Any
        )
    }

    /// Why it should not be offered; `None` for one that is sound today.
    ///
    /// Null encryption and anonymous suites protect nothing (RFC 9325 section
    /// 4.1); suites without forward secrecy, with CBC or with a short tag are those that RFC 9325
    /// section 4.2 leaves out.
    pub fn weakness(&self) -> Option<Weakness> {
        // One reason is shown, the worst one: forward secrecy does not help a suite that does not
        // encrypt.
        if self.encryption == Encryption::Null {
            Some(Weakness::NoEncryption)
        } else if self.authentication == Authentication::Anonymous {
            Some(Weakness::NoAuthentication)
        } else if self.mac == Mac::Md5 {
            Some(Weakness::Md5)
        } else if !self.has_forward_secrecy() {
            Some(Weakness::NoForwardSecrecy)
        } else if self.mac != Mac::Aead {
            Some(Weakness::Cbc)
        } else {
            None
        }
    }
}

impl fmt::Debug for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.iana)
    }
}

/// Why a suite should not be offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Weakness {
    /// The data is sent in the clear.
    NoEncryption,
    /// The server proves nothing about itself.
    NoAuthentication,
    /// The data is protected by MD5.
    Md5,
    /// Anyone who gets the server's key later can read recorded traffic.
    NoForwardSecrecy,
    /// CBC mode, with its history of padding attacks.
    Cbc,
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoEncryption => "no encryption",
            Self::NoAuthentication => "no authentication",
            Self::Md5 => "MD5",
            Self::NoForwardSecrecy => "no forward secrecy",
            Self::Cbc => "CBC mode",
        })
    }
}
