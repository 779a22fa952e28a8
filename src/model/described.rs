//! Every extension of a certificate in words, as x509-parser reads them.
//!
//! What path validation depends on is read by this crate's own views, which
//! keep the bytes and the places of everything; what is only shown, such as
//! certificate transparency or policy qualifiers, is left to the parser that
//! the field maintains.

use super::certificate::Certificate;
use super::extension::{Extension, id};
use der_parser::oid::Oid;
use std::borrow::Cow;
use std::fmt::Write;
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension};
use x509_parser::objects::{oid_registry, oid2sn};
use x509_parser::prelude::{FromDer, X509Extension};

/// An extension and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DescribedExtension {
    /// Its object identifier, dotted.
    pub oid: String,
    /// Its short name, if it has one.
    pub name: Option<String>,
    /// Whether it is critical.
    pub critical: bool,
    /// What it says, if x509-parser reads it; bounded in length.
    pub text: Option<String>,
}

/// The most extensions described, and the most items of one: enough for every
/// certificate that people read.
const MOST: usize = 100;

/// The extensions of `certificate`, in their order, the first hundred.
pub fn described_extensions(certificate: &Certificate<'_>) -> Vec<DescribedExtension> {
    let all = certificate.extensions().iter().take(MOST);
    all.map(|extension| DescribedExtension {
        oid: extension.oid.to_string(),
        name: short_name(&Oid::new(Cow::Borrowed(extension.oid.as_bytes()))),
        critical: extension.critical,
        text: words(extension),
    })
    .collect()
}

/// What the extension says, for those that are put in words: reading the others would cost more
/// than all the rest.
fn words(extension: &Extension<'_>) -> Option<String> {
    let is_described = match extension.standard_number() {
        Some(number) => matches!(
            number,
            id::BASIC_CONSTRAINTS
                | id::CERTIFICATE_POLICIES
                | id::POLICY_CONSTRAINTS
                | id::CRL_DISTRIBUTION_POINTS
        ),
        None => true,
    };
    if !is_described {
        return None;
    }
    let (_, read) = X509Extension::from_der(extension.der).ok()?;
    text(read.parsed_extension())
}

fn short_name(oid: &Oid<'_>) -> Option<String> {
    oid2sn(oid, oid_registry()).ok().map(str::to_owned)
}

fn text(extension: &ParsedExtension<'_>) -> Option<String> {
    let text = match extension {
        ParsedExtension::CertificatePolicies(policies) => list(
            policies
                .iter()
                .map(|policy| policy.policy_id.to_id_string()),
        ),
        ParsedExtension::PolicyConstraints(constraints) => format!(
            "requireExplicitPolicy {}, inhibitPolicyMapping {}",
            number(constraints.require_explicit_policy),
            number(constraints.inhibit_policy_mapping)
        ),
        ParsedExtension::BasicConstraints(constraints) => format!(
            "cA {}, pathLenConstraint {}",
            constraints.ca,
            number(constraints.path_len_constraint)
        ),
        ParsedExtension::AuthorityInfoAccess(access) => {
            list(access.accessdescs.iter().map(|description| {
                let method = short_name(&description.access_method)
                    .unwrap_or_else(|| description.access_method.to_id_string());
                format!("{method} {}", name(&description.access_location))
            }))
        }
        ParsedExtension::CRLDistributionPoints(points) => list(points.points.iter().filter_map(
            |point| match &point.distribution_point {
                Some(DistributionPointName::FullName(names)) => Some(list(names.iter().map(name))),
                _ => None,
            },
        )),
        ParsedExtension::NSCertType(kind) => format!("{kind}"),
        ParsedExtension::NsCertComment(comment) => comment.chars().take(MOST).collect(),
        ParsedExtension::SCT(timestamps) => list(timestamps.iter().map(|timestamp| {
            let log: String =
                timestamp
                    .id
                    .key_id
                    .iter()
                    .take(4)
                    .fold(String::new(), |mut id, byte| {
                        let _ = write!(id, "{byte:02x}");
                        id
                    });
            let seconds = i64::try_from(timestamp.timestamp / 1000).unwrap_or(0);
            format!("log {log} at {}", crate::Time::from_unix_seconds(seconds))
        })),
        _ => return None,
    };
    Some(text)
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.take(MOST).collect::<Vec<_>>().join(", ")
}

fn number(value: Option<u32>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

fn name(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::URI(text) | GeneralName::DNSName(text) | GeneralName::RFC822Name(text) => {
            text.chars().take(1000).collect()
        }
        other => other.to_string().chars().take(1000).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;
    use crate::encoding::Document;

    fn described(pem: &str) -> Vec<DescribedExtension> {
        let document = Document::read(Source::new("x", pem.into()));
        let der = document.sections()[0].der().unwrap();
        described_extensions(&Certificate::parse(der).unwrap())
    }

    #[test]
    fn extensions_are_named_and_read() {
        let all = described(include_str!("../../testdata/pki/server.crt"));
        let constraints = all
            .iter()
            .find(|extension| extension.oid == "2.5.29.19")
            .unwrap();
        assert_eq!(constraints.name.as_deref(), Some("basicConstraints"));
        assert!(constraints.critical);
        assert_eq!(
            constraints.text.as_deref(),
            Some("cA false, pathLenConstraint none")
        );
        let access = all
            .iter()
            .find(|extension| extension.oid == "1.3.6.1.5.5.7.1.1")
            .unwrap();
        assert!(
            access
                .text
                .as_ref()
                .unwrap()
                .contains("http://pki.example.test/issuing.der")
        );
    }
}
