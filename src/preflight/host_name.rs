//! Can clients connect to the names in the certificate and match them? (RFC 1123 2.1,
//! RFC 9525 6.3)

use super::clients::Clients;
use crate::client::{Cause, Client, Verdict};
use crate::finding::Severity;
use crate::model::Certificate;
use crate::objects::Object;
use crate::rule::certificate::HostName;
use crate::rule::{CertificateFact, Evidence, Finding};
use crate::server_name::{ServerName, Wildcards, is_public_suffix};
use std::net::IpAddr;

/// The most names that are searched, and the most that are listed for one problem.
const SEARCHED: usize = 10_000;
const LISTED: usize = 20;

const UNDERSCORE: &str = "underscore";

/// What is wrong with the names of a server's certificate, one finding for each problem. Leaves
/// out what a mismatch already explains.
pub(super) fn findings(
    object: &Object<'_>,
    hosts: &[ServerName],
    mismatches: &[CertificateFact],
) -> Vec<Finding> {
    let Some(certificate) = object.certificate() else {
        return Vec::new();
    };
    let mut found: Vec<HostName> = Vec::new();
    let mut harmless: Vec<HostName> = Vec::new();
    for name in certificate.dns_names().take(SEARCHED) {
        let Some(problem) = problem(name) else {
            continue;
        };
        if problem == UNDERSCORE {
            // Only a notice, and only if no host was given (those are checked below). A label
            // such as `_sip` names a service, to which no client connects: no problem.
            if hosts.is_empty() && !name.starts_with('_') && !name.contains("._") {
                note(&mut harmless, problem, name);
            }
        } else if is_address_too(certificate, name) {
            // The certificate has the iPAddress too; this copy is for old clients.
            note(&mut harmless, problem, name);
        } else if !mismatches.iter().any(|mismatch| explains(mismatch, name)) {
            note(&mut found, problem, name);
        }
    }
    for host in hosts {
        let (ServerName::Dns(name) | ServerName::Absolute(name)) = host else {
            continue;
        };
        if name.contains('_') && host.check(certificate, Wildcards::Anywhere).is_ok() {
            note(&mut found, UNDERSCORE, name);
        }
    }
    let place = |fact| Finding::new(fact, object.subject());
    let notices = harmless.into_iter().map(place);
    let notices = notices.map(|finding| finding.with_severity(Severity::Notice));
    found.into_iter().map(place).chain(notices).collect()
}

fn note(found: &mut Vec<HostName>, problem: &str, name: &str) {
    let known = found.iter_mut().find(|known| known.problem == problem);
    match known {
        Some(it) if it.names.len() >= LISTED || it.names.iter().any(|listed| listed == name) => {}
        Some(it) => it.names.push(name.to_owned()),
        None => found.push(HostName {
            names: vec![name.to_owned()],
            problem: problem.to_owned(),
            clients: Vec::new(),
            reason: None,
        }),
    }
}

/// Whether `name` is an address that the certificate also has as an iPAddress.
fn is_address_too(certificate: &Certificate<'_>, name: &str) -> bool {
    let Ok(address) = name.parse::<IpAddr>() else {
        return false;
    };
    let names = certificate.subject_alt_names().into_iter();
    names
        .flat_map(|names| names.iter())
        .any(|name| name.ip() == Some(address))
}

/// Whether a mismatch already says why this name does not match.
fn explains(mismatch: &CertificateFact, name: &str) -> bool {
    let CertificateFact::NameMismatch(fact) = mismatch else {
        return false;
    };
    let shown = format!("`{}`", name.escape_debug());
    fact.why.as_ref().is_some_and(|why| why.starts_with(&shown))
}

/// The worst problem of a dNSName, if it has one.
fn problem(name: &str) -> Option<&'static str> {
    if name.parse::<IpAddr>().is_ok() {
        return Some("address");
    }
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte);
    if !name.bytes().all(known) {
        return Some("character");
    }
    if name == "*" {
        return Some("bare-wildcard");
    }
    let (whole, dot) = match name.strip_suffix('.') {
        Some(rest) => (rest, true),
        None => (name, false),
    };
    if whole.split('.').any(str::is_empty) {
        return Some("empty-label");
    }
    if whole.split('.').any(|label| label.len() > 63) {
        return Some("long-label");
    }
    if whole.len() > 253 {
        return Some("long-name");
    }
    if dot {
        return Some("trailing-dot");
    }
    match whole.strip_prefix("*.") {
        Some(parent) if parent.contains('*') => return Some("misplaced-wildcard"),
        Some(parent) if is_public_suffix(parent) => return Some("wildcard-over-public-suffix"),
        Some(_) => {}
        None if whole.contains('*') => return Some("misplaced-wildcard"),
        None => {}
    }
    whole.contains('_').then_some(UNDERSCORE)
}

