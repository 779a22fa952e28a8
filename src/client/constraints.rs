//! Name constraints along one path, as each client's own code reads them.
//!
//! The clients differ in which names of a certificate a constraint applies to, in
//! how two names are compared, and in which constraints they cannot process at
//! all. Measured with about 100 chains on 2026-11-29 (OpenSSL 3.0.19, GnuTLS
//! 3.7.9, OpenJDK 17, NSS 3.87), and read in the files that each module names.

mod compare;
mod gnutls;
mod java;
mod names;
mod nss;
mod openssl;

use super::java_names;
use crate::model::{Certificate, ExtensionFault, GeneralName, Subtree};

/// Whose code is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    OpenSsl,
    GnuTls,
    Java,
    Nss,
}

/// Why a path violates its constraints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// A name is outside; the number is OpenSSL's `X509_V_ERR_…`.
    Refused(u8),
    /// More comparisons than are made here.
    Exhausted,
}

/// The most comparisons for one path. OpenSSL refuses a certificate that needs as many for a single
/// CA (crypto/x509/v3_ncons.c, `NAME_CHECK_MAX`).
const MOST: usize = 1 << 20;

/// The constraints of one CA.
struct Trees<'a> {
    permitted: Vec<Subtree<'a>>,
    excluded: Vec<Subtree<'a>>,
}

impl<'a> Trees<'a> {
    fn all(&self) -> impl Iterator<Item = &Subtree<'a>> {
        self.permitted.iter().chain(&self.excluded)
    }

    fn count(&self) -> usize {
        self.permitted.len() + self.excluded.len()
    }
}

/// Whether a path, the server's certificate first and the anchor last, breaks a
/// name constraint of one of its CAs.
pub(super) fn broken(path: &[&Certificate<'_>], reader: Reader) -> Option<Broken> {
    let mut made = 0_usize;
    for (place, ca) in path.iter().enumerate().skip(1) {
        // Java's anchor is a name and a key (RFC 5280 6.1.1 (d)).
        if reader == Reader::Java && place + 1 == path.len() {
            break;
        }
        let Some(constraints) = ca.name_constraints() else {
            if matches!(reader, Reader::GnuTls | Reader::Nss) && is_lost(ca) {
                return Some(Broken::Refused(0));
            }
            continue;
        };
        // Critical ones of that kind are refused when the certificate is read.
        if reader == Reader::Java && !java_names::are_constraints_read(ca) {
            continue;
        }
        let mut trees = Trees {
            permitted: constraints.permitted().map(formed).collect(),
            excluded: constraints.excluded().map(formed).collect(),
        };
        for (below, it) in path.iter().enumerate().take(place) {
            let own = below == 0;
            // RFC 5280 6.1.3 (b), (c).
            if !own && it.is_self_issued() {
                continue;
            }
            let names = names::of(it, own, reader);
            if reader == Reader::Java {
                let above = path.get(below + 1..path.len() - 1).unwrap_or_default();
                trees.permitted = constraints.permitted().map(formed).collect();
                made = made.saturating_add(java::reduce(&mut trees, above));
            }
            made = made.saturating_add(names.len().saturating_mul(trees.count()));
            if made > MOST {
                return Some(Broken::Exhausted);
            }
            let refused = match reader {
                Reader::OpenSsl => openssl::refuses(it, &names, &trees),
                Reader::GnuTls => gnutls::refuses(it, &names, &trees).then_some(0),
                Reader::Java => java::refuses(&names, &trees).then_some(0),
                Reader::Nss => nss::refuses(&names, &trees).then_some(0),
            };
            if let Some(number) = refused {
                return Some(Broken::Refused(number));
            }
        }
    }
    None
}

/// A subtree whose base is not a text of its form contains no name of that form (measured
/// with bytes beyond ASCII in a dNSName).
fn formed(tree: Subtree<'_>) -> Subtree<'_> {
    const NO_TEXT: &str = "\0@\0";
    let base = match tree.base {
        GeneralName::Unreadable { tag: 0x81, .. } => GeneralName::Email(NO_TEXT),
        GeneralName::Unreadable { tag: 0x82, .. } => GeneralName::Dns(NO_TEXT),
        GeneralName::Unreadable { tag: 0x86, .. } => GeneralName::Uri(NO_TEXT),
        base => base,
    };
    Subtree { base, ..tree }
}

/// Whether its nameConstraints cannot be read at all.
fn is_lost(certificate: &Certificate<'_>) -> bool {
    certificate.extension_problems().iter().any(|problem| {
        problem.oid == "2.5.29.30"
            && matches!(
                problem.fault,
                ExtensionFault::Unreadable | ExtensionFault::NameForm
            )
    })
}
