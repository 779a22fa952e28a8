//! What the lines of several keywords have in common.

use super::TEST;
use super::table;
use crate::server::settings::effective::{self, AllWritten};
use crate::server::settings::version::Admission;
use crate::server::settings::{ClientAuth, Context, Placed, Settings, shown};
use crate::source::Lines;

/// The word without which the server's own order of suites counts.
pub(super) const CLIENT_ORDER: &str = "prefer-client-ciphers";

/// Where relative paths start.
pub(super) fn base<'s>(own: &'s str, context: &Context<'s>) -> &'s str {
    if own.is_empty() { context.base } else { own }
}

/// Options of a bind line that apply to protocol versions, and their values.
pub(super) fn versions(arguments: &[String]) -> String {
    let mut found: Vec<&str> = Vec::new();
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "ssl-min-ver" | "ssl-max-ver" => {
                found.push(word);
                found.extend(rest.next().map(String::as_str));
            }
            "no-sslv3" | "no-tlsv10" | "no-tlsv11" | "no-tlsv12" | "no-tlsv13" | "force-sslv3"
            | "force-tlsv10" | "force-tlsv11" | "force-tlsv12" | "force-tlsv13" => found.push(word),
            _ => {}
        }
    }
    found.join(" ")
}

/// A time of HAProxy's in microseconds: without a unit milliseconds are meant. What is after the
/// unit is not looked at: `30sec`.
pub(super) fn microseconds(value: &str) -> Option<u64> {
    let end = value
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(value.len());
    let (digits, unit) = value.split_at_checked(end)?;
    let scale: u64 = match unit.as_bytes() {
        [] | [b'm', b's', ..] => 1000,
        [b'u', b's', ..] => 1,
        [b's', ..] => 1_000_000,
        [b'm', ..] => 60_000_000,
        [b'h', ..] => 3_600_000_000,
        [b'd', ..] => 86_400_000_000,
        _ => return None,
    };
    Some(digits.parse::<u64>().ok()?.saturating_mul(scale))
}

pub(super) fn placed(value: &str, number: usize) -> Option<Placed<String>> {
    Some(Placed {
        value: value.to_owned(),
        lines: Some(Lines::new(number, number)),
    })
}

/// Records the options of a `bind` line, or the default options of all.
pub(super) fn write(options: &[String], number: usize, all: &mut AllWritten) {
    let mut rest = options.iter();
    while let Some(word) = rest.next() {
        let count = table::arguments("bind", word).unwrap_or_default();
        let value = if count == 0 { None } else { rest.next() };
        let value = value.map_or("on", String::as_str);
        effective::write(all, word, value, Some(Lines::new(number, number)));
    }
}

/// How many arguments a word of a `bind` or `server` line takes; `None` if the version does not
/// accept it, or accepts it in a way unknown to certcheck.
pub(super) fn admitted(
    line: &'static str,
    place: &str,
    word: &str,
    number: usize,
    settings: &mut Settings,
) -> Option<usize> {
    let count = table::arguments(line, word);
    settings.depends_on(word, number);
    match settings.admission(word, count.is_some()) {
        Admission::Takes => return count,
        Admission::Refuses => unknown(word, place, number, settings),
        Admission::NotJudged => settings.known_by_name(word, number),
    }
    None
}

/// A word that HAProxy does not know.
pub(super) fn unknown(word: &str, place: &str, number: usize, settings: &mut Settings) {
    // A file that is not HAProxy's may contain millions of them.
    if settings.is_full() {
        return;
    }
    let ancient = table::of_other_versions(word);
    let message = format!(
        "unknown keyword '{}' in '{}'{}",
        shown(word),
        shown(place),
        settings.other_versions(word, "HAProxy 2.6", ancient)
    );
    settings.refuse_at(word, &message, TEST, number);
}

/// What `verify` says.
pub(super) fn client_auth(value: &str) -> ClientAuth {
    match value {
        "optional" => ClientAuth::Optional,
        "required" => ClientAuth::Required,
        _ => ClientAuth::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_a_line() {
        let words = ["ssl", "ssl-min-ver", "TLSv1.2", "no-tlsv13", "alpn", "h2"];
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        assert_eq!(versions(&words), "ssl-min-ver TLSv1.2 no-tlsv13");
    }
}
