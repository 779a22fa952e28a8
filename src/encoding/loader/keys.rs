//! The private keys that a loader meets in a file.

use super::key_block::KeyBlock;
use super::{Loader, gnutls, go, openssl, rustls, section_at};
use crate::encoding::{Document, Form};
use zeroize::Zeroizing;

/// Where a loader looks for a private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeySection {
    /// The section of the document; `None` for bytes that are not a section of it.
    pub section: Option<usize>,
    /// Whether the loader decodes it to what is there.
    pub decoded: bool,
}

/// A [`KeySection`], and what the loader reads there.
pub(crate) struct KeyPlace {
    pub(crate) section: KeySection,
    /// What it decodes, if that differs from what the section holds.
    pub(crate) content: Option<Zeroizing<Vec<u8>>>,
}

impl Loader {
    /// The sections in which it looks for a private key, in its order. OpenSSL continues to the
    /// next if one holds no key; for all others the first decides. Whether the loader accepts the
    /// key is another question, which the module `key_loading` answers.
    ///
    /// Measured with the functions that load a certificate's key:
    /// `SSL_CTX_use_PrivateKey_file` of OpenSSL 3.0.19 (Python's
    /// `load_cert_chain` and Node's `createSecureContext` use the same reader),
    /// `gnutls_certificate_set_x509_key_file2` of GnuTLS 3.7.9,
    /// `tls.LoadX509KeyPair` of Go 1.27.3, `PrivateKeyDer::from_pem_slice` of
    /// rustls-pki-types 1.15.1, and `KeyFactory` of Java 17, which reads DER. NSS
    /// looks for keys in PKCS#12 only.
    pub fn key_sections(self, document: &Document) -> Vec<KeySection> {
        let places = self.key_places(document);
        places.into_iter().map(|place| place.section).collect()
    }

    /// The same, with what it reads if that differs from what the section holds.
    pub(crate) fn key_places(self, document: &Document) -> Vec<KeyPlace> {
        let bytes = document.source().bytes();
        let blocks = match self {
            Self::OpenSsl | Self::Python => openssl::keys(bytes, openssl::From::File),
            Self::Node => openssl::keys(bytes, openssl::From::Memory),
            Self::GnuTls => gnutls::keys(bytes),
            Self::Go => go::keys(bytes),
            Self::Rustls => rustls::keys(bytes),
            Self::Java => return binary(document),
            Self::Nss => return Vec::new(),
        };
        let place = |block: KeyBlock| {
            let index = section_at(document, block.at);
            let section = index.and_then(|index| document.sections().get(index));
            let der = section.and_then(|section| section.der());
            let (content, decoded) = match (block.content, der) {
                (Some(content), Some(der)) if content.starts_with(der) => (None, true),
                (content, _) => (content, false),
            };
            KeyPlace {
                section: KeySection {
                    section: index,
                    decoded,
                },
                content,
            }
        };
        blocks.into_iter().map(place).collect()
    }
}

/// A file that is one key in DER and nothing else.
fn binary(document: &Document) -> Vec<KeyPlace> {
    match (document.form(), document.sections()) {
        (Form::Der, [one]) if one.kind().is_private_key() => vec![KeyPlace {
            section: KeySection {
                section: Some(0),
                decoded: one.behind().is_empty(),
            },
            content: None,
        }],
        _ => Vec::new(),
    }
}
