//! `ssl_protocols` in `nginx.conf`: lines of one block add up, a block's own
//! lines replace those around it (measured: 1.22.1).

use super::{BLOCK_LIMIT, Scan};
use crate::protocol::lexer::{Word, chars};
use crate::protocol::nginx_line::{Directive, End, Reader};
use crate::protocol::{Dialect, Environment};
use crate::source::{Lines, Source, Span};

/// What nginx 1.22 does without any `ssl_protocols`.
const DEFAULT: &str = "TLSv1 TLSv1.1 TLSv1.2";

/// The deepest nesting that is followed. nginx's own contexts are five deep
/// at most (`http`, `server`, `location`, `if`, `limit_except`); locations
/// nest without end.
const DEPTH: usize = 64;

/// How many names of a server are shown.
const NAMES: usize = 3;

/// An open block.
#[derive(Clone, Default)]
struct Block {
    kind: String,
    names: Vec<String>,
    speaks_tls: bool,
    values: Vec<Vec<u8>>,
    lines: Vec<Lines>,
    line: usize,
}

/// Every `server` block that speaks TLS, and every block around them that sets versions but
/// contains no such block.
pub fn nginx(source: &Source, environment: &Environment) -> Scan {
    let mut scan = Scan::new();
    let text = chars(source.bytes(), 0);
    let mut reader = Reader::new(&text);
    let mut open = vec![Block {
        kind: "main".to_owned(),
        ..Block::default()
    }];
    loop {
        let directive = match reader.next() {
            Ok(directive) => directive,
            Err((error, words)) => {
                let place = words
                    .last()
                    .map_or(Span::new(source.bytes().len(), 0), |word| word.span);
                scan.skip(
                    source,
                    place,
                    error.as_bytes(),
                    "nginx stops reading here too",
                );
                break;
            }
        };
        match directive.end {
            End::Text => break,
            End::ClosingBrace => {
                // An extra closing brace ends the file for nginx.
                if open.len() == 1 {
                    break;
                }
                let block = open.pop();
                close(block, &mut open, environment, &mut scan);
            }
            End::OpeningBrace if open.len() >= DEPTH => {
                scan.skip(source, Span::new(0, 0), b"", "blocks nest too deeply");
                break;
            }
            End::OpeningBrace => {
                let kind = directive.words.first().map_or_else(String::new, Word::text);
                let line = directive
                    .words
                    .first()
                    .map_or(1, |word| source.line_of(word.span.start));
                open.push(Block {
                    kind,
                    line,
                    ..Block::default()
                });
            }
            // `listen` may follow `ssl_protocols`, so a block is judged when it closes.
            End::Semicolon => setting(&directive, &mut open, source, &mut scan),
        }
    }
    while open.len() > 1 {
        let block = open.pop();
        close(block, &mut open, environment, &mut scan);
    }
    scan.scopes
        .sort_by_key(|scope| scope.lines.first().map_or(0, |lines| lines.first));
    scan
}

fn setting(directive: &Directive, open: &mut [Block], source: &Source, scan: &mut Scan) {
    let Some((name, values)) = directive.words.split_first() else {
        return;
    };
    let Some(block) = open.last_mut() else {
        return;
    };
    let span = values
        .last()
        .map_or(name.span, |last| Span::new(name.span.start, last.span.end));
    let raw = source.bytes().get(span.start..span.end).unwrap_or_default();
    match name.value.as_slice() {
        b"ssl_protocols"
            if raw.len() + block.values.iter().map(Vec::len).sum::<usize>() > BLOCK_LIMIT =>
        {
            scan.skip(source, span, b"ssl_protocols", "too long");
        }
        b"ssl_protocols" => {
            block
                .values
                .push(raw.get(name.span.len()..).unwrap_or_default().to_vec());
            block.lines.push(source.lines(span));
        }
        b"server_name" if block.names.len() < NAMES => {
            block
                .names
                .extend(values.iter().take(NAMES).map(Word::text));
        }
        b"listen" => block.speaks_tls |= values.iter().any(|value| value.value == b"ssl"),
        b"ssl" | b"ssl_certificate" => {
            block.speaks_tls |= values.iter().all(|value| value.value != b"off")
        }
        b"include" => scan.skip(source, span, raw, "another file is included"),
        _ => {}
    }
}

fn close(block: Option<Block>, open: &mut [Block], environment: &Environment, scan: &mut Scan) {
    let Some(mut block) = block.filter(|block| block.kind == "server") else {
        return;
    };
    let own = !block.values.is_empty();
    if !own && !block.speaks_tls {
        return;
    }
    // nginx inherits a setting only if the block has none itself: nothing is merged.
    if !own && let Some(around) = open.iter().rev().find(|around| !around.values.is_empty()) {
        block.values.clone_from(&around.values);
        block.lines.clone_from(&around.lines);
    }
    let text = if block.values.is_empty() {
        DEFAULT.as_bytes().to_vec()
    } else {
        let lines: Vec<_> = block.values.iter().map(Vec::as_slice).collect();
        lines
            .join(&b"; ssl_protocols "[..])
            .trim_ascii_start()
            .to_vec()
    };
    let name = match block.names.first() {
        Some(_) => format!("server {}", block.names.join(" ")),
        None => format!("server at line {}", block.line),
    };
    let Some(mut scope) = scan.scope(name, &text, Dialect::Nginx, environment) else {
        return;
    };
    scope.own = own;
    scope.lines = block.lines;
    scan.scopes.push(scope);
}
