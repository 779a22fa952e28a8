//! `tsm security external-ssl enable --protocols`, and how Apache httpd, which Tableau Server runs
//! as its gateway, reads it.
//!
//! Tableau's page (cli_security_tsm) gives the default as
//! `all, -SSLv2, -SSLv3` and recommends
//! `"all -SSLv2 -SSLv3 -TLSv1 -TLSv1.1"`: commas and blanks both separate.

use super::evaluation::Evaluation;
use super::lexer::{Word, chars, is_space};
use super::{Dialect, Environment, apache};
use crate::finding::Severity;
use crate::rule::{self, ProtocolFact};

/// Reads with commas or blanks, then judges as Apache does.
pub(super) fn evaluate(text: &[u8], environment: &Environment) -> Evaluation {
    let mut answer = Evaluation::new(Dialect::Tsm);
    let words = words(text);
    apache::judge(&words, environment, &mut answer);
    apache::start(environment, &mut answer);
    let below = apache::evaluate(text, environment);
    if answer.accepted && !below.accepted {
        let corrected = words.iter().map(Word::text).collect::<Vec<_>>().join(" ");
        let token = below
            .tokens
            .iter()
            .find(|token| token.effect == super::Effect::Refused)
            .map_or_else(String::new, |token| token.text.clone());
        answer.observe_as(
            Severity::Notice,
            ProtocolFact::Separator(rule::protocol::Separator { token, corrected }),
            None,
        );
    }
    answer.below = Some(Box::new(below));
    answer
}

/// The words between commas and white space.
pub(super) fn words(text: &[u8]) -> Vec<Word> {
    let chars = chars(text, 0);
    chars
        .split(|char| char.byte == b',' || is_space(char.byte))
        .filter(|raw| !raw.is_empty())
        .map(|raw| Word::new(super::lexer::bytes(raw), raw, false))
        .collect()
}
