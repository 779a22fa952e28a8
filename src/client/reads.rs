//! Certificates that each family of clients refuses to parse.
//!
//! Every client has its own parser, and the parsers differ in which violations of RFC 5280 and DER
//! they accept: OpenSSL's `d2i`, GnuTLS with libtasn1, Go's crypto/x509, Java's `X509CertImpl`,
//! NSS, rustls-webpki (which certcheck calls). Each row was measured: 150 certificates, each odd in
//! one way, served by `openssl s_server` 3.0.19 on 2026-11-28, and 1,700 more by nginx on the day
//! after (tests/library/odd_certificates.rs).

mod facts;
mod gnutls;
mod go;
mod java;
mod others;
mod size;

pub(super) use facts::{huge_path_length, lost_basic_constraints};
pub(super) use gnutls::{has_unread_key, reads_purposes};

use super::by_version::Facts;
use super::input::Input;
use super::refusal::{Cause, Refusal};
use crate::model::{Certificate, PROXY_CERT_INFO};

/// Whose parser reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    OpenSsl,
    GnuTls,
    Go,
    Java,
    Nss,
    /// rustls-webpki, which reads for itself.
    Webpki,
    /// Strict readers that were not measured: Chromium, mozilla::pkix, the
    /// systems' own.
    Unmeasured,
    /// Compares bytes, and reads nothing.
    Nothing,
}

/// Why a certificate is not read, and the reader's words; without words, the
/// client's own voice has some for the cause.
pub(super) type Unread = (Cause, String);

/// A certificate's role among those that the server presents.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Own,
    Above,
}

impl Family {
    /// The first presented certificate that is not read, and why.
    pub(super) fn refuses(self, input: &Input<'_, '_>) -> Option<Refusal> {
        let too_large = size::refuses(self, input.chain);
        if too_large.is_some() {
            return too_large;
        }
        // All but OpenSSL read every certificate before they check the path.
        input.chain.iter().enumerate().find_map(|(place, it)| {
            let place = if place == 0 { Place::Own } else { Place::Above };
            let named = !input.names.is_empty();
            let (cause, says) = self.unread_by(input.facts, it, place, named)?;
            Some(Refusal::new(cause, says).of(it))
        })
    }

    /// Why a version of it does not read a certificate.
    pub(super) fn unread_by(
        self,
        facts: Facts,
        it: &Certificate<'_>,
        place: Place,
        named: bool,
    ) -> Option<Unread> {
        match self {
            Self::Go if facts.negative_serials => go::unread_but_serial(it, place, named),
            _ => self.unread(it, place, named),
        }
    }

    /// Why it does not read a certificate; `named` if a name is compared.
    pub(super) fn unread(self, it: &Certificate<'_>, place: Place, named: bool) -> Option<Unread> {
        match self {
            Self::OpenSsl => others::openssl(it, place),
            Self::GnuTls => gnutls::unread(it, place),
            Self::Go => go::unread(it, place, named),
            Self::Java => java::unread(it, place),
            Self::Nss => others::nss(it, place),
            Self::Unmeasured => others::unmeasured(it),
            Self::Webpki | Self::Nothing => None,
        }
    }

    /// Whether the family refuses a critical extension as unknown.
    pub(super) fn knows(self, it: &crate::model::Extension<'_>) -> bool {
        let name = it.name();
        match self {
            // X509_supported_extension (crypto/x509/v3_purp.c) has neither key identifier.
            Self::OpenSsl => match name {
                Some("subjectKeyIdentifier" | "authorityKeyIdentifier") => false,
                Some("nsCertType") => true,
                _ => {
                    let [addresses, numbers] = RESOURCES;
                    let others = [PROXY_CERT_INFO, OCSP_NO_CHECK, addresses, numbers];
                    it.is_processed() || others.contains(&it.oid.as_bytes())
                }
            },
            Self::GnuTls => match name {
                Some("policyConstraints" | "policyMappings") => false,
                Some("issuerAltName" | "authorityInfoAccess" | "tlsfeature") => true,
                _ => it.is_processed() || it.oid.as_bytes() == PROXY_CERT_INFO,
            },
            Self::Java => match name {
                Some(
                    "subjectKeyIdentifier" | "authorityKeyIdentifier" | "cRLDistributionPoints",
                ) => false,
                _ => it.is_processed(),
            },
            Self::Nss => match name {
                Some(
                    "cRLDistributionPoints"
                    | "certificatePolicies"
                    | "policyConstraints"
                    | "policyMappings"
                    | "inhibitAnyPolicy",
                ) => false,
                Some("authorityInfoAccess" | "nsCertType") => true,
                _ => it.is_processed() || [NS_COMMENT, OCSP_NO_CHECK].contains(&it.oid.as_bytes()),
            },
            _ => it.is_processed(),
        }
    }

    /// The first of `path` with a critical extension that the family does not know.
    pub(super) fn unknown_critical<'c, 'a>(
        self,
        mut path: impl Iterator<Item = &'c Certificate<'a>>,
    ) -> Option<&'c Certificate<'a>> {
        path.find(|certificate| {
            let mut extensions = certificate.extensions().iter();
            extensions.any(|extension| extension.critical && !self.knows(extension))
                || self == Self::Go && super::go_constraints::unhandled(certificate)
        })
    }
}

/// id-pkix-ocsp-nocheck (RFC 6960 4.2.2.2.1), 1.3.6.1.5.5.7.48.1.5.
const OCSP_NO_CHECK: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x30\x01\x05";
/// Netscape's comment, 2.16.840.1.113730.1.13.
const NS_COMMENT: &[u8] = b"\x60\x86\x48\x01\x86\xf8\x42\x01\x0d";
/// Addresses and numbers of autonomous systems, 1.3.6.1.5.5.7.1.7 and 8 (RFC 3779).
pub(super) const RESOURCES: [&[u8]; 2] = [
    &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x07],
    &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x08],
];

fn refuse(says: impl Into<String>) -> Option<Unread> {
    Some((Cause::Encoding, says.into()))
}
