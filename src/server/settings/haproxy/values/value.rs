//! What one argument must be, and the message for one that is not.

use super::super::super::shown;
use super::VERSIONS;
use super::number::{SETS, atoi, lowest_thread, time};

/// What one argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Any,
    /// `atoi`, at least this.
    From(i32),
    OneOf(&'static [&'static str]),
    Time,
    /// Numbers of verification errors, or `all`.
    Errors,
    /// Names of 255 bytes at most.
    Protocols,
    Identity,
    SegmentSize,
    /// `atoi`, between these.
    Between(i32, i32),
    /// Only digits, between these.
    Count(i32, i32),
    /// `strtol` with base 8, to the end.
    Octal,
    /// `1` to `64`, `by-thread`.
    Shards,
    /// The only process.
    Process,
    /// Threads of the only group.
    Threads,
}

/// The error message that HAProxy prints for a value, or nothing if it accepts it.
pub(super) fn check(name: &str, wanted: Value, word: &str) -> Result<(), String> {
    let shown = shown(word);
    match wanted {
        Value::Any => Ok(()),
        // A value with a minimum above 0 is read as unsigned.
        Value::From(least @ 1..) if atoi(word).cast_unsigned() >= least.cast_unsigned() => Ok(()),
        Value::From(least) if least > 0 || atoi(word) < 0 => match least {
            0 => Err(format!("'{name}' expects a positive numeric value.")),
            _ => Err(format!("'{name}' expects a value >= {least}.")),
        },
        Value::From(_) => Ok(()),
        Value::OneOf(words) if words.contains(&word) => Ok(()),
        Value::OneOf(VERSIONS) => Err(format!("'{shown}' : unknown ssl/tls version")),
        Value::OneOf(words) if name == "verify" => {
            let known = match words.len() {
                2 => "'none' and 'required'",
                _ => "'none', 'optional', and 'required'",
            };
            Err(format!(
                "'verify' : unknown verify method '{shown}', only {known} are supported"
            ))
        }
        Value::OneOf(words) => Err(format!(
            "'{name}' expects one of {}, and got '{shown}'.",
            words.join(", ")
        )),
        Value::Time => time(word).map_err(|problem| format!("'{name}': {problem}")),
        Value::Errors => errors(name, word),
        Value::Protocols if word.is_empty() => Err(format!("'{name}' : missing protocols")),
        Value::Protocols if word.split(',').any(|part| part.len() > 255) => {
            Err(format!("'{name}' : a protocol's name is too long"))
        }
        Value::Protocols => Ok(()),
        Value::Identity => match word.parse::<i32>() {
            Ok(number) if number > 0 => Ok(()),
            _ => Err(format!(
                "'{name}' : expects an integer above 0, found '{shown}'"
            )),
        },
        Value::Between(least, most) => match atoi(word) {
            number if number >= least && number <= most => Ok(()),
            number => Err(format!(
                "'{name}' : invalid value {number}, allowed range is {least}..{most}"
            )),
        },
        Value::Count(least, most) => match word.parse::<i32>() {
            Ok(number) if number >= least && number <= most => Ok(()),
            _ => Err(format!(
                "'{name}' value must be between {least} and {most} (was {shown})"
            )),
        },
        Value::Octal => {
            let digits = word.strip_prefix('-').unwrap_or(word);
            let octal = |digit: u8| (b'0'..b'8').contains(&digit);
            if !digits.is_empty() && digits.bytes().all(octal) {
                return Ok(());
            }
            Err(format!(
                "'{name}' : missing or invalid mode '{shown}' (octal integer expected)"
            ))
        }
        Value::Shards if word == "by-thread" || (1..=64).contains(&atoi(word)) => Ok(()),
        Value::Shards => Err(format!(
            "'{name}' : invalid value {}, allowed range is 1..64 or 'by-thread'",
            atoi(word)
        )),
        Value::Process if SETS.contains(&word) || matches!(word, "1" | "1-1") => Ok(()),
        Value::Process => Err(format!(
            "'{name}' : '{shown}' is not a valid number/range. It supports numbers from 1 to 1."
        )),
        Value::Threads => match lowest_thread(word) {
            Some(_) => Ok(()),
            None => Err(format!(
                "'{name}' : '{shown}' is not a valid number/range. It supports numbers from 1 to 64."
            )),
        },
        Value::SegmentSize => match atoi(word).unsigned_abs() {
            1..=65535 => Ok(()),
            _ => Err(format!("'{name}' : expects a number from 1 to 65535")),
        },
    }
}

/// `SSL_MAX_VFY_ERROR_CODE` with OpenSSL 3.0, as `haproxy -c` reports it.
const MOST_ERRORS: i32 = 94;

fn errors(name: &str, list: &str) -> Result<(), String> {
    if list == "all" {
        return Ok(());
    }
    for one in list.split(',') {
        let code = atoi(one);
        if !(1..=MOST_ERRORS).contains(&code) {
            return Err(format!(
                "'{name}' : ID '{code}' out of range (1..{MOST_ERRORS}) in error IDs list '{}'",
                shown(list)
            ));
        }
    }
    Ok(())
}
