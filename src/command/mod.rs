//! The questions of the program, one file each: inputs in, an [`Answer`](crate::answer::Answer) out.
//!
//! The largest has its own module, [`preflight`](crate::preflight).

pub mod assemble;
pub mod chain;
pub mod ciphers;
pub mod config;
pub mod convert;
pub mod doctor;
mod exposed;
pub mod gate;
pub mod handshake;
pub mod inspect;
pub mod issuers;
pub mod key_id;
pub mod matching;
pub mod probe;
pub mod proof;
pub mod protocols;
pub mod reference;
#[cfg(feature = "scan")]
pub mod scan;
#[cfg(feature = "scan")]
pub mod stream;
pub mod trust_plan;
pub mod trust_predict;
pub mod trust_status;
pub mod verify;
