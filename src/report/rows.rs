//! CSV (RFC 4180) and NDJSON: one row for each thing of a kind.
//!
//! Which things those are depends on the command: the objects of `inspect`, the clients of
//! `handshake`, the codes of `codes`; else the findings, and the checks that could not run.

use super::harmless::harmless;
use super::json;
use super::outline::Outline;
use crate::command::inspect::Object;
use crate::rule::Finding;
use serde_json::{Map, Value as Json, json};

/// The columns of an object.
const OBJECT: &[&str] = &[
    "source",
    "index",
    "lines",
    "kind",
    "label",
    "encoding",
    "subject",
    "issuer",
    "serial",
    "not_before",
    "not_after",
    "subject_alt_names",
    "is_ca",
    "algorithm",
    "bits",
    "spki_sha256",
    "sha256",
    "findings",
    "name",
];

/// The commands whose rows are members of their result, with the columns of the CSV.
const OWN: &[(&str, &str, &[&str])] = &[
    ("inspect", "objects", OBJECT),
    (
        "handshake",
        "cells",
        &[
            "client",
            "version",
            "verdict",
            "protocol",
            "cipher_suite",
            "group",
            "certificate",
            "reason",
        ],
    ),
    ("codes", "codes", &["code", "severity", "summary"]),
];

const FINDINGS: &[&str] = &[
    "record",
    "severity",
    "code",
    "source",
    "part",
    "index",
    "lines",
    "message",
    "consequence",
    "remedy",
    "commands",
];

/// The column that only `run` has, because its findings are about several targets.
const TARGET: &str = "target";

/// The rows of a result that has its own, each with the codes of its findings.
fn own<'o>(outline: &'o Outline<'_>) -> Option<(Vec<Json>, &'static [&'static str])> {
    let (_, member, columns) = OWN.iter().find(|row| row.0 == outline.command)?;
    let rows: &'o [Json] = outline.result.get(member)?.as_array()?;
    let with_codes = |row: &Json| {
        let mut row = row.clone();
        if outline.command == "inspect"
            && let Some(members) = row.as_object_mut()
        {
            let source = members.get("source").and_then(Json::as_str);
            let index = members.get("index").and_then(Json::as_u64);
            let of = |finding: &&&crate::rule::Finding| {
                Some(finding.subject.source.as_str()) == source
                    && u64::try_from(finding.subject.index).ok() == index
            };
            let mut codes: Vec<_> = outline
                .findings
                .iter()
                .filter(of)
                .map(|finding| finding.code().as_str())
                .collect();
            codes.dedup();
            members.insert("findings".to_owned(), json!(codes));
        }
        row
    };
    Some((rows.iter().map(with_codes).collect(), columns))
}

/// One JSON document per line. Every line has a member `record`: `object`, `client`, `finding`,
/// `waived`, `check`, and `summary`, which is the last.
pub fn ndjson(outline: &Outline<'_>) -> String {
    let mut out = String::new();
    let name = match outline.command {
        "handshake" => "client",
        "codes" => "code",
        _ => "object",
    };
    match own(outline) {
        Some((rows, _)) => rows.into_iter().for_each(|row| line(&mut out, name, row)),
        None => {
            for row in outline.clients() {
                let mut client = row.row.clone();
                if let Some(members) = client.as_object_mut() {
                    if !row.endpoint.is_empty() {
                        members.insert("endpoint".to_owned(), row.endpoint.into());
                    }
                    if let Some(target) = row.target {
                        members.insert("target".to_owned(), target.into());
                    }
                }
                line(&mut out, "client", client);
            }
        }
    }
    for finding in &outline.findings {
        line(&mut out, "finding", json::finding(finding));
    }
    for more in &outline.omitted {
        line(&mut out, "omitted", json::counted(more));
    }
    for waived in outline.waived {
        line(&mut out, "waived", json::waived(waived));
    }
    out + &ndjson_end(outline)
}

/// The last lines of [`ndjson`], after objects and findings: the checks and the summary.
pub fn ndjson_end(outline: &Outline<'_>) -> String {
    let mut out = String::new();
    for check in outline.checks {
        line(&mut out, "check", json::check(check));
    }
    let summary = outline.summary;
    line(
        &mut out,
        "summary",
        json!({
            "schema": json::SCHEMA,
            "version": env!("CARGO_PKG_VERSION"),
            "command": outline.command,
            "at": outline.at.to_string(),
            "verdict": outline.verdict.as_str(),
            "error": summary.errors,
            "warning": summary.warnings,
            "notice": summary.notices,
            "allowed": summary.allowed,
            "waived": summary.waived,
            "configuration": outline.configuration,
            "remarks": outline.remarks,
        }),
    );
    out
}

