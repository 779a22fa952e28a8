//! How one place of a server judges one client's certificate.

use super::lists::{self, Revocation};
use super::store::{ClientCas, Hopeless};
use crate::Time;
use crate::cipher::SecurityLevel;
use crate::client::peer::{Objection, ServerChecks, path};
use crate::client::{Presented, Store};
use crate::finding::Fingerprint;
use crate::model::{Certificate, Name, RevocationList};
use crate::server::Profile;
use crate::server::settings::{ClientAuth, ClientChecks};
use std::cell::Cell;

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

/// Numbers that `optional_no_ca` ignores (`ngx_ssl_verify_error_optional`,
/// `ssl_verify_error_is_optional`).
const OPTIONAL: [u8; 5] = [2, 18, 19, 20, 21];

/// `X509_V_ERR_CERT_CHAIN_TOO_LONG`
const TOO_LONG: u8 = 22;

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
            && let Some(hopeless) = cas.hopeless(roots, revocation, which, self.at, checks)
        {
            return Outcome::Hopeless(hopeless);
        }
        let presented = Presented::of(chain);
        let open = Cell::new(None);
        let revoked = |found: &[&Certificate<'_>]| {
            if self.is_too_deep(found) {
                return Some(TOO_LONG);
            }
            match lists::judge(found, revocation, which, self.at) {
                Revocation::Good => None,
                Revocation::Refused(objection) => Some(objection.number),
                Revocation::Open(reason) => {
                    open.set(Some(reason));
                    None
                }
            }
        };
        let found = path(&presented, &Store::of(roots), self.at, checks, revoked);
        match (found, open.get()) {
            (Err(objection), None) if objection.is_open() => {
                Outcome::Open("certcheck does not compute this kind of signature".to_owned())
            }
            (Err(objection), None) if self.checks.any_issuer && self.passes(objection.number) => {
                self.of_any_issuer(chain)
            }
            (Ok(_), Some(reason)) => Outcome::Open(reason.to_owned()),
            (Ok(found), None) => accepted(&found),
            (Err(objection), _) => Outcome::Refuses(objection),
        }
    }

    /// httpd counts every certificate above the client's own
    /// (`ssl_callback_SSLVerify`), and does so before OpenSSL checks dates.
    fn is_too_deep(&self, found: &[&Certificate<'_>]) -> bool {
        let most = usize::try_from(self.checks.depth.unwrap_or(1)).unwrap_or(usize::MAX);
        self.server.name() == "apache" && found.len().saturating_sub(1) > most
    }

    /// Whether `optional_no_ca` ignores this error. In nginx the one about a long path
    /// is followed by the one about a missing issuer, and the last one counts.
    fn passes(&self, number: u8) -> bool {
        OPTIONAL.contains(&number) || self.server.name() == "nginx" && number == TOO_LONG
    }

    /// A missing root is ignored; any other fault counts if the server looks at it afterwards.
    fn of_any_issuer(&self, chain: &[Certificate<'_>]) -> Outcome {
        let top = chain.last().map(std::slice::from_ref).unwrap_or_default();
        let checks = ServerChecks {
            level: self.level,
            depth: None,
        };
        let store = Store::of(top).assumed();
        match path(&Presented::of(chain), &store, self.at, checks, |_| None) {
            Ok(found) => accepted(&found),
            // nginx uses the last error, which depends on the order of OpenSSL's checks.
            Err(objection)
                if self.server.name() == "nginx" && !matches!(objection.number, 9 | 10) =>
            {
                Outcome::Open(format!(
                    "{}: only the last error counts for nginx, and certcheck does not judge it",
                    objection.words()
                ))
            }
            Err(objection) => Outcome::Refuses(objection),
        }
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
