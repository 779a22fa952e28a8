//! Oddities of a certificate's encoding that certcheck reads nevertheless.
//!
//! A strict reader refuses these certificates, but most programs do not: OpenSSL, GnuTLS, Java and
//! NSS read BER in place of DER, and times that RFC 5280 does not allow. `client::reads` says which
//! client accepts what, as measured; this module only describes the certificate.

use super::clock::{self, TimeForm};
use super::der::plain::{Der, Element};
use crate::Time;
use std::fmt;

/// Something that RFC 5280 forbids in a certificate, although widely used readers accept it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Oddity {
    /// Its version is not 1, 2 or 3.
    Version {
        /// The version, counted from 1.
        number: u32,
    },
    /// An extension's `critical` is neither 00 nor FF.
    Boolean {
        /// The extension's object identifier.
        extension: String,
    },
    /// A time is not in the form that RFC 5280 requires.
    Time {
        /// `notBefore` or `notAfter`.
        field: &'static str,
        /// How it differs.
        form: TimeForm,
    },
    /// The list of extensions is present but empty.
    NoExtensions,
}

impl Oddity {
    /// The clause that it breaks.
    pub const fn clause(&self) -> &'static str {
        match self {
            Self::Version { .. } => "RFC 5280 4.1.2.1",
            Self::Boolean { .. } => "X.690 11.1",
            Self::Time { .. } => "RFC 5280 4.1.2.5",
            Self::NoExtensions => "RFC 5280 4.1.2.9",
        }
    }
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version { number } => write!(f, "its version is {number}, not 1, 2 or 3"),
            Self::Boolean { extension } => write!(
                f,
                "the extension {extension} is marked critical with a BOOLEAN that is neither 00 nor FF"
            ),
            Self::Time { field, form } => {
                let what = match form {
                    TimeForm::NoSeconds | TimeForm::GeneralNoSeconds => "has no seconds",
                    TimeForm::Fraction => "has fractions of a second",
                    TimeForm::Offset | TimeForm::ZeroOffset => "has an offset in place of Z",
                    TimeForm::NoZone => "has no time zone",
                    TimeForm::NoSuchDay => "is a day that its month does not have",
                    TimeForm::LeapSecond | TimeForm::OutOfRange => "is not a time of day",
                };
                write!(f, "its {field} {what}")
            }
            Self::NoExtensions => f.write_str("its list of extensions is empty"),
        }
    }
}

/// A moment of the validity; an odd form is noted.
pub(super) fn moment(
    element: &Element<'_>,
    field: &'static str,
    oddities: &mut Vec<Oddity>,
) -> Der<Time> {
    clock::time(element).or_else(|reason| {
        let (time, form) = clock::loose(element).ok_or(reason)?;
        oddities.push(Oddity::Time { field, form });
        Ok(time)
    })
}
