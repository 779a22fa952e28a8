//! A request for a certificate (PKCS#10, RFC 2986).

use super::{AlgorithmIdentifier, GeneralNames, Malformed, Name, PublicKey, crypto, der};
use crate::finding::Fingerprint;

/// A view of a CertificationRequest.
#[derive(Clone, Debug)]
pub struct CertificationRequest<'a> {
    der: &'a [u8],
    signed: &'a [u8],
    subject: &'a [u8],
    spki: &'a [u8],
    attributes: &'a [u8],
    signature_algorithm: &'a [u8],
    signature: &'a [u8],
}

/// extensionRequest (RFC 2985 section 5.4.2).
const EXTENSION_REQUEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0e];
/// The same, as Microsoft's tools name it (1.3.6.1.4.1.311.2.1.14).
const MICROSOFT_EXTENSIONS: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x01, 0x0e];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];

impl<'a> CertificationRequest<'a> {
    /// Reads a CertificationRequest.
    ///
    /// # Errors
    /// When it is not DER, or not this structure.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut outer = der::Reader::new(bytes, "CertificationRequest");
        let mut fields = outer.sequence("the outer SEQUENCE")?;
        outer.end()?;
        let signed = fields.expect(der::SEQUENCE, "CertificationRequestInfo")?;
        let signature_algorithm = fields.expect(der::SEQUENCE, "the signature algorithm")?;
        let signature = fields.bits("the signature")?;
        fields.end()?;
        let mut info = der::Reader::new(signed.content, "CertificationRequestInfo");
        // RFC 2986 defines only version 0; others have been seen and are read alike.
        info.unsigned("the version")?;
        let subject = info.expect(der::SEQUENCE, "the subject")?;
        let spki = info.expect(der::SEQUENCE, "the public key")?;
        // Some tools omit the attributes if there are none.
        let attributes = info.optional(der::context(0))?;
        info.end()?;
        Ok(Self {
            der: bytes,
            signed: signed.whole,
            subject: subject.whole,
            spki: spki.whole,
            attributes: attributes
                .map(|element| element.content)
                .unwrap_or_default(),
            signature_algorithm: signature_algorithm.whole,
            signature,
        })
    }

    /// The name for which a certificate is requested.
    pub fn subject(&self) -> Option<Name<'a>> {
        Name::from_der(self.subject).ok()
    }

    /// The algorithm of the signature, by which the request proves its key.
    pub fn signature_algorithm(&self) -> Option<AlgorithmIdentifier<'a>> {
        AlgorithmIdentifier::from_der(self.signature_algorithm).ok()
    }

    /// The names requested in subjectAltName.
    pub fn subject_alt_names(&self) -> Option<GeneralNames<'a>> {
        GeneralNames::from_der(self.subject_alt_names_der()?).ok()
    }

    /// All of it.
    pub const fn der(&self) -> &'a [u8] {
        self.der
    }

    /// SHA-256 over all of it.
    pub fn sha256(&self) -> Fingerprint {
        crypto::sha256(self.der)
    }

    /// The CertificationRequestInfo, over which the signature was made.
    pub const fn signed_der(&self) -> &'a [u8] {
        self.signed
    }

    /// The whole AlgorithmIdentifier of the signature.
    pub const fn signature_algorithm_der(&self) -> &'a [u8] {
        self.signature_algorithm
    }

    /// The signature's bytes.
    pub const fn signature(&self) -> &'a [u8] {
        self.signature
    }

    /// The whole Name of the subject.
    pub const fn subject_der(&self) -> &'a [u8] {
        self.subject
    }

    /// The whole SubjectPublicKeyInfo.
    pub const fn spki_der(&self) -> &'a [u8] {
        self.spki
    }

    /// The public key for which a certificate is requested.
    ///
    /// # Errors
    /// See [`PublicKey::parse`].
    pub fn public_key(&self) -> Result<PublicKey<'a>, Malformed> {
        PublicKey::parse(self.spki)
    }

    /// The value of the requested extension with this identifier (its content
    /// octets): the DER inside the extension's OCTET STRING.
    pub fn extension(&self, identifier: &[u8]) -> Option<&'a [u8]> {
        let mut attributes = der::Reader::new(self.attributes, "attributes");
        while let Ok(mut attribute) = attributes.sequence("an attribute") {
            let Ok(EXTENSION_REQUEST | MICROSOFT_EXTENSIONS) = attribute.oid("its type") else {
                continue;
            };
            let Ok(values) = attribute.expect(der::SET, "its values") else {
                continue;
            };
            let mut values = der::Reader::new(values.content, "extensions");
            let Ok(mut extensions) = values.sequence("the extensions") else {
                continue;
            };
            while let Ok(mut extension) = extensions.sequence("an extension") {
                if extension.oid("its type") != Ok(identifier) {
                    continue;
                }
                // A BOOLEAN may be in between.
                extension.optional(0x01).ok()?;
                return extension.octets("its value").ok();
            }
        }
        None
    }

    /// The requested subjectAltName (RFC 5280 section 4.2.1.6): whole GeneralNames.
    pub fn subject_alt_names_der(&self) -> Option<&'a [u8]> {
        self.extension(SUBJECT_ALT_NAME)
    }
}
