//! What the server answered to the offers of the clients that decide.

use super::ClientSeen;
use crate::answer::Check;
use crate::cipher::numbered;
use crate::client::Stage;
use crate::finding::Subject;
use crate::handshake::ClientHello;
use crate::preflight::PreflightResult;
use crate::probe::{Failure, Offered, Seen};
use crate::protocol::Version;
use crate::rule::{self, Evidence, Finding, HandshakeFact};

/// The clients that cannot connect, by what is not agreed on; undecided if one of them got no
/// answer.
pub(super) fn judge(seen: &Seen, place: &Subject) -> (Vec<Finding>, Check) {
    let mut groups: Vec<(&'static str, &Failure, Vec<String>)> = Vec::new();
    let mut open = Vec::new();
    for offered in &seen.offers {
        let failure = match &offered.answer {
            Ok(_) => continue,
            // Anything but a ServerHello or an alert says nothing about the offer.
            Err(failure @ (Failure::Alert(_) | Failure::Closed)) => failure,
            Err(failure) => {
                open.push(format!("{} ({failure})", offered.client));
                continue;
            }
        };
        let about = about(seen, offered.client, failure);
        // The same answer for the same reason is one finding, with all clients in it.
        let same = |text: &&mut (&str, &Failure, Vec<String>)| (text.0, text.1) == (about, failure);
        match groups.iter_mut().find(same) {
            Some((.., clients)) => clients.push(offered.client.to_owned()),
            None => groups.push((about, failure, vec![offered.client.to_owned()])),
        }
    }
    let finding = |(about, failure, clients): (&str, &Failure, Vec<String>)| {
        let fact = rule::handshake::NoAgreement {
            clients,
            about: about.to_owned(),
            reason: match failure {
                Failure::Alert(name) => {
                    format!("the server answers their ClientHello with the alert {name}")
                }
                _ => "the server closes the connection on their ClientHello".to_owned(),
            },
        };
        Finding::new(fact, place.clone())
    };
    let check = if open.is_empty() {
        Check::ran("offers")
    } else {
        let clients = open.join(", ");
        let reason =
            format!("certcheck could not determine whether the server agrees with {clients}");
        Check::impossible("offers", reason)
    };
    (groups.into_iter().map(finding).collect(), check)
}

/// What the server chose for each client, if its settings predict something else: version,
/// suite, and the group of the key exchange.
pub(super) fn against(seen: &Seen, predicted: &PreflightResult, place: &Subject) -> Vec<Finding> {
    // Without settings the server's defaults were taken, which say nothing about this server.
    let places = predicted.scopes.iter().filter(|scope| scope.tls).count();
    let chosen = predicted.scopes.iter().any(|scope| !scope.hosts.is_empty());
    if places == 0 || places > 1 && !chosen {
        return Vec::new();
    }
    let mut groups: Vec<(String, String, Vec<String>)> = Vec::new();
    for offered in &seen.offers {
        let rows = predicted.clients.iter();
        let Some(row) = rows.clone().find(|row| row.client == offered.client) else {
            continue;
        };
        let agrees = row.protocol.zip(row.cipher_suite);
        let seen = client_seen(offered);
        let in_group = |group: &Option<String>| match (group, &seen.group) {
            (Some(group), Some(_)) => format!(" in {group}"),
            _ => String::new(),
        };
        let says = match (agrees, row.stage) {
            (Some((version, suite)), _) => {
                format!("{version} with {suite}{}", in_group(&row.group))
            }
            (None, Some(Stage::Handshake)) => "no agreement".to_owned(),
            // Nothing is predicted.
            (None, _) => continue,
        };
        let answered = match (seen.agrees, seen.version, &seen.cipher) {
            (Some(true), Some(version), Some(suite)) => {
                let group = seen.group.as_ref().filter(|_| row.group.is_some());
                format!("{version} with {suite}{}", in_group(&group.cloned()))
            }
            (Some(false), ..) => "no agreement".to_owned(),
            _ => continue,
        };
        if says == answered {
            continue;
        }
        let name = offered.client.to_owned();
        let same = |refusal: &&mut (String, String, Vec<String>)| {
            refusal.0 == answered && refusal.1 == says
        };
        match groups.iter_mut().find(same) {
            Some((.., clients)) => clients.push(name),
            None => groups.push((answered, says, vec![name])),
        }
    }
    let finding = |(answered, predicted, clients)| {
        let fact = rule::wire::OfferDiffers {
            clients,
            answered,
            predicted,
        };
        Finding::new(fact, place.clone())
    };
    groups.into_iter().map(finding).collect()
}

/// Whether a finding is about the versions alone.
pub(super) fn is_of_version(finding: &Finding) -> bool {
    matches!(&finding.evidence, Evidence::HandshakeFact(HandshakeFact::NoAgreement(rule::handshake::NoAgreement { about, .. }))
        if about == "version")
}

/// What client and server do not agree on. A suite that the server chose for another
/// client, and that this one offers too, is not it.
fn about(seen: &Seen, client: &str, failure: &Failure) -> &'static str {
    // Only this alert says which part of the offer was refused. All others have to be guessed from
    // what the server accepted elsewhere.
    if *failure == Failure::Alert("protocol_version".to_owned()) {
        return "version";
    }
    let Some(hello) = ClientHello::of(client) else {
        return "suite";
    };
    let mut agreed = seen
        .offers
        .iter()
        .filter_map(|offer| offer.answer.as_ref().ok());
    let shared = agreed.any(|(version, suite)| {
        hello.suites.contains(suite)
            && hello
                .versions
                .iter()
                .any(|offered| Some(*offered) == named(*version))
    });
    if shared { "group" } else { "suite" }
}

fn named(version: u16) -> Option<Version> {
    Some(match version {
        0x0300 => Version::SSLv3,
        0x0301 => Version::TLSv1,
        0x0302 => Version::TLSv1_1,
        0x0303 => Version::TLSv1_2,
        0x0304 => Version::TLSv1_3,
        _ => return None,
    })
}

pub(super) fn client_seen(offered: &Offered) -> ClientSeen {
    let agreed = offered.answer.as_ref().ok().copied();
    let failure = offered.answer.as_ref().err();
    ClientSeen {
        client: offered.client,
        agrees: match failure {
            None => Some(true),
            Some(Failure::Alert(_) | Failure::Closed) => Some(false),
            Some(_) => None,
        },
        version: agreed
            .and_then(|(version, _)| named(version))
            .map(Version::as_str),
        cipher: agreed.map(|(_, suite)| {
            let known = numbered(suite).map(|suite| suite.iana.to_owned());
            known.unwrap_or_else(|| format!("0x{suite:04x}"))
        }),
        group: offered.exchange.map(|exchange| exchange.to_string()),
        reason: failure.map(ToString::to_string),
    }
}
