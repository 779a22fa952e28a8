//! The limit on what an attacker's file can make certcheck compute.

use super::{Refusal, Work};
use crate::model::Malformed;

/// The most iterations that are computed.
const MOST_ITERATIONS: u64 = Work::MOST;

/// Refuses iteration counts that are zero or beyond the budget.
pub(crate) fn check_iterations(count: u64) -> Result<(), Refusal> {
    match count {
        0 => Err(Refusal::Malformed(Malformed::new(
            "encryption algorithm",
            "an iteration count of zero",
        ))),
        1..=MOST_ITERATIONS => Ok(()),
        _ => Err(Refusal::TooCostly(format!(
            "{count} iterations; at most {MOST_ITERATIONS} are computed"
        ))),
    }
}
