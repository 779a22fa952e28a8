//! Does keyUsage allow what the handshakes do with the server's key? (RFC 5280 4.2.1.3)

use super::clients::Clients;
use super::handshake::{FOR_KEY_TRANSPORT, FOR_SIGNATURES};
use crate::client::{Cause, Client, Verdict};
use crate::finding::Severity;
use crate::model::{Certificate, KeyAlgorithm, PublicKey};
use crate::objects::Object;
use crate::rule::certificate::KeyUsage;
use crate::rule::{CertificateFact, Evidence, Finding};

const SIGNS: &str = "digitalSignature";
const DECIPHERS: &str = "keyEncipherment";

/// The bit that the server's certificate lacks. An error if it has no bit that a server can use,
/// which OpenSSL and most others refuse.
pub(super) fn finding(object: &Object<'_>, only_key_transport: bool) -> Option<Finding> {
    let certificate = object.certificate()?;
    let usage = certificate.key_usage()?;
    let rsa = is_rsa(certificate);
    let needed = if rsa && only_key_transport {
        DECIPHERS
    } else {
        SIGNS
    };
    let fact = lacks(certificate, needed)?;
    // An RSA key serves by signing or, in old suites, by decrypting. Other keys serve by signing
    // or by agreeing on a key.
    let serves = usage.digital_signature()
        || (rsa && usage.key_encipherment())
        || (!rsa && usage.key_agreement());
    Some(
        Finding::new(fact, object.subject()).with_severity(if serves {
            Severity::Warning
        } else {
            Severity::Error
        }),
    )
}

/// The bit that a client's own certificate lacks: its side signs in every handshake.
pub(super) fn of_a_client(object: &Object<'_>) -> Option<Finding> {
    let usage = object.certificate()?.key_usage()?;
    if usage.digital_signature() {
        return None;
    }
    let fact = KeyUsage {
        needed: SIGNS.to_owned(),
        present: usage.names().into_iter().map(str::to_owned).collect(),
        used_for: "a TLS client's signature in the handshake".to_owned(),
        clients: Vec::new(),
        reason: None,
    };
    // OpenSSL accepts keyAgreement too (`check_purpose_ssl_client`), for certificates of the
    // static ECDH that no one uses any more.
    Some(
        Finding::new(fact, object.subject()).with_severity(if usage.key_agreement() {
            Severity::Warning
        } else {
            Severity::Error
        }),
    )
}

fn lacks(certificate: &Certificate<'_>, needed: &str) -> Option<KeyUsage> {
    let usage = certificate.key_usage()?;
    let (has, used_for) = match needed {
        DECIPHERS => (usage.key_encipherment(), "suites with RSA key transport"),
        _ => (
            usage.digital_signature(),
            "TLS 1.3 and suites with ECDHE or DHE",
        ),
    };
    (!has).then(|| KeyUsage {
        needed: needed.to_owned(),
        present: usage.names().into_iter().map(str::to_owned).collect(),
        used_for: used_for.to_owned(),
        clients: Vec::new(),
        reason: None,
    })
}

fn is_rsa(certificate: &Certificate<'_>) -> bool {
    PublicKey::parse(certificate.spki_der()).is_ok_and(|key| *key.algorithm() == KeyAlgorithm::Rsa)
}

/// Brings the findings about keyUsage in line with the clients: those that end the handshake
/// or refuse the path for it are named there, and one that decides makes it an error.
pub(super) fn settle(
    clients: &Clients,
    deciding: &[Client],
    own: &Object<'_>,
    findings: &mut Vec<Finding>,
) {
    let Some(certificate) = own.certificate() else {
        return;
    };
    let decides = |client: &Client| deciding.contains(client);
    for (needed, about) in [(SIGNS, FOR_SIGNATURES), (DECIPHERS, FOR_KEY_TRANSPORT)] {
        let mut who: Vec<(Client, &str)> = clients
            .ended
            .iter()
            .filter(|(_, end)| end.about == about)
            .map(|(client, end)| (*client, end.says.as_str()))
            .collect();
        if needed == SIGNS && lacks(certificate, SIGNS).is_some() {
            who.extend(of_the_path(clients, certificate));
        }
        if who.iter().any(|(client, _)| decides(client)) {
            who.retain(|(client, _)| decides(client));
        }
        who.dedup_by_key(|(client, _)| *client);
        let of_it =
            |finding: &Finding| matches!(key_usage(finding), Some(fact) if fact.needed == needed);
        if !who.is_empty() && !findings.iter().any(of_it) {
            let fact = lacks(certificate, needed);
            findings.extend(fact.map(|fact| Finding::new(fact, own.subject())));
        }
        let Some(finding) = findings.iter_mut().find(|finding| of_it(finding)) else {
            continue;
        };
        let refuses = who.iter().any(|(client, _)| decides(client));
        if refuses {
            finding.severity = Severity::Error;
        } else if all_accept(clients, deciding) {
            finding.severity = finding.severity.min(Severity::Warning);
        }
        if let Evidence::CertificateFact(CertificateFact::KeyUsage(fact)) = &mut finding.evidence {
            fact.reason = who.first().map(|(_, says)| (*says).to_owned());
            fact.clients = who
                .iter()
                .map(|(client, _)| client.label().into_owned())
                .collect();
        }
    }
}

/// The clients that find no use for a server in the server's own certificate.
fn of_the_path<'c>(
    clients: &'c Clients,
    own: &Certificate<'_>,
) -> impl Iterator<Item = (Client, &'c str)> {
    // If extKeyUsage does not include servers, that is why they refuse.
    const SERVER_AUTH: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x01";
    const ANY: &[u8] = b"\x55\x1d\x25\x00";
    let purposed = own.extended_key_usage().is_none_or(|usage| {
        let mut purposes = usage.purposes();
        purposes.any(|purpose| purpose.as_bytes() == SERVER_AUTH || purpose.as_bytes() == ANY)
    });
    let own = own.sha256();
    clients.judgements.iter().filter_map(move |(client, it)| {
        let reason = it.reason.as_ref()?;
        let is_it = purposed
            && it.verdict == Verdict::Refuses
            && reason.cause == Cause::Purpose
            && reason.certificate.is_none_or(|at| at == own);
        is_it.then_some((*client, reason.says.as_str()))
    })
}

/// Whether every client that decides accepts.
pub(super) fn all_accept(clients: &Clients, deciding: &[Client]) -> bool {
    deciding.iter().all(|client| {
        let mut judgements = clients.judgements.iter();
        judgements
            .any(|(judged, judgement)| judged == client && judgement.verdict == Verdict::Accepts)
    })
}

fn key_usage(finding: &Finding) -> Option<&KeyUsage> {
    match &finding.evidence {
        Evidence::CertificateFact(CertificateFact::KeyUsage(fact)) => Some(fact),
        _ => None,
    }
}
