//! The objects in a file, in whatever state it is.
//!
//! [`Document::read`] finds every object that a person would find: PEM with any line ending,
//! indented, glued together, cut off, in UTF-16; base64 without its BEGIN line; DER, whatever the
//! file is called. Each deviation from RFC 7468 that trips some loader is an [`Anomaly`] with its
//! place; nothing is skipped silently.
//!
//! [`to_pem`] writes what every loader reads; [`convert`] repairs a file and proves that nothing
//! was lost, and [`loader`] says what a server's or a
//! client's own loader makes of the file as it is.

mod anomaly;
mod charset;
pub mod convert;
mod der;
mod document;
mod form;
mod kind;
pub mod loader;
mod looks;
mod reader;
mod section;
pub mod strict;
mod write;

pub use anomaly::Anomaly;
pub use charset::Charset;
pub use document::Document;
pub use form::Form;
pub use kind::SectionKind;
pub use section::{Encoding, Section};
pub use write::to_pem;
pub(crate) use write::to_pem_with_headers;

/// Decodes base64 with blanks and line ends in it; `None` if it is not base64.
#[cfg(feature = "scan")]
pub(crate) fn decoded(
    text: impl Iterator<Item = u8> + Clone,
) -> Option<zeroize::Zeroizing<Vec<u8>>> {
    loader::plain_base64(text)
}

/// The most bytes that are read from one input: 64 MiB, half as much again as
/// the largest bundle measured (20,000 certificates, 44 MB). Memory stays
/// within about twice the input.
pub const MAX_BYTES: usize = 64 << 20;

/// The most sections that are read from one input. 64 MiB of ordinary
/// certificates are 30,000.
pub const MAX_SECTIONS: usize = 100_000;

/// The most anomalies that are kept for one input; a file with more is not read further.
pub const MAX_ANOMALIES: usize = 100_000;
