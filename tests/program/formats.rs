//! Every format that programs read, through the standard's own validator or reader where it is
//! here: `.ci/formats` installs them. Hostile names are in all of them.
#![cfg(all(feature = "cli", unix))]

use crate::support;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::here;
use support::program::*;

const FORMATS: &[&str] = &[
    "json",
    "ndjson",
    "csv",
    "html",
    "sarif",
    "junit",
    "github",
    "prometheus",
    "nagios",
];

/// Quotes, separators and line breaks of all formats, escapes, and what turns a text around.
const NAME: &str = "a\"b',c\n::error::d;e|f%0Ag]]>h<i>&j\u{1b}[2J\u{202e}k\u{9b}{l}\\m`n`.crt";

/// The same, as a target of `certcheck run`.
const TARGET: &str = "a\"b,c;d|f%0Ag]]>h<i>&j{l}\\m`n`.o";

struct Tried {
    words: Vec<String>,
    exit: i32,
    text: String,
}

/// One run of each command that has findings, in this format.
fn all(format: &str) -> Vec<Tried> {
    let dir = scratch();
    let hostile = put(dir.path(), NAME, &fs::read(pki("server.crt")).unwrap());
    // `]]>` ends a CDATA section, `%` begins an escape of GitHub's, `|` is the column of Nagios,
    // and U+202E turns the rest of the line around.
    let label = "-----BEGIN X\"]]>,%\u{202e}|-----\nAAAA\n-----END X\"]]>,%\u{202e}|-----\n";
    // A cell that begins with `=` is a formula to a spreadsheet.
    let label = put(dir.path(), "=label.pem", label.as_bytes());
    let (chain, key, root) = (pki("fullchain.crt"), pki("server.key"), pki("root.crt"));
    let other = pki("other.key");
    let tree = dir.path().join("tree");
    fs::create_dir_all(tree.join("etc/nginx")).unwrap();
    let site = "events {}\nhttp { server { listen 443 ssl; ssl_certificate /etc/c.pem; ssl_certificate_key /etc/k.pem; } }\n";
    fs::write(tree.join("etc/nginx/nginx.conf"), site).unwrap();
    fs::copy(&chain, tree.join("etc/c.pem")).unwrap();
    fs::copy(&other, tree.join("etc/k.pem")).unwrap();
    let tree = tree.display().to_string();
    let project = format!(
        "[[target]]\nname = '{TARGET}'\nserver = 'nginx'\ncert-file = '{chain}'\nkey-file = '{other}'\n\
         [[target]]\nname = 'two'\nserver = 'nginx'\ncert-file = '{chain}'\nkey-file = '{other}'\n\
         [[target]]\nname = 'tree'\ncommand = 'doctor'\nroot = '{tree}'\n"
    );
    let project = put(dir.path(), "certcheck.toml", project.as_bytes());
    let runs: &[&[&str]] = &[
        &[
            "preflight",
            "--server",
            "apache",
            "--cert-file",
            &chain,
            "--key-file",
            &key,
            "--anchors",
            &root,
            "--host",
            "server.example.test",
        ],
        &[
            "preflight",
            "--server",
            "apache",
            "--cert-file",
            &hostile,
            "--key-file",
            &other,
            "--host",
            "x.example",
        ],
        &[
            "preflight",
            "--server",
            "apache",
            "--cert-file",
            &chain,
            "--crl",
            &label,
        ],
        &[
            "handshake",
            "--server",
            "nginx",
            "--cert-file",
            &chain,
            "--key-file",
            &key,
        ],
        &["inspect", &hostile, &label, &chain, &key],
        &["match", &hostile, &key, &other],
        &["key-id", &hostile, &key],
        &["chain", &hostile, &label],
        &["verify", &hostile, "--anchors", &root],
        &["protocols", "all -SSLv2 %,\"]]>\u{202e}|"],
        &["ciphers", "HIGH:!aNULL:%,\"]]>\u{202e}|"],
        &["doctor", "--root", &tree],
        &[
            "config",
            "--server",
            "nginx",
            "--root",
            &tree,
            "/etc/nginx/nginx.conf",
        ],
        &["trust", "plan", &hostile, "--platform", "debian"],
        &["trust", "status", &hostile, "--root", &tree],
        &[
            "tsm",
            "security",
            "external-ssl",
            "enable",
            "--cert-file",
            &hostile,
            "--key-file",
            &other,
        ],
        &["run", "--config-file", &project],
        &["scan", &tree, &hostile, &pki("expired.crt")],
        &["inspect", &format!("{label}.no"), &chain],
    ];
    let tried = |words: &&[&str]| {
        // Behind the command, since `tsm` has arguments of its own.
        let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        words.extend(["--at", AT, "--format", format].map(str::to_owned));
        let asked: Vec<&str> = words.iter().map(String::as_str).collect();
        let output = certcheck(&asked);
        let text = stdout(&output);
        assert!(!text.is_empty(), "{words:?}: {}", stderr(&output));
        Tried {
            exit: code(&output),
            text,
            words,
        }
    };
    runs.iter().map(tried).collect()
}

fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/formats")
}

/// A tool that `.ci/formats` fetches; where it did not, the part is skipped.
fn tool(name: &str) -> Option<PathBuf> {
    let path = tools().join(name);
    if path.exists() {
        return Some(path);
    }
    if !here::own_step("formats") {
        here::skipped(name, "not installed (.ci/formats fetches it)");
    }
    None
}

/// The output of a reader that must accept a text.
fn read_by(mut reader: Command, text: &str) -> String {
    reader.current_dir(std::env::temp_dir());
    let output = support::run(reader, text.as_bytes());
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{said}\n{text}");
    said
}

#[test]
fn every_command_with_findings_has_every_format() {
    let documents = all("json");
    let verdicts: Vec<_> = documents
        .iter()
        .map(|run| serde_json::from_str::<Value>(&run.text).unwrap())
        .collect();
    for format in FORMATS {
        for (run, document) in all(format).iter().zip(&verdicts) {
            let hidden = |c: char| !matches!(c, '\n' | '\r') && certcheck::shown::is_hidden(c);
            assert!(!run.text.contains(hidden), "{:?}: {}", run.words, run.text);
            let verdict = document["verdict"].as_str().unwrap();
            let warned = document["summary"]["warning"] != 0;
            let unread = run.words.iter().any(|word| word.ends_with(".no"));
            let exit = match (*format, verdict) {
                ("nagios", "pass") => i32::from(warned),
                ("nagios", "fail") => 2,
                ("nagios", _) => 3,
                _ if unread => 2,
                (_, "pass") => 0,
                _ => 1,
            };
            assert_eq!(run.exit, exit, "{:?}: {}", run.words, run.text);
        }
    }
}

#[test]
fn what_has_no_findings_refuses_their_formats() {
    for words in [
        &["explain", "key.mismatch", "--format", "sarif"][..],
        &["man", "--format", "csv"],
        &["completions", "bash", "--format", "junit"],
        &["codes", "--format", "prometheus"],
        &["inspect", &pki("server.crt"), "--format", "sh"],
    ] {
        refused(words, "--format");
    }
    let rows = stdout(&certcheck(&["codes", "key", "--format", "csv"]));
    assert!(rows.starts_with("code,severity,summary\r\n"), "{rows}");
}

#[test]
fn each_line_of_ndjson_is_a_document() {
    for run in all("ndjson") {
        let lines: Vec<Value> = run
            .text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let records: Vec<_> = lines
            .iter()
            .map(|line| line["record"].as_str().unwrap())
            .collect();
        assert_eq!(records.last(), Some(&"summary"), "{:?}", run.words);
        if run.words[0] == "inspect" {
            let object = lines
                .iter()
                .find(|line| line["record"] == "object")
                .unwrap();
            assert!(
                object["kind"].is_string() && object["findings"].is_array(),
                "{object}"
            );
        }
    }
}

