//! Files of CA certificates and of revocation lists, which HAProxy loads with one
//! function (`ssl_store_load_ca_from_dir` aside: `ssl_store_load_locations_file`).

use super::super::{Context, Settings};
use crate::encoding::Document;
use crate::model::Certificate;
use crate::source::Source;

const CERTIFICATES: &[&str] = &["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"];

/// What is in such a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Store {
    Certificates,
    Lists,
}

/// Whether the word is the system's own store, and no file; with a `ca-base` it is one.
pub(super) fn is_of_system(written: &str, base: &str) -> bool {
    written == "@system-ca" && base.is_empty()
}

/// The file, which must be there and hold a certificate or a revocation list; both are
/// as good for either setting (measured: 2.6.12).
pub(super) fn load(
    setting: &str,
    path: &str,
    line: usize,
    context: &Context<'_>,
    settings: &mut Settings,
) -> Option<Store> {
    let lists = settings.authorities(context, setting, path, line)?;
    Some(if lists {
        Store::Lists
    } else {
        Store::Certificates
    })
}

/// What the file holds, and whether all of it can be read.
pub(super) fn contents(bytes: &[u8]) -> (Option<Store>, bool) {
    let document = Document::read(Source::new("", bytes.to_vec()));
    let (mut found, mut whole) = (None, true);
    for section in document.sections() {
        let Some(label) = section.label() else {
            continue;
        };
        let certificate = CERTIFICATES.contains(&label);
        if certificate {
            whole &= section
                .der()
                .is_some_and(|der| label.starts_with("TRUSTED") || Certificate::parse(der).is_ok());
            found = Some(Store::Certificates);
        } else if label == "X509 CRL" {
            whole &= section.der().is_some();
            found = found.or(Some(Store::Lists));
        }
    }
    (found, whole)
}
