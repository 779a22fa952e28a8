//! postgresql.conf: `ssl*`, `port`, `listen_addresses`.
//! Measured: PostgreSQL 15.18; its grammar is `guc-file.l`.

use super::{
    ClientAuth, Context, Listens, Path, Placed, ProtocolSetting, Scope, Settings, lossy, path,
    port_fact, shown,
};
use crate::finding::ConfigFact;
use crate::protocol::Dialect;
use crate::source::Lines;

mod token;

/// Parameters of TLS (15, and those of 18); another `ssl_…` stops the server.
const KNOWN: &[&str] = &[
    "ssl",
    "ssl_ca_file",
    "ssl_cert_file",
    "ssl_ciphers",
    "ssl_crl_dir",
    "ssl_crl_file",
    "ssl_dh_params_file",
    "ssl_ecdh_curve",
    "ssl_groups",
    "ssl_key_file",
    "ssl_library",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "ssl_passphrase_command",
    "ssl_passphrase_command_supports_reload",
    "ssl_prefer_server_ciphers",
    "ssl_tls13_ciphers",
];

/// PostgreSQL's own patience (`guc-file.l`).
const MOST_ERRORS: usize = 100;

const BOOLEANS: &[&str] = &[
    "ssl",
    "ssl_prefer_server_ciphers",
    "ssl_passphrase_command_supports_reload",
];

struct Setting {
    name: String,
    value: String,
    line: usize,
}

pub(super) fn read(bytes: &[u8], context: &Context<'_>, settings: &mut Settings) {
    let text = lossy(bytes);
    let mut found: Vec<Setting> = Vec::new();
    let mut errors = 0;
    for (index, line) in text.split('\n').enumerate() {
        let number = index + 1;
        match token::setting(line) {
            Ok(None) => {}
            Ok(Some((name, value))) => keep(name, value, number, &mut found, settings),
            Err(near) => {
                // PostgreSQL repeats the word; a passphrase is not repeated here.
                let secret = ["pass", "secret"]
                    .iter()
                    .any(|word| line.to_ascii_lowercase().contains(word));
                let near = if secret {
                    "its value".to_owned()
                } else {
                    shown(&near)
                };
                let message = format!("syntax error in the file, near {near}");
                settings.refuse("", &message, number);
                errors += 1;
                if errors == MOST_ERRORS {
                    let message = "too many syntax errors found, abandoning file";
                    settings.refuse("", message, number);
                    break;
                }
            }
        }
    }
    let scope = scope(&found, context, settings);
    settings.add(scope);
}

fn keep(
    name: String,
    value: String,
    number: usize,
    found: &mut Vec<Setting>,
    settings: &mut Settings,
) {
    let name = name.to_ascii_lowercase();
    if matches!(
        name.as_str(),
        "include" | "include_if_exists" | "include_dir"
    ) {
        let fact = ConfigFact::IncludeNotRead {
            directive: name,
            path: shown(&value),
        };
        settings.note(fact, number);
        return;
    }
    let ours = name.starts_with("ssl") && !name.contains('.');
    if ours && !KNOWN.contains(&name.as_str()) || name.starts_with('\u{feff}') {
        let message = format!("unrecognized configuration parameter \"{}\"", shown(&name));
        settings.refuse(&name, &message, number);
        return;
    }
    if !ours && name != "port" && name != "data_directory" {
        return;
    }
    if let Some(at) = found.iter().position(|setting| setting.name == name) {
        let earlier = found.remove(at);
        // A command may hold the passphrase itself: `echo secret`.
        let value = if name == "ssl_passphrase_command" {
            String::new()
        } else {
            shown(&earlier.value)
        };
        let fact = ConfigFact::Overridden {
            setting: name.clone(),
            value,
            by_line: Some(u64::try_from(number).unwrap_or(u64::MAX)),
        };
        settings.note(fact, earlier.line);
    }
    found.push(Setting {
        name,
        value,
        line: number,
    });
}

