//! Whether this version of Tableau Server has a command and its options.

use super::line::Reader;
use super::options::Use;
use super::table::Command;
use super::version::{SPANS, Span, TableauVersion};
use crate::finding::Severity;
use crate::rule;

/// The first version in which the operating system's trust store decides, not the
/// certificate that the command names.
pub const TRUST_STORE: TableauVersion = TableauVersion::new(2020, 1);

impl Reader<'_> {
    /// What the version does not have. If the version is not known, what current versions no longer
    /// have.
    pub(super) fn judge_version(&mut self, row: &Command, at: usize) {
        for span in SPANS.iter().filter(|span| row.path.starts_with(span.path)) {
            let given = match span.option {
                None => Some((at, self.name.clone())),
                Some(option) => {
                    let given = self.given.iter().find(|given| given.option.long == option);
                    given.map(|given| (given.word, format!("{} {option}", self.name)))
                }
            };
            let Some((word, what)) = given else { continue };
            let Some((severity, fact)) = self.not_there(span, what) else {
                continue;
            };
            self.report(word, Some(severity), fact);
            // A command that does not exist has no options either.
            return;
        }
    }

    fn not_there(
        &self,
        span: &Span,
        what: String,
    ) -> Option<(Severity, rule::config::OtherVersion)> {
        let fact = |versions: String| rule::config::OtherVersion {
            what,
            versions,
            version: self.version.map(|version| version.to_string()),
            instead: span.instead.to_owned(),
        };
        match (self.version, span.since, span.gone) {
            (Some(version), _, Some(gone)) if version >= gone => {
                Some((Severity::Error, fact(format!("before {gone}"))))
            }
            (Some(version), Some(since), _) if version < since => {
                Some((Severity::Error, fact(format!("from {since} on"))))
            }
            // The finding about the command already says so.
            (None, _, Some(gone)) if span.option.is_none() => {
                Some((Severity::Warning, fact(format!("before {gone}"))))
            }
            _ => None,
        }
    }

    /// Whether a secure connection must name a certificate: vizql-extsvc-ssl, in the versions that
    /// compare it.
    pub(super) fn wants_certificate(&self, row: &Command) -> bool {
        let vizql = row.path.get(1) == Some(&"vizql-extsvc-ssl");
        !vizql || self.version.is_some_and(|version| version < TRUST_STORE)
    }

    /// Options that a connection without TLS does not use.
    pub(super) fn judge_unused(&mut self, row: &Command) {
        let certificate = self
            .given
            .iter()
            .find(|given| matches!(given.option.used, Use::File(_)));
        if let Some(given) = certificate.copied() {
            let fact = rule::config::UnusedOption {
                command: self.name.clone(),
                option: row.spelt(given.option.long).to_owned(),
                reason: "this connection type does not use TLS".to_owned(),
            };
            self.report(given.word, None, fact);
        }
    }
}
