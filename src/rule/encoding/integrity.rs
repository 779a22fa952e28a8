//! `encoding.integrity`: a container's authentication code does not match its contents.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Integrity = EncodingIntegrity Error
    "a container's authentication code does not match its contents"
    page "integrity.txt"
    {}
}

impl Rule for Integrity {
    fn message(&self) -> String {
        "the passphrase opens the container, but the authentication code does not match the contents: the file was damaged or changed, or the code was made with a different passphrase".into()
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "get the file again from its source, or compare every certificate in it with its source before you write the file again",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7292 section 4"]
    }
}
