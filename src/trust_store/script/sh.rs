//! A plan as a POSIX shell script.
//!
//! The script is idempotent, begins with the steps that can fail, and trusts only the contents of
//! the store. It consists of fixed functions (`pieces.sh`), paths and hexadecimal digits that this
//! crate composed, and PEM that it wrote, in quoted here-documents. Text from a certificate appears
//! only in comments.

use super::quote::{comment, word};
use super::sh_line::{digest, line};
use super::sh_step::{bundle, install_step, mend_step, optional, probe, undo_step};
use crate::trust_store::plan::{InstallOutcome, Plan};
use crate::trust_store::step::{Action, Check, Guard, Step};
use std::collections::BTreeSet;
use std::fmt::Write;

const PIECES: &str = include_str!("pieces.sh");

/// The script that installs what `plan` plans, verifies it, and says so; a second run changes
/// nothing.
pub fn install(plan: &Plan) -> String {
    let mut body = String::new();
    verify(&mut body, &plan.verify);
    body.push_str("main() {\n  changed=0\n  made=\n  journal=\n");
    if plan.steps.is_empty() {
        body.push_str("  say 'nothing to do'\n}\n");
        return script(plan, "installs", &body);
    }
    if !plan.verify.is_empty() {
        // A store that already holds everything ends the script here, so that a second run changes
        // nothing. A journal that is still open shows that the last run was interrupted: this run
        // repairs it.
        body.push_str("  quiet=1\n");
        let _ = match plan.journal.as_deref().filter(|_| records(&plan.steps)) {
            Some(journal) => {
                let journal = word(journal);
                writeln!(body, "  if [ ! -e {journal}/unfinished ] && verify; then")
            }
            None => writeln!(body, "  if verify; then"),
        };
        body.push_str("    say 'nothing to do: it is installed, and the store holds it'\n    return 0\n  fi\n");
    }
    // Steps that can fail before any change come first: missing programs, files that are not ours,
    // links that lead out of the tree. After that, each change is in the journal before it is made.
    needs(&mut body, &plan.steps);
    inside(&mut body, plan, &plan.steps);
    for step in &plan.steps {
        if let Action::WriteFile { path, content, .. } = &step.action {
            line(&mut body, 1, &["may_write", &word(path), &digest(content)]);
        }
    }
    if let Some(journal) = plan.journal.as_deref().filter(|_| records(&plan.steps)) {
        line(&mut body, 1, &["no_links", &word(journal)]);
        sweeps(&mut body, plan, &plan.steps);
        line(&mut body, 1, &["open_journal", &word(journal)]);
        body.push_str("  [ \"$unfinished\" = 0 ] || changed=1\n");
        for step in &plan.undo {
            // The bundle is copied before the tool runs: undo puts it back byte for byte.
            if let Action::RestoreFile { path, .. } = &step.action {
                line(&mut body, 1, &["keep", &word(path), &word(journal)]);
            }
        }
    }
    for step in &plan.steps {
        install_step(&mut body, plan, step);
    }
    if let Some(journal) = plan.journal.as_deref().filter(|_| records(&plan.steps)) {
        // Without a check, nothing says whether the tool has to run again.
        if !plan.verify.is_empty() {
            mend_step(&mut body, plan);
        }
        line(&mut body, 1, &["note_directories", &word(journal)]);
    }
    if plan.verify.is_empty() {
        if let Some(journal) = plan.journal.as_deref().filter(|_| records(&plan.steps)) {
            line(&mut body, 1, &["finish", &word(journal)]);
        }
        body.push_str("  [ \"$changed\" = 1 ] || say 'nothing was changed'\n  say 'done'\n}\n");
    } else {
        body.push_str("  quiet=0\n  verify || stop 'the store does not hold what was installed'\n");
        if let Some(journal) = plan.journal.as_deref().filter(|_| records(&plan.steps)) {
            line(&mut body, 1, &["finish", &word(journal)]);
        }
        body.push_str("  [ \"$changed\" = 1 ] || say 'nothing was changed'\n  say 'installed, and the store holds it'\n}\n");
    }
    script(plan, "installs", &body)
}

