//! `encoding.pem-where-der-expected`: the file is PEM (text) where DER (binary) is expected.

use crate::finding::{Remedy, Subject, beside, quote};
use crate::rule::{Rule, rule};

rule! {
    PemWhereDerExpected = EncodingPemWhereDerExpected Warning
    "the file is PEM (text) where DER (binary) is expected"
    page "pem_where_der_expected.txt"
    {}
}

impl Rule for PemWhereDerExpected {
    fn message(&self) -> String {
        "the file is PEM (text); DER (binary) is expected here".into()
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let source = &subject.source;
        let file = quote(source);
        let new = beside(source, "clean", Some("der"));
        Some(
            Remedy::words("convert it to DER")
                .run(format!(
                    "certcheck convert {file} --to der -o {}",
                    quote(&new)
                ))
                .then_instead(new, source),
        )
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
