//! The certificates that expire first: only as many as are shown.

use super::places::Place;
use crate::Time;
use crate::finding::Fingerprint;
use std::collections::BTreeMap;

/// The most certificates that are listed by expiry.
const MOST_ENDINGS: usize = 10_000;

/// A certificate of the list.
pub(super) struct Entry {
    pub(super) subject: String,
    pub(super) issuer: String,
    pub(super) not_before: Time,
    pub(super) is_due: bool,
    pub(super) sha256: Fingerprint,
    pub(super) place: Place,
}

/// The first of them by expiry, then in the order of the tree.
#[derive(Default)]
pub(super) struct Endings {
    first: BTreeMap<(Time, usize), Entry>,
    seen: usize,
}

impl Endings {
    /// Whether a certificate with this expiry is among the first so far.
    pub(super) fn wants(&self, not_after: Time) -> bool {
        self.first.len() < MOST_ENDINGS
            || self
                .first
                .last_key_value()
                .is_some_and(|(&(last, _), _)| not_after < last)
    }

    /// Adds a certificate that was not seen before.
    pub(super) fn take(&mut self, not_after: Time, entry: impl FnOnce() -> Entry) {
        let place = self.seen;
        self.seen += 1;
        if !self.wants(not_after) {
            return;
        }
        self.first.insert((not_after, place), entry());
        if self.first.len() > MOST_ENDINGS {
            self.first.pop_last();
        }
    }

    /// The list, and how many certificates are not in it.
    pub(super) fn end(self) -> (impl Iterator<Item = (Time, Entry)>, usize) {
        let more = self.seen - self.first.len();
        let first = self.first.into_iter();
        (first.map(|((end, _), entry)| (end, entry)), more)
    }
}
