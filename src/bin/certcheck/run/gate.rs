//! `certcheck gate`, and the receipt that `preflight` writes.

use super::unwritten;
use crate::args::{Common, Gate as Args};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::tree::Tree;
use crate::write::{self, WriteOptions};
use crate::{clock, input, ledger};
use certcheck::Time;
use certcheck::answer::Answer;
use certcheck::command::gate::{Entry, Receipt, State, gate};
use certcheck::preflight::{Preflight, PreflightResult};
use certcheck::report::{json, text};
use certcheck::server::settings::Looked;
use certcheck::trust_store::native;
use std::path::{Path, PathBuf};

pub(crate) fn run(common: &Common, args: &Args) -> Result<End, Failure> {
    refuse_levels(common)?;
    let source = input::read(&args.receipt)?;
    let receipt = json::read_receipt(source.bytes())
        .map_err(|problem| Failure::file(&args.receipt, problem))?;
    let found: Vec<_> = receipt.files.iter().map(look).collect();
    let at = clock::judged_at(common);
    let answer = gate(source.name(), &receipt, &found, at, args.max_age);
    output::report(common, at, answer, text::gate).map_err(unwritten)
}

/// The options that let more pass than certcheck does by itself, in their order.
fn options(common: &Common) -> Vec<String> {
    let all = [("--allow", &common.allow), ("--warn", &common.warn)];
    let all = all.iter().flat_map(|(option, codes)| {
        let codes = codes.iter();
        codes.map(move |code| format!("{option} {}", code.as_str()))
    });
    all.collect()
}

/// Refuses options that let an unfit receipt pass: the exit code says only whether it fits.
fn refuse_levels(common: &Common) -> Result<(), Failure> {
    let mut codes = common.allow.iter().chain(&common.warn);
    match codes.find(|code| code.area() == "receipt") {
        Some(code) => Err(Failure::new(format!(
            "gate: --allow and --warn cannot change {}",
            code.as_str()
        ))
        .help("run `certcheck preflight --receipt` again, and check its new receipt")),
        None => Ok(()),
    }
}

/// What is at a place of the receipt now.
fn look(entry: &Entry) -> State {
    if matches!(entry.state, State::Store { .. }) {
        return native_store();
    }
    match Tree::of(entry.root.as_ref().map(PathBuf::from)).glance(&entry.path) {
        Looked::Read(_) if entry.state == State::Present => State::Present,
        Looked::Read(source) => State::of_file(source.bytes()),
        Looked::Directory(names) => State::of_directory(&names),
        Looked::Missing => State::Missing,
        _ => State::Unreadable,
    }
}

/// This machine's trust store, as it is now.
fn native_store() -> State {
    let store = native::load();
    State::of_store(store.certificates.iter().map(AsRef::as_ref))
}

/// Refuses, before anything is judged, a receipt that could not be written.
pub(super) fn refuse(common: &Common, path: &Path, force: bool) -> Result<(), Failure> {
    if path.as_os_str() == "-" {
        return Err(
            Failure::new("--receipt: a receipt is not written to standard output")
                .help("name a file"),
        );
    }
    write::refuse_existing(std::iter::once(path), force)?;
    if let Some((name, state)) = &common.configured.file {
        ledger::note(name, None, || state.clone());
    }
    Ok(())
}

/// Writes the receipt of an answer.
pub(super) fn write_receipt(
    common: &Common,
    (path, force): (&Path, bool),
    preflight: &Preflight,
    answer: &Answer<PreflightResult>,
) -> Result<(), Failure> {
    write::refuse_inputs(std::iter::once(path))?;
    let files = ledger::close()?;
    let mut receipt = Receipt::of(preflight, answer, clock::judged_at(common), files);
    receipt.options = options(common);
    if let Some((name, _)) = &common.configured.file {
        let lowered = common.configured.lets_pass().into_iter();
        let lowered = lowered.map(|severity| format!("{name}: {severity}"));
        receipt.options.extend(lowered);
    }
    for waived in answer.waived() {
        let (finding, waiver) = (&waived.finding, &waived.waiver);
        let option = format!(
            "{}: waives {} in {} until {}",
            waiver.place(),
            finding.code(),
            finding.subject.source,
            waiver.until
        );
        receipt.options.push(option);
        // A receipt is worth no more than the waivers that it needed.
        let what = format!("the waiver of {} ({})", finding.code(), waiver.place());
        // The waiver no longer holds at that second, and a receipt still holds at its last one.
        let last = Time::from_unix_seconds(waiver.ends_at.unix_seconds() - 1);
        receipt.ends.push((what, last));
    }
    receipt.ends.sort();
    receipt.ends.dedup();
    let options = WriteOptions {
        secret: false,
        force,
    };
    write::write(path, json::receipt(&receipt).as_bytes(), options)
}
