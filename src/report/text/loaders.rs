//! `inspect --loaders`: who reads a file, and how much of it.

use super::printable;
use super::style::{DIM, STRONG};
use crate::command::inspect::{Loaded, LoadedKey, Loads, Served};
use std::fmt::Write;

/// For each file, a row for each loader, why a key is refused, and the servers.
pub(super) fn write_loads(out: &mut String, loads: &Loads) {
    let same = |one: &Loaded, next: &Loaded| one.source == next.source;
    for table in loads.loaders.chunk_by(same) {
        let Some(head) = table.first() else { continue };
        let _ = writeln!(
            out,
            "{STRONG}loaders{STRONG:#}  {}\n  {DIM}loader   reads it  certificates  first  key{DIM:#}",
            printable(&head.source)
        );
        for row in table {
            write_loader(out, row);
        }
        let servers = loads
            .servers
            .iter()
            .filter(|server| server.source == head.source);
        let servers: Vec<_> = servers.collect();
        write_servers(out, &servers);
        write_refusals(out, table, &servers);
    }
}

fn write_loader(out: &mut String, row: &Loaded) {
    let line = cells(row.taken, row.certificates, row.first, row.key.as_ref());
    let _ = write!(out, "  {:<8} {line}", row.loader);
    if !row.lost.is_empty() && row.taken {
        let lost: Vec<_> = row.lost.iter().map(|index| format!("#{index}")).collect();
        let _ = write!(out, " {STRONG}without {}{STRONG:#}", lost.join(" "));
    }
    if let Some(line) = row.gave_up {
        let _ = write!(out, " {DIM}gives up at line {line}{DIM:#}");
    }
    end_line(out);
}

/// `yes       2             #0     #2`
fn cells(
    taken: bool,
    certificates: usize,
    first: Option<usize>,
    key: Option<&LoadedKey>,
) -> String {
    let place = |index: Option<usize>| index.map_or_else(|| "-".to_owned(), |at| format!("#{at}"));
    let key = match key {
        None => "-".to_owned(),
        Some(key) if key.verdict == "taken" => place(key.index),
        Some(key) if key.verdict == "asks" => {
            format!("{}, asks for its passphrase", place(key.index))
        }
        Some(_) => "no".to_owned(),
    };
    let taken = if taken { "yes" } else { "no" };
    format!("{taken:<9} {certificates:<13} {:<6} {key:<4}", place(first))
}

/// Each reason once, with those to whom it applies; a server's own reasons after its
/// loader's.
fn write_refusals(out: &mut String, table: &[Loaded], servers: &[&Served]) {
    let loaders = table
        .iter()
        .map(|row| (row.loader, reason(row.key.as_ref())));
    // A server whose loader has given the reason is not listed with it again.
    let is_loaders = |said: &str| {
        table
            .iter()
            .any(|row| reason(row.key.as_ref()) == Some(said))
    };
    let own = servers
        .iter()
        .map(|row| (row.server, reason(row.key.as_ref())))
        .filter(|(_, said)| !said.is_some_and(is_loaders));
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, said) in loaders.chain(own) {
        let Some(said) = said else { continue };
        match reasons.iter_mut().find(|(known, _)| *known == said) {
            Some((_, names)) => names.push(name),
            None => reasons.push((said, vec![name])),
        }
    }
    for (said, names) in reasons {
        let (names, said) = (names.join(", "), printable(said));
        let _ = writeln!(out, "  {DIM}no key for {names}: {said}{DIM:#}");
    }
}

fn reason(key: Option<&LoadedKey>) -> Option<&str> {
    key?.reason.as_deref()
}

/// The servers; those with the same answer are on one line.
fn write_servers(out: &mut String, servers: &[&Served]) {
    let line = |served: &Served| {
        cells(
            served.taken,
            served.certificates,
            served.first,
            served.key.as_ref(),
        )
    };
    let mut said: Vec<String> = Vec::new();
    for server in servers {
        let cells = line(server);
        if said.contains(&cells) {
            continue;
        }
        let same = servers.iter().filter(|server| line(server) == cells);
        let names: Vec<_> = same.map(|client| client.server).collect();
        let _ = write!(
            out,
            "  {:<8} {cells} {DIM}{}{DIM:#}",
            "servers",
            names.join(", ")
        );
        end_line(out);
        said.push(cells);
    }
}

fn end_line(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}
