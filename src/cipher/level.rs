//! What OpenSSL's security level forbids in a suite.

use super::suite::{Authentication, KeyExchange, Mac, Since, Suite};
use std::fmt;

/// OpenSSL's security level (`SSL_CTX_set_security_level(3)`): 0 to 5. Debian
/// and Ubuntu build with 2; OpenSSL itself has 1, and 2 since version 3.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecurityLevel(u8);

impl SecurityLevel {
    /// No requirement.
    pub const NONE: Self = Self(0);
    /// What Debian's and Ubuntu's OpenSSL starts with.
    pub const DEBIAN: Self = Self(2);

    /// What OpenSSL 1.1.0 to 3.x start with as upstream builds them.
    pub const UPSTREAM: Self = Self(1);

    /// A level from 0 to 5; `None` for another number.
    pub const fn new(level: u8) -> Option<Self> {
        if level <= 5 { Some(Self(level)) } else { None }
    }

    /// Its number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The least strength in bits that it requires (`SSL_CTX_set_security_level(3)`).
    pub const fn bits(self) -> u32 {
        match self.0 {
            0 => 0,
            1 => 80,
            2 => 112,
            3 => 128,
            4 => 192,
            _ => 256,
        }
    }

    /// Whether a suite may be used at this level: OpenSSL 3.0's
    /// `ssl_security_default_callback` (ssl/ssl_cert.c), for suites.
    pub const fn allows(self, suite: &Suite) -> bool {
        if self.0 == 0 {
            return true;
        }
        // So NULL and export suites are refused from level 1, triple DES (112 bits) from level 3.
        let too_short = suite.encryption.bits() < self.bits();
        let anonymous = matches!(suite.authentication, Authentication::Anonymous);
        let md5 = matches!(suite.mac, Mac::Md5);
        // HMAC with SHA-1 counts 160 bits.
        let sha1 = self.bits() > 160 && matches!(suite.mac, Mac::Sha1);
        // From level 3 on: plain DHE and ECDHE and TLS 1.3; their forms with a
        // pre-shared key are not in the mask.
        let static_key = self.0 >= 3
            && !matches!(suite.since, Since::TlsV1_3)
            && !matches!(suite.key_exchange, KeyExchange::Dhe | KeyExchange::Ecdhe);
        !(too_short || anonymous || md5 || sha1 || static_key)
    }
}

impl fmt::Display for SecurityLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
