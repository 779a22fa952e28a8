//! How a program reads a protocol string, or the strings in its configuration.

use crate::answer::{Answer, Check};
use crate::preflight::protocol::{GIVEN, findings as observed, subject};
use crate::protocol::config::{self, ConfigSection, Scan};
use crate::protocol::{Dialect, Environment, Evaluation, KnownClient, ProtocolString, VersionSet};
use crate::rule::{self, Finding};
use crate::shown;
use crate::source::{Lines, Source};

/// The result of a string, or of each scope of a configuration.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProtocolsResult {
    /// The string; `None` unless a configuration has exactly one scope.
    pub string: Option<Judged>,
    /// Whose rules were applied.
    pub dialect: Dialect,
    /// The scopes of a configuration, in the order of the file.
    pub scopes: Vec<JudgedScope>,
    /// The shortest string of the same dialect with the same effect, also with a library that has
    /// SSLv3: there, a `-SSLv3` counts.
    pub shortest: Option<String>,
    /// The same set written in another dialect, if that can express it.
    pub translated: Option<Translated>,
    /// What changes for clients when another string replaces it.
    pub difference: Option<Changed>,
}

/// A string and its result.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Judged {
    /// The string.
    pub text: String,
    /// The result of one of them.
    pub evaluation: Evaluation,
    /// The versions that clients can reach at the security level in use.
    pub reachable: VersionSet,
}

impl Judged {
    /// A string with its result. If a key was pasted instead, none of its words is repeated: the
    /// last line of a key may be short.
    fn of(string: &ProtocolString, mut evaluation: Evaluation, environment: &Environment) -> Self {
        let mut text = text_of(string);
        if shown::holds_key(&text) {
            text = shown::value(&text);
            for token in &mut evaluation.tokens {
                token.text = "…".to_owned();
            }
        }
        let reachable = environment.reachable(string.dialect(), evaluation.effective);
        Self {
            text,
            evaluation,
            reachable,
        }
    }
}

/// One scope of a configuration.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JudgedScope {
    /// Its name.
    pub name: String,
    /// The lines that count.
    pub lines: Vec<Lines>,
    /// The string and its result.
    pub judged: Judged,
}

/// The same set in another dialect.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Translated {
    /// The other dialect.
    pub dialect: Dialect,
    /// The string; `None` where the dialect has none.
    pub text: Option<String>,
}

/// What changes when another string replaces this one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Changed {
    /// The other string.
    pub other: String,
    /// The versions that no longer work.
    pub lost: Vec<String>,
    /// The versions that work in addition.
    pub gained: Vec<String>,
    /// Clients that can no longer connect.
    pub cut_off: Vec<KnownClient>,
    /// Clients that can connect in addition.
    pub admitted: Vec<KnownClient>,
}

/// Judges a string; `to` and `other` ask for a translation and a comparison.
pub fn string(
    string: &ProtocolString,
    environment: &Environment,
    to: Option<(Dialect, &Environment)>,
    other: Option<&ProtocolString>,
) -> Answer<ProtocolsResult> {
    let evaluation = string.evaluate(environment);
    let mut findings = observed(&evaluation, GIVEN, None);
    let usable = evaluation.accepted && evaluation.starts && !evaluation.effective.is_empty();
    let translated = to.filter(|_| usable).map(|(dialect, target)| {
        let written = string.translate(environment, dialect, target);
        let text = match written {
            Ok(written) => Some(text_of(&written)),
            Err(problem) => {
                let fact = rule::protocol::CannotSay {
                    dialect: dialect.as_str().to_owned(),
                    versions: problem.versions.names(),
                    reason: problem.reason.to_owned(),
                };
                findings.push(Finding::new(fact, subject(GIVEN, 0, None)));
                None
            }
        };
        Translated { dialect, text }
    });
    let difference = other.map(|other| {
        let change = string.difference(other, environment);
        Changed {
            other: text_of(other),
            lost: change.lost.names(),
            gained: change.gained.names(),
            cut_off: change.cut_off.into_iter().copied().collect(),
            admitted: change.admitted.into_iter().copied().collect(),
        }
    });
    let result = ProtocolsResult {
        dialect: string.dialect(),
        scopes: Vec::new(),
        shortest: string
            .shortest_equivalent(environment)
            .filter(|short| stays(string, short, environment))
            .map(|short| text_of(&short)),
        translated,
        difference,
        string: Some(Judged::of(string, evaluation, environment)),
    };
    Answer::new(result, findings, vec![Check::ran("protocols")], [])
}

/// Whether the shorter string also has the same effect where the library has SSLv3.
fn stays(string: &ProtocolString, short: &ProtocolString, environment: &Environment) -> bool {
    let other = environment.clone().with_ssl3(true);
    let of = |string: &ProtocolString| string.evaluate(&other).effective;
    of(string) == of(short)
}

/// Judges every scope of a configuration file of the dialect's program.
/// `None` if certcheck reads no configuration of that program.
pub fn configuration(
    source: &Source,
    dialect: Dialect,
    environment: &Environment,
) -> Option<Answer<ProtocolsResult>> {
    let scan: Scan = match dialect {
        Dialect::Apache | Dialect::Tsm => config::apache(source, environment),
        Dialect::Nginx => config::nginx(source, environment),
        Dialect::Postgres => config::postgres(source, environment),
        Dialect::HaProxy => config::haproxy(source, environment),
        Dialect::OpenSsl | Dialect::OpenSslConf => config::openssl(source, environment),
        _ => return None,
    };
    let mut findings = Vec::new();
    for scope in &scan.scopes {
        findings.extend(observed(
            &scope.evaluation,
            source.name(),
            scope.lines.first().copied(),
        ));
    }
    let mut checks = vec![Check::ran("protocols")];
    checks.extend(scan.unread.iter().map(|unread| {
        let place = if unread.line > 0 {
            format!("{}:{}: ", source.name(), unread.line)
        } else {
            String::new()
        };
        let reason = format!("{place}`{}`: {}", unread.text, unread.reason);
        if unread.matters() {
            Check::impossible("protocols", reason)
        } else {
            Check::not_asked("protocols", reason)
        }
    }));
    let scopes = scan.scopes.into_iter();
    let scopes: Vec<_> = scopes.map(|scope| judged(scope, environment)).collect();
    let only = match scopes.as_slice() {
        [only] => Some(only.judged.clone()),
        _ => None,
    };
    let result = ProtocolsResult {
        dialect,
        scopes,
        shortest: None,
        translated: None,
        difference: None,
        string: only,
    };
    Some(Answer::new(result, findings, checks, [source.name()]))
}

fn judged(scope: ConfigSection, environment: &Environment) -> JudgedScope {
    JudgedScope {
        name: shown::value(&scope.name),
        lines: scope.lines,
        judged: Judged::of(&scope.string, scope.evaluation, environment),
    }
}

fn text_of(string: &ProtocolString) -> String {
    String::from_utf8_lossy(string.as_bytes()).into_owned()
}
