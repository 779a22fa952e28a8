//! How one place of a server judges one client's certificate.

use super::lists::{self, Revocation};
use super::store::{ClientCas, Hopeless};
use crate::Time;
use crate::cipher::SecurityLevel;
use crate::client::peer::{Heard, Objection, ServerChecks, path_for};
use crate::client::{Cause, Presented, Store};
use crate::finding::Fingerprint;
use crate::model::{Certificate, Name, RevocationList};
use crate::server::Profile;
use crate::server::settings::{ClientAuth, ClientChecks};
use std::cell::{Cell, RefCell};

/// How the server judges the certificate.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It does not ask for one.
    NotAsked,
    Accepts(Vec<Fingerprint>),
    Refuses(Objection),
    /// The server accepts no certificate here.
    Hopeless(Hopeless),
    Open(String),
}

/// A place that asks for a certificate.
pub(super) struct Asks<'p> {
    pub(super) server: &'static Profile,
    pub(super) auth: ClientAuth,
    pub(super) checks: &'p ClientChecks,
    pub(super) level: SecurityLevel,
    /// What part of its CA certificates or lists could not be read.
    pub(super) unread: Option<String>,
    pub(super) at: Time,
}

/// Errors that `optional_no_ca` ignores: no trusted root. One whose intermediate is in the store
/// without its root (2) is not among them (nginx 1.22.1 `ngx_ssl_verify_error_optional`, httpd
/// 2.4.71 `ssl_verify_error_is_optional`).
const OPTIONAL: [u8; 5] = [18, 19, 20, 21, 27];

/// `X509_V_ERR_CERT_CHAIN_TOO_LONG`
const TOO_LONG: u8 = 22;

/// What the callback of a server keeps while OpenSSL verifies.
#[derive(Default)]
struct Kept {
    /// nginx looks at the last error only (`SSL_get_verify_result`).
    last: RefCell<Option<Objection>>,
    open: Cell<Option<&'static str>>,
}

impl Asks<'_> {
    pub(super) fn server_checks(&self) -> ServerChecks {
        // httpd counts in its callback, and does not change OpenSSL's own limit.
        let depth = match self.server.name() {
            "nginx" => Some(self.checks.depth.unwrap_or(1)),
            _ => None,
        };
        ServerChecks {
            level: self.level,
            depth,
        }
    }

    pub(super) fn judge(
        &self,
        chain: &[Certificate<'_>],
        cas: &ClientCas,
        roots: &[Certificate<'_>],
        revocation: &[RevocationList<'_>],
    ) -> Outcome {
        if self.auth == ClientAuth::None {
            return Outcome::NotAsked;
        }
        if let Some(reason) = &self.unread {
            return Outcome::Open(reason.clone());
        }
        if let Some(setting) = &self.checks.not_interpreted {
            let value = &setting.value;
            return Outcome::Open(format!("certcheck did not judge `{value}`"));
        }
        if let Some(reason) = cas.open() {
            return Outcome::Open(reason.to_owned());
        }
        let checks = self.server_checks();
        let which = self.checks.revocation;
        if !self.checks.any_issuer
            && self.checks.overlooked.is_empty()
            && let Some(hopeless) = cas.hopeless(roots, revocation, which, self.at, checks)
        {
            return Outcome::Hopeless(hopeless);
        }
        let kept = Kept::default();
        let revoked = |found: &[&Certificate<'_>], place| match lists::judge(
            found, place, revocation, which, self.at,
        ) {
            Revocation::Good => None,
            Revocation::Refused(objection) => Some(objection.number),
            Revocation::Open(reason) => {
                kept.open.set(Some(reason));
                None
            }
        };
        let hears = |heard: &Heard| self.hears(heard, &kept);
        let found = path_for(
            &Presented::of(chain),
            &Store::of(roots),
            self.at,
            checks,
            revoked,
            hears,
        );
        match (found, kept.open.get()) {
            (Err(objection), _) if objection.is_open() => {
                Outcome::Open("certcheck does not compute this kind of signature".to_owned())
            }
            (Ok(_), Some(reason)) => Outcome::Open(reason.to_owned()),
            (Ok(found), None) => match kept.last.into_inner() {
                Some(last) if !OPTIONAL.contains(&last.number) => Outcome::Refuses(last),
                _ => accepted(&found),
            },
            (Err(objection), _) => Outcome::Refuses(objection),
        }
    }

    /// The server's `verify_callback`: the number of the error with which the verification ends, or
    /// `None` if it goes on.
    fn hears(&self, heard: &Heard, kept: &Kept) -> Option<u8> {
        let fault = Some(heard.number).filter(|number| *number != 0);
        match self.server.name() {
            // nginx goes on after each error, and the last one counts.
            "nginx" if self.checks.any_issuer => {
                if fault.is_some() {
                    kept.last.replace(Some(heard.objection()));
                }
                None
            }
            // httpd counts every certificate above the client's own, with or without a fault
            // (`ssl_callback_SSLVerify`).
            "apache" => {
                let most = usize::try_from(self.checks.depth.unwrap_or(1)).unwrap_or(usize::MAX);
                if heard.depth > most {
                    return Some(TOO_LONG);
                }
                fault.filter(|number| !(self.checks.any_issuer && OPTIONAL.contains(number)))
            }
            "haproxy" => self.overlooks(fault?, heard, kept),
            _ => fault,
        }
    }

    /// `crt-ignore-err` and `ca-ignore-err` (HAProxy 2.6.12 `ssl_sock_bind_verifycbk`).
    fn overlooks(&self, fault: u8, heard: &Heard, kept: &Kept) -> Option<u8> {
        let overlooked = &self.checks.overlooked;
        if overlooked.is_empty() {
            return Some(fault);
        }
        // certcheck computes only the first error of a list, and of the name constraints.
        let more = match heard.cause {
            Some(Cause::Revoked) => !matches!(fault, 3 | 23),
            Some(Cause::NameConstraints) => true,
            _ => false,
        };
        let ignored = if heard.depth == 0 {
            overlooked.own(fault)
        } else {
            overlooked.issuers(fault)
        };
        if more {
            kept.open.set(Some(
                "certcheck does not judge what HAProxy finds after an ignored error in a \
                 revocation list or in name constraints",
            ));
        }
        (!ignored).then_some(fault)
    }
}

fn accepted(found: &[&Certificate<'_>]) -> Outcome {
    Outcome::Accepts(
        found
            .iter()
            .map(|certificate| certificate.sha256())
            .collect(),
    )
}

/// The names of acceptable CAs that the server sends.
pub(super) fn names<'a>(sent: &[Certificate<'a>]) -> Vec<Name<'a>> {
    let mut names: Vec<Name<'a>> = Vec::new();
    for certificate in sent {
        let name = certificate.subject();
        if names.iter().all(|known| known.der() != name.der()) {
            names.push(name);
        }
    }
    names
}
