//! The version options of an HAProxy `bind` line, and of the global
//! `ssl-default-bind-options` (source: 2.6, `cfgparse-ssl.c`,
//! `ssl_sock_initial_ctx`; measured: 2.6.12).

use super::evaluation::{Effect, Evaluation};
use super::haproxy_line::words;
use super::haproxy_options::{DEFAULT_MINIMUM, Methods, NAMES, Read, option, read};
use super::haproxy_values::Late;
use super::lexer::{Char, Word, chars};
use super::{Dialect, Environment, VersionSet, findings};
use crate::finding::Severity;
use crate::rule;

/// What a bind line's options do, on top of the environment's global ones.
/// The line is assumed to have `ssl` and a certificate.
pub(super) fn evaluate(text: &[u8], environment: &Environment) -> Evaluation {
    let mut answer = Evaluation::new(Dialect::HaProxy);
    let global = global(environment, &mut answer);
    let mut own = Methods::default();
    let mut late = Late::default();
    let chars = chars(text, 0);
    for (index, line) in chars.split(|char| char.byte == b'\n').enumerate() {
        match words(line, environment) {
            Ok(words) => {
                if index == 0 {
                    bind(&words, &global, &mut own, &mut late, &mut answer);
                } else {
                    other_line(&words, &mut answer);
                }
                hidden(line, &words, &mut answer);
            }
            Err(error) => {
                let token = line.iter().map(|char| char.byte).collect::<Vec<_>>();
                let token = String::from_utf8_lossy(&token).into_owned();
                answer.observe(
                    rule::protocol::IllegalName {
                        names: Vec::new(),
                        token,
                        error: error.clone(),
                    },
                    Some(super::lexer::covered(line)),
                );
                answer.refuse(error);
            }
        }
    }
    if answer.accepted {
        // These values are checked when the listener is set up, which HAProxy reaches only if every
        // line could be read.
        for (value, error) in late.refusals() {
            refuse_value(&value, error, &mut answer);
        }
    }
    finish(&merged(&global, &own), environment, &mut answer);
    answer
}

/// HAProxy ends a line at its first carriage return; what follows is lost.
fn hidden(line: &[Char], words: &[Word], answer: &mut Evaluation) {
    let end = words.last().map_or(0, |word| word.span.end);
    let mut rest = line.iter().skip_while(|char| char.span.start < end);
    let lost = rest
        .find(|char| matches!(char.byte, b'\r' | b'#'))
        .map(|char| char.byte);
    let tail: Vec<Char> = rest.copied().collect();
    let tail = super::lexer::trim(&tail);
    if lost != Some(b'\r') || tail.is_empty() {
        return;
    }
    let word = Word::new(super::lexer::bytes(tail), tail, false);
    let reason = "HAProxy ends the line at the carriage return before it".to_owned();
    let token = word.text();
    answer.observe(
        rule::protocol::IgnoredValue { token, reason },
        Some(word.span),
    );
    answer.token(&word, Effect::NotReached, answer.configured);
}

