//! Runs every `testdata/**/case.json` and compares what the program finds with what it should.
//!
//! A case names its command line, and everything that must be found: no
//! finding may be missing, and none may be there that the case does not name
//! (`allowed` lists what may stand, where the contract leaves it open). The
//! values of a case were written from the contract and from measurements of
//! servers, never copied from what the program prints.
#![cfg(feature = "cli")]

use crate::support;

use certcheck::command::reference::leads;
use certcheck::finding::Code;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;
use support::Case;

/// As many cases as there are at least: one that is lost, or a walk that finds none, fails.
const LEAST: usize = 1472;
/// Codes without a case, each with its reason. The list only shrinks.
const NOT_COVERED: &[(&str, &str)] = &[
    (
        "wire.not-tls",
        "of a live server: tests/real/probe.rs starts one and finds it",
    ),
    (
        "wire.no-handshake",
        "of a live server: tests/real/probe.rs starts one and finds it",
    ),
    (
        "wire.key-not-proven",
        "of a live server: tests/real/probe.rs starts one and finds it",
    ),
    (
        "wire.other-certificate",
        "of a live server: tests/real/probe.rs starts one and finds it",
    ),
    (
        "wire.chain-differs",
        "of a live server: tests/real/probe.rs starts one and finds it",
    ),
    (
        "wire.versions-differ",
        "of a live server: tests/real/probe.rs starts one and finds it",
    ),
    (
        "wire.offer-differs",
        "of a live server: tests/real/probe/offers.rs starts one and finds it",
    ),
    (
        "wire.old-version",
        "of a live server: tests/real/probe.rs starts one and finds it",
    ),
    (
        "wire.no-modern-version",
        "of a live server: tests/real/probe.rs starts one and finds it",
    ),
    (
        "wire.not-stapled",
        "of a live server: tests/real/probe.rs starts one and finds it",
    ),
    (
        "chain.no-path",
        "only where the search ends without one reason: a hundred intermediates of x509-limbo",
    ),
    (
        "chain.budget-exhausted",
        "needs hundreds of certificates: made at run time in the chain's own tests",
    ),
    (
        "trust.not-read",
        "needs a file that cannot be read: tests/trust/command.rs makes one",
    ),
    (
        "encoding.too-large",
        "needs a large input: tests/program/cli.rs makes it at run time",
    ),
];

#[test]
fn every_case_finds_what_it_says() {
    let schema = schema();
    let cases = support::cases();
    assert!(
        cases.len() >= LEAST,
        "only {} cases, and LEAST is {LEAST}",
        cases.len()
    );
    // One case of more than a thousand, while it is being written.
    let only = std::env::var("CASES").unwrap_or_default();
    let mut failures = String::new();
    let mut failed = 0;
    let chosen = cases.iter().filter(|case| case.name().contains(&only));
    assert!(chosen.clone().count() > 0, "no case has {only} in its name");
    for case in chosen {
        if let Err(report) = judge(case, &schema) {
            failed += 1;
            let _ = writeln!(failures, "\n── {} ──\n{report}", case.name());
        }
    }
    println!("{} cases, {failed} failed", cases.len());
    assert!(
        failures.is_empty(),
        "{failures}\n{failed} of {} cases failed",
        cases.len()
    );
}

/// The published schema; tests/program/schema.rs shows that it refuses what is wrong.
fn schema() -> jsonschema::Validator {
    let schema = serde_json::from_str(include_str!("../../schema/certcheck-1.json"));
    jsonschema::validator_for(&schema.expect("the schema is JSON")).expect("the schema is a schema")
}

fn judge(case: &Case, schema: &jsonschema::Validator) -> Result<(), String> {
    let mut report = String::new();
    let output = case.run(&["--format", "json"]);
    let exit = output.status.code().map(i64::from);
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    if !exit.is_some_and(|code| case.exits().contains(&code)) {
        let _ = writeln!(report, "exit: expected {:?}, found {exit:?}", case.exits());
    }
    for text in case.words("stderr_contains") {
        if !stderr.contains(&text) {
            let _ = writeln!(report, "stderr lacks {text:?}");
        }
    }
    // Usage errors have no document: there is no input to say something about.
    if exit == Some(2) && stdout.is_empty() {
        if stderr.trim().is_empty() {
            let _ = writeln!(report, "exit 2 without a word on stderr");
        }
        if !case.list("findings").is_empty() {
            let _ = writeln!(report, "no document, but findings were expected");
        }
    } else {
        match serde_json::from_str::<Value>(&stdout) {
            Ok(document) => {
                envelope(case, &document, exit, &mut report);
                findings(case, &document, &mut report);
                answers(case, &document, &mut report);
                explained(&document, &mut report);
                for error in schema.iter_errors(&document).take(5) {
                    let _ = writeln!(report, "schema: {error} at {}", error.instance_path());
                }
                text(case, &document, exit, &mut report);
            }
            Err(error) => {
                let _ = writeln!(report, "stdout is not one JSON document: {error}");
            }
        }
    }
    if report.is_empty() {
        return Ok(());
    }
    let _ = writeln!(
        report,
        "story: {}",
        case.fields["story"].as_str().unwrap_or("")
    );
    let _ = writeln!(report, "run: certcheck {}", case.words("run").join(" "));
    if !stderr.trim().is_empty() {
        let shown: String = stderr.chars().take(600).collect();
        let _ = writeln!(report, "stderr: {shown}");
    }
    Err(report)
}

