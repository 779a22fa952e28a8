//! SARIF 2.1.0 (OASIS): what code scanning reads, with a rule for each code that was found.
//!
//! A check that was requested but could not run is a separate result, of level `error`, so that a
//! viewer that counts results does not show an undecided answer as clean.

use super::harmless::{harmless, is_file, uri};
use super::json;
use super::outline::{Outline, of_target, told};
use crate::answer::Verdict;
use crate::command::reference::Page;
use crate::finding::{Code, Severity};
use crate::rule::Finding;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// The rule for checks that could not run.
const NOT_RUN: &str = "certcheck.not-run";

/// The log.
pub fn sarif(outline: &Outline<'_>) -> String {
    let mut codes: Vec<Code> = outline.findings.iter().map(|found| found.code()).collect();
    codes.extend(outline.waived.iter().map(|waived| waived.finding.code()));
    codes.sort_unstable();
    codes.dedup();
    let places: HashMap<Code, usize> = codes.iter().enumerate().map(|(at, c)| (*c, at)).collect();
    let mut rules: Vec<Json> = codes.iter().map(|code| rule(*code)).collect();
    // Apart, so that the fingerprints of the others do not move when a waiver ends.
    let (mut seen, mut seen_waived) = (BTreeMap::new(), BTreeMap::new());
    let mut results: Vec<Json> = outline
        .findings
        .iter()
        .map(|finding| {
            let place = places.get(&finding.code()).copied();
            result(finding, place, &mut seen)
        })
        .collect();
    results.extend(outline.waived.iter().map(|waived| {
        let finding = &waived.finding;
        let place = places.get(&finding.code()).copied();
        let mut result = result(finding, place, &mut seen_waived);
        let waiver = &waived.waiver;
        let text = format!(
            "{} (until {}, {})",
            waiver.reason,
            waiver.until,
            waiver.place()
        );
        let suppression = json!([{"kind": "external", "status": "accepted",
            "justification": harmless(&text)}]);
        if let Some(members) = result.as_object_mut() {
            members.insert("suppressions".to_owned(), suppression);
        }
        result
    }));
    if outline.undecided().next().is_some() {
        let place = rules.len();
        rules.push(not_run_rule());
        results.extend(outline.undecided().map(|(check, reason)| {
            let (name, target) = (check.name, check.target.as_deref());
            let text = of_target(target, &format!("not checked: {name}: {reason}"));
            json!({
                "ruleId": NOT_RUN,
                "ruleIndex": place,
                "level": "error",
                "message": {"text": harmless(&text)},
                "partialFingerprints": {"certcheck/v1": digest(&[NOT_RUN, name], target)},
            })
        }));
    }
    let notifications: Vec<Json> = outline
        .omitted
        .iter()
        .map(|more| {
            let text = format!("{}: {} more of {}", more.source, more.count, more.code);
            let text = of_target(more.target, &text);
            json!({"level": "note", "message": {"text": harmless(&text)}})
        })
        .chain(
            outline
                .remarks
                .iter()
                .map(|remark| json!({"level": "note", "message": {"text": harmless(remark)}})),
        )
        .collect();
    let checks: Vec<Json> = outline.checks.iter().map(json::check).collect();
    let driver = json!({
        "name": "certcheck",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    json::pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": outline.verdict != Verdict::Undecided
                    && outline.undecided().next().is_none(),
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
            "properties": {
                "command": outline.command,
                "at": outline.at.to_string(),
                "verdict": outline.verdict.as_str(),
                "configuration": outline.configuration,
                "checks": checks,
            },
        }],
    }))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice => "note",
    }
}

/// A code's page as a rule's help.
fn rule(code: Code) -> Json {
    let (info, page) = (code.info(), Page::of(code));
    let mut text = format!("{}\n\n{}", page.breaks, page.whom);
    let mut markdown = format!("{}\n\n{}\n", markdown(page.breaks), markdown(page.whom));
    for fix in &page.fix {
        text.push_str(&format!("\n\n{fix}"));
        markdown.push_str(&format!("\n{}\n", self::markdown(fix)));
    }
    if !page.run.is_empty() {
        text.push_str(&format!("\n\n{}", page.run.join("\n")));
        markdown.push_str(&format!("\n```sh\n{}\n```\n", page.run.join("\n")));
    }
    json!({
        "id": code.as_str(),
        "shortDescription": {"text": info.summary},
        "fullDescription": {"text": page.breaks},
        "help": {"text": text, "markdown": markdown},
        "defaultConfiguration": {"level": level(info.severity)},
        "properties": {"tags": ["tls", code.area()], "precision": "high"},
    })
}

