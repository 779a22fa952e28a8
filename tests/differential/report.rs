//! What was compared, and how it came out.

use super::random::Random;
use certcheck::protocol::{Dialect, Environment, Evaluation, ProtocolString};
use std::collections::BTreeSet;

/// What one program's part of the run found.
pub(crate) struct Report {
    pub(crate) program: String,
    pub(crate) parsed: usize,
    pub(crate) shaken: usize,
    pub(crate) promised: (usize, usize),
    pub(crate) differences: Vec<String>,
}

impl Report {
    pub(crate) fn new(program: &str, promised: (usize, usize)) -> Self {
        Self {
            program: program.to_owned(),
            parsed: 0,
            shaken: 0,
            promised,
            differences: Vec::new(),
        }
    }

    pub(crate) fn same(&mut self, input: &str, what: &str, real: &str, ours: &str) {
        if real != ours {
            self.differences.push(format!(
                "{}: {input:?}: {what}: really {real:?}, ours {ours:?}",
                self.program
            ));
        }
    }
}

pub(crate) fn evaluate(dialect: Dialect, text: &[u8]) -> Evaluation {
    ProtocolString::parse(dialect, text).evaluate(&environment(dialect))
}

pub(crate) fn environment(dialect: Dialect) -> Environment {
    Environment::default_for(dialect)
        .with_define("SET", "TLSv1.2")
        .with_define("TWO", "+TLSv1.1 \"+TLSv1.2\"")
}

pub(crate) fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

/// `count` different texts.
pub(crate) fn texts(
    seed: u64,
    count: usize,
    make: impl Fn(&mut Random) -> Vec<u8>,
) -> Vec<Vec<u8>> {
    let mut random = Random::new(seed);
    let mut seen = BTreeSet::new();
    let mut texts = Vec::new();
    while texts.len() < count {
        let text = make(&mut random);
        if seen.insert(text.clone()) {
            texts.push(text);
        }
    }
    texts
}

pub(crate) fn yes(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}
