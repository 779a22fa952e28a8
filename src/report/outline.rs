//! What every format is written from: one answer to any command.
//!
//! A format knows verdict, checks, findings and what many results have in common: certificates
//! with dates and clients with verdicts. They are taken from the result's own document, so a
//! new command has all formats at once.

use crate::Time;
use crate::answer::{Answer, Check, CheckOutcome, Summary, Verdict, Waived};
use crate::finding::Severity;
use crate::report::json::{self, Reportable};
use crate::report::repeats::{Omitted, Told, tell};
use crate::rule::Finding;
use serde_json::Value as Json;
use std::collections::HashSet;

/// The most findings of one code and severity in one input that a report lists.
const MOST_ALIKE: usize = 1_000;

/// An answer as the formats see it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outline<'a> {
    /// The command that was asked.
    pub command: &'static str,
    /// The moment of judgement.
    pub at: Time,
    /// The answer in one word.
    pub verdict: Verdict,
    /// How many findings there are.
    pub summary: Summary,
    /// The severity from which a finding fails.
    pub failing: Severity,
    /// The checks.
    pub checks: &'a [Check],
    /// The findings, most serious first.
    pub findings: Vec<&'a Finding>,
    /// Those that are only counted.
    pub(super) omitted: Vec<Omitted<'a>>,
    /// Those that a waiver accepts.
    pub waived: &'a [Waived],
    /// The configuration file that was used.
    pub(super) configuration: Option<&'a str>,
    /// What must be shown beside the findings.
    pub(super) remarks: Vec<String>,
    /// The command's own answer, as in the JSON document.
    pub result: Json,
    /// What a report about a pass says first.
    sentence: Option<String>,
}

/// A certificate and its dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dated {
    pub(super) sha256: String,
    pub(super) subject: String,
    pub(super) source: String,
    pub(super) not_before: Option<Time>,
    pub(super) not_after: Time,
    /// The target of `certcheck run`.
    pub(super) target: Option<String>,
}

/// What a client says about one endpoint, which has no name if it is the only one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row<'a> {
    /// The target of `certcheck run`.
    pub(super) target: Option<&'a str>,
    pub(super) endpoint: String,
    pub(super) client: &'a str,
    pub(super) verdict: &'a str,
    pub(super) decides: bool,
    pub(super) row: &'a Json,
}

/// One of several results of an answer, or the only one.
#[derive(Clone, Debug)]
pub(super) struct Piece<'a> {
    /// The target of `certcheck run`.
    pub(super) target: Option<&'a str>,
    /// The server of `doctor`, the host of `probe`.
    pub(super) name: String,
    /// The command that gave the result.
    pub(super) command: &'a str,
    pub(super) result: &'a Json,
}

impl<'a> Outline<'a> {
    /// The outline of an answer that was given for the moment `at`.
    pub fn of<T: Reportable>(answer: &'a Answer<T>, at: Time) -> Self {
        let (mut findings, mut omitted) = (Vec::new(), Vec::new());
        for told in tell(&answer.findings, MOST_ALIKE) {
            match told {
                Told::One(one) => findings.push(one),
                Told::More(more) => omitted.push(more),
            }
        }
        omitted.extend(answer.counted().iter().map(Omitted::of));
        Self {
            command: json::command(answer),
            at,
            verdict: answer.verdict(),
            summary: answer.summary(),
            failing: answer.failing(),
            checks: &answer.checks,
            findings,
            omitted,
            waived: answer.waived().get(..MOST_ALIKE).unwrap_or(answer.waived()),
            configuration: answer.configuration(),
            remarks: answer.remarks(),
            result: json::result(answer),
            sentence: json::sentence(answer),
        }
    }

