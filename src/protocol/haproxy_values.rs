//! The values of those options of a `bind` line that do not concern versions.
//!
//! HAProxy checks most of them while it reads the line ([`refusal`]), and some when it sets up the
//! line, when the last of a kind counts ([`Late`]). Files, users and namespaces depend on the
//! machine and are not checked here. (Source: 2.6, `cfgparse-ssl.c`, `cfgparse-tcp.c`, `proto_*.c`;
//! measured: 2.6.12 with OpenSSL 3.0, in testdata/protocol/haproxy_bind_values.tsv.)

use super::lexer::{Word, is_space};
use crate::cipher::{CipherDialect, Ciphers};
use std::collections::BTreeSet;

/// The most bytes of one ALPN or NPN name (RFC 7301 section 3.1).
const LONGEST_PROTOCOL: usize = 255;

/// The highest number of OpenSSL 3.0's verification errors (`X509_V_ERR_…`).
const LAST_ERROR: i32 = 94;

/// The threads and processes that 2.6 is built for.
const MOST_THREADS: u32 = 64;
const MOST_PROCESSES: u32 = 1;

/// The groups that OpenSSL 3.0 accepts in a list, one group in each row; case-sensitive.
const GROUPS: [&[&str]; 35] = [
    &["sect163k1", "K-163"],
    &["sect163r1"],
    &["sect163r2", "B-163"],
    &["sect193r1"],
    &["sect193r2"],
    &["sect233k1", "K-233"],
    &["sect233r1", "B-233"],
    &["sect239k1"],
    &["sect283k1", "K-283"],
    &["sect283r1", "B-283"],
    &["sect409k1", "K-409"],
    &["sect409r1", "B-409"],
    &["sect571k1", "K-571"],
    &["sect571r1", "B-571"],
    &["secp160k1"],
    &["secp160r1"],
    &["secp160r2"],
    &["secp192k1"],
    &["secp192r1", "prime192v1", "P-192"],
    &["secp224k1"],
    &["secp224r1", "P-224"],
    &["secp256k1"],
    &["secp256r1", "prime256v1", "P-256"],
    &["secp384r1", "P-384"],
    &["secp521r1", "P-521"],
    &["brainpoolP256r1"],
    &["brainpoolP384r1"],
    &["brainpoolP512r1"],
    &["x25519", "X25519"],
    &["x448", "X448"],
    &["ffdhe2048"],
    &["ffdhe3072"],
    &["ffdhe4096"],
    &["ffdhe6144"],
    &["ffdhe8192"],
];

/// What HAProxy says to an option without a value, or with an empty one.
pub(super) fn missing(option: &str) -> String {
    let what = match option {
        "expose-fd" => "fd type",
        "group" => "group name",
        "id" => return "'id' : expects an integer argument".to_owned(),
        "interface" => "interface name",
        "level" => "level",
        "mode" => {
            return "'mode' : missing or invalid mode '' (octal integer expected)".to_owned();
        }
        "mss" => "MSS value",
        "name" => "name",
        "namespace" => "namespace id",
        "process" => return format!("'process' : {}", no_range("", MOST_PROCESSES)),
        "severity-output" => "severity format",
        "tcp-ut" => "TCP User Timeout value",
        "thread" => return format!("'' : {}", no_range("", MOST_THREADS)),
        "user" => "user name",
        "alpn" => "the comma-delimited ALPN protocol suite",
        "npn" => "the comma-delimited NPN protocol suite",
        "ca-file" | "ca-sign-file" | "ca-verify-file" => "CAfile path",
        "ca-ignore-err" | "crt-ignore-err" => "error IDs list",
        "ca-sign-pass" => "CAkey password",
        "ciphers" | "ciphersuites" => "cipher suite",
        "crl-file" => "CRLfile path",
        "crt" | "crt-list" => "certificate location",
        "curves" => "curve suite",
        "ecdhe" => "named curve",
        "tls-ticket-keys" => "TLS ticket keys file path",
        "verify" => "verify method",
        _ => "value",
    };
    format!("'{option}' : missing {what}")
}

