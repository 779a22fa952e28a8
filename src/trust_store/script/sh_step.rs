//! The steps and probes of a plan as commands of a POSIX shell.

use super::quote::{comment, word};
use super::sh_line::{digest, line};
use crate::finding::Fingerprint;
use crate::trust_store::plan::Plan;
use crate::trust_store::step::{Action, Guard, Probe, Step, TreeLinks};

/// This line occurs neither in PEM nor in our text.
const END: &str = "END-OF-FILE-WRITTEN-BY-CERTCHECK";

/// The bundle that a tool writes, and that the script can put back.
pub(super) fn bundle(plan: &Plan) -> Option<&str> {
    plan.undo.iter().find_map(|step| match &step.action {
        Action::RestoreFile { path, .. } => Some(path.as_str()),
        _ => None,
    })
}

pub(super) fn install_step(body: &mut String, plan: &Plan, step: &Step) {
    let mut why = comment(&step.why);
    if step.privileged {
        why.push_str(" (needs root)");
    }
    line(body, 1, &["#", &why]);
    let indent = open_guards(body, step, plan.verify.is_empty());
    let record = step.journal.as_deref().map(word).unwrap_or_default();
    match &step.action {
        Action::MakeDirectory { path } => line(body, indent, &["make_directory", &word(path)]),
        Action::WriteFile {
            path,
            mode,
            content,
        } => {
            let mode = format!("{mode:04o}");
            let command = if record.is_empty() {
                "put_plain"
            } else {
                "put"
            };
            heredoc(
                body,
                indent,
                &[command, &word(path), &mode, &digest(content), &record],
                content,
            );
        }
        Action::CombineFiles {
            path,
            mode,
            first,
            content,
        } => {
            let mode = format!("{mode:04o}");
            heredoc(
                body,
                indent,
                &["combine", &word(path), &mode, &word(first), &record],
                content,
            );
        }
        Action::Append {
            path,
            mode,
            content,
        } => {
            let mode = format!("{mode:04o}");
            heredoc(
                body,
                indent,
                &["add_to", &word(path), &mode, &record],
                content,
            );
        }
        Action::Run { argv, stdin, links } => {
            if let Some(entry) = &step.entry {
                // The tool itself may be killed: its effect is in the journal first, so that undo
                // knows it.
                line(body, indent, &["entry", &record, &word(entry)]);
            }
            let command = command(plan, step, argv, links.as_ref());
            match stdin {
                Some(stdin) => heredoc(body, indent, &[&command], stdin),
                None => line(
                    body,
                    indent,
                    // The script runs under `set -e`, but a tool may fail because of others' files,
                    // or exit with 0 although it did nothing (measured). Only the contents of the
                    // store decide.
                    &[&command, "||", "warn", "'that failed; the checks decide'"],
                ),
            }
            line(body, indent, &["changed=1"]);
        }
        Action::AskPerson { instruction } => person(body, indent, instruction),
        Action::RemoveFile { .. } | Action::CutBack { .. } | Action::RestoreFile { .. } => {}
    }
    close_guards(body, step);
}

/// The tool once more, from the start, if a run was interrupted or a check still fails: Debian's
/// creates hash links only in a run that adds a certificate, and considers an interrupted run done.
/// Like the undo: with `--fresh`.
pub(super) fn mend_step(body: &mut String, plan: &Plan) {
    let same_tool = |argv: &[String]| {
        let others = plan.steps.iter().map(Step::argv);
        let mut others = others
            .filter(|other| other.first() == argv.first())
            .peekable();
        others.peek().is_some() && others.all(|other| other != argv)
    };
    let rebuild = plan.undo.iter().find_map(|step| match &step.action {
        Action::Run { argv, links, .. } if step.guards == [Guard::Changed] && same_tool(argv) => {
            Some((step, argv, links))
        }
        _ => None,
    });
    let Some((step, argv, links)) = rebuild else {
        return;
    };
    line(body, 1, &["# repairs what an interrupted run left"]);
    line(body, 1, &["if [ \"$unfinished\" = 1 ] || ! verify; then"]);
    let command = command(plan, step, argv, links.as_ref());
    line(
        body,
        2,
        &[&command, "||", "warn", "'that failed; the checks decide'"],
    );
    line(body, 1, &["fi"]);
}

pub(super) fn undo_step(body: &mut String, plan: &Plan, step: &Step) {
    line(body, 1, &["#", &comment(&step.why)]);
    let indent = open_guards(body, step, true);
    let record = step.journal.as_deref().map(word).unwrap_or_default();
    match &step.action {
        Action::RemoveFile { path, sha256 } => {
            let sum = sha256.map_or_else(|| "''".to_owned(), |sum| sum.to_string());
            line(body, indent, &["take_back", &word(path), &sum, &record]);
        }
        Action::CutBack { path } => line(body, indent, &["cut_back", &word(path), &record]),
        Action::RestoreFile { path, without } => {
            let journal = plan.journal.as_deref().map(word).unwrap_or_default();
            for sha256 in without {
                let length = length_of(plan, sha256);
                line(
                    body,
                    indent,
                    &[
                        "restore",
                        &word(path),
                        &journal,
                        &sha256.to_string(),
                        &length,
                    ],
                );
            }
        }
        Action::Run { argv, stdin, links } => {
            let command = command(plan, step, argv, links.as_ref());
            match stdin {
                Some(stdin) => heredoc(body, indent, &[&command], stdin),
                None => line(
                    body,
                    indent,
                    &[&command, "||", "warn", "'that failed; the checks decide'"],
                ),
            }
            if !record.is_empty() {
                line(body, indent, &["undid", &record]);
            }
        }
        Action::AskPerson { instruction } => person(body, indent, instruction),
        _ => {}
    }
    close_guards(body, step);
}

