//! tabpy.conf. Measured: TabPy 2.16.0 with Python 3.11; its source `app.py`.

mod logging;
mod oauth;
mod parameters;
mod python;
mod state;

use super::effective;
use super::ini::{self, Section};
use super::{
    Context, Listens, Looked, NamedPath, Placed, ProtocolSetting, Scope, Settings, path, port_fact,
    shown,
};
use crate::protocol::Dialect;
use crate::rule;
use crate::server::startup::StartOutcome;
use crate::source::Lines;
use parameters::KNOWN;
use std::collections::{BTreeMap, HashMap};

/// The one section that counts.
const SECTION: &str = "TabPy";

/// The parameters that concern TLS.
const TLS: [&str; 6] = [
    "TABPY_TRANSFER_PROTOCOL",
    "TABPY_PORT",
    "TABPY_CERTIFICATE_FILE",
    "TABPY_KEY_FILE",
    "TABPY_MINIMUM_TLS_VERSION",
    "TABPY_PWD_FILE",
];

const DEFAULT_PORT: u16 = 9004;

struct Reader<'a> {
    sections: &'a [Section],
    own: Option<&'a Section>,
    fallback: Option<&'a Section>,
    environment: HashMap<String, &'a str>,
}

#[derive(Clone)]
struct Value {
    text: String,
    lines: Option<Lines>,
}

/// The settings that have a value.
type Values = BTreeMap<&'static str, Value>;

impl Value {
    fn line(&self) -> usize {
        self.lines.map_or(1, |lines| lines.first)
    }
}

impl<'a> Reader<'a> {
    fn of(sections: &'a [Section], context: &Context<'a>) -> Self {
        let named = |name| sections.iter().find(|section| section.name == name);
        Self {
            sections,
            own: named(SECTION),
            fallback: named("DEFAULT"),
            environment: context
                .environment
                .iter()
                .map(|&(name, value)| (name.to_lowercase(), value))
                .collect(),
        }
    }

    /// The raw value and where it is: the section, `[DEFAULT]`, the
    /// environment (whose names lose their case in the process).
    fn raw(&self, key: &str) -> Option<(&'a str, Option<Lines>)> {
        let entry = |section: Option<&'a Section>| section?.entry(key);
        if let Some(entry) = entry(self.own).or_else(|| entry(self.fallback)) {
            return Some((&entry.value, Some(Lines::new(entry.first, entry.last))));
        }
        let value = self.environment.get(key)?;
        Some((value, None))
    }

    /// The value of a setting as TabPy sees it; reports what Python refuses.
    fn get(&self, setting: &str, settings: &mut Settings) -> Option<Value> {
        self.own?;
        let (raw, lines) = self.raw(&setting.to_lowercase())?;
        let lookup = |name: &str| self.raw(name).map(|(value, _)| value);
        match ini::interpolate(raw, &lookup) {
            Ok(text) => Some(Value { text, lines }),
            Err(message) => {
                settings.refuse(setting, &message, lines.map_or(1, |lines| lines.first));
                None
            }
        }
    }
}

pub(super) fn read(bytes: &[u8], context: &Context<'_>, settings: &mut Settings) {
    let Some(sections) = sections(bytes, settings) else {
        return;
    };
    let reader = Reader::of(&sections, context);
    let mut scope = Scope {
        name: format!("[{SECTION}]"),
        lines: reader.own.map(extent),
        ..Scope::default()
    };
    // All are fetched, so a stray `%` in any of them is fatal.
    let mut values = Values::new();
    for &(setting, kind) in KNOWN {
        if let Some(value) = reader.get(setting, settings) {
            parameters::convert(setting, kind, &value, settings);
            if TLS.contains(&setting) {
                effective::write(&mut scope.written, setting, &value.text, value.lines);
            }
            let _ = values.insert(setting, value);
        }
    }
    let file = |setting| file(setting, values.get(setting), context);
    scope.certificates = file("TABPY_CERTIFICATE_FILE").into_iter().collect();
    scope.keys = file("TABPY_KEY_FILE").into_iter().collect();
    scope.passwords = file("TABPY_PWD_FILE");
    scope.protocols = values
        .get("TABPY_MINIMUM_TLS_VERSION")
        .map(|value| ProtocolSetting {
            dialect: Dialect::TabPy,
            string: value.text.clone(),
            global: None,
            lines: value.lines,
        });
    let named = values.get("TABPY_PWD_FILE");
    let unattended = context.arguments.is_some_and(|arguments| {
        let mut options = arguments.parameters.iter();
        options.any(|(name, _)| name == "disable-auth-warning")
    });
    if named.is_none_or(|file| file.text.is_empty()) && !unattended {
        settings.not_asked = Some(
            "without TABPY_PWD_FILE, TabPy asks when it starts whether to proceed without \
             authentication, and ends where no terminal answers, unless it is started with \
             --disable-auth-warning"
                .to_owned(),
        );
    }
    let listens = port(values.get("TABPY_PORT"), context, settings);
    scope.ports.push(listens);
    state::objects(values.get("TABPY_QUERY_OBJECT_PATH"), context, settings);
    transfer(&reader, values.get(TRANSFER), &mut scope, settings);
    parameters::request_size(values.get("TABPY_MAX_REQUEST_SIZE_MB"), settings);
    state::state(values.get("TABPY_STATE_PATH"), context, settings);
    oauth::judge(&values, settings);
    logging::judge(&sections, context, settings);
    unknown_keys(&sections, settings);
    settings.add(scope);
}

