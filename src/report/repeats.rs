//! Repeated findings: the report lists the first of each kind and counts the rest.
//!
//! A file of 100,000 BEGIN lines has 100,000 identical findings. All of them count in the summary
//! and for the verdict; a report that listed each one would have 60 MB.

use crate::answer::Counted;
use crate::finding::{Code, Severity};
use crate::rule::Finding;
use std::collections::HashMap;

/// Findings of one code, one severity and one input that are not shown one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Omitted<'f> {
    pub(super) code: Code,
    pub(super) severity: Severity,
    pub(super) source: &'f str,
    /// How many, beyond those that are shown.
    pub(super) count: usize,
    /// The target of `certcheck run` that they are about.
    pub(super) target: Option<&'f str>,
}

impl<'f> Omitted<'f> {
    /// What was only counted when it was found.
    pub(super) fn of(counted: &'f Counted) -> Self {
        Self {
            code: counted.code,
            severity: counted.severity,
            source: &counted.source,
            count: counted.count,
            target: counted.target.as_deref(),
        }
    }
}

/// What a report lists, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told<'f> {
    One(&'f Finding),
    /// Follows the last one of its kind that is shown.
    More(Omitted<'f>),
}

type Kind<'f> = (Severity, Code, &'f str, Option<&'f str>);

fn kind(finding: &Finding) -> Kind<'_> {
    let source = finding.subject.source.as_str();
    let target = finding.target.as_deref();
    (finding.severity, finding.code(), source, target)
}

/// The findings with at most `most` of each kind.
pub(super) fn tell(findings: &[Finding], most: usize) -> Vec<Told<'_>> {
    let mut counts: HashMap<Kind<'_>, usize> = HashMap::new();
    for finding in findings {
        *counts.entry(kind(finding)).or_default() += 1;
    }
    let mut seen: HashMap<Kind<'_>, usize> = HashMap::new();
    let mut told = Vec::new();
    for finding in findings {
        let key = kind(finding);
        let place = seen.entry(key).or_default();
        *place += 1;
        if *place <= most {
            told.push(Told::One(finding));
        }
        let all = counts.get(&key).copied().unwrap_or(0);
        // The first pass has counted them all, so the rest can be named right after the last one
        // that is shown, not at the end of the report.
        if *place == most && all > most {
            told.push(Told::More(Omitted {
                severity: key.0,
                code: key.1,
                source: key.2,
                count: all - most,
                target: key.3,
            }));
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Subject;
    use crate::rule;

    #[test]
    fn nothing_is_lost_and_order_is_kept() {
        let of = |source: &str| Finding::new(rule::key::DsaUnusable {}, Subject::file(source));
        let findings = [of("a"), of("b"), of("a"), of("a"), of("b"), of("a")];
        let words = |most| {
            tell(&findings, most)
                .into_iter()
                .map(|told| match told {
                    Told::One(finding) => finding.subject.source.clone(),
                    Told::More(omitted) => format!("{}+{}", omitted.source, omitted.count),
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(words(2), "a b a a+2 b");
        assert_eq!(words(4), "a b a a b a");
        assert_eq!(words(1), "a a+3 b b+1");
    }
}
