//! One file per command: options into arguments of the library, nothing more.

pub(crate) mod reference;
