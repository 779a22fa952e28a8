//! Walks testdata/encoding: every file is read and compared with what is
//! expected of it, both ways.
//!
//! `BLESS=1 cargo test --test library encoding::` writes the expectations anew, to be
//! read before they are committed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails shall stop"
)]

use certcheck::Source;
use certcheck::encoding::convert::{Conversion, ConversionPlan, ConversionProblem};
use certcheck::encoding::{Anomaly, Document, Section, SectionKind, strict};
use certcheck::finding::Value;
use serde_json::{Map, Value as Json, json};
use std::path::{Path, PathBuf};

/// Cases in testdata/encoding. A case that gets lost is a test that gets lost.
const CASES: usize = 142;
/// Cases that hold something to convert.
const CONVERTED: usize = 129;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/encoding")
}

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("input").is_file())
        .collect();
    cases.sort();
    cases
}

/// The objects of base/ by their DER, so that an expectation can say which
/// object was found.
fn base() -> Vec<(String, Vec<u8>)> {
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder().join("base"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort_by_key(|path| (path.to_string_lossy().len(), path.clone()));
    let mut objects = Vec::new();
    for path in names {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match pem::parse_many(&bytes) {
            Ok(found) if found.len() == 1 => objects.push((name, found[0].contents().to_vec())),
            _ => objects.push((name, bytes)),
        }
    }
    objects
}

fn lines(lines: Option<certcheck::Lines>) -> Json {
    lines.map_or(Json::Null, |lines| json!([lines.first, lines.last]))
}

fn section(section: &Section, base: &[(String, Vec<u8>)]) -> Json {
    let der = match section.der() {
        None => Json::Null,
        Some(der) => match base.iter().find(|(_, bytes)| bytes == der) {
            Some((name, _)) => json!(name),
            None => json!(der.len()),
        },
    };
    let mut object = json!({
        "kind": format!("{:?}", section.kind()),
        "label": section.label(),
        "encoding": section.encoding().as_str(),
        "lines": lines(section.lines()),
        "span": [section.span().start, section.span().end],
        "der": der,
    });
    if !section.headers().is_empty() {
        object["headers"] = json!(section.headers());
    }
    if !section.behind().is_empty() {
        object["behind"] = json!(section.behind().len());
    }
    object
}

fn value(value: &Value) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::Number(number) => json!(number),
        Value::Flag(flag) => json!(flag),
        Value::List(values) => values.iter().map(self::value).collect(),
        _ => Json::Null,
    }
}

fn anomaly(anomaly: &Anomaly) -> Json {
    let facts: Map<String, Json> = anomaly
        .fact
        .fields()
        .iter()
        .map(|(name, fact)| ((*name).to_owned(), value(fact)))
        .collect();
    json!({
        "code": anomaly.fact.code().as_str(),
        "section": anomaly.section,
        "lines": lines(anomaly.lines),
        "span": [anomaly.span.start, anomaly.span.end],
        "facts": facts,
    })
}

/// What a conversion makes of a document.
fn conversion(plan: Result<ConversionPlan, ConversionProblem>) -> Json {
    let plan = match plan {
        Ok(plan) => plan,
        Err(problem) => return json!({ "refused": problem.to_string() }),
    };
    let outputs: Vec<Json> = plan
        .outputs
        .iter()
        .map(|output| {
            json!({
                "name": output.name,
                "secret": output.is_secret,
                "sections": output.sections,
                "bytes": output.bytes.len(),
            })
        })
        .collect();
    let repairs: Vec<String> = plan
        .repairs
        .iter()
        .map(|repair| format!("{}: {}", repair.code, repair.what))
        .collect();
    json!({ "outputs": outputs, "repairs": repairs, "left_out": plan.left_out })
}

fn read(bytes: Vec<u8>) -> Document {
    Document::read(Source::new("input", bytes))
}

#[test]
fn every_case_is_read_as_expected() {
    let base = base();
    let cases = cases();
    let mut wrong = Vec::new();
    for case in &cases {
        let document = read(std::fs::read(case.join("input")).unwrap());
        let found = json!({
            "form": format!("{:?}", document.form()),
            "charset": format!("{:?}", document.charset()),
            "sections": document.sections().iter().map(|s| section(s, &base)).collect::<Vec<_>>(),
            "anomalies": document.anomalies().iter().map(anomaly).collect::<Vec<_>>(),
            "to_pem": conversion(Conversion::to_pem().leave_out_damaged(true).plan(&document)),
            "to_der": conversion(Conversion::to_der().plan(&document)),
        });
        let path = case.join("expected.json");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
        }
        let expected: Json = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        if expected != found {
            wrong.push(format!("{}: {found:#}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(cases.len(), CASES);
}

#[test]
fn spans_lie_inside_the_file_and_do_not_overlap() {
    for case in cases() {
        let bytes = std::fs::read(case.join("input")).unwrap();
        let len = bytes.len();
        let document = read(bytes);
        let mut place = 0;
        for section in document.sections() {
            let span = section.span();
            assert!(
                place <= span.start && span.start < span.end && span.end <= len,
                "{case:?}"
            );
            place = span.end;
        }
        for anomaly in document.anomalies() {
            assert!(
                anomaly.span.start <= anomaly.span.end && anomaly.span.end <= len,
                "{case:?}"
            );
            assert!(
                anomaly
                    .section
                    .is_none_or(|index| index < document.sections().len())
            );
        }
    }
}

#[test]
fn what_convert_writes_has_no_anomaly_and_stays_the_same() {
    let mut converted = 0;
    for case in cases() {
        let document = read(std::fs::read(case.join("input")).unwrap());
        let conversion = Conversion::to_pem().leave_out_damaged(true);
        let Ok(plan) = conversion.plan(&document) else {
            continue;
        };
        converted += 1;
        let output = &plan.outputs[0];
        assert!(strict::accepts(&output.bytes), "{case:?}");
        let again = read(output.bytes.to_vec());
        let known = |document: &Document| {
            document
                .sections()
                .iter()
                .all(|section| section.kind() != SectionKind::Unknown)
        };
        if known(&again) {
            let useful = again
                .sections()
                .iter()
                .any(|section| section.kind().is_useful());
            assert!(
                !useful || again.anomalies().is_empty(),
                "{case:?}: {:?}",
                again.anomalies()
            );
        }
        let second = Conversion::to_pem().plan(&again).unwrap();
        assert_eq!(second.outputs[0].bytes, output.bytes, "{case:?}");
    }
    assert_eq!(converted, CONVERTED);
}

#[test]
fn der_and_back_is_the_same() {
    let mut objects = 0;
    for (name, bytes) in std::fs::read_dir(folder().join("base"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read(path).unwrap(),
            )
        })
    {
        let document = read(bytes);
        let Ok(plan) = Conversion::to_der().split(true).plan(&document) else {
            assert!(
                matches!(
                    name.as_str(),
                    "leaf.dek.key" | "bundle.p12" | "ssh.pub" | "ssh.key"
                ),
                "{name}"
            );
            continue;
        };
        for (output, section) in plan.outputs.iter().zip(document.sections()) {
            let back = read(output.bytes.to_vec());
            let pem = Conversion::to_pem()
                .plan(&back)
                .unwrap_or_else(|problem| panic!("{name}: {problem}"));
            let there = read(pem.outputs[0].bytes.to_vec());
            assert_eq!(there.sections()[0].der(), section.der(), "{name}");
            assert_eq!(output.is_secret, section.kind().may_be_secret(), "{name}");
            objects += 1;
        }
    }
    assert_eq!(objects, 21);
}
