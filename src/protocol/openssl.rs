//! The value of OpenSSL's `Protocol` (source: 3.0, `CONF_parse_list` and
//! `ssl_match_option`; measured: 3.0.19 through `SSL_CONF_cmd`).

use super::evaluation::{Effect, Evaluation};
use super::lexer::{Char, Word, bytes, chars, covered, is_space, trim};
use super::{Dialect, Environment, Version, VersionSet, findings};
use crate::rule::{self, ProtocolFact};
use crate::source::Span;

/// OpenSSL's only text for a value that it does not accept.
pub(super) const BAD_VALUE: &str = "SSL routines::bad value";

/// A context before anything is set: every version is on.
pub(super) const EVERYTHING: VersionSet = VersionSet::SSL3_AND_TLS;

/// What the value of `Protocol` does to a new context.
///
/// The words before a bad one have been applied when OpenSSL gives up, so the
/// sets of a refused string are those that remain in the context.
pub(super) fn evaluate(text: &[u8], environment: &Environment) -> Evaluation {
    let mut answer = Evaluation::new(Dialect::OpenSsl);
    let mut enabled = EVERYTHING;
    apply(&chars(text, 0), 0, &mut enabled, environment, &mut answer);
    finish(enabled, environment, &mut answer);
    answer
}

/// Applies one `Protocol` value to the versions that are on; an empty value is at `end`.
pub(super) fn apply(
    text: &[Char],
    end: usize,
    enabled: &mut VersionSet,
    environment: &Environment,
    answer: &mut Evaluation,
) {
    let text = text.split(|char| char.byte == 0).next().unwrap_or_default();
    let mut accepted = true;
    let end = text.last().map_or(end, |char| char.span.end);
    let elements: Vec<&[Char]> = text.split(|char| char.byte == b',').collect();
    let mut place = 0;
    for element in elements {
        let raw = trim(element);
        // An empty element has the place of the comma after it, or the end.
        place += element.len() + 1;
        let empty = text
            .get(place - 1)
            .map_or(Span::new(end, end), |comma| comma.span);
        let mut word = Word::new(bytes(raw), raw, false);
        if raw.is_empty() {
            word.span = empty;
        } else {
            word.span = covered(raw);
        }
        if accepted {
            accepted = one(&word, enabled, environment, answer);
        } else {
            answer.token(&word, Effect::NotReached, *enabled);
        }
    }
    if !accepted {
        answer.refuse(BAD_VALUE);
    }
}

/// Applies one element; `false` when OpenSSL gives up.
fn one(
    word: &Word,
    enabled: &mut VersionSet,
    environment: &Environment,
    answer: &mut Evaluation,
) -> bool {
    let (remove, name) = match word.value.as_slice() {
        [b'-', name @ ..] => (true, name),
        [b'+', name @ ..] => (false, name),
        name => (false, name),
    };
    let Some(versions) = named(name, environment) else {
        let token = word.text();
        let fact = if blank_separated(&word.value) {
            let corrected = findings::pieces(&word.value).join(", ");
            ProtocolFact::Separator(rule::protocol::Separator { token, corrected })
        } else {
            ProtocolFact::IllegalName(rule::protocol::IllegalName {
                names: Vec::new(),
                token,
                error: BAD_VALUE.to_owned(),
            })
        };
        answer.observe(fact, Some(word.span));
        answer.token(word, Effect::Refused, *enabled);
        return false;
    };
    let before = *enabled;
    let token = word.text();
    if remove {
        *enabled = before.difference(versions);
        let effect = if versions.is_empty() {
            let reason = "no TLS library speaks SSLv2".to_owned();
            answer.observe(
                rule::protocol::IgnoredValue {
                    token,
                    reason: reason.clone(),
                },
                Some(word.span),
            );
            Effect::Ignored(reason)
        } else {
            Effect::Removes(versions.intersection(before))
        };
        answer.token(word, effect, *enabled);
        return true;
    }
    *enabled = before.union(versions);
    let all = name.eq_ignore_ascii_case(b"ALL");
    match Version::named(name) {
        Some(Version::SSLv2) => {
            answer.observe(rule::protocol::Sslv2 { token }, Some(word.span));
            let reason = "no TLS library speaks SSLv2".to_owned();
            answer.token(word, Effect::Ignored(reason), *enabled);
            return true;
        }
        Some(Version::SSLv3) => {
            answer.observe(rule::protocol::Sslv3 { token }, Some(word.span));
        }
        _ if !all && versions.difference(before).is_empty() => {
            let reason = "it is already on: a name adds and never restricts (write `-ALL` first)";
            answer.observe(
                rule::protocol::IgnoredValue {
                    token,
                    reason: reason.to_owned(),
                },
                Some(word.span),
            );
        }
        _ => {}
    }
    answer.token(word, Effect::Adds(versions.difference(before)), *enabled);
    true
}

/// The versions that a name means. DTLS names share the bits of the TLS versions that they are
/// based on.
fn named(name: &[u8], environment: &Environment) -> Option<VersionSet> {
    const DATAGRAM: [(&[u8], Version); 2] =
        [(b"DTLSv1", Version::TLSv1), (b"DTLSv1.2", Version::TLSv1_2)];
    if name.eq_ignore_ascii_case(b"ALL") {
        return Some(EVERYTHING);
    }
    if let Some((_, version)) = DATAGRAM
        .iter()
        .find(|(known, _)| name.eq_ignore_ascii_case(known))
    {
        return Some(VersionSet::only(*version));
    }
    match Version::named(name)? {
        Version::SSLv2 => Some(VersionSet::EMPTY),
        Version::TLSv1_3 if !environment.has(Version::TLSv1_3) => None,
        version => Some(VersionSet::only(version)),
    }
}

fn blank_separated(element: &[u8]) -> bool {
    element.iter().any(|&byte| is_space(byte)) && findings::is_only_glued(element)
}

/// The sets of a context, and what is wrong with them.
pub(super) fn finish(enabled: VersionSet, environment: &Environment, answer: &mut Evaluation) {
    // Compiled-out versions are on by default; no one asked for them.
    for token in &mut answer.tokens {
        token.after = token.after.intersection(environment.built_in);
    }
    answer.configured = enabled.intersection(environment.built_in);
    answer.effective = environment.speaks(enabled);
    if answer.accepted {
        findings::versions(answer);
    }
}
