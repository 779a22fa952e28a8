//! Findings that the dialects share: about words, and about sets of versions.

use super::evaluation::Evaluation;
use super::{Version, VersionSet};
use crate::rule::{self, ProtocolFact};

/// Characters that people write between names instead of blanks.
const SEPARATORS: [u8; 4] = *b",;:|";

/// Whether a word is really several words with a wrong separator, or none, between them:
/// `TLSv1.2+TLSv1.3`, but not `--all`. Every word with a comma counts, even `all,`.
pub(super) fn is_glued(word: &[u8]) -> bool {
    word.contains(&b',') || is_only_glued(word)
}

/// Whether a word is glued, and each of its pieces is a legal word by itself.
pub(super) fn is_only_glued(word: &[u8]) -> bool {
    let pieces = pieces(word);
    let several = pieces.len() > 1 || word.contains(&b',');
    several && pieces.iter().all(|piece| names_something(piece))
}

fn names_something(piece: &str) -> bool {
    let name = piece.strip_prefix(['+', '-']).unwrap_or(piece).as_bytes();
    name.eq_ignore_ascii_case(b"all") || Version::named(name).is_some()
}

/// The separate words that a glued word was meant to be.
pub(super) fn pieces(word: &[u8]) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for char in String::from_utf8_lossy(word).chars() {
        let separates =
            char.is_whitespace() || u8::try_from(char).is_ok_and(|byte| SEPARATORS.contains(&byte));
        let full = pieces
            .last()
            .is_some_and(|piece| !piece.is_empty() && piece != "+" && piece != "-");
        if full && (separates || char == '+' || char == '-') {
            pieces.push(String::new());
        }
        if !separates && let Some(piece) = pieces.last_mut() {
            piece.push(char);
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Reports a gap that the program closes: which versions are configured, and which are left.
/// `closed` is the set without the versions below the gap.
pub(super) fn hole(closed: VersionSet, answer: &mut Evaluation) {
    if closed == answer.configured {
        return;
    }
    answer.observe(
        rule::protocol::HoleClosed {
            configured: answer.configured.names(),
            effective: answer.effective.names(),
        },
        None,
    );
}

/// Reports what is wrong with the versions of a string that the program accepts.
pub(super) fn versions(answer: &mut Evaluation) {
    let effective = answer.effective;
    for version in [Version::SSLv2, Version::SSLv3] {
        let asked = answer.configured.contains(version) || effective.contains(version);
        if asked && !already_observed(version, answer) {
            let span = adding_word(version, answer);
            let token = span
                .and_then(|span| answer.tokens.iter().find(|token| token.span == span))
                .map_or_else(|| version.to_string(), |token| token.text.clone());
            let fact = if version == Version::SSLv2 {
                ProtocolFact::Sslv2(rule::protocol::Sslv2 { token })
            } else {
                ProtocolFact::Sslv3(rule::protocol::Sslv3 { token })
            };
            answer.observe(fact, span);
        }
    }
    let weak = effective.intersection(VersionSet::WEAK);
    if !weak.is_empty() {
        let versions = weak.names();
        answer.observe(rule::protocol::WeakVersion { versions }, None);
    }
    if effective.is_empty() {
        let noticed = "never: it starts, and every handshake fails".to_owned();
        answer.observe(rule::protocol::EmptySet { noticed }, None);
    } else if effective.intersection(VersionSet::MODERN).is_empty() {
        let effective = effective.names();
        answer.observe(rule::protocol::NoModernVersion { effective }, None);
    }
}

fn already_observed(version: Version, answer: &Evaluation) -> bool {
    answer.observations.iter().any(|seen| match seen.fact {
        ProtocolFact::Sslv2(rule::protocol::Sslv2 { .. }) => version == Version::SSLv2,
        ProtocolFact::Sslv3(rule::protocol::Sslv3 { .. }) => version == Version::SSLv3,
        _ => false,
    })
}

/// The last word that added `version` to the set.
fn adding_word(version: Version, answer: &Evaluation) -> Option<crate::source::Span> {
    let mut before = VersionSet::EMPTY;
    let mut found = None;
    for token in &answer.tokens {
        // One word may remove the version and a later one add it again: the last addition counts.
        if token.after.contains(version) && !before.contains(version) {
            found = Some(token.span);
        }
        before = token.after;
    }
    found
}
