//! What it costs to open an object, so that the total for many objects stays bounded.

use std::fmt;

/// Work, in rounds of an HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Work(u64);

impl Work {
    /// Nothing worth counting: one round of anything.
    pub(crate) const NONE: Self = Self(0);

    /// The most that is spent on one key: RFC 8018 section 4.2 calls 10,000,000
    /// iterations appropriate for especially critical keys. Two seconds with SHA-256.
    pub(crate) const MOST: u64 = 10_000_000;

    /// The most that is spent on the keys of one file, apart from the containers:
    /// ten thousand keys as OpenSSL writes them, or two at their limit.
    pub(crate) const OF_A_FILE: Self = Self(2 * Self::MOST);

    pub(super) const fn iterations(count: u64) -> Self {
        Self(count)
    }

    /// The work of scrypt, from N·r·p: 2^21 takes as long as 10,000,000 iterations.
    pub(super) const fn scrypt(product: u64) -> Self {
        Self(product.saturating_mul(5))
    }

    /// What is left after `spent`; `None` if that is more.
    pub(crate) const fn less(self, spent: Self) -> Option<Self> {
        match self.0.checked_sub(spent.0) {
            Some(left) => Some(Self(left)),
            None => None,
        }
    }

    /// Whether it exceeds the limit for one key.
    pub(crate) const fn is_too_much(self) -> bool {
        self.0 > Self::MOST
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
