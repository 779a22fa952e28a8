//! The message authentication code of PKCS#12 (RFC 7292 section 4 and appendix B).

use super::Integrity;
use crate::model::Malformed;
use crate::model::der::Reader;
use crate::model::encryption::{Hash, Purpose, Refusal, bmp_string, check_iterations, pkcs12};
use aws_lc_rs::hmac;

/// A MacData, read but not yet compared.
pub(super) struct Mac<'a> {
    hash: Option<(Hash, hmac::Algorithm)>,
    digest: &'a [u8],
    salt: &'a [u8],
    iterations: u64,
}

impl<'a> Mac<'a> {
    pub(super) fn read(fields: &mut Reader<'a>) -> Result<Self, Malformed> {
        let mut data = fields.sequence("MacData")?;
        let mut info = data.sequence("DigestInfo")?;
        let mut identifier = info.sequence("the digest algorithm")?;
        let hash = match identifier.oid("the digest algorithm")? {
            [0x2b, 0x0e, 0x03, 0x02, 0x1a] => {
                Some((Hash::Sha1, hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY))
            }
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, last] => match last {
                1 => Some((Hash::Sha256, hmac::HMAC_SHA256)),
                2 => Some((Hash::Sha384, hmac::HMAC_SHA384)),
                3 => Some((Hash::Sha512, hmac::HMAC_SHA512)),
                _ => None,
            },
            _ => None,
        };
        let digest = info.octets("the digest")?;
        let salt = data.octets("the salt")?;
        let iterations = if data.is_empty() {
            1
        } else {
            data.small("the iteration count")?
        };
        Ok(Self {
            hash,
            digest,
            salt,
            iterations,
        })
    }

    /// Compares it with the one over `content`.
    pub(super) fn check(&self, passphrase: &[u8], content: &[u8]) -> Result<Integrity, Refusal> {
        let Some((hash, algorithm)) = self.hash else {
            return Ok(Integrity::NotComputable);
        };
        check_iterations(self.iterations)?;
        let holds = |password: &[u8]| {
            let length = algorithm.digest_algorithm().output_len();
            let key = pkcs12(
                hash,
                Purpose::Mac,
                password,
                self.salt,
                self.iterations,
                length,
            );
            let key = hmac::Key::new(algorithm, &key);
            hmac::verify(&key, content, self.digest).is_ok()
        };
        // Some writers take an empty passphrase for no bytes, not for two zeros.
        if holds(&bmp_string(passphrase)) || (passphrase.is_empty() && holds(&[])) {
            Ok(Integrity::Holds)
        } else {
            Err(Refusal::WrongPassphrase)
        }
    }
}
