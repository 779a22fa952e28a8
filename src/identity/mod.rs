//! The questions of a program that holds a certificate and its key in memory: is the pair
//! sound, and why did rustls refuse it?
//!
//! What goes in are the types of `rustls-pki-types`, which rustls, reqwest, axum and others
//! pass around. What comes out is an [`Answer`](crate::answer::Answer), whose findings say what
//! is wrong and what to do.
//!
//! | question | entry |
//! | --- | --- |
//! | Is this PEM file a usable pair? | [`load_identity`] |
//! | Do chain, key and names fit together now? | [`check_identity`] |
//! | Why did the handshake fail? | `diagnose`, and `ExplainingVerifier` around a verifier, behind the feature `rustls` |
//! | May the new pair replace the old one? | [`safe_to_replace`] |

mod check;
#[cfg(feature = "rustls")]
mod diagnose;
#[cfg(feature = "rustls")]
mod explain;
mod load;
mod replace;

pub use check::{Report, check_identity};
#[cfg(feature = "rustls")]
pub use diagnose::diagnose;
#[cfg(feature = "rustls")]
pub use explain::ExplainingVerifier;
pub use load::{Identity, LoadError, load_identity};
pub use replace::safe_to_replace;
