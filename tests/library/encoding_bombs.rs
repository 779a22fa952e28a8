//! Hostile files: the work of reading grows with their length alone. Work is
//! counted, not timed.
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
use certcheck::encoding::{Document, MAX_ANOMALIES, MAX_BYTES, MAX_SECTIONS};

/// Looks at each byte, at most: search for the boundary, fast path, body,
/// decoding, lines, anomalies' places.
const LOOKS: u64 = 24;

/// Four times as long each; an optimised build goes on to 64 MB.
const SIZES: [usize; 3] = if cfg!(debug_assertions) {
    [1 << 12, 1 << 14, 1 << 16]
} else {
    [1 << 22, 1 << 24, 1 << 26]
};

fn read(bytes: Vec<u8>) -> Document {
    Document::read(Source::new("bomb", bytes))
}

/// What is repeated until the file is full.
fn units() -> Vec<(&'static str, Vec<u8>)> {
    // A section whose first bytes announce 16 MB.
    let liar = |lines: usize| {
        let mut unit = b"-----BEGIN CERTIFICATE-----\n".to_vec();
        let line = format!("MIP///8C{}\n", "A".repeat(56));
        (0..lines).for_each(|_| unit.extend_from_slice(line.as_bytes()));
        unit.extend_from_slice(b"-----END CERTIFICATE-----\n");
        unit
    };
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        ("begin lines", text("-----BEGIN CERTIFICATE-----\n")),
        ("end lines", text("-----END CERTIFICATE-----\n")),
        ("glued begins", text("-----BEGIN ")),
        ("glued boundaries", text("-----END A----------BEGIN A-----")),
        (
            "unterminated",
            text("-----BEGIN CERTIFICATE-----\nMIIBAAAA\n"),
        ),
        (
            "empty sections",
            text("-----BEGIN A-----\n-----END A-----\n"),
        ),
        (
            "mismatched",
            text("-----BEGIN A-----\nAAAA\n-----END B-----\n"),
        ),
        ("dashes", text("-")),
        ("pairs of dashes", text("-- ")),
        ("dash runs", text("-----\n")),
        ("typographic dashes", text("\u{2014}")),
        ("windows dashes", vec![0x96]),
        ("high bytes", vec![0xff]),
        ("blanks", text(" ")),
        ("newlines", text("\n")),
        ("carriage returns", text("\r")),
        ("base64", text("M")),
        (
            "liars without a begin line",
            text("MIP///8CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA "),
        ),
        (
            "short liars",
            text("MFowAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA*"),
        ),
        ("liars", liar(1)),
        ("longer liars", liar(9)),
        ("headers", text("-----BEGIN A-----\na: b\n c\n")),
        ("header lines", text("a: b\n")),
        ("backslashes", text("\\")),
        ("escapes", text("\\n")),
        ("quotes", text("\"")),
        ("utf-16", text("-\0")),
        (
            "utf-16 begin lines",
            "-----BEGIN A-----\n"
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
        ),
        ("marks", text("\u{feff}-----BEGIN A-----\n")),
        ("der", vec![0x30, 0x03, 0x02, 0x01, 0x01]),
        ("empty integers", vec![0x02, 0x00]),
        ("nested", vec![0x30, 0x80]),
        ("nuls", vec![0]),
        (
            "indented",
            text("    -----BEGIN A-----\n    AAAA\n    -----END A-----\n"),
        ),
        ("long prefix", text("########-----BEGIN A-----\n")),
        ("ssh", text("ssh-rsa AAAA\n-----END A-----\n")),
    ]
}

#[test]
fn work_grows_with_length_alone() {
    let mut checked = 0;
    for (name, unit) in units() {
        for begin in ["", "-----BEGIN CERTIFICATE-----\n"] {
            let mut last = 0;
            for size in SIZES {
                let mut bytes = begin.as_bytes().to_vec();
                bytes.extend(unit.iter().cycle().take(size - bytes.len()));
                let len = bytes.len() as u64;
                let document = read(bytes);
                let work = document.work();
                assert!(
                    work <= LOOKS * len + 4096,
                    "{name} {begin:?}: {work} looks at {len} bytes"
                );
                // Four times the length may cost four times the work, and a little.
                assert!(
                    last == 0 || work <= last * 9 / 2 + 4096,
                    "{name}: {last} then {work}"
                );
                assert!(document.sections().len() <= MAX_SECTIONS);
                assert!(document.anomalies().len() <= MAX_ANOMALIES + 4);
                last = work;
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 36 * 2 * 3);
}

#[test]
fn a_hundred_thousand_sections_are_all_found_and_no_more() {
    let section = b"-----BEGIN A-----\nMAA=\n-----END A-----\n";
    let document = read(section.repeat(MAX_SECTIONS / 4));
    assert_eq!(document.sections().len(), MAX_SECTIONS / 4);
    let document = read(section.repeat(MAX_SECTIONS + 1));
    assert!(document.sections().len() <= MAX_SECTIONS);
    let codes: Vec<_> = document
        .anomalies()
        .iter()
        .map(|a| a.fact.code().as_str())
        .collect();
    assert_eq!(
        codes
            .iter()
            .filter(|code| **code == "encoding.too-large")
            .count(),
        1
    );
}

#[test]
fn a_file_over_the_limit_is_not_read() {
    let document = read(vec![b'-'; MAX_BYTES + 1]);
    assert!(document.sections().is_empty());
    assert_eq!(document.anomalies().len(), 1);
    assert_eq!(
        document.anomalies()[0].fact.code().as_str(),
        "encoding.too-large"
    );
}
