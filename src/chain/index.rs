//! Places of certificates by the hash of a name.

/// Places in a list, by the hash of one of their names.
pub(super) struct Index {
    by_hash: Vec<(u64, usize)>,
}

impl Index {
    /// From pairs of a hash and a place.
    pub(super) fn new(pairs: impl Iterator<Item = (u64, usize)>) -> Self {
        let mut by_hash: Vec<_> = pairs.collect();
        // A sorted list needs no allocation for each name, and a name that ten thousand
        // certificates share costs no more than others.
        by_hash.sort_unstable();
        Self { by_hash }
    }

    /// The places with that hash, whose names must still be compared.
    pub(super) fn get(&self, hash: u64) -> impl Iterator<Item = usize> + use<'_> {
        let start = self.by_hash.partition_point(|(other, _)| *other < hash);
        let from = self.by_hash.get(start..).unwrap_or_default().iter();
        from.take_while(move |(other, _)| *other == hash)
            .map(|(_, place)| *place)
    }
}
