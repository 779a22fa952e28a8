//! The TLS settings of each endpoint, with the line that each comes from.

use super::program::program;
use super::style::{DIM, STRONG};
use super::wrap::wrapped;
use super::{Detail, printable};
use crate::command::config::{ConfigResult, EndpointSettings, SettingOf, WhereWritten};
use std::fmt::Write;

/// The most names of endpoints with the same settings that are shown without `-v`.
const MOST_NAMED: usize = 12;

/// The settings, endpoint by endpoint; endpoints with the same settings are one group.
pub fn config(result: &ConfigResult, detail: Detail) -> String {
    let mut out = String::new();
    let count = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    };
    let speaks = result.endpoints.iter().filter(|endpoint| endpoint.tls);
    let _ = writeln!(
        out,
        "{STRONG}{}{STRONG:#}: {} with TLS, {} without, from {}",
        program(result.server),
        count(speaks.count(), "endpoint"),
        result
            .endpoints
            .iter()
            .filter(|endpoint| !endpoint.tls)
            .count(),
        count(result.files.len(), "file"),
    );
    let mut groups: Vec<Vec<&EndpointSettings>> = Vec::new();
    for endpoint in result.endpoints.iter().filter(|endpoint| endpoint.tls) {
        // Many endpoints usually share few settings, or form one group each.
        let same = groups.iter_mut().rev().take(64).find(|group| {
            let first = group.first();
            first.is_some_and(|first| first.settings == endpoint.settings)
        });
        match same {
            Some(group) => group.push(endpoint),
            None => groups.push(vec![endpoint]),
        }
    }
    for group in groups {
        out.push('\n');
        let most = if detail.verbose {
            usize::MAX
        } else {
            MOST_NAMED
        };
        for endpoint in group.iter().take(most) {
            heading(&mut out, endpoint, detail);
        }
        if let Some(more) = group.len().checked_sub(most).filter(|more| *more > 0) {
            let _ = writeln!(
                out,
                "… and {more} more with the same settings (-v lists them)"
            );
        }
        let settings = group.first().map_or(&[][..], |first| &first.settings);
        let width = settings.iter().map(|one| one.name.len()).max().unwrap_or(0);
        for one in settings {
            setting(&mut out, one, width.min(28), detail);
        }
    }
    let plain = result.endpoints.iter().filter(|endpoint| !endpoint.tls);
    for (number, endpoint) in plain.enumerate() {
        if number == 0 {
            out.push_str("\nwithout TLS:\n");
        }
        if number < MOST_NAMED || detail.verbose {
            heading(&mut out, endpoint, detail);
        }
    }
    for (path, why) in &result.not_read {
        let text = format!("not read: {}: {}", printable(path), printable(why));
        out.push_str(&wrapped("", &text, "  ", detail.width()));
    }
    out
}

fn heading(out: &mut String, endpoint: &EndpointSettings, detail: Detail) {
    let listen = endpoint.listen.join(", ");
    let names = endpoint.names.join(", ");
    let line = format!(
        "{STRONG}{}{STRONG:#} {} {DIM}{}{DIM:#}",
        printable(&listen),
        printable(&names),
        at(&endpoint.config)
    );
    out.push_str(&wrapped("", &line, "    ", detail.width()));
}

fn setting(out: &mut String, one: &SettingOf, width: usize, detail: Detail) {
    let from = match (&one.source, one.default) {
        (Some(source), _) => at(source),
        (None, true) => "default".to_owned(),
        (None, false) => "environment".to_owned(),
    };
    let value = if one.value.is_empty() {
        "(empty)".into()
    } else {
        printable(&one.value)
    };
    let name = printable(&one.name);
    let line = format!("{name:<width$}  {value}  {DIM}{from}{DIM:#}");
    let hanging = " ".repeat(width + 4);
    out.push_str(&wrapped("  ", &line, &hanging, detail.width()));
    for (lost, place) in &one.overrides {
        let from = place.as_ref().map_or_else(|| "environment".to_owned(), at);
        let line = format!("{DIM}overrides {} of {from}{DIM:#}", printable(lost));
        out.push_str(&wrapped(&hanging, &line, &hanging, detail.width()));
    }
}

fn at(place: &WhereWritten) -> String {
    if place.is_command_line() {
        return "the command line".to_owned();
    }
    format!("{}:{}", printable(&place.file), place.line)
}
