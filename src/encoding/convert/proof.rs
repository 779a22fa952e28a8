//! Reading back what was written.

use super::{ConversionProblem, Object, Output, Target};
use crate::encoding::{Document, Encoding, SectionKind, strict};
use crate::source::Source;

/// Whether `output` reads back as `group`, object by object.
pub(super) fn holds(
    target: Target,
    group: &[Object<'_>],
    output: &Output,
) -> Result<(), ConversionProblem> {
    let proven = match target {
        Target::Der => matches!(group, [object] if object.der == output.bytes.as_slice()),
        Target::Pem => pem_holds(group, output),
    };
    if proven {
        Ok(())
    } else {
        Err(ConversionProblem::NotProven)
    }
}

fn pem_holds(group: &[Object<'_>], output: &Output) -> bool {
    let source = Source::new(output.name.as_str(), output.bytes.to_vec());
    let document = Document::read(source);
    let sections = document.sections();
    let same = sections.len() == group.len()
        && group.iter().zip(sections).all(|(object, section)| {
            // Its trust settings were left out, so that it reads back as a plain certificate.
            let kind = if object.kind == SectionKind::TrustedCertificate {
                SectionKind::Certificate
            } else {
                object.kind
            };
            section.encoding() == Encoding::Pem
                && section.der() == Some(object.der)
                && section.kind() == kind
                && section.headers() == object.headers
        });
    // An unknown label stays as it is; the `pem` crate, the source of the strict answer, reads no
    // headers without a colon.
    same && strict::accepts(&output.bytes)
}
