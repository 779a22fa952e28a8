//! The message authentication code of PKCS#12 (RFC 7292 section 4 and appendix
//! B), and its alternative PBMAC1 (RFC 9579).

use super::Integrity;
use crate::model::Malformed;
use crate::model::der::Reader;
use crate::model::encryption::{
    Derivation, Hash, Purpose, Refusal, bmp_string, check_iterations, pkcs12,
};

/// id-PBMAC1 (RFC 8018 appendix A.5).
const PBMAC1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0e];

/// The longest PBMAC1 key that is derived: the block of SHA-512, beyond which
/// HMAC digests its key first.
const LONGEST_KEY: usize = 128;

/// A MacData, read but not yet compared.
pub(super) struct Mac<'a> {
    code: Code<'a>,
    digest: &'a [u8],
    salt: &'a [u8],
    iterations: u64,
}

enum Code<'a> {
    Pkcs12(Hash),
    /// The key's derivation, its length, and the HMAC's digest.
    Pbmac1(Derivation<'a>, usize, Hash),
    Unknown,
}

impl<'a> Mac<'a> {
    pub(super) fn read(fields: &mut Reader<'a>) -> Result<Self, Malformed> {
        let mut data = fields.sequence("MacData")?;
        let mut info = data.sequence("DigestInfo")?;
        let mut identifier = info.sequence("the digest algorithm")?;
        let code = match identifier.oid("the digest algorithm")? {
            PBMAC1 => pbmac1(&mut identifier)?,
            oid => Hash::from_digest_oid(oid).map_or(Code::Unknown, Code::Pkcs12),
        };
        let digest = info.octets("the digest")?;
        let salt = data.octets("the salt")?;
        let iterations = if data.is_empty() {
            // DEFAULT 1 (RFC 7292 section 4).
            1
        } else {
            data.small("the iteration count")?
        };
        Ok(Self {
            code,
            digest,
            salt,
            iterations,
        })
    }

    /// `HMAC-SHA256`, `PBMAC1`, or a text that it is unknown.
    pub(super) fn words(&self) -> String {
        match &self.code {
            Code::Pkcs12(hash) => format!("HMAC-{}", hash.as_str()),
            Code::Pbmac1(..) => "PBMAC1".to_owned(),
            Code::Unknown => "an unknown authentication code".to_owned(),
        }
    }

    /// Compares it with the one over `content`.
    pub(super) fn check(&self, passphrase: &[u8], content: &[u8]) -> Result<Integrity, Refusal> {
        let holds = match &self.code {
            Code::Unknown => return Ok(Integrity::NotComputable),
            Code::Pbmac1(derivation, length, hash) => {
                // PBMAC1 takes the passphrase as UTF-8, while PKCS#12's own code uses a BMPString.
                match derivation.derive(passphrase, *length) {
                    Ok(key) => hash.hmac_is(&key, content, self.digest),
                    Err(Refusal::NotDecryptable) => return Ok(Integrity::NotComputable),
                    Err(refusal) => return Err(refusal),
                }
            }
            Code::Pkcs12(hash) => {
                check_iterations(self.iterations)?;
                // Some writers encode an empty passphrase as no bytes, not as two zeros.
                self.is_under(*hash, &bmp_string(passphrase), content)
                    || (passphrase.is_empty() && self.is_under(*hash, &[], content))
            }
        };
        if holds {
            Ok(Integrity::Holds)
        } else {
            Err(Refusal::WrongPassphrase)
        }
    }

    fn is_under(&self, hash: Hash, password: &[u8], content: &[u8]) -> bool {
        let length = hash.length();
        let (salt, rounds) = (self.salt, self.iterations);
        let key = pkcs12(hash, Purpose::Mac, password, salt, rounds, length);
        hash.hmac_is(&key, content, self.digest)
    }
}

/// PBMAC1-params; it has its own salt and iterations; those of MacData mean nothing.
fn pbmac1<'a>(identifier: &mut Reader<'a>) -> Result<Code<'a>, Malformed> {
    let mut fields = identifier.sequence("PBMAC1-params")?;
    let derivation = Derivation::read(&mut fields.sequence("the key derivation")?)?;
    let mut scheme = fields.sequence("the authentication scheme")?;
    let (hash, _) = Hash::from_hmac_oid(scheme.oid("the authentication scheme")?);
    fields.end()?;
    // RFC 9579 section 5 requires the length.
    let length = derivation
        .key_length()
        .and_then(|length| usize::try_from(length).ok())
        .filter(|length| (1..=LONGEST_KEY).contains(length));
    Ok(match (hash, length) {
        (Some(hash), Some(length)) => Code::Pbmac1(derivation, length, hash),
        _ => Code::Unknown,
    })
}
