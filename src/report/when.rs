//! How far away a date is, the same in every report.

use crate::Time;
use crate::shown::counted;

/// `in 30 days`, `200 days ago`: whole days, as the findings count them.
pub(super) fn when(at: Time, end: Time) -> String {
    if end < at {
        format!("{} ago", counted(days(end, at), "day"))
    } else {
        format!("in {}", counted(days(at, end), "day"))
    }
}

fn days(from: Time, to: Time) -> usize {
    usize::try_from(from.days_until(to)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_has_begun_does_not_count_in_either_direction() {
        let at = Time::from_unix_seconds(10 * 86_400);
        let half = 43_200_i64;
        let of = |seconds: i64| when(at, Time::from_unix_seconds(10 * 86_400 + seconds));
        assert_eq!(of(half), "in 0 days");
        assert_eq!(of(-half), "0 days ago");
        assert_eq!(of(86_400 + half), "in 1 day");
        assert_eq!(of(-86_400 - half), "1 day ago");
    }
}
