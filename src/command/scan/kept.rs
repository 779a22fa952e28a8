//! The findings of a tree: the first thousand of each code, the others counted.

use crate::answer::Counted;
use crate::finding::{Code, Severity};
use crate::rule::Finding;
use std::collections::BTreeMap;

/// The most findings of one code and one severity that are kept.
const MOST: usize = 1_000;

#[derive(Default)]
pub(super) struct Kept {
    findings: Vec<Finding>,
    counts: BTreeMap<(Code, Severity), usize>,
}

impl Kept {
    pub(super) fn add(&mut self, finding: Finding) {
        let count = self.counts.entry((finding.code(), finding.severity));
        let count = count.or_default();
        *count += 1;
        if *count <= MOST {
            self.findings.push(finding);
        }
    }

    /// The findings, and those that were only counted, of the tree called `source`.
    pub(super) fn end(self, source: &str) -> (Vec<Finding>, Vec<Counted>) {
        let more = |((code, severity), count): ((Code, Severity), usize)| Counted {
            target: None,
            code,
            severity,
            source: source.to_owned(),
            count: count.saturating_sub(MOST),
        };
        let counted = self.counts.into_iter().map(more);
        (
            self.findings,
            counted.filter(|more| more.count > 0).collect(),
        )
    }
}
