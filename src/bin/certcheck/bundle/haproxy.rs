//! HAProxy: sections, and lines in them; an unquoted `#` begins a comment anywhere.

use super::form::{Form, SWITCH, Word, arguments, push};
use super::sheet::Sheet;

/// Sections whose lines are looked at.
const KEPT: &[&str] = &[
    "global",
    "defaults",
    "frontend",
    "backend",
    "listen",
    "crt-store",
];

/// Other sections: what is in them is left out.
const LEFT: &[&str] = &[
    "userlist",
    "peers",
    "resolvers",
    "cache",
    "mailers",
    "program",
    "http-errors",
    "ring",
    "log-forward",
    "log-profile",
    "fcgi-app",
    "traces",
    "acme",
];

const PATH: &[Form] = &[Form::Path];
const TLS: &[Form] = &[Form::Many(&Form::Tls)];
const NUMBER: &[Form] = &[Form::Number];
const NONE: &[Form] = &[];
const OPTIONS: &[Form] = &[Form::Many(&Form::Words(&[
    "no-sslv3",
    "no-tlsv10",
    "no-tlsv11",
    "no-tlsv12",
    "no-tlsv13",
    "no-tls-tickets",
    "force-sslv3",
    "force-tlsv10",
    "force-tlsv11",
    "force-tlsv12",
    "force-tlsv13",
    "ssl-min-ver",
    "ssl-max-ver",
    "SSLv3",
    "TLSv1.0",
    "TLSv1.1",
    "TLSv1.2",
    "TLSv1.3",
    "prefer-client-ciphers",
    "strict-sni",
]))];

/// Settings of `global`.
const GLOBAL: &[(&str, &[Form])] = &[
    ("ca-base", PATH),
    ("crt-base", PATH),
    ("key-base", PATH),
    ("issuers-chain-path", PATH),
    ("chroot", PATH),
    ("user", &[Form::Name]),
    ("group", &[Form::Name]),
    ("ssl-default-bind-ciphers", TLS),
    ("ssl-default-bind-ciphersuites", TLS),
    ("ssl-default-bind-curves", TLS),
    ("ssl-default-bind-sigalgs", TLS),
    ("ssl-default-bind-client-sigalgs", TLS),
    ("ssl-default-bind-options", OPTIONS),
    ("ssl-default-server-ciphers", TLS),
    ("ssl-default-server-ciphersuites", TLS),
    ("ssl-default-server-options", OPTIONS),
    ("ssl-dh-param-file", PATH),
    ("ssl-load-extra-del-ext", NONE),
    (
        "ssl-load-extra-files",
        &[Form::Many(&Form::Words(&[
            "bundle", "sctl", "ocsp", "issuer", "key", "all", "none",
        ]))],
    ),
    ("ssl-server-verify", &[Form::Words(&["none", "required"])]),
    ("ssl-security-level", NUMBER),
    ("ssl-skip-self-issued-ca", NONE),
    ("tune.ssl.default-dh-param", NUMBER),
    ("tune.ssl.ocsp-update.mode", &[SWITCH]),
];

/// Words of `bind`, `server`, `default-server` and `load`, with the form of their value.
const WORDS: &[(&str, Option<Form>)] = &[
    ("ssl", None),
    ("crt", Some(Form::Path)),
    ("key", Some(Form::Path)),
    ("crt-list", Some(Form::Path)),
    ("default-crt", Some(Form::Path)),
    ("ca-file", Some(Form::Path)),
    ("ca-verify-file", Some(Form::Path)),
    ("ca-sign-file", Some(Form::Path)),
    ("crl-file", Some(Form::Path)),
    ("issuer", Some(Form::Path)),
    ("ocsp", Some(Form::Path)),
    ("sctl", Some(Form::Path)),
    ("ocsp-update", Some(SWITCH)),
    ("ciphers", Some(Form::Tls)),
    ("ciphersuites", Some(Form::Tls)),
    ("curves", Some(Form::Tls)),
    ("ecdhe", Some(Form::Tls)),
    ("sigalgs", Some(Form::Tls)),
    ("client-sigalgs", Some(Form::Tls)),
    ("alpn", Some(Form::Tls)),
    (
        "verify",
        Some(Form::Words(&["none", "optional", "required"])),
    ),
    ("verifyhost", Some(Form::Address)),
    ("ssl-min-ver", Some(Form::Tls)),
    ("ssl-max-ver", Some(Form::Tls)),
    ("no-alpn", None),
    ("no-sslv3", None),
    ("no-tlsv10", None),
    ("no-tlsv11", None),
    ("no-tlsv12", None),
    ("no-tlsv13", None),
    ("no-tls-tickets", None),
    ("force-sslv3", None),
    ("force-tlsv10", None),
    ("force-tlsv11", None),
    ("force-tlsv12", None),
    ("force-tlsv13", None),
    ("prefer-client-ciphers", None),
    ("strict-sni", None),
    ("allow-0rtt", None),
    ("generate-certificates", None),
    ("accept-proxy", None),
    ("check-ssl", None),
    ("no-ssl", None),
    ("no-check-ssl", None),
    ("no-verifyhost", None),
];

