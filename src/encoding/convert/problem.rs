//! Why a conversion is not possible.

use crate::encoding::SectionKind;
use std::fmt;

/// Why nothing is converted: something would be lost, or there is nothing to convert.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConversionProblem {
    /// There is no object in the source.
    NothingFound,
    /// These sections are damaged beyond repair.
    Damaged {
        /// Their indices.
        sections: Vec<usize>,
    },
    /// DER holds one object to a file; ask for a split.
    SeveralObjects {
        /// How many there are.
        objects: usize,
    },
    /// A key is encrypted in the traditional form, whose cipher and initialisation vector are in
    /// headers that DER has no place for.
    HeadersLost {
        /// The section's index.
        section: usize,
    },
    /// The content of a section is not DER, so it has no DER file.
    NotDer {
        /// The section's index.
        section: usize,
    },
    /// The source is a container without a PEM form: its contents have to be extracted first, which
    /// needs its passphrase.
    Container {
        /// Which one.
        kind: SectionKind,
    },
    /// A container could not be opened, or only in part.
    Closed {
        /// Which one.
        kind: SectionKind,
        /// Why not; it contains nothing secret.
        reason: String,
    },
    /// There is nothing in a container.
    Empty {
        /// Which one.
        kind: SectionKind,
    },
    /// A section is text of another kind, and has neither form.
    NoForm {
        /// The section's index.
        section: usize,
        /// What it is.
        kind: SectionKind,
    },
    /// A key is not rewritten.
    Key {
        /// The section's index.
        section: usize,
        /// Why not; it contains nothing secret.
        reason: String,
    },
    /// Keys were to be rewritten, and there is none.
    NoKey,
    /// The source has more sections than certcheck reads.
    NotAllRead,
    /// What was written does not read back as what it was made from. This
    /// is a defect of certcheck; nothing was returned.
    NotProven,
}

impl fmt::Display for ConversionProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingFound => f.write_str("it contains no certificate, key or other object"),
            Self::Damaged { sections } => {
                let numbers: Vec<String> = sections
                    .iter()
                    .map(|index| (index + 1).to_string())
                    .collect();
                write!(
                    f,
                    "section {} cannot be read, and would be lost",
                    numbers.join(", ")
                )
            }
            Self::NotAllRead => f.write_str(
                "it has more sections than certcheck reads, and the rest would be lost: split it",
            ),
            Self::SeveralObjects { objects } => write!(
                f,
                "it contains {objects} objects, but a DER file can contain only one: write each to its own file"
            ),
            Self::HeadersLost { section } => write!(
                f,
                "section {} is encrypted in the traditional form, which DER cannot represent",
                section + 1
            ),
            Self::NotDer { section } => {
                write!(f, "the content of section {} is not DER", section + 1)
            }
            Self::Container { kind } => {
                write!(
                    f,
                    "it is {}, whose contents must be extracted first",
                    kind.with_article()
                )
            }
            Self::Closed { kind, reason } => {
                write!(
                    f,
                    "the contents of the {} would be lost: {reason}",
                    kind.words()
                )
            }
            Self::Empty { kind } => write!(f, "this {} is empty", kind.words()),
            Self::NoForm { section, kind } => write!(
                f,
                "section {} is {}, which is written neither as PEM nor as DER",
                section + 1,
                kind.with_article()
            ),
            Self::Key { section, reason } => {
                write!(f, "the key in section {} {reason}", section + 1)
            }
            Self::NoKey => f.write_str("it contains no private key"),
            Self::NotProven => f.write_str("the result does not read back the same"),
        }
    }
}

impl std::error::Error for ConversionProblem {}
