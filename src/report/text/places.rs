//! The places of a server's settings, and what they all send together.

use super::program::program;
use super::style::{DIM, STRONG};
use super::wrap::wrapped;
use super::{Detail, printable};
use crate::finding::Fingerprint;
use crate::preflight::{PreflightResult, Protocols, ScopeResult, StartupOutcome};
use std::collections::HashSet;
use std::fmt::Write;

/// The most fingerprints on one line: two chains of four. A hoster has thousands.
const MOST_NAMED: usize = 8;

/// What would be sent: each certificate by name if there are few, otherwise how many; and in which
/// versions.
pub(super) fn write_sent(out: &mut String, result: &PreflightResult, detail: Detail) {
    let sent = &result.presented;
    let speaks = match &result.protocols {
        // The usual default versions need no mention.
        Some(protocols) if protocols.by_default && !detail.verbose && is_usual(protocols) => {
            String::new()
        }
        Some(protocols) if result.scopes.len() < 2 => {
            if protocols.effective.is_empty() {
                "no protocol version".to_owned()
            } else if protocols.reachable.is_empty() {
                format!(
                    "no protocol version: its security level forbids {}",
                    protocols.effective.join(" ")
                )
            } else {
                spoken(protocols)
            }
        }
        _ => String::new(),
    };
    if sent.is_empty() && speaks.is_empty() {
        return;
    }
    let program = program(result.server);
    let count = sent.len();
    let all = if count == 1 { "" } else { "s" };
    // The headline says that it does not start.
    let stops = result.startup.as_ref().is_some_and(|startup| {
        matches!(
            startup.outcome,
            StartupOutcome::RefusesAtConfigTest | StartupOutcome::FailsAtStart
        )
    });
    let condition = if stops { "if it started, " } else { "" };
    let mut line = format!("{condition}{STRONG}{program}{STRONG:#} would ");
    if count > MOST_NAMED {
        let different: HashSet<Fingerprint> = sent.iter().copied().collect();
        let places = result.scopes.iter().filter(|scope| scope.tls).count();
        let from = if places > 1 {
            format!(" from {places} places")
        } else {
            String::new()
        };
        let _ = write!(
            line,
            "send {count} certificate{all}{from}, {} different",
            different.len()
        );
    } else if count > 0 {
        let subject = |digest: &Fingerprint| {
            let sent = result
                .sent
                .iter()
                .find(|certificate| certificate.sha256 == *digest);
            let name = sent.map_or("", |certificate| common_name(&certificate.subject));
            if detail.verbose {
                format!("{} {DIM}{}{DIM:#}", printable(name), digest.short())
            } else {
                printable(name).into_owned()
            }
        };
        let names: Vec<_> = sent.iter().map(subject).collect();
        let _ = write!(line, "send {}", names.join(", "));
    }
    if !speaks.is_empty() {
        let and = if count > 0 { ", and " } else { "" };
        let _ = write!(line, "{and}speak {speaks}");
    }
    out.push_str(&wrapped("", &line, "  ", detail.width()));
}

/// TLSv1.2 and TLSv1.3, and nothing else.
fn is_usual(protocols: &Protocols) -> bool {
    matches!(protocols.reachable.as_slice(), [a, b] if a == "TLSv1.2" && b == "TLSv1.3")
}

/// The versions that clients reach, and those that are set but not reached: the security level
/// forbids them, or another place decides.
fn spoken(protocols: &Protocols) -> String {
    let reached = |version: &&String| protocols.reachable.contains(version);
    let lost: Vec<_> = protocols
        .effective
        .iter()
        .filter(|place| !reached(place))
        .collect();
    let lost: Vec<_> = lost.iter().map(|version| version.as_str()).collect();
    let spoken = match protocols.reachable.as_slice() {
        [] => "no version".to_owned(),
        reached => reached.join(" "),
    };
    match lost.as_slice() {
        [] => spoken,
        lost => format!("{spoken} (no client reaches {})", lost.join(" ")),
    }
}

