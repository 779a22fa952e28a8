//! Signatures, each computed once, up to a budget.

use crate::model::{Certificate, RevocationList};
use crate::signature::{self, SignatureProblem};
use std::collections::HashMap;

/// What is known about signatures so far, and how many may still be computed.
pub(super) struct Signatures<'a> {
    limit: u64,
    computed: u64,
    spent: u64,
    keys: HashMap<&'a [u8], usize>,
    known: HashMap<(usize, usize, usize), Result<(), SignatureProblem>>,
    /// Whether the algorithm inside a certificate may differ.
    outside: bool,
}

/// The budget is spent.
pub(super) struct Exhausted;

impl<'a> Signatures<'a> {
    pub(super) fn new(limit: u64) -> Self {
        Self {
            limit,
            computed: 0,
            spent: 0,
            keys: HashMap::new(),
            known: HashMap::new(),
            outside: false,
        }
    }

    /// For callers that check the inner algorithm themselves.
    pub(super) fn by_outer_algorithm(mut self, outside: bool) -> Self {
        self.outside = outside;
        self
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
        // Indexed by the key's bytes, not by certificate: cross-signed CAs have many certificates
        // with one key, and each would otherwise pay for the same signature.
        *self.keys.entry(certificate.spki_der()).or_insert(next)
    }

    /// Whether the key of `issuer` signed `certificate`, which is at `place`. `inherited` are the
    /// DSA parameters of a key without any, and a number for them.
    pub(super) fn check(
        &mut self,
        issuer: &Certificate<'a>,
        certificate: &Certificate<'_>,
        place: usize,
        inherited: Option<(usize, &[u8])>,
    ) -> Result<Result<(), SignatureProblem>, Exhausted> {
        let parameters = inherited.map(|(_, parameters)| parameters);
        // Inherited parameters are part of the question, since the same DSA key with other
        // parameters gives another answer.
        let question = (self.key(issuer), place, number_of(inherited));
        let cost = cost(issuer) + hashing(certificate.signed_der());
        let outside = self.outside;
        self.answer(question, cost, || {
            let key = issuer.key_info();
            if outside {
                signature::by_outer_algorithm(certificate, key, parameters)
            } else {
                signature::signed_by_key(certificate, key, parameters)
            }
        })
    }

    /// Whether the key of `signer` signed the revocation list at `place`.
    pub(super) fn check_list(
        &mut self,
        signer: &Certificate<'a>,
        list: &RevocationList<'_>,
        place: usize,
        inherited: Option<(usize, &[u8])>,
    ) -> Result<Result<(), SignatureProblem>, Exhausted> {
        let parameters = inherited.map(|(_, parameters)| parameters);
        // Lists are numbered from the end opposite to certificates.
        let question = (self.key(signer), usize::MAX - place, number_of(inherited));
        self.answer(question, cost(signer) + hashing(list.signed_der()), || {
            signature::list_signed_by_key(list, signer.key_info(), parameters)
        })
    }

    fn answer(
        &mut self,
        question: (usize, usize, usize),
        cost: u64,
        compute: impl FnOnce() -> Result<(), SignatureProblem>,
    ) -> Result<Result<(), SignatureProblem>, Exhausted> {
        if let Some(known) = self.known.get(&question) {
            return Ok(known.clone());
        }
        // Checked before the work, not after: one DSA or 16,384-bit RSA signature costs as much
        // as hundreds of others.
        if self.spent.saturating_add(cost) > self.limit {
            return Err(Exhausted);
        }
        self.computed += 1;
        self.spent += cost;
        let answer = compute();
        self.known.insert(question, answer.clone());
        Ok(answer)
    }

    /// How much may still be spent.
    pub(super) fn left(&self) -> u64 {
        self.limit.saturating_sub(self.spent)
    }

    /// Counts signatures that were computed elsewhere.
    pub(super) fn spend(&mut self, elsewhere: &Self) {
        self.computed = self.computed.saturating_add(elsewhere.computed);
        self.spent = self.spent.saturating_add(elsewhere.spent);
    }
}

fn number_of(inherited: Option<(usize, &[u8])>) -> usize {
    inherited.map_or(usize::MAX, |(number, _)| number)
}

/// The cost of hashing the signed data: hashing 128 kB with SHA-256 takes as long as an RSA-2048
/// signature (a list may have 40 MB).
fn hashing(signed: &[u8]) -> u64 {
    u64::try_from(signed.len() >> 17).unwrap_or(u64::MAX)
}

/// The cost of one signature, in units of an RSA-2048 or P-256 signature (facts measured on
/// one machine: P-384 4, RSA-4096 3, DSA-2048 25, RSA in slow arithmetic 10
/// and, at 16,384 bits, 250).
fn cost(issuer: &Certificate<'_>) -> u64 {
    let key = issuer.key_info();
    match (signature::is_dsa(key), key.key.len()) {
        (true, _) => 25,
        // Raw sizes of SubjectPublicKey: 65, 97 and 133 bytes are uncompressed points of P-256,
        // P-384 and P-521, 32 is Ed25519, and the ranges are RSA moduli with their DER.
        (false, 97) => 4,
        (false, 133) => 8,
        (false, 32 | 65) => 1,
        (false, 0..=256) => 10,
        (false, 257..=400) => 1,
        (false, 401..=600) => 3,
        (false, 601..=1_100) => 12,
        (false, _) => 250,
    }
}
