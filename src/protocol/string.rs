//! A protocol string, and the way from it to its evaluation.

use super::evaluation::{Effect, Evaluation};
use super::lexer::{Word, chars};
use super::{Dialect, Environment};
use super::{apache, haproxy, java, nginx, openssl, openssl_conf};
use super::{postfix, postgres, tabpy, tomcat, tsm};
use crate::rule;
use crate::source::Span;

/// The longest text that is checked, in bytes: half of what Linux allows for one command argument
/// (`MAX_ARG_STRLEN`, 128 KiB).
const TEXT_LIMIT: usize = 64 * 1024;

/// A text in the language of one program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProtocolString {
    dialect: Dialect,
    text: Vec<u8>,
}

impl ProtocolString {
    /// `text` in `dialect`. Any bytes will do, even none: [`ProtocolString::evaluate`] says whether
    /// the program accepts them.
    pub fn parse(dialect: Dialect, text: impl AsRef<[u8]>) -> Self {
        Self {
            dialect,
            text: text.as_ref().to_vec(),
        }
    }

    /// The language it is written in.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The text as it was given.
    pub fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    /// How the program reads it.
    ///
    /// A text of more than 64 KiB is refused without reading its words.
    pub fn evaluate(&self, environment: &Environment) -> Evaluation {
        if self.text.len() > TEXT_LIMIT {
            return self.too_long();
        }
        let text = &self.text;
        match self.dialect {
            Dialect::Tsm => tsm::evaluate(text, environment),
            Dialect::Apache => apache::evaluate(text, environment),
            Dialect::Nginx => nginx::evaluate(text, environment),
            Dialect::OpenSsl => openssl::evaluate(text, environment),
            Dialect::OpenSslConf => openssl_conf::evaluate(text, environment),
            Dialect::Postgres => postgres::evaluate(text, environment),
            Dialect::HaProxy => haproxy::evaluate(text, environment),
            Dialect::Postfix => postfix::evaluate(text, environment),
            Dialect::TabPy => tabpy::evaluate(text, environment),
            Dialect::Java => java::evaluate(text, environment),
            Dialect::Tomcat => tomcat::evaluate(text, environment),
        }
    }

    fn too_long(&self) -> Evaluation {
        let mut answer = Evaluation::new(self.dialect);
        let message = format!(
            "the text has {} bytes; certcheck reads at most {TEXT_LIMIT}",
            self.text.len()
        );
        let whole = Word::new(
            b"(the whole text)".to_vec(),
            &chars(self.text.get(..1).unwrap_or_default(), 0),
            false,
        );
        let span = Span::new(0, self.text.len());
        answer.token(&Word { span, ..whole }, Effect::Refused, answer.configured);
        answer.observe(
            rule::protocol::IllegalName {
                names: Vec::new(),
                token: "(the whole text)".to_owned(),
                error: message.clone(),
            },
            Some(span),
        );
        answer.refuse(message);
        answer
    }
}
