//! `SSLProtocol` in `httpd.conf`: for the server and for each virtual host,
//! whose value replaces the server's (measured: 2.4.71).

use super::{BLOCK_LIMIT, BUDGET, Scan};
use crate::protocol::apache_line::{expanded, logical_lines, word};
use crate::protocol::lexer::{Char, at, bytes, chars, covered, trim};
use crate::protocol::{Dialect, Environment};
use crate::source::{Lines, Source};

/// What mod_ssl does without any `SSLProtocol`.
const DEFAULT: &str = "all -SSLv3";

/// One directive with its place.
struct Directive {
    text: Vec<u8>,
    lines: Lines,
}

/// A virtual host, or the server itself.
#[derive(Default)]
struct Part {
    name: String,
    server_name: Option<String>,
    speaks_tls: bool,
    directives: Vec<Directive>,
}

/// Every scope of an Apache configuration. `Define`s apply to the lines below them, and the
/// environment's to all lines; the strings have them expanded. Sections with a condition are read
/// as if it held.
pub fn apache(source: &Source, environment: &Environment) -> Scan {
    let mut scan = Scan::new();
    let mut environment = environment.clone();
    let mut server = Part {
        name: "server config".to_owned(),
        ..Part::default()
    };
    let mut hosts: Vec<Part> = Vec::new();
    let mut inside = false;
    let mut grown = 0;
    for line in logical_lines(&chars(source.bytes(), 0)) {
        let line = trim(&line);
        if line.is_empty() || at(line, 0) == b'#' {
            continue;
        }
        // Expanded here and now: a variable that is defined further down has
        // no value yet.
        let short = line.len();
        let line = &expanded(line, &environment, &mut Vec::new());
        grown += line.len().saturating_sub(short);
        if grown > BUDGET {
            scan.skip(
                source,
                covered(line),
                b"${...}",
                "variables make the file too long",
            );
            break;
        }
        let (name, rest) = word(line);
        let name = name.text().to_ascii_lowercase();
        if matches!(name.as_str(), "<virtualhost" | "<virtualhost>") {
            let addresses = String::from_utf8_lossy(&bytes(rest))
                .trim_end_matches('>')
                .trim()
                .to_owned();
            hosts.push(Part {
                name: format!("<VirtualHost {addresses}>"),
                ..Part::default()
            });
            inside = true;
            continue;
        }
        if name.starts_with("</virtualhost") {
            inside = false;
            continue;
        }
        let part = match hosts.last_mut() {
            Some(host) if inside => host,
            _ => &mut server,
        };
        directive(&name, line, rest, part, &mut environment, source, &mut scan);
    }
    // The strings below have their variables replaced already: expanding a value again would find
    // variables that httpd leaves alone.
    environment.defines.clear();
    collect(&server, &hosts, &environment, &mut scan);
    scan
}

fn directive(
    name: &str,
    line: &[Char],
    rest: &[Char],
    part: &mut Part,
    environment: &mut Environment,
    source: &Source,
    scan: &mut Scan,
) {
    match name {
        "sslprotocol" if rest.len() > BLOCK_LIMIT => {
            scan.skip(source, covered(line), b"SSLProtocol", "too long");
        }
        "sslprotocol" => {
            let lines = source.lines(covered(line));
            part.directives.push(Directive {
                text: bytes(rest),
                lines,
            });
            // `SSLProtocol` does not switch TLS on by itself, but no one writes it for a host
            // without TLS. An `SSLEngine off` after it still counts.
            part.speaks_tls = true;
        }
        "sslengine" => part.speaks_tls = !word(rest).0.value.eq_ignore_ascii_case(b"off"),
        "servername" => part.server_name = Some(word(rest).0.text()),
        "define" => {
            let (variable, value) = word(rest);
            let value = word(value).0.value;
            let defined: usize = environment.defines.values().map(Vec::len).sum();
            // Each definition is short in a real file, and there are few.
            if defined + value.len() > BLOCK_LIMIT || environment.defines.len() >= 1000 {
                scan.skip(
                    source,
                    covered(line),
                    &bytes(line),
                    "it has more definitions than certcheck reads",
                );
            } else {
                let variable = variable.text().to_ascii_lowercase();
                environment.defines.insert(variable, value);
            }
        }
        "include" | "includeoptional" => {
            scan.skip(
                source,
                covered(line),
                &bytes(line),
                "another file is included",
            );
        }
        name if name.starts_with("<if") || name.starts_with("<else") => {
            scan.skip(
                source,
                covered(line),
                &bytes(line),
                "a condition, read as if it held",
            );
        }
        _ => {}
    }
}

fn collect(server: &Part, hosts: &[Part], environment: &Environment, scan: &mut Scan) {
    if server.speaks_tls {
        scope(server, None, environment, scan);
    }
    let inherited = server.directives.last();
    for host in hosts.iter().filter(|host| host.speaks_tls) {
        scope(host, inherited, environment, scan);
    }
}

fn scope(part: &Part, inherited: Option<&Directive>, environment: &Environment, scan: &mut Scan) {
    let name = match &part.server_name {
        Some(server) => format!("{} {server}", part.name),
        None => part.name.clone(),
    };
    let last = part
        .directives
        .last()
        .map(|directive| directive.lines.first);
    for directive in &part.directives {
        let text = &directive.text;
        let Some(mut scope) = scan.scope(name.clone(), text, Dialect::Apache, environment) else {
            return;
        };
        scope.superseded_at = last.filter(|&last| last != directive.lines.first);
        scope.lines.push(directive.lines);
        scan.scopes.push(scope);
    }
    // mod_ssl merges by using the host's own value if it has one: a host never adds to the
    // server's.
    if part.directives.is_empty() {
        let text = inherited.map_or(DEFAULT.as_bytes(), |directive| &directive.text);
        let Some(mut scope) = scan.scope(name, text, Dialect::Apache, environment) else {
            return;
        };
        scope.own = false;
        scope
            .lines
            .extend(inherited.map(|directive| directive.lines));
        scan.scopes.push(scope);
    }
}
