//! Which anomaly is to blame for what a loader loses.

use super::Loading;
use crate::encoding::{Anomaly, Document};
use crate::finding::Severity;
use crate::rule::{self, EncodingFact};
use std::collections::BTreeSet;

/// What an anomaly does to a loader.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Harm {
    /// Nothing: it reads the file as if the anomaly were not there.
    None,
    /// It does not accept the file.
    Refuses,
    /// It accepts the file, but without these certificates (by section).
    Drops {
        /// The sections.
        sections: Vec<usize>,
    },
}

impl Loading {
    /// What each of `document`'s anomalies does to the loader, in their order.
    ///
    /// If several are in the section that is lost, each that is more than a notice is blamed;
    /// notices only if there is nothing else. A loss
    /// without an anomaly has another cause: a loader that wants PEM gets DER,
    /// Java meets a key in front of the certificates.
    pub fn harms(&self, document: &Document) -> Vec<Harm> {
        let harm = if self.taken {
            Harm::Drops {
                sections: self.lost.clone(),
            }
        } else {
            Harm::Refuses
        };
        let each = |blamed| if blamed { harm.clone() } else { Harm::None };
        self.blamed(document).into_iter().map(each).collect()
    }

    /// Whether each of `document`'s anomalies harms the loader at all, in their order: the same,
    /// without a list of sections for each.
    pub(crate) fn blamed(&self, document: &Document) -> Vec<bool> {
        let anomalies = document.anomalies();
        if self.taken && self.lost.is_empty() {
            return vec![false; anomalies.len()];
        }
        let weighty: BTreeSet<usize> = anomalies
            .iter()
            .filter(|anomaly| is_more_than_notice(&anomaly.fact))
            .filter_map(|anomaly| anomaly.section)
            .collect();
        let mut blamed: Vec<bool> = anomalies
            .iter()
            .map(|anomaly| match anomaly.section {
                None => is_about_the_file(&anomaly.fact) || self.stopped_at(document, anomaly),
                Some(index) => {
                    let weighs = is_more_than_notice(&anomaly.fact) || !weighty.contains(&index);
                    weighs && self.is_at_fault(document, index)
                }
            })
            .collect();
        // A loss has a cause. Where no anomaly is at its place, everything that is more than a
        // notice is suspected.
        if !blamed.contains(&true) {
            blamed = anomalies
                .iter()
                .map(|anomaly| is_more_than_notice(&anomaly.fact))
                .collect();
        }
        blamed
    }

    /// Whether the section is why something is lost. Whatever follows the place where a loader gave
    /// up is lost through no fault of its own.
    fn is_at_fault(&self, document: &Document, index: usize) -> bool {
        if self.taken {
            // It is lost itself, or the next one is glued to it.
            let lost = |index: usize| self.lost.binary_search(&index).is_ok();
            return lost(index) || lost(index + 1);
        }
        let (Some(gave_up), Some(section)) = (self.gave_up, document.sections().get(index)) else {
            return false;
        };
        let span = section.span();
        // It reached the end of the file with nothing found: all sections are at fault.
        gave_up >= document.source().bytes().len() || (span.start <= gave_up && gave_up < span.end)
    }

    fn stopped_at(&self, document: &Document, anomaly: &Anomaly) -> bool {
        let end = document.source().bytes().len();
        let here = |at: usize| at >= end || (anomaly.span.start <= at && at < anomaly.span.end);
        is_more_than_notice(&anomaly.fact) && self.gave_up.is_some_and(here)
    }
}

/// Whether it concerns every section of the file.
fn is_about_the_file(fact: &EncodingFact) -> bool {
    matches!(
        fact,
        EncodingFact::Utf16(rule::encoding::Utf16 { .. })
            | EncodingFact::ByteOrderMark(rule::encoding::ByteOrderMark {})
            | EncodingFact::NothingFound(rule::encoding::NothingFound { .. })
            | EncodingFact::TooLarge(rule::encoding::TooLarge { .. })
            | EncodingFact::MalformedDer(rule::encoding::MalformedDer { .. })
    )
}

fn is_more_than_notice(fact: &EncodingFact) -> bool {
    fact.code().info().severity > Severity::Notice
}
