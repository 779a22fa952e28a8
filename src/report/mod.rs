//! Answers as words for people and as documents for programs.
//!
//! The only rooms that know colours and columns ([`text`]) or JSON ([`json`]).

#[cfg(feature = "json")]
pub mod json;
#[cfg(any(feature = "text", feature = "json"))]
mod repeats;
#[cfg(feature = "text")]
pub mod text;
