//! OpenSSL, GnuTLS, NSS, and those of which nothing was measured.

use super::facts::{self, Text, standard};
use super::{Place, Unread, refuse};
use crate::client::refusal::Cause;
use crate::model::{
    Certificate, ExtensionFault as Fault, ExtensionProblem, GeneralName, Oddity, TimeForm,
};

/// OpenSSL's `d2i_X509`: names of string types that they are not
/// (crypto/asn1/tasn_dec.c, crypto/x509/x_name.c). The rest it looks at later.
pub(super) fn openssl(it: &Certificate<'_>) -> Option<Unread> {
    let bad = |text: &Text| matches!(text, Text::Utf8 | Text::Wide | Text::Kind);
    facts::texts(it)
        .iter()
        .any(bad)
        .then(|| (Cause::Encoding, "SSL routines::ASN1 lib".to_owned()))
}

/// GnuTLS: libtasn1 is strict with names, and `gnutls_x509_crt_import` with times
/// and doubled extensions.
pub(super) fn gnutls(it: &Certificate<'_>, place: Place) -> Option<Unread> {
    const DER: &str = "*** Fatal error: ASN1 parser: Error in DER parsing.";
    let malformed = |says: &str| Some((Cause::MalformedExtension, says.to_owned()));
    if facts::doubled(it).is_some() {
        return malformed("*** Fatal error: Duplicate extension in X.509 certificate.");
    }
    if it.version() < 3 && !it.extensions().is_empty() || facts::algorithms_differ_in_kind(it) {
        return refuse("*** Fatal error: Error in the certificate.");
    }
    for (_, form) in facts::times(it) {
        match form {
            TimeForm::Fraction => {
                return refuse("*** Fatal error: Error in the time fields of certificate.");
            }
            TimeForm::NoZone | TimeForm::Offset => {
                return refuse("*** Fatal error: The DER time encoding is invalid.");
            }
            _ => {}
        }
    }
    let unread = |problem: &&ExtensionProblem| {
        standard(problem) == Some(18) && problem.fault == Fault::Unreadable
    };
    if it
        .extension_problems()
        .iter()
        .any(|problem| unread(&problem))
    {
        return malformed("*** Fatal error: ASN1 parser: Error in TAG.");
    }
    let key = facts::key(it);
    if place == Place::Above {
        return key.compressed.then(|| (Cause::WeakKey, String::new()));
    }
    if key.explicit {
        return refuse(DER);
    }
    if key.compressed {
        return refuse("*** Fatal error: Error in parsing.");
    }
    for problem in it.extension_problems() {
        match (standard(problem), problem.fault) {
            (Some(17), Fault::NameForm | Fault::Trailing | Fault::Unreadable) => {
                return malformed(DER);
            }
            (Some(37), Fault::Trailing | Fault::Unreadable) => {
                return Some((Cause::Purpose, String::new()));
            }
            _ => {}
        }
    }
    let nameless = |name: GeneralName<'_>| matches!(name, GeneralName::Dns(""));
    if it.subject_alt_names()?.iter().any(nameless) {
        return malformed(
            "*** Fatal error: Unknown Subject Alternative name in X.509 certificate.",
        );
    }
    None
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

/// Strict readers by their sources, and not measured: what every one refuses is
/// refused, and the rest is not known.
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
