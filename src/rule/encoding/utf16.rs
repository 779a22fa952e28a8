//! `encoding.utf16`: the text is UTF-16, which no PEM loader reads.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Utf16 = EncodingUtf16 Warning
    "the text is UTF-16, which no PEM loader reads"
    page "utf16.txt"
    {
        /// `little-endian` or `big-endian`.
        byte_order: String,
    }
}

impl Rule for Utf16 {
    fn message(&self) -> String {
        let Self { byte_order } = self;
        format!("the text is UTF-16 ({byte_order}), which no PEM loader reads")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(again(
            "write it again as ASCII (PowerShell: `Out-File -Encoding ascii`)",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "RFC 7468 section 2",
            "measured: Go 1.27, rustls-pki-types 1.15, NSS, keytool 17",
        ]
    }
}
