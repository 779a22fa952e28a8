//! The moment of judgement: the only place that asks the clock.

use crate::args::Common;
use certcheck::Time;
use std::time::{SystemTime, UNIX_EPOCH};

/// The time given as `--at`, otherwise now.
pub(crate) fn judged_at(common: &Common) -> Time {
    common.at.unwrap_or_else(now)
}

/// Now, whatever `--at` says.
pub(crate) fn now() -> Time {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Time::from_unix_seconds(i64::try_from(now.as_secs()).unwrap_or(i64::MAX))
}
