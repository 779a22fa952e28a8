//! How a server on OpenSSL judges the chain that its client presents: the same
//! `X509_verify_cert`, with the purpose of a client and the server's depth and level.

use super::input::Input;
use super::openssl::{self, Caller, DEPTH, Flags, Role};
use super::refusal::Cause;
use super::{Presented, Store};
use crate::Time;
use crate::cipher::SecurityLevel;
use crate::finding::Fingerprint;
use crate::model::Certificate;

/// The settings of the server's OpenSSL.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerChecks {
    /// Its security level, once the settings are loaded.
    pub(crate) level: SecurityLevel,
    /// The most intermediates; `None` means OpenSSL's 100.
    pub(crate) depth: Option<u32>,
}

/// Why it refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Objection {
    /// `X509_V_ERR_…`
    pub(crate) number: u8,
    /// The cause; `None` for revocation, or for the server's own rule.
    pub(crate) cause: Option<Cause>,
    /// The certificate at fault, if there is one.
    pub(crate) at: Option<Fingerprint>,
}

impl Objection {
    /// An error of that number.
    pub(crate) const fn new(number: u8) -> Self {
        Self {
            number,
            cause: None,
            at: None,
        }
    }

    /// Whether certcheck cannot tell.
    pub(crate) fn is_open(&self) -> bool {
        self.cause.is_some_and(Cause::is_undecided)
    }

    /// `unable to get local issuer certificate (20)`.
    pub(crate) fn words(&self) -> String {
        format!("{} ({})", openssl::text(self.number), self.number)
    }
}

/// Why no certificate that this root issued is accepted.
pub(crate) fn root_fault(
    root: &Certificate<'_>,
    at: Time,
    checks: ServerChecks,
) -> Option<Objection> {
    let (number, cause) = openssl::root_fault(root, checks.level.number(), at)?;
    Some(Objection {
        number,
        cause: Some(cause),
        at: Some(root.sha256()),
    })
}

/// What a server's `verify_callback` hears: an error at a depth, or that a certificate has no fault
/// (0).
pub(crate) struct Heard {
    pub(crate) number: u8,
    pub(crate) depth: usize,
    /// The cause of an error.
    pub(crate) cause: Option<Cause>,
    /// The certificate.
    pub(crate) at: Fingerprint,
}

impl Heard {
    pub(crate) const fn objection(&self) -> Objection {
        Objection {
            number: self.number,
            cause: self.cause,
            at: Some(self.at),
        }
    }
}

/// The path that the server takes, the client's own certificate first.
pub(crate) fn path<'r, 'a>(
    presented: &Presented<'r, 'a>,
    store: &Store<'r, 'a>,
    at: Time,
    checks: ServerChecks,
) -> Result<Vec<&'r Certificate<'a>>, Objection> {
    let hears = |heard: &Heard| Some(heard.number).filter(|number| *number != 0);
    path_for(presented, store, at, checks, |_, _| None, hears)
}

/// The same for a server that checks each certificate of the path itself, where OpenSSL checks
/// revocation lists (`revoked` gives an error's number), and that decides what becomes of an error
/// (`hears` gives the number with which the verification ends, or `None` if it goes on).
pub(crate) fn path_for<'r, 'a>(
    presented: &Presented<'r, 'a>,
    store: &Store<'r, 'a>,
    at: Time,
    checks: ServerChecks,
    revoked: impl Fn(&[&'r Certificate<'a>], usize) -> Option<u8>,
    hears: impl Fn(&Heard) -> Option<u8>,
) -> Result<Vec<&'r Certificate<'a>>, Objection> {
    let input = Input::new(presented, store, at);
    let flags = Flags {
        partial_chain: false,
        strict: false,
        level: checks.level.number(),
        role: Role::Client,
        depth: checks
            .depth
            .and_then(|depth| usize::try_from(depth).ok())
            .unwrap_or(DEPTH),
    };
    let named = |path: &[&'r Certificate<'a>], place| Some((revoked(path, place)?, Cause::Revoked));
    let caller = Caller {
        named: &named,
        hears: &|heard| {
            hears(&Heard {
                number: heard.number,
                depth: heard.depth,
                cause: heard.cause,
                at: heard.certificate.sha256(),
            })
        },
    };
    openssl::verify_for(&input, flags, &caller).map_err(|error| Objection {
        number: error.number,
        cause: Some(error.cause),
        at: error.certificate.map(Certificate::sha256),
    })
}
