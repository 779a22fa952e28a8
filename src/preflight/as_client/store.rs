//! The CA certificates that a server judges clients by, and whether any client's
//! certificate can pass with them.
//!
//! OpenSSL ends a path only at a self-signed certificate in the store, unless it is set to accept
//! partial chains, which no server here does: with only an intermediate, or with a root that is
//! itself refused, every client is refused.

use super::lists;
use crate::Time;
use crate::client::Cause;
use crate::client::peer::{Objection, ServerChecks, path, root_fault};
use crate::client::{Presented, Store};
use crate::encoding::Document;
use crate::encoding::loader::Authorities;
use crate::model::{Certificate, Computed, RevocationList};
use crate::server::settings::ListsFor;
use std::sync::Arc;

/// The certificates of the files that a server's settings name.
#[derive(Debug, Default)]
pub(in crate::preflight) struct ClientCas {
    /// In DER, as the server reads them.
    certificates: Vec<Vec<u8>>,
    /// Whether a section is a `TRUSTED CERTIFICATE`, whose settings are not judged here.
    has_settings: bool,
}

/// Why no client's certificate passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::preflight) struct Hopeless {
    pub(in crate::preflight) reason: String,
    pub(in crate::preflight) says: String,
    pub(in crate::preflight) fix: &'static str,
}

const FIX: &str =
    "add the self-signed root of the CA that issued the clients' certificates to this file";

const LISTS: &str =
    "put a current revocation list of every CA of the path, the root included, into the CRL file";

impl ClientCas {
    pub(in crate::preflight) fn of<'d>(documents: impl Iterator<Item = &'d Document>) -> Self {
        let mut found = Self::default();
        for document in documents {
            let bytes = document.source().bytes();
            let label = b"-----BEGIN TRUSTED CERTIFICATE";
            found.has_settings |= bytes.windows(label.len()).any(|window| window == label);
            let read = Authorities::of(bytes).read;
            found
                .certificates
                .extend(read.into_iter().map(|(_, der)| der));
        }
        found
    }

    /// What about them is not judged.
    pub(super) fn open(&self) -> Option<&'static str> {
        self.has_settings.then_some(
            "a TRUSTED CERTIFICATE has its own trust settings, which certcheck did \
                not judge",
        )
    }

    pub(in crate::preflight) fn parsed(&self, computed: &Arc<Computed>) -> Vec<Certificate<'_>> {
        let all = self.certificates.iter();
        all.filter_map(|der| Certificate::parse(der).ok())
            .map(|certificate| certificate.sharing(Some(computed)))
            .collect()
    }

    /// Why every client's certificate is refused, if so.
    pub(in crate::preflight) fn hopeless(
        &self,
        certificates: &[Certificate<'_>],
        revocation: &[RevocationList<'_>],
        which: ListsFor,
        at: Time,
        checks: ServerChecks,
    ) -> Option<Hopeless> {
        // What cannot be read may be the root.
        if self.has_settings || certificates.len() != self.certificates.len() {
            return None;
        }
        let roots: Vec<_> = certificates
            .iter()
            .filter(|certificate| certificate.is_self_issued())
            .collect();
        if roots.is_empty() {
            return without_root(certificates);
        }
        let mut first = None;
        for root in roots {
            match fault(root, revocation, which, at, checks) {
                None => return None,
                Some(fault) => {
                    first.get_or_insert(fault);
                }
            }
        }
        first
    }
}

/// CAs of the file whose certificates are refused for lack of a revocation list, while another CA's
/// certificates are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::preflight) struct Closed {
    pub(in crate::preflight) issuer: String,
    /// How many more there are.
    pub(in crate::preflight) others: usize,
    pub(in crate::preflight) why: Hopeless,
}

