//! A moment in time, in whole seconds, always given by the caller.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A moment, in whole seconds since 1970-01-01T00:00:00Z, from year 0 to 9999.
///
/// The library never asks a clock: every judgement that depends on the time
/// takes one of these.
///
/// ```
/// let at: certcheck::Time = "2026-11-22T10:00:00+01:00".parse()?;
/// assert_eq!(at.to_string(), "2026-11-22T09:00:00Z");
/// # Ok::<(), certcheck::InvalidTime>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time(i64);

/// Why a text is not a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTime(String);

impl Time {
    /// The moment `seconds` after (before, if negative) 1970-01-01T00:00:00Z.
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    /// The moment `days` times 86,400 seconds later (earlier, if negative).
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(86_400)))
    }

    /// Whole days from this moment until `later`, rounded down; negative if it has passed.
    pub const fn days_until(self, later: Self) -> i64 {
        later.0.saturating_sub(self.0).div_euclid(86_400)
    }
}

impl From<SystemTime> for Time {
    /// A time that a caller read from its clock; fractions of a second are cut off.
    fn from(time: SystemTime) -> Self {
        let seconds = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            Err(before) => {
                let before = before.duration();
                let cut = u64::from(before.subsec_nanos() > 0);
                let seconds = i64::try_from(before.as_secs().saturating_add(cut));
                seconds.map_or(i64::MIN, |seconds| -seconds)
            }
        };
        Self(seconds)
    }
}

impl fmt::Display for Time {
    /// RFC 3339 in UTC, `2026-11-22T00:00:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = OffsetDateTime::from_unix_timestamp(self.0)
            .ok()
            .and_then(|t| t.format(&Rfc3339).ok());
        match text {
            Some(text) => f.write_str(&text),
            None => write!(f, "{} seconds since 1970-01-01T00:00:00Z", self.0),
        }
    }
}

impl FromStr for Time {
    type Err = InvalidTime;

    /// Reads RFC 3339; fractions of a second are cut off.
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        OffsetDateTime::parse(text, &Rfc3339)
            .map(|time| Self(time.unix_timestamp()))
            .map_err(|error| InvalidTime(error.to_string()))
    }
}

impl fmt::Display for InvalidTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "not a time like 2026-11-22T00:00:00Z (RFC 3339): {}",
            self.0
        )
    }
}

impl std::error::Error for InvalidTime {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for seconds in [0, -1, 1_763_769_600, 253_402_300_799] {
            let time = Time::from_unix_seconds(seconds);
            assert_eq!(time.to_string().parse(), Ok(time));
        }
    }

    #[test]
    fn days_are_rounded_down() {
        let time = Time::from_unix_seconds(0);
        assert_eq!(time.days_until(Time::from_unix_seconds(86_399)), 0);
        assert_eq!(time.days_until(Time::from_unix_seconds(-1)), -1);
    }

    #[test]
    fn a_date_alone_is_refused() {
        assert!("2026-11-22".parse::<Time>().is_err());
    }
}
