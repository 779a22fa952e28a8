//! The directories without which TabPy 2.16 does not start: where it keeps its state
//! and the functions published to it.

use super::super::ini;
use super::super::{Context, Looked, Settings, path};
use super::{Value, shown};

/// How many levels up an existing parent directory is searched for.
const DEEPEST: usize = 32;

/// `os.makedirs(TABPY_QUERY_OBJECT_PATH)`, if nothing exists there.
pub(super) fn objects(value: Option<&Value>, context: &Context<'_>, settings: &mut Settings) {
    const SETTING: &str = "TABPY_QUERY_OBJECT_PATH";
    let Some(value) = value else { return };
    if value.text.is_empty() {
        let message = "FileNotFoundError: [Errno 2] No such file or directory: ''";
        return settings.refuse(SETTING, message, value.line());
    }
    let whole = path::join(context.base, &value.text);
    let mut above = whole.as_str();
    for _ in 0..DEEPEST {
        match settings.look(context, above) {
            Some(Looked::Missing) => {}
            // A path that exists but cannot be read, or is below something that is not a directory.
            Some(Looked::Unreadable(_)) if above == whole => {}
            // Anything at the path itself is accepted (measured: a file).
            Some(Looked::Read(_)) if above != whole => {
                let message = format!(
                    "NotADirectoryError: [Errno 20] Not a directory: '{}'",
                    shown(&whole)
                );
                return settings.refuse(SETTING, &message, value.line());
            }
            Some(Looked::Read(_) | Looked::Directory(_)) => return,
            Some(Looked::Unreadable(reason)) => {
                let reason = format!("{}: {reason}", shown(above));
                return settings.not_judged(SETTING, reason, value.line());
            }
            None => break,
        }
        match above.trim_end_matches('/').rsplit_once('/') {
            Some(("", _)) | None => return,
            Some((directory, _)) => above = directory,
        }
    }
    let reason = format!("certcheck did not check {}", shown(above));
    settings.not_judged(SETTING, reason, value.line());
}

/// `state.ini` in TABPY_STATE_PATH: TabPy creates it there if it is missing.
pub(super) fn state(value: Option<&Value>, context: &Context<'_>, settings: &mut Settings) {
    const SETTING: &str = "TABPY_STATE_PATH";
    let Some(value) = value else { return };
    let at = value.line();
    if value.text.starts_with('~') {
        let reason = "certcheck does not know the home directory that `~` means";
        return settings.not_judged(SETTING, reason, at);
    }
    // For `os.path.normpath`, an empty path is the working directory.
    let written = if value.text.is_empty() {
        "."
    } else {
        &value.text
    };
    let directory = path::join(context.base, written);
    let file = format!("{}/state.ini", directory.trim_end_matches('/'));
    let problem = match settings.look(context, &directory) {
        Some(Looked::Missing) => "FileNotFoundError: [Errno 2] No such file or directory",
        Some(Looked::Read(_)) => "NotADirectoryError: [Errno 20] Not a directory",
        Some(Looked::Directory(names)) if names.iter().any(|name| name == "state.ini") => {
            return contents(&file, at, context, settings);
        }
        Some(Looked::Directory(_)) => return,
        Some(Looked::Unreadable(reason)) => {
            let reason = format!("{}: {reason}", shown(&directory));
            return settings.not_judged(SETTING, reason, at);
        }
        None => {
            let reason = format!("certcheck did not check {}", shown(&directory));
            return settings.not_judged(SETTING, reason, at);
        }
    };
    let message = format!("{problem}: '{}'", shown(&file));
    settings.refuse(SETTING, &message, at);
}

/// TabPy requires a section `[Service Info]` in it.
fn contents(file: &str, at: usize, context: &Context<'_>, settings: &mut Settings) {
    const SETTING: &str = "TABPY_STATE_PATH";
    let found = match settings.look(context, file) {
        Some(Looked::Read(source)) => source.bytes(),
        Some(Looked::Unreadable(reason)) => {
            let reason = format!("{}: {reason}", shown(file));
            return settings.not_judged(SETTING, reason, at);
        }
        _ => {
            let reason = format!("{} was not read", shown(file));
            return settings.not_judged(SETTING, reason, at);
        }
    };
    // Its rules differ from those of tabpy.conf: keys keep their case and need no value.
    let sections = std::str::from_utf8(found)
        .ok()
        .and_then(|text| ini::parse(text).ok());
    let Some(sections) = sections else {
        let reason = format!("{} could not be read here", shown(file));
        return settings.not_judged(SETTING, reason, at);
    };
    if !sections
        .iter()
        .any(|section| section.name == "Service Info")
    {
        let message = format!(
            "ValueError: Config error: Expected [Service Info] section in {}",
            shown(file)
        );
        settings.refuse(SETTING, &message, at);
    } else if sections.iter().any(|section| {
        section
            .entries
            .iter()
            .any(|entry| entry.value.contains('%') || section.name == "DEFAULT")
    }) {
        let reason = format!("{} has values that Python interpolates", shown(file));
        settings.not_judged(SETTING, reason, at);
    }
}
