//! A file with errors: each is named with its place and a remedy, and a hostile file is an error.

use super::{at, project, says};
use crate::support::program::*;
use std::fs;

/// Each with the place and the remedy that the message must have.
#[test]
fn errors_name_the_place_and_the_remedy() {
    for (text, place, help) in [
        ("[defaults]\nserver = \"ngix\"\n", ":2:10: ", "nginx"),
        (
            "[defaults]\nexpires-within = \"soon\"\n",
            ":2:18: ",
            "write a number",
        ),
        ("[default]\n", ":1:2: ", "did you mean `defaults`?"),
        (
            "[severity]\n\"key.week\" = \"deny\"\n",
            ":2:1: ",
            "did you mean `key.weak`?",
        ),
        (
            "[severity]\n\"key.weak\" = \"ignore\"\n",
            ":2:14: ",
            "\"allow\", \"warn\" or \"deny\"",
        ),
        (
            "[severity]\n\"receipt.changed\" = \"allow\"\n",
            ":2:1: ",
            "remove this line",
        ),
        (
            "[[waiver]]\ncode = \"key.weak\"\nuntil = 2027-01-01\n",
            ":1:1: ",
            "write reason = ",
        ),
        (
            "[[waiver]]\ncode = \"key.weak\"\nreason = \"x\"\n",
            ":1:1: ",
            "write until = ",
        ),
        (
            "[[waiver]]\ncode = \"key.weak\"\nreason = \" \"\nuntil = 2027-01-01\n",
            ":3:10: ",
            "write it",
        ),
        (
            "[[waiver]]\ncode = \"key.weak\"\nreason = \"x\"\nuntil = \"soon\"\n",
            ":4:9: ",
            "2027-03-01",
        ),
        (
            "[[waiver]]\ncode = \"key.weak\"\nreason = \"x\"\nuntil = 9999-12-31\n",
            ":4:9: ",
            "write a day up to ",
        ),
        (
            "[[waiver]]\ncode = \"key.weak\"\nreason = \"x\"\nuntil = 2027-01-01\ntarget = \"a\"\n",
            ":1: ",
            "name one of the targets",
        ),
        ("[[target]]\ncert-file = \"a\"\n", ":1:1: ", "write name = "),
        (
            "[[target]]\nname = \"a\"\n[[target]]\nname = \"a\"\n",
            ":3:1: ",
            "unique name",
        ),
        (
            "[[target]]\nname = \"a\"\ncommand = \"convert\"\n",
            ":3:11: ",
            "preflight, probe, scan, doctor",
        ),
        (
            "[[target]]\nname = \"a\"\nreceipt = \"x\"\n",
            ":3:1: ",
            "known: ",
        ),
        (
            "[[target]]\nname = \"a\"\ncert-file = \"x\"\nserver = \"ngix\"\n",
            ":4:10: ",
            "nginx",
        ),
        (
            "[[target]]\nname = \"ä\"\nsaml = 1 # ü\n",
            ":3:8: ",
            "true or false",
        ),
        ("a = 1\na = 2\n", ":2:1: ", "toml.io"),
        ("[defaults]\nserver = \"\u{202e}x\n", ":2:", "toml.io"),
    ] {
        let dir = project(text);
        let output = at(dir.path(), &["run"]);
        let said = stderr(&output);
        assert_eq!(code(&output), 2, "{text}\n{said}");
        assert!(
            said.contains(&format!("certcheck.toml{place}")),
            "{text}\n{said}"
        );
        assert!(said.contains(help), "{text}\n{said}");
        assert!(!said.contains('\u{202e}'), "{said}");
        assert!(stdout(&output).is_empty());
    }
}

#[test]
fn a_hostile_file_is_an_error() {
    let deep = format!("a = {}{}", "[".repeat(200_000), "]".repeat(200_000));
    let tables = format!("[{}a]\n", "a.".repeat(200_000));
    let large = "# comment\n".repeat(200_000);
    let wrong = "x = 1\n".repeat(50_000);
    let many = "[[target]]\nnam = 1\n".repeat(20_000);
    for text in [deep, tables, large, wrong, many] {
        let dir = project(&text);
        let output = at(dir.path(), &["run"]);
        let said = stderr(&output);
        assert_eq!(code(&output), 2, "{said}");
        assert!(said.contains("certcheck.toml"), "{said}");
        assert!(said.len() < 20_000, "{} bytes of messages", said.len());
    }
    let dir = project("");
    put(dir.path(), "certcheck.toml", b"[defaults]\n# \xff\n");
    let output = at(dir.path(), &["run"]);
    says(&stderr(&output), "certcheck.toml:2: it is not UTF-8");
    fs::remove_file(dir.path().join("certcheck.toml")).unwrap();
    fs::create_dir(dir.path().join("certcheck.toml")).unwrap();
    assert_eq!(code(&at(dir.path(), &["run"])), 2);
}

#[test]
fn errors_are_in_the_order_of_the_lines() {
    let dir = project("[defaults]\nserver = \"ngix\"\n[[target]]\nnam = 1\n[severity]\nx = 1\n");
    let output = at(dir.path(), &["run"]);
    let said = stderr(&output);
    let lines: Vec<usize> = said
        .lines()
        .filter_map(|line| line.split_once("certcheck.toml:")?.1.split(':').next())
        .filter_map(|number| number.parse().ok())
        .collect();
    assert!(lines.len() > 2 && lines.is_sorted(), "{said}");
    let output = at(dir.path(), &["run", "--config-file", "-"]);
    assert_eq!(code(&output), 2);
    says(&stderr(&output), "not read from standard input");
}
