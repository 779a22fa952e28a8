//! `encoding.byte-order-mark`: the text begins with a UTF-8 byte order mark.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ByteOrderMark = EncodingByteOrderMark Warning
    "the text begins with a UTF-8 byte order mark"
    page "byte_order_mark.txt"
    {}
}

impl Rule for ByteOrderMark {
    fn message(&self) -> String {
        "a UTF-8 byte order mark hides the first BEGIN line from Go, rustls, Java and NSS".into()
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(again("write the file without the byte order mark"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "RFC 7468 section 2",
            "measured: Go 1.27, rustls-pki-types 1.15, NSS, keytool 17",
        ]
    }
}
