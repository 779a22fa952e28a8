//! What is in a file, on which lines, and what deviates from RFC 7468?
//!
//! cargo run --example inspect -- FILE
#![allow(clippy::print_stdout, reason = "it says what it finds")]

use certcheck::Source;
use certcheck::encoding::Document;
use certcheck::finding::Subject;
use certcheck::rule::Finding;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: inspect FILE")?;
    let document = Document::read(Source::new(path.as_str(), std::fs::read(&path)?));
    for section in document.sections() {
        let lines = document.source().lines(section.span());
        println!("{}-{}: {}", lines.first, lines.last, section.kind().words());
    }
    // What the tolerant reader let pass, and a strict one would not.
    for anomaly in document.anomalies() {
        let line = anomaly.lines.map_or(0, |lines| lines.first);
        let finding = Finding::new(anomaly.fact.clone(), Subject::file(path.as_str()));
        println!("line {line}: {}: {}", finding.code(), finding.message());
    }
    Ok(())
}
