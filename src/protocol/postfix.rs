//! `smtpd_tls_protocols` and its like in Postfix 3.6 and later (source:
//! `tls_proto_mask_lims`; documented in postconf(5); not measured).

use super::evaluation::{Effect, Evaluation};
use super::lexer::{Char, Word, bytes, chars};
use super::{Dialect, Environment, Version, VersionSet, findings};
use crate::rule;

/// A limit: a version, no limit, or a number that OpenSSL does not know.
enum Limit {
    Version(Version),
    Nothing,
    Unknown,
}

/// What the list does. Postfix runs with a list that it cannot read, but then offers no TLS at all:
/// we count that as not starting.
pub(super) fn evaluate(text: &[u8], environment: &Environment) -> Evaluation {
    let mut answer = Evaluation::new(Dialect::Postfix);
    let mut included = VersionSet::EMPTY;
    let mut excluded = VersionSet::EMPTY;
    let mut least = Version::SSLv3;
    let mut most = Version::TLSv1_3;
    let known = VersionSet::SSL3_AND_TLS;
    let state = |included: VersionSet, excluded, least, most| {
        // Postfix starts from all versions unless the list names one; exclusions and limits then apply to
        // either, whatever their order.
        let named = if included.is_empty() { known } else { included };
        named
            .difference(excluded)
            .intersection(VersionSet::between(least, most))
    };
    for word in words(&chars(text, 0)) {
        // The first bad word disables TLS as a whole; later words are not read.
        if !answer.accepted {
            answer.token(&word, Effect::NotReached, VersionSet::EMPTY);
            continue;
        }
        let before = state(included, excluded, least, most);
        let mut effect = None;
        match word.value.as_slice() {
            [sign @ (b'>' | b'<'), b'=', name @ ..] => match limit(name) {
                Some(Limit::Unknown) => {
                    effect = Some(Effect::Ignored("no version that OpenSSL knows".to_owned()));
                }
                Some(limit) => {
                    let version = match limit {
                        Limit::Version(version) => Some(version),
                        Limit::Nothing | Limit::Unknown => None,
                    };
                    if *sign == b'>' {
                        // `>=None` removes the limit, and a later limit replaces an earlier one.
                        least = version.unwrap_or(Version::SSLv3);
                        effect = Some(Effect::Minimum(version));
                    } else {
                        most = version.unwrap_or(Version::TLSv1_3);
                        effect = Some(Effect::Maximum(version));
                    }
                }
                None => {}
            },
            [b'!', name @ ..] => {
                if let Some(version) = Version::named(name) {
                    excluded = excluded.union(VersionSet::only(version));
                    let lost = before.intersection(VersionSet::only(version));
                    effect = Some(Effect::Removes(lost));
                }
            }
            name => {
                if let Some(version) = Version::named(name) {
                    let set = VersionSet::only(version);
                    effect = Some(if included.is_empty() {
                        Effect::Replaces {
                            with: set.difference(excluded),
                            lost: VersionSet::EMPTY,
                        }
                    } else {
                        Effect::Adds(set.difference(included))
                    });
                    included = included.union(set);
                }
            }
        }
        let after = state(included, excluded, least, most).intersection(environment.built_in);
        match effect {
            Some(Effect::Ignored(reason)) => {
                let token = word.text();
                answer.warnings.push(format!("{token}: {reason}"));
                answer.observe(
                    rule::protocol::IgnoredValue {
                        token,
                        reason: reason.clone(),
                    },
                    Some(word.span),
                );
                answer.token(&word, Effect::Ignored(reason), after);
            }
            Some(effect) => {
                answer.token(&word, effect, after);
                observe_old_names(&word, &mut answer);
            }
            None => refuse(text, &word, &mut answer),
        }
    }
    if answer.accepted {
        let named = state(included, excluded, least, most);
        answer.configured = if included.is_empty() {
            named.intersection(environment.built_in)
        } else {
            named
        };
        answer.effective = environment.speaks(named);
        findings::versions(&mut answer);
    } else {
        answer.nothing_works();
    }
    answer
}

fn observe_old_names(word: &Word, answer: &mut Evaluation) {
    let token = word.text();
    match Version::named(&word.value) {
        Some(Version::SSLv2) => answer.observe(rule::protocol::Sslv2 { token }, Some(word.span)),
        Some(Version::SSLv3) => answer.observe(rule::protocol::Sslv3 { token }, Some(word.span)),
        _ => {}
    }
}

fn refuse(text: &[u8], word: &Word, answer: &mut Evaluation) {
    let list = String::from_utf8_lossy(text);
    let error = format!("Invalid TLS protocol list \"{list}\": disabling TLS support");
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

/// Commas, blanks, tabs, line ends and colons separate words.
fn words(text: &[Char]) -> Vec<Word> {
    text.split(|char| matches!(char.byte, b',' | b' ' | b'\t' | b'\r' | b'\n' | b':'))
        .filter(|raw| !raw.is_empty())
        .map(|raw| Word::new(bytes(raw), raw, false))
        .collect()
}

/// A name, or hexadecimal digits with or without `0x`. The manual allows no
/// blank after `>=`; such a blank leaves an empty name.
fn limit(name: &[u8]) -> Option<Limit> {
    if name.eq_ignore_ascii_case(b"None") {
        return Some(Limit::Nothing);
    }
    match Version::named(name) {
        // SSLv2 is a name in the list, but not a limit.
        Some(Version::SSLv2) => return None,
        Some(version) => return Some(Limit::Version(version)),
        None => {}
    }
    let digits = std::str::from_utf8(name).ok()?;
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    let digits = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))
        .unwrap_or(digits);
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    Some(match i32::from_str_radix(digits, 16).ok()? {
        0 => Limit::Nothing,
        0x300 => Limit::Version(Version::SSLv3),
        0x301 => Limit::Version(Version::TLSv1),
        0x302 => Limit::Version(Version::TLSv1_1),
        0x303 => Limit::Version(Version::TLSv1_2),
        0x304 => Limit::Version(Version::TLSv1_3),
        _ => Limit::Unknown,
    })
}
