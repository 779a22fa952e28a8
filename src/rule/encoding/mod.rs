//! Rules about how bytes are encoded.

mod base64;
mod boundary;
mod byte_order_mark;
mod certificate_in_key_file;
mod der_where_pem_expected;
mod file_extension;
mod headers;
mod integrity;
mod label_mismatch;
mod layout;
mod malformed_der;
mod missing_begin;
mod missing_end;
mod not_read;
mod nothing_found;
mod pem_where_der_expected;
mod private_key_in_certificate_file;
mod surrounding_text;
mod too_large;
mod trailing_data;
mod trust_settings;
mod unknown_label;
mod utf16;

pub use base64::Base64;
pub use boundary::Boundary;
pub use byte_order_mark::ByteOrderMark;
pub use certificate_in_key_file::CertificateInKeyFile;
pub use der_where_pem_expected::DerWherePemExpected;
pub use file_extension::FileExtension;
pub use headers::Headers;
pub use integrity::Integrity;
pub use label_mismatch::LabelMismatch;
pub use layout::Layout;
pub use malformed_der::MalformedDer;
pub use missing_begin::MissingBegin;
pub use missing_end::MissingEnd;
pub use not_read::NotRead;
pub use nothing_found::NothingFound;
pub use pem_where_der_expected::PemWhereDerExpected;
pub use private_key_in_certificate_file::PrivateKeyInCertificateFile;
pub use surrounding_text::SurroundingText;
pub use too_large::TooLarge;
pub use trailing_data::TrailingData;
pub use trust_settings::TrustSettings;
pub use unknown_label::UnknownLabel;
pub use utf16::Utf16;

use crate::finding::{Need, Remedy, Subject, beside, quote};
use crate::rule::facts;

facts! {
/// What is wrong or unusual about an encoding.
    EncodingFact { DerWherePemExpected, PemWhereDerExpected, Utf16, ByteOrderMark, Base64, LabelMismatch, MissingEnd, MissingBegin, TrailingData, UnknownLabel, MalformedDer, NothingFound, Boundary, Layout, SurroundingText, Headers, TrustSettings, FileExtension, PrivateKeyInCertificateFile, CertificateInKeyFile, NotRead, TooLarge, Integrity }
}

/// Writes the objects of the file to a new file in the same directory. It stops at damage beyond
/// repair, and overwrites nothing.
fn rewrite(subject: &Subject, words: &str, extension: Option<&str>) -> Remedy {
    let (old, new) = (&subject.source, beside(&subject.source, "clean", extension));
    Remedy::words(words)
        .run(format!(
            "certcheck convert {} --to pem -o {}",
            quote(old),
            quote(&new)
        ))
        .then_instead(new, old)
}

fn opened(subject: &Subject, kind: &str, extension: Option<&str>) -> Remedy {
    let (old, new) = (&subject.source, beside(&subject.source, "clean", extension));
    let words = "extract the certificates and keys from the container; a key keeps its passphrase";
    let convert = format!(
        "certcheck convert {} --to pem -o {}",
        quote(old),
        quote(&new)
    );
    let remedy = Remedy::words(words).then_instead(new, old);
    if kind.contains("PKCS#7") {
        return remedy.run(convert);
    }
    remedy
        .run(format!("{convert} --passphrase-stdin"))
        .needing(Need::Passphrase)
}

/// Whether the words name something that contains other objects.
pub(crate) fn is_container(kind: &str) -> bool {
    (kind.contains("container") || kind.contains("keystore")) && !kind.contains("empty")
}
