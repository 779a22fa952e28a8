//! Where trust anchors come from.
//!
//! The rest of the library is given its anchors as DER and never looks for
//! any. The rooms here are the named exceptions, each behind a feature:
//!
//! * `native` (feature `native-anchors`) reads the trust store of this machine;
//! * `mozilla` (feature `mozilla-anchors`) has the roots of the Mozilla
//!   programme compiled in, and reads nothing.

mod anchors;
#[cfg(feature = "mozilla-anchors")]
pub mod mozilla;
#[cfg(feature = "native-anchors")]
pub mod native;

pub use anchors::Anchors;