/// Who pastes what the program says into `explain --symptom` is led to the code of
/// that message, and of each reason to something.
fn explained(document: &Value, report: &mut String) {
    let first = |text: &str| {
        let leads = leads(text).ok()?;
        let code = leads.matches.first().map(|found| found.info.code.as_str());
        let elsewhere = leads.elsewhere.map(|page| page.name);
        Some((code, elsewhere.is_some()))
    };
    for finding in document["findings"].as_array().into_iter().flatten() {
        let (code, message) = (&finding["code"], &finding["message"]);
        let message = message.as_str().unwrap_or_default();
        let found = first(message);
        if found.is_none_or(|(found, elsewhere)| elsewhere || found != code.as_str()) {
            let _ = writeln!(report, "{message:?} leads to {found:?}, not to {code}");
        }
    }
    let mut reasons = Vec::new();
    reasons_in(document, &mut reasons);
    for reason in reasons {
        if first(reason).is_none() {
            let _ = writeln!(report, "the reason {reason:?} leads nowhere");
        }
    }
}

/// Every member that says why, at any depth.
fn reasons_in<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text)
                        if matches!(name.as_str(), "reason" | "why" | "message")
                            && !text.is_empty() =>
                    {
                        found.push(text);
                    }
                    _ => reasons_in(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| reasons_in(item, found)),
        _ => {}
    }
}

/// What holds for every document: names, counts, and a verdict that fits.
fn envelope(case: &Case, document: &Value, exit: Option<i64>, report: &mut String) {
    let run = case.words("run");
    let mut expect = |what: &str, right: Value, found: &Value| {
        if *found != right {
            let _ = writeln!(report, "{what}: expected {right}, found {found}");
        }
    };
    expect("schema", json!("certcheck/1"), &document["schema"]);
    expect(
        "version",
        json!(env!("CARGO_PKG_VERSION")),
        &document["version"],
    );
    let command = document["command"].as_str().unwrap_or("");
    let said = run
        .iter()
        .any(|word| word == command.split(' ').next().unwrap_or(""));
    expect("the command is one of the words", json!(true), &json!(said));
    if let Some(at) = run.iter().position(|word| word == "--at") {
        expect("at", json!(run[at + 1]), &document["at"]);
    }
    let none = Vec::new();
    let found = document["findings"].as_array().unwrap_or(&none);
    let count = |severity: &str| json!(found.iter().filter(|f| f["severity"] == severity).count());
    for severity in ["error", "warning", "notice"] {
        expect("summary", count(severity), &document["summary"][severity]);
    }
    // A case names its verdict only where the exit code does not decide it, as with undecided.
    let verdict = case
        .fields
        .get("verdict")
        .cloned()
        .unwrap_or_else(|| match exit {
            Some(0) => json!("pass"),
            _ => json!("fail"),
        });
    expect("verdict", verdict, &document["verdict"]);
}

/// Compares the findings both ways.
fn findings(case: &Case, document: &Value, report: &mut String) {
    let mut left: Vec<Value> = document["findings"].as_array().cloned().unwrap_or_default();
    let mut missing = Vec::new();
    for expected in case.list("findings") {
        match left.iter().position(|found| is(&expected, found, case)) {
            Some(place) => drop(left.remove(place)),
            None => missing.push(expected),
        }
    }
    for allowed in case.list("allowed") {
        left.retain(|found| !is(&allowed, found, case));
    }
    for expected in missing {
        let _ = writeln!(report, "- {expected}");
    }
    for found in left {
        let _ = writeln!(report, "+ {}", as_expectation(&found));
    }
}

/// Whether a finding is the expected one, in everything that the case names.
fn is(expected: &Value, found: &Value, case: &Case) -> bool {
    let fields = expected.as_object().expect("a finding is an object");
    assert!(
        fields.contains_key("code") && fields.contains_key("severity"),
        "{}: {expected}",
        case.name()
    );
    fields.iter().all(|(name, right)| {
        let there = match name.as_str() {
            "code" | "evidence" | "severity" => &found[name],
            "source" | "part" | "index" | "lines" => &found["subject"][name],
            "why" => return true,
            _ => panic!("{}: unknown field {name} in a finding", case.name()),
        };
        match (name.as_str(), right) {
            ("code" | "severity", Value::Array(several)) => several.contains(there),
            _ => covers(there, right, case),
        }
    })
}

/// A finding as one would write it into a case, after thinking about it.
fn as_expectation(found: &Value) -> Value {
    json!({
        "code": found["code"], "severity": found["severity"],
        "source": found["subject"]["source"], "part": found["subject"]["part"],
        "index": found["subject"]["index"], "evidence": found["evidence"],
    })
}

