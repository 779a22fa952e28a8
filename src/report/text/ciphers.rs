//! What a cipher string switches on, word by word.

use super::printable;
use super::style::{DIM, STRONG};
use crate::cipher::Suite;
use crate::command::ciphers::{CiphersResult, ClientChoice};
use std::fmt::Write;

/// A cipher string: its words, its suites, and the clients that share none of them.
pub fn ciphers(result: &CiphersResult) -> String {
    let mut out = String::new();
    let ciphers = &result.ciphers;
    let words = ciphers.words.iter().map(|word| word.text.chars().count());
    // A word may be as long as the string. The column of explanations must stay on the screen.
    let width = words.max().unwrap_or(0).min(40);
    for word in &ciphers.words {
        let _ = writeln!(out, "  {:<width$}  {}", printable(&word.text), word.effect);
    }
    if let Some(refusal) = ciphers.refused {
        row(&mut out, "refused", &refusal.to_string());
        return out;
    }
    row(&mut out, "level", &result.level.to_string());
    if !ciphers.tls13.is_empty() {
        row(&mut out, "TLS 1.3", &listed(&ciphers.tls13));
    }
    if ciphers.tls12.is_empty() {
        return out;
    }
    let count = result.suites.len();
    let title = match count {
        0 => "no suite can be used".to_owned(),
        1 => "1 suite".to_owned(),
        _ => format!("{count} suites, in this order"),
    };
    row(&mut out, "TLS 1.2", &title);
    for suite in &result.suites {
        match suite.weakness() {
            Some(weakness) => {
                let _ = writeln!(out, "  {:<31} {DIM}{weakness}{DIM:#}", suite.openssl);
            }
            None => {
                let _ = writeln!(out, "  {}", suite.openssl);
            }
        }
    }
    if !result.unusable.is_empty() {
        let count = result.unusable.len();
        let text = format!("{count} more: forbidden at this level, or for pre-shared keys");
        row(&mut out, "not usable", &text);
    }
    if result.suites.is_empty() {
        return out;
    }
    let without = |choice: fn(&ClientChoice) -> bool| -> String {
        let names = result.clients.iter().filter(|client| choice(client));
        let names: Vec<_> = names.map(|choice| choice.client.client).collect();
        if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(" ")
        }
    };
    row(
        &mut out,
        "cut off",
        "clients that share no suite for TLS 1.2",
    );
    let _ = writeln!(
        out,
        "  with an RSA key: {}",
        without(|choice| choice.rsa.is_none())
    );
    let _ = writeln!(
        out,
        "  with an EC key:  {}",
        without(|choice| choice.ecdsa.is_none())
    );
    let (beyond, short) = (&result.beyond_intermediate, &result.short_of_intermediate);
    let text = match (beyond.is_empty(), short.is_empty()) {
        (true, true) => "the same suites as Mozilla's intermediate set".to_owned(),
        _ => format!(
            "Mozilla's intermediate set has {} of these {count} and {} others",
            count.saturating_sub(beyond.len()),
            short.len()
        ),
    };
    row(&mut out, "Mozilla", &text);
    out
}

fn listed(suites: &[&Suite]) -> String {
    let names: Vec<_> = suites.iter().map(|suite| suite.openssl).collect();
    names.join(" ")
}

fn row(out: &mut String, name: &str, value: &str) {
    let _ = writeln!(out, "{STRONG}{name:<11}{STRONG:#} {}", printable(value));
}