/// The script that undoes what [`install`]'s script did, and nothing else.
pub fn undo(plan: &Plan) -> String {
    let mut body = String::new();
    verify(&mut body, &plan.undo_verify);
    body.push_str("main() {\n  changed=0\n  failed=0\n  undone=\n");
    if plan.undo.is_empty() {
        body.push_str("  say 'nothing to undo'\n}\n");
        return script(plan, "undoes", &body);
    }
    needs(&mut body, &plan.undo);
    inside(&mut body, plan, &plan.undo);
    if let Some(journal) = &plan.journal {
        line(&mut body, 1, &["no_links", &word(journal)]);
        sweeps(&mut body, plan, &plan.undo);
        line(&mut body, 1, &["begin", &word(journal)]);
        body.push_str("  [ \"$unfinished\" = 0 ] || changed=1\n");
    }
    for step in &plan.undo {
        undo_step(&mut body, plan, step);
    }
    // Without a change there is nothing to verify, and the store may hold the certificate for
    // another reason: an administrator installed it too.
    body.push_str("  if [ \"$changed\" = 0 ]; then\n");
    if let Some(journal) = &plan.journal {
        line(&mut body, 2, &["close_journal", &word(journal)]);
    }
    body.push_str(
        "    [ \"$failed\" = 0 ] || exit 1\n    say 'nothing to undo'\n    return 0\n  fi\n",
    );
    if !plan.undo_verify.is_empty() {
        body.push_str("  quiet=0\n  verify || stop 'the store still holds what was removed: another source provides it, or the tool failed'\n");
    }
    if let Some(journal) = &plan.journal {
        line(&mut body, 1, &["close_journal", &word(journal)]);
    }
    body.push_str("  [ \"$failed\" = 0 ] || stop 'not everything was undone'\n  say 'undone'\n}\n");
    script(plan, "undoes", &body)
}

fn script(plan: &Plan, does: &str, body: &str) -> String {
    let mut text = String::from("#!/bin/sh\n");
    let _ = writeln!(
        text,
        "# certcheck trust plan, {}: {does} the following.",
        plan.platform
    );
    for decision in &plan.certificates {
        let what = match &decision.outcome {
            InstallOutcome::Install | InstallOutcome::Undo => decision.role.words().to_owned(),
            InstallOutcome::AlreadyTrusted { found_in } => {
                format!("in the store already: {found_in}")
            }
            InstallOutcome::Repeated => "given before".to_owned(),
            InstallOutcome::Refused { reason, .. } => format!("REFUSED: {reason}"),
        };
        let subject = comment(&decision.subject);
        let _ = writeln!(
            text,
            "#   {subject}\n#     {}\n#     SHA-256 {}",
            comment(&what),
            decision.sha256
        );
    }
    for note in &plan.notes {
        let _ = writeln!(text, "# Note: {}", comment(note));
    }
    text.push_str("set -eu\nLC_ALL=C\nexport LC_ALL\nPATH=$PATH:/usr/sbin:/sbin\numask 022\ntrap 'exit 1' HUP INT TERM\n\n");
    let pieces = pieces(body);
    if pieces.contains("$tree") {
        let root = plan.root.as_deref().unwrap_or_default();
        let _ = writeln!(text, "# The scratch tree.\ntree={}\n", word(root));
    }
    text.push_str(&pieces);
    text.push_str(body);
    text.push_str("\nmain\n");
    text
}

