//! What the server makes of the protocol string.

use super::Protocols;
use crate::command::protocols::{GIVEN, findings};
use crate::finding::Finding;
use crate::protocol::{Dialect, Environment, ProtocolString};

/// Findings about a protocol string, and what it comes to.
pub(super) fn judge(text: &str, dialect: Dialect) -> (Vec<Finding>, Protocols) {
    let evaluation =
        ProtocolString::parse(dialect, text).evaluate(&Environment::default_for(dialect));
    let protocols = Protocols {
        dialect: dialect.as_str(),
        accepted: evaluation.accepted,
        starts: evaluation.starts,
        configured: evaluation.configured.names(),
        effective: evaluation.effective.names(),
    };
    (findings(&evaluation, GIVEN, None), protocols)
}
