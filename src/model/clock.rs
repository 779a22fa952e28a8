//! The two ways to write a moment in a certificate.

use super::der::plain::{Der, Element, GENERALIZED_TIME, UTC_TIME};
use crate::Time;

/// A `Time` of RFC 5280 4.1.2.5: UTCTime or GeneralizedTime, in seconds and Zulu.
pub(crate) fn time(element: &Element<'_>) -> Der<Time> {
    let digits = element
        .content
        .strip_suffix(b"Z")
        .ok_or("a time does not end with Z")?;
    let pair = |at: usize| -> Der<i64> {
        match digits.get(at..at + 2) {
            Some(&[tens, ones]) if tens.is_ascii_digit() && ones.is_ascii_digit() => {
                Ok(i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
            }
            _ => Err("a time holds something else than digits"),
        }
    };
    let (year, rest) = match (element.tag, digits.len()) {
        // RFC 5280 4.1.2.5.1: 50 and above are 19YY.
        (UTC_TIME, 12) => match pair(0)? {
            year if year >= 50 => (1900 + year, 2),
            year => (2000 + year, 2),
        },
        (GENERALIZED_TIME, 14) => (pair(0)? * 100 + pair(2)?, 4),
        (UTC_TIME | GENERALIZED_TIME, _) => {
            return Err("a time has no seconds, or fractions of one");
        }
        _ => return Err("something else stands where a time should"),
    };
    let (month, day) = (pair(rest)?, pair(rest + 2)?);
    let (hour, minute, second) = (pair(rest + 4)?, pair(rest + 6)?, pair(rest + 8)?);
    if !(1..=12).contains(&month)
        || day < 1
        || day > days_in(year, month)
        || hour > 23
        || minute > 59
        || second > 59
    {
        return Err("a time is not one of the calendar's");
    }
    let seconds = days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Ok(Time::from_unix_seconds(seconds))
}

const fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar.
const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the leap day is the last one.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: u8, text: &str) -> Der<String> {
        let value = text.as_bytes();
        time(&Element {
            tag,
            content: value,
            whole: value,
        })
        .map(|time| time.to_string())
    }

    #[test]
    fn the_calendar() {
        for (tag, text, expected) in [
            (UTC_TIME, "500101000000Z", "1950-01-01T00:00:00Z"),
            (UTC_TIME, "491231235959Z", "2049-12-31T23:59:59Z"),
            (GENERALIZED_TIME, "20240229120001Z", "2024-02-29T12:00:01Z"),
            (GENERALIZED_TIME, "99991231235959Z", "9999-12-31T23:59:59Z"),
            (GENERALIZED_TIME, "19000301000000Z", "1900-03-01T00:00:00Z"),
        ] {
            assert_eq!(read(tag, text).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_is_no_time() {
        for (tag, text) in [
            (UTC_TIME, "2401010000Z"),
            (UTC_TIME, "240101000000+0100"),
            (UTC_TIME, "20240101000000Z"),
            (GENERALIZED_TIME, "20240101000000.5Z"),
            (GENERALIZED_TIME, "20230229000000Z"),
            (GENERALIZED_TIME, "20240101240000Z"),
            (GENERALIZED_TIME, "2024010100000xZ"),
        ] {
            assert!(read(tag, text).is_err(), "{text}");
        }
    }
}
