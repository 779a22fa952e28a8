//! Check, before you enable them, whether a certificate, its key, chain and protocol
//! string will work on a server, and whether its clients will trust it.
//!
//! [`preflight`] answers all of these questions at once. [`command`] has the other
//! commands of the program. Each module below answers one question, in types, and can be
//! used alone: [`encoding`] reads any file and reports every deviation, [`key_match`]
//! proves which key belongs to which certificate, [`chain`] finds and explains paths, and
//! [`protocol`] explains what `all -SSLv2` means to eleven programs.
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
//! The library reads no clock, no file, no environment and no network: times, contents and
//! trust anchors are arguments. There are two exceptions: `trust_store::native`, behind the
//! feature `native-anchors`, and `probe::probe`, behind the feature `probe`.
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
mod release;
pub mod report;
pub mod rule;
mod same;
pub mod server;
pub mod server_name;
pub mod shown;
pub mod signature;
mod source;
pub mod trust_store;
pub mod validity;

pub use finding::Severity;
pub use instant::{InvalidTime, Time};
pub use release::Release;
pub use rule::Finding;
pub use source::{AccessList, FileFacts, Guarded, Lines, Source, Span};
