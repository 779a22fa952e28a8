//! `SSLProtocol` of Apache httpd, as `ssl_cmd_protocol_parse` and
//! `ssl_init_ctx_protocol` of mod_ssl read it (source: branch 2.4.x; measured:
//! 2.4.71 with OpenSSL 3.0.19, 450 strings).

use super::apache_line::{Line, lines};
use super::evaluation::{Effect, Evaluation};
use super::lexer::Word;
use super::{Dialect, Environment, Library, Version, VersionSet, findings};
use crate::finding::Severity;
use crate::rule::{self, ProtocolFact};

/// What the text after `SSLProtocol` does.
pub(super) fn evaluate(text: &[u8], environment: &Environment) -> Evaluation {
    let mut answer = Evaluation::new(Dialect::Apache);
    let mut undefined = Vec::new();
    let lines = lines(text, environment, &mut undefined);
    for (name, span) in undefined {
        if !name.contains(&b':') {
            let name = escaped(&name);
            answer.warnings.push(format!(
                "AH00111: Config variable ${{{name}}} is not defined"
            ));
        }
        let name = String::from_utf8_lossy(&name).into_owned();
        answer.observe(rule::protocol::UndefinedVariable { name }, Some(span));
    }
    for line in lines {
        match line {
            // Every directive starts from the empty set; the last one counts.
            Line::Directive { words, name } => {
                answer.configured = VersionSet::EMPTY;
                if let Some(name) = name {
                    answer.token(&name, Effect::Neutral, VersionSet::EMPTY);
                }
                judge(&words, environment, &mut answer);
            }
            Line::Other(word) => {
                let effect = refusal(&answer);
                answer.token(&word, effect, VersionSet::EMPTY);
                let error = format!(
                    "Invalid command '{}', perhaps misspelled or defined by a module not \
                     included in the server configuration",
                    escaped(&word.value)
                );
                let token = word.text();
                answer.observe(
                    rule::protocol::IllegalName {
                        names: Vec::new(),
                        token,
                        error: error.clone(),
                    },
                    Some(word.span),
                );
                answer.refuse(error);
            }
        }
    }
    start(environment, &mut answer);
    answer
}

