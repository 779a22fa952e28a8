//! `certcheck ciphers`.

use super::super::schema::{array, object, of};
use super::Body;
use crate::cipher::Suite;
use crate::command::ciphers::CiphersResult;
use crate::finding::Shape;
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for CiphersResult {
    const COMMAND: &'static str = "ciphers";

    fn json(&self) -> impl Serialize {
        let ciphers = &self.ciphers;
        let tokens: Vec<_> = ciphers
            .words
            .iter()
            .map(|word| {
                json!({
                    "text": word.text,
                    "start": word.span.start,
                    "end": word.span.end,
                    "effect": word.effect.to_string(),
                })
            })
            .collect();
        let weak: Vec<_> = self
            .weak
            .iter()
            .map(|(weakness, suites)| json!({"weakness": weakness.to_string(), "suites": names(suites)}))
            .collect();
        let clients: Vec<_> = self
            .clients
            .iter()
            .map(|choice| {
                json!({
                    "client": choice.client.client,
                    "program": choice.client.program,
                    "rsa": choice.rsa.map(|suite| suite.iana),
                    "ecdsa": choice.ecdsa.map(|suite| suite.iana),
                })
            })
            .collect();
        // As `openssl ciphers -s`: those that the level allows.
        let tls13 = ciphers.tls13.iter().copied();
        let tls13: Vec<_> = tls13.filter(|suite| self.level.allows(suite)).collect();
        json!({
            "string": self.string,
            "dialect": ciphers.dialect.as_str(),
            "accepted": ciphers.refused.is_none(),
            "message": ciphers.refused.map(|refusal| refusal.to_string()),
            "security_level": self.level.number(),
            "suites": names(&self.suites),
            "unusable": names(&self.unusable),
            "tls13": names(&tls13),
            "tokens": tokens,
            "weak": weak,
            "clients": clients,
            "mozilla_intermediate": {
                "string": Self::intermediate(),
                "beyond": names(&self.beyond_intermediate),
                "short_of": names(&self.short_of_intermediate),
            },
        })
    }
}

fn names(suites: &[&Suite]) -> Vec<&'static str> {
    suites.iter().map(|suite| suite.iana).collect()
}

pub(super) fn schema() -> Json {
    let text = || of(Shape::Text);
    let texts = || array(of(Shape::Text));
    let maybe_text = || of(Shape::Maybe(&Shape::Text));
    object([
        ("string", text()),
        ("dialect", text()),
        ("accepted", of(Shape::Flag)),
        ("message", maybe_text()),
        ("security_level", of(Shape::Number)),
        ("suites", texts()),
        ("unusable", texts()),
        ("tls13", texts()),
        (
            "tokens",
            array(object([
                ("text", text()),
                ("start", of(Shape::Number)),
                ("end", of(Shape::Number)),
                ("effect", text()),
            ])),
        ),
        (
            "weak",
            array(object([("weakness", text()), ("suites", texts())])),
        ),
        (
            "clients",
            array(object([
                ("client", text()),
                ("program", text()),
                ("rsa", maybe_text()),
                ("ecdsa", maybe_text()),
            ])),
        ),
        (
            "mozilla_intermediate",
            object([
                ("string", text()),
                ("beyond", texts()),
                ("short_of", texts()),
            ]),
        ),
    ])
}
