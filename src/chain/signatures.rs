//! Signatures, each computed once, up to a budget.

use crate::model::Certificate;
use crate::signature::{self, SignatureProblem};
use std::collections::HashMap;

/// What is known of signatures so far, and how many may still be computed.
pub(super) struct Signatures<'a> {
    limit: u64,
    computed: u64,
    keys: HashMap<&'a [u8], usize>,
    known: HashMap<(usize, usize, usize), Result<(), SignatureProblem>>,
}

/// The budget is spent.
pub(super) struct Exhausted;

impl<'a> Signatures<'a> {
    pub(super) fn new(limit: u64) -> Self {
        Self {
            limit,
            computed: 0,
            keys: HashMap::new(),
            known: HashMap::new(),
        }
    }

    pub(super) fn computed(&self) -> u64 {
        self.computed
    }

    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// A number that certificates with the same key share.
    pub(super) fn key(&mut self, certificate: &Certificate<'a>) -> usize {
        let next = self.keys.len();
        *self.keys.entry(certificate.spki_der()).or_insert(next)
    }

    /// Whether the key of `issuer` signed `certificate`, which stands at `place`.
    /// `inherited` are the DSA parameters of a key without, and a number for them.
    pub(super) fn check(
        &mut self,
        issuer: &Certificate<'a>,
        certificate: &Certificate<'_>,
        place: usize,
        inherited: Option<(usize, &[u8])>,
    ) -> Result<Result<(), SignatureProblem>, Exhausted> {
        let key = self.key(issuer);
        let question = (
            key,
            place,
            inherited.map_or(usize::MAX, |(number, _)| number),
        );
        if let Some(known) = self.known.get(&question) {
            return Ok(known.clone());
        }
        if self.computed >= self.limit {
            return Err(Exhausted);
        }
        self.computed += 1;
        let parameters = inherited.map(|(_, parameters)| parameters);
        let answer = signature::signed_by_key(certificate, issuer.key_info(), parameters);
        self.known.insert(question, answer.clone());
        Ok(answer)
    }
}
