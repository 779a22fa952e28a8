//! Answers as words for people and as documents for programs.
//!
//! [`text`] knows colours and columns, [`json`] the document. The other formats, one file each, are
//! written from an [`Outline`], which every command has.

#[cfg(feature = "json")]
mod github;
#[cfg(feature = "json")]
mod harmless;
#[cfg(feature = "html")]
mod html;
#[cfg(feature = "json")]
pub mod json;
#[cfg(feature = "json")]
mod junit;
#[cfg(feature = "json")]
mod nagios;
#[cfg(feature = "json")]
mod outline;
#[cfg(feature = "json")]
mod prometheus;
#[cfg(any(feature = "text", feature = "json"))]
mod repeats;
#[cfg(feature = "json")]
mod rows;
#[cfg(feature = "json")]
mod sarif;
#[cfg(feature = "json")]
pub mod targets;
#[cfg(feature = "text")]
pub mod text;
#[cfg(any(feature = "text", feature = "json"))]
mod when;
#[cfg(any(feature = "text", feature = "json"))]
mod word;

#[cfg(feature = "json")]
pub use github::{github, github_failure, github_summary};
#[cfg(feature = "html")]
pub use html::html;
#[cfg(feature = "json")]
pub use junit::junit;
#[cfg(feature = "json")]
pub use nagios::{State, nagios, nagios_failure};
#[cfg(feature = "json")]
pub use outline::Outline;
#[cfg(feature = "json")]
pub use prometheus::{prometheus, prometheus_of};
#[cfg(feature = "json")]
pub use rows::{csv, csv_head, csv_object, ndjson, ndjson_end, ndjson_finding, ndjson_object};
#[cfg(feature = "json")]
pub use sarif::sarif;
#[cfg(any(feature = "text", feature = "json"))]
pub use word::Word;
