//! PostgreSQL: `name = value` in postgresql.conf, records in pg_hba.conf. An unquoted `#` begins a
//! comment anywhere.

use super::form::{Form, LEFT_OUT, SWITCH, Word, push};
use super::lines::logical;
use super::sheet::Sheet;

const PARAMETERS: &[(&str, Form)] = &[
    ("ssl", SWITCH),
    ("ssl_cert_file", Form::Path),
    ("ssl_key_file", Form::Path),
    ("ssl_ca_file", Form::Path),
    ("ssl_crl_file", Form::Path),
    ("ssl_crl_dir", Form::Path),
    ("ssl_dh_params_file", Form::Path),
    ("ssl_ciphers", Form::Tls),
    ("ssl_tls13_ciphers", Form::Tls),
    ("ssl_prefer_server_ciphers", SWITCH),
    ("ssl_ecdh_curve", Form::Tls),
    ("ssl_groups", Form::Tls),
    ("ssl_min_protocol_version", Form::Tls),
    ("ssl_max_protocol_version", Form::Tls),
    ("ssl_passphrase_command_supports_reload", SWITCH),
    ("ssl_renegotiation_limit", Form::Number),
    ("port", Form::Number),
    ("include", Form::Path),
    ("include_if_exists", Form::Path),
    ("include_dir", Form::Path),
    ("data_directory", Form::Path),
    ("hba_file", Form::Path),
    ("ident_file", Form::Path),
];

/// Keeps the parameters of the list.
pub(super) fn parameters(text: &str, sheet: &mut Sheet) {
    for (line, text) in text.split('\n').enumerate() {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let end = text.find(|c: char| c.is_whitespace() || "='#".contains(c));
        let (written, rest) = text
            .split_at_checked(end.unwrap_or(text.len()))
            .unwrap_or_default();
        let rest = rest.trim_start();
        let rest = rest.strip_prefix('=').unwrap_or(rest).trim_start();
        let name = written.to_ascii_lowercase();
        if name == "listen_addresses" {
            sheet.keep(line, &format!("{written} = {}", addresses(rest)));
            continue;
        }
        match PARAMETERS.iter().find(|(known, _)| *known == name) {
            Some((_, form)) => {
                let value = value(rest).and_then(|word| word.kept(*form));
                let value = value.as_deref().unwrap_or(LEFT_OUT);
                sheet.keep(line, &format!("{written} = {value}"));
            }
            None => sheet.leave(line, ""),
        }
    }
}

/// The value of a line, if nothing but a comment follows it.
fn value(text: &str) -> Option<Word> {
    let (word, rest) = match text.strip_prefix('\'') {
        Some(inner) => {
            let (inner, rest) = inner.split_once('\'')?;
            let word = Word {
                text: inner.to_owned(),
                quote: Some('\''),
            };
            (word, rest)
        }
        None => {
            let end = text.find(|c: char| c.is_whitespace() || c == '#');
            let (word, rest) = text.split_at_checked(end.unwrap_or(text.len()))?;
            (Word::bare(word), rest)
        }
    };
    let rest = rest.trim_start();
    (rest.is_empty() || rest.starts_with('#')).then_some(word)
}

/// A list of addresses, which may have blanks.
fn addresses(text: &str) -> String {
    let Some(word) = value(text) else {
        return LEFT_OUT.to_owned();
    };
    let mut parts = word.text.split(',').map(str::trim);
    if word.text.is_empty() || parts.all(|part| Form::Address.fits(part)) {
        let quote = word.quote.map(String::from).unwrap_or_default();
        format!("{quote}{}{quote}", word.text)
    } else {
        LEFT_OUT.to_owned()
    }
}

const KINDS: Form = Form::Words(&[
    "local",
    "host",
    "hostssl",
    "hostnossl",
    "hostgssenc",
    "hostnogssenc",
]);

/// Databases and users that are no names.
const ALL: Form = Form::Words(&["all", "replication", "sameuser", "samerole"]);

const METHODS: Form = Form::Words(&[
    "trust",
    "reject",
    "scram-sha-256",
    "md5",
    "password",
    "gss",
    "sspi",
    "ident",
    "peer",
    "ldap",
    "radius",
    "cert",
    "pam",
    "bsd",
    "oauth",
]);

/// The options that concern certificates; all others are left out, as passwords are among them.
const OPTIONS: Form = Form::Words(&[
    "clientcert=verify-ca",
    "clientcert=verify-full",
    "clientname=CN",
    "clientname=DN",
]);

/// Keeps of each record the kind, the addresses, the method, and the options of the list.
pub(super) fn records(text: &str, sheet: &mut Sheet) {
    for (line, text) in logical(text) {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        // What follows a quote may have blanks and `#` in it.
        let end = text.find(['#', '"']).unwrap_or(text.len());
        let quoted = text.get(end..).is_some_and(|rest| rest.starts_with('"'));
        let before = text.get(..end).unwrap_or_default();
        let cut = match before.rfind(char::is_whitespace) {
            Some(cut) if quoted => before.get(..cut).unwrap_or_default(),
            None if quoted => "",
            _ => before,
        };
        let words: Vec<_> = cut.split_whitespace().map(Word::bare).collect();
        let Some(kind) = words.first().and_then(|word| word.kept(KINDS)) else {
            sheet.leave(line, "");
            continue;
        };
        let local = kind == "local";
        let mut out = vec![kind];
        let mut method = false;
        for (index, word) in words.iter().enumerate().skip(1) {
            let kept = match index {
                // One `[left out]` for each of the two.
                1 | 2 => {
                    out.push(word.kept(ALL).unwrap_or_else(|| LEFT_OUT.to_owned()));
                    continue;
                }
                _ if method => word.kept(OPTIONS),
                3 if !local => word.kept(Form::Address),
                _ => {
                    method = METHODS.fits(&word.text);
                    // A mask may be a field of its own.
                    let mask =
                        (index == 4 && !local && is_mask(&word.text)).then(|| word.text.clone());
                    if !method && mask.is_none() {
                        push(&mut out, None);
                        break;
                    }
                    mask.or_else(|| word.kept(METHODS))
                }
            };
            push(&mut out, kept);
        }
        if quoted {
            push(&mut out, None);
        }
        sheet.keep(line, &out.join(" "));
    }
}

fn is_mask(text: &str) -> bool {
    text.parse::<std::net::IpAddr>().is_ok()
}
