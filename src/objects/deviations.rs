//! The deviations of a document's form, as findings.

use super::{Object, of_section};
use crate::encoding::convert::{Conversion, Target};
use crate::encoding::{Anomaly, Document, Encoding, Form, Section};
use crate::finding::{Severity, Subject};
use crate::rule::{self, EncodingFact, Finding};
use crate::server::Loaders;

/// Whether a section cannot be read, so that the file cannot be rewritten without loss.
fn is_irreparable(document: &Document) -> bool {
    let is_lost =
        |section: &Section| section.encoding() == Encoding::Pem && section.der().is_none();
    document.form() == Form::Pem
        // Only a file with an oddity can be worth repairing, and planning that means reading the
        // whole file.
        && !document.anomalies().is_empty()
        && document.sections().iter().any(is_lost)
        && Conversion::to(Target::Pem).plan(document).is_err()
}

/// Every deviation of a document, as serious as these readers make it.
pub(crate) fn deviations(
    document: &Document,
    objects: &[&Object<'_>],
    loaders: Loaders,
) -> Vec<Finding> {
    let irreparable = is_irreparable(document);
    document
        .anomalies()
        .iter()
        .zip(loaders.affected_sections(document))
        .map(|(anomaly, hurt)| {
            let mut finding = Finding::new(anomaly.fact.clone(), place(document, objects, anomaly));
            // Rewriting such a file would lose a section, so no remedy may advise it.
            finding.irreparable = irreparable;
            if hurt {
                finding.with_severity(Severity::Error)
            } else {
                finding
            }
        })
        .collect()
}

/// Every deviation of a document, as serious as it is for reading the file
/// here: only what could not be read is an error.
pub(crate) fn losses(document: &Document, objects: &[&Object<'_>]) -> Vec<Finding> {
    let irreparable = is_irreparable(document);
    document
        .anomalies()
        .iter()
        .map(|anomaly| {
            let object = anomaly.section.and_then(|place| of_section(objects, place));
            let mut finding = Finding::new(anomaly.fact.clone(), place(document, objects, anomaly));
            finding.irreparable = irreparable;
            let malformed = matches!(
                anomaly.fact,
                EncodingFact::MalformedDer(rule::encoding::MalformedDer { .. })
            );
            let lost = match object {
                Some(object) => {
                    object.section.der().is_none() || (malformed && object.is_malformed())
                }
                None => malformed,
            };
            if lost {
                finding.with_severity(Severity::Error)
            } else {
                finding
            }
        })
        .collect()
}

/// What an anomaly is about: an object, or the whole file.
pub(crate) fn place(document: &Document, objects: &[&Object<'_>], anomaly: &Anomaly) -> Subject {
    let object = anomaly.section.and_then(|place| of_section(objects, place));
    let whole = || Subject::file(document.source().name());
    let mut subject = object.map_or_else(whole, |object| object.subject());
    // The anomaly's own lines are narrower than those of the object around it.
    subject.lines = anomaly.lines.or(subject.lines);
    subject
}
