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
    let table = Table::read(include_str!(
        "../../testdata/protocol/apache_sslprotocol.tsv"
    ));
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

/// A cell in the quotes of Python's `repr`: the value itself.
fn unquoted(cell: &str) -> String {
    let cell = text(cell);
    let quote = cell.chars().next().unwrap();
    assert!(quote == '\'' || quote == '"', "{cell}");
    cell.strip_prefix(quote)
        .unwrap()
        .strip_suffix(quote)
        .unwrap()
        .to_owned()
}

#[test]
fn nginx() {
    let table = Table::read(include_str!(
        "../../testdata/protocol/nginx_ssl_protocols.tsv"
    ));
    let environment = Environment::default_for(Dialect::Nginx);
    let mut differences = Differences::default();
    let mut words_only = 0;
    for row in &table.rows {
        let whole = text(table.cell(row, "input"));
        let words = whole
            .strip_prefix("ssl_protocols")
            .and_then(|words| words.strip_suffix(';'));
        for input in [Some(whole.as_str()), words].into_iter().flatten() {
            let answer = evaluate(Dialect::Nginx, input.as_bytes(), &environment);
            let accepted = yes_no(answer.accepted);
            differences.compare(input, "accepted", table.cell(row, "accepted"), accepted);
            let measured = table.cell(row, "message");
            if answer.accepted {
                let found = prefixed("[warn] ", &answer.warnings);
                differences.compare(input, "message", measured, &found);
                let found = set(answer.effective);
                differences.compare(input, "effective", table.cell(row, "effective_set"), &found);
            } else {
                let found = format!("[emerg] {}", answer.message.unwrap());
                differences.compare(input, "message", measured, &found);
            }
            words_only += usize::from(Some(input) == words);
        }
    }
    differences.report();
    assert_eq!((table.rows.len(), words_only), (47, 45));
}

#[test]
fn openssl() {
    let table = Table::read(include_str!("../../testdata/protocol/openssl_sslconf.tsv"));
    let mut differences = Differences::default();
    let mut values = 0;
    for row in &table.rows {
        let commands = text(&row[0]);
        let value = commands
            .strip_prefix("Protocol = ")
            .filter(|value| !value.contains("'; "));
        let environment = Environment::default_for(Dialect::OpenSsl);
        let mut inputs = vec![(Dialect::OpenSslConf, commands.clone())];
        if let Some(value) = value {
            inputs.push((Dialect::OpenSsl, unquoted(value)));
            values += 1;
        }
        for (dialect, input) in inputs {
            let answer = evaluate(dialect, input.as_bytes(), &environment);
            let accepted = row[1].split(',').all(|result| result == "2");
            differences.compare(
                &input,
                "accepted",
                yes_no(accepted),
                yes_no(answer.accepted),
            );
            differences.compare(&input, "effective", &row[6], &set(answer.effective));
            let found = answer.message.unwrap_or_default();
            if !row[2].is_empty() {
                differences.compare(&input, "message", &row[2], &found);
            }
        }
    }
    differences.report();
    assert_eq!((table.rows.len(), values), (85, 36));
}

#[test]
fn postgres() {
    let table = Table::read(include_str!(
        "../../testdata/protocol/postgres_protocol_versions.tsv"
    ));
    let environment = Environment::default_for(Dialect::Postgres);
    let mut differences = Differences::default();
    for row in &table.rows {
        let mut settings = Vec::new();
        for name in ["ssl_min_protocol_version", "ssl_max_protocol_version"] {
            let cell = table.cell(row, name);
            if cell != "(default)" {
                settings.push(format!("{name} = '{}'", unquoted(cell).replace('\'', "''")));
            }
        }
        let input = settings.join("; ");
        let answer = evaluate(Dialect::Postgres, input.as_bytes(), &environment);
        let accepted = yes_no(answer.accepted);
        differences.compare(
            &input,
            "accepted",
            table.cell(row, "accepted_by_parser"),
            accepted,
        );
        if answer.accepted {
            let starts = yes_no(answer.starts);
            differences.compare(&input, "starts", table.cell(row, "starts"), starts);
        }
        if answer.starts {
            let found = set(answer.effective);
            differences.compare(
                &input,
                "effective",
                table.cell(row, "effective_set"),
                &found,
            );
        } else {
            let measured = [
                table.cell(row, "parser_message"),
                table.cell(row, "start_message"),
            ];
            let found = format!("FATAL:  {}", answer.message.unwrap());
            differences.compare(&input, "message", &measured.concat(), &found);
        }
    }
    differences.report();
    assert_eq!(table.rows.len(), 34);
}

