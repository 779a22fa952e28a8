//! The answer: how a program reads a protocol string.

use super::{Dialect, Version, VersionSet};
use crate::finding::Severity;
use crate::rule::ProtocolFact;
use crate::source::Span;
use std::fmt;

/// How a program reads a protocol string.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evaluation {
    /// Whose rules were applied.
    pub dialect: Dialect,
    /// Whether the configuration's parser accepts the string.
    pub accepted: bool,
    /// Whether the server then starts, with TLS.
    pub starts: bool,
    /// The versions that the string switches on.
    pub configured: VersionSet,
    /// The versions with which a handshake works.
    pub effective: VersionSet,
    /// The words of the string and what each did, in order.
    pub tokens: Vec<Token>,
    /// The program's own text when it refuses the string, at the
    /// configuration test or at the start.
    pub message: Option<String>,
    /// What the program prints before it goes on.
    pub warnings: Vec<String>,
    /// What deserves a finding.
    pub observations: Vec<Observation>,
    /// How the program below it reads the same text (`tsm`: Apache).
    pub below: Option<Box<Evaluation>>,
}

/// One word of a protocol string.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Token {
    /// The word as the program sees it, after quotes, escapes and variables.
    /// Bytes that are not UTF-8 are shown as U+FFFD.
    pub text: String,
    /// Where it is in the string, its quotes included, in bytes.
    pub span: Span,
    /// What it did.
    pub effect: Effect,
    /// The set after it.
    pub after: VersionSet,
}

/// What a word does to the set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// Adds versions; those that were not there before.
    Adds(VersionSet),
    /// Removes versions; those that were there before.
    Removes(VersionSet),
    /// Replaces the whole set.
    Replaces {
        /// The new set.
        with: VersionSet,
        /// What was there before and is lost.
        lost: VersionSet,
    },
    /// Sets the oldest version; `None` for no limit.
    Minimum(Option<Version>),
    /// Sets the newest version; `None` for no limit.
    Maximum(Option<Version>),
    /// Has no effect, and why.
    Ignored(String),
    /// Is part of the syntax or about something other than versions.
    Neutral,
    /// The program refuses the string here.
    Refused,
    /// Is where the program does not look: after a refusal, or after the end of its line.
    NotReached,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Adds(set) if set.is_empty() => f.write_str("adds nothing new"),
            Self::Adds(set) => write!(f, "adds {set}"),
            Self::Removes(set) if set.is_empty() => f.write_str("removes nothing"),
            Self::Removes(set) => write!(f, "removes {set}"),
            Self::Replaces { with, lost } if lost.is_empty() => write!(f, "sets {with}"),
            Self::Replaces { with, lost } => {
                write!(f, "replaces everything with {with}; {lost} lost")
            }
            Self::Minimum(Some(version)) => write!(f, "nothing older than {version}"),
            Self::Minimum(None) => f.write_str("no oldest version"),
            Self::Maximum(Some(version)) => write!(f, "nothing newer than {version}"),
            Self::Maximum(None) => f.write_str("no newest version"),
            Self::Ignored(why) => write!(f, "ignored: {why}"),
            Self::Neutral => f.write_str("does not set versions"),
            Self::Refused => f.write_str("refused"),
            Self::NotReached => f.write_str("not reached"),
        }
    }
}

/// One thing that deserves a finding, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Observation {
    /// What.
    pub fact: ProtocolFact,
    /// The word it is about; `None` for the whole string.
    pub span: Option<Span>,
    /// A severity other than the code's default, if the string's context makes it harmless.
    pub severity: Option<Severity>,
}

impl Evaluation {
    /// The words again, in the plainest form: one separator between them, no
    /// quotes, variables replaced. `None` for a string that was refused.
    ///
    /// ```
    /// use certcheck::protocol::{Dialect, Environment, ProtocolString};
    /// let string = ProtocolString::parse(Dialect::Apache, "  'all'\t-TLSv1 ");
    /// let answer = string.evaluate(&Environment::httpd_24_openssl_3());
    /// assert_eq!(answer.canonical().as_deref(), Some("all -TLSv1"));
    /// ```
    pub fn canonical(&self) -> Option<String> {
        if !self.accepted {
            return None;
        }
        let separator = match self.dialect {
            Dialect::OpenSsl | Dialect::Postfix => ", ",
            Dialect::OpenSslConf | Dialect::Postgres => "; ",
            Dialect::Java => ",",
            Dialect::Nginx | Dialect::Apache | Dialect::Tsm => " ",
            Dialect::HaProxy | Dialect::TabPy | Dialect::Tomcat => " ",
        };
        // A directive's name that is in the text is not one of its words.
        let named = |token: &&Token| match self.dialect {
            Dialect::Nginx | Dialect::Apache => token.effect != Effect::Neutral,
            _ => token.effect != Effect::NotReached,
        };
        let mut text = String::new();
        let mut behind_command = false;
        for token in self.tokens.iter().filter(named) {
            let command = token.text.contains('=');
            if !text.is_empty() {
                text.push_str(match self.dialect {
                    Dialect::Java if command || behind_command => ";",
                    // The words of `Protocol =` are separate tokens.
                    Dialect::OpenSslConf if !command && text.ends_with('=') => " ",
                    Dialect::OpenSslConf if !command => ", ",
                    _ => separator,
                });
            }
            behind_command = command;
            if self.dialect == Dialect::HaProxy {
                super::haproxy_line::write(&token.text, &mut text);
            } else {
                text.push_str(&token.text);
            }
        }
        Some(text)
    }

    /// An initial answer: everything works, nothing is on.
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            accepted: true,
            starts: true,
            configured: VersionSet::EMPTY,
            effective: VersionSet::EMPTY,
            tokens: Vec::new(),
            message: None,
            warnings: Vec::new(),
            observations: Vec::new(),
            below: None,
        }
    }

    /// Records a word and its effect.
    pub(super) fn token(&mut self, word: &super::lexer::Word, effect: Effect, after: VersionSet) {
        self.tokens.push(Token {
            text: word.text(),
            span: word.span,
            effect,
            after,
        });
    }

    /// The parser refuses with this text; the first text stays.
    pub(super) fn refuse(&mut self, message: impl Into<String>) {
        self.accepted = false;
        self.starts = false;
        self.message.get_or_insert(message.into());
    }

    /// The parser accepts, but the start fails with this text.
    pub(super) fn cannot_start(&mut self, message: impl Into<String>) {
        self.starts = false;
        self.message.get_or_insert(message.into());
    }

    /// Something worth a finding about the word at `span`.
    pub(super) fn observe(&mut self, fact: impl Into<ProtocolFact>, span: Option<Span>) {
        let fact = fact.into();
        self.observations.push(Observation {
            fact,
            span,
            severity: None,
        });
    }

    /// The same with its own severity.
    pub(super) fn observe_as(
        &mut self,
        severity: Severity,
        fact: impl Into<ProtocolFact>,
        span: Option<Span>,
    ) {
        let fact = fact.into();
        self.observations.push(Observation {
            fact,
            span,
            severity: Some(severity),
        });
    }

    /// Forgets the sets of a string that the program refused.
    pub(super) fn nothing_works(&mut self) {
        self.configured = VersionSet::EMPTY;
        self.effective = VersionSet::EMPTY;
    }
}
