//! `encoding.malformed-der`: the content is not the DER it should be.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::article;

rule! {
    MalformedDer = EncodingMalformedDer Warning
    "the content is not the DER it should be"
    page "malformed_der.txt"
    {
        /// What was expected.
        expected: String,
        /// Where the reading stopped, and why.
        reason: String,
    }
}

impl Rule for MalformedDer {
    fn message(&self) -> String {
        match self {
            Self { expected, reason } if reason.starts_with("it is a") => {
                format!(
                    "{} {expected} was promised, but {reason}",
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
                again("write the section again, under the label that its content calls for")
            }
            Self { reason, .. } if reason.contains("OneAsymmetricKey") => Remedy::words(
                "have the program that made the key write it as PKCS#8 version 1 (RFC 5208), without its public key",
            ),
            // OpenSSL 3.0.19 does not load such a key behind EC PARAMETERS either (measured).
            Self { reason, .. } if reason.contains("names no curve") => Remedy::words(
                "have the program that made the key write the curve into it, as RFC 5915 demands",
            ),
            Self { reason, .. } if reason.starts_with("it announces") => Remedy::words(
                "the file is cut off, and the rest is lost: get it again from where it was made",
            ),
            Self { expected, .. } => Remedy::words(format!(
                "have whatever made the {expected} make it again, or get the file again: nothing here can repair it"
            )),
        })
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