fn sections(bytes: &[u8], settings: &mut Settings) -> Option<Vec<Section>> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            // Python names a byte and not a line; an administrator looks for a line.
            let before = bytes.get(..error.valid_up_to()).unwrap_or(bytes);
            let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
            settings.refuse(
                "",
                "UnicodeDecodeError: 'utf-8' codec can't decode the file",
                line,
            );
            return None;
        }
    };
    match ini::parse(text) {
        Ok(sections) => Some(sections),
        Err(refusal) => {
            settings.refuse("", &refusal.message, refusal.line);
            None
        }
    }
}

fn extent(section: &Section) -> Lines {
    let last = section
        .entries
        .last()
        .map_or(section.line, |entry| entry.last);
    Lines::new(section.line, last)
}

fn file(setting: &'static str, value: Option<&Value>, context: &Context<'_>) -> Option<NamedPath> {
    let value = value?;
    Some(NamedPath {
        setting,
        path: path::join(context.base, &value.text),
        written: value.text.clone(),
        lines: value.lines,
    })
}

/// A string that `getaddrinfo` accepts as a port: C's `strtoul`, then 16 bits. Measured: 99999
/// listens on 34463; 0 and an empty value, on any free port.
fn port(value: Option<&Value>, context: &Context<'_>, settings: &mut Settings) -> Placed<u16> {
    let Some(value) = value else {
        return Placed {
            value: DEFAULT_PORT,
            lines: None,
        };
    };
    let text = value.text.trim();
    let digits = text.strip_prefix('+').unwrap_or(text);
    let number = if text.is_empty() {
        Some(0)
    } else if digits.is_empty() || digits.bytes().any(|byte| !byte.is_ascii_digit()) {
        service(text, value.line(), context, settings).map(u64::from)
    } else {
        digits.parse::<u64>().ok()
    };
    let listens = number.map_or(0, |number| u16::try_from(number & 0xffff).unwrap_or(0));
    if number.is_none_or(|number| number == 0 || number > 0xffff) {
        settings.note(
            port_fact(
                "TABPY_PORT",
                &value.text,
                number.map_or(Listens::Nowhere, |_| listens.into()),
            ),
            value.line(),
        );
    }
    Placed {
        value: listens,
        lines: value.lines,
    }
}

/// The number of a service that /etc/services names: `getaddrinfo` also accepts `https`.
fn service(name: &str, line: usize, context: &Context<'_>, settings: &mut Settings) -> Option<u16> {
    const FILE: &str = "/etc/services";
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-+._/".contains(&byte);
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || !name.bytes().all(letter) {
        return None;
    }
    let text = match settings.look(context, FILE) {
        Some(Looked::Read(source)) => super::lossy(source.bytes()),
        Some(Looked::Unreadable(reason)) => {
            let reason = format!("{FILE}: {reason}");
            settings.not_judged("TABPY_PORT", reason, line);
            return None;
        }
        _ => return None,
    };
    text.lines().find_map(|line| {
        let mut words = line.split('#').next()?.split_whitespace();
        let (own, number) = (words.next()?, words.next()?.strip_suffix("/tcp")?);
        let named = own == name || words.any(|alias| alias == name);
        named.then(|| number.parse().ok())?
    })
}

