//! What the clients would say: one line for each outcome, or a row for each client.

use super::style::{DIM, GOOD, STRONG, severity_style};
use super::wrap::wrapped;
use super::{Detail, printable};
use crate::Time;
use crate::client::{Stage, Verdict};
use crate::finding::Severity;
use crate::preflight::{Announced, ClientVerdict, PreflightResult};
use crate::rule::Finding;
use anstyle::Style;
use std::fmt::Write;

/// The clients that decide, one line for each outcome; the others counted. If more detail is
/// requested, all of them by name, with their versions.
pub(super) fn write(
    out: &mut String,
    clients: &[ClientVerdict],
    findings: &[Finding],
    detail: Detail,
) {
    let (deciding, others): (Vec<_>, Vec<_>) = clients
        .iter()
        .filter(|client| client.decides || applies(client))
        .partition(|client| client.decides);
    if detail.verbose {
        write_rows(out, clients);
        write_versions(out, clients.iter(), detail);
        return;
    }
    let mut outcomes: Vec<(Kind, Vec<&ClientVerdict>)> = Vec::new();
    for client in &deciding {
        // Clients are joined by verdict and stage. Their own words differ; those of one are quoted
        // for all.
        let kind = (client.verdict, client.stage);
        match outcomes.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, same)) => same.push(client),
            None => outcomes.push((kind, vec![client])),
        }
    }
    for ((verdict, _), same) in &outcomes {
        let style = style_of(*verdict);
        let names: Vec<_> = same.iter().map(|client| client.client.as_ref()).collect();
        let verdict = one_or_many(*verdict, names.len());
        let reason = same.iter().find_map(|client| client.reason.as_deref());
        // A finding below gives the reason, so it is not repeated here.
        let reason = reason.filter(|reason| {
            let said = |finding: &Finding| finding.message().contains(reason);
            !findings.iter().any(said)
        });
        let reason = reason.map_or_else(String::new, |reason| {
            let reason = printable(reason.trim_end()).into_owned();
            match names.as_slice() {
                [first, _, ..] if !is_certchecks_own(&reason) => {
                    format!("; {first} says: {reason}")
                }
                _ => format!(": {reason}"),
            }
        });
        let line = format!("{} {style}{verdict}{style:#}{reason}", names.join(", "));
        out.push_str(&wrapped("", &line, "  ", detail.width()));
    }
    if let Some(line) = others_line(&others) {
        out.push_str(&wrapped("", &line, "  ", detail.width()));
    }
    write_versions(out, deciding.into_iter(), detail);
}

/// Where other versions of the clients answer differently, and the notes about the requested
/// versions.
pub(super) fn write_versions<'c>(
    out: &mut String,
    clients: impl Iterator<Item = &'c ClientVerdict> + Clone,
    detail: Detail,
) {
    let others: Vec<_> = clients.clone().filter_map(other_versions).collect();
    if !others.is_empty() {
        let line = format!("other versions: {}", others.join("; "));
        out.push_str(&wrapped("", &line, "  ", detail.width()));
    }
    for note in clients.filter_map(|client| client.note.as_deref()) {
        out.push_str(&wrapped("", &printable(note), "  ", detail.width()));
    }
}

/// `java from 8 refuses, from 16 accepts`.
fn other_versions(client: &ClientVerdict) -> Option<String> {
    let steps = client.boundaries.iter();
    let steps: Vec<_> = steps
        .map(|step| format!("from {} {}", step.from, one_or_many(step.verdict, 1)))
        .collect();
    (!steps.is_empty()).then(|| format!("{} {}", client.client, steps.join(", ")))
}

/// Until when they accept, a line for each such date, and the announced changes.
pub(super) fn write_until(out: &mut String, result: &PreflightResult, detail: Detail) {
    let mut ends: Vec<((Time, &str), usize)> = Vec::new();
    for client in &result.clients {
        let (Some(end), Some(why)) = (client.accepts_until, &client.accepts_until_reason) else {
            continue;
        };
        let end = (end, why.as_str());
        match ends.iter_mut().find(|(known, _)| *known == end) {
            Some((_, count)) => *count += 1,
            None => ends.push((end, 1)),
        }
    }
    ends.sort();
    for ((end, why), count) in ends {
        let clients = match count {
            1 => "1 client accepts".to_owned(),
            count => format!("{count} clients accept"),
        };
        let line = format!("{clients} until {}: {}", day(end), printable(why));
        out.push_str(&wrapped("", &line, "  ", detail.width()));
    }
    for row in &result.announced {
        write_announced(out, row, detail);
    }
}

/// The programs that already distrust the root.
pub(super) fn write_distrust(out: &mut String, result: &PreflightResult, detail: Detail) {
    let announced = result.announced.iter();
    for row in announced.filter(|row| row.distrusts && row.in_force) {
        write_announced(out, row, detail);
    }
}

