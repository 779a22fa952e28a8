//! `encoding.integrity`: a container's authentication code is not that of its contents.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Integrity = EncodingIntegrity Error
    "a container's authentication code is not that of its contents"
    page "integrity.txt"
    {}
}

impl Rule for Integrity {
    fn message(&self) -> String {
        "the passphrase opens the container, but the code over its contents is another one: the file was damaged or changed, or the code has a passphrase of its own".into()
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "get the file again from where it was made, or compare every certificate in it with its source before you write it anew",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
