//! How pg_hba.conf is cut into lines, fields and tokens (`hba.c`: `tokenize_auth_file`,
//! `next_token`).

use super::Named;
use crate::server::settings::shown;

/// `MAX_TOKEN` - 1 of 15: the longest token.
const LONGEST_TOKEN: usize = 10239;

/// How deep files of names may nest: PostgreSQL has no limit.
const DEEPEST: usize = 10;

/// Lines with those that continue them, and the number of the first.
pub(super) fn logical(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut lines = text.split('\n').enumerate();
    while let Some((index, first)) = lines.next() {
        // A NUL ends the line for C.
        let cut = |line: &str| {
            let line = line.trim_end_matches('\r');
            line.split('\0').next().unwrap_or_default().to_owned()
        };
        let mut whole = cut(first);
        let mut continued = 0;
        while whole.len() > continued && whole.ends_with('\\') {
            let _ = whole.pop();
            continued = whole.len();
            match lines.next() {
                Some((_, next)) => whole.push_str(&cut(next)),
                None => break,
            }
        }
        found.push((index + 1, whole));
    }
    found
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) quoted: bool,
}

impl Token {
    pub(super) fn is(&self, keyword: &str) -> bool {
        !self.quoted && self.text == keyword
    }
}

pub(super) type Fields = Vec<Vec<Token>>;

pub(super) fn fields(
    line: &str,
    named: &mut dyn FnMut(&str) -> Named,
    unread: &mut bool,
    depth: usize,
) -> Result<Fields, String> {
    let mut rest = line;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let mut field = Vec::new();
        loop {
            let (token, behind, comma) = token(rest)?;
            rest = behind;
            let Some(token) = token else { break };
            match token.text.strip_prefix('@') {
                Some(file) if !token.quoted && !file.is_empty() => {
                    included(file, &mut field, named, unread, depth)?;
                }
                _ => field.push(token),
            }
            if !comma {
                break;
            }
        }
        if !field.is_empty() {
            found.push(field);
        }
    }
    Ok(found)
}

/// The tokens of a file of names.
fn included(
    file: &str,
    field: &mut Vec<Token>,
    named: &mut dyn FnMut(&str) -> Named,
    unread: &mut bool,
    depth: usize,
) -> Result<(), String> {
    match named(file) {
        Named::Text(_) if depth >= DEEPEST => *unread = true,
        Named::Text(text) => {
            for (_, line) in logical(&text) {
                field.extend(
                    fields(&line, named, unread, depth + 1)?
                        .into_iter()
                        .flatten(),
                );
            }
        }
        Named::Missing => {
            let file = shown(file);
            return Err(format!(
                "could not open secondary authentication file \"@{file}\""
            ));
        }
        Named::Unknown => {
            *unread = true;
            field.push(Token {
                text: String::new(),
                quoted: true,
            });
        }
    }
    Ok(())
}

/// `next_token`: the token, the text after it, and whether a comma ended it.
fn token(text: &str) -> Result<(Option<Token>, &str, bool), String> {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\r');
    let text = text.trim_start_matches(|c: char| blank(c) || c == ',');
    let mut word = String::new();
    let (mut inside, mut doubled, mut seen, mut first) = (false, false, false, false);
    for (at, c) in text.char_indices() {
        let rest = |skip: usize| text.get(at + skip..).unwrap_or_default();
        if blank(c) && !inside {
            return Ok((
                Some(Token {
                    text: word,
                    quoted: first,
                }),
                rest(0),
                false,
            ));
        }
        if c == '#' && !inside {
            let token = (seen || !word.is_empty()).then_some(Token {
                text: word,
                quoted: first,
            });
            return Ok((token, "", false));
        }
        if word.len() >= LONGEST_TOKEN {
            return Err("authentication file token too long".to_owned());
        }
        if c == ',' && !inside {
            return Ok((
                Some(Token {
                    text: word,
                    quoted: first,
                }),
                rest(1),
                true,
            ));
        }
        if c != '"' || doubled {
            word.push(c);
        }
        // A quote ends what it quotes, unless the next character is also a quote: then the two are
        // one character of the token.
        doubled = inside && c == '"' && !doubled;
        if c == '"' {
            inside = !inside;
            seen = true;
            // hba.c's `initial_quote`: a token that begins with a quote is a name, never a keyword,
            // and `"all"` is the role of that name.
            first |= word.is_empty();
        }
    }
    let token = (seen || !word.is_empty()).then_some(Token {
        text: word,
        quoted: first,
    });
    Ok((token, "", false))
}
