//! GnuTLS: libtasn1 is strict with names, and `gnutls_x509_crt_import` with times and
//! doubled extensions.

use super::facts;
use super::facts::standard;
use super::{Place, Unread, refuse};
use crate::client::refusal::Cause;
use crate::encoding::loader::openssl_reads;
use crate::model::der::plain::Reader;
use crate::model::{
    Certificate, ExtensionFault as Fault, ExtensionProblem, GeneralName, GeneralNames, TimeForm,
};

const DER: &str = "*** Fatal error: ASN1 parser: Error in DER parsing.";

pub(super) fn unread(it: &Certificate<'_>, place: Place) -> Option<Unread> {
    if facts::doubled(it).is_some() {
        return malformed("*** Fatal error: Duplicate extension in X.509 certificate.");
    }
    if it.version() < 3 && !it.extensions().is_empty()
        || facts::early_unique_id(it)
        || facts::algorithms_differ_in_kind(it)
        || !facts::kinds_fit(it, BITS)
        || !facts::extensions_fit(it, BITS)
    {
        return refuse("*** Fatal error: Error in the certificate.");
    }
    for (_, form) in facts::times(it) {
        match form {
            // A second of 60 is accepted, an hour of 24 is not.
            TimeForm::Fraction | TimeForm::OutOfRange => {
                return refuse("*** Fatal error: Error in the time fields of certificate.");
            }
            TimeForm::NoZone | TimeForm::Offset | TimeForm::ZeroOffset => {
                return refuse("*** Fatal error: The DER time encoding is invalid.");
            }
            _ => {}
        }
    }
    if let Some(unread) = names(it) {
        return Some(unread);
    }
    if place == Place::Above {
        return has_unread_key(it).then(|| (Cause::WeakKey, String::new()));
    }
    let key = facts::key(it);
    if key.explicit {
        return refuse(DER);
    }
    if key.compressed {
        return refuse("*** Fatal error: Error in parsing.");
    }
    let purposes = |problem: &ExtensionProblem| {
        standard(problem) == Some(37)
            && matches!(problem.fault, Fault::Trailing | Fault::Unreadable)
    };
    let lost = it.extension_problems().iter().any(purposes) || !reads_purposes(it);
    lost.then(|| (Cause::Purpose, String::new()))
}

/// Whether the numbers of its purposes are small enough; otherwise it has no purpose at all.
pub(in crate::client) fn reads_purposes(it: &Certificate<'_>) -> bool {
    it.extended_key_usage().is_none_or(|usage| {
        let mut all = usage.purposes();
        all.all(|purpose| facts::arcs_fit(purpose.as_bytes(), BITS))
    })
}

/// A point that is compressed or hybrid: as an issuer's key it verifies nothing.
pub(in crate::client) fn has_unread_key(it: &Certificate<'_>) -> bool {
    facts::key(it).compressed
}

/// subjectAltName and issuerAltName of any certificate, even an anchor
/// (lib/x509/x509_ext.c, `gnutls_x509_ext_import_subject_alt_names`).
fn names(it: &Certificate<'_>) -> Option<Unread> {
    let mut all = it.extensions().iter();
    all.find_map(|extension| {
        if !matches!(extension.standard_number(), Some(17 | 18)) {
            return None;
        }
        let value = extension.value;
        let Ok(names) = GeneralNames::from_der(value) else {
            let mut reader = Reader::new(value);
            let first = reader.next().is_ok();
            // libtasn1 reads BER too: how much of what OpenSSL reads was not measured.
            return match openssl_reads(&[0x55, 0x1d, 17], value) {
                Some(true) if !first || reader.is_empty() => {
                    let says = format!("not measured: BER in the extension {}", extension.oid);
                    Some((Cause::NotMeasured, says))
                }
                _ => malformed(DER),
            };
        };
        names.iter().find_map(|name| name_unread(&name))
    })
}

fn name_unread(name: &GeneralName<'_>) -> Option<Unread> {
    let nothing = match name {
        GeneralName::Email(text) | GeneralName::Dns(text) | GeneralName::Uri(text) => {
            text.is_empty()
        }
        GeneralName::Ip(address) => address.is_empty(),
        // A truncated arc is accepted, one with leading zeros is not.
        GeneralName::Unreadable {
            tag: 0x88, value, ..
        } => {
            let read = !value.is_empty() && fits(value);
            return (!read).then(|| malformed(DER)).flatten();
        }
        // Not ASCII: bytes to GnuTLS.
        GeneralName::Unreadable {
            tag: 0x81 | 0x82 | 0x86,
            ..
        } => false,
        GeneralName::X400(_) | GeneralName::EdiParty(_) | GeneralName::Unreadable { .. } => {
            return malformed(DER);
        }
        GeneralName::Other { value, .. } => {
            let mut value = Reader::new(value);
            let read = value.next().is_ok() && value.is_empty();
            return (!read).then(|| malformed(DER)).flatten();
        }
        GeneralName::Registered(oid) => {
            return (!fits(oid.as_bytes())).then(|| malformed(DER)).flatten();
        }
        GeneralName::Directory(_) => false,
    };
    let says = "*** Fatal error: Unknown Subject Alternative name in X.509 certificate.";
    nothing.then(|| malformed(says)).flatten()
}

/// The most bits of an arc (libtasn1, `asn1_get_object_id_der`).
const BITS: u32 = 64;

/// Whether each arc is in its shortest form, and fits.
fn fits(oid: &[u8]) -> bool {
    let mut arcs = oid.split_inclusive(|byte| byte & 0x80 == 0);
    arcs.all(|arc| arc.first() != Some(&0x80)) && facts::arcs_fit(oid, BITS)
}

fn malformed(says: &str) -> Option<Unread> {
    Some((Cause::MalformedExtension, says.to_owned()))
}
