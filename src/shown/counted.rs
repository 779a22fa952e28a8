//! A number with its noun, in the singular or the plural.

use std::fmt::Display;

/// `number` and `noun`, which takes an `s` unless there is exactly one.
///
/// ```
/// use certcheck::shown::counted;
/// assert_eq!(counted(1, "day"), "1 day");
/// assert_eq!(counted(2, "certificate"), "2 certificates");
/// assert_eq!(counted(0, "day"), "0 days");
/// ```
pub fn counted(number: impl Display, noun: &str) -> String {
    let number = number.to_string();
    let plural = if number == "1" { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
