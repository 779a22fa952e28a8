//! A tree of files: which certificates expire next, and what else is wrong in it.
//!
//! It works in two steps, so that the first can run on all cores. A [`Scanner`] looks at one file,
//! or at a piece of a large one, by itself. A [`Tree`] collects what was seen, in the order of
//! the tree, and compares: copies, shared keys, keys without a certificate, issuers that are
//! missing. It compares [`MOST_COMPARED`] certificates with one another; the others are judged by themselves.

mod endings;
mod kept;
mod places;
mod relations;
mod result;
mod scanner;
mod seen;
mod tree;

pub use result::{Copies, Counts, Ending, Issuer, LoneKey, Scan, SharedKey, Skipped, Spot};
pub use scanner::{Guards, Piece, Scanner, is_one_piece};
pub use seen::Looked;
pub use tree::{MOST_COMPARED, SkipReason, Tree};