/// Adds the clients that refuse a host because of the form of its name. If a deciding client is
/// among them, the finding becomes an error.
pub(super) fn settle(
    clients: &Clients,
    deciding: &[Client],
    hosts: &[ServerName],
    findings: &mut [Finding],
) {
    // Clients have other rules for a final dot and for hyphens at the edge of a label, so such
    // a refusal may have nothing to do with these findings.
    let is_plain = |host: &ServerName| match host {
        ServerName::Dns(name) => !name
            .split('.')
            .any(|label| label.starts_with('-') || label.ends_with('-')),
        ServerName::Absolute(_) => false,
        _ => true,
    };
    if !hosts.iter().all(is_plain) {
        return;
    }
    let decides = |client: &Client| deciding.contains(client);
    let mut who: Vec<(Client, &str)> = Vec::new();
    for (client, it) in &clients.judgements {
        if let Some(reason) = &it.reason
            && it.verdict == Verdict::Refuses
            && matches!(reason.cause, Cause::Name | Cause::NoSubjectAltName)
        {
            who.push((*client, reason.says.as_str()));
        }
    }
    let refused = who.iter().any(|(client, _)| decides(client));
    if refused {
        who.retain(|(client, _)| decides(client));
    }
    // If no name matches, or there is no subjectAltName, that is why the clients refuse.
    let is_missing = |finding: &Finding| {
        matches!(
            &finding.evidence,
            Evidence::CertificateFact(
                CertificateFact::NameMismatch(_) | CertificateFact::NoSubjectAltName(_)
            )
        )
    };
    if who.is_empty() || findings.iter().any(is_missing) {
        return;
    }
    for finding in findings {
        let Evidence::CertificateFact(CertificateFact::HostName(fact)) = &mut finding.evidence
        else {
            continue;
        };
        if !hosts.iter().any(|host| is_asked(host, fact)) {
            continue;
        }
        fact.reason = who.first().map(|(_, says)| (*says).to_owned());
        fact.clients = who
            .iter()
            .map(|(client, _)| client.label().into_owned())
            .collect();
        if refused {
            finding.severity = Severity::Error;
        }
    }
}

/// Whether this host is covered by one of the names with the problem.
fn is_asked(host: &ServerName, fact: &HostName) -> bool {
    let (ServerName::Dns(host) | ServerName::Absolute(host)) = host else {
        return false;
    };
    fact.names.iter().any(|name| {
        name.eq_ignore_ascii_case(host)
            || name.strip_prefix("*.").is_some_and(|parent| {
                let rest = host.split_once('.').map(|(_, rest)| rest);
                rest.is_some_and(|rest| rest.eq_ignore_ascii_case(parent))
            })
    })
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn names_that_no_client_can_be_asked_for() {
        let long = "a".repeat(64);
        let longest = [
            "a".repeat(63),
            "b".repeat(63),
            "c".repeat(63),
            "d".repeat(63),
        ]
        .join(".");
        for (name, found) in [
            ("www.example.com", None),
            ("*.example.com", None),
            ("*.example.co.uk", None),
            ("localhost", None),
            ("xn--bcher-kva.example", None),
            ("my_server.example.test", Some("underscore")),
            ("", Some("empty-label")),
            (".example.com", Some("empty-label")),
            ("a..b", Some("empty-label")),
            (&*long, Some("long-label")),
            (&*longest, Some("long-name")),
            ("www.example.com.", Some("trailing-dot")),
            ("*", Some("bare-wildcard")),
            ("*.*.example.com", Some("misplaced-wildcard")),
            ("w*.example.com", Some("misplaced-wildcard")),
            ("www.*.com", Some("misplaced-wildcard")),
            ("*.com", Some("wildcard-over-public-suffix")),
            ("*.co.uk", Some("wildcard-over-public-suffix")),
            ("192.0.2.1", Some("address")),
            ("2001:db8::1", Some("address")),
            ("www example.com", Some("character")),
            ("www.example.com:443", Some("character")),
        ] {
            assert_eq!(problem(name), found, "{name}");
        }
    }
}