fn write_announced(out: &mut String, row: &Announced, detail: Detail) {
    let since = if row.in_force {
        "in force: since"
    } else {
        "announced: from"
    };
    let concerns = match row.distrusts && row.in_force {
        true => ": this one is among them",
        false => "",
    };
    let (date, what) = (day(row.date), row.what);
    let line = format!("{since} {date}, {what}{concerns} ({})", row.source);
    out.push_str(&wrapped("", &line, "  ", detail.width()));
}

fn day(time: Time) -> String {
    time.to_string().chars().take(10).collect()
}

/// What the non-deciding clients say, below a headline that says that all others accept: `12 of 13
/// other clients accept (-v lists them)`.
pub(super) fn others(clients: &[ClientVerdict]) -> Option<String> {
    let others = || {
        let others = clients.iter().filter(|client| !client.decides);
        others.filter(|other| applies(other))
    };
    let accept = others()
        .filter(|other| other.verdict == Verdict::Accepts)
        .count();
    let all = others().count();
    (all > 0).then(|| format!("{DIM}{accept} of {all} other clients accept (-v lists them){DIM:#}"))
}

/// Whether a client that was not named is counted: what a pinned one says holds only for those that
/// were given that certificate.
fn applies(client: &ClientVerdict) -> bool {
    !client.pinned
}

/// Whether all clients that decide accept.
pub(super) fn all_accept(clients: &[ClientVerdict]) -> bool {
    let mut deciding = clients.iter().filter(|client| client.decides);
    deciding.all(|client| client.verdict == Verdict::Accepts)
}

type Kind = (Verdict, Option<Stage>);

/// Whether the reason is the same for all of them, in certcheck's words.
fn is_certchecks_own(reason: &str) -> bool {
    // No client prints the server's alert or certcheck's results about a handshake.
    ["the server ", "the client ", "every handshake "]
        .iter()
        .any(|start| reason.starts_with(start))
        || reason.contains(": the server ends the handshake with ")
}

/// The verb of a sentence about one client or several.
fn one_or_many(verdict: Verdict, count: usize) -> &'static str {
    match (verdict, count) {
        (Verdict::Undecided, 1) => "is undecided",
        (Verdict::Undecided, _) => "are undecided",
        (verdict, 1) => verdict.as_str(),
        (Verdict::Accepts, _) => "accept",
        (_, _) => "refuse",
    }
}

/// `13 other clients: 12 accept, java refuses (-v lists them)`.
fn others_line(others: &[&ClientVerdict]) -> Option<String> {
    /// More than this many are only counted.
    const NAMED: usize = 2;
    if others.is_empty() {
        return None;
    }
    let mut parts = Vec::new();
    for verdict in [Verdict::Accepts, Verdict::Refuses, Verdict::Undecided] {
        let names: Vec<_> = others
            .iter()
            .filter(|other| other.verdict == verdict)
            .map(|other| other.client.as_ref())
            .collect();
        let says = one_or_many(verdict, names.len());
        match names.len() {
            0 => {}
            count if count == others.len() => parts.push(says.to_owned()),
            count if count <= NAMED => parts.push(format!("{} {says}", names.join(" and "))),
            count => parts.push(format!("{count} {says}")),
        }
    }
    let count = match others {
        [one] => one.client.to_string(),
        others => format!("{} other clients", others.len()),
    };
    let colon = if parts.len() > 1 { ":" } else { "" };
    let parts = parts.join(", ");
    Some(format!(
        "{DIM}{count}{colon} {parts} (-v lists them){DIM:#}"
    ))
}

/// A row for each client: verdict, why, what to install, and the version that it is about.
fn write_rows(out: &mut String, clients: &[ClientVerdict]) {
    let width = clients
        .iter()
        .map(|client| client.client.len())
        .max()
        .unwrap_or(0);
    for client in clients {
        let style = style_of(client.verdict);
        let needed = client.anchors_needed.as_deref().unwrap_or_default();
        let install = if needed.is_empty() {
            String::new()
        } else {
            let needed: Vec<_> = needed.iter().map(|digest| digest.short()).collect();
            format!(" {DIM}(install {}){DIM:#}", needed.join(" "))
        };
        let reason = client.reason.as_deref().unwrap_or_default().trim_end();
        let gap = if reason.is_empty() { "" } else { "  " };
        let version = client.version.as_ref().map_or_else(String::new, |version| {
            // For those known from documentation, the version itself says so.
            let known = if client.measured || version.contains("documents") {
                ""
            } else {
                "; documented"
            };
            format!(" {DIM}[{version}{known}]{DIM:#}")
        });
        let strong = if client.decides { STRONG } else { Style::new() };
        let _ = writeln!(
            out,
            "{strong}{:<width$}{strong:#}  {style}{}{style:#}{gap}{}{install}{version}",
            client.client,
            client.verdict.as_str(),
            printable(reason)
        );
    }
}

fn style_of(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Accepts => GOOD,
        Verdict::Refuses => severity_style(Severity::Error),
        _ => severity_style(Severity::Warning),
    }
}
