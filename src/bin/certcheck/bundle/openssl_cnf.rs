//! openssl.cnf: `name = value` in sections. A section is kept if a value that is kept names it:
//! `openssl_conf`, then `ssl_conf` and `providers`, then `system_default`.

use super::form::{Form, LEFT_OUT, Word};
use super::lines::logical;
use super::sheet::Sheet;
use std::collections::HashMap;

/// What a section is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// What is before the first section.
    Top,
    /// That of `openssl_conf`.
    Modules,
    /// That of `ssl_conf`.
    Ssl,
    /// That of `system_default`.
    Commands,
    Providers,
    Provider,
    Algorithms,
}

/// The names of a section, with the form of the value, or with the kind of the section that
/// it names.
type Names = &'static [(&'static str, Result<Form, Kind>)];

impl Kind {
    const fn names(self) -> Names {
        match self {
            Self::Top => &[("openssl_conf", Err(Self::Modules))],
            Self::Modules => &[
                ("ssl_conf", Err(Self::Ssl)),
                ("providers", Err(Self::Providers)),
                ("alg_section", Err(Self::Algorithms)),
            ],
            Self::Ssl => &[
                ("system_default", Err(Self::Commands)),
                ("server", Err(Self::Commands)),
                ("client", Err(Self::Commands)),
            ],
            Self::Commands => &[
                ("minprotocol", Ok(Form::Tls)),
                ("maxprotocol", Ok(Form::Tls)),
                ("protocol", Ok(Form::Tls)),
                ("cipherstring", Ok(Form::Tls)),
                ("ciphersuites", Ok(Form::Tls)),
                ("options", Ok(Form::Tls)),
                ("groups", Ok(Form::Tls)),
                ("curves", Ok(Form::Tls)),
                ("signaturealgorithms", Ok(Form::Tls)),
                ("clientsignaturealgorithms", Ok(Form::Tls)),
            ],
            Self::Providers => &[
                ("default", Err(Self::Provider)),
                ("legacy", Err(Self::Provider)),
                ("fips", Err(Self::Provider)),
                ("base", Err(Self::Provider)),
            ],
            Self::Provider => &[("activate", Ok(Form::Words(&["0", "1", "yes", "no"])))],
            Self::Algorithms => &[(
                "default_properties",
                Ok(Form::Words(&["fips=yes", "fips=no", "fips=1"])),
            )],
        }
    }
}

/// Keeps what the lists allow.
pub(super) fn read(text: &str, sheet: &mut Sheet) {
    let lines = logical(text);
    let mut known: HashMap<String, Kind> = HashMap::new();
    // A section may be before the one that names it; no chain is longer than four.
    for _ in 0..4 {
        once(&lines, &mut known, &mut Sheet::default());
    }
    once(&lines, &mut known, sheet);
}

fn once(lines: &[(usize, String)], known: &mut HashMap<String, Kind>, sheet: &mut Sheet) {
    let mut section = Some(Kind::Top);
    for (line, text) in lines {
        // A `#` in quotes is no comment: what is cut there has no plain form either.
        let text = text.split('#').next().unwrap_or_default().trim();
        if text.is_empty() {
            continue;
        }
        if let Some(inner) = text.strip_prefix('[') {
            let name = inner.split_once(']').filter(|(_, rest)| rest.is_empty());
            let name = name.map(|(name, _)| name.trim()).unwrap_or_default();
            section = match name {
                "default" => Some(Kind::Top),
                _ => known.get(name).copied(),
            };
            match section {
                Some(_) => sheet.keep(*line, &format!("[{name}]")),
                None => sheet.leave(*line, ""),
            }
            continue;
        }
        let include = text.strip_prefix(".include").map(|path| (".include", path));
        let include = include.filter(|(_, path)| path.starts_with([' ', '\t', '=']));
        if let Some((name, path)) = include {
            let path = path.trim_start().trim_start_matches('=').trim();
            let path = Word::bare(path).kept(Form::Path);
            sheet.keep(
                *line,
                &format!("{name} {}", path.as_deref().unwrap_or(LEFT_OUT)),
            );
            continue;
        }
        let pair = section.zip(text.split_once('='));
        let kept = pair.and_then(|(section, (written, value))| {
            let (written, value) = (written.trim(), Word::bare(value.trim()));
            let name = written.to_ascii_lowercase();
            let of = section.names().iter().find(|(known, _)| *known == name)?;
            let value = match of.1 {
                Ok(form) => value.kept(form),
                Err(kind) => value.kept(Form::Name).inspect(|name| {
                    let _ = known.entry(name.clone()).or_insert(kind);
                }),
            };
            Some(format!(
                "{written} = {}",
                value.as_deref().unwrap_or(LEFT_OUT)
            ))
        });
        match kept {
            Some(text) => sheet.keep(*line, &text),
            None => sheet.leave(*line, ""),
        }
    }
}
