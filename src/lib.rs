//! Is this certificate, key, chain and protocol string fit to be enabled on
//! this server, and will its clients trust it?
#![doc(html_no_source)]

pub mod answer;
pub mod chain;
pub mod command;
pub mod encoding;
pub mod finding;
mod instant;
pub mod key_file;
pub mod key_match;
pub mod model;
mod objects;
pub mod preflight;
pub mod protocol;
pub mod report;
pub mod server;
pub mod server_name;
pub mod signature;
mod source;
pub mod trust_store;
pub mod validity;

pub use finding::{Finding, Severity};
pub use instant::{InvalidTime, Time};
pub use source::{FileFacts, Lines, Source, Span};
