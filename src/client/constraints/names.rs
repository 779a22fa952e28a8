//! The names of a certificate that a client compares with name constraints.

use super::Reader;
use crate::chain::is_preferred_name;
use crate::client::java_names;
use crate::model::{Certificate, GeneralName};
use std::borrow::Cow;
use std::net::IpAddr;

/// One name.
pub(super) enum Named<'a> {
    Other(GeneralName<'a>),
    /// A commonName that is treated as a host.
    Common(Cow<'a, str>),
    /// A commonName that is treated as an address.
    CommonAddress(Vec<u8>),
    /// A name beyond ASCII, with its tag.
    Bytes(u8, String),
    /// A subject has two of something that it may have only once: GnuTLS refuses it if a constraint
    /// applies to that form.
    TwoCommon,
    TwoEmails,
}

impl Named<'_> {
    /// As a general name.
    pub(super) fn name(&self) -> Option<GeneralName<'_>> {
        match self {
            Self::Other(name) => Some(*name),
            Self::Common(name) => Some(GeneralName::Dns(name)),
            Self::CommonAddress(bytes) => Some(GeneralName::Ip(bytes)),
            Self::Bytes(0x81, text) => Some(GeneralName::Email(text)),
            Self::Bytes(0x82, text) => Some(GeneralName::Dns(text)),
            Self::Bytes(_, text) => Some(GeneralName::Uri(text)),
            Self::TwoCommon | Self::TwoEmails => None,
        }
    }
}

/// The subject, the other names, and their substitutes: the subject's e-mail addresses, which RFC
/// 5280 4.2.1.10 wants checked without subjectAltName, and commonNames.
///
/// OpenSSL (crypto/x509/v3_ncons.c, `NAME_CONSTRAINTS_check`) and NSS
/// (lib/certdb/genname.c, `CERT_GetConstrainedCertificateNames`) look at every
/// address, GnuTLS (lib/x509/name_constraints.c) where no rfc822Name is there,
/// Java (NameConstraintsExtension.verify) where there is no subjectAltName.
pub(super) fn of<'a>(it: &Certificate<'a>, own: bool, reader: Reader) -> Vec<Named<'a>> {
    let subject = it.subject();
    let mut names = Vec::new();
    if !subject.is_empty() || reader == Reader::Nss {
        names.push(Named::Other(GeneralName::Directory(subject)));
    }
    let unread = reader == Reader::Java && !java_names::are_read(it);
    let alternatives = it.subject_alt_names().filter(|_| !unread);
    let others: Vec<_> = alternatives
        .into_iter()
        .flat_map(|names| names.iter())
        .collect();
    let has = |form: fn(&GeneralName<'_>) -> bool| others.iter().any(form);
    let has_dns = has(|name| {
        matches!(
            name,
            GeneralName::Dns(_) | GeneralName::Unreadable { tag: 0x82, .. }
        )
    });
    let has_email = has(|name| matches!(name, GeneralName::Email(_)));
    let emails: Vec<_> = subject.email_addresses().collect();
    let takes_emails = match reader {
        Reader::OpenSsl | Reader::Nss => true,
        Reader::GnuTls => !has_email,
        Reader::Java => alternatives.is_none(),
    };
    if takes_emails && reader == Reader::GnuTls && emails.len() > 1 {
        names.push(Named::TwoEmails);
    } else if takes_emails {
        names.extend(
            emails
                .into_iter()
                .map(|email| Named::Other(GeneralName::Email(email))),
        );
    }
    if !has_dns {
        names.extend(common(it, own, reader));
    }
    if reader == Reader::Java && !has(|name| matches!(name, GeneralName::Ip(_))) {
        names.extend(common_address(it));
    }
    names.extend(others.into_iter().map(|name| match name {
        // Bytes beyond ASCII are compared as they are.
        GeneralName::Unreadable {
            tag: tag @ (0x81 | 0x82 | 0x86),
            value,
            ..
        } => Named::Bytes(tag, String::from_utf8_lossy(value).into_owned()),
        name => Named::Other(name),
    }));
    names
}

/// The commonNames that replace a dNSName if there is none.
fn common<'a>(it: &Certificate<'a>, own: bool, reader: Reader) -> Vec<Named<'a>> {
    let subject = it.subject();
    let mut all: Vec<String> = subject.common_names().collect();
    let named = |name: String| Named::Common(Cow::Owned(name));
    match reader {
        // `cn2dnsid`: each commonName of the server's own certificate that reads like a host.
        Reader::OpenSsl if own => {
            all.retain(|name| name.contains('.') && is_preferred_name(name));
            all.into_iter().map(named).collect()
        }
        Reader::GnuTls if own && all.len() > 1 => vec![Named::TwoCommon],
        Reader::GnuTls | Reader::Nss if own => all.pop().into_iter().map(named).collect(),
        // The last commonName of every certificate, CAs included.
        Reader::Java => all
            .pop()
            .filter(|name| is_java_host(name))
            .into_iter()
            .map(named)
            .collect(),
        _ => Vec::new(),
    }
}

/// For Java, the last commonName of a certificate without an iPAddress, if it is an address.
fn common_address<'a>(it: &Certificate<'_>) -> Option<Named<'a>> {
    Some(Named::CommonAddress(
        match it.subject().common_names().last()?.parse().ok()? {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        },
    ))
}

fn is_java_host(name: &str) -> bool {
    name.parse::<IpAddr>().is_err() && java_names::is_dns_name(name)
}
