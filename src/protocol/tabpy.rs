//! The value of `TABPY_MINIMUM_TLS_VERSION`: the exact name of a member of
//! Python's `ssl.TLSVersion` (source: TabPy 2.16.0, `app.py`; measured with
//! Python 3.11 and OpenSSL 3).

use super::evaluation::{Effect, Evaluation};
use super::lexer::{Word, bytes, chars, trim};
use super::{Dialect, Environment, Version, VersionSet, findings};
use crate::rule;

/// Names that `hasattr(ssl.TLSVersion, name)` finds but `ssl.TLSVersion[name]` does not: what every
/// `IntEnum` of Python 3.11 has in addition to its members.
const ATTRIBUTES: [&str; 13] = [
    "as_integer_ratio",
    "bit_count",
    "bit_length",
    "conjugate",
    "denominator",
    "from_bytes",
    "imag",
    "mro",
    "numerator",
    "real",
    "to_bytes",
    "__class__",
    "__members__",
];

/// What the value does. TabPy accepts any value, and falls back silently.
pub(super) fn evaluate(text: &[u8], environment: &Environment) -> Evaluation {
    let mut answer = Evaluation::new(Dialect::TabPy);
    let chars = chars(text, 0);
    let raw = trim(&chars);
    let word = Word::new(bytes(raw), raw, false);
    let everything = VersionSet::SSL3_AND_TLS;
    let from = |oldest| VersionSet::between(oldest, Version::TLSv1_3);
    let (oldest, set) = match word.value.as_slice() {
        b"SSLv3" => (Some(Version::SSLv3), everything),
        b"TLSv1" => (Some(Version::TLSv1), from(Version::TLSv1)),
        b"TLSv1_1" => (Some(Version::TLSv1_1), from(Version::TLSv1_1)),
        b"TLSv1_2" => (Some(Version::TLSv1_2), from(Version::TLSv1_2)),
        b"TLSv1_3" => (Some(Version::TLSv1_3), from(Version::TLSv1_3)),
        b"MINIMUM_SUPPORTED" => (None, everything),
        b"MAXIMUM_SUPPORTED" => {
            let newest = environment.built_in.newest();
            (newest, newest.map_or(VersionSet::EMPTY, from))
        }
        _ => return unknown(&word, environment, answer),
    };
    answer.configured = set.intersection(environment.built_in);
    answer.effective = environment.speaks(set);
    answer.token(&word, Effect::Minimum(oldest), answer.configured);
    if word.value == b"SSLv3" {
        let token = word.text();
        answer.observe(rule::protocol::Sslv3 { token }, Some(word.span));
    }
    let refused = answer.configured.difference(answer.effective);
    if !refused.is_empty() {
        let reason =
            format!("OpenSSL's security level refuses {refused}, regardless of the minimum");
        let token = word.text();
        answer.observe(
            rule::protocol::IgnoredValue { token, reason },
            Some(word.span),
        );
    }
    findings::versions(&mut answer);
    answer
}

fn unknown(word: &Word, environment: &Environment, mut answer: Evaluation) -> Evaluation {
    let token = word.text();
    let lone_percent = word.text().replace("%%", "").contains('%');
    if lone_percent || ATTRIBUTES.contains(&token.as_str()) {
        let error = if lone_percent {
            "configparser.InterpolationSyntaxError: '%' must be followed by '%' or '('".to_owned()
        } else {
            format!("KeyError: '{token}'")
        };
        answer.token(word, Effect::Refused, VersionSet::EMPTY);
        answer.observe(
            rule::protocol::IllegalName {
                names: Vec::new(),
                token,
                error: error.clone(),
            },
            Some(word.span),
        );
        answer.cannot_start(error);
        return answer;
    }
    let reason = "TabPy does not know it, logs a warning and uses TLSv1_2".to_owned();
    answer.warnings.push(format!(
        "Unrecognized value for TABPY_MINIMUM_TLS_VERSION: {token}"
    ));
    answer.configured = VersionSet::MODERN.intersection(environment.built_in);
    answer.effective = environment.speaks(answer.configured);
    answer.token(word, Effect::Ignored(reason.clone()), answer.configured);
    answer.observe(
        rule::protocol::IgnoredValue { token, reason },
        Some(word.span),
    );
    findings::versions(&mut answer);
    answer
}
