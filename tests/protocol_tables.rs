//! Every measured row of testdata/protocol against the evaluation.
//!
//! The tables are measurements of the programs of Debian 12; their escapes
//! are undone once. Each test asserts how many rows it compared, so that a
//! table that shrinks or is skipped turns it red.

use certcheck::protocol::{Dialect, Environment, Evaluation, ProtocolString};
use std::fmt::Write;

/// `\t \n \r \\ \xNN`, undone once.
fn unescape(cell: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = cell.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next().unwrap() {
            b't' => bytes.push(b'\t'),
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b'\\' => bytes.push(b'\\'),
            b'x' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                let digits = std::str::from_utf8(&digits).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
            }
            other => panic!("unknown escape {other} in {cell}"),
        }
    }
    bytes
}

fn text(cell: &str) -> String {
    String::from_utf8(unescape(cell)).unwrap()
}

/// The rows of a table, by the names of its columns.
struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(table: &str) -> Self {
        let mut lines = table
            .lines()
            .map(|line| line.split('\t').map(str::to_owned).collect());
        Self {
            columns: lines.next().unwrap(),
            rows: lines.collect(),
        }
    }

    fn cell<'a>(&self, row: &'a [String], column: &str) -> &'a str {
        let at = self.columns.iter().position(|name| name == column).unwrap();
        &row[at]
    }
}

/// What differs between a row and the answer, collected for one report.
#[derive(Default)]
struct Differences(String);

impl Differences {
    fn compare(&mut self, input: &str, what: &str, expected: &str, found: &str) {
        if expected != found {
            writeln!(
                self.0,
                "{input:?}: {what}\n  measured {expected}\n  answered {found}"
            )
            .unwrap();
        }
    }

    fn report(self) {
        assert!(self.0.is_empty(), "\n{}", self.0);
    }
}

fn yes_no(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

fn set(set: certcheck::protocol::VersionSet) -> String {
    if set.is_empty() {
        "(none)".into()
    } else {
        set.to_string()
    }
}

fn evaluate(dialect: Dialect, input: &[u8], environment: &Environment) -> Evaluation {
    ProtocolString::parse(dialect, input).evaluate(environment)
}

#[test]
fn apache() {
    let table = Table::read(include_str!("../testdata/protocol/apache_sslprotocol.tsv"));
    let environment = Environment::default_for(Dialect::Apache).with_define("OPROTO", "TLSv1.2");
    let mut differences = Differences::default();
    for row in &table.rows {
        let input = table.cell(row, "input");
        let answer = evaluate(Dialect::Apache, &unescape(input), &environment);
        let accepted = yes_no(answer.accepted);
        differences.compare(input, "accepted", table.cell(row, "accepted"), accepted);
        if answer.accepted {
            for (column, found) in [
                ("effective_set", set(answer.effective)),
                ("configured_set", set(answer.configured)),
                ("starts", yes_no(answer.starts).into()),
                ("message", prefixed("[ssl:warn] ", &answer.warnings)),
            ] {
                differences.compare(input, column, table.cell(row, column), &found);
            }
            let start = table.cell(row, "start_message");
            let found = answer.message.clone().unwrap_or_default();
            let found = answer.starts || start.contains(&found);
            differences.compare(
                input,
                "start_message",
                start,
                if found { start } else { "" },
            );
        } else {
            let message = answer.message.clone().unwrap_or_default();
            differences.compare(
                input,
                "message",
                &text(table.cell(row, "message")),
                &message,
            );
        }
        let covered = answer
            .tokens
            .iter()
            .all(|token| token.span.end <= unescape(input).len());
        assert!(covered, "{input:?}: {:?}", answer.tokens);
    }
    differences.report();
    assert_eq!(table.rows.len(), 295);
}

fn prefixed(prefix: &str, warnings: &[String]) -> String {
    let warnings: Vec<_> = warnings
        .iter()
        .map(|line| format!("{prefix}{line}"))
        .collect();
    warnings.join(" | ")
}

#[test]
fn tsm_reads_what_tableau_writes_and_says_what_apache_makes_of_it() {
    let environment = Environment::default_for(Dialect::Tsm);
    let mut compared = 0;
    for (input, effective, below_accepts) in [
        (
            "all, -SSLv2, -SSLv3",
            "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3",
            false,
        ),
        ("all -SSLv2 -SSLv3 -TLSv1 -TLSv1.1", "TLSv1.2 TLSv1.3", true),
        (
            "all,-SSLv2,-SSLv3,-TLSv1,-TLSv1.1",
            "TLSv1.2 TLSv1.3",
            false,
        ),
        ("+TLSv1.2,+TLSv1.3", "TLSv1.2 TLSv1.3", false),
        ("TLSv1.2", "TLSv1.2", true),
    ] {
        let answer = evaluate(Dialect::Tsm, input.as_bytes(), &environment);
        assert!(answer.accepted && answer.starts, "{input}");
        assert_eq!(answer.effective.to_string(), effective, "{input}");
        assert_eq!(answer.below.unwrap().accepted, below_accepts, "{input}");
        compared += 1;
    }
    assert_eq!(compared, 5);
}