    /// The findings that make the answer a failure.
    pub(super) fn failures(&self) -> impl Iterator<Item = &'a Finding> {
        let failing = self.failing;
        let findings = self.findings.iter().copied();
        findings.filter(move |finding| finding.severity >= failing)
    }

    /// The checks that were requested but could not run, and why; for `inspect` also what stayed
    /// closed: a monitor would count it as checked.
    pub(super) fn undecided(&self) -> impl Iterator<Item = (&'a Check, &'a str)> {
        self.checks.iter().filter_map(|check| match &check.outcome {
            CheckOutcome::NotRun { reason, asked_for } if *asked_for || self.is_closed(check) => {
                Some((check, reason.as_str()))
            }
            _ => None,
        })
    }

    /// Whether this check lacks only a passphrase.
    pub(super) fn is_closed(&self, check: &Check) -> bool {
        self.command == "inspect" && matches!(check.name, "containers" | "keys")
    }

    /// The results of a command that has several: of the targets of `run`, the servers of `doctor`,
    /// the hosts of `probe`; else the only one.
    pub(super) fn pieces(&self) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        let targets = (self.command == "run").then(|| members(&self.result, "targets"));
        let Some(targets) = targets else {
            Piece::add(&mut pieces, None, self.command, &self.result);
            return pieces;
        };
        for target in targets {
            let text = |name: &str| target.get(name).and_then(Json::as_str);
            let result = target.get("document").and_then(|one| one.get("result"));
            if let (Some(name), Some(command), Some(result)) =
                (text("name"), text("command"), result)
            {
                Piece::add(&mut pieces, Some(name), command, result);
            }
        }
        pieces
    }

    /// The targets of `run`: name, verdict, and how many findings of each severity they have.
    pub(super) fn targets(&self) -> &[Json] {
        match self.command {
            "run" => members(&self.result, "targets"),
            _ => &[],
        }
    }

    /// The answer in one sentence. What was allowed and waived is part of it.
    pub(super) fn headline(&self) -> String {
        self.with_accepted(self.sentence())
    }

    /// A sentence with what was allowed and waived.
    pub(super) fn with_accepted(&self, sentence: String) -> String {
        match self.summary.accepted() {
            None => sentence,
            Some(accepted) => format!("{sentence} ({accepted})"),
        }
    }

    fn sentence(&self) -> String {
        let summary = self.summary;
        match self.verdict {
            Verdict::Fail => match self.failures().next() {
                Some(first) => {
                    let more = self.failures().count().saturating_sub(1);
                    let more = match more {
                        0 => String::new(),
                        more => format!(" (and {more} more)"),
                    };
                    format!("{}{more}", told(first))
                }
                None => format!("{}: no", self.command),
            },
            Verdict::Undecided => match self.undecided().next() {
                Some((check, reason)) => format!("{}: {reason}", check.name),
                None => "not everything that affects the verdict was checked".to_owned(),
            },
            Verdict::Pass => {
                let counted = |count: usize, word: &str| match count {
                    0 => None,
                    1 => Some(format!("1 {word}")),
                    _ => Some(format!("{count} {word}s")),
                };
                let parts: Vec<_> = [
                    counted(summary.errors, "error"),
                    counted(summary.warnings, "warning"),
                    counted(summary.notices, "notice"),
                ]
                .into_iter()
                .flatten()
                .collect();
                let rows = self.clients();
                let deciding = || rows.iter().filter(|row| row.decides);
                let accept = deciding().filter(|row| row.verdict == "accepts").count();
                let clients = match deciding().count() {
                    0 => None,
                    all => Some(format!("{accept} of {all} deciding clients accept")),
                };
                let found = if parts.is_empty() {
                    "nothing found".to_owned()
                } else {
                    parts.join(", ")
                };
                match self.sentence.clone().or(clients) {
                    Some(first) => format!("{first}; {found}"),
                    None => found,
                }
            }
        }
    }

    /// Every certificate with an expiry date in the result, each once.
    pub(super) fn certificates(&self) -> Vec<Dated> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        for piece in self.pieces() {
            dated(piece.result, &mut |mut one| {
                one.target = piece.target.map(str::to_owned);
                if seen.insert((one.sha256.clone(), one.source.clone(), one.target.clone())) {
                    found.push(one);
                }
            });
        }
        found
    }

    /// What the clients say, for each endpoint if the result has several.
    pub(super) fn clients(&self) -> Vec<Row<'_>> {
        self.pieces().iter().flat_map(Piece::clients).collect()
    }
}

impl<'a> Piece<'a> {
    fn add(all: &mut Vec<Self>, target: Option<&'a str>, command: &'a str, result: &'a Json) {
        let text = |row: &'a Json, name: &str| row.get(name).and_then(Json::as_str);
        let mut add = |name: String, result| {
            all.push(Self {
                target,
                name,
                command,
                result,
            });
        };
        match command {
            "doctor" => {
                for server in members(result, "servers") {
                    let config = words(server, "config", " ");
                    let name = text(server, "server").unwrap_or_default();
                    add(format!("{name} {config}").trim_end().to_owned(), server);
                }
            }
            "probe" if result.get("targets").is_some() => {
                for probed in members(result, "targets") {
                    let name = text(probed, "target").unwrap_or_default().to_owned();
                    add(name, probed.get("result").unwrap_or(&Json::Null));
                }
            }
            _ => add(String::new(), result),
        }
    }