fn scope(found: &[Setting], context: &Context<'_>, settings: &mut Settings) -> Scope {
    let get = |name: &str| found.iter().find(|setting| setting.name == name);
    // Files are looked for in the data directory, which another file may name.
    let base = get("data_directory").map_or_else(
        || context.base.to_owned(),
        |setting| path::join(context.base, &setting.value),
    );
    let file = |setting: &'static str, default: &str| match get(setting) {
        Some(found) => Path {
            setting,
            path: path::join(&base, &found.value),
            written: found.value.clone(),
            lines: Some(Lines::new(found.line, found.line)),
        },
        None => Path {
            setting,
            path: path::join(&base, default),
            written: default.to_owned(),
            lines: None,
        },
    };
    for setting in found
        .iter()
        .filter(|one| BOOLEANS.contains(&one.name.as_str()))
    {
        if boolean(&setting.value).is_none() {
            let message = format!("parameter \"{}\" requires a Boolean value", setting.name);
            settings.refuse(&setting.name, &message, setting.line);
        }
    }
    let tls = get("ssl").is_some_and(|setting| boolean(&setting.value) == Some(true));
    let mut scope = Scope {
        name: "postgresql.conf".to_owned(),
        tls,
        certificates: vec![file("ssl_cert_file", "server.crt")],
        keys: vec![file("ssl_key_file", "server.key")],
        ..Scope::default()
    };
    let ca = file("ssl_ca_file", "");
    if !ca.written.is_empty() {
        // The server then asks every client, and pg_hba.conf decides who must answer.
        scope.client_auth = Some(Placed {
            value: ClientAuth::Optional,
            lines: ca.lines,
        });
        scope.ca.push(ca);
    }
    scope.passphrase = get("ssl_passphrase_command")
        .filter(|setting| !setting.value.is_empty())
        .map(|setting| Placed {
            value: "ssl_passphrase_command",
            lines: Some(Lines::new(setting.line, setting.line)),
        });
    scope.protocols = protocols(
        get("ssl_min_protocol_version"),
        get("ssl_max_protocol_version"),
    );
    scope.ports.push(port(get("port"), settings));
    if !tls {
        off(found, get("ssl"), settings);
    }
    scope
}

fn off(found: &[Setting], ssl: Option<&Setting>, settings: &mut Settings) {
    let named = found
        .iter()
        .find(|setting| setting.name.starts_with("ssl_"));
    let reason = match ssl {
        Some(_) => "ssl is off",
        None => "ssl is not set, and its default is off",
    };
    if let Some(line) = ssl.or(named).map(|setting| setting.line).or(Some(1)) {
        settings.note(
            ConfigFact::TlsOff {
                setting: "ssl".to_owned(),
                reason: reason.to_owned(),
            },
            line,
        );
    }
}

fn protocols(least: Option<&Setting>, most: Option<&Setting>) -> Option<ProtocolSetting> {
    let quoted =
        |setting: &Setting| format!("{} = '{}'", setting.name, setting.value.replace('\'', "''"));
    let both: Vec<&Setting> = least.into_iter().chain(most).collect();
    let first = both.iter().map(|setting| setting.line).min()?;
    let last = both.iter().map(|setting| setting.line).max()?;
    let strings: Vec<String> = both.iter().map(|setting| quoted(setting)).collect();
    Some(ProtocolSetting {
        dialect: Dialect::Postgres,
        string: strings.join("; "),
        global: None,
        lines: Some(Lines::new(first, last)),
    })
}

/// 1 to 65535, decimal, `0x…`, octal, or a real number that is rounded.
fn port(setting: Option<&Setting>, settings: &mut Settings) -> Placed<u16> {
    let Some(setting) = setting else {
        return Placed {
            value: 5432,
            lines: None,
        };
    };
    let lines = Some(Lines::new(setting.line, setting.line));
    let text = setting.value.trim();
    let number = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u16::from_str_radix(hex, 16).ok(),
        None if text.len() > 1 && text.starts_with('0') && !text.contains('.') => {
            u16::from_str_radix(text, 8).ok()
        }
        None => text.parse().ok().or_else(|| {
            // `5499.0` is taken (measured).
            let (whole, fraction) = text.split_once('.')?;
            fraction
                .bytes()
                .all(|byte| byte == b'0')
                .then(|| whole.parse().ok())?
        }),
    };
    match number {
        Some(value) if value != 0 => Placed { value, lines },
        _ => {
            settings.note(
                port_fact("port", &setting.value, Listens::Nowhere),
                setting.line,
            );
            Placed { value: 0, lines }
        }
    }
}

/// `parse_bool`: any beginning of true, false, yes, no that is unambiguous;
/// `on`, `off`, `of`, 1, 0.
fn boolean(value: &str) -> Option<bool> {
    let value = value.to_ascii_lowercase();
    let begins = |word: &str| !value.is_empty() && word.starts_with(&value);
    match value.as_str() {
        "on" | "1" => Some(true),
        "off" | "of" | "0" => Some(false),
        _ if begins("true") || begins("yes") => Some(true),
        _ if begins("false") || begins("no") => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::boolean;

    #[test]
    fn booleans_may_be_cut_short() {
        for (text, value) in [
            ("on", Some(true)),
            ("o", None),
            ("of", Some(false)),
            ("tr", Some(true)),
            ("N", Some(false)),
            ("1", Some(true)),
            ("", None),
            ("maybe", None),
            ("yess", None),
        ] {
            assert_eq!(boolean(text), value, "{text}");
        }
    }
}
