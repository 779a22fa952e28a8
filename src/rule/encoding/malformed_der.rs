//! `encoding.malformed-der`: the content is not the DER that was expected.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::article;

rule! {
    MalformedDer = EncodingMalformedDer Warning
    "the content is not the DER that was expected"
    page "malformed_der.txt"
    {
        /// What was expected.
        expected: String,
        /// Where certcheck stopped reading, and why.
        reason: String,
    }
}

impl Rule for MalformedDer {
    fn message(&self) -> String {
        match self {
            Self { expected, reason } if reason.starts_with("it is a") => {
                format!(
                    "{} {expected} was expected, but {reason}",
                    article(expected)
                )
            }
            Self { expected, reason } => {
                format!("the content is not a well-formed {expected}: {reason}")
            }
        }
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(match self {
            Self { reason, .. } if reason.starts_with("it is a") => {
                again("write the section again under the label that fits its content")
            }
            Self { reason, .. } if reason.contains("OneAsymmetricKey") => Remedy::words(
                "have the program that made the key write it as PKCS#8 version 1 (RFC 5208), without its public key",
            ),
            // OpenSSL 3.0.19 does not load such a key, even after an EC PARAMETERS section (measured).
            Self { reason, .. } if reason.contains("names no curve") => Remedy::words(
                "have the program that made the key write the curve into it, as RFC 5915 requires",
            ),
            Self { reason, .. } if reason.starts_with("it declares") => {
                Remedy::words("get the file again from its source; a part of the content is lost")
            }
            Self { expected, .. } => Remedy::words(format!(
                "make the {expected} again, or get the file again; certcheck cannot repair it"
            )),
        })
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["ITU-T X.690"]
    }
}
