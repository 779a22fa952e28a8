//! A list of enabled protocols as Java programs read it
//! (`jdk.tls.server.protocols`, `setEnabledProtocols`), and what
//! `jdk.tls.disabledAlgorithms` leaves of it (source: OpenJDK 17,
//! `ProtocolVersion`, `SSLContextImpl`; not measured).

use super::evaluation::{Effect, Evaluation};
use super::lexer::{Char, Word, at, bytes, chars, covered, trim};
use super::{Dialect, Environment, Version, VersionSet, findings};
use crate::rule::{self, ProtocolFact};

const DISABLED: &[u8] = b"jdk.tls.disabledAlgorithms";

/// What the list does. A `;` may be followed by a different `jdk.tls.disabledAlgorithms = …` from
/// the environment's.
pub(super) fn evaluate(text: &[u8], environment: &Environment) -> Evaluation {
    let mut answer = Evaluation::new(Dialect::Java);
    let mut disabled = environment.java_disabled;
    let text = chars(text, 0);
    for part in text.split(|char| matches!(char.byte, b';' | b'\n')) {
        match disabled_algorithms(part) {
            Some(list) => {
                disabled = named_in(list);
                let raw = trim(part);
                let word = Word {
                    value: bytes(raw),
                    span: covered(raw),
                    quoted: false,
                };
                let effect = Effect::Removes(disabled.intersection(answer.configured));
                answer.token(&word, effect, answer.configured.difference(disabled));
            }
            None => enable(part, environment, &mut answer),
        }
    }
    finish(disabled, environment, &mut answer);
    answer
}

/// The list after the property's name, if this is the property.
fn disabled_algorithms(part: &[Char]) -> Option<&[Char]> {
    let part = trim(part);
    if !bytes(part).starts_with(DISABLED) {
        return None;
    }
    let rest = trim(part.get(DISABLED.len()..)?);
    (at(rest, 0) == b'=').then(|| rest.get(1..)).flatten()
}

/// Entries that name a version; those with conditions are about keys.
fn named_in(list: &[Char]) -> VersionSet {
    list.split(|char| char.byte == b',')
        .filter_map(|entry| Version::named(&bytes(trim(entry))))
        .collect()
}

fn enable(part: &[Char], environment: &Environment, answer: &mut Evaluation) {
    for raw in part.split(|char| char.byte == b',') {
        let raw = trim(raw);
        if raw.is_empty() {
            continue;
        }
        let word = Word::new(bytes(raw), raw, false);
        if !answer.accepted {
            answer.token(&word, Effect::NotReached, VersionSet::EMPTY);
            continue;
        }
        // A ClientHello format for old servers, not a version (JSSE Reference Guide).
        if word.value == b"SSLv2Hello" {
            answer.token(&word, Effect::Neutral, answer.configured);
            continue;
        }
        let version = Version::named_exactly(&word.value)
            .filter(|&version| version == Version::SSLv3 || environment.has(version));
        let Some(version) = version else {
            refuse(&word, answer);
            continue;
        };
        let set = VersionSet::only(version);
        let effect = Effect::Adds(set.difference(answer.configured));
        answer.configured = answer.configured.union(set);
        answer.token(&word, effect, answer.configured);
    }
}

fn refuse(word: &Word, answer: &mut Evaluation) {
    let token = word.text();
    let error = format!("java.lang.IllegalArgumentException: Unsupported protocol {token}");
    answer.token(word, Effect::Refused, VersionSet::EMPTY);
    let fact = if findings::is_only_glued(&word.value) {
        let corrected = findings::pieces(&word.value).join(",");
        ProtocolFact::Separator(rule::protocol::Separator { token, corrected })
    } else {
        ProtocolFact::IllegalName(rule::protocol::IllegalName {
            names: Vec::new(),
            token,
            error: error.clone(),
        })
    };
    answer.observe(fact, Some(word.span));
    answer.refuse(error);
}

/// Java's own SSLv3 is always there; the disabled list switches it off.
pub(super) fn finish(disabled: VersionSet, environment: &Environment, answer: &mut Evaluation) {
    if !answer.accepted {
        return answer.nothing_works();
    }
    let ssl3 = VersionSet::only(Version::SSLv3);
    let known = environment.built_in.union(ssl3);
    answer.effective = answer.configured.intersection(known).difference(disabled);
    let lost = answer.configured.intersection(disabled);
    for token in answer.tokens.clone() {
        let named = Version::named_exactly(token.text.trim_start_matches(['+', ',']).as_bytes());
        if named.is_some_and(|version| lost.contains(version)) {
            let reason = "jdk.tls.disabledAlgorithms disables it".to_owned();
            let fact = rule::protocol::IgnoredValue {
                token: token.text,
                reason,
            };
            answer.observe(fact, Some(token.span));
        }
    }
    findings::versions(answer);
}
