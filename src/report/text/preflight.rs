//! The report on a preflight: the verdict first, then what stops the server, then what
//! the clients say, then the rest.

use super::places::{write_outcomes, write_scope, write_sent};
use super::program::program;
use super::style::{DIM, GOOD, STRONG, severity_style};
use super::wrap::wrapped;
use super::{Detail, clients, closing, finding, printable, versions, write_checks, write_findings};
use crate::answer::{Answer, CheckOutcome, Verdict};
use crate::client;
use crate::finding::Severity;
use crate::preflight::{
    ClientCertificateResult, ClientVerdict, PreflightResult, StartupOutcome, StartupResult,
};
use crate::report::Word;
use crate::report::word::refusals;
use crate::rule::Finding;
use crate::server::settings::ClientAuth;
use crate::server::{ServerVersion, System};
use anstyle::Style;
use std::cmp::Reverse;

/// The whole report: `result` is the preflight in the answer.
///
/// With `quiet`, one line for each error, and the verdict if there is none.
pub fn preflight<T>(answer: &Answer<T>, result: &PreflightResult, detail: Detail) -> String {
    let mut out = String::new();
    let stops = result
        .startup
        .as_ref()
        .is_some_and(|startup| startup.outcome != StartupOutcome::Starts);
    let mut findings = answer.findings.clone();
    if stops {
        // The cause before its consequences.
        findings.sort_by_key(|finding| (Reverse(finding.severity), area(finding)));
    }
    if detail.quiet {
        return super::quiet(&findings, || headline(answer, result));
    }
    out.push_str(&wrapped(
        "",
        &headline(answer, result),
        "  ",
        detail.width(),
    ));
    if let Some(system) = result.system {
        let known = if detail.verbose {
            on_system(system)
        } else {
            known_of(system)
        };
        out.push_str(&wrapped("  ", &known, "  ", detail.width()));
    }
    if let Some(version) = result.server_version {
        let known = of_version(version, detail.verbose);
        out.push_str(&wrapped("  ", &known, "  ", detail.width()));
    }
    if detail.verbose {
        versions::write(&mut out, result, detail.width());
    }
    write_startup(&mut out, result, &answer.findings, detail);
    let places = result.client_certificate.as_deref();
    if places.is_none() {
        write_sent(&mut out, result, detail);
    }
    if let Some(user) = result
        .right_password
        .as_ref()
        .filter(|_| !result.clients.is_empty())
    {
        let right = format!("the password of `{}` is right", printable(user));
        out.push_str(&wrapped("", &right, "  ", detail.width()));
    }
    write_outcomes(&mut out, &result.scopes);
    if result.scopes.len() > 1 {
        for scope in &result.scopes {
            write_scope(&mut out, scope, detail);
        }
    }
    if let Some(replaces) = &result.replaces {
        out.push_str(&super::diff::difference(replaces, detail));
    }
    // Then the headline says it.
    let fit = answer.verdict() == Verdict::Pass && clients::all_accept(&result.clients);
    // The server's answer to a client's own certificate is in the headline.
    let said = places.is_some_and(|places| {
        let reasons: Vec<_> = places.iter().map(|place| &place.reason).collect();
        let same = |row: &ClientVerdict| reasons.contains(&&row.reason);
        result.clients.iter().all(same)
    });
    if !stops && (detail.verbose || !fit && !said) {
        clients::write(&mut out, &result.clients, &findings, detail);
    } else if !stops {
        let deciding = result.clients.iter().filter(|client| client.decides);
        clients::write_versions(&mut out, deciding, detail);
    }
    if detail.verbose {
        clients::write_until(&mut out, result, detail);
    } else if !stops {
        clients::write_distrust(&mut out, result, detail);
    }
    let others =
        clients::others(&result.clients).filter(|_| fit && !detail.verbose && places.is_none());
    let mut last = closing(None, answer);
    if answer.findings.is_empty() {
        if let Some(others) = others {
            last = format!("{last}; {others}");
        }
    } else {
        if let Some(others) = others {
            out.push_str(&wrapped("", &others, "  ", detail.width()));
        }
        out.push('\n');
        write_findings(&mut out, &findings, detail);
    }
    write_checks(&mut out, &answer.checks, detail);
    out.push_str(&wrapped("", &last, "  ", detail.width()));
    out
}

/// What was not checked about a system: a pass says nothing about it.
fn known_of(system: System) -> String {
    let from = if system.documented() {
        "from documents"
    } else {
        "measured"
    };
    let openssl = system.openssl();
    let known = format!(
        "on {}: OpenSSL {openssl} and its policy, {from}",
        system.name()
    );
    match system.assumed() {
        Some(assumed) => format!("{known}; not judged for it: {assumed}"),
        None => known,
    }
}

