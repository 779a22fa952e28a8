//! `chain.ends-below-root`: the root is not among the files, which is normal; trust was not judged.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    EndsBelowRoot = ChainEndsBelowRoot Notice
    "the root is not among the files, which is normal; trust was not judged"
    page "ends_below_root.txt"
    {
        /// The subject of the last certificate.
        subject: String,
        /// Its issuer's name.
        issuer_name: String,
    }
}

impl Rule for EndsBelowRoot {
    fn message(&self) -> String {
        let Self {
            subject,
            issuer_name,
        } = self;
        format!(
            "the last certificate is `{subject}`; its issuer `{issuer_name}` is not among the files, which is normal: servers do not send the root"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("add --anchors to have trust judged"))
    }
}
