//! PKCS#7 SignedData as a bag of certificates (RFC 2315 section 9, RFC 5652 section 5).

use super::{Contained, ContainedKind, Container, Integrity, ber};
use crate::model::Malformed;
use crate::model::der::{self, Reader};

const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

impl Container {
    /// Reads the certificates and revocation lists of a SignedData; signatures over content are not
    /// checked.
    ///
    /// # Errors
    /// When it is neither DER nor BER, or not SignedData.
    pub fn pkcs7(bytes: &[u8]) -> Result<Self, Malformed> {
        let normalized = ber::normalized(bytes)?;
        let bytes = normalized.as_deref().map_or(bytes, Vec::as_slice);
        let mut outer = Reader::new(bytes, "PKCS#7 SignedData");
        let mut info = outer.sequence("ContentInfo")?;
        if info.oid("its type")? != SIGNED_DATA {
            return Err(info.error("another type of content than SignedData"));
        }
        let content = info.expect(der::context(0), "the content")?;
        let mut content = Reader::new(content.content, "PKCS#7 SignedData");
        let mut fields = content.sequence("the content")?;
        fields.small("the version")?;
        fields.expect(der::SET, "the digest algorithms")?;
        fields.expect(der::SEQUENCE, "the signed content")?;
        let mut objects = Vec::new();
        for (number, kind) in [(0, ContainedKind::Certificate), (1, ContainedKind::Crl)] {
            let Some(set) = fields.optional(der::context(number))? else {
                continue;
            };
            let mut members = Reader::new(set.content, "PKCS#7 SignedData");
            while !members.is_empty() {
                let member = members.any()?;
                // Attribute certificates and other forms have tags of their own (RFC 5652 10.2).
                let kind = if member.tag == der::SEQUENCE {
                    kind
                } else {
                    ContainedKind::Unknown
                };
                objects.push(Contained::new(kind, member.whole));
            }
        }
        Ok(Self {
            objects,
            closed: Vec::new(),
            integrity: Integrity::Absent,
            protection: None,
        })
    }
}