/// What is known about a requested version.
pub(super) fn of_version(version: ServerVersion, verbose: bool) -> String {
    let known = if version.is_measured() {
        "the names of its settings were measured"
    } else {
        "known from release notes and the versions around it"
    };
    match version.assumed().filter(|_| verbose) {
        Some(assumed) => format!("as {version}: {known}; {assumed}"),
        None => format!("as {version}: {known}"),
    }
}

/// What a system is assumed to have, and the source for that.
pub(super) fn on_system(system: System) -> String {
    let policy = system.policy();
    let policy = policy.map_or_else(String::new, |name| format!(", policy {name}"));
    let known = if system.documented() {
        "documented, not measured"
    } else {
        "measured"
    };
    let assumed = system.assumed();
    let assumed = assumed.map_or_else(String::new, |left| format!("; not judged for it: {left}"));
    let servers: Vec<_> = system
        .servers()
        .map(|(server, version)| format!("{server} {version}"))
        .collect();
    format!(
        "on {}{policy}: OpenSSL {}, security level {}, {}; {known}: {}{assumed}",
        system.name(),
        system.openssl(),
        system.level(),
        servers.join(", "),
        system.sources().join("; ")
    )
}

/// The verdict and its reason; what was allowed and waived is part of it.
fn headline<T>(answer: &Answer<T>, result: &PreflightResult) -> String {
    let sentence = sentence(answer, result);
    match answer.summary().accepted() {
        None => sentence,
        Some(accepted) => format!("{sentence} {STRONG}({accepted}){STRONG:#}"),
    }
}

/// `not fit: Apache httpd would not start`.
fn sentence<T>(answer: &Answer<T>, result: &PreflightResult) -> String {
    let program = program(result.server);
    let deciding: Vec<_> = result
        .clients
        .iter()
        .filter(|client| client.decides)
        .collect();
    if let Some(places) = &result.client_certificate
        && let Some((style, word, why)) = as_client(answer, places, program)
    {
        return format!(
            "{style}{word}{style:#}{STRONG}: {}{STRONG:#}",
            printable(&why)
        );
    }
    let said = Word::of_preflight(answer, result);
    let word = said.as_str();
    let (style, why) = match answer.verdict() {
        Verdict::Pass if said == Word::NothingToCheck => {
            let mut reasons = answer
                .checks
                .iter()
                .filter_map(|check| match &check.outcome {
                    CheckOutcome::NotApplicable { reason } => Some(reason.clone()),
                    _ => None,
                });
            let why = reasons
                .next()
                .unwrap_or_else(|| "no check applies".to_owned());
            (DIM, why)
        }
        Verdict::Fail => {
            let why = match result.startup.as_ref().map(|startup| startup.outcome) {
                Some(StartupOutcome::RefusesAtConfigTest | StartupOutcome::FailsAtStart) => {
                    format!("{program} would not start")
                }
                Some(StartupOutcome::FailsAtHandshake) => {
                    format!("{program} would start, but every handshake would fail")
                }
                Some(StartupOutcome::StartsWithoutTls) => {
                    format!("{program} would start without TLS")
                }
                _ => refusals(&result.clients).unwrap_or_else(|| first_error(answer)),
            };
            (severity_style(Severity::Error), why)
        }
        Verdict::Undecided => {
            let open = answer.checks.iter().find_map(|check| match &check.outcome {
                CheckOutcome::NotRun { reason, .. } => Some(format!("{}: {reason}", check.name)),
                _ => None,
            });
            let why = open.unwrap_or_else(|| {
                "not everything that affects the verdict was checked".to_owned()
            });
            (severity_style(Severity::Warning), why)
        }
        Verdict::Pass if said == Word::NoError => {
            let refuse = refusals(&result.clients).unwrap_or_default();
            (severity_style(Severity::Warning), refuse)
        }
        Verdict::Pass => {
            let why = match deciding.len() {
                // Nothing that has clients was given: a `tsm` command line, a password file.
                0 => match &result.right_password {
                    Some(user) => format!("the password of `{}` is right", printable(user)),
                    None => match warnings(answer) {
                        0 => "nothing found".to_owned(),
                        1 => "1 warning".to_owned(),
                        several => format!("{several} warnings"),
                    },
                },
                count => {
                    let accept = accepting(&deciding);
                    let clients = if count == 1 {
                        "client accepts"
                    } else {
                        "clients accept"
                    };
                    // They accept, but need something that was not checked.
                    if accept == 0 {
                        format!(
                            "{count} {clients} the server; whether it lets them in was not checked"
                        )
                    } else {
                        format!("{accept} of {count} {clients}")
                    }
                }
            };
            let keyless = answer.checks.iter().any(|check| {
                check.name == "key-match"
                    && check.outcome != CheckOutcome::Ran
                    && !deciding.is_empty()
            });
            // The check that did not run but on which the verdict depends.
            let provided = match (keyless, result.assumed_anchor.is_some()) {
                (false, false) => "",
                (true, false) => ", if the key fits (no --key-file given)",
                (false, true) => ", if they trust the topmost issuer (no --anchors given)",
                (true, true) => {
                    ", if the key fits and they trust the topmost issuer (no --key-file and no --anchors given)"
                }
            };
            (GOOD, format!("{why}{provided}"))
        }
    };
    format!(
        "{style}{word}{style:#}{STRONG}: {}{STRONG:#}",
        printable(&why)
    )
}

