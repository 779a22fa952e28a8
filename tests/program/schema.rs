//! The published schema is the one that the program prints, and refuses what is wrong.
#![cfg(feature = "cli")]

use crate::support;

use serde_json::{Value, json};
use support::program::*;

/// What is done to a good document, in words, and the doing.
type Change = (&'static str, fn(&mut Value));

const PUBLISHED: &str = include_str!("../../schema/certcheck-1.json");

#[test]
fn the_published_schema_is_the_programs() {
    let printed: Value = serde_json::from_str(&stdout(&certcheck(&["schema"]))).unwrap();
    let published: Value = serde_json::from_str(PUBLISHED).unwrap();
    assert!(
        printed == published,
        "schema/certcheck-1.json is stale: `cargo run -q -- schema > schema/certcheck-1.json`"
    );
}

/// What no case can run, because it writes or speaks of the program itself.
#[test]
fn documents_of_every_command_are_valid() {
    let schema = jsonschema::validator_for(&serde_json::from_str(PUBLISHED).unwrap()).unwrap();
    let dir = scratch();
    let out = |name: &str| dir.path().join(name).display().to_string();
    let (pem, der, chain) = (out("a.pem"), out("a.der"), out("chain.crt"));
    let messy = support::testdata()
        .join("chain/reversed/chain.crt")
        .display()
        .to_string();
    for words in [
        &["codes"][..],
        &["codes", "chain"],
        &["explain", "key.mismatch"],
        &["convert", &pki("server.der"), "--to", "pem", "-o", &pem],
        &["convert", &pki("server.key"), "--to", "der", "-o", &der],
        &["chain", &messy, "--fix", "-o", &chain, "--at", AT],
        &["chain", &pki("server.crt"), "--at", AT],
        &["match", &pki("server.crt"), &pki("other.key")],
        &["inspect", &pki("server.p12")],
        &["completions", "fish"],
        &["man"],
        &["man", "trust", "status"],
    ] {
        let (exit, document) = document(words);
        assert!([0, 1].contains(&exit), "{words:?}");
        let errors: Vec<_> = schema
            .iter_errors(&document)
            .map(|e| format!("{e} at {}", e.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{words:?}: {errors:#?}");
        assert_eq!(document["command"], words[0], "{words:?}");
    }
}

/// A document with one finding that has evidence.
fn good() -> Value {
    let (exit, document) = document(&[
        "preflight",
        "--at",
        AT,
        "--cert-file",
        &pki("expired.chain.crt"),
    ]);
    assert_eq!((exit, codes_of(&document)[0]), (1, "certificate.expired"));
    document
}

/// Everything about a wrong document is named: what is changed, and how.
#[test]
fn a_wrong_document_is_rejected() {
    let schema = jsonschema::validator_for(&serde_json::from_str(PUBLISHED).unwrap()).unwrap();
    let good = good();
    assert!(schema.is_valid(&good), "{good}");
    let finding =
        |document: &mut Value, change: fn(&mut Value)| change(&mut document["findings"][0]);
    let wrong: &[Change] = &[
        ("another schema", |d| d["schema"] = json!("certcheck/2")),
        ("a member too many", |d| d["extra"] = json!(1)),
        ("no verdict", |d| {
            drop(d.as_object_mut().unwrap().remove("verdict"))
        }),
        ("an unknown verdict", |d| d["verdict"] = json!("maybe")),
        ("a time that is none", |d| d["at"] = json!("yesterday")),
        ("a count that is none", |d| {
            d["summary"]["error"] = json!(-1)
        }),
        ("a check without outcome", |d| {
            drop(d["checks"][0].as_object_mut().unwrap().remove("outcome"))
        }),
        ("a result that is no object", |d| {
            d["result"] = json!("fine")
        }),
        ("a result with a member too many", |d| {
            d["result"]["extra"] = json!(1)
        }),
    ];
    let wrong_finding: &[Change] = &[
        ("an unknown severity", |f| f["severity"] = json!("fatal")),
        ("an unknown code", |f| {
            f["code"] = json!("certificate.mouldy")
        }),
        ("the evidence of another code", |f| {
            f["code"] = json!("key.mismatch")
        }),
        ("evidence too many", |f| f["evidence"]["extra"] = json!(1)),
        ("evidence missing", |f| {
            drop(f["evidence"].as_object_mut().unwrap().remove("not_after"))
        }),
        ("evidence of another type", |f| {
            f["evidence"]["not_after"] = json!(1)
        }),
        ("no subject", |f| {
            drop(f.as_object_mut().unwrap().remove("subject"))
        }),
        ("lines that are no pair", |f| {
            f["subject"]["lines"] = json!([1])
        }),
        ("an unknown part", |f| f["subject"]["part"] = json!("seal")),
        ("a message that is none", |f| f["message"] = json!(null)),
        ("a member too many", |f| f["extra"] = json!(1)),
    ];
    let accepted: Vec<&str> = wrong
        .iter()
        .map(|(what, change)| {
            let mut document = good.clone();
            change(&mut document);
            (*what, document)
        })
        .chain(wrong_finding.iter().map(|(what, change)| {
            let mut document = good.clone();
            finding(&mut document, *change);
            (*what, document)
        }))
        .filter(|(_, document)| schema.is_valid(document))
        .map(|(what, _)| what)
        .collect();
    assert_eq!(accepted, Vec::<&str>::new());
}
