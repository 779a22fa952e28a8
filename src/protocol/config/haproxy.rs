//! `bind … ssl` lines in `haproxy.cfg`, on top of the global `ssl-default-bind-options` that
//! precede them (measured: 2.6.12).

use super::{BLOCK_LIMIT, Scan};
use crate::protocol::haproxy_line::words;
use crate::protocol::lexer::{Word, chars, covered};
use crate::protocol::{Dialect, Environment};
use crate::source::{Source, Span};

/// Words that begin a section.
const SECTIONS: [&str; 14] = [
    "global",
    "defaults",
    "frontend",
    "backend",
    "listen",
    "peers",
    "resolvers",
    "mailers",
    "userlist",
    "program",
    "http-errors",
    "ring",
    "cache",
    "fcgi-app",
];

/// Every bind line that speaks TLS.
pub fn haproxy(source: &Source, environment: &Environment) -> Scan {
    let mut scan = Scan::new();
    let mut environment = environment.clone();
    let mut section = String::new();
    let mut name = String::new();
    let text = chars(source.bytes(), 0);
    for line in text.split(|char| char.byte == b'\n') {
        let words = match words(line, &environment) {
            Ok(words) => words,
            Err(error) => {
                scan.skip(
                    source,
                    covered(line),
                    error.as_bytes(),
                    "HAProxy refuses this line",
                );
                continue;
            }
        };
        let Some((first, rest)) = words.split_first() else {
            continue;
        };
        let keyword = first.text();
        if SECTIONS.contains(&keyword.as_str()) {
            section = keyword;
            name = rest.first().map_or_else(String::new, Word::text);
        } else if section == "global" && keyword == "ssl-default-bind-options" {
            let statement = raw(source, first, &words);
            if environment.global.len() + statement.len() > BLOCK_LIMIT {
                scan.skip(source, covered(line), statement, "too long");
            } else {
                // Several global lines add up, as do the options in each.
                environment.global.push(b'\n');
                environment.global.extend_from_slice(statement);
            }
        // The first word after `bind` is the address, so an address called `ssl` is not the option.
        } else if keyword == "bind" && rest.iter().skip(1).any(|word| word.value == b"ssl") {
            bind(
                source,
                &format!("{section} {name}"),
                rest,
                &environment,
                &mut scan,
            );
        } else if keyword.starts_with('.') {
            scan.skip(
                source,
                covered(line),
                raw(source, first, &words),
                "a condition, read as if it held",
            );
        }
    }
    scan
}

/// The text from a word to the end of its line's last word.
fn raw<'a>(source: &'a Source, first: &Word, words: &[Word]) -> &'a [u8] {
    let end = words.last().map_or(first.span.end, |last| last.span.end);
    source
        .bytes()
        .get(first.span.start..end)
        .unwrap_or_default()
}

fn bind(source: &Source, section: &str, rest: &[Word], environment: &Environment, scan: &mut Scan) {
    let Some((address, options)) = rest.split_first() else {
        return;
    };
    let text = options
        .first()
        .map_or(&b""[..], |first| raw(source, first, options));
    let name = format!("{section}, bind {}", address.text());
    let Some(mut scope) = scan.scope(name, text, Dialect::HaProxy, environment) else {
        return;
    };
    let end = rest.last().map_or(address.span.end, |last| last.span.end);
    scope
        .lines
        .push(source.lines(Span::new(address.span.start, end)));
    scan.scopes.push(scope);
}
