//! Files of CA certificates, as the server reads them.

use super::Preflight;
use super::files::der;
use crate::encoding::{Document, Form};
use crate::finding::{Severity, Subject};
use crate::objects::Object;
use crate::rule::{self, Evidence, Finding};
use crate::server::authority_file::{Reading, read, usual_directive};

impl Preflight {
    /// The directive that names the file of CA certificates at `place`.
    fn ca_directive(&self, place: usize) -> Option<&'static str> {
        let named = self
            .endpoint
            .as_ref()
            .map(|endpoint| &endpoint.ca_directives);
        let named = named.and_then(|directives| directives.get(place).copied());
        named.or_else(|| usual_directive(self.server.name()))
    }

    /// How the server judges one of its files of CA certificates, if it is known.
    pub(super) fn authorities_read(&self, place: usize, document: &Document) -> Option<Reading> {
        let source = document.source();
        let directive = self.ca_directive(place)?;
        read(self.server.name(), directive, source.name(), source.bytes())
    }

    /// The findings about such a file: errors only if the server refuses the file.
    pub(super) fn as_read(
        &self,
        place: usize,
        document: &Document,
        objects: &[Object<'_>],
        mut findings: Vec<Finding>,
    ) -> Vec<Finding> {
        let is_encoding = |finding: &Finding| matches!(finding.evidence, Evidence::EncodingFact(_));
        match self.authorities_read(place, document) {
            Some(Reading::Taken { .. }) => {
                for finding in findings.iter_mut().filter(|finding| is_encoding(finding)) {
                    finding.severity = finding.severity.min(Severity::Warning);
                }
            }
            Some(Reading::Refused(outcome, message)) => {
                let has_error = findings
                    .iter()
                    .any(|finding| finding.severity == Severity::Error);
                if !has_error && document.form() == Form::Der {
                    findings.push(der(document, objects.first(), false, None));
                } else if !has_error {
                    let fact = rule::config::Refused {
                        setting: self.ca_directive(place).unwrap_or_default().to_owned(),
                        message,
                        noticed: outcome.noticed().to_owned(),
                    };
                    let subject = Subject::file(document.source().name());
                    findings.push(Finding::new(fact, subject));
                }
            }
            Some(Reading::Unsure(_)) | None => {}
        }
        findings
    }
}