/// `CN=Example Root CA` from `CN=Example Root CA, O=Example Trust`.
pub(super) fn common_name(subject: &str) -> &str {
    subject
        .split(", ")
        .find(|part| part.starts_with("CN="))
        .unwrap_or(subject)
}

/// How many places have which outcome, if there are many and they differ.
pub(super) fn write_outcomes(out: &mut String, scopes: &[ScopeResult]) {
    let mut outcomes: Vec<(StartupOutcome, usize, &ScopeResult)> = Vec::new();
    for scope in scopes {
        let Some(startup) = &scope.startup else {
            continue;
        };
        match outcomes
            .iter_mut()
            .find(|(known, ..)| *known == startup.outcome)
        {
            Some((_, count, _)) => *count += 1,
            None => outcomes.push((startup.outcome, 1, scope)),
        }
    }
    // Few places are listed one by one, and places with the same outcome need no table.
    if scopes.len() <= MOST_NAMED || outcomes.len() < 2 {
        return;
    }
    let all = outcomes.iter().map(|(outcome, count, first)| {
        let outcome = outcome.as_str().replace('-', " ");
        let line = first.lines.map_or(0, |lines| lines.first);
        let file = first
            .file
            .as_deref()
            .map(|file| format!(" of {}", printable(file)));
        format!(
            "{count} x {outcome} (first in line {line}{})",
            file.unwrap_or_default()
        )
    });
    let all: Vec<_> = all.collect();
    let _ = writeln!(out, "{} places: {}", scopes.len(), all.join(", "));
}

/// One place of the settings among several.
pub(super) fn write_scope(out: &mut String, scope: &ScopeResult, detail: Detail) {
    let file = scope
        .file
        .as_deref()
        .map_or_else(Default::default, printable);
    let line = scope
        .lines
        .map_or_else(String::new, |lines| format!("{file}:{}", lines.first));
    let sent = scope.presented.len();
    let speaks = match &scope.protocols {
        Some(protocols) if !protocols.effective.is_empty() => {
            format!(", {}", spoken(protocols))
        }
        _ => String::new(),
    };
    let what = if scope.tls {
        format!(
            "{sent} certificate{}{speaks}",
            if sent == 1 { "" } else { "s" }
        )
    } else {
        "no TLS".to_owned()
    };
    let hosts = scope.hosts.join(", ");
    let name = printable(&scope.name);
    let place = format!("{DIM}{line:<5}{DIM:#} {name} {}: {what}", printable(&hosts));
    out.push_str(&wrapped("  ", &place, "    ", detail.width()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::StartupResult;

    #[test]
    fn the_first_line_is_short_whatever_the_number_of_places() {
        let digest = |n: u16| {
            let mut bytes = [0; 32];
            bytes[..2].copy_from_slice(&n.to_be_bytes());
            Fingerprint::from_digest(bytes)
        };
        let startup = |outcome| StartupResult {
            outcome,
            message: None,
            reload: None,
        };
        let mut result = PreflightResult::of("apache");
        for n in 0..2000 {
            result.presented.push(digest(n));
            result.presented.push(digest(0));
            result.scopes.push(ScopeResult {
                tls: true,
                startup: Some(startup(if n == 1 {
                    StartupOutcome::FailsAtStart
                } else {
                    StartupOutcome::Starts
                })),
                ..ScopeResult::default()
            });
        }
        let mut out = String::new();
        write_sent(&mut out, &result, Detail::default());
        let plain = anstyle_free(&out);
        assert_eq!(
            plain,
            "Apache httpd would send 4000 certificates from 2000 places, 2000 different\n"
        );
        let mut out = String::new();
        write_outcomes(&mut out, &result.scopes);
        assert!(out.starts_with("2000 places: 1999 x starts"), "{out}");
        assert!(out.contains("1 x fails at start"), "{out}");
    }

    /// Without the escapes of styles.
    fn anstyle_free(text: &str) -> String {
        let mut out = String::new();
        let mut inside = false;
        for c in text.chars() {
            match c {
                '\u{1b}' => inside = true,
                'm' if inside => inside = false,
                _ if !inside => out.push(c),
                _ => {}
            }
        }
        out
    }
}