const TRANSFER: &str = "TABPY_TRANSFER_PROTOCOL";

fn transfer(
    reader: &Reader<'_>,
    value: Option<&Value>,
    scope: &mut Scope,
    settings: &mut Settings,
) {
    if value.is_none() && reader.own.is_some() && reader.raw(&TRANSFER.to_lowercase()).is_some() {
        // An unreadable value is reported: TabPy does not reach its default.
        return;
    }
    let line = value.map_or(1, Value::line);
    let protocol = value.map_or("http", |value| value.text.as_str());
    match protocol.to_lowercase().as_str() {
        "https" => https(scope, settings, line),
        "http" => plain(reader, value, scope, settings),
        _ => settings.refuse(
            TRANSFER,
            &format!(
                "Unsupported transfer protocol: {}",
                shown(&protocol.to_lowercase())
            ),
            line,
        ),
    }
}

fn https(scope: &mut Scope, settings: &mut Settings, line: usize) {
    scope.tls = true;
    let missing = match (scope.certificates.is_empty(), scope.keys.is_empty()) {
        (false, false) => return,
        (true, true) => "TABPY_CERTIFICATE_FILE and TABPY_KEY_FILE",
        (true, false) => "TABPY_CERTIFICATE_FILE",
        (false, true) => "TABPY_KEY_FILE",
    };
    settings.refuse(
        missing,
        &format!("Error using HTTPS: The parameter(s) {missing} must be set."),
        line,
    );
}

fn plain(reader: &Reader<'_>, value: Option<&Value>, scope: &Scope, settings: &mut Settings) {
    let other = reader.sections.iter().find(|section| {
        // configparser compares sections with their case, and keys without it: `[tabpy]` with the
        // right keys has no effect and no message.
        section.name != SECTION && section.name.trim().eq_ignore_ascii_case(SECTION)
    });
    let (reason, line) = match (reader.own, other, value) {
        (None, Some(other), _) => (
            format!(
                "the section is named [{}]; TabPy reads only [{SECTION}], spelled exactly like this, and without it neither this file nor the environment",
                shown(&other.name)
            ),
            other.line,
        ),
        (None, None, _) => (
            format!(
                "there is no section [{SECTION}], so neither this file nor the environment counts"
            ),
            1,
        ),
        (Some(section), _, None) => (
            "TABPY_TRANSFER_PROTOCOL is not set, and its default is http".to_owned(),
            section.line,
        ),
        (Some(_), _, Some(value)) => ("TABPY_TRANSFER_PROTOCOL is http".to_owned(), value.line()),
    };
    let port = scope.ports.first().map_or(DEFAULT_PORT, |port| port.value);
    settings.note(
        rule::config::TabpyPlainHttp {
            reason,
            port: u64::from(port),
        },
        line,
    );
    for ignored in scope.certificates.iter().chain(&scope.keys) {
        settings.ignored(
            ignored.setting,
            &ignored.written,
            "with http, TabPy does not open the file",
            ignored.lines.map_or(line, |lines| lines.first),
        );
    }
    if let Some(passwords) = &scope.passwords {
        settings.note(
            rule::config::TabpyPasswordsOverHttp {
                password_file: shown(&passwords.written),
            },
            passwords.lines.map_or(line, |lines| lines.first),
        );
    }
}

/// Reports keys that look like settings but that TabPy does not have.
fn unknown_keys(sections: &[Section], settings: &mut Settings) {
    for section in sections {
        let counts = section.name == SECTION || section.name == "DEFAULT";
        for entry in &section.entries {
            let name = entry.key.to_uppercase();
            if counts && name.starts_with("TABPY") && !parameters::is_known(&name) {
                let flat = |text: &str| text.replace(['_', '-', '.'], "");
                let suggestion = KNOWN.iter().find(|known| flat(known.0) == flat(&name));
                settings.note(
                    rule::config::UnknownSetting {
                        setting: shown(&name),
                        suggestion: suggestion.map(|known| known.0.to_owned()),
                    },
                    entry.first,
                );
            }
            let swallowed = |value: &str| value.to_uppercase().contains("\nTABPY_");
            if counts && swallowed(&entry.value) {
                settings.ignored(
                    &name,
                    "",
                    "the lines below are indented more than this one and so belong to its value",
                    entry.first,
                );
            }
        }
    }
}
