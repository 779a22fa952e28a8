//! Numbers as HAProxy reads them: C's `atoi`, times with a unit, sets of threads.

use super::super::super::shown;

/// Names of sets of processes and threads.
pub(super) const SETS: [&str; 3] = ["all", "odd", "even"];

/// The lowest number in `1`, `2-4`, `1/all` or a name of a set; `None` if HAProxy accepts none of
/// it. Without `thread-groups` there is one group.
pub(in crate::server::settings::haproxy) fn lowest_thread(word: &str) -> Option<u8> {
    let own = match word.split_once('/') {
        Some(("1", own)) => own,
        Some(_) => return None,
        None => word,
    };
    if SETS.contains(&own) {
        return Some(if own == "even" { 2 } else { 1 });
    }
    let number = |text: &str| {
        let number = text.parse::<u8>().ok()?;
        (1..=64).contains(&number).then_some(number)
    };
    match own.split_once('-') {
        // Up to the last one.
        Some((first, "")) => number(first),
        Some((first, last)) => Some(number(first)?.min(number(last)?)),
        None => number(own),
    }
}

/// The C function: blanks, a sign, digits; the rest is ignored, and an empty text is 0. Of a `long`
/// that is too large, the lower half remains (glibc, x86-64).
pub(super) fn atoi(text: &str) -> i32 {
    let text = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let number = digits
        .bytes()
        .take_while(u8::is_ascii_digit)
        .fold(0i64, |sum, digit| {
            sum.saturating_mul(10)
                .saturating_add(i64::from(digit - b'0'))
        });
    let number = match (negative, number) {
        (true, i64::MAX) => i64::MIN,
        (true, number) => -number,
        (false, number) => number,
    };
    #[expect(clippy::cast_possible_truncation, reason = "as C does it")]
    let low = number as i32;
    low
}

/// `parse_time_err` with seconds: digits and a unit. HAProxy accepts anything after
/// the unit, with a warning.
pub(super) fn time(text: &str) -> Result<(), String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits).unwrap_or((text, ""));
    let unexpected = |rest: &str| {
        let c = rest.chars().next().unwrap_or(' ');
        Err(format!("unexpected character '{}'", shown(&c.to_string())))
    };
    if number.is_empty() {
        return unexpected(text);
    }
    let value: u128 = number.parse().unwrap_or(u128::MAX >> 32);
    let seconds = match unit {
        "" => value,
        _ if unit.starts_with("us") => value.div_ceil(1_000_000),
        _ if unit.starts_with("ms") => value.div_ceil(1000),
        _ if unit.starts_with('s') => value,
        _ if unit.starts_with('m') => value.saturating_mul(60),
        _ if unit.starts_with('h') => value.saturating_mul(3600),
        _ if unit.starts_with('d') => value.saturating_mul(86400),
        _ => return unexpected(unit),
    };
    if seconds > 0x7fff_ffff {
        return Err(format!(
            "timer overflow in argument '{}' (maximum value is 2147483647 s)",
            shown(text)
        ));
    }
    Ok(())
}
