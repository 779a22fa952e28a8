//! What the table of codes says, and the pages of `explain`.

mod page;
mod symptom;
mod texts;

pub use page::{Likelihood, Page, Symptom};
pub use symptom::{Leads, MOST_BYTES, Match, Unclear, leads, matches};
pub use texts::Elsewhere;

use crate::finding::Code;
use crate::rule::CodeInfo;

/// Rows of the table of codes: all of them, or those of an area.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Codes {
    /// The rows, area by area.
    pub codes: Vec<&'static CodeInfo>,
}

impl Codes {
    /// These rows.
    pub fn new(codes: impl IntoIterator<Item = &'static CodeInfo>) -> Self {
        Self {
            codes: codes.into_iter().collect(),
        }
    }
}

/// What `explain` answers.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Explanation {
    /// The text that was asked about, if it was a text.
    pub symptom: Option<String>,
    /// The codes, the likeliest first; only one, if it was asked for by name.
    pub codes: Vec<Explained>,
    /// What the text is, if no certificate is at fault.
    pub elsewhere: Option<Elsewhere>,
    /// Why no code is named for the text.
    pub unclear: Option<Unclear>,
}

/// One code and its page.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explained {
    /// The code's row.
    pub info: &'static CodeInfo,
    /// What its page says.
    pub page: Page,
    /// The quoted text that fits, and how well, in hundredths.
    pub fits: Option<(Symptom, u32)>,
}

/// The completions for a shell.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Completions {
    /// The shell's name.
    pub shell: String,
    /// The script.
    pub script: String,
}

impl Completions {
    /// A script for a shell.
    pub fn new(shell: impl Into<String>, script: impl Into<String>) -> Self {
        Self {
            shell: shell.into(),
            script: script.into(),
        }
    }
}

/// A page of the manual.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ManualPage {
    /// Its name, `certcheck-trust-plan`.
    pub name: String,
    /// The page, as `man` reads it (roff).
    pub page: String,
}

impl ManualPage {
    /// A page by its name.
    pub fn new(name: impl Into<String>, page: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            page: page.into(),
        }
    }
}

impl Explanation {
    /// The page of one code.
    pub fn of(code: Code) -> Self {
        let explained = Explained {
            info: code.info(),
            page: Page::of(code),
            fits: None,
        };
        Self {
            symptom: None,
            codes: vec![explained],
            elsewhere: None,
            unclear: None,
        }
    }

    /// The codes of the faults that an error text may come from.
    pub fn of_symptom(text: &str) -> Self {
        let (found, unclear) = match leads(text) {
            Ok(found) => (found, None),
            Err(unclear) => (Leads::default(), Some(unclear)),
        };
        let codes = found.matches.into_iter().map(|found| Explained {
            info: found.info,
            page: found.page,
            fits: Some((found.symptom, found.score)),
        });
        Self {
            symptom: Some(text.to_owned()),
            codes: codes.collect(),
            elsewhere: found.elsewhere,
            unclear,
        }
    }
}
