//! The two ways to write a moment in a certificate.

use super::der::plain::{Der, Element, GENERALIZED_TIME, UTC_TIME};
use crate::Time;

/// A `Time` of RFC 5280 4.1.2.5: UTCTime or GeneralizedTime, with seconds and in UTC (`Z`).
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
            _ => Err("a time contains a character that is not a digit"),
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
            return Err("a time has no seconds, or has fractions of a second");
        }
        _ => return Err("another element is where a time should be"),
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
        return Err("a time names a date or an hour that does not exist");
    }
    let seconds = days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Ok(Time::from_unix_seconds(seconds))
}

/// How a time differs from the form that RFC 5280 4.1.2.5 requires, though readers accept it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeForm {
    /// UTCTime without seconds.
    NoSeconds,
    /// GeneralizedTime without seconds.
    GeneralNoSeconds,
    /// With fractions of a second.
    Fraction,
    /// With an offset from UTC in place of `Z`.
    Offset,
    /// With `+0000` or `-0000` in place of `Z`.
    ZeroOffset,
    /// Without a time zone.
    NoZone,
    /// A day that the month does not have.
    NoSuchDay,
    /// A minute of sixty-one seconds.
    LeapSecond,
    /// An hour, minute or second out of range.
    OutOfRange,
}

/// A moment as tolerant readers read it, and what is odd about its form.
pub(crate) fn loose(element: &Element<'_>) -> Option<(Time, TimeForm)> {
    let text = std::str::from_utf8(element.content).ok()?;
    let years = match element.tag {
        UTC_TIME => 2,
        GENERALIZED_TIME => 4,
        _ => return None,
    };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (moment, mut rest) = text.split_at_checked(digits)?;
    let number = |from: usize, length: usize| -> Option<i64> {
        moment.get(from..from + length)?.parse().ok()
    };
    let mut form = None;
    let second = match digits.checked_sub(years)? {
        10 => number(years + 8, 2)?,
        8 => {
            form = Some(if years == 2 {
                TimeForm::NoSeconds
            } else {
                TimeForm::GeneralNoSeconds
            });
            0
        }
        _ => return None,
    };
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        rest = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
        form = Some(TimeForm::Fraction);
    }
    let offset = match rest.as_bytes() {
        b"Z" => 0,
        b"" => {
            form = Some(TimeForm::NoZone);
            0
        }
        [sign @ (b'+' | b'-'), zone @ ..] if zone.len() == 4 => {
            let zone = std::str::from_utf8(zone).ok()?;
            let (hours, minutes) = zone.split_at_checked(2)?;
            let ahead = hours.parse::<i64>().ok()? * 3_600 + minutes.parse::<i64>().ok()? * 60;
            form = Some(if ahead == 0 {
                TimeForm::ZeroOffset
            } else {
                TimeForm::Offset
            });
            if *sign == b'+' { ahead } else { -ahead }
        }
        _ => return None,
    };
    let year = match (years, number(0, years)?) {
        (2, year) if year >= 50 => 1900 + year,
        (2, year) => 2000 + year,
        (_, year) => year,
    };
    let (month, day) = (number(years, 2)?, number(years + 2, 2)?);
    let (hour, minute) = (number(years + 4, 2)?, number(years + 6, 2)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    if day > days_in(year, month) {
        form = Some(TimeForm::NoSuchDay);
    }
    if hour > 23 || minute > 59 || second > 60 {
        form = Some(TimeForm::OutOfRange);
    } else if second == 60 {
        form = Some(TimeForm::LeapSecond);
    }
    let seconds = days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    // Without an oddity the strict reader has already read it.
    Some((Time::from_unix_seconds(seconds - offset), form?))
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
    // 146,097 days are 400 years, and 719,468 days lie between 0000-03-01 and 1970-01-01.
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
    fn invalid_times_are_refused() {
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
