//! What single clients say of a presented chain.
//!
//! The rooms here ask a client's own code where it can be linked; rustls'
//! verifier, rustls-webpki, is the first.

mod rustls;

pub use rustls::{Refusal, rustls};
