//! What a client decides.

/// What a client decides about a server, or about a certificate in its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// It connects.
    Accepts,
    /// It does not.
    Refuses,
    /// certcheck cannot tell: not measured, a signature that is not computed here, or an aborted
    /// search.
    Undecided,
}

impl Verdict {
    /// `accepts`, `refuses` or `undecided`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepts => "accepts",
            Self::Refuses => "refuses",
            Self::Undecided => "undecided",
        }
    }
}
