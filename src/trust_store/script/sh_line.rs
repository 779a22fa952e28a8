//! Lines of a script for sh.

use crate::model::sha256;
use std::fmt::Write;

/// Words on a line of their own.
pub(super) fn line(body: &mut String, indent: usize, words: &[&str]) {
    let _ = writeln!(body, "{}{}", "  ".repeat(indent), words.join(" "));
}

/// The SHA-256 of a text, as `sha256sum` prints it.
pub(super) fn digest(content: &str) -> String {
    sha256(content.as_bytes()).to_string()
}
