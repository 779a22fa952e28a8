//! What each client and the server agree on, as a table.

use super::preflight::{of_version, on_system};
use super::printable;
use super::style::{DIM, STRONG};
use super::wrap::{USUAL, wrapped};
use crate::client::Verdict;
use crate::command::handshake::{Cell, HandshakeResult};
use crate::preflight::StartupOutcome;
use std::fmt::Write;

/// The width of the client lists.
const WIDTH: usize = 78;

/// What is agreed on, or who refuses, each with the clients to which it applies.
pub fn handshake(result: &HandshakeResult) -> String {
    let mut out = String::new();
    if let Some(system) = result.system {
        out.push_str(&wrapped("", &on_system(system), "  ", USUAL));
    }
    if let Some(version) = result.server_version {
        out.push_str(&wrapped("", &of_version(version, false), "  ", USUAL));
    }
    if let Some(startup) = &result.startup
        && startup.outcome != StartupOutcome::Starts
    {
        let outcome = startup.outcome.as_str().replace('-', " ");
        let says = startup.message.as_deref().unwrap_or_default();
        let _ = writeln!(out, "{} {outcome}: {}", result.server, printable(says));
    }
    let suites = result.cells.iter().filter_map(|cell| cell.cipher_suite);
    let width = suites.map(str::len).max().unwrap_or(0);
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for verdict in [Verdict::Accepts, Verdict::Refuses, Verdict::Undecided] {
        for cell in result.cells.iter().filter(|cell| cell.verdict == verdict) {
            let title = title(cell, width);
            match groups.iter_mut().find(|(known, _)| *known == title) {
                Some((_, clients)) => clients.push(&cell.client),
                None => groups.push((title, vec![&*cell.client])),
            }
        }
    }
    for (title, clients) in groups {
        let _ = writeln!(out, "{title}");
        let mut line = String::new();
        for client in clients {
            if !line.is_empty() && line.len() + client.len() > WIDTH {
                let _ = writeln!(out, " {line}");
                line.clear();
            }
            line.push(' ');
            line.push_str(client);
        }
        let _ = writeln!(out, " {line}");
    }
    out
}

fn title(cell: &Cell, width: usize) -> String {
    let reason = printable(cell.reason.as_deref().unwrap_or_default()).to_string();
    match (cell.verdict, cell.cipher_suite) {
        (Verdict::Accepts, Some(suite)) => {
            let certificate = cell.certificate.map_or_else(String::new, |digest| {
                digest.to_string().chars().take(8).collect()
            });
            format!(
                "{STRONG}{}{STRONG:#}  {suite:<width$}  {:<9}  {DIM}certificate {certificate}{DIM:#}",
                cell.protocol.unwrap_or_default(),
                cell.group.as_deref().unwrap_or_default(),
            )
        }
        (verdict, _) => format!("{STRONG}{}{STRONG:#}: {reason}", verdict.as_str()),
    }
}
