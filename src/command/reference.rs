//! What the table of codes says.

use crate::finding::CodeInfo;

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

/// What `explain` answers: the row of one code.
#[derive(Clone, Debug, Default)]
pub struct Explanation(pub Codes);
