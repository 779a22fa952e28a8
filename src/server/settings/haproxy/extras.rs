//! Words of `bind` other than certificates and versions, and their defaults.

use super::super::openssl::{Groups, Tls13, groups, tls13_suites};
use super::super::{Context, Looked, Settings, path, shown};
use super::{TEST, values};

pub(super) fn suites(setting: &str, list: &str, number: usize, settings: &mut Settings) {
    match tls13_suites(list) {
        Tls13::Good => {}
        Tls13::Refused => {
            let message = format!("unable to set TLS 1.3 cipher suites to '{}'", shown(list));
            settings.refuse_at(setting, &message, TEST, number);
        }
        Tls13::Unusual => {
            let reason = "clients may share none of these suites with the server";
            settings.negotiated(setting, reason, number);
        }
    }
}

pub(super) fn curves(setting: &str, list: &str, number: usize, settings: &mut Settings) {
    match groups(list) {
        Groups::Good => {}
        Groups::Refused(_) => {
            let message = format!("unable to set SSL curves list to '{}'", shown(list));
            settings.refuse_at(setting, &message, TEST, number);
        }
        Groups::Unusual => {
            let reason = "clients may share none of these groups with the server";
            settings.negotiated(setting, reason, number);
        }
    }
}

/// Whether HAProxy refuses these curves, which is then reported.
pub(super) fn refuses_curves(
    setting: &str,
    list: &str,
    number: usize,
    settings: &mut Settings,
) -> bool {
    let refused = matches!(groups(list), Groups::Refused(_));
    if refused {
        curves(setting, list, number, settings);
    }
    refused
}

/// A word of a `bind` line, and its argument if it has one.
pub(super) fn option(
    word: &str,
    value: &str,
    number: usize,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    match word {
        "ciphersuites" => suites(word, value, number, settings),
        "curves" | "ecdhe" => curves(word, value, number, settings),
        "tls-ticket-keys" => {
            let file = path::join(context.base, value);
            let Some(bytes) = settings.demanded(context, word, &file, number) else {
                return;
            };
            if !ticket_keys(bytes) {
                let message = format!("'{}' : unable to load ssl tickets keys file", shown(&file));
                settings.refuse_at(word, &message, TEST, number);
            }
        }
        "thread" if values::lowest_thread(value).is_some_and(|lowest| lowest > 1) => {
            let reason = "certcheck does not know whether HAProxy has as many threads";
            settings.not_judged(word, reason, number);
        }
        "namespace" => namespace(word, value, number, context, settings),
        // Only root exists on every system.
        "user" | "group" if value != "root" => {
            let reason = "certcheck does not know whether the system that HAProxy runs on has it";
            settings.not_judged(word, reason, number);
        }
        // Only the loopback interface exists on every system.
        "interface" if value != "lo" => {
            let reason = "certcheck does not know whether the system that HAProxy runs on has it";
            settings.not_judged(word, reason, number);
        }
        _ => {}
    }
}

/// A network namespace is represented by a file while it exists (`netns_store_insert`).
fn namespace(
    word: &str,
    name: &str,
    number: usize,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let file = format!("/var/run/netns/{name}");
    if let Some(Looked::Missing) = settings.look(context, &file) {
        let message = format!("Cannot open namespace '{}'.", shown(name));
        settings.refuse_at(word, &message, TEST, number);
    } else {
        let reason = "certcheck does not know what the namespace lets through";
        settings.not_judged(word, reason, number);
    }
}

/// At least three lines, each of 48 bytes in base64, or each of 80; empty lines do not count.
fn ticket_keys(bytes: &[u8]) -> bool {
    let mut sizes = bytes.split_inclusive(|&byte| byte == b'\n').map(|line| {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let padding = line.iter().rev().take_while(|&&byte| byte == b'=').count();
        let digits = line.len() - padding;
        let sound = line
            .iter()
            .take(digits)
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte));
        match (line.len(), padding) {
            // cfgparse-ssl.c, `bind_parse_tls_ticket_keys`: 48 bytes are AES-128 keys and 80 bytes AES-256 keys,
            // and a file must not mix the two.
            (64, 0) if sound => Some(48),
            (108, 1) if sound => Some(80),
            _ => None,
        }
    });
    let Some(Some(first)) = sizes.next() else {
        return false;
    };
    let mut count = 1;
    for size in sizes {
        if size != Some(first) {
            return false;
        }
        count += 1;
    }
    // TLS_TICKETS_NO is 3: the previous, the current and the next key.
    count >= 3
}
