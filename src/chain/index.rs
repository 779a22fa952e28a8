//! Certificates by the name that they were issued to.

use crate::model::{Certificate, Name};

/// Places of certificates in a list, by subject.
pub(super) struct SubjectIndex {
    by_hash: Vec<(u64, usize)>,
}

impl SubjectIndex {
    /// Of the `certificates` whose places are in `places`.
    pub(super) fn new(
        certificates: &[Certificate<'_>],
        places: impl Iterator<Item = usize>,
    ) -> Self {
        let mut by_hash: Vec<_> = places
            .filter_map(|place| Some((certificates.get(place)?.subject().hash(), place)))
            .collect();
        by_hash.sort_unstable();
        Self { by_hash }
    }

    /// Places of the certificates that were issued to `name`.
    pub(super) fn named<'s>(
        &'s self,
        certificates: &'s [Certificate<'_>],
        name: Name<'s>,
    ) -> impl Iterator<Item = usize> + use<'s> {
        let start = self
            .by_hash
            .partition_point(|(hash, _)| *hash < name.hash());
        self.by_hash
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take_while(move |(hash, _)| *hash == name.hash())
            .map(|(_, place)| *place)
            .filter(move |place| {
                certificates
                    .get(*place)
                    .is_some_and(|certificate| certificate.subject().matches(&name))
            })
    }
}