    /// `web: nginx /etc/nginx/nginx.conf`; empty for the only result.
    pub(super) fn title(&self) -> String {
        joined(": ", [self.target.unwrap_or_default(), &self.name])
    }

    /// What the clients say, for each endpoint if there are several.
    pub(super) fn clients(&self) -> Vec<Row<'a>> {
        let endpoints = members(self.result, "endpoints");
        let mut rows = Vec::new();
        if endpoints.len() > 1 {
            for (place, endpoint) in endpoints.iter().enumerate() {
                let name = joined(": ", [&self.name, &endpoint_name(endpoint, place)]);
                let clients = members(endpoint, "clients").iter();
                rows.extend(clients.filter_map(|row| client(self.target, &name, row)));
            }
        }
        if rows.is_empty() {
            let clients = members(self.result, "clients").iter();
            let clients = clients.chain(members(self.result, "cells"));
            rows.extend(clients.filter_map(|row| client(self.target, &self.name, row)));
        }
        rows
    }
}

impl Row<'_> {
    /// The target and the endpoint; empty for the only endpoint of the only target.
    pub(super) fn place(&self) -> String {
        joined(": ", [self.target.unwrap_or_default(), &self.endpoint])
    }
}

/// What a finding says, after its target of `certcheck run`.
pub(super) fn told(finding: &Finding) -> String {
    of_target(finding.target.as_deref(), &finding.message())
}

/// A text after the target of `certcheck run` that it is about.
pub(super) fn of_target(target: Option<&str>, text: &str) -> String {
    joined(": ", [target.unwrap_or_default(), text])
}

/// A list in an object, empty if it is not there.
pub(super) fn members<'a>(object: &'a Json, name: &str) -> &'a [Json] {
    let list = object.get(name).and_then(Json::as_array);
    list.map(Vec::as_slice).unwrap_or_default()
}

/// The texts of a list in an object.
pub(super) fn words(object: &Json, name: &str, between: &str) -> String {
    let words = members(object, name).iter().filter_map(Json::as_str);
    words.collect::<Vec<_>>().join(between)
}

fn joined(between: &str, parts: [&str; 2]) -> String {
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(between)
}

/// `a.example, *.example at 0.0.0.0:443`.
fn endpoint_name(endpoint: &Json, place: usize) -> String {
    let words = |name| words(endpoint, name, ", ");
    match (words("names"), words("listen")) {
        (names, listen) if names.is_empty() && listen.is_empty() => format!("{}", place + 1),
        (names, listen) if names.is_empty() => format!("any other name at {listen}"),
        (names, listen) if listen.is_empty() => names,
        (names, listen) => format!("{names} at {listen}"),
    }
}

fn client<'a>(target: Option<&'a str>, endpoint: &str, row: &'a Json) -> Option<Row<'a>> {
    Some(Row {
        target,
        endpoint: endpoint.to_owned(),
        client: row.get("client")?.as_str()?,
        verdict: row.get("verdict")?.as_str()?,
        decides: row.get("decides").and_then(Json::as_bool).unwrap_or(false),
        row,
    })
}

/// The members that identify an object as a certificate, wherever it is.
fn dated(value: &Json, found: &mut impl FnMut(Dated)) {
    match value {
        Json::Array(values) => values.iter().for_each(|value| dated(value, found)),
        Json::Object(members) => {
            let text = |name: &str| members.get(name).and_then(Json::as_str);
            let time = |name: &str| text(name).and_then(|text| text.parse().ok());
            if let (Some(sha256), Some(not_after)) = (text("sha256"), time("not_after")) {
                found(Dated {
                    sha256: sha256.to_owned(),
                    subject: text("subject").unwrap_or_default().to_owned(),
                    source: text("source").unwrap_or_default().to_owned(),
                    not_before: time("not_before"),
                    not_after,
                    target: None,
                });
            }
            members.values().for_each(|value| dated(value, found));
        }
        _ => {}
    }
}