/// The pages quote commands and settings in backticks already.
fn markdown(text: &str) -> String {
    text.replace('<', "&lt;")
}

fn not_run_rule() -> Json {
    let text = "A check that you asked for could not run, so certcheck gives no verdict. \
        The message says what is missing.";
    json!({
        "id": NOT_RUN,
        "shortDescription": {"text": "a check could not run"},
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": "error"},
    })
}

fn result(finding: &Finding, rule: Option<usize>, seen: &mut BTreeMap<String, usize>) -> Json {
    let subject = &finding.subject;
    let remedy = finding.remedy();
    let target = finding.target.as_deref();
    let mut text = harmless(&told(finding));
    if let Some(why) = &finding.consequence {
        text.push_str(&format!(". {}", harmless(why)));
    }
    if let Some(remedy) = &remedy {
        text.push_str(&format!(". To fix it: {}", harmless(&remedy.text)));
        if let Some(proven) = finding.proven() {
            text.push_str(&format!("; {proven}"));
        }
    }
    let source = harmless(&subject.source);
    let part = json!([{"name": source, "kind": subject.part.as_str(),
        "index": subject.index}]);
    let object = format!("{source}#{}/{}", subject.part.as_str(), subject.index);
    let mut logical = vec![json!({"fullyQualifiedName": of_target(target, &object)})];
    logical.extend(target.map(|target| {
        let name = harmless(target);
        json!({"name": name, "fullyQualifiedName": name, "kind": "target"})
    }));
    let mut location = json!({
        "logicalLocations": logical,
        "properties": {"parts": part},
    });
    if is_file(&subject.source) {
        let mut physical = json!({"artifactLocation": {"uri": uri(&subject.source)}});
        if let (Some(lines), Some(members)) = (subject.lines, physical.as_object_mut()) {
            // A finding about a whole file is shown at its first line.
            let (first, last) = (lines.first.max(1), lines.last.max(lines.first).max(1));
            let region = json!({"startLine": first, "endLine": last});
            members.insert("region".to_owned(), region);
        }
        if let Some(members) = location.as_object_mut() {
            members.insert("physicalLocation".to_owned(), physical);
        }
    }
    // Line numbers and days change; the same fault in the same object stays the same alert.
    let object = [
        finding.code().as_str(),
        &subject.source,
        subject.part.as_str(),
        &subject.index.to_string(),
    ];
    let mut print = digest(&object, target);
    let count = seen.entry(print.clone()).or_default();
    *count += 1;
    if *count > 1 {
        print = format!("{print}:{count}");
    }
    let document = json::finding(finding);
    let member = |name: &str| document.get(name).cloned().unwrap_or(Json::Null);
    let mut result = json!({
        "ruleId": finding.code().as_str(),
        "level": level(finding.severity),
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {"certcheck/v1": print},
        "properties": {
            "evidence": member("evidence"),
            "consequence": member("consequence"),
            "remedy": member("remedy"),
            "references": member("references"),
        },
    });
    if let (Some(place), Some(members)) = (rule, result.as_object_mut()) {
        members.insert("ruleIndex".to_owned(), place.into());
    }
    let properties = result.get_mut("properties").and_then(Json::as_object_mut);
    if let (Some(target), Some(properties)) = (target, properties) {
        properties.insert("target".to_owned(), harmless(target).into());
    }
    result
}

/// The same without a target as before `certcheck run` had any.
fn digest(parts: &[&str], target: Option<&str>) -> String {
    let mut digest = Sha256::new();
    for part in parts.iter().copied().chain(target) {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    let whole = crate::finding::hex(&digest.finalize());
    whole.chars().take(32).collect()
}
