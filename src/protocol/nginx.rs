//! `ssl_protocols` of nginx: names add up, holes stay open (source: 1.22,
//! `ngx_conf_set_bitmask_slot`, `ngx_ssl_create`; measured: 1.22.1).

use super::evaluation::{Effect, Evaluation};
use super::lexer::{Char, Word, chars};
use super::nginx_line::{End, Reader};
use super::{Dialect, Environment, Version, VersionSet, findings};
use crate::rule;
use crate::source::Span;

const NAME: &[u8] = b"ssl_protocols";

/// What the words after `ssl_protocols` do. The text may contain the name and the semicolon;
/// further `ssl_protocols` lines add to the first.
pub(super) fn evaluate(text: &[u8], environment: &Environment) -> Evaluation {
    let mut answer = Evaluation::new(Dialect::Nginx);
    let chars = in_its_file(text);
    let mut reader = Reader::new(&chars);
    while answer.accepted {
        match reader.next() {
            Err((error, words)) => {
                for word in words.iter().filter(|word| !word.span.is_empty()) {
                    answer.token(word, Effect::NotReached, VersionSet::EMPTY);
                }
                // The block that the directive is in ends after our text.
                let error = if error.starts_with("unexpected end of file") && !unclosed(&chars) {
                    "unexpected \"}\"".to_owned()
                } else {
                    error
                };
                refuse(None, error, &mut answer);
            }
            Ok(directive) => {
                match directive.end {
                    End::Text => break,
                    End::ClosingBrace => refuse(None, "unexpected \"}\"".to_owned(), &mut answer),
                    End::OpeningBrace => {
                        let error = "directive \"ssl_protocols\" is not terminated by \";\"";
                        refuse(None, error.to_owned(), &mut answer);
                    }
                    End::Semicolon => {}
                }
                if let Some(words) = arguments(&directive.words, &mut answer) {
                    judge(words, environment, &mut answer);
                }
            }
        }
    }
    finish(environment, &mut answer);
    answer
}

/// The text with what is around it in the file: the directive's name
/// before it and a semicolon after it, unless the text contains them.
fn in_its_file(text: &[u8]) -> Vec<Char> {
    let own = chars(text, 0);
    let whole = match Reader::new(&own).next() {
        Ok(directive) => named(&directive.words),
        Err((_, words)) => named(&words),
    };
    if whole {
        return own;
    }
    let around = |text: &[u8], place| {
        let here = |&byte: &u8| Char {
            byte,
            span: Span::new(place, place),
        };
        text.iter().map(here).collect::<Vec<_>>()
    };
    let mut file = around(b"ssl_protocols ", 0);
    file.extend(own);
    if !closes_itself(&file) {
        file.extend(around(b";", text.len()));
    }
    file
}

fn named(words: &[Word]) -> bool {
    words
        .first()
        .is_some_and(|word| !word.quoted && word.value.eq_ignore_ascii_case(NAME))
}

/// Whether the words contain their own semicolon.
fn closes_itself(chars: &[Char]) -> bool {
    let mut reader = Reader::new(chars);
    let mut closed = false;
    loop {
        match reader.next() {
            Ok(directive) if directive.end == End::Semicolon => closed = true,
            Ok(directive) => return closed && directive.end == End::Text,
            Err(_) => return false,
        }
    }
}

/// Whether a quote is left open: then nginx reads to the end of the file.
fn unclosed(chars: &[Char]) -> bool {
    let mut closed = chars.to_vec();
    closed.push(Char {
        byte: b' ',
        span: Span::new(0, 0),
    });
    closed.push(Char {
        byte: b'\n',
        span: Span::new(0, 0),
    });
    closed.push(Char {
        byte: b';',
        span: Span::new(0, 0),
    });
    let mut reader = Reader::new(&closed);
    loop {
        match reader.next() {
            Err((error, _)) => return error.starts_with("unexpected end of file"),
            Ok(directive) if directive.end == End::Semicolon => {}
            Ok(_) => return false,
        }
    }
}

/// The words that are values; `None` if it is another directive.
fn arguments<'a>(words: &'a [Word], answer: &mut Evaluation) -> Option<&'a [Word]> {
    let (name, values) = words.split_first()?;
    if name.value != NAME {
        let error = format!("unknown directive \"{}\"", name.text());
        refuse(Some(name), error, answer);
        return None;
    }
    if !name.span.is_empty() {
        answer.token(name, Effect::Neutral, answer.configured);
    }
    Some(values)
}

fn refuse(word: Option<&Word>, error: String, answer: &mut Evaluation) {
    if let Some(word) = word {
        answer.token(word, Effect::Refused, VersionSet::EMPTY);
    }
    answer.observe(
        rule::protocol::IllegalName {
            names: Vec::new(),
            token: word.map_or_else(String::new, Word::text),
            error: error.clone(),
        },
        word.map(|word| word.span),
    );
    answer.refuse(error);
}

/// Applies the values of one directive.
pub(super) fn judge(words: &[Word], environment: &Environment, answer: &mut Evaluation) {
    if words.is_empty() {
        let error = "invalid number of arguments in \"ssl_protocols\" directive";
        return refuse(None, error.to_owned(), answer);
    }
    for word in words {
        let before = answer.configured;
        if !answer.accepted {
            answer.token(word, Effect::NotReached, VersionSet::EMPTY);
            continue;
        }
        let Some(version) = Version::named(&word.value) else {
            let error = format!("invalid value \"{}\"", word.text());
            if findings::is_glued(&word.value) {
                answer.token(word, Effect::Refused, VersionSet::EMPTY);
                answer.refuse(error);
                separators(words, word, answer);
            } else {
                refuse(Some(word), error, answer);
            }
            continue;
        };
        let set = VersionSet::only(version);
        answer.configured = before.union(set);
        if before.contains(version) {
            answer
                .warnings
                .push(format!("duplicate value \"{}\"", word.text()));
            answer.token(word, Effect::Ignored("named before".to_owned()), before);
        } else if environment.has(version) {
            answer.token(word, Effect::Adds(set), answer.configured);
        } else {
            let reason = format!("this OpenSSL has no {version}");
            answer.token(word, Effect::Ignored(reason.clone()), answer.configured);
            let token = word.text();
            answer.observe(
                rule::protocol::IgnoredValue { token, reason },
                Some(word.span),
            );
        }
    }
}

fn separators(words: &[Word], glued: &Word, answer: &mut Evaluation) {
    let corrected = words
        .iter()
        .flat_map(|word| findings::pieces(&word.value))
        .collect::<Vec<_>>()
        .join(" ");
    answer.observe(
        rule::protocol::Separator {
            token: glued.text(),
            corrected,
        },
        Some(glued.span),
    );
}

/// The versions that work once the server runs.
pub(super) fn finish(environment: &Environment, answer: &mut Evaluation) {
    if answer.accepted {
        answer.effective = environment.speaks(answer.configured);
        findings::versions(answer);
    } else {
        answer.nothing_works();
    }
}
