//! The report of a `tsm` command: the preflight, and what running the command changes.

use super::wrap::wrapped;
use super::{Detail, preflight};
use crate::answer::{Answer, Verdict};
use crate::preflight::TsmResult;

/// The whole report.
///
/// With `quiet`, one line for each error, and the verdict where there is none.
pub fn tsm(answer: &Answer<TsmResult>, detail: Detail) -> String {
    let mut out = preflight(answer, &answer.result.preflight, detail);
    let effects = &answer.result.effects;
    // A command that has an error must not be run yet.
    if detail.quiet || effects.is_empty() || answer.verdict() == Verdict::Fail {
        return out;
    }
    out.push_str("\nWhen you run it\n");
    for effect in effects {
        out.push_str(&wrapped("  - ", effect, "    ", detail.width()));
    }
    out
}