fn warnings<T>(answer: &Answer<T>) -> usize {
    let findings = answer.findings.iter();
    findings
        .filter(|finding| finding.severity == Severity::Warning)
        .count()
}

/// The same for a client's own certificate: `fit: nginx accepts this client certificate`.
fn as_client<T>(
    answer: &Answer<T>,
    places: &[ClientCertificateResult],
    program: &str,
) -> Option<(Style, &'static str, String)> {
    match answer.verdict() {
        Verdict::Fail => {
            let refuses =
                |place: &&ClientCertificateResult| place.verdict == client::Verdict::Refuses;
            let reason = places.iter().find(refuses)?.reason.clone()?;
            let why = format!("{program} refuses this client certificate: {reason}");
            Some((severity_style(Severity::Error), "not fit", why))
        }
        Verdict::Pass => {
            let asks = places.iter().any(|place| place.asks != ClientAuth::None);
            let unsent = places.iter().find_map(|place| place.reason.as_ref());
            let why = if let Some(reason) = unsent {
                format!("{program} lets clients in without this certificate: {reason}")
            } else if asks {
                format!("{program} accepts this client certificate")
            } else {
                format!("{program} asks for no client certificate")
            };
            Some((GOOD, "fit", why))
        }
        Verdict::Undecided => None,
    }
}

fn accepting(deciding: &[&ClientVerdict]) -> usize {
    let accept = deciding.iter();
    accept
        .filter(|client| client.verdict == client::Verdict::Accepts)
        .count()
}

fn first_error<T>(answer: &Answer<T>) -> String {
    let error = answer
        .findings
        .iter()
        .find(|finding| finding.severity == Severity::Error)
        .or_else(|| answer.findings.first());
    error.map_or_else(|| "see below".to_owned(), finding::headline)
}

/// In the order in which a server meets them.
fn area(finding: &Finding) -> usize {
    const ORDER: [&str; 6] = [
        "config",
        "encoding",
        "key",
        "protocol",
        "cipher",
        "certificate",
    ];
    let area = finding.code().area();
    let place = ORDER.iter().position(|known| *known == area);
    place.unwrap_or(ORDER.len())
}

/// What the server says when it does not start, or starts with a warning.
fn write_startup(out: &mut String, result: &PreflightResult, findings: &[Finding], detail: Detail) {
    let Some(startup) = &result.startup else {
        return;
    };
    write_message(out, startup, result.server, findings, detail);
    if let Some(reload) = &startup.reload {
        let line = printable(&reload.text);
        out.push_str(&wrapped("", &line, "  ", detail.width()));
    }
}

/// The server's own words, unless a finding has them.
fn write_message(
    out: &mut String,
    startup: &StartupResult,
    server: &'static str,
    findings: &[Finding],
    detail: Detail,
) {
    let Some(message) = &startup.message else {
        return;
    };
    // A finding says the same, as its reason.
    let is_said = |finding: &Finding| {
        finding
            .consequence
            .as_ref()
            .is_some_and(|consequence| consequence.contains(message))
    };
    if findings.iter().any(is_said) {
        return;
    }
    let program = program(server);
    let says = match startup.outcome {
        StartupOutcome::RefusesAtConfigTest => "'s configuration test says",
        StartupOutcome::FailsAtStart | StartupOutcome::FailsAtHandshake => " says",
        _ => " would start, and say",
    };
    let line = format!("{STRONG}{program}{STRONG:#}{says}: {}", printable(message));
    out.push_str(&wrapped("", &line, "  ", detail.width()));
}
