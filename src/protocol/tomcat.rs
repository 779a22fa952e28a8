//! The `protocols` attribute of Tomcat's `SSLHostConfig` with JSSE (source:
//! 9.0 to 11.0, `SSLHostConfig.setProtocols`, `SSLUtilBase`; not measured).

use super::evaluation::{Effect, Evaluation};
use super::lexer::{Char, Word, at, bytes, chars, covered, trim};
use super::{Dialect, Environment, Version, VersionSet, findings, java};
use crate::rule::{self, ProtocolFact};

/// Names add, with or without `+` or a comma; `-` removes; `all` is every
/// TLS version and the old hello format SSLv2Hello.
pub(super) fn evaluate(text: &[u8], environment: &Environment) -> Evaluation {
    let mut answer = Evaluation::new(Dialect::Tomcat);
    let text = chars(text, 0);
    let mut hello = false;
    for token in tokens(&text) {
        let raw = trim(token);
        // A prefix alone is not a token.
        if raw.len() < 2 {
            continue;
        }
        let word = Word {
            value: bytes(raw),
            span: covered(raw),
            quoted: false,
        };
        let prefix = at(raw, 0);
        let prefixed = matches!(prefix, b'+' | b'-' | b',');
        let name = bytes(trim(raw.get(usize::from(prefixed)..).unwrap_or_default()));
        one(&word, prefix, &name, &mut hello, environment, &mut answer);
    }
    if answer.configured.is_empty() && !hello {
        let noticed = "when the connector starts".to_owned();
        answer.observe(rule::protocol::EmptySet { noticed }, None);
        answer.cannot_start(
            "None of the [protocols] specified are supported by the SSL engine : [[]]",
        );
        return answer;
    }
    java::finish(environment.java_disabled, environment, &mut answer);
    answer
}

/// Split before every `+`, `-` and comma.
fn tokens(text: &[Char]) -> Vec<&[Char]> {
    let mut tokens = Vec::new();
    let mut start = 0;
    for (place, char) in text.iter().enumerate() {
        if place > start && matches!(char.byte, b'+' | b'-' | b',') {
            tokens.push(text.get(start..place).unwrap_or_default());
            start = place;
        }
    }
    tokens.push(text.get(start..).unwrap_or_default());
    tokens
}

fn one(
    word: &Word,
    prefix: u8,
    name: &[u8],
    hello: &mut bool,
    environment: &Environment,
    answer: &mut Evaluation,
) {
    let before = answer.configured;
    let all = name.eq_ignore_ascii_case(b"all");
    let versions = if all {
        Some(environment.built_in.intersection(VersionSet::TLS))
    } else if name == b"SSLv2Hello" {
        Some(VersionSet::EMPTY)
    } else {
        let known = |version: &Version| *version == Version::SSLv3 || environment.has(*version);
        Version::named_exactly(name)
            .filter(known)
            .map(VersionSet::only)
    };
    let Some(versions) = versions else {
        return unknown(word, prefix, name, answer);
    };
    if all || versions.is_empty() {
        *hello = prefix != b'-';
    }
    let effect = if prefix == b'-' {
        answer.configured = before.difference(versions);
        Effect::Removes(versions.intersection(before))
    } else {
        answer.configured = before.union(versions);
        if prefix != b'+' && !before.is_empty() {
            answer.warnings.push(format!(
                "The protocol [{}] was added to the list of protocols on the SSLHostConfig named \
                 [_default_]. Check if a +/- prefix is missing.",
                String::from_utf8_lossy(name)
            ));
        }
        Effect::Adds(versions.difference(before))
    };
    answer.token(word, effect, answer.configured);
}

fn unknown(word: &Word, prefix: u8, name: &[u8], answer: &mut Evaluation) {
    let token = String::from_utf8_lossy(name).into_owned();
    let reason = "Tomcat does not know it and skips it; its names are exact in case".to_owned();
    if prefix != b'-' {
        answer.warnings.push(format!(
            "Some of the specified [protocols] are not supported by the SSL engine and have been \
             skipped: [[{token}]]"
        ));
    }
    answer.token(word, Effect::Ignored(reason.clone()), answer.configured);
    let fact = if findings::is_only_glued(name) {
        let corrected = findings::pieces(name).join(",");
        ProtocolFact::Separator(rule::protocol::Separator { token, corrected })
    } else {
        ProtocolFact::IgnoredValue(rule::protocol::IgnoredValue { token, reason })
    };
    answer.observe(fact, Some(word.span));
}
