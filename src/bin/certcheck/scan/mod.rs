//! A tree of files, examined on all cores and reported in its order.
//!
//! One thread walks the tree and fills batches; the others examine the files of a batch.

mod file;
mod members;
mod pool;
mod progress;
mod sections;
mod stop;
mod walk;

pub(crate) use pool::{Item, run};
pub(crate) use progress::Progress;
pub(crate) use stop::Stop;
pub(crate) use walk::Roots;
