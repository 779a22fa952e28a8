//! Bytes that are not what they should be.

use std::fmt;

/// Why some bytes are not what was expected of them.
///
/// Says which structure was being read and what did not fit; never a value
/// from the bytes, which may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The structure that was being read, by its name in the RFC.
    pub expected: &'static str,
    /// What does not fit.
    pub reason: String,
}

impl Malformed {
    pub(crate) fn new(expected: &'static str, reason: impl Into<String>) -> Self {
        Self {
            expected,
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a well-formed {}: {}", self.expected, self.reason)
    }
}

impl std::error::Error for Malformed {}
