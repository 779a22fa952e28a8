//! What the server makes of the protocol string.

use super::Protocols;
use crate::finding::{Finding, Part, Subject};
use crate::protocol::{Dialect, Environment, ProtocolString};

/// The option under which a string that was given directly is reported.
const SOURCE: &str = "--protocols";

/// Findings about a protocol string, and what it comes to.
pub(super) fn judge(text: &str, dialect: Dialect) -> (Vec<Finding>, Protocols) {
    let evaluation =
        ProtocolString::parse(dialect, text).evaluate(&Environment::default_for(dialect));
    let findings = evaluation
        .observations
        .iter()
        .map(|observation| {
            let index = observation.span.and_then(|span| {
                evaluation
                    .tokens
                    .iter()
                    .position(|token| token.span == span)
            });
            let subject = Subject {
                source: SOURCE.to_owned(),
                part: Part::ProtocolString,
                index: index.unwrap_or(0),
                lines: None,
            };
            let finding = Finding::new(observation.fact.clone(), subject);
            match observation.severity {
                Some(severity) => finding.with_severity(severity),
                None => finding,
            }
        })
        .collect();
    let protocols = Protocols {
        dialect: dialect.as_str(),
        accepted: evaluation.accepted,
        starts: evaluation.starts,
        configured: evaluation.configured.names(),
        effective: evaluation.effective.names(),
    };
    (findings, protocols)
}
