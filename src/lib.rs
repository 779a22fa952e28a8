//! Is this certificate, key, chain and protocol string fit to be enabled on
//! this server, and will its clients trust it?
//!
//! [`preflight`] asks everything at once; [`command`] has the other questions
//! of the program; the rooms below them answer one question each, in types,
//! and can be used alone: [`encoding`] reads any file and says where it
//! deviates, [`key_match`] proves which key belongs to what, [`chain`] finds
//! and explains paths, [`protocol`] knows what `all -SSLv2` means to eleven
//! programs.
//!
//! ```
//! use certcheck::{Source, answer::Verdict, preflight::Preflight, server::Profile};
//!
//! let apache = Profile::named("apache").ok_or("no such server")?;
//! let answer = Preflight::new(apache, "2026-11-22T00:00:00Z".parse()?)
//!     .certificate_file(Source::new("server.crt", b"no certificate".to_vec()))
//!     .run();
//! assert_eq!(answer.verdict(), Verdict::Fail);
//! assert_eq!(answer.findings[0].code().as_str(), "encoding.nothing-found");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Nothing here reads a clock, a file, the environment or the network: times,
//! contents and trust anchors are arguments. (`trust_store::native`, behind the
//! feature `native-anchors`, and `probe::probe`, behind `probe`, are the named
//! exceptions.)
//!
//! | feature | brings |
//! | --- | --- |
//! | `json` | `report::json`, the document of `schema/certcheck-1.json` |
//! | `text` | `report::text`, the report for people |
//! | `native-anchors`, `mozilla-anchors` | trust anchors of this machine, of Mozilla's programme |
//! | `probe` | `probe::probe`, which opens connections to look at a live server |
//! | `cli` (default) | the binary, and all of these |
#![doc(html_no_source)]

pub mod answer;
pub mod chain;
pub mod cipher;
pub mod client;
pub mod command;
pub mod encoding;
pub mod finding;
pub mod handshake;
mod instant;
pub mod key_file;
pub mod key_loading;
pub mod key_match;
pub mod known_bad;
pub mod model;
mod objects;
pub mod preflight;
pub mod probe;
pub mod protocol;
pub mod report;
pub mod rule;
pub mod server;
pub mod server_name;
pub mod shown;
pub mod signature;
mod source;
pub mod trust_store;
pub mod validity;

pub use finding::Severity;
pub use instant::{InvalidTime, Time};
pub use rule::Finding;
pub use source::{AccessList, FileFacts, Guarded, Lines, Source, Span};
