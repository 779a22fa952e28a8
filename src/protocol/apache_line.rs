//! How Apache httpd splits its configuration into lines and words:
//! `ap_cfg_getline`, `ap_resolve_env`, `ap_getword_conf` (source: branch
//! 2.4.x; measured: 2.4.71).

use super::Environment;
use super::lexer::{Char, Word, at, bytes, chars, covered, is_space, trim};
use crate::source::Span;

/// One line that the program acts on.
pub(super) enum Line {
    /// The arguments of `SSLProtocol`; `name` if the text itself contained it.
    Directive {
        words: Vec<Word>,
        name: Option<Word>,
    },
    /// The first word of any other line.
    Other(Word),
}

/// A variable without a value, and where it is used.
pub(super) type Undefined = (Vec<u8>, Span);

/// The lines of a text that follows `SSLProtocol` in a file: the first one holds the arguments, any
/// other is a separate directive.
pub(super) fn lines(
    text: &[u8],
    environment: &Environment,
    undefined: &mut Vec<Undefined>,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for (index, line) in logical_lines(&chars(text, 0)).iter().enumerate() {
        // Only a comment on its own line counts: httpd has none at the end of a line.
        let line = trim(line);
        if index > 0 && (line.is_empty() || at(line, 0) == b'#') {
            continue;
        }
        // Variables are replaced in the whole line before it is split.
        let line = expanded(line, environment, undefined);
        if index == 0 {
            let words = words(&line);
            lines.push(Line::Directive { words, name: None });
            continue;
        }
        let (name, rest) = word(&line);
        if name.value.eq_ignore_ascii_case(b"SSLProtocol") {
            let words = words(rest);
            lines.push(Line::Directive {
                words,
                name: Some(name),
            });
        } else {
            lines.push(Line::Other(name));
        }
    }
    lines
}

/// Lines end with a line feed, unless a backslash precedes it or its carriage return.
/// A NUL hides the rest of its physical line.
pub(super) fn logical_lines(text: &[Char]) -> Vec<Vec<Char>> {
    let mut done = Vec::new();
    let mut line: Vec<Char> = Vec::new();
    for physical in text.split_inclusive(|char| char.byte == b'\n') {
        let visible = physical
            .iter()
            .position(|char| char.byte == 0)
            // httpd reads lines as C strings, so a NUL ends what it sees.
            .map_or(physical, |nul| physical.split_at(nul).0);
        let hidden = visible.len() < physical.len();
        let visible = match visible {
            [line @ .., end] if end.byte == b'\n' => line,
            line => line,
        };
        let continued = match visible {
            // The program's file continues after our text, with a line feed.
            [head @ .., slash] if slash.byte == b'\\' && !hidden => Some(head),
            [head @ .., slash, end] if slash.byte == b'\\' && end.byte == b'\r' && !hidden => {
                Some(head)
            }
            _ => None,
        };
        line.extend_from_slice(continued.unwrap_or(visible));
        if continued.is_none() {
            done.push(std::mem::take(&mut line));
        }
    }
    if !line.is_empty() || done.is_empty() {
        done.push(line);
    }
    done
}

/// The longest line that variables may produce. Apache's own limit for a
/// line is 16 MiB (`VARBUF_MAX_LEN`); ours keeps hostile definitions small.
const EXPANDED_LIMIT: usize = 1 << 20;

/// `${NAME}` replaced by its value, once and whether quoted or not. A name without a value stays as
/// it is.
pub(super) fn expanded(
    mut line: &[Char],
    environment: &Environment,
    undefined: &mut Vec<Undefined>,
) -> Vec<Char> {
    let mut whole = Vec::with_capacity(line.len());
    let closable = |line: &[Char]| line.iter().position(|char| char.byte == b'}');
    // The closing brace is looked for only once, so that `${${${` does not take quadratic time.
    let mut may_close = true;
    while let Some((&first, rest)) = line.split_first() {
        let opens = may_close && first.byte == b'$' && at(line, 1) == b'{';
        let end = opens.then(|| closable(line)).flatten();
        may_close &= !opens || end.is_some();
        if let Some(end) = end {
            let (reference, behind) = line.split_at(end + 1);
            let name = bytes(reference.get(2..end).unwrap_or_default());
            let place = covered(reference);
            let known = String::from_utf8_lossy(&name).to_ascii_lowercase();
            match environment.defines.get(&known) {
                // Variables are not expanded again in values, so a self-referencing definition
                // cannot grow without end.
                Some(value) if whole.len() + value.len() <= EXPANDED_LIMIT => {
                    whole.extend(value.iter().map(|&byte| Char { byte, span: place }));
                }
                _ => {
                    undefined.push((name, place));
                    whole.extend_from_slice(reference);
                }
            }
            line = behind;
        } else {
            whole.push(first);
            line = rest;
        }
    }
    whole
}

/// All words of a line.
pub(super) fn words(line: &[Char]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = trim(line);
    while !rest.is_empty() {
        let (next, behind) = word(rest);
        words.push(next);
        rest = behind;
    }
    words
}

/// The first word of a line without leading white space, and what follows the white space after it.
pub(super) fn word(line: &[Char]) -> (Word, &[Char]) {
    let quote = at(line, 0);
    let quoted = matches!(quote, b'"' | b'\'');
    let end = if quoted {
        closing_quote(line, quote)
    } else {
        line.iter()
            .position(|char| is_space(char.byte))
            .unwrap_or(line.len())
    };
    let behind = if quoted { end + 1 } else { end };
    let (raw, rest) = line.split_at(behind.min(line.len()));
    let inner = raw.get(usize::from(quoted)..end.min(raw.len()));
    let value = unescaped(inner.unwrap_or_default(), quoted.then_some(quote));
    (Word::new(value, raw, quoted), skip_space(rest))
}

fn skip_space(line: &[Char]) -> &[Char] {
    let start = line.iter().position(|char| !is_space(char.byte));
    line.get(start.unwrap_or(line.len())..).unwrap_or_default()
}

/// Where the quote that begins the line closes; the end of the line if it does not.
fn closing_quote(line: &[Char], quote: u8) -> usize {
    let mut place = 1;
    while place < line.len() && at(line, place) != quote {
        let escape =
            at(line, place) == b'\\' && matches!(at(line, place + 1), b'\\' | b'"' | b'\'');
        let escape = escape && (at(line, place + 1) == b'\\' || at(line, place + 1) == quote);
        place += if escape { 2 } else { 1 };
    }
    place.min(line.len())
}

/// `\\` is a backslash everywhere; a quote's own escape counts inside it.
fn unescaped(raw: &[Char], quote: Option<u8>) -> Vec<u8> {
    let mut value = Vec::with_capacity(raw.len());
    let mut place = 0;
    while let Some(char) = raw.get(place) {
        let next = raw.get(place + 1).map(|char| char.byte);
        let escape =
            char.byte == b'\\' && next.is_some_and(|next| next == b'\\' || Some(next) == quote);
        value.push(if escape {
            at(raw, place + 1)
        } else {
            char.byte
        });
        place += if escape { 2 } else { 1 };
    }
    value
}
