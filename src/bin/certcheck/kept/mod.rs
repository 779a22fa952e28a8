//! What the system stores about a file in addition to its contents: who owns it, and who may
//! read it. A file that replaces another one gets the same.
//!
//! The systems differ in what there is to keep: [`unix`] and [`elsewhere`] have the same names.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(crate) use elsewhere::{Old, kind, on_disk, ordinary, private};
#[cfg(unix)]
pub(crate) use unix::{Old, kind, on_disk, ordinary, private};
