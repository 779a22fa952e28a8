//! Walks testdata/encoding: every file is read and compared with what is
//! expected of it, both ways.
//!
//! `BLESS=1 cargo test --test encoding` writes the expectations anew, to be
//! read before they are committed.

use certcheck::Source;
use certcheck::encoding::{Anomaly, Document, Section};
use certcheck::finding::Value;
use serde_json::{Map, Value as Json, json};
use std::path::{Path, PathBuf};

/// Cases in testdata/encoding. A case that gets lost is a test that gets lost.
const CASES: usize = 141;

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