fn length_of(plan: &Plan, wanted: &Fingerprint) -> String {
    let length = plan
        .undo_verify
        .iter()
        .find_map(|check| match &check.probe {
            Probe::BundleHolds {
                certificate,
                length,
                ..
            } if certificate == wanted => Some(*length),
            _ => None,
        });
    base64_length(length.unwrap_or(0))
}

fn base64_length(length: usize) -> String {
    (length.div_ceil(3) * 4).to_string()
}

fn open_guards(body: &mut String, step: &Step, only_changed: bool) -> usize {
    let mut conditions = Vec::new();
    for guard in &step.guards {
        match guard {
            Guard::Changed if only_changed => conditions.push("[ \"$changed\" = 1 ]".to_owned()),
            Guard::Changed => conditions.push("{ [ \"$changed\" = 1 ] || ! verify; }".to_owned()),
            Guard::If(condition) => conditions.push(probe(condition)),
            Guard::Unless(condition) => conditions.push(format!("! {}", probe(condition))),
            // Removing a file asks the journal itself.
            Guard::Recorded if step.argv().is_empty() => {}
            Guard::Recorded => {
                let record = step.journal.as_deref().map(word).unwrap_or_default();
                let entry = word(step.entry.as_deref().unwrap_or_default());
                conditions.push(format!("recorded {record} {entry}"));
            }
        }
    }
    if conditions.is_empty() {
        return 1;
    }
    line(
        body,
        1,
        &["if", &format!("{};", conditions.join(" && ")), "then"],
    );
    2
}

fn close_guards(body: &mut String, step: &Step) {
    let open = |guard: &Guard| !matches!(guard, Guard::Recorded) || !step.argv().is_empty();
    if step.guards.iter().any(open) {
        line(body, 1, &["fi"]);
    }
}

fn command(plan: &Plan, step: &Step, argv: &[String], links: Option<&TreeLinks>) -> String {
    let mut words: Vec<String> = Vec::new();
    if let Some(bundle) =
        bundle(plan).filter(|path| step.changes.iter().any(|change| change == path))
    {
        words.extend(["with_bundle".to_owned(), word(bundle)]);
    }
    if let Some(links) = links {
        let journal = plan.journal.as_deref().unwrap_or_default();
        words.extend(["in_tree".to_owned(), word(journal), word(&links.directory)]);
    }
    words.extend(argv.iter().map(|argument| word(argument)));
    words.join(" ")
}

fn heredoc(body: &mut String, indent: usize, words: &[&str], content: &str) {
    line(body, indent, &[&words.join(" "), &format!("<<'{END}'")]);
    body.push_str(content);
    if !content.ends_with('\n') {
        body.push('\n');
    }
    body.push_str(END);
    body.push('\n');
}

fn person(body: &mut String, indent: usize, instruction: &str) {
    heredoc(body, indent, &["cat"], instruction);
}

/// The program that a probe requires, if the store can do without it.
pub(super) const fn optional(probe: &Probe) -> Option<&'static str> {
    match probe {
        Probe::KeystoreHolds { path: Some(_), .. } => Some("keytool"),
        Probe::HashLink { .. } => Some("openssl"),
        _ => None,
    }
}

/// A probe as a command that succeeds if it holds.
pub(super) fn probe(probe: &Probe) -> String {
    match probe {
        Probe::Exists { path } => format!("[ -e {} ]", word(path)),
        Probe::FileHolds { path, sha256 } => format!("file_holds {} {sha256}", word(path)),
        Probe::BundleHolds {
            path,
            certificate,
            length,
        } => {
            format!(
                "bundle_holds {} {certificate} {}",
                word(path),
                base64_length(*length)
            )
        }
        Probe::HashLink {
            directory,
            name,
            file,
            ..
        } if file.is_empty() => {
            format!("links_name {} {}", word(directory), word(name))
        }
        Probe::HashLink {
            directory,
            file,
            certificate,
            root,
            ..
        } => format!(
            "hash_link {} {} {certificate} {}",
            word(directory),
            word(file),
            word(root.as_deref().unwrap_or_default())
        ),
        Probe::KeystoreHolds {
            path,
            certificate,
            length,
        } => format!(
            "keystore_holds {} {certificate} {}",
            word(path.as_deref().unwrap_or_default()),
            base64_length(*length)
        ),
        Probe::DatabaseHolds {
            directory,
            nickname,
            certificate,
        } => {
            format!(
                "database_holds {} {} {certificate}",
                word(directory),
                word(nickname)
            )
        }
        Probe::KeychainHolds { path, certificate } => {
            format!("keychain_holds {} {certificate}", word(path))
        }
        Probe::KeychainTrusts { sha1 } => format!("keychain_trusts {sha1}"),
        Probe::WindowsStoreHolds { .. } => "false".to_owned(),
    }
}
