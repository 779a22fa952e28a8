//! What a live server showed.

use super::places::common_name;
use super::printable;
use super::style::{DIM, GOOD, STRONG, severity_style};
use crate::answer::Verdict;
use crate::command::probe::{OnTheWire, ProbeResult, Probes};
use crate::finding::Severity;
use std::fmt::Write;

/// Several servers: one line each, with the first expiry among its certificates; with `verbose`, as
/// much as for a single server.
pub fn probes(probes: &Probes, verbose: bool) -> String {
    let mut out = String::new();
    for probed in &probes.targets {
        let (style, word) = match probed.verdict {
            Verdict::Pass => (GOOD, "pass"),
            Verdict::Fail => (severity_style(Severity::Error), "fail"),
            Verdict::Undecided => (severity_style(Severity::Warning), "undecided"),
        };
        let target = printable(&probed.target);
        let what = match (&probed.unreachable, &probed.result) {
            (Some(why), _) => format!("not reached: {}", printable(why)),
            (None, Some(result)) => summary(result),
            (None, None) => String::new(),
        };
        let _ = writeln!(
            out,
            "{style}{word:<9}{style:#} {STRONG}{target}{STRONG:#}  {what}"
        );
        if let Some(result) = probed.result.as_ref().filter(|_| verbose) {
            for line in probe(result).lines() {
                let _ = writeln!(out, "    {line}");
            }
        }
    }
    out
}

/// The most important results, on one line.
fn summary(result: &ProbeResult) -> String {
    let ends = result.certificates.iter().filter_map(|one| one.not_after);
    match (&result.failure, ends.min()) {
        (Some(failure), _) => printable(failure).into_owned(),
        (None, Some(end)) => {
            let day: String = end.to_string().chars().take(10).collect();
            let name = result.certificates.first().map(|one| one.subject.as_str());
            let name = common_name(name.unwrap_or_default());
            format!("{}, until {day}", printable(name))
        }
        (None, None) => "no certificate".to_owned(),
    }
}

/// The chain on the wire, and the versions that the server speaks.
pub fn probe(result: &ProbeResult) -> String {
    let mut out = String::new();
    let target = printable(&result.target);
    let count = result.certificates.len();
    if let Some(version) = result.version {
        let cipher = result.cipher.as_deref().unwrap_or("");
        let _ = writeln!(
            out,
            "{STRONG}{target}{STRONG:#} sends {count} certificate{} {DIM}({version}, {}){DIM:#}",
            if count == 1 { "" } else { "s" },
            printable(cipher)
        );
    }
    certificates(&result.certificates, &mut out);
    for chain in result.chains.iter().skip(1) {
        let count = chain.certificates.len();
        let _ = writeln!(
            out,
            "{STRONG}{target}{STRONG:#} sends {count} other certificate{} to clients that take {} keys \
             {DIM}({}, {}){DIM:#}",
            if count == 1 { "" } else { "s" },
            chain.key.unwrap_or("other"),
            chain.version.unwrap_or(""),
            printable(chain.cipher.as_deref().unwrap_or(""))
        );
        certificates(&chain.certificates, &mut out);
    }
    let versions = |answers| {
        let names: Vec<_> = result
            .versions
            .iter()
            .filter(|seen| seen.answers == answers)
            .map(|seen| seen.version)
            .collect();
        names.join(" ")
    };
    for (answers, words) in [
        (Some(true), "accepts"),
        (Some(false), "does not accept"),
        (None, "not determined:"),
    ] {
        let names = versions(answers);
        if !names.is_empty() {
            let _ = writeln!(out, "{STRONG}{target}{STRONG:#} {words} {names}");
        }
    }
    let client = match (result.asks_client, result.showed_client, &result.failure) {
        (Some(true), false, _) => Some("asks for a client certificate"),
        (Some(true), true, None) => Some(
            "asks for a client certificate, and ends no handshake over this one; whether it then serves the client was not tried",
        ),
        (Some(true), true, Some(_)) => Some("refuses the client certificate"),
        (Some(false), true, _) => Some("asks for no client certificate"),
        _ => None,
    };
    if let Some(client) = client {
        let _ = writeln!(out, "{STRONG}{target}{STRONG:#} {client}");
    }
    for compared in result.compared.iter().filter(|compared| compared.same) {
        let against = printable(&compared.against);
        let _ = writeln!(
            out,
            "{STRONG}{target}{STRONG:#} sends the certificates of {against}"
        );
    }
    if let Some(saved) = &result.saved {
        let _ = writeln!(out, "{STRONG}saved{STRONG:#} {}", printable(saved));
    }
    out
}

fn certificates(all: &[OnTheWire], out: &mut String) {
    for (place, certificate) in all.iter().enumerate() {
        let until = certificate
            .not_after
            .map_or_else(String::new, |time| format!(", until {time}"));
        let _ = writeln!(
            out,
            "  {DIM}{place}{DIM:#} {} {DIM}{}{until}{DIM:#}",
            printable(&certificate.subject),
            certificate.sha256.short(),
        );
        if place == 0 && !certificate.subject_alt_names.is_empty() {
            let names = certificate.subject_alt_names.join(", ");
            let _ = writeln!(out, "    {DIM}for{DIM:#} {}", printable(&names));
        }
    }
}
