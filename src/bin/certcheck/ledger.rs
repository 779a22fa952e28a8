//! What this run read, for the receipt: the digest of the bytes in memory that are judged,
//! never of a second read.
//!
//! Files are opened in several places. Each notes here what it found, so that no file is left out,
//! however it is opened. Nothing is kept until [`open`] is called.

use crate::bundle::{Part, Shown, Syntax};
use crate::failure::Failure;
use certcheck::command::gate::{Entry, State};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

static LEDGER: Mutex<Option<Ledger>> = Mutex::new(None);

#[derive(Default)]
struct Ledger {
    entries: Vec<Entry>,
    /// A place that was read twice, with different results.
    unsteady: Option<String>,
    /// Files whose digest would help to guess what is in them.
    secrets: Vec<String>,
    /// A path that the receipt cannot hold.
    unwritable: Option<String>,
    /// Standard input was read; it cannot be read again.
    stdin: bool,
    /// What was read, if a bundle is written.
    parts: Option<Vec<Part>>,
    /// Which files are settings; `None`: the file is never shown as settings.
    syntaxes: BTreeMap<String, Option<Syntax>>,
}

fn ledger() -> MutexGuard<'static, Option<Ledger>> {
    LEDGER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins to keep what is read, and for a bundle also what is in it.
pub(crate) fn open(bundle: bool) -> Wipes {
    *ledger() = Some(Ledger {
        parts: bundle.then(Vec::new),
        ..Ledger::default()
    });
    Wipes
}

/// Notes a file with these bytes.
pub(crate) fn note_file(path: &str, root: Option<&Path>, bytes: &[u8]) {
    note(path, root, || State::of_file(bytes));
    note_part(path, root, bytes);
}

fn note_part(path: &str, root: Option<&Path>, bytes: &[u8]) {
    let root = root.map(named);
    if let Some(parts) = ledger().as_mut().and_then(|ledger| ledger.parts.as_mut())
        && !parts
            .iter()
            .any(|known| known.path == path && known.root == root)
    {
        parts.push(Part::of(path, root.as_deref(), bytes));
    }
}

/// Notes how the file at this path is written, for a bundle; `None`: it is not settings. A file
/// with two syntaxes is shown as neither.
pub(crate) fn note_syntax(path: &str, syntax: Option<Syntax>) {
    if let Some(ledger) = ledger().as_mut() {
        let known = ledger.syntaxes.entry(path.to_owned()).or_insert(syntax);
        *known = known.filter(|known| Some(*known) == syntax);
    }
}

/// What a bundle may show of the files that were read, and what was at every place. What was kept of
/// the files for this is wiped.
pub(crate) fn shown() -> (Vec<Entry>, Vec<Shown>) {
    let mut ledger = ledger();
    let Some(ledger) = ledger.as_mut() else {
        return Default::default();
    };
    let parts = ledger.parts.take().unwrap_or_default();
    let parts = parts.iter().map(|part| {
        let known = ledger.syntaxes.get(&part.path);
        let secret = ledger.secrets.contains(&part.path) || known == Some(&None);
        part.shown(known.copied().flatten(), secret)
    });
    (ledger.entries.clone(), parts.collect())
}

/// Wipes what was kept for a bundle, also if none is written.
pub(crate) struct Wipes;

impl Drop for Wipes {
    fn drop(&mut self) {
        if let Some(ledger) = ledger().as_mut() {
            ledger.parts = None;
        }
    }
}

/// A root, as a receipt names it.
fn named(root: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let below = root.strip_prefix(here).unwrap_or(root);
    let below = below.to_string_lossy();
    if below.is_empty() {
        ".".to_owned()
    } else {
        below.into_owned()
    }
}

/// Notes what is at a path, in a tree or on this machine.
pub(crate) fn note(path: &str, root: Option<&Path>, state: impl FnOnce() -> State) {
    let mut ledger = ledger();
    let Some(ledger) = ledger.as_mut() else {
        return;
    };
    let root = root.map(named);
    let entry = Entry::new(path, root, state());
    // A path that is not UTF-8 has this replacement character, and may now name another file.
    let lost = |text: &str| text.contains(char::REPLACEMENT_CHARACTER);
    if lost(&entry.path) || entry.root.as_deref().is_some_and(lost) {
        ledger.unwritable.get_or_insert_with(|| entry.path.clone());
    }
    let again = |known: &&Entry| known.path == entry.path && known.root == entry.root;
    match ledger.entries.iter().find(again) {
        Some(known) if *known == entry => {}
        Some(_) => ledger.unsteady = Some(entry.path),
        None => ledger.entries.push(entry),
    }
}

/// Notes that the receipt may say about the file at this path only that it is there.
pub(crate) fn note_secret(path: &str) {
    if let Some(ledger) = ledger().as_mut() {
        ledger.secrets.push(path.to_owned());
    }
}

/// Notes that standard input was read, and what.
pub(crate) fn note_stdin(bytes: &[u8]) {
    if let Some(ledger) = ledger().as_mut() {
        ledger.stdin = true;
    }
    note_part("-", None, bytes);
}

/// Everything that was read.
pub(crate) fn close() -> Result<Vec<Entry>, Failure> {
    let ledger = ledger().take().unwrap_or_default();
    if ledger.stdin {
        return Err(
            Failure::new("--receipt: standard input cannot be read again by `gate`")
                .help("give files, not -"),
        );
    }
    if let Some(path) = ledger.unsteady {
        return Err(Failure::new(format!(
            "{path}: it changed while it was judged, and no receipt was written"
        ))
        .help("run the preflight again when nothing writes there"));
    }
    if let Some(path) = ledger.unwritable {
        return Err(Failure::new(format!(
            "{path}: its name is not UTF-8, and a receipt cannot hold it; no receipt was written"
        ))
        .help("rename the file"));
    }
    let secrets = ledger.secrets;
    let kept = ledger.entries.into_iter().map(|mut entry| {
        if matches!(entry.state, State::File { .. }) && secrets.contains(&entry.path) {
            entry.state = State::Present;
        }
        entry
    });
    Ok(kept.collect())
}