#[test]
fn sarif_follows_its_schema() {
    let schema = tool("sarif-2.1.0.json").map(|path| {
        let text = fs::read_to_string(path).unwrap();
        // One of its patterns, for languages, has a bracket too many.
        let text = text.replace("{2}]?$", "{2}?$");
        let schema: Value = serde_json::from_str(&text).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    });
    for run in all("sarif") {
        let log: Value = serde_json::from_str(&run.text).unwrap();
        if let Some(schema) = &schema {
            let wrong: Vec<_> = schema
                .iter_errors(&log)
                .map(|error| error.to_string())
                .collect();
            assert!(wrong.is_empty(), "{:?}: {wrong:?}", run.words);
        }
        let sarif = &log["runs"][0];
        let rules = sarif["tool"]["driver"]["rules"].as_array().unwrap();
        let results = sarif["results"].as_array().unwrap();
        let mut prints = Vec::new();
        for result in results {
            let place = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[place]["id"], result["ruleId"]);
            assert!(rules[place]["help"]["text"].as_str().unwrap().len() > 40);
            prints.push(
                result["partialFingerprints"]["certcheck/v1"]
                    .as_str()
                    .unwrap(),
            );
        }
        prints.sort_unstable();
        let all = prints.len();
        prints.dedup();
        assert_eq!(prints.len(), all, "{:?}", run.words);
        // Who counts results takes no open answer for a clean one.
        let verdict = sarif["properties"]["verdict"].as_str().unwrap();
        let errors = results
            .iter()
            .filter(|result| result["level"] == "error")
            .count();
        let decided = run.words[0] == "verify" || run.words[0] == "match";
        assert!(
            decided || (verdict == "pass") == (errors == 0),
            "{:?}: {verdict}",
            run.words
        );
    }
}

#[test]
fn junit_is_read_by_junitparser() {
    let Some(python) = tool("bin/python") else {
        return;
    };
    let script = "import sys, junitparser\n\
        x = junitparser.JUnitXml.fromstring(sys.stdin.buffer.read())\n\
        a = [0, 0, 0]\n\
        for suite in x:\n\
        \x20   n = {'Failure': 0, 'Error': 0, 'Skipped': 0}; t = 0\n\
        \x20   for case in suite:\n\
        \x20       t += 1\n\
        \x20       for r in case.result: n[type(r).__name__] += 1\n\
        \x20   assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (t, n['Failure'], n['Error'], n['Skipped']), (t, n)\n\
        \x20   a = [a[0] + t, a[1] + n['Failure'], a[2] + n['Error']]\n\
        assert (x.tests, x.failures, x.errors) == tuple(a), a\n\
        print(*a)\n";
    for run in all("junit") {
        let mut reader = Command::new(&python);
        reader.args(["-c", script]);
        let said = read_by(reader, &run.text);
        let counts: Vec<u32> = said
            .split_whitespace()
            .map(|word| word.parse().unwrap())
            .collect();
        assert!(counts[0] > 0, "{:?}", run.words);
        assert_eq!(
            counts[1] + counts[2] == 0,
            run.exit == 0,
            "{:?}: {said}",
            run.words
        );
    }
}

#[test]
fn promtool_accepts_the_metrics() {
    if !here::is_there("promtool") {
        if !here::own_step("formats") {
            here::skipped("promtool", "not installed (apt-get install prometheus)");
        }
        return;
    }
    for run in all("prometheus") {
        let mut reader = Command::new("promtool");
        reader.args(["check", "metrics"]);
        let said = read_by(reader, &run.text);
        assert_eq!(said.trim(), "", "{:?}", run.words);
        assert!(
            run.text.contains("certcheck_verdict{command="),
            "{}",
            run.text
        );
    }
    let first = &all("prometheus")[0].text;
    assert!(
        first.contains("certcheck_certificate_not_after_timestamp_seconds{"),
        "{first}"
    );
}

#[test]
fn csv_is_a_table_whose_cells_are_no_formulas() {
    if !here::have("python3", "python3") {
        return;
    }
    let script = "import csv, sys, io\n\
        rows = list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode(), newline=''), strict=True))\n\
        assert len({len(row) for row in rows}) == 1, rows\n\
        assert not any(c[:1] in '=+-@' and len(c) > 1 for row in rows for c in row if c), rows\n";
    for run in all("csv") {
        let mut reader = Command::new("python3");
        reader.args(["-c", script]);
        read_by(reader, &run.text);
    }
}

