//! `encoding.der-where-pem-expected`: the file is DER (binary) where PEM (text) is expected.

use super::{is_container, opened, rewrite};
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::article;

rule! {
    DerWherePemExpected = EncodingDerWherePemExpected Warning
    "the file is DER (binary) where PEM (text) is expected"
    page "der_where_pem_expected.txt"
    {
        /// What the DER contains: `certificate`, `private key`…
        kind: String,
        /// The extension that the server requires of the file's name.
        extension: Option<String>,
    }
}

impl Rule for DerWherePemExpected {
    fn message(&self) -> String {
        let Self { kind, .. } = self;
        format!(
            "the file is DER (binary), {} {kind}; PEM (text) is expected here",
            article(kind)
        )
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(match self {
            Self { kind, .. } if is_container(kind) => {
                opened(subject, kind, self.extension.as_deref())
            }
            Self { kind, .. } => {
                let extension = if kind.contains("private key") {
                    "key"
                } else {
                    "crt"
                };
                rewrite(subject, "convert it to PEM", Some(extension))
            }
        })
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468", "measured: Apache 2.4.71, OpenSSL 3.0.19"]
    }
}
