//! What `watch` needs beside the checks: what changed between two of them, who says that a file
//! changed, and one text of metrics.

mod changes;
mod metrics;
mod notices;

pub(crate) use changes::{Snapshot, line};
pub(crate) use metrics::joined;
pub(crate) use notices::{Notices, Woken};
