//! A private key in another form: PKCS#8 (RFC 5958), and OpenSSL's traditional forms.
//!
//! The key itself is not recomputed: its numbers are wrapped in the other structure, and
//! the caller reads the result back.

use super::{KeyForm, PrivateKey};
use crate::model::KeyAlgorithm;
use crate::model::der::{self, Reader};
use zeroize::Zeroizing;

impl PrivateKey {
    /// The key as PKCS#8 in version 1, which every program reads; `None` if the key is not
    /// proven, so that a damaged key is not written.
    pub fn to_pkcs8(&self) -> Option<Zeroizing<Vec<u8>>> {
        if !self.is_proven() {
            return None;
        }
        let algorithm = self.identifier()?;
        let body = self.body()?;
        let version = der::integer(&[]);
        let key = Zeroizing::new(der::element(der::OCTET_STRING, &[&body]));
        Some(Zeroizing::new(der::element(
            der::SEQUENCE,
            &[&version, &algorithm, &key],
        )))
    }

    /// The key in its traditional form, with its PEM label: PKCS#1, SEC 1, OpenSSL's own for
    /// DSA. None for keys that have no such form (Ed25519, RSA-PSS, X25519…), or are not proven.
    pub fn to_traditional(&self) -> Option<(KeyForm, Zeroizing<Vec<u8>>)> {
        if !self.is_proven() {
            return None;
        }
        let body = self.body()?;
        match self.algorithm() {
            KeyAlgorithm::Rsa => Some((KeyForm::Pkcs1, body)),
            KeyAlgorithm::Ec(_) => Some((KeyForm::Sec1, self.sec1(&body)?)),
            KeyAlgorithm::Dsa => Some((KeyForm::TraditionalDsa, self.traditional_dsa(&body)?)),
            _ => None,
        }
    }

    /// The AlgorithmIdentifier, whole, as in the public key.
    fn identifier(&self) -> Option<Vec<u8>> {
        let mut outer = Reader::new(self.public_key_der()?, "SubjectPublicKeyInfo");
        let mut fields = outer.sequence("it").ok()?;
        let identifier = fields.expect(der::SEQUENCE, "the algorithm").ok()?;
        Some(der::element(der::SEQUENCE, &[identifier.content]))
    }

    /// The algorithm's own structure: the content of PKCS#8's OCTET STRING.
    fn body(&self) -> Option<Zeroizing<Vec<u8>>> {
        match self.form() {
            KeyForm::Pkcs8 => {
                let mut outer = Reader::new(self.secret_der(), "PKCS#8");
                let mut fields = outer.sequence("it").ok()?;
                fields.expect(der::INTEGER, "the version").ok()?;
                fields.expect(der::SEQUENCE, "the algorithm").ok()?;
                let key = fields.octets("the key").ok()?;
                Some(Zeroizing::new(key.to_vec()))
            }
            KeyForm::TraditionalDsa => {
                let mut outer = Reader::new(self.secret_der(), "DSA key");
                let mut fields = outer.sequence("it").ok()?;
                // Version, p, q, g, y, x: the secret comes last, and is all that PKCS#8 wraps.
                let mut last = None;
                while !fields.is_empty() {
                    last = Some(fields.expect(der::INTEGER, "a number").ok()?.content);
                }
                Some(Zeroizing::new(der::element(der::INTEGER, &[last?])))
            }
            _ => Some(Zeroizing::new(self.secret_der().to_vec())),
        }
    }

