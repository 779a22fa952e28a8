//! Files of CA certificates and of revocation lists, which HAProxy loads with one
//! function (`ssl_store_load_ca_from_dir` aside: `ssl_store_load_locations_file`).

use super::super::{Context, Settings, shown};
use super::TEST;
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
    let bytes = settings.demanded(context, setting, path, line)?;
    let (found, whole) = contents(bytes);
    if found.is_none() {
        let message = format!(
            "'{}' : unable to load {} (no certificate or crl found)",
            shown(setting),
            shown(path)
        );
        settings.refuse_at(setting, &message, TEST, line);
    } else if !whole {
        let reason = format!("a section of {} could not be read here", shown(path));
        settings.not_judged(setting, reason, line);
    }
    found
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
