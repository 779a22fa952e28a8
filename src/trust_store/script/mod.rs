//! Plans as scripts: for reading first, for a root shell after.

mod quote;
mod sh;

pub use sh::{install as sh_install, undo as sh_undo};
