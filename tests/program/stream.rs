//! `stream`: one record in, one record out.
#![cfg(all(feature = "cli", unix))]

use crate::support;

use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};
use support::program::*;

fn answers(input: &[u8], more: &[&str]) -> (i32, Vec<Value>) {
    let mut command = program();
    command.args(["stream", "--at", AT]).args(more);
    let output = support::run(command, input);
    let text = stdout(&output);
    assert!(text.is_empty() || text.ends_with('\n'));
    let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    (code(&output), text.lines().map(read).collect())
}

fn text(name: &str) -> String {
    String::from_utf8(fs::read(pki(name)).unwrap()).unwrap()
}

fn codes(answer: &Value) -> Vec<&str> {
    let findings = answer["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect()
}

#[test]
fn each_line_gets_one_answer_in_order() {
    let long = format!("{{\"id\":\"long\",\"pem\":\"{}\"}}", "x".repeat(5 << 20));
    let cut = "{\"id\":\"cut\",\"pem\":\"---";
    let lines = [
        json!({"id": "good", "pem": text("server.crt")}).to_string(),
        json!({"id": 7, "pem": text("expired.crt"), "column": [1, 2]}).to_string(),
        String::new(),
        "not JSON".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        long,
        cut.to_owned(),
        json!({"id": null, "pem": "hello"}).to_string(),
        json!({"id": true, "der_base64": "%%%"}).to_string(),
        json!({"id": "bad key", "pem": text("roca.key")}).to_string(),
        json!({"id": "last", "pem": text("server.crt")}).to_string(),
    ];
    let (code, answers) = answers(lines.join("\n").as_bytes(), &[]);
    assert_eq!((code, answers.len()), (1, lines.len()));
    let expected: [(Value, &str, bool, &[&str]); 12] = [
        (json!("good"), "pass", false, &[]),
        (json!(7), "fail", false, &["certificate.expired"]),
        (json!(null), "undecided", true, &[]),
        (json!(null), "undecided", true, &[]),
        (json!(null), "undecided", true, &[]),
        (json!(null), "undecided", true, &[]),
        (json!(null), "undecided", true, &[]),
        (json!("cut"), "undecided", true, &[]),
        (json!(null), "fail", false, &["encoding.nothing-found"]),
        (json!(true), "undecided", true, &[]),
        (json!("bad key"), "fail", false, &["key.known-bad"]),
        (json!("last"), "pass", false, &[]),
    ];
    for (answer, (id, verdict, error, found)) in answers.iter().zip(expected) {
        assert_eq!(answer["id"], id, "{answer}");
        assert_eq!(answer["verdict"], verdict, "{answer}");
        assert_eq!(answer["error"].is_string(), error, "{answer}");
        assert_eq!(codes(answer), found, "{answer}");
    }
}

#[test]
fn chains_and_containers() {
    let p12 = fs::read(pki("server.p12")).unwrap();
    let p12 = base64_simd::STANDARD.encode_to_string(&p12);
    let lines = [
        json!({"id": 1, "chain": [text("server.crt"), text("issuing.crt")]}),
        json!({"id": 2, "chain": [text("server.crt")]}),
        json!({"id": 3, "der_base64": p12}),
    ];
    let lines = lines.map(|line| line.to_string()).join("\n");
    let more = [
        "--anchors",
        &pki("root.crt"),
        "--passphrase-file",
        &pki("passphrase.txt"),
    ];
    let (code, answers) = answers(lines.as_bytes(), &more);
    assert_eq!((code, answers.len()), (1, 3));
    assert_eq!(answers[0]["verdict"], "pass", "{}", answers[0]);
    assert_eq!(answers[0]["chain"]["complete"], true);
    assert_eq!(codes(&answers[1]), ["chain.missing-intermediate"]);
    let kinds = answers[2]["objects"].as_array().unwrap();
    let kinds: Vec<_> = kinds
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["pkcs12", "certificate", "certificate", "private-key"]
    );
}

/// An empty input has no records.
#[test]
fn nothing_in_nothing_out() {
    assert_eq!(answers(b"", &[]), (0, vec![]));
}

#[test]
fn keys_are_not_repeated() {
    let key = text("server.key");
    let lines = format!(
        "{}\n{}\n",
        json!({"id": key, "pem": key}),
        json!({"id": "x", "chain": [key], "key": key})
    );
    let mut command = program();
    command.args(["stream", "--at", AT]);
    let output = support::run(command, lines.as_bytes());
    let said = stdout(&output) + &stderr(&output);
    let mut secret = key.lines().filter(|line| !line.contains('-'));
    assert!(secret.all(|line| !said.contains(line)));
    assert_eq!(said.lines().count(), 2);
}

/// A program that waits for the answer before it asks the next question.
#[test]
fn an_answer_comes_before_the_next_question() {
    let mut command = program();
    command.args(["stream", "--at", AT]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let begin = Instant::now();
    for number in 0..20 {
        writeln!(
            input,
            "{}",
            json!({"id": number, "pem": text("server.crt")})
        )
        .unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(answer["id"], number);
    }
    assert!(begin.elapsed() < Duration::from_secs(20));
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// Thousands of records on several threads keep their order.
#[test]
fn order_is_kept() {
    let line = |id: usize| {
        let name = ["server.crt", "issuing.crt", "expired.crt"][id % 3];
        format!("{}\n", json!({"id": id, "pem": text(name)}))
    };
    let input: String = (0..3_000).map(line).collect();
    let (_, answers) = answers(input.as_bytes(), &[]);
    assert_eq!(answers.len(), 3_000);
    for (id, answer) in answers.iter().enumerate() {
        assert_eq!(answer["id"], id);
        assert_eq!(answer["verdict"] == "fail", id % 3 == 2);
    }
}
