//! How is a CA certificate installed on Debian, and who will trust it then?
//!
//! cargo run --example trust_plan -- root.pem
#![allow(clippy::print_stdout, reason = "it says what it finds")]

use certcheck::Source;
use certcheck::command::trust_plan::PlanRequest;
use certcheck::encoding::Document;
use certcheck::trust_store::{Action, HostFacts, Platform};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("usage: trust_plan CERTIFICATE")?;
    let files = [Document::read(Source::new(
        path.as_str(),
        std::fs::read(&path)?,
    ))];
    let debian = Platform::parse("debian").ok_or("no such platform")?;
    // Nothing is known of the machine: the plan asks it again when its script runs.
    let host = HostFacts::default();
    let answer = PlanRequest::new(&files, debian, &host, "2026-11-29T00:00:00Z".parse()?).ask()?;
    for finding in &answer.findings {
        println!("{}: {}", finding.code(), finding.message());
    }
    let plan = answer.result.plan.ok_or("there is nothing to install")?;
    for step in &plan.steps {
        match &step.action {
            Action::WriteFile { path, .. } => println!("write {path}"),
            Action::Run { argv, .. } => println!("run {}", argv.join(" ")),
            other => println!("{other:?}"),
        }
    }
    for decision in &plan.certificates {
        println!("{}: {}", decision.subject, decision.outcome.as_str());
    }
    Ok(())
}
