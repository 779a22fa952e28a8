//! Dated changes that affect this certificate, or the one that replaces it.
//!
//! The table is [`dated`](crate::dated). Future changes are listed; of those already in force, only
//! the ones that affect the next certificate.

use super::replacement::must_staple;
use super::result::{Announced, PreflightResult};
use crate::Time;
use crate::dated::{Change, Kind};
use crate::model::Certificate;
use crate::protocol::Library;

/// id-kp-clientAuth.
const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";

/// What the changes are compared with.
struct Subject<'a> {
    own: &'a Certificate<'a>,
    /// The commonName of the topmost issuer.
    root: Option<String>,
    days: i64,
    has_client_auth: bool,
    library: Option<Library>,
}

/// The rows that concern what the server would send, judged at `at`.
pub(super) fn announced(result: &PreflightResult, at: Time) -> Vec<Announced> {
    let Some(own) = result.sent.first() else {
        return Vec::new();
    };
    let Ok(own) = Certificate::parse(&own.der) else {
        return Vec::new();
    };
    let usage = own.extended_key_usage();
    let has_client_auth = usage.is_some_and(|usage| {
        let mut purposes = usage.purposes();
        purposes.any(|purpose| purpose.to_string() == CLIENT_AUTH)
    });
    let top = result.sent.last();
    let top = top.and_then(|sent| Certificate::parse(&sent.der).ok());
    let subject = Subject {
        root: top.and_then(|top| top.issuer().common_name()),
        days: own.not_before().days_until(own.not_after()),
        has_client_auth,
        library: result.system.map(|system| system.library()),
        own: &own,
    };
    let limit = Change::most_days(at);
    let concerned = Change::all()
        .iter()
        .filter(|change| subject.meets(change, at, limit));
    concerned
        .map(|change| Announced {
            date: change.date,
            what: change.what,
            whom: change.whom,
            in_force: change.date <= at,
            distrusts: matches!(change.kind, Kind::Distrust(_)),
            source: change.source,
        })
        .collect()
}

impl Subject<'_> {
    fn meets(&self, change: &Change, at: Time, limit: Option<i64>) -> bool {
        let later = change.date > at;
        let of = |organization: &str| {
            let issuer = self.own.issuer().to_string();
            issuer
                .split(", ")
                .any(|part| part.strip_prefix("O=") == Some(organization))
        };
        match change.kind {
            // Of the limits in force, only the last one counts.
            Kind::Lifetime(days) => self.days > days && (later || limit == Some(days)),
            Kind::DefaultLifetime(days) => self.days > days && later,
            Kind::ClientAuth(None) => self.has_client_auth,
            Kind::ClientAuth(Some(organization)) => self.has_client_auth && of(organization),
            Kind::Distrust(_) => {
                let root = self.root.as_deref().unwrap_or_default();
                Change::distrust(root, self.own.not_before()) == Some(change)
            }
            Kind::MustStaple(organization) | Kind::Ocsp(organization) => {
                must_staple(self.own) && of(organization)
            }
            // About the server's OpenSSL, if a system was named.
            Kind::PostQuantum(side) => {
                let older = |library: Library| library != Library::OpenSsl35;
                side == "server" && self.library.is_some_and(older)
            }
        }
    }
}
