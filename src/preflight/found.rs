//! What was found at the path of a file that the settings name.

use crate::encoding::Document;
use crate::source::Source;
use std::sync::Arc;

/// What the caller found for a file that the settings name.
#[derive(Debug)]
#[non_exhaustive]
pub enum Found {
    /// Its contents.
    Read(Source),
    /// There is no such file.
    Missing,
    /// It is a directory.
    Directory,
    /// It is there, and could not be read here: why.
    Unreadable(String),
}

/// The same, stored.
#[derive(Clone, Debug)]
pub(super) enum Kept {
    Read(Arc<Document>),
    Missing,
    Directory,
    Unreadable(String),
}

impl Kept {
    /// The file, if it was read.
    pub(super) const fn document(&self) -> Option<&Arc<Document>> {
        match self {
            Self::Read(document) => Some(document),
            _ => None,
        }
    }
}