    /// ECPrivateKey with its curve, which PKCS#8 keeps outside (RFC 5915 3).
    fn sec1(&self, body: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let identifier = self.identifier()?;
        let mut outer = Reader::new(&identifier, "AlgorithmIdentifier");
        let mut fields = outer.sequence("it").ok()?;
        fields.oid("the algorithm").ok()?;
        let curve = fields.any().ok()?;
        let curve = der::element(curve.tag, &[curve.content]);
        let mut outer = Reader::new(body, "ECPrivateKey");
        let mut fields = outer.sequence("it").ok()?;
        let version = fields.expect(der::INTEGER, "the version").ok()?;
        let key = fields.expect(der::OCTET_STRING, "the key").ok()?;
        // RFC 5915 section 3: [0] is the curve, which is added below; [1] is the public key.
        let mut public = None;
        while !fields.is_empty() {
            let element = fields.any().ok()?;
            if element.tag == der::context(1) {
                public = Some(element.content);
            }
        }
        let key = Zeroizing::new(der::element(der::OCTET_STRING, &[key.content]));
        let version = der::element(der::INTEGER, &[version.content]);
        let curve = der::element(der::context(0), &[&curve]);
        let public = match public {
            Some(public) => der::element(der::context(1), &[public]),
            None => Vec::new(),
        };
        Some(Zeroizing::new(der::element(
            der::SEQUENCE,
            &[&version, &key, &curve, &public],
        )))
    }

    /// Version, p, q, g, y and x (OpenSSL's crypto/dsa/dsa_asn1.c).
    fn traditional_dsa(&self, body: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut outer = Reader::new(self.public_key_der()?, "SubjectPublicKeyInfo");
        let mut fields = outer.sequence("it").ok()?;
        let mut identifier = fields.sequence("the algorithm").ok()?;
        identifier.oid("the algorithm").ok()?;
        let numbers = identifier.expect(der::SEQUENCE, "the parameters").ok()?;
        let public = fields.expect(der::BIT_STRING, "the key").ok()?;
        // The first byte of a BIT STRING counts its unused bits.
        let (_, public) = public.content.split_first()?;
        let version = der::integer(&[]);
        Some(Zeroizing::new(der::element(
            der::SEQUENCE,
            &[&version, numbers.content, public, body],
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;
    use crate::encoding::Document;

    fn key(name: &str) -> PrivateKey {
        let path = format!("{}/testdata/pki/{name}", env!("CARGO_MANIFEST_DIR"));
        let document = Document::read(Source::new(name, std::fs::read(path).unwrap()));
        let section = document
            .sections()
            .iter()
            .find(|object| object.kind().is_private_key());
        let section = section.unwrap();
        let form = KeyForm::from_label(section.label().unwrap()).unwrap();
        PrivateKey::read(form, section.headers(), section.der().unwrap(), None).unwrap()
    }

    /// Each form, read again, is the same key; both conversions lead back to the same bytes.
    // Without a backend, no public key is written beside the private one.
    #[cfg(any(feature = "aws-lc-rs", feature = "ring", feature = "rustcrypto"))]
    #[test]
    fn both_forms_are_the_same_key() {
        for (name, traditional) in [
            ("server.key", true),
            ("server.pkcs1.key", true),
            ("p256.key", true),
            ("p256.sec1.key", true),
            ("p384.key", true),
            ("dsa.key", true),
            ("dsa.traditional.key", true),
            ("ed25519.key", false),
        ] {
            let key = key(name);
            let pkcs8 = key.to_pkcs8().unwrap();
            let again = PrivateKey::read(KeyForm::Pkcs8, &[], &pkcs8, None).unwrap();
            assert_eq!(again.public_key_der(), key.public_key_der(), "{name}");
            assert!(again.is_proven(), "{name}");
            assert_eq!(again.to_pkcs8().unwrap(), pkcs8, "{name}");
            let old = key.to_traditional();
            assert_eq!(old.is_some(), traditional, "{name}");
            let Some((form, old)) = old else { continue };
            let back = PrivateKey::read(form, &[], &old, None).unwrap();
            assert_eq!(back.form(), form, "{name}");
            assert_eq!(back.public_key_der(), key.public_key_der(), "{name}");
            assert_eq!(*back.to_traditional().unwrap().1, *old, "{name}");
        }
    }
}
