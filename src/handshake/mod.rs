//! The TLS handshake from files: what a server and each client agree on.
//!
//! [`ClientHello`] has what real clients offer, [`ServerOffer`] has what a server on OpenSSL offers
//! with its settings and keys; [`agree`] puts the two together, and [`client_end`] says which
//! clients end the handshake nevertheless. Paths, names and dates are checked elsewhere.
//!
//! ```
//! use certcheck::cipher::CipherList;
//! use certcheck::handshake::{ClientHello, Group, KeyKind, ServerKey, ServerOffer, agree};
//! use certcheck::protocol::{Version, VersionSet};
//!
//! let versions = VersionSet::only(Version::TLSv1_2).union(VersionSet::only(Version::TLSv1_3));
//! let suites = CipherList::openssl("HIGH:!aNULL:!MD5").suites;
//! let key = ServerKey::new(KeyKind::Ec(Group::SECP256K1));
//! let server = ServerOffer::new(versions, suites, vec![key]);
//! // No client takes a key on this curve.
//! assert!(ClientHello::ALL.iter().all(|client| agree(&server, client).is_err()));
//! ```

mod agree;
mod agreement;
mod client_end;
mod client_key;
mod documented;
mod group;
mod hello;
pub(crate) mod releases;
mod scheme;
mod server_offer;
mod shared;
mod signing_key;
mod strength;
pub(crate) mod suite_b;
mod tls12;
mod tls13;
mod version;

pub use agree::agree;
pub use agreement::{Agreement, Exchange, Failure};
pub use client_end::{ClientEnd, client_end};
pub use client_key::{ClientKeyFailure, client_key};
pub use group::Group;
pub use hello::ClientHello;
pub use scheme::{Scheme, Signer};
pub use server_offer::{Closes, DhParameters, KeyKind, ServerKey, ServerOffer, Whom};
pub use strength::modulus_bits;
