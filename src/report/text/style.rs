//! The few styles, and how hostile text is made harmless.

use crate::finding::Severity;
use crate::shown;
use anstyle::{AnsiColor, Style};
use std::borrow::Cow;

pub(super) const STRONG: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const GOOD: Style = AnsiColor::Green.on_default().bold();

pub(super) const fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Notice => AnsiColor::Cyan.on_default().bold(),
    }
}

/// `text` in a form that is safe for a terminal: every control and every invisible formatting
/// character (bidirectional overrides, zero-width ones) written as an escape, and
/// whatever looks like key material left out.
pub fn printable(text: &str) -> Cow<'_, str> {
    match shown::without_keys(text) {
        Cow::Borrowed(text) => shown::visible(text),
        Cow::Owned(text) => Cow::Owned(shown::visible(&text).into_owned()),
    }
}
