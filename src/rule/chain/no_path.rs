//! `chain.no-path`: no valid path leads to an anchor.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NoPath = ChainNoPath Error
    "no valid path leads to an anchor"
    page "no_path.txt"
    {
        /// The certificate's subject.
        subject: String,
        /// How many anchors were given.
        anchors: u64,
    }
}

impl Rule for NoPath {
    fn message(&self) -> String {
        let Self { subject, anchors } = self;
        let given = match anchors {
            1 => "1 anchor was".to_owned(),
            _ => format!("{anchors} anchors were"),
        };
        format!("no valid path leads from `{subject}` to an anchor; {given} given")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "give fewer intermediates: only those of the chain",
        ))
    }
}
