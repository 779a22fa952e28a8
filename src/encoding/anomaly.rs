//! What is unusual, and where.

use crate::rule::EncodingFact;
use crate::source::{Lines, Span};

/// One deviation from what strict readers demand.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Anomaly {
    /// What it is.
    pub fact: EncodingFact,
    /// The bytes of the source that it concerns.
    pub span: Span,
    /// The lines of `span`, if the source is text.
    pub lines: Option<Lines>,
    /// The index of the section that it belongs to, if it belongs to one.
    pub section: Option<usize>,
}
