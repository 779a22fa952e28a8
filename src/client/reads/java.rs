//! Java's sun.security.x509: an extension that cannot be read is ignored unless it is critical
//! (CertificateExtensions.parseExtension).

use super::facts;
use super::{Place, Unread, refuse};
use crate::client::issued::ns_unread_by_java;
use crate::client::java_names;
use crate::client::refusal::Cause;
use crate::model::der::plain::{Reader, SEQUENCE, context_constructed, only};
use crate::model::{Certificate, ExtensionFault, GeneralName, Oddity, TimeForm};

pub(super) fn unread(it: &Certificate<'_>, place: Place) -> Option<Unread> {
    if facts::algorithms_differ_in_kind(it) {
        return refuse("Signature algorithm mismatch");
    }
    if it.version() < 3 && !it.extensions().is_empty()
        || facts::early_unique_id(it)
        || matches!(it.oddities().first(), Some(Oddity::Version { .. }))
    {
        return refuse(match it.version() {
            1 => "no more data allowed for version 1 certificate",
            _ => "Extensions not allowed in v2 certificate",
        });
    }
    for (_, form) in facts::times(it) {
        match form {
            TimeForm::NoZone => return refuse("Parse UTC time, invalid offset"),
            TimeForm::LeapSecond | TimeForm::OutOfRange => {
                return refuse("Parse UTC time, invalid format");
            }
            _ => {}
        }
    }
    let key = facts::key(it);
    if key.explicit {
        return refuse("Only named ECParameters supported");
    }
    if key.compressed {
        return refuse("subject key, java.security.InvalidKeyException: Invalid EC key");
    }
    if it.issuer().is_empty() {
        return refuse("Empty issuer DN not allowed in X509Certificates");
    }
    if let Some(says) = nameless(it) {
        return refuse(says);
    }
    // sun.security.x509.EDIPartyName sees only implicit tags, and finds no partyName.
    let party = |name: GeneralName<'_>| matches!(name, GeneralName::EdiParty(_));
    let names = it.subject_alt_names().filter(|_| place == Place::Own);
    if names.is_some_and(|names| names.iter().any(party)) {
        return malformed("Cannot have null partyName");
    }
    if has_odd_trailer(it) {
        return refuse("Unsupported trailerField value");
    }
    if facts::doubled(it).is_some() {
        return malformed("Duplicate extensions not allowed");
    }
    if facts::huge_path_length(it) {
        return malformed("Unparseable certificate extensions: 1");
    }
    let names = it.standard_extension(17);
    if names.is_some_and(|names| names.critical) && !java_names::are_read(it) {
        return malformed("Unparseable certificate extensions: 1");
    }
    let constraints = it.standard_extension(30);
    if constraints.is_some_and(|extension| extension.critical)
        && !java_names::are_constraints_read(it)
    {
        return malformed("Unparseable certificate extensions: 1");
    }
    if ns_unread_by_java(it) == Some(true) {
        return malformed("Unparseable certificate extensions: 1");
    }
    let unread = it.extension_problems().iter().find(|problem| {
        let critical = it
            .extensions()
            .iter()
            .any(|extension| extension.critical && extension.oid.to_string() == problem.oid);
        let fault = problem.fault;
        critical && matches!(fault, ExtensionFault::Trailing | ExtensionFault::Unreadable)
    })?;
    malformed(match unread.fault {
        ExtensionFault::Trailing => "extra data at the end",
        _ => "Unparseable certificate extensions: 1",
    })
}

/// Whether it is signed with RSASSA-PSS, and the trailerField is not 1 (PSSParameters).
fn has_odd_trailer(it: &Certificate<'_>) -> bool {
    const RSA_PSS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
    let algorithm = it.signature_algorithm();
    let parameters = algorithm
        .parameters()
        .filter(|_| algorithm.oid().as_bytes() == RSA_PSS);
    let mut fields = parameters
        .and_then(|parameters| only(parameters, SEQUENCE).ok())
        .map(Reader::new);
    let fields = std::iter::from_fn(|| fields.as_mut()?.next().ok());
    let mut trailers = fields.filter(|field| field.tag == context_constructed(3));
    trailers.any(|field| field.content != [2, 1, 1])
}

/// X509CertInfo.verifyCert: without a subject there must be other names, marked
/// critical.
fn nameless(it: &Certificate<'_>) -> Option<&'static str> {
    if !it.subject().is_empty() {
        return None;
    }
    let names = it.standard_extension(17);
    match names {
        None => Some(
            "X.509 Certificate is incomplete: subject field is empty, and SubjectAlternativeName extension is absent",
        ),
        Some(names) if !names.critical => Some(
            "X.509 Certificate is incomplete: SubjectAlternativeName extension MUST be marked critical when subject field is empty",
        ),
        Some(_) => None,
    }
}

fn malformed(says: &str) -> Option<Unread> {
    Some((Cause::MalformedExtension, says.to_owned()))
}
