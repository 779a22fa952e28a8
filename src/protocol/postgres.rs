//! PostgreSQL's `ssl_min_protocol_version` and `ssl_max_protocol_version`
//! (source: 15, `guc.c`, `be_tls_init`; measured: 15.18).

use super::evaluation::{Effect, Evaluation};
use super::lexer::{Word, bytes, chars, covered};
use super::postgres_line::{SyntaxError, settings};
use super::{Dialect, Environment, Version, VersionSet, findings};
use crate::rule;

const MINIMUM: &str = "ssl_min_protocol_version";
const MAXIMUM: &str = "ssl_max_protocol_version";

/// The other TLS settings, which may be in the same text.
const OTHERS: [&str; 12] = [
    "ssl",
    "ssl_cert_file",
    "ssl_key_file",
    "ssl_ca_file",
    "ssl_crl_file",
    "ssl_crl_dir",
    "ssl_ciphers",
    "ssl_prefer_server_ciphers",
    "ssl_ecdh_curve",
    "ssl_dh_params_file",
    "ssl_passphrase_command",
    "ssl_passphrase_command_supports_reload",
];

/// A setting that was read, and whether a later one of the same name hides it.
struct Read {
    word: Word,
    name: String,
    value: Vec<u8>,
    hidden: bool,
}

/// What the settings do together. Of several with the same name the last counts, and the others are
/// not even checked.
pub(super) fn evaluate(text: &[u8], environment: &Environment) -> Evaluation {
    let mut answer = Evaluation::new(Dialect::Postgres);
    let mut read: Vec<Read> = Vec::new();
    let text = chars(text, 0);
    for setting in settings(&text, true) {
        let word = Word {
            value: bytes(setting.raw),
            span: covered(setting.raw),
            quoted: false,
        };
        match setting.read {
            Ok((name, value)) => {
                let name = String::from_utf8_lossy(&name).into_owned();
                // Only the exact same spelling is the same entry; others apply in turn.
                for earlier in read.iter_mut().filter(|earlier| earlier.name == name) {
                    earlier.hidden = true;
                }
                read.push(Read {
                    word,
                    name,
                    value,
                    hidden: false,
                });
            }
            Err(stumble) => syntax(&word, &stumble, &mut answer),
        }
    }
    let mut range = (Some(Version::TLSv1_2), None);
    for setting in &read {
        apply(setting, &mut range, &mut answer);
    }
    answer.tokens.sort_by_key(|token| token.span.start);
    start(range, environment, &mut answer);
    answer
}

fn syntax(word: &Word, stumble: &SyntaxError, answer: &mut Evaluation) {
    let near = match stumble {
        SyntaxError::Token(token) => format!("near token \"{}\"", String::from_utf8_lossy(token)),
        SyntaxError::EndOfLine => "near end of line".to_owned(),
    };
    let error = format!("syntax error in configuration file, {near}");
    refuse(word, error, answer);
}

fn refuse(word: &Word, error: String, answer: &mut Evaluation) {
    answer.token(word, Effect::Refused, VersionSet::EMPTY);
    answer.observe(
        rule::protocol::IllegalName {
            names: Vec::new(),
            token: word.text(),
            error: error.clone(),
        },
        Some(word.span),
    );
    answer.refuse(error);
}

type Range = (Option<Version>, Option<Version>);

fn spanned(range: Range) -> VersionSet {
    VersionSet::between(
        range.0.unwrap_or(Version::TLSv1),
        range.1.unwrap_or(Version::TLSv1_3),
    )
}

fn apply(setting: &Read, range: &mut Range, answer: &mut Evaluation) {
    let word = &setting.word;
    let folded = setting.name.to_ascii_lowercase();
    let lower = folded == MINIMUM;
    if !lower && folded != MAXIMUM {
        if OTHERS.contains(&folded.as_str()) || folded.contains('.') {
            return answer.token(word, Effect::Neutral, spanned(*range));
        }
        let error = format!("unrecognized configuration parameter \"{}\"", setting.name);
        return refuse(word, error, answer);
    }
    if setting.hidden {
        let reason = "the same setting occurs again later".to_owned();
        let token = word.text();
        answer.observe(
            rule::protocol::IgnoredValue {
                token,
                reason: reason.clone(),
            },
            Some(word.span),
        );
        return answer.token(word, Effect::Ignored(reason), spanned(*range));
    }
    let version = Version::named(&setting.value).filter(|&version| version >= Version::TLSv1);
    if version.is_none() && (lower || !setting.value.is_empty()) {
        let error = format!(
            "invalid value for parameter \"{}\": \"{}\" | HINT:  Available values: {}TLSv1, \
             TLSv1.1, TLSv1.2, TLSv1.3.",
            setting.name,
            String::from_utf8_lossy(&setting.value),
            if lower { "" } else { ", " },
        );
        return refuse(word, error, answer);
    }
    if lower {
        range.0 = version;
        answer.token(word, Effect::Minimum(version), spanned(*range));
    } else {
        range.1 = version;
        answer.token(word, Effect::Maximum(version), spanned(*range));
    }
}

/// What happens when the server starts with `ssl = on`.
fn start(range: Range, environment: &Environment, answer: &mut Evaluation) {
    if !answer.accepted {
        return answer.nothing_works();
    }
    answer.configured = spanned(range);
    for (name, limit) in [(MINIMUM, range.0), (MAXIMUM, range.1)] {
        if let Some(version) = limit.filter(|&version| !environment.has(version)) {
            let error = format!("\"{name}\" setting \"{version}\" not supported by this build");
            let token = format!("{name} = '{version}'");
            answer.observe(
                rule::protocol::IllegalName {
                    names: Vec::new(),
                    token,
                    error: error.clone(),
                },
                None,
            );
            return answer.cannot_start(error);
        }
    }
    if answer.configured.is_empty() {
        answer.cannot_start(format!(
            "could not set SSL protocol version range | DETAIL:  \"{MINIMUM}\" cannot be higher \
             than \"{MAXIMUM}\""
        ));
        let noticed = "when the server starts with ssl = on".to_owned();
        return answer.observe(rule::protocol::EmptySet { noticed }, None);
    }
    answer.effective = environment.speaks(answer.configured);
    findings::versions(answer);
}
