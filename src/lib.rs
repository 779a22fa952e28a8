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
//! Each part is a feature; docs/library.md lists them, with an example for each.
#![doc(html_no_source)]
// One part uses what another offers: with all features, nothing is unused.
#![cfg_attr(
    not(feature = "scan"),
    allow(dead_code, unused_imports, unreachable_pub)
)]

pub mod answer;
#[cfg(feature = "chain")]
pub mod chain;
pub mod cipher;
#[cfg(feature = "clients")]
pub mod client;
#[cfg(feature = "preflight")]
pub mod command;
#[cfg(feature = "x509")]
mod crypto;
mod dated;
pub mod encoding;
pub mod finding;
pub mod handshake;
#[cfg(feature = "preflight")]
pub mod identity;
mod instant;
#[cfg(feature = "keys")]
pub mod key_file;
#[cfg(feature = "keys")]
pub mod key_loading;
#[cfg(feature = "keys")]
pub mod key_match;
#[cfg(feature = "keys")]
pub mod known_bad;
#[cfg(feature = "scan")]
mod manifest;
#[cfg(feature = "x509")]
pub mod model;
#[cfg(feature = "preflight")]
mod objects;
#[cfg(feature = "preflight")]
pub mod preflight;
#[cfg(feature = "preflight")]
pub mod probe;
pub mod protocol;
mod release;
#[cfg(feature = "preflight")]
pub mod report;
pub mod rule;
mod same;
#[cfg(feature = "servers")]
pub mod server;
#[cfg(feature = "x509")]
pub mod server_name;
pub mod shown;
#[cfg(feature = "x509")]
pub mod signature;
mod source;
pub mod spelling;
#[cfg(feature = "trust-plan")]
pub mod trust_store;
#[cfg(feature = "x509")]
pub mod validity;

pub use finding::Severity;
pub use instant::{InvalidTime, Time};
pub use release::{Release, UnknownRelease};
pub use rule::Finding;
pub use source::{AccessList, FileFacts, Guarded, Lines, Source, Span};

/// The examples of docs/library.md are run.
#[cfg(all(doctest, feature = "cli"))]
#[doc = include_str!("../docs/library.md")]
struct LibraryGuide;