/// The functions that `body` calls, and those that these call.
fn pieces(body: &str) -> String {
    let all: Vec<(&str, &str)> = PIECES
        .split("#: ")
        .filter_map(|piece| piece.split_once('\n'))
        .collect();
    let calls = |text: &str, name: &str| {
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .any(|word| word == name)
    };
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    let mut text = body.to_owned();
    loop {
        let more: Vec<_> = all
            .iter()
            .filter(|(name, _)| !wanted.contains(name) && calls(&text, name))
            .collect();
        if more.is_empty() {
            break;
        }
        for (name, code) in more {
            wanted.insert(name);
            // Comments name other functions without calling them.
            for line in code
                .lines()
                .filter(|line| !line.trim_start().starts_with('#'))
            {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    let mut chosen = String::new();
    for (name, code) in all {
        if wanted.contains(name) {
            chosen.push_str(code);
            chosen.push('\n');
        }
    }
    chosen
}

fn records(steps: &[Step]) -> bool {
    steps.iter().any(|step| step.journal.is_some())
}

/// Temporary files that a killed run left are removed first.
fn sweeps(body: &mut String, plan: &Plan, steps: &[Step]) {
    let mut directories = BTreeSet::new();
    for step in steps {
        let writes = matches!(
            step.action,
            Action::WriteFile { .. }
                | Action::RemoveFile { .. }
                | Action::CombineFiles { .. }
                | Action::Append { .. }
                | Action::CutBack { .. }
        );
        directories.extend(step.path().filter(|_| writes).and_then(parent));
    }
    directories.extend(bundle(plan).and_then(parent));
    directories.extend(plan.journal.as_deref());
    for directory in directories {
        line(body, 1, &["sweep", &word(directory)]);
    }
}

fn parent(path: &str) -> Option<&str> {
    let (directory, _) = path.rsplit_once('/')?;
    (!directory.is_empty()).then_some(directory)
}

/// The programs that run without a condition must exist before anything is changed.
fn needs(body: &mut String, steps: &[Step]) {
    let mut programs = BTreeSet::new();
    for step in steps {
        let conditional = step
            .guards
            .iter()
            .any(|guard| matches!(guard, Guard::If(_)));
        if let Some(program) = step.argv().first().filter(|_| !conditional) {
            programs.insert(program.as_str());
        }
        if matches!(&step.action, Action::Run { links: Some(_), .. }) {
            programs.insert("openssl");
        }
    }
    if !programs.is_empty() {
        let mut words = vec!["need"];
        words.extend(programs);
        line(body, 1, &words);
    }
}

/// What is written must lie in the scratch tree with its links followed: with root's
/// rights a link in it reaches the machine.
fn inside(body: &mut String, plan: &Plan, steps: &[Step]) {
    if plan.root.is_none() {
        return;
    }
    let mut paths = BTreeSet::new();
    for step in steps {
        let places = step
            .path()
            .into_iter()
            .chain(step.changes.iter().map(String::as_str));
        for path in places.filter(|path| path.starts_with('/')) {
            if matches!(step.action, Action::Append { .. } | Action::CutBack { .. }) {
                paths.insert(format!("\"$(follow {} \"$tree\")\"", word(path)));
            }
            paths.insert(word(path));
        }
    }
    paths.extend(
        plan.journal
            .as_deref()
            .filter(|path| path.starts_with('/'))
            .map(word),
    );
    for path in paths {
        line(body, 1, &["within", &path]);
    }
    for step in steps {
        if let Action::Run {
            links: Some(links), ..
        } = &step.action
        {
            line(body, 1, &["plain_names", &word(&links.directory)]);
        }
    }
}

fn verify(body: &mut String, checks: &[Check]) {
    if checks.is_empty() {
        return;
    }
    body.push_str("# Checks the store's contents, never an exit status.\nverify() {\n  result=0\n");
    for check in checks {
        let condition = probe(&check.probe);
        let words = comment(&check.probe.words(check.expected)).replace('\'', "");
        let mut indent = 1;
        let mut only_if: Vec<String> = check.only_if.iter().map(probe).collect();
        if let Some(program) = optional(&check.probe) {
            only_if.push(format!("command -v {program} >/dev/null 2>&1"));
        }
        if !only_if.is_empty() {
            let condition = format!("{};", only_if.join(" && "));
            line(body, indent, &["if", &condition, "then"]);
            indent += 1;
        }
        let negation = if check.expected { "!" } else { "" };
        let condition = format!("{negation} {condition};");
        line(body, indent, &["if", condition.trim_start(), "then"]);
        line(body, indent + 1, &["complain", &format!("'{words}'")]);
        line(body, indent + 1, &["result=1"]);
        line(body, indent, &["fi"]);
        if !only_if.is_empty() {
            line(body, 1, &["fi"]);
        }
    }
    body.push_str("  return \"$result\"\n}\n\n");
}
