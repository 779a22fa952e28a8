//! Protocol strings: what `all -SSLv2` means to the program that reads it.
//!
//! A [`ProtocolString`] is a text in a [`Dialect`]. It is evaluated in an [`Environment`], because
//! the same text may mean something different with another TLS library. The [`Evaluation`] says
//! whether the program's parser accepts it, whether the program then starts, which versions are
//! configured and which really work, and what each word did.
//!
//! ```
//! use certcheck::protocol::{Dialect, Environment, ProtocolString};
//! let string = ProtocolString::parse(Dialect::Apache, "all -TLSv1.2");
//! let answer = string.evaluate(&Environment::default_for(Dialect::Apache));
//! assert!(answer.accepted && answer.starts);
//! assert_eq!(answer.configured.to_string(), "TLSv1 TLSv1.1 TLSv1.3");
//! assert_eq!(answer.effective.to_string(), "TLSv1.3");
//! ```

mod apache;
mod apache_line;
mod clients;
pub mod config;
mod dialect;
mod difference;
mod environment;
mod evaluation;
mod findings;
mod haproxy;
mod haproxy_line;
mod haproxy_options;
mod haproxy_values;
mod java;
mod lexer;
mod nginx;
mod nginx_line;
mod openssl;
mod openssl_conf;
mod postfix;
mod postgres;
mod postgres_line;
mod string;
mod tabpy;
mod tomcat;
mod tsm;
mod version;
mod write;

pub use clients::KnownClient;
pub use dialect::{Dialect, UnknownDialect};
pub use difference::Difference;
pub use environment::{Environment, Library};
pub use evaluation::{Effect, Evaluation, Observation, Token};
pub use string::ProtocolString;
pub use version::{UnknownVersion, Version, VersionSet};
pub use write::CannotSay;
