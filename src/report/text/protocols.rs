//! The meaning of a protocol string, word by word.

use super::printable;
use super::style::{DIM, STRONG};
use crate::command::protocols::{Changed, Judged, ProtocolsResult};
use std::fmt::Write;

/// A string, or every scope of a configuration.
pub fn protocols(result: &ProtocolsResult) -> String {
    let mut out = String::new();
    for scope in &result.scopes {
        let lines: Vec<_> = scope
            .lines
            .iter()
            .map(|lines| lines.first.to_string())
            .collect();
        let place = if lines.is_empty() {
            "the program's default".to_owned()
        } else {
            format!("line {}", lines.join(", "))
        };
        let _ = writeln!(
            out,
            "{STRONG}{}{STRONG:#} {DIM}({place}){DIM:#}",
            printable(&scope.name)
        );
        write_judged(&mut out, &scope.judged);
    }
    if result.scopes.is_empty()
        && let Some(judged) = &result.string
    {
        write_judged(&mut out, judged);
    }
    if let Some(shortest) = &result.shortest {
        row(&mut out, "shortest", shortest);
    }
    if let Some(translated) = &result.translated
        && let Some(text) = &translated.text
    {
        row(&mut out, translated.dialect.as_str(), text);
    }
    if let Some(change) = &result.difference {
        write_change(&mut out, change);
    }
    out
}

fn write_judged(out: &mut String, judged: &Judged) {
    let evaluation = &judged.evaluation;
    let width = evaluation
        .tokens
        .iter()
        .map(|token| token.text.chars().count())
        .max()
        .unwrap_or(0);
    for token in &evaluation.tokens {
        let _ = writeln!(
            out,
            "  {:<width$}  {} {DIM}=> {}{DIM:#}",
            printable(&token.text),
            printable(&token.effect.to_string()),
            list(&token.after.names())
        );
    }
    row(out, "configured", &list(&evaluation.configured.names()));
    row(out, "effective", &list(&evaluation.effective.names()));
    if judged.reachable != evaluation.effective {
        row(out, "reachable", &list(&judged.reachable.names()));
    }
    let state = match (evaluation.accepted, evaluation.starts) {
        (false, _) => "refused by the configuration test",
        (true, false) => "passes the configuration test, but does not start",
        (true, true) => "starts",
    };
    row(out, evaluation.dialect.as_str(), state);
    if let Some(message) = &evaluation.message {
        row(out, "it says", message);
    }
    if let Some(below) = &evaluation.below {
        let fate = match (&below.message, below.accepted) {
            (Some(message), false) => format!("would refuse this text: {message}"),
            (Some(message), true) => format!("would not start with this text: {message}"),
            (None, _) => format!("reads this text as {}", list(&below.effective.names())),
        };
        row(out, below.dialect.as_str(), &fate);
    }
    for warning in &evaluation.warnings {
        row(out, "it warns", warning);
    }
}

fn write_change(out: &mut String, change: &Changed) {
    row(out, "instead", &change.other);
    row(out, "lost", &list(&change.lost));
    row(out, "gained", &list(&change.gained));
    for client in &change.cut_off {
        row(
            out,
            "cut off",
            &format!("{} ({})", client.name, client.source),
        );
    }
    for client in &change.admitted {
        row(
            out,
            "admitted",
            &format!("{} ({})", client.name, client.source),
        );
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(" ")
    }
}

fn row(out: &mut String, name: &str, value: &str) {
    let _ = writeln!(out, "{STRONG}{name:<11}{STRONG:#} {}", printable(value));
}
