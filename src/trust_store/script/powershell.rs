//! A plan for Windows as a PowerShell script (5.1 and later).
//!
//! It consists of fixed functions, paths and hexadecimal digits that this crate composed, and PEM
//! that it wrote, in single-quoted here-strings.

use super::quote::comment;
use crate::model::sha256;
use crate::trust_store::plan::Plan;
use crate::trust_store::step::{Action, Check, Guard, Probe, Step};
use std::fmt::Write;

const PRELUDE: &str = include_str!("prelude.ps1");

/// The script that installs what `plan` plans, verifies it, and says so; a second run changes
/// nothing.
pub fn install(plan: &Plan) -> String {
    let mut text = header(plan, "installs");
    for step in &plan.steps {
        write_step(&mut text, step);
    }
    verify(&mut text, &plan.verify);
    text.push_str("Say 'installed, and the store holds it'\n");
    text
}

/// The script that undoes what [`install`]'s script did, and nothing else.
pub fn undo(plan: &Plan) -> String {
    let mut text = header(plan, "undoes");
    for step in &plan.undo {
        write_step(&mut text, step);
    }
    verify(&mut text, &plan.undo_verify);
    if let Some(journal) = &plan.journal {
        let _ = writeln!(text, "Close-Journal {}", word(journal));
    }
    text.push_str("Say 'undone'\n");
    text
}

fn header(plan: &Plan, does: &str) -> String {
    let mut text = format!(
        "# certcheck trust plan, {}: {does} the following.\n",
        plan.platform
    );
    for decision in &plan.certificates {
        let subject = comment(&decision.subject);
        let _ = writeln!(
            text,
            "#   {subject}\n#     {}\n#     SHA-256 {}",
            decision.outcome.as_str(),
            decision.sha256
        );
    }
    for note in &plan.notes {
        let _ = writeln!(text, "# Note: {}", comment(note));
    }
    text.push_str(PRELUDE);
    text
}

/// One argument: nothing is expanded in single quotes. The typographic quotes that PowerShell
/// treats as single quotes do not occur: all text is ASCII.
fn word(word: &str) -> String {
    format!("'{}'", comment(word).replace('\'', "''"))
}

fn write_step(text: &mut String, step: &Step) {
    let _ = writeln!(text, "# {}", comment(&step.why));
    let record = step.journal.as_deref().map(word).unwrap_or_default();
    let entry = step.entry.as_deref().map(word).unwrap_or_default();
    let mut conditions = Vec::new();
    for guard in &step.guards {
        match guard {
            Guard::If(condition) => conditions.push(probe(condition)),
            Guard::Unless(condition) => conditions.push(format!("-not {}", probe(condition))),
            Guard::Recorded if step.entry.is_some() => {
                conditions.push(format!("(Test-Entry {record} {entry})"));
            }
            Guard::Recorded | Guard::Changed => {}
        }
    }
    let indent = if conditions.is_empty() { "" } else { "  " };
    if !conditions.is_empty() {
        let _ = writeln!(text, "if ({}) {{", conditions.join(" -and "));
    }
    match &step.action {
        Action::WriteFile { path, content, .. } => {
            let sum = sha256(content.as_bytes());
            let _ = writeln!(
                text,
                "{indent}Write-New {} '{sum}' {record} @'\n{content}'@",
                word(path)
            );
        }
        Action::RemoveFile {
            path,
            sha256: Some(sum),
        } => {
            let _ = writeln!(text, "{indent}Remove-Ours {} '{sum}' {record}", word(path));
        }
        Action::Run { argv, .. } => {
            if !step.guards.contains(&Guard::Recorded) && step.entry.is_some() {
                let _ = writeln!(text, "{indent}Add-Entry {record} {entry}");
            }
            let words: Vec<_> = argv.iter().map(|argument| word(argument)).collect();
            let _ = writeln!(text, "{indent}& {} | Out-Null", words.join(" "));
        }
        Action::AskPerson { instruction } => {
            let _ = writeln!(text, "{indent}Say {}", word(instruction.trim_end()));
        }
        _ => {}
    }
    if !conditions.is_empty() {
        text.push_str("}\n");
    }
}

fn verify(text: &mut String, checks: &[Check]) {
    for check in checks {
        let words = word(&format!("not so: {}", check.probe.words(check.expected)));
        let negation = if check.expected { "-not " } else { "" };
        let _ = writeln!(
            text,
            "if ({negation}{}) {{ Stop-Here {words} }}",
            probe(&check.probe)
        );
    }
}

fn probe(probe: &Probe) -> String {
    match probe {
        Probe::WindowsStoreHolds {
            store,
            thumbprint,
            certificate,
        } => {
            format!(
                "(Test-Store {} '{thumbprint}' '{certificate}')",
                word(store)
            )
        }
        Probe::Exists { path } => format!("(Test-Path -LiteralPath {})", word(path)),
        Probe::FileHolds { path, sha256 } => format!("(Test-Content {} '{sha256}')", word(path)),
        _ => "$false".to_owned(),
    }
}
