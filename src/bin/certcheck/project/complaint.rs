//! What clap objects to in the options that a target or a default makes.

use clap::error::{ContextKind, ContextValue};

/// What clap says is wrong, and what it suggests.
pub(super) fn words(error: &clap::Error) -> (String, Option<String>) {
    let text = error.render().to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let mut what = first.trim_start_matches("error: ").to_owned();
    let mut help = Vec::new();
    for line in lines {
        match line {
            _ if line.starts_with("Usage:") || line.starts_with("For more") => break,
            // The list of what is missing.
            _ if line.starts_with('-') || line.starts_with('<') => {
                what.push(' ');
                what.push_str(line);
            }
            _ => help.push(line.trim_start_matches("tip: ").to_owned()),
        }
    }
    let help = help.join("; ");
    (what, Some(help).filter(|help| !help.is_empty()))
}

/// The option that clap complains about: `server` for `--server <NAME>`.
pub(super) fn argument(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(text)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let word = text.split([' ', '=']).next().unwrap_or_default();
    Some(word.trim_start_matches('-').to_owned())
}