/// A line after the bind line begins another keyword.
fn other_line(words: &[Word], answer: &mut Evaluation) {
    let Some(word) = words.first() else {
        return;
    };
    let effect = if answer.accepted {
        Effect::Refused
    } else {
        Effect::NotReached
    };
    answer.token(word, effect, VersionSet::EMPTY);
    let error = format!("unknown keyword '{}' in 'frontend' section", word.text());
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

fn merged(global: &Methods, own: &Methods) -> Methods {
    Methods {
        // Flags add up over both lines. For limits the bind line's own wins, as it comes later.
        disabled: global.disabled.union(own.disabled),
        least: own.least.or(global.least),
        most: own.most.or(global.most),
    }
}

/// The global options; each line may begin with the statement's name.
fn global(environment: &Environment, answer: &mut Evaluation) -> Methods {
    const STATEMENT: &[u8] = b"ssl-default-bind-options";
    let mut methods = Methods::default();
    for line in environment.global.split(|&byte| byte == b'\n') {
        let chars = chars(line, 0);
        let words = match words(&chars, environment) {
            Ok(words) => words,
            Err(error) => return refuse_global(error, answer, methods),
        };
        let (named, mut options) = match words.as_slice() {
            [name, options @ ..] if name.value == STATEMENT => (true, options),
            options => (false, options),
        };
        if named && options.is_empty() {
            let error =
                "global statement 'ssl-default-bind-options' expects an option as an argument.";
            return refuse_global(error.to_owned(), answer, methods);
        }
        while let Some((option, rest)) = options.split_first() {
            options = rest;
            let text = option.text();
            if matches!(text.as_str(), "no-tls-tickets" | "prefer-client-ciphers") {
                continue;
            }
            match read(&text, rest.first(), &mut methods) {
                Some(Ok((_, taken))) => options = rest.get(taken..).unwrap_or_default(),
                Some(Err(error)) => {
                    let error = format!("{error} on global statement 'ssl-default-bind-options'.");
                    return refuse_global(error, answer, methods);
                }
                None => {
                    let error = format!(
                        "unknown option '{text}' on global statement 'ssl-default-bind-options'."
                    );
                    return refuse_global(error, answer, methods);
                }
            }
        }
    }
    methods
}

fn refuse_global(error: String, answer: &mut Evaluation, methods: Methods) -> Methods {
    let token = "ssl-default-bind-options".to_owned();
    answer.observe(
        rule::protocol::IllegalName {
            names: Vec::new(),
            token,
            error: error.clone(),
        },
        None,
    );
    answer.refuse(error);
    methods
}

/// Refuses because of a value of an option that is not about versions.
fn refuse_value(value: &Word, error: String, answer: &mut Evaluation) {
    let token = value.text();
    let fact = rule::protocol::IllegalName {
        names: Vec::new(),
        token,
        error: error.clone(),
    };
    answer.observe(fact, Some(value.span));
    for token in &mut answer.tokens {
        if token.span == value.span {
            token.effect = Effect::Refused;
            token.after = VersionSet::EMPTY;
        }
    }
    answer.refuse(error);
}

fn bind(
    words: &[Word],
    global: &Methods,
    own: &mut Methods,
    late: &mut Late,
    answer: &mut Evaluation,
) {
    let mut rest = words;
    while let Some((word, behind)) = rest.split_first() {
        let text = word.text();
        let taken = match option(&text, behind.first(), own) {
            Read::Methods(effect) => {
                let taken = usize::from(matches!(effect, Effect::Minimum(_) | Effect::Maximum(_)));
                answer.token(word, effect, merged(global, own).enabled());
                taken
            }
            Read::Neutral(taken) => {
                answer.token(word, Effect::Neutral, merged(global, own).enabled());
                taken
            }
            Read::Refused(error) => {
                answer.observe(
                    rule::protocol::IllegalName {
                        names: Vec::new(),
                        token: blamed(word, behind),
                        error: error.clone(),
                    },
                    Some(word.span),
                );
                answer.token(word, Effect::Refused, VersionSet::EMPTY);
                answer.refuse(error);
                for word in behind {
                    answer.token(word, Effect::NotReached, VersionSet::EMPTY);
                }
                return;
            }
        };
        rest = behind.get(taken..).unwrap_or_default();
        for value in behind.iter().take(taken) {
            answer.token(value, Effect::Neutral, merged(global, own).enabled());
            if let Some(error) = late.note(&text, value) {
                refuse_value(value, error, answer);
                for word in rest {
                    answer.token(word, Effect::NotReached, VersionSet::EMPTY);
                }
                return;
            }
        }
    }
}

/// The word that HAProxy blames: a limit's value rather than the limit.
fn blamed(word: &Word, behind: &[Word]) -> String {
    let limit = matches!(word.value.as_slice(), b"ssl-min-ver" | b"ssl-max-ver");
    let value = behind
        .first()
        .filter(|value| limit && !value.value.is_empty());
    value.unwrap_or(word).text()
}

fn finish(methods: &Methods, environment: &Environment, answer: &mut Evaluation) {
    if !answer.accepted {
        return answer.nothing_works();
    }
    let limited = methods.least.is_some() || methods.most.is_some();
    // HAProxy warns but starts: an administrator who wrote both kinds expects a restriction that is
    // not there.
    if limited && !methods.disabled.is_empty() {
        answer.warnings.push(
            "no-sslv3/no-tlsv1x are ignored. Use only 'ssl-min-ver' and 'ssl-max-ver' to fix."
                .to_owned(),
        );
    }
    observe_flags(limited, methods, answer);
    if let (None, Some(most)) = (methods.least, methods.most)
        // Without a lowest version HAProxy lowers its own default of TLSv1.2 to the highest, so
        // that the range is never empty.
        && most < DEFAULT_MINIMUM
    {
        let name = NAMES.iter().find(|(_, _, version)| *version == most);
        let name = name.map_or("", |(name, _, _)| name);
        answer.warnings.push(format!(
            "Ambiguous configuration: the ssl-min-ver value is not configured and the ssl-max-ver \
             value is lower than the default ssl-min-ver value (TLSv1.2). Setting the ssl-min-ver \
             to {name}. Use 'ssl-min-ver' to fix this."
        ));
    }
    answer.configured = methods.enabled();
    answer.effective = environment.speaks(answer.configured);
    let spoken = answer.configured.intersection(environment.built_in);
    if spoken.is_empty() {
        answer.observe(
            rule::protocol::EmptySet {
                noticed: "when it checks its configuration".to_owned(),
            },
            None,
        );
        answer.refuse("all SSL/TLS versions are disabled for bind");
        return answer.nothing_works();
    }
    findings::versions(answer);
}

/// Flags that have no effect: next to limits, and for versions below the lowest.
fn observe_flags(limited: bool, methods: &Methods, answer: &mut Evaluation) {
    let mut seen = VersionSet::EMPTY;
    let mut limits = 0;
    let mut found = Vec::new();
    // In reverse, since the last limit of a kind is the one that counts.
    for token in answer.tokens.iter().rev() {
        let version = token
            .text
            .strip_prefix("no-")
            .and_then(|short| NAMES.iter().find(|(_, name, _)| *name == short));
        let Some((_, _, version)) = version else {
            // The last limit of a kind wins; `force-` is both kinds.
            let kinds: u8 = match token.effect {
                Effect::Minimum(_) => 1,
                Effect::Maximum(_) => 2,
                Effect::Replaces { .. } => 3,
                _ => 0,
            };
            if kinds != 0 && kinds & !limits == 0 {
                found.push((token.clone(), "a later limit replaces it".to_owned(), true));
            }
            limits |= kinds;
            continue;
        };
        let on = methods.enabled().contains(*version);
        if limited {
            let reason = "HAProxy ignores it next to a lowest or highest version".to_owned();
            found.push((token.clone(), reason, on));
        } else if *version < DEFAULT_MINIMUM {
            let reason =
                "HAProxy enables nothing older than TLSv1.2 unless ssl-min-ver says so".to_owned();
            found.push((token.clone(), reason, false));
        }
        seen = seen.union(VersionSet::only(*version));
    }
    for (token, reason, harmful) in found.into_iter().rev() {
        let fact = rule::protocol::IgnoredValue {
            token: token.text.clone(),
            reason: reason.clone(),
        };
        if harmful {
            answer.observe(fact, Some(token.span));
        } else {
            answer.observe_as(Severity::Notice, fact, Some(token.span));
        }
        for own in answer
            .tokens
            .iter_mut()
            .filter(|own| own.span == token.span)
        {
            own.effect = Effect::Ignored(reason.clone());
        }
    }
}
