//! A live server: what it puts on the wire, and which protocol versions answer.
//!
//! What is sent and read here is bytes and types; the files `connect`,
//! `stream`, `starttls` and `tls` open connections and watch the time, and
//! stand behind the feature `probe`. Nothing is trusted, no data of anybody's
//! is sent, and whatever the other side does, time and memory are bounded.

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
#[cfg(feature = "probe")]
mod starttls;
#[cfg(feature = "probe")]
mod stream;
#[cfg(feature = "probe")]
mod tls;

#[cfg(feature = "probe")]
pub use connect::probe;
pub(crate) use kind::KeyKind;
pub use seen::{
    Answered, Asked, Failure, Handshake, Observed, Offered, Seen, StartTls, Target, Unreachable,
};