/// What HAProxy says to the values of a bind line's other options. Its texts that
/// name the line or the machine are cut in the table.
#[test]
fn haproxy_values() {
    let table = Table::read(include_str!(
        "../../testdata/protocol/haproxy_bind_values.tsv"
    ));
    let mut differences = Differences::default();
    let environment = Environment::default_for(Dialect::HaProxy);
    for row in &table.rows {
        let input = table.cell(row, "bind_options");
        let answer = evaluate(Dialect::HaProxy, input.as_bytes(), &environment);
        let accepted = yes_no(answer.accepted);
        differences.compare(input, "accepted", table.cell(row, "accepted"), accepted);
        if let Some(found) = &answer.message {
            let measured = table.cell(row, "message");
            let same = found.trim().trim_end_matches('.').starts_with(measured);
            let found = if same { measured } else { found };
            differences.compare(input, "message", measured, found);
        }
        // Printed in its plainest form it is another line with the same answer.
        if let Some(printed) = answer.canonical() {
            let again = evaluate(Dialect::HaProxy, printed.as_bytes(), &environment);
            let both = (again.accepted, again.effective);
            let same = yes_no(both == (true, answer.effective));
            differences.compare(input, &printed, "yes", same);
        }
    }
    differences.report();
    assert_eq!(table.rows.len(), 646);
}

#[test]
fn haproxy() {
    let table = Table::read(include_str!(
        "../../testdata/protocol/haproxy_ssl_versions.tsv"
    ));
    let mut differences = Differences::default();
    for row in &table.rows {
        let global = text(table.cell(row, "global_options"));
        let environment = Environment::default_for(Dialect::HaProxy).with_global(&global);
        let input = text(table.cell(row, "bind_options"));
        let answer = evaluate(Dialect::HaProxy, input.as_bytes(), &environment);
        let shown = format!("{input} / {global}");
        let accepted = yes_no(answer.accepted);
        differences.compare(&shown, "accepted", table.cell(row, "accepted"), accepted);
        let measured = table.cell(row, "message");
        if answer.accepted {
            let found = set(answer.effective);
            differences.compare(
                &shown,
                "effective",
                table.cell(row, "effective_set"),
                &found,
            );
            let (warned, warns) = (measured.contains("[WARNING]"), !answer.warnings.is_empty());
            differences.compare(&shown, "warns", yes_no(warned), yes_no(warns));
        } else {
            let found = answer.message.unwrap();
            let end = measured.contains(&found);
            differences.compare(
                &shown,
                "message",
                measured,
                if end { measured } else { &found },
            );
        }
    }
    differences.report();
    assert_eq!(table.rows.len(), 35);
}

#[test]
fn postfix_as_its_manual_says() {
    let table = Table::read(include_str!(
        "../../testdata/protocol/postfix_tls_protocols_docs.tsv"
    ));
    let environment = Environment::default_for(Dialect::Postfix);
    let mut differences = Differences::default();
    let mut sets = 0;
    for row in &table.rows {
        let input = if row[0] == "(empty)" {
            String::new()
        } else {
            text(&row[0])
        };
        let answer = evaluate(Dialect::Postfix, input.as_bytes(), &environment);
        let valid = match (answer.accepted, answer.warnings.is_empty()) {
            (true, true) => "yes",
            (true, false) => "warning",
            (false, _) => "no",
        };
        differences.compare(&input, "valid", &row[1], valid);
        let meant = row[2].split(" (").next().unwrap();
        if answer.accepted && meant.starts_with("TLS") {
            differences.compare(&input, "meaning", meant, &set(answer.effective));
            sets += 1;
        }
    }
    differences.report();
    assert_eq!((table.rows.len(), sets), (32, 13));
}

#[test]
fn tabpy() {
    let table = Table::read(include_str!(
        "../../testdata/protocol/tabpy_minimum_version.tsv"
    ));
    let environment = Environment::default_for(Dialect::TabPy);
    let mut differences = Differences::default();
    for row in &table.rows {
        let input = row[0].split_once('=').unwrap().1.trim();
        let answer = evaluate(Dialect::TabPy, input.as_bytes(), &environment);
        differences.compare(input, "starts", &row[1], yes_no(answer.starts));
        let enabled = row[2].split_once("enabled: ").unwrap().1;
        differences.compare(input, "enabled", enabled, &answer.effective.to_string());
        let warned = answer
            .warnings
            .iter()
            .all(|warning| row[3].contains(warning.trim()));
        let unrecognised = row[3].contains("Unrecognized") != answer.warnings.is_empty();
        differences.compare(
            input,
            "log",
            &row[3],
            if warned && unrecognised { &row[3] } else { "" },
        );
    }
    differences.report();
    assert_eq!(table.rows.len(), 14);
}