/// What one word asks for.
enum Asked {
    Versions(VersionSet),
    Ignored(&'static str),
    Refused { error: String, kind: Refusal },
}

enum Refusal {
    Name,
    Sslv2,
    Sslv3,
}

/// Walks the words of one directive.
pub(super) fn judge(words: &[Word], environment: &Environment, answer: &mut Evaluation) {
    for word in words {
        let (action, name) = match word.value.as_slice() {
            [sign @ (b'+' | b'-'), name @ ..] => (Some(*sign), name),
            name => (None, name),
        };
        let before = answer.configured;
        match asked(action, name, environment) {
            Asked::Refused { error, kind } => {
                observe_refusal(kind, word, &error, answer);
                let effect = refusal(answer);
                answer.token(word, effect, VersionSet::EMPTY);
                answer.refuse(error);
            }
            _ if !answer.accepted => answer.token(word, Effect::NotReached, VersionSet::EMPTY),
            Asked::Ignored(reason) => {
                observe_ignored(word, reason, answer);
                answer.token(word, Effect::Ignored(reason.to_owned()), before);
            }
            Asked::Versions(set) => {
                // httpd applies the words from left to right. A word without a sign replaces the
                // set, which is why `-SSLv3 all` switches SSLv3 on again if the build has it.
                let (after, effect) = match action {
                    Some(b'+') => (before.union(set), Effect::Adds(set.difference(before))),
                    Some(_) => (
                        before.difference(set),
                        Effect::Removes(set.intersection(before)),
                    ),
                    None => (
                        set,
                        Effect::Replaces {
                            with: set,
                            lost: before.difference(set),
                        },
                    ),
                };
                if action.is_none() && !before.is_empty() {
                    observe_replaced(word, before, set, answer);
                }
                answer.configured = after;
                answer.token(word, effect, after);
            }
        }
    }
    if !answer.accepted {
        observe_separators(words, answer);
    }
}

/// The first refusal is the program's; it sees nothing after it.
fn refusal(answer: &Evaluation) -> Effect {
    if answer.accepted {
        Effect::Refused
    } else {
        Effect::NotReached
    }
}

fn asked(action: Option<u8>, name: &[u8], environment: &Environment) -> Asked {
    let refused = |error: String, kind| Asked::Refused { error, kind };
    let illegal = || {
        refused(
            format!("SSLProtocol: Illegal protocol '{}'", escaped(name)),
            Refusal::Name,
        )
    };
    let removes = action == Some(b'-');
    match Version::named(name) {
        // `-SSLv2` is accepted and does nothing: it asks for what is already true.
        Some(Version::SSLv2) if removes => Asked::Ignored("no TLS library speaks SSLv2"),
        Some(Version::SSLv2) => refused(
            "SSLProtocol: SSLv2 is no longer supported".to_owned(),
            Refusal::Sslv2,
        ),
        Some(Version::SSLv3) if !environment.has(Version::SSLv3) => {
            if removes {
                Asked::Ignored("this OpenSSL is built without SSLv3")
            } else {
                refused(
                    "SSLv3 not supported by this version of OpenSSL".to_owned(),
                    Refusal::Sslv3,
                )
            }
        }
        // TLSv1.3 is a name only from OpenSSL 1.1.1 on.
        Some(version) if environment.has(version) => Asked::Versions(VersionSet::only(version)),
        Some(_) => illegal(),
        None if name.eq_ignore_ascii_case(b"all") => Asked::Versions(environment.built_in),
        None => illegal(),
    }
}

fn observe_refusal(kind: Refusal, word: &Word, error: &str, answer: &mut Evaluation) {
    let token = word.text();
    let fact = match kind {
        Refusal::Sslv2 => ProtocolFact::Sslv2(rule::protocol::Sslv2 { token }),
        Refusal::Sslv3 => ProtocolFact::Sslv3(rule::protocol::Sslv3 { token }),
        // Reported once for the whole string, with its correction.
        Refusal::Name if findings::is_only_glued(&word.value) => return,
        Refusal::Name => ProtocolFact::IllegalName(rule::protocol::IllegalName {
            names: Vec::new(),
            token,
            error: error.to_owned(),
        }),
    };
    answer.observe(fact, Some(word.span));
}

fn observe_ignored(word: &Word, reason: &str, answer: &mut Evaluation) {
    let fact = rule::protocol::IgnoredValue {
        token: word.text(),
        reason: reason.to_owned(),
    };
    // Switching off what this build lacks is a precaution, not a mistake: Tableau's manual
    // recommends it.
    answer.observe_as(Severity::Notice, fact, Some(word.span));
}

fn observe_replaced(word: &Word, before: VersionSet, set: VersionSet, answer: &mut Evaluation) {
    answer.warnings.push(format!(
        "AH02532: SSLProtocol: Protocol '{}' overrides already set parameter(s). Check if a +/- \
         prefix is missing.",
        escaped(&word.value)
    ));
    let replaced = before.difference(set).names();
    let token = word.text();
    answer.observe(
        rule::protocol::ReplacesEarlier { token, replaced },
        Some(word.span),
    );
}

/// What happens when the server starts with `SSLEngine on`.
pub(super) fn start(environment: &Environment, answer: &mut Evaluation) {
    if !answer.accepted {
        answer.nothing_works();
        return;
    }
    // OpenSSL 1.0.2 switches versions off one by one. From 1.1.0 on mod_ssl sets a lowest and a
    // highest version, and whatever lies between is on.
    let closed = if environment.library == Library::OpenSsl102 {
        answer.configured
    } else {
        answer.configured.without_holes()
    };
    answer.effective = environment.speaks(closed);
    // `apachectl -t` does not build the TLS context, so it accepts a string with which the
    // server cannot start.
    if answer.configured.is_empty() {
        answer.cannot_start("AH02231: No SSL protocols available [hint: SSLProtocol]");
        let noticed = "when the server starts; `apachectl -t` says Syntax OK".to_owned();
        answer.observe(rule::protocol::EmptySet { noticed }, None);
        return;
    }
    findings::hole(closed, answer);
    findings::versions(answer);
}

/// `ap_escape_errorlog_item`: how httpd prints bytes that are not printable.
pub(super) fn escaped(word: &[u8]) -> String {
    use std::fmt::Write;
    let mut shown = String::with_capacity(word.len());
    for &byte in word {
        match byte {
            b'\\' => shown.push_str("\\\\"),
            0x08 => shown.push_str("\\b"),
            b'\n' => shown.push_str("\\n"),
            b'\r' => shown.push_str("\\r"),
            b'\t' => shown.push_str("\\t"),
            0x0b => shown.push_str("\\v"),
            b' '..=b'~' => shown.push(char::from(byte)),
            _ => {
                let _ = write!(shown, "\\x{byte:02x}");
            }
        }
    }
    shown
}

/// A word that is really several: one finding with the whole string corrected.
fn observe_separators(words: &[Word], answer: &mut Evaluation) {
    let Some(glued) = words.iter().find(|word| findings::is_glued(&word.value)) else {
        return;
    };
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