/// What HAProxy says to a value while it reads the line; `None`: it goes on.
pub(super) fn refusal(option: &str, value: &str) -> Option<String> {
    let (number, rest) = integer(value, 10);
    let said = match option {
        "accept-netscaler-cip" if number == 0 => "invalid value 0, must be >= 0".to_owned(),
        "backlog" if number < 0 => format!("invalid value {number}, must be > 0"),
        "maxconn" if number < 0 => format!("invalid value {number}, must be >= 0"),
        "id" if !rest.is_empty() => format!("expects an integer argument, found '{value}'"),
        "id" if number <= 0 => "custom id has to be > 0".to_owned(),
        // In C, the absolute value of the lowest integer is itself.
        "mss" if number == 0 || number.wrapping_abs() > 65535 => {
            "expects an MSS with and absolute value between 1 and 65535".to_owned()
        }
        "nice" if !(-1024..=1024).contains(&number) => {
            format!("invalid value {number}, allowed range is -1024..1024")
        }
        "shards" if value != "by-thread" && !(1..=64).contains(&number) => {
            format!("invalid value {number}, allowed range is 1..64 or 'by-thread'")
        }
        "mode" if !integer(value, 8).1.is_empty() => {
            format!("missing or invalid mode '{value}' (octal integer expected)")
        }
        "proto" if !["h1", "h2", "fcgi", "none"].contains(&value) => {
            format!(" unknown MUX protocol '{value}'")
        }
        "verify" if !["none", "optional", "required"].contains(&value) => format!(
            "unknown verify method '{value}', only 'none', 'optional', and 'required' are supported"
        ),
        "process" => {
            let (process, thread) = value.split_once('/').unwrap_or((value, "all"));
            let range = |text, most| range(text, most).err();
            range(process, MOST_PROCESSES).or_else(|| range(thread, MOST_THREADS))?
        }
        "ca-ignore-err" | "crt-ignore-err" if value != "all" => {
            let number = |text| integer(text, 10).0;
            let mut numbers = value.split(',').map(number);
            let wrong = numbers.find(|number| !(1..=LAST_ERROR).contains(number))?;
            format!("ID '{wrong}' out of range (1..{LAST_ERROR}) in error IDs list '{value}'")
        }
        "alpn" | "npn" => {
            let mut names = value.split(',');
            let long = names.find(|name| name.len() > LONGEST_PROTOCOL)?;
            let kind = option.to_ascii_uppercase();
            format!("{kind} protocol name too long : '{long}'")
        }
        "thread" => return threads(value),
        "tcp-ut" => return delay(value),
        "expose-fd" => return only(option, &["listeners"], "'listeners'", value),
        "level" => {
            let names = "'user', 'operator', and 'admin'";
            return only(option, &["user", "operator", "admin"], names, value);
        }
        "severity-output" => {
            let names = "'none', 'number', and 'string'";
            return only(option, &["none", "number", "string"], names, value);
        }
        _ => return None,
    };
    Some(format!("'{option}' : {said}"))
}

fn only(option: &str, known: &[&str], names: &str, value: &str) -> Option<String> {
    let refused = !known.contains(&value);
    refused.then(|| format!("'{option}' only supports {names} (got '{value}')"))
}

/// `strtol` and the rest of the text, truncated to an `int` as in C.
fn integer(text: &str, radix: u32) -> (i32, &str) {
    let blank = |c: char| u8::try_from(c).is_ok_and(is_space);
    let text_ = text.trim_start_matches(blank);
    let (negative, digits) = match text_.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text_.strip_prefix('+').unwrap_or(text_)),
    };
    let end = digits.find(|c: char| !c.is_digit(radix));
    let (digits, rest) = digits.split_at(end.unwrap_or(digits.len()));
    if digits.is_empty() {
        return (0, text);
    }
    // C computes in the width of a long and then truncates: a number beyond 2³² keeps its lowest 32
    // bits.
    let value = digits.chars().fold(0_i64, |value, digit| {
        let digit = i64::from(digit.to_digit(radix).unwrap_or(0));
        let digit = if negative { -digit } else { digit };
        value.saturating_mul(i64::from(radix)).saturating_add(digit)
    });
    let [a, b, c, d, ..] = value.to_le_bytes();
    (i32::from_le_bytes([a, b, c, d]), rest)
}

fn no_range(text: &str, most: u32) -> String {
    format!("'{text}' is not a valid number/range. It supports numbers from 1 to {most}.")
}

