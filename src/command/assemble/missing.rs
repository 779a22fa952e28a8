//! The issuer that is missing, and whether a certificate from elsewhere is it.

use super::choose::choose;
use super::heap::Heap;
use crate::Time;
use crate::encoding::Document;
use crate::model::{Certificate, Passphrase};
use crate::objects::{Content, Opened};
use crate::server_name::ServerName;
use crate::signature::signed_by;
use std::fmt;

/// An issuer that the chain lacks.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MissingIssuer {
    /// Its name.
    pub name: String,
    /// Where it can be fetched (caIssuers), according to the certificate that it issued.
    pub urls: Vec<String>,
    /// The certificate that it issued.
    certificate: Vec<u8>,
}

/// Why an answer is not the issuer's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotTheIssuer {
    /// There is no certificate in it.
    NoCertificate,
    /// No certificate in it has the name.
    OtherName,
    /// The key of no certificate in it verifies the signature.
    NotSigned,
}

impl fmt::Display for NotTheIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoCertificate => "the answer holds no certificate",
            Self::OtherName => "the answer is a certificate of another name",
            Self::NotSigned => "the answer has the issuer's name, but its key did not sign",
        })
    }
}

impl std::error::Error for NotTheIssuer {}

/// The issuer that the chain of `documents` ends below; `None` if it reaches a root. Clients may
/// have that issuer as a root: then it is returned only if it has an address.
pub fn missing_issuer(
    documents: &[Document],
    passphrases: &[Passphrase],
    hosts: &[ServerName],
    at: Time,
) -> Option<MissingIssuer> {
    let heap = Heap::of(documents, passphrases);
    let chosen = choose(&heap, &heap.certificates(), hosts, at).ok()?;
    let is_missing = chosen.gap.is_some();
    let gap = chosen.above?;
    if !is_missing && gap.ca_issuers.is_empty() {
        return None;
    }
    Some(MissingIssuer {
        name: gap.issuer_name,
        urls: gap.ca_issuers,
        certificate: heap.der(chosen.below_gap)?.to_vec(),
    })
}

impl MissingIssuer {
    /// The issuer's certificate in DER, from an answer that nothing vouches for: it has the
    /// issuer's name, and its key verifies the signature.
    ///
    /// # Errors
    /// Why the answer is not it.
    pub fn proven(&self, answer: &Document) -> Result<Vec<u8>, NotTheIssuer> {
        let child = Certificate::parse(&self.certificate).map_err(|_| NotTheIssuer::NotSigned)?;
        let opened = Opened::new(answer, None);
        let mut why = NotTheIssuer::NoCertificate;
        for object in opened.objects() {
            let Content::Certificate(issuer) = &object.content else {
                continue;
            };
            if !issuer.subject().matches(&child.issuer()) {
                if why == NotTheIssuer::NoCertificate {
                    why = NotTheIssuer::OtherName;
                }
                continue;
            }
            why = NotTheIssuer::NotSigned;
            if signed_by(&child, issuer).is_ok() {
                return Ok(issuer.der().to_vec());
            }
        }
        Err(why)
    }
}
