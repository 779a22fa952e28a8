//! A tree of files, looked at on all cores and reported in its order.
//!
//! One thread walks the tree and fills batches. As many threads as there are cores look at the files of
//! a batch, and send what they see through the batch's own channel. The caller takes the
//! channels in the order of the batches, so that the output has the order of the tree. All
//! channels are short: a thread that is ahead waits, and memory does not grow with the tree.

mod file;
mod pool;
mod progress;
mod sections;
mod stop;
mod walk;

pub(crate) use pool::{Item, run};
pub(crate) use progress::Progress;
pub(crate) use stop::Stop;
pub(crate) use walk::Roots;