/// `all`, `odd`, `even`, `N`, `N-` or `N-M` (`parse_process_number`).
fn range(text: &str, most: u32) -> Result<(), String> {
    if matches!(text, "all" | "odd" | "even") {
        return Ok(());
    }
    let (low, high) = match text.split_once('-') {
        Some((low, high)) => (low, Some(high)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(low) || !high.is_none_or(digits) {
        return Err(format!("'{text}' is not a valid number/range."));
    }
    let low = wrapping(low);
    let high = match high {
        None => low,
        Some("") => most,
        Some(high) => wrapping(high),
    };
    let allowed = 1..=most;
    if allowed.contains(&low) && allowed.contains(&high) {
        Ok(())
    } else {
        Err(no_range(text, most))
    }
}

/// `str2uic`: digits, modulo 2³².
fn wrapping(digits: &str) -> u32 {
    digits.bytes().fold(0_u32, |value, digit| {
        let digit = u32::from(digit.wrapping_sub(b'0'));
        value.wrapping_mul(10).wrapping_add(digit)
    })
}

/// `[GROUP/]SET`: 2.6 is built for one group. The number of threads depends on the machine.
fn threads(value: &str) -> Option<String> {
    let digits = value.trim_start_matches(|c: char| c.is_ascii_digit());
    let set = match digits.strip_prefix('/') {
        Some(set) => {
            let group = integer(value, 10).0;
            if group != 1 {
                return Some(format!(
                    "'{value}' thread-group number must be between 1 and 1 (was {group})"
                ));
            }
            set
        }
        None => value,
    };
    range(set, MOST_THREADS)
        .err()
        .map(|error| format!("'{set}' : {error}"))
}

/// `parse_time_err` with milliseconds if no unit is given; what follows a
/// unit is only a warning.
fn delay(value: &str) -> Option<String> {
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = value.split_at(digits);
    let unclear = || Some("'tcp-ut' : expects a positive delay in milliseconds".to_owned());
    if number.is_empty() {
        return unclear();
    }
    let number = number.bytes().fold(0_u64, |value, digit| {
        let digit = u64::from(digit.wrapping_sub(b'0'));
        value.wrapping_mul(10).wrapping_add(digit)
    });
    let (times, by) = match unit.as_bytes() {
        [] | [b'm', b's', ..] => (1, 1),
        [b'u', b's', ..] => (1, 1000),
        [b's', ..] => (1000, 1),
        [b'm', ..] => (60_000, 1),
        [b'h', ..] => (3_600_000, 1),
        [b'd', ..] => (86_400_000, 1),
        _ => return unclear(),
    };
    // Rounded up, as HAProxy does: a microsecond becomes a millisecond, not zero.
    let milliseconds = number.wrapping_mul(times).wrapping_add(by - 1) / by;
    (milliseconds > i32::MAX.unsigned_abs().into()).then(|| {
        format!(
            "timer overflow in argument '{value}' to 'tcp-ut' (maximum value is 2147483647 ms or \
             ~24.8 days)"
        )
    })
}

/// What counts when the line is set up: the last value of each option.
#[derive(Default)]
pub(super) struct Late {
    ids: BTreeSet<i32>,
    verify: Option<Word>,
    has_ca: bool,
    ciphers: Option<Word>,
    ciphersuites: Option<Word>,
    curves: Option<Word>,
    ecdhe: Option<Word>,
    proto: Option<Word>,
}

impl Late {
    /// Remembers a value; returns what HAProxy says to it at once.
    pub(super) fn note(&mut self, option: &str, value: &Word) -> Option<String> {
        let text = value.text();
        if let Some(error) = refusal(option, &text) {
            return Some(error);
        }
        let place = match option {
            "id" => {
                let id = integer(&text, 10).0;
                let first = self.ids.is_empty();
                self.ids.insert(id);
                // The line is already in the list under its first number.
                return (!first).then(|| format!("'id' : custom id {id} already used at "));
            }
            "ca-file" | "ca-verify-file" => {
                self.has_ca = true;
                return None;
            }
            "verify" => &mut self.verify,
            "ciphers" => &mut self.ciphers,
            "ciphersuites" => &mut self.ciphersuites,
            "curves" => &mut self.curves,
            "ecdhe" => &mut self.ecdhe,
            "proto" => &mut self.proto,
            _ => return None,
        };
        *place = Some(value.clone());
        None
    }

    /// What HAProxy refuses when it sets the line up: the value, and its text.
    pub(super) fn refusals(self) -> Vec<(Word, String)> {
        let mut found = Vec::new();
        let mut hold = |word: Option<Word>, refused: &dyn Fn(&str) -> bool, what: &str| {
            let Some(word) = word else { return };
            let text = word.text();
            if refused(&text) {
                let said = what.replace('%', &text);
                found.push((word, said));
            }
        };
        let refused = |dialect| move |text: &str| Ciphers::of(dialect, text).refused.is_some();
        hold(
            self.proto,
            &|text| text == "fcgi",
            "MUX protocol '%' is not usable for ",
        );
        hold(
            self.verify,
            &|text| text != "none" && !self.has_ca,
            "verify is enabled but no CA file specified for bind",
        );
        hold(
            self.ciphers,
            &refused(CipherDialect::HaProxy),
            "unable to set SSL cipher list to '%'",
        );
        hold(
            self.ciphersuites,
            &refused(CipherDialect::Tls13),
            "unable to set TLS 1.3 cipher suites to '%'",
        );
        // `ecdhe` is read only if there are no `curves`, so a bad value next to them does no harm.
        let ecdhe = self.ecdhe.filter(|_| self.curves.is_none());
        hold(
            self.curves,
            &no_groups,
            "unable to set SSL curves list to '%'",
        );
        hold(
            ecdhe,
            &no_groups,
            "unable to set elliptic named curve to '%'",
        );
        found
    }
}

/// Whether `SSL_CTX_set1_groups_list` refuses: a name that it does not know, or a group twice.
fn no_groups(list: &str) -> bool {
    let mut seen = BTreeSet::new();
    list.split(':').any(|name| {
        let row = GROUPS.iter().position(|names| names.contains(&name));
        row.is_none_or(|row| !seen.insert(row))
    })
}
