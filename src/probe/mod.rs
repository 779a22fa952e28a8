//! A live server: the certificates that it sends, and the protocol versions that it speaks.
//!
//! Most of this module works on bytes and types. Only the files `connect`, `stream`, `starttls` and
//! `tls` open connections and watch the time; they need the feature `probe`. A probe trusts
//! nothing and sends no user data, and its time and memory are bounded whatever the peer does.

#[cfg(feature = "probe")]
mod client;
#[cfg(feature = "probe")]
mod connect;
#[cfg(feature = "probe")]
mod connections;
#[cfg(feature = "probe")]
mod failure;
#[cfg(any(feature = "probe", test))]
mod greeting;
#[cfg(any(feature = "probe", test))]
mod hello;
mod kind;
#[cfg(feature = "probe")]
mod offers;
#[cfg(feature = "probe")]
mod random;
#[cfg(any(feature = "probe", test))]
mod reply;
mod seen;
#[cfg(any(feature = "probe", test))]
mod share;
#[cfg(feature = "probe")]
mod starttls;
#[cfg(feature = "probe")]
mod stream;
#[cfg(feature = "probe")]
mod tls;

#[cfg(feature = "probe")]
pub use client::ClientIdentity;
#[cfg(feature = "probe")]
pub use connect::probe;
pub(crate) use kind::KeyKind;
pub use seen::{
    Answered, Asked, Failure, Handshake, Observed, Offered, Seen, StartTls, Target, Unreachable,
};
