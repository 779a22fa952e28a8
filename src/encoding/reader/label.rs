//! A label as written, and as meant.

use crate::encoding::SectionKind;
use crate::encoding::kind::{KnownLabel, known_label};
use std::borrow::Cow;

/// The most characters of a label that are shown.
const MAX_SHOWN: usize = 64;

/// A label: as written but safe to print, its row of the table if it is known
/// (in any case, with any blanks, with dashes that belong to the line around
/// it), and whether it is written as in the table.
pub(super) struct Label {
    pub(super) shown: Cow<'static, str>,
    pub(super) known: Option<KnownLabel>,
    exact: bool,
}

impl Label {
    pub(super) fn new(written: &[u8]) -> Self {
        if let Some(known) = known_label(written) {
            return Self {
                shown: Cow::Borrowed(known.label),
                known: Some(known),
                exact: true,
            };
        }
        let text = String::from_utf8_lossy(written);
        let normal = text
            .trim_matches(|c: char| c == '-' || c.is_whitespace())
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_uppercase();
        let shown = text
            .chars()
            .take(MAX_SHOWN)
            .map(|c| {
                if c.is_ascii_graphic() || c == ' ' {
                    c
                } else {
                    '?'
                }
            })
            .collect::<String>();
        Self {
            shown: shown.into(),
            known: known_label(normal.as_bytes()),
            exact: false,
        }
    }

    pub(super) fn kind(&self) -> SectionKind {
        self.known.map_or(SectionKind::Unknown, |known| known.kind)
    }

    /// The label that it should be, if it is not what loaders look for.
    pub(super) fn better(&self) -> Option<&'static str> {
        let known = self.known?;
        known.better.or((!self.exact).then_some(known.label))
    }
}