/// The line of one object, with the codes of what was found in it.
pub fn ndjson_object(object: &Object, codes: &[&'static str]) -> String {
    let mut out = json::object_line(object, codes);
    out.push('\n');
    out
}

/// The line of one finding.
pub fn ndjson_finding(finding: &Finding) -> String {
    let mut out = String::new();
    line(&mut out, "finding", json::finding(finding));
    out
}

fn line(out: &mut String, record: &str, row: Json) {
    let mut members = Map::new();
    members.insert("record".to_owned(), record.into());
    if let Json::Object(row) = row {
        members.extend(row);
    }
    out.push_str(&json::line(&Json::Object(members)));
    out.push('\n');
}

/// The first line of a table of objects.
pub fn csv_head() -> String {
    let mut out = String::new();
    record(&mut out, OBJECT.iter().map(|name| (*name).to_owned()));
    out
}

/// The row of one object, with the codes of what was found in it.
pub fn csv_object(object: &Object, codes: &[&'static str]) -> String {
    let mut out = String::new();
    let row = json::object_tree(object, codes);
    record(&mut out, OBJECT.iter().map(|name| cell(&row, name)));
    out
}

/// A table with a header line.
pub fn csv(outline: &Outline<'_>) -> String {
    let mut out = String::new();
    if let Some((rows, columns)) = own(outline) {
        record(&mut out, columns.iter().map(|name| (*name).to_owned()));
        for row in &rows {
            record(&mut out, columns.iter().map(|name| cell(row, name)));
        }
        return out;
    }
    let target = (outline.command == "run").then_some(TARGET);
    let columns = || FINDINGS.iter().copied().chain(target);
    record(&mut out, columns().map(str::to_owned));
    for finding in &outline.findings {
        let mut row = json::finding(finding);
        if let Some(members) = row.as_object_mut() {
            members.insert("record".to_owned(), "finding".into());
        }
        record(&mut out, columns().map(|name| cell(&row, name)));
    }
    for more in &outline.omitted {
        let row = json!({
            "record": "omitted",
            "severity": more.severity.as_str(),
            "code": more.code.as_str(),
            "source": more.source,
            "message": format!("{} more of the same", more.count),
            TARGET: more.target,
        });
        record(&mut out, columns().map(|name| cell(&row, name)));
    }
    for waived in outline.waived {
        let mut row = json::finding(&waived.finding);
        if let Some(members) = row.as_object_mut() {
            members.insert("record".to_owned(), "waived".into());
            let until = format!(
                "waived until {}: {}",
                waived.waiver.until, waived.waiver.reason
            );
            members.insert("consequence".to_owned(), until.into());
        }
        record(&mut out, columns().map(|name| cell(&row, name)));
    }
    for (check, reason) in outline.undecided() {
        let row = json!({
            "record": "check",
            "severity": "undecided",
            "code": check.name,
            "message": format!("not checked: {reason}"),
            TARGET: check.target,
        });
        record(&mut out, columns().map(|name| cell(&row, name)));
    }
    for remark in &outline.remarks {
        let row = json!({"record": "remark", "message": remark});
        record(&mut out, columns().map(|name| cell(&row, name)));
    }
    out
}

/// A member of a row, or of an object in it: keys and places are nested.
fn cell(row: &Json, name: &str) -> String {
    let inside = ["subject", "public_key", "remedy"].into_iter();
    let nested = || {
        inside
            .filter_map(|outer| row.get(outer)?.get(name))
            .find(|value| !value.is_null())
    };
    let found = row
        .get(name)
        .filter(|value| !value.is_null())
        .or_else(nested);
    match found {
        Some(Json::Object(members)) => members.get("text").map_or_else(String::new, text),
        Some(value) => text(value),
        None => String::new(),
    }
}

fn text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(values) => values.iter().map(text).collect::<Vec<_>>().join("; "),
        value => value.to_string(),
    }
}

/// One record. A cell that a spreadsheet would read as a formula gets a leading apostrophe.
fn record(out: &mut String, cells: impl Iterator<Item = String>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            out.push(',');
        }
        let cell = harmless(&cell);
        let formula = cell.len() > 1 && cell.starts_with(['=', '+', '-', '@']);
        let cell = if formula { format!("'{cell}") } else { cell };
        if cell.contains([',', '"', ';']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}
