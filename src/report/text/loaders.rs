//! `inspect --loaders`: who reads a file, and what of it.

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
            "{STRONG}loaders{STRONG:#}  {}\n  {DIM}loader   takes it  certificates  first  key{DIM:#}",
            printable(&head.source)
        );
        for row in table {
            write_loader(out, row);
        }
        write_refusals(out, table);
        let servers = loads.servers.iter().filter(|it| it.source == head.source);
        write_servers(out, &servers.collect::<Vec<_>>());
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

/// Each reason once, with the loaders that have it.
fn write_refusals(out: &mut String, table: &[Loaded]) {
    let mut said: Vec<&str> = Vec::new();
    for reason in table.iter().filter_map(refusal) {
        if said.contains(&reason) {
            continue;
        }
        said.push(reason);
        let same = table.iter().filter(|row| refusal(row) == Some(reason));
        let names: Vec<_> = same.map(|row| row.loader).collect();
        let (names, reason) = (names.join(", "), printable(reason));
        let _ = writeln!(out, "  {DIM}no key for {names}: {reason}{DIM:#}");
    }
}

fn refusal(row: &Loaded) -> Option<&str> {
    row.key.as_ref()?.reason.as_deref()
}

/// The servers, those with the same answer on one line.
fn write_servers(out: &mut String, servers: &[&Served]) {
    let line = |it: &Served| cells(it.taken, it.certificates, it.first, it.key.as_ref());
    let mut said: Vec<String> = Vec::new();
    for server in servers {
        let cells = line(server);
        if said.contains(&cells) {
            continue;
        }
        let same = servers.iter().filter(|it| line(it) == cells);
        let names: Vec<_> = same.map(|it| it.server).collect();
        let _ = write!(
            out,
            "  {:<8} {cells} {DIM}{}{DIM:#}",
            "server",
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