#[test]
fn nagios_gets_a_line_with_figures() {
    for run in all("nagios") {
        let first = run.text.lines().next().unwrap();
        let (text, figures) = first.split_once(" | ").unwrap();
        let words = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
        let word = words[usize::try_from(run.exit).unwrap()];
        assert!(text.starts_with(&format!("CERTCHECK {word} - ")), "{first}");
        assert!(!figures.contains('|') && !text.contains('|'), "{first}");
        for figure in figures.split(' ') {
            let (_, value) = figure.split_once('=').unwrap();
            let value = value.split(';').next().unwrap();
            assert!(value.parse::<i64>().is_ok(), "{first}");
        }
        let rest = run.text.lines().skip(1);
        assert!(rest.clone().all(|line| !line.contains('|')), "{}", run.text);
    }
    for words in [
        &["inspect", "/no/such", "--format", "nagios"][..],
        &["preflight", "--no-such", "--format=nagios"],
    ] {
        let output = certcheck(words);
        assert_eq!(code(&output), 3, "{words:?}");
        let text = stdout(&output);
        assert!(
            text.starts_with("CERTCHECK UNKNOWN - ") && text.lines().count() == 1,
            "{text}"
        );
    }
}

#[test]
fn github_gets_annotations_and_a_page() {
    for run in all("github") {
        let mut lines: Vec<&str> = run.text.lines().collect();
        let last = lines.pop().unwrap();
        assert!(last.starts_with("certcheck "), "{last}");
        for line in lines
            .into_iter()
            .filter(|line| !line.starts_with("certcheck "))
        {
            let (head, text) = line[2..].split_once("::").unwrap();
            let (kind, properties) = head.split_once(' ').unwrap();
            assert!(["error", "warning", "notice"].contains(&kind), "{line}");
            for property in properties.split(',') {
                let (name, value) = property.split_once('=').unwrap();
                assert!(
                    ["file", "line", "endLine", "title"].contains(&name),
                    "{line}"
                );
                assert!(!value.contains(':'), "{line}");
            }
            let percents = text.matches('%').count();
            assert_eq!(percents, text.matches("%25").count(), "{line}");
        }
    }
    let dir = scratch();
    let page = dir.path().join("summary.md");
    fs::write(&page, "before\n").unwrap();
    let hostile = put(dir.path(), NAME, &fs::read(pki("server.crt")).unwrap());
    let mut command = program();
    command.env("GITHUB_STEP_SUMMARY", &page).args([
        "preflight",
        "--server",
        "apache",
        "--cert-file",
        &hostile,
        "--key-file",
        &pki("other.key"),
        "--at",
        AT,
        "--format",
        "github",
    ]);
    assert_eq!(code(&support::run(command, b"")), 1);
    let text = fs::read_to_string(&page).unwrap();
    assert!(
        text.starts_with("before\n## certcheck preflight: ❌ fail\n"),
        "{text}"
    );
    for line in text.lines().filter(|line| line.starts_with("| error")) {
        assert_eq!(line.matches('|').count(), 6, "{line}");
    }
    assert!(!text.contains(['<', '`', '\u{202e}']), "{text}");
}

/// The pages of all commands in a headless Chromium: axe-core finds nothing, the policy blocks
/// nothing that the page needs, and hostile names run no script.
#[test]
fn pages_are_accessible() {
    let Some(modules) = tool("node_modules/axe-core") else {
        return;
    };
    if !here::is_there("chromium") || !here::is_there("node") {
        if !here::own_step("formats") {
            here::skipped(
                "chromium",
                "not installed (apt-get install chromium nodejs)",
            );
        }
        return;
    }
    let dir = scratch();
    for (place, run) in all("html").iter().enumerate() {
        let page = run.text.as_str();
        for foreign in ["http://", "src=", "<link", "@import", "url("] {
            let own = page
                .replace("http://pki.example.test", "")
                .replace("http://www.w3.org", "");
            assert!(!own.contains(foreign), "{:?}: {foreign}", run.words);
        }
        fs::write(dir.path().join(format!("{place}.html")), page).unwrap();
    }
    let mut node = Command::new("node");
    node.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/axe.js"))
        .arg(modules.parent().unwrap())
        .arg(dir.path());
    node.current_dir(std::env::temp_dir());
    let output = support::run(node, b"");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(
        output.status.success() && said.contains("0 violations"),
        "{said}"
    );
    println!("{said}");
}
