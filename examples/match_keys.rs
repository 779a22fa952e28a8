//! Which keys, certificates and requests belong together?
//!
//! cargo run --example match_keys -- FILE...
#![allow(clippy::print_stdout, reason = "it says what it finds")]

use certcheck::Source;
use certcheck::command::matching::matching;
use certcheck::encoding::Document;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut documents = Vec::new();
    for path in std::env::args().skip(1) {
        documents.push(Document::read(Source::new(
            path.as_str(),
            std::fs::read(&path)?,
        )));
    }
    let answer = matching(&documents, None);
    for (number, group) in answer.result.groups.iter().enumerate() {
        for member in &group.members {
            println!("{number}: {:?} {}", member.kind, member.source);
        }
    }
    println!("{:?}", answer.verdict());
    Ok(())
}