/// Whether `found` has everything that `expected` names: members of objects, and lists item by item.
fn covers(found: &Value, expected: &Value, case: &Case) -> bool {
    match expected {
        Value::Object(fields) => fields
            .iter()
            .all(|(name, right)| found.get(name).is_some_and(|f| covers(f, right, case))),
        Value::Array(items) => found.as_array().is_some_and(|found| {
            found.len() == items.len()
                && found
                    .iter()
                    .zip(items)
                    .all(|(f, right)| covers(f, right, case))
        }),
        Value::String(text) if text.starts_with("sha256:") || text.starts_with("spki:") => {
            *found == Value::String(digest(text, case))
        }
        _ => found == expected,
    }
}

/// `sha256:FILE` and `spki:FILE`: digests of the first certificate in FILE, so that no case repeats them.
fn digest(text: &str, case: &Case) -> String {
    let (kind, file) = text.split_once(':').expect("a colon");
    let bytes = std::fs::read(case.dir.join(file))
        .unwrap_or_else(|e| panic!("{}: {file}: {e}", case.name()));
    let sections = pem::parse_many(&bytes).expect("PEM");
    let section = sections
        .iter()
        .find(|s| s.tag() == "CERTIFICATE")
        .expect("a certificate");
    let (_, certificate) = x509_parser::parse_x509_certificate(section.contents()).expect("X.509");
    let of = if kind == "spki" {
        certificate.public_key().raw
    } else {
        section.contents()
    };
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, of);
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn answers(case: &Case, document: &Value, report: &mut String) {
    if let Some(right) = case.fields.get("result")
        && !covers(&document["result"], right, case)
    {
        let _ = writeln!(
            report,
            "result: expected {right}\n        found    {}",
            document["result"]
        );
    }
    for (check, outcome) in case.object("checks") {
        let found = document["checks"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|c| c["check"] == *check);
        if found.is_none_or(|found| found["outcome"] != outcome) {
            let _ = writeln!(report, "check {check}: expected {outcome}, found {found:?}");
        }
    }
    for check in document["checks"].as_array().into_iter().flatten() {
        if check["outcome"] != "ran" && check["reason"].as_str().is_none_or(str::is_empty) {
            let _ = writeln!(
                report,
                "check {} is {} without a reason",
                check["check"], check["outcome"]
            );
        }
    }
}

/// The report for people says the same: exit code, every code, no colour in a pipe.
fn text(case: &Case, document: &Value, exit: Option<i64>, report: &mut String) {
    let output = case.run(&[]);
    let stdout = String::from_utf8_lossy(&output.stdout);
    if output.status.code().map(i64::from) != exit {
        let _ = writeln!(
            report,
            "text: exit {:?} where JSON has {exit:?}",
            output.status.code()
        );
    }
    // `key-id` prints fingerprints alone, and findings on standard error.
    let said = format!("{stdout}{}", String::from_utf8_lossy(&output.stderr));
    for found in document["findings"].as_array().into_iter().flatten() {
        if !said.contains(found["code"].as_str().unwrap_or("?")) {
            let _ = writeln!(report, "text: {} is not mentioned", found["code"]);
        }
    }
    // Where a line ends depends on its width.
    let lines: Vec<_> = stdout.split_whitespace().collect();
    let running = lines.join(" ");
    for part in case.words("text_contains") {
        let words: Vec<_> = part.split_whitespace().collect();
        if !running.contains(&words.join(" ")) {
            let _ = writeln!(report, "text lacks {part:?}");
        }
    }
    for part in case.words("text_lacks") {
        if running.contains(part.as_str()) {
            let _ = writeln!(report, "text has {part:?}");
        }
    }
    if output.stdout.contains(&0x1b) {
        let _ = writeln!(report, "text: escape sequences in a pipe");
    }
}

/// Every code has a case that expects it, or stands in the list with its reason.
#[test]
fn every_code_has_a_case() {
    let covered: BTreeSet<String> = support::cases()
        .iter()
        .flat_map(|case| case.list("findings"))
        .filter_map(|finding| finding["code"].as_str().map(str::to_owned))
        .collect();
    let known: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let excused: BTreeSet<&str> = NOT_COVERED.iter().map(|(code, _)| *code).collect();
    for code in &covered {
        assert!(
            known.contains(code.as_str()),
            "{code} is expected, but not in the table of codes"
        );
        assert!(
            !excused.contains(code.as_str()),
            "{code} has a case now: take it off the list"
        );
    }
    for (code, reason) in NOT_COVERED {
        assert!(
            known.contains(code),
            "{code} is excused, but not in the table of codes"
        );
        assert!(reason.len() > 10, "{code} is excused without a reason");
    }
    let bare: Vec<_> = known
        .iter()
        .filter(|code| !covered.contains(**code) && !excused.contains(*code))
        .collect();
    assert!(
        bare.is_empty(),
        "codes without a case: {bare:?}. Add a directory under testdata/ with its input and a \
         case.json, see `A new finding` in CONTRIBUTING.md"
    );
}