/// Keeps what the lists allow.
pub(super) fn read(text: &str, sheet: &mut Sheet) {
    let mut section = "";
    for (line, text) in text.split('\n').enumerate() {
        let words = words(text);
        let Some((name, rest)) = words.split_first() else {
            continue;
        };
        let name = if name.quote.is_none() {
            name.text.as_str()
        } else {
            ""
        };
        sheet.depth = 0;
        if let Some(known) = KEPT.iter().find(|known| **known == name) {
            section = known;
            let values = arguments(&[Form::Name], rest);
            sheet.keep(line, format!("{name} {values}").trim_end());
            continue;
        }
        if LEFT.contains(&name) {
            section = "";
            sheet.leave(line, "");
            continue;
        }
        sheet.depth = 1;
        let (first, rest) = rest
            .split_at_checked(usize::from(name == "server"))
            .unwrap_or((&[], rest));
        let (address, options) = rest.split_at_checked(1).unwrap_or((&[], rest));
        let kept = match (section, name) {
            ("", _) => None,
            (_, "mode") => Some(arguments(&[Form::Words(&["tcp", "http"])], rest)),
            ("frontend" | "listen", "bind") => Some(joined(&[
                arguments(&[Form::Address], address),
                of_words(options),
            ])),
            ("backend" | "listen", "server") => Some(joined(&[
                arguments(&[Form::Name], first),
                arguments(&[Form::Address], address),
                of_words(options),
            ])),
            ("backend" | "listen" | "defaults", "default-server") | ("crt-store", "load") => {
                Some(of_words(rest))
            }
            ("crt-store", "crt-base" | "key-base") => Some(arguments(PATH, rest)),
            ("global", _) => {
                let known = GLOBAL.iter().find(|(known, _)| *known == name);
                known.map(|(_, forms)| arguments(forms, rest))
            }
            _ => None,
        };
        match kept {
            Some(values) => sheet.keep(line, format!("{name} {values}").trim_end()),
            None => sheet.leave(line, ""),
        }
    }
}

fn joined(parts: &[String]) -> String {
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts.cloned().collect::<Vec<_>>().join(" ")
}

/// The known words with their values.
fn of_words(words: &[Word]) -> String {
    let mut out = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let known = WORDS
            .iter()
            .find(|(known, _)| word.quote.is_none() && *known == word.text);
        let Some((name, form)) = known else {
            push(&mut out, None);
            continue;
        };
        out.push((*name).to_owned());
        if let Some(form) = form
            && let Some(value) = words.next()
        {
            push(&mut out, value.kept(*form));
        }
    }
    out.join(" ")
}

/// The words of a line. A word with a quote or a backslash in it fits no form, as it is.
fn words(line: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some('"') | None, '\\') => {
                word.push(c);
                word.extend(chars.next());
            }
            (Some(open), _) => {
                word.push(c);
                quote = quote.filter(|_| c != open);
            }
            (None, '#') => break,
            (None, '"' | '\'') => {
                word.push(c);
                quote = Some(c);
            }
            (None, _) if c.is_whitespace() => {
                if !word.is_empty() {
                    words.push(Word::bare(&std::mem::take(&mut word)));
                }
            }
            (None, _) => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(Word::bare(&word));
    }
    words
}