impl ClientCas {
    /// The CAs among these that have no revocation list in force.
    pub(in crate::preflight) fn closed(
        &self,
        certificates: &[Certificate<'_>],
        revocation: &[RevocationList<'_>],
        which: ListsFor,
        at: Time,
    ) -> Option<Closed> {
        if which == ListsFor::Nothing || self.has_settings {
            return None;
        }
        let below =
            |certificate: &&Certificate<'_>| certificate.is_ca() && !certificate.is_self_issued();
        let mut issuers: Vec<_> = certificates.iter().filter(below).collect();
        // If only the client's own certificate is looked up, a root that issued no client
        // certificate needs no list.
        if which == ListsFor::Chain || issuers.is_empty() {
            issuers.extend(
                certificates
                    .iter()
                    .filter(|certificate| certificate.is_self_issued()),
            );
        }
        let mut closed = issuers.iter().filter_map(|issuer| {
            let objection = lists::in_force(issuer, revocation, at).err()?;
            Some((issuer.subject().to_string(), objection))
        });
        let (issuer, objection) = closed.next()?;
        let reason = match objection.number {
            3 => "it has no revocation list, but the server requires one".to_owned(),
            12 => "its revocation list has expired".to_owned(),
            11 => "its revocation list is not valid yet".to_owned(),
            _ => "its revocation list is not accepted".to_owned(),
        };
        Some(Closed {
            issuer,
            others: closed.count(),
            why: Hopeless {
                reason,
                says: objection.words(),
                fix: LISTS,
            },
        })
    }
}

fn without_root(certificates: &[Certificate<'_>]) -> Option<Hopeless> {
    let first = certificates.first()?;
    let name = first.subject();
    let is_ca = certificates.iter().any(Certificate::is_ca);
    let (reason, number) = if is_ca {
        (
            format!(
                "it contains intermediates such as `{name}`, but no self-signed root, and a path \
                 must end at one"
            ),
            2,
        )
    } else {
        (
            format!("`{name}` is not a CA certificate, and the file has no self-signed root"),
            20,
        )
    };
    Some(Hopeless {
        reason,
        says: Objection::new(number).words(),
        fix: FIX,
    })
}

/// Why neither this root nor anything that it issued passes.
fn fault(
    root: &Certificate<'_>,
    revocation: &[RevocationList<'_>],
    which: ListsFor,
    at: Time,
    checks: ServerChecks,
) -> Option<Hopeless> {
    let name = root.subject();
    if let Some(objection) = root_fault(root, at, checks) {
        // A self-signed client certificate that is in the store is accepted.
        let own = std::slice::from_ref(root);
        if path(&Presented::of(own), &Store::of(own), at, checks).is_ok() {
            return None;
        }
        let reason = match objection.cause {
            Some(Cause::IssuerExpired) => {
                format!("its root `{name}` expired on {}", root.not_after())
            }
            Some(Cause::NotYetValid) => {
                format!(
                    "its root `{name}` is not valid before {}",
                    root.not_before()
                )
            }
            Some(Cause::WeakKey) => {
                format!("the key of its root `{name}` is too weak for the security level")
            }
            Some(Cause::Purpose) => {
                format!("the extendedKeyUsage of its root `{name}` lacks clientAuth")
            }
            Some(Cause::NotACa) => format!("`{name}` is not a CA certificate"),
            _ => format!("its root `{name}` has a critical extension that OpenSSL does not know"),
        };
        return Some(Hopeless {
            reason,
            says: objection.words(),
            fix: "replace the root with one that is valid and may issue client certificates",
        });
    }
    if which == ListsFor::Chain
        && let Err(objection) = lists::in_force(root, revocation, at)
    {
        let reason = match objection.number {
            3 => format!("its root `{name}` has no revocation list, but the server requires one"),
            12 => format!("the revocation list of its root `{name}` has expired"),
            11 => format!("the revocation list of its root `{name}` is not valid yet"),
            _ => format!("the revocation list of its root `{name}` is not accepted"),
        };
        return Some(Hopeless {
            reason,
            says: objection.words(),
            fix: LISTS,
        });
    }
    None
}
