//! What rewriting repairs.

use super::Target;
use crate::encoding::{Anomaly, Document};
use crate::finding::Code;
use crate::rule::{self, EncodingFact};
use crate::source::Lines;

/// One anomaly of the source that the outputs no longer have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repair {
    /// The anomaly's code.
    pub code: Code,
    /// The section that it belonged to.
    pub section: Option<usize>,
    /// Where it was.
    pub lines: Option<Lines>,
    /// What was done, in words: `wrote ASCII instead of UTF-16`.
    pub what: String,
}

/// The repairs that result from writing `document` again, without the sections `left_out`.
pub(super) fn repairs(document: &Document, target: Target, left_out: &[usize]) -> Vec<Repair> {
    document
        .anomalies()
        .iter()
        .filter(|anomaly| {
            anomaly
                .section
                .is_none_or(|index| !left_out.contains(&index))
        })
        .filter_map(|anomaly| repair(anomaly, target))
        .collect()
}

/// What writing again does about `fact`, in words; `in_section` is whether it belongs to a section.
pub(crate) fn words(fact: &EncodingFact, in_section: bool, target: Target) -> Option<String> {
    Some(match fact {
        EncodingFact::Utf16(rule::encoding::Utf16 { .. }) => "wrote ASCII instead of UTF-16".into(),
        EncodingFact::ByteOrderMark(rule::encoding::ByteOrderMark {}) => {
            "left out the byte order mark".into()
        }
        EncodingFact::Base64(rule::encoding::Base64 { .. }) => "rewrote the base64".into(),
        EncodingFact::LabelMismatch(rule::encoding::LabelMismatch { .. }) => {
            "wrote the same label at BEGIN and END".into()
        }
        EncodingFact::MissingEnd(rule::encoding::MissingEnd { .. }) if in_section => {
            "added the END line".into()
        }
        EncodingFact::MissingEnd(rule::encoding::MissingEnd { .. }) => {
            "left out a BEGIN line with nothing after it".into()
        }
        EncodingFact::MissingBegin(rule::encoding::MissingBegin { .. }) if in_section => {
            "added BEGIN and END lines".into()
        }
        EncodingFact::MissingBegin(rule::encoding::MissingBegin { .. }) => {
            "left out an END line with nothing before it".into()
        }
        EncodingFact::TrailingData(rule::encoding::TrailingData { bytes }) => {
            format!("left out {bytes} bytes after the object")
        }
        EncodingFact::UnknownLabel(rule::encoding::UnknownLabel {
            suggestion: Some(label),
            ..
        }) if target == Target::Pem => {
            format!("wrote the label {label}")
        }
        EncodingFact::MalformedDer(rule::encoding::MalformedDer { .. }) => {
            "wrote the label that fits the content".into()
        }
        EncodingFact::Boundary(rule::encoding::Boundary { .. }) => {
            "wrote BEGIN and END on lines of their own".into()
        }
        EncodingFact::Layout(rule::encoding::Layout { .. }) => {
            "wrote lines of 64 characters, ending with LF".into()
        }
        EncodingFact::SurroundingText(rule::encoding::SurroundingText { bytes }) => {
            format!("left out {bytes} bytes of text around the sections")
        }
        EncodingFact::Headers(rule::encoding::Headers { .. }) => "left out the headers".into(),
        EncodingFact::TrustSettings(rule::encoding::TrustSettings { .. }) => {
            "left out OpenSSL's trust settings; the certificate is the same".into()
        }
        _ => return None,
    })
}

fn repair(anomaly: &Anomaly, target: Target) -> Option<Repair> {
    let what = words(&anomaly.fact, anomaly.section.is_some(), target)?;
    Some(Repair {
        code: anomaly.fact.code(),
        section: anomaly.section,
        lines: anomaly.lines,
        what,
    })
}
