//! The work that a verification did: counted, so that a bound can be tested.

/// The work that a verification did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Work {
    /// Signatures computed.
    pub signatures: u64,
    /// Steps from a certificate to one below it.
    pub steps: u64,
    /// Comparisons of a name with a name constraint.
    pub constraint_comparisons: u64,
    /// Entries of revocation lists that were read.
    pub revocation_entries: u64,
    /// Partial paths that were built.
    pub partial_paths: u64,
}
