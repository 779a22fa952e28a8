//! SSL_CONF commands in the sections of `openssl.cnf` (source: 3.0,
//! `conf_def.c`, `conf_ssl.c`; measured: in `system_default` a bad value is ignored silently).

use super::{ConfigSection, Scan};
use crate::protocol::lexer::{at, bytes, chars, covered, trim};
use crate::protocol::{Dialect, Effect, Environment};
use crate::rule;
use crate::source::{Lines, Source};

/// The commands that this scan is about.
const COMMANDS: [&str; 3] = ["protocol", "minprotocol", "maxprotocol"];

/// Commands of one section; a real one has three.
const COMMANDS_LIMIT: usize = 100;

#[derive(Default)]
struct Section {
    name: String,
    lines: Vec<Lines>,
    commands: Vec<Vec<u8>>,
}

/// Every section that sets protocol versions. Whether `openssl_conf`,
/// `ssl_conf` and `system_default` lead to it is not followed.
pub fn openssl(source: &Source, environment: &Environment) -> Scan {
    let mut scan = Scan::new();
    let mut sections = vec![Section {
        name: "default".to_owned(),
        ..Section::default()
    }];
    let text = chars(source.bytes(), 0);
    for line in text.split(|char| char.byte == b'\n') {
        let line = trim(line);
        if line.is_empty() || at(line, 0) == b'#' {
            continue;
        }
        let raw = bytes(line);
        if at(line, 0) == b'[' {
            let name = raw.split(|&byte| byte == b']').next().unwrap_or_default();
            let name = name.get(1..).unwrap_or_default().trim_ascii();
            let name = String::from_utf8_lossy(name).into_owned();
            sections.push(Section {
                name,
                ..Section::default()
            });
            continue;
        }
        if raw.starts_with(b".include") {
            scan.skip(source, covered(line), &raw, "another file is included");
            continue;
        }
        let command = raw
            .split(|&byte| byte == b'=')
            .next()
            .unwrap_or_default()
            .trim_ascii();
        let command = String::from_utf8_lossy(command).to_ascii_lowercase();
        // A name may have a prefix (`1.Protocol`), which distinguishes entries of the same name.
        // OpenSSL looks at what follows the dot.
        let command = command
            .split_once('.')
            .map_or(command.as_str(), |(_, name)| name);
        if !COMMANDS.contains(&command) {
            continue;
        }
        if raw.contains(&b'$') || raw.ends_with(b"\\") {
            let reason = "certcheck does not interpret variables and continued lines";
            scan.skip(source, covered(line), &raw, reason);
        } else if let Some(section) = sections.last_mut() {
            let name = entry(&raw);
            // Of two entries with exactly the same name, the first vanishes.
            let earlier = section
                .commands
                .iter()
                .position(|earlier| entry(earlier) == name);
            if let Some(earlier) = earlier {
                section.lines.remove(earlier);
                section.commands.remove(earlier);
            }
            if section.commands.len() >= COMMANDS_LIMIT {
                scan.skip(
                    source,
                    covered(line),
                    &raw,
                    "it has more commands than certcheck reads",
                );
                continue;
            }
            section.lines.push(source.lines(covered(line)));
            section.commands.push(raw);
        }
    }
    for section in sections
        .into_iter()
        .filter(|section| !section.commands.is_empty())
    {
        let text = section.commands.join(&b'\n');
        let name = format!("[{}]", section.name);
        let Some(mut scope) = scan.scope(name, &text, Dialect::OpenSslConf, environment) else {
            break;
        };
        scope.lines = section.lines;
        observe_ignored(&mut scope);
        scan.scopes.push(scope);
    }
    scan
}

fn entry(command: &[u8]) -> Vec<u8> {
    let name = command
        .split(|&byte| byte == b'=')
        .next()
        .unwrap_or_default();
    name.trim_ascii().to_vec()
}

/// A program that loads this file continues after a bad value.
fn observe_ignored(scope: &mut ConfigSection) {
    let refused: Vec<_> = scope
        .evaluation
        .tokens
        .iter()
        .filter(|token| token.effect == Effect::Refused)
        .map(|token| (token.text.clone(), token.span))
        .collect();
    for (token, span) in refused {
        let reason = "OpenSSL silently ignores a bad value in this file".to_owned();
        scope
            .evaluation
            .observe(rule::protocol::IgnoredValue { token, reason }, Some(span));
    }
}
