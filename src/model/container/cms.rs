//! What a PKCS#7 or CMS file is: only one of its types is used to carry certificates.

use super::ber;
use crate::model::der::{self, Reader};

/// `1.2.840.113549.1.7`: the types of PKCS#7 (RFC 2315 section 14).
const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
/// `1.2.840.113549.1.9.16.1`: those that S/MIME added (RFC 5652, 3274, 5083).
const SMIME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01];

/// The type of a ContentInfo (RFC 5652 section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentType {
    /// Bytes and nothing else.
    Data,
    /// Certificates and revocation lists, without a signed content: what a
    /// `.p7b` file is.
    Certificates,
    /// A signed message, or its signature alone; the certificates of the signer
    /// may be in it.
    SignedMessage,
    /// An encrypted message.
    EnvelopedData,
    /// A message that is signed and encrypted (PKCS#7 only).
    SignedAndEnvelopedData,
    /// A message with its digest.
    DigestedData,
    /// Bytes encrypted with a symmetric key.
    EncryptedData,
    /// A message with a message authentication code.
    AuthenticatedData,
    /// A compressed message (RFC 3274).
    CompressedData,
    /// A message with authenticated encryption (RFC 5083).
    AuthEnvelopedData,
    /// None of these.
    Other,
}

impl ContentType {
    /// The type of a file; `None` if it is not a ContentInfo.
    ///
    /// ```
    /// use certcheck::model::ContentType;
    /// // SEQUENCE { OID id-envelopedData, [0] { SEQUENCE {} } }
    /// let der = b"\x30\x0f\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0\x02\x30\x00";
    /// assert_eq!(ContentType::of(der), Some(ContentType::EnvelopedData));
    /// assert_eq!(ContentType::of(b"\x30\x00"), None);
    /// ```
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let normalized = ber::normalized(bytes).ok()?;
        let bytes = normalized.as_deref().map_or(bytes, Vec::as_slice);
        let mut info = Reader::new(bytes, "ContentInfo").sequence("").ok()?;
        let oid = info.oid("").ok()?;
        let number = |arc: &[u8]| match oid.strip_prefix(arc) {
            Some([number]) => Some(*number),
            _ => None,
        };
        Some(match (number(PKCS7), number(SMIME)) {
            (Some(1), _) => Self::Data,
            (Some(2), _) => {
                if has_content(&mut info).unwrap_or(false) {
                    Self::SignedMessage
                } else {
                    Self::Certificates
                }
            }
            (Some(3), _) => Self::EnvelopedData,
            (Some(4), _) => Self::SignedAndEnvelopedData,
            (Some(5), _) => Self::DigestedData,
            (Some(6), _) => Self::EncryptedData,
            (_, Some(2)) => Self::AuthenticatedData,
            (_, Some(9)) => Self::CompressedData,
            (_, Some(23)) => Self::AuthEnvelopedData,
            _ => Self::Other,
        })
    }

    /// Its name in RFC 5652.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Data => "Data",
            Self::Certificates | Self::SignedMessage => "SignedData",
            Self::EnvelopedData => "EnvelopedData",
            Self::SignedAndEnvelopedData => "SignedAndEnvelopedData",
            Self::DigestedData => "DigestedData",
            Self::EncryptedData => "EncryptedData",
            Self::AuthenticatedData => "AuthenticatedData",
            Self::CompressedData => "CompressedData",
            Self::AuthEnvelopedData => "AuthEnvelopedData",
            Self::Other => "unknown",
        }
    }

    /// What that is, with an article.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Data => "bytes wrapped as CMS Data",
            Self::Certificates => "certificates (CMS SignedData without content)",
            Self::SignedMessage => "a signature or signed message (CMS SignedData)",
            Self::EnvelopedData => "an encrypted message (CMS EnvelopedData)",
            Self::SignedAndEnvelopedData => {
                "an encrypted and signed message (PKCS#7 SignedAndEnvelopedData)"
            }
            Self::DigestedData => "a message with its digest (CMS DigestedData)",
            Self::EncryptedData => "encrypted bytes (CMS EncryptedData)",
            Self::AuthenticatedData => {
                "a message with an authentication code (CMS AuthenticatedData)"
            }
            Self::CompressedData => "a compressed message (CMS CompressedData)",
            Self::AuthEnvelopedData => "an encrypted message (CMS AuthEnvelopedData)",
            Self::Other => "a CMS message of an unknown type",
        }
    }

    /// Whether certificates may be extracted from it.
    pub const fn holds_certificates(self) -> bool {
        matches!(self, Self::Certificates | Self::SignedMessage)
    }
}

/// Whether a SignedData has content or a signature; it comes next in `info`.
fn has_content(info: &mut Reader<'_>) -> Option<bool> {
    let content = info.expect(der::context(0), "").ok()?.content;
    // RFC 5652 section 5.1: version, digestAlgorithms, encapContentInfo, [0] certificates, [1] crls,
    // signerInfos. A `.p7b` has no eContent and an empty set of signers.
    let mut fields = Reader::new(content, "SignedData").sequence("").ok()?;
    fields.small("").ok()?;
    fields.expect(der::SET, "").ok()?;
    let mut signed = fields.sequence("").ok()?;
    signed.oid("").ok()?;
    fields.optional(der::context(0)).ok()?;
    fields.optional(der::context(1)).ok()?;
    let signers = fields.expect(der::SET, "").ok()?;
    Some(!signed.is_empty() || !signers.content.is_empty())
}
