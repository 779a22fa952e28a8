//! Faults of a certificate that do not depend on its place in a path.

use super::profile::PathProfile;
use super::reason::{Reason, Rejection};
use super::rules::{self, PathRole, Rules};
use crate::Time;
use crate::model::Certificate;

/// What is wrong with a certificate by itself: its dates, what cannot be read of it,
/// its number, its strength. For each fault, whether it is only a warning: verifiers accept it
/// today.
///
/// These are the rules of `verify` that need no other certificate and no purpose, and those rules
/// of RFC 5280 section 4 that a client in use is known to enforce.
pub(crate) fn alone(certificate: &Certificate<'_>, at: Time) -> Vec<(Rejection, bool)> {
    let profile = PathProfile {
        every_extension: true,
        named_curves: true,
        serial_numbers: true,
        ..PathProfile::RFC5280
    };
    let rules = Rules {
        profile: &profile,
        at,
        purpose: None,
    };
    let mut reasons = rules.check(certificate, PathRole::EndEntity);
    let algorithm = certificate.signature_algorithm();
    let hash = algorithm.signature().hash();
    // A root's own signature protects nothing.
    if hash.is_some_and(|hash| hash.is_broken()) && !rules::is_self_signed(certificate) {
        let algorithm = algorithm.to_string();
        reasons.push(Reason::WeakSignature { algorithm });
    }
    reasons.extend(rules::weak_key(certificate));
    let rejection = |reason| {
        let taken = is_taken(certificate, &reason);
        let rejection = Rejection {
            certificate: certificate.sha256(),
            subject: certificate.subject().to_string(),
            end_entity: true,
            path: Vec::new(),
            reason,
        };
        (rejection, taken)
    };
    reasons.into_iter().map(rejection).collect()
}

/// Whether verifiers in use accept it anyway.
fn is_taken(certificate: &Certificate<'_>, reason: &Reason) -> bool {
    match reason {
        // No client is asked here, and defaults differ: OpenSSL decides by security level, Go by
        // algorithm, browsers by policy. Only a warning is true for all of them.
        Reason::WeakSignature { .. } | Reason::WeakKey { .. } => true,
        // Go refuses a negative number (1.23 and later); no client refuses zero or more than
        // 20 bytes (measured: testdata/odd/own).
        Reason::NotConforming { clause, .. } if *clause == rules::SERIAL => certificate
            .serial()
            .first()
            .is_none_or(|serial| *serial < 0x80),
        Reason::MalformedExtension { oid, .. } => {
            // A client that does not process the extension does not see that it is malformed. A
            // doubled one is another matter: parsers notice it before they know what it means.
            let problems = certificate.extension_problems();
            let of_it = problems.iter().find(|problem| problem.oid == *oid);
            of_it.is_some_and(|problem| {
                !(problem.processed || problem.duplicate || oid == INFO_ACCESS)
            })
        }
        _ => false,
    }
}

/// authorityInfoAccess: path validation does not need it, and Go refuses it if it cannot read it.
const INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
