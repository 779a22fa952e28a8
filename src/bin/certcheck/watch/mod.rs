//! What `watch` needs beside the checks: what changed between two of them, and who says that a file
//! changed.

mod changes;
mod notices;

pub(crate) use changes::{Snapshot, line};
pub(crate) use notices::{Notices, Woken};
