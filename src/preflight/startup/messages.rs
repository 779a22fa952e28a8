//! The prediction in words.

use crate::preflight::{StartupOutcome, StartupResult};
use crate::server::startup::StartOutcome;

/// An outcome under its name in the result.
pub(in crate::preflight) fn named(outcome: StartOutcome, says: &[String]) -> StartupResult {
    StartupResult {
        outcome: match outcome {
            StartOutcome::ConfigTestFails => StartupOutcome::RefusesAtConfigTest,
            StartOutcome::StartFails => StartupOutcome::FailsAtStart,
            StartOutcome::HandshakeFails => StartupOutcome::FailsAtHandshake,
            StartOutcome::Serves => StartupOutcome::Starts,
        },
        message: (!says.is_empty()).then(|| {
            let lines: Vec<_> = says.iter().map(|line| spaced(line)).collect();
            lines.join("; ")
        }),
        reload: None,
    }
}

/// Blanks around what was left out of a server's words, but not within quotes.
fn spaced(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('…') {
        out.push_str(before);
        let quoted = before.ends_with(['\'', '"']);
        if !quoted && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        out.push('…');
        if !quoted && !after.is_empty() && !after.starts_with([' ', ',', ';']) {
            out.push(' ');
        }
        rest = after;
    }
    out.push_str(rest);
    out.trim_end().to_owned()
}
