//! The dates of a certificate as TabPy reads them before it loads the file
//! (`validate_cert` of 2.16): pyOpenSSL's text of each, then
//! `datetime.strptime(…, "%Y%m%d%H%M%SZ")`. Measured with pyOpenSSL 26.4 and OpenSSL 4.0.3.

use crate::model::der::{Element, GENERALIZED_TIME, SEQUENCE, UTC_TIME, split};

/// Whether TabPy stops at a date of this certificate that other readers accept: a time without
/// seconds, with fractions, or not in the calendar. A certificate without findable dates is another
/// fault.
pub(crate) fn stops_at(certificate: &[u8]) -> bool {
    dates(certificate).is_some_and(|dates| !dates.iter().all(reads))
}

fn dates(certificate: &[u8]) -> Option<[Element<'_>; 2]> {
    fn inside(element: Element<'_>) -> Option<&[u8]> {
        (element.tag == SEQUENCE).then_some(element.content)
    }
    let whole = split(certificate).ok()?.0;
    let mut rest = inside(split(inside(whole)?).ok()?.0)?;
    let mut fields = std::iter::from_fn(|| {
        let (element, behind) = split(rest).ok()?;
        rest = behind;
        Some(element)
    });
    let mut first = fields.next()?;
    // [0] version
    if first.tag == 0xa0 {
        first = fields.next()?;
    }
    // The serial number, the algorithm and the issuer precede it.
    let _serial = first;
    let validity = inside(fields.nth(2)?)?;
    let (before, behind) = split(validity).ok()?;
    Some([before, split(behind).ok()?.0])
}

fn reads(time: &Element<'_>) -> bool {
    match time.tag {
        // `ASN1_TIME_to_generalizedtime`; d2i accepts none shorter than 13.
        UTC_TIME if time.content.len() >= 13 => {
            let (digits, zone) = time.content.split_at_checked(12).unwrap_or_default();
            let Some([year, rest @ ..]) = pairs::<6>(digits) else {
                return false;
            };
            let century = if year >= 50 { 1900 } else { 2000 };
            exists(century + year, rest) && (zone == b"Z" || is_offset(zone))
        }
        // Its bytes up to a NUL, unchanged.
        GENERALIZED_TIME if time.content.len() >= 15 => {
            let text = time.content.split(|&byte| byte == 0).next();
            let (digits, zone) = text
                .unwrap_or_default()
                .split_at_checked(14)
                .unwrap_or_default();
            let Some([high, low, rest @ ..]) = pairs::<7>(digits) else {
                return false;
            };
            // `strptime` ignores case.
            exists(high * 100 + low, rest) && zone.eq_ignore_ascii_case(b"Z")
        }
        _ => false,
    }
}

/// The text as a sequence of two-digit numbers.
fn pairs<const N: usize>(text: &[u8]) -> Option<[u32; N]> {
    let mut numbers = [0; N];
    let both = text.chunks(2).zip(&mut numbers);
    for (pair, number) in both {
        let [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] = pair else {
            return None;
        };
        *number = u32::from(tens - b'0') * 10 + u32::from(ones - b'0');
    }
    (text.len() == 2 * N).then_some(numbers)
}

fn exists(year: u32, [month, day, hour, minute, second]: [u32; 5]) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    // Python's `datetime` begins with the year 1.
    year >= 1 && (1..=days).contains(&day) && hour < 24 && minute < 60 && second < 60
}

fn is_offset(zone: &[u8]) -> bool {
    let [b'+' | b'-', digits @ ..] = zone else {
        return false;
    };
    // `ossl_asn1_time_to_tm`: 0 to 12 hours, 0 to 59 minutes.
    pairs::<2>(digits).is_some_and(|[hours, minutes]| hours <= 12 && minutes < 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(tag: u8, content: &[u8]) -> bool {
        reads(&Element {
            tag,
            content,
            whole: content,
        })
    }

    /// What TabPy 2.16 did with certificates that have these dates.
    #[test]
    fn dates_as_measured() {
        for text in ["260101000000Z", "270601000000+0000", "500101000000Z"] {
            assert!(taken(UTC_TIME, text.as_bytes()), "{text}");
        }
        for text in [
            "2601010000Z",
            "270601240000Z",
            "270601235960Z",
            "260101000000",
            "260101000000z",
            "260229000000Z",
            "260101000000+00",
            "",
        ] {
            assert!(!taken(UTC_TIME, text.as_bytes()), "{text}");
        }
        for text in ["20260101000000Z", "99991231235959Z", "19000101000000Z"] {
            assert!(taken(GENERALIZED_TIME, text.as_bytes()), "{text}");
        }
        for text in [
            "20260101000000.5Z",
            "00000101000000Z",
            "20260101000000+0000",
        ] {
            assert!(!taken(GENERALIZED_TIME, text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_no_certificate_has_no_dates() {
        assert!(!stops_at(b""));
        assert!(!stops_at(b"\x30\x02\x30\x00"));
    }
}
