//! One private key among the sections of a file, as a loader meets it.

use zeroize::Zeroizing;

/// A section that a loader treats as a private key.
pub(super) struct KeyBlock {
    pub(super) at: usize,
    pub(super) content: Option<Zeroizing<Vec<u8>>>,
}

impl KeyBlock {
    /// The section whose BEGIN line is at `at`; no content if the loader could not decode it.
    pub(super) fn new(at: usize, content: Option<Zeroizing<Vec<u8>>>) -> Self {
        Self { at, content }
    }
}
