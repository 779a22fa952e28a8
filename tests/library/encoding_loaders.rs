//! The loaders' rules against what the programs did.
//!
//! testdata/loaders/measured.tsv holds what each program saw in every file of
//! testdata/encoding: `-` where it refused, else which certificates, in order
//! (`?` for bytes that are none). testdata/loaders/table.tsv is the table of
//! the loaders' survey, row by row.
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
use certcheck::encoding::loader::{Harm, Loader};
use certcheck::encoding::{Document, SectionKind};
use certcheck::server::Profile;
use std::path::{Path, PathBuf};

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

fn document(case: &str) -> Document {
    let path = testdata().join("encoding").join(case).join("input");
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{case}: {error}"));
    Document::read(Source::new(case, bytes))
}

fn base(name: &str) -> Vec<u8> {
    let path = testdata().join("encoding/base").join(name);
    pem::parse(std::fs::read(path).unwrap())
        .unwrap()
        .into_contents()
}

fn rows(file: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let text = std::fs::read_to_string(testdata().join("loaders").join(file)).unwrap();
    let split = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let head = split(lines.next().unwrap());
    (head, lines.map(split).collect())
}

/// What the loader sees, in the words of measured.tsv.
fn seen(loader: Loader, document: &Document, only: Option<usize>) -> String {
    let loading = loader.load(document);
    if !loading.taken {
        return "-".into();
    }
    let (leaf, mid) = (base("leaf.crt"), base("mid.crt"));
    let mut containers = 0;
    let names: Vec<&str> = loading
        .certificates
        .iter()
        .map(
            |index| match index.map(|index| &document.sections()[index]) {
                Some(section) if section.kind() == SectionKind::Pkcs7 => {
                    containers += 1;
                    if containers == 1 { "leaf" } else { "mid" }
                }
                Some(section) if section.der() == Some(&leaf) => "leaf",
                Some(section) if section.der() == Some(&mid) => "mid",
                _ => "?",
            },
        )
        .collect();
    names[..only.unwrap_or(names.len()).min(names.len())].join(",")
}

#[test]
fn every_rule_gives_what_was_measured() {
    let (head, rows) = rows("measured.tsv");
    let mut wrong = Vec::new();
    let mut cells = 0;
    for row in &rows {
        let document = document(&row[0]);
        for (name, measured) in head.iter().zip(row).skip(1) {
            let loader = Loader::ALL
                .into_iter()
                .find(|loader| loader.as_str() == name)
                .unwrap();
            // Python does not say what it saw, Node only the first.
            let found = match loader {
                Loader::Python if loader.load(&document).taken => "+".into(),
                Loader::Node => seen(loader, &document, Some(1)),
                _ => seen(loader, &document, None),
            };
            if found != *measured {
                wrong.push(format!("{} {name}: {found}, measured {measured}", row[0]));
            }
            cells += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((rows.len(), cells), (142, 142 * 8));
}

/// Rserve reads the first certificate only; TabPy checks its dates, in text that
/// it has encoded as ASCII, before it loads the file.
#[test]
fn rserve_and_tabpy_take_what_was_measured() {
    let (head, rows) = rows("servers.tsv");
    assert_eq!(head, ["case", "rserve", "tabpy"]);
    let mut wrong = Vec::new();
    for row in &rows {
        let document = document(&row[0]);
        let load = |name: &str| Profile::named(name).unwrap().load(&document).unwrap();
        let (rserve, tabpy) = (load("rserve"), load("tabpy"));
        let leaf = base("leaf.crt");
        let first = rserve.first().map(|index| document.sections()[index].der());
        let found = match first {
            None => "-",
            Some(der) if der == Some(&leaf) => "leaf",
            Some(_) => "mid",
        };
        assert!(rserve.certificates.len() < 2, "{}", row[0]);
        let taken = if tabpy.taken { "+" } else { "-" };
        if [found, taken] != [row[1].as_str(), row[2].as_str()] {
            wrong.push(format!("{}: {found} {taken}, measured {row:?}", row[0]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(rows.len(), 142);
}

/// Whether `loading` is what a cell of the survey's table says.
fn agrees(cell: &str, taken: bool, certificates: usize) -> bool {
    match cell {
        "reject" | "error" | "0" => !taken,
        "ok" | "OK, would send it" => taken,
        "1, the intermediate" | "1, OK" => taken && certificates == 1,
        "2, rustls OK" => taken && certificates == 2,
        "shows the intermediate" => taken,
        number => taken && certificates == number.parse::<usize>().unwrap(),
    }
}

#[test]
fn the_surveys_table_is_reproduced_cell_by_cell() {
    let (head, rows) = rows("table.tsv");
    let mut cells = 0;
    for row in &rows {
        for case in row[1].split(' ') {
            let document = document(case);
            for (name, cell) in head.iter().zip(row).skip(2) {
                // Not measured in the survey.
                if cell == "–" {
                    continue;
                }
                let loader = Loader::ALL
                    .into_iter()
                    .find(|loader| loader.as_str() == name)
                    .unwrap();
                let loading = loader.load(&document);
                let count = loading.certificates.len();
                assert!(
                    agrees(cell, loading.taken, count),
                    "{case} {name}: {cell}, {loading:?}"
                );
                if cell.contains("the intermediate") {
                    assert_eq!(loading.first(), Some(1), "{case} {name}");
                }
                cells += 1;
            }
        }
    }
    assert_eq!((rows.len(), cells), (16, 141));
}

#[test]
fn a_clean_file_harms_nobody_and_every_loss_has_a_cause() {
    let mut blamed = 0;
    for case in rows("measured.tsv").1.iter().map(|row| &row[0]) {
        let document = document(case);
        for loader in Loader::ALL {
            let loading = loader.load(&document);
            let harms = loading.harms(&document);
            assert_eq!(harms.len(), document.anomalies().len());
            let harmed = harms.iter().any(|harm| *harm != Harm::None);
            let complete = loading.taken && loading.lost.is_empty();
            assert!(!complete || !harmed, "{case} {loader:?}");
            let certificates = document.sections().iter().any(|section| {
                section.der().is_some() && section.kind() == SectionKind::Certificate
            });
            // Clean files are refused for what they are, not for an anomaly:
            // DER, PKCS#7, keys in front of certificates.
            if !complete && certificates && !document.anomalies().is_empty() {
                let only_notices = document.anomalies().iter().all(|anomaly| {
                    anomaly.fact.code().info().severity == certcheck::Severity::Notice
                });
                assert!(harmed || only_notices, "{case} {loader:?}: {loading:?}");
                blamed += usize::from(harmed);
            }
        }
    }
    assert!(blamed > 300, "{blamed}");
}
