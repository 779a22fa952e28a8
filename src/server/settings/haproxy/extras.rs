//! Words of `bind` beside certificates and versions, and their defaults.

use super::super::openssl::{Groups, Tls13, groups, tls13_suites};
use super::super::{Context, Settings, path, shown};
use super::TEST;

/// The words that `ssl-default-bind-options` takes in 2.6.
const DEFAULT_OPTIONS: &[&str] = &[
    "force-sslv3",
    "force-tlsv10",
    "force-tlsv11",
    "force-tlsv12",
    "force-tlsv13",
    "no-sslv3",
    "no-tlsv10",
    "no-tlsv11",
    "no-tlsv12",
    "no-tlsv13",
    "no-tls-tickets",
    "prefer-client-ciphers",
    "strict-sni",
];

pub(super) fn default_options(words: &[String], number: usize, settings: &mut Settings) {
    const NAME: &str = "ssl-default-bind-options";
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if matches!(word.as_str(), "ssl-min-ver" | "ssl-max-ver") {
            let _ = rest.next();
        } else if !DEFAULT_OPTIONS.contains(&word.as_str()) {
            super::outgoing::unknown(word, NAME, number, settings);
        }
    }
}

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

/// A word of a `bind` line, and its argument where it has one.
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
        "alpn" | "npn" if value.is_empty() || value.split(',').any(str::is_empty) => {
            let message = format!("'{word}' : empty protocol name");
            settings.refuse_at(word, &message, TEST, number);
        }
        "tls-ticket-keys" => {
            let file = path::join(context.base, value);
            let Some(bytes) = settings.demanded(context, word, &file, number) else {
                return;
            };
            // Three lines at least, 48 or 80 bytes in base64.
            let mut lines = bytes
                .split(|&byte| byte == b'\n')
                .map(<[u8]>::trim_ascii)
                .filter(|line| !line.is_empty());
            let sound = |line: &[u8]| {
                let padding = line.iter().filter(|&&byte| byte == b'=').count();
                matches!((line.len(), padding), (64, 0) | (108, 1))
            };
            if lines.clone().count() < 3 || !lines.all(sound) {
                let message = format!("'{}' : unable to load ssl tickets keys file", shown(&file));
                settings.refuse_at(word, &message, TEST, number);
            }
        }
        "ca-verify-file" => {
            let file = path::join(context.base, value);
            let labels = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"];
            settings.demanded_pem(context, word, &file, &labels, number);
        }
        "ca-sign-file" | "generate-certificates" => {
            let reason = "certificates that are made in each handshake are not judged";
            settings.not_judged(word, reason, number);
        }
        _ => {}
    }
}
