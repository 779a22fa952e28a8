//! OpenSSL, NSS, and the readers that were not measured.

use super::facts::{self, Text, standard};
use super::{Place, Unread, refuse};
use crate::client::refusal::Cause;
use crate::model::{Certificate, ExtensionFault as Fault, Oddity, TimeForm};

/// OpenSSL's `d2i_X509`: names whose string types do not match their contents
/// (crypto/asn1/tasn_dec.c, crypto/x509/x_name.c). It checks the rest later. In the extensions that
/// it reads, it accepts BER that is not read here.
pub(super) fn openssl(it: &Certificate<'_>, place: Place) -> Option<Unread> {
    let bad = |text: &Text| matches!(text, Text::Utf8 | Text::Wide | Text::Kind);
    if facts::texts(it).iter().any(bad) {
        return Some((Cause::Encoding, "SSL routines::ASN1 lib".to_owned()));
    }
    if it.is_invalid_to_openssl() {
        return None;
    }
    let unseen = it.extension_problems().iter().find(|problem| {
        let decides = match standard(problem) {
            Some(17) => place == Place::Own,
            // An empty list before other bytes constrains nothing.
            Some(30) => !empty_constraints(it),
            Some(15 | 19 | 35 | 37 | 14) => true,
            _ => false,
        };
        decides && problem.fault == Fault::Unreadable
    })?;
    let says = format!("not measured: BER in the extension {}", unseen.oid);
    Some((Cause::NotMeasured, says))
}

fn empty_constraints(it: &Certificate<'_>) -> bool {
    let constraints = it.standard_extension(30);
    constraints.is_some_and(|constraints| constraints.value.starts_with(b"\x30\0"))
}

/// NSS: lenient with extensions, and strict with times and algorithms.
pub(super) fn nss(it: &Certificate<'_>, place: Place) -> Option<Unread> {
    if !it.algorithms_agree() {
        return refuse("SEC_ERROR_ALGORITHM_MISMATCH");
    }
    let lenient = [
        TimeForm::NoSeconds,
        TimeForm::GeneralNoSeconds,
        TimeForm::Offset,
        TimeForm::ZeroOffset,
        TimeForm::NoSuchDay,
    ];
    if facts::times(it).any(|(_, form)| !lenient.contains(&form)) {
        return refuse(match place {
            Place::Own => "SEC_ERROR_INVALID_TIME",
            Place::Above => "SEC_ERROR_BAD_SIGNATURE",
        });
    }
    let key = facts::key(it);
    if key.explicit {
        return refuse("SSL_ERROR_EXTRACT_PUBLIC_KEY_FAILURE");
    }
    // freebl reads exponents of at most 8 bytes (MAX_RSA_EXPONENT).
    if key.compressed || key.exponent_bits > 64 {
        return refuse("SEC_ERROR_BAD_SIGNATURE");
    }
    None
}

/// Strict readers, known from their sources and not measured: what all of them refuse is refused,
/// the rest is unknown.
pub(super) fn unmeasured(it: &Certificate<'_>) -> Option<Unread> {
    let lost = it.extension_problems().iter().find(|problem| {
        problem.processed && matches!(problem.fault, Fault::Unreadable | Fault::Duplicate)
    });
    if lost.is_some() {
        return Some((Cause::MalformedExtension, String::new()));
    }
    let odd = it.oddities().first().map(Oddity::to_string);
    let problem = it
        .extension_problems()
        .iter()
        .find(|problem| problem.processed);
    let odd = odd.or_else(|| {
        problem.map(|problem| format!("extension {}: {}", problem.oid, problem.reason))
    });
    let odd = odd.or_else(|| {
        let name = facts::texts(it).first().map(|_| ());
        name.map(|()| "a name is not what its string type says".to_owned())
    });
    let what = odd?;
    let says = format!("not measured: {what}");
    Some((Cause::NotMeasured, says))
}
