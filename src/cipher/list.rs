//! The ordered list that a cipher string works on.
//!
//! OpenSSL keeps every suite in one list, each switched on or off, and a word
//! moves the suites that it means: to the end when it switches on (`ADD`) or only reorders (`ORD`),
//! to the front when it switches off (`DEL`), permanently out of the list when it kills. So the
//! order that the list starts with, in which everything is off, decides the order of `ALL`. Each
//! operation passes once over at most 160 suites.

use super::alias::Selection;
use super::suite::{Authentication, Encryption, KeyExchange, Mac, Since, Suite};

#[derive(Clone, Copy)]
struct Entry {
    suite: &'static Suite,
    on: bool,
}

/// What a word does with the suites that it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// Switches on suites that are off, at the end.
    Add,
    /// Moves suites that are on to the end: `+`.
    MoveToEnd,
    /// Switches off; a later word may switch on again: `-`.
    Remove,
    /// Takes out for good: `!`.
    Kill,
}

/// Every suite, on or off, in order.
#[derive(Clone)]
pub(super) struct List(Vec<Entry>);

impl List {
    /// The list that a string begins with: everything off, in the order that
    /// `ssl_create_cipher_list` (ssl/ssl_ciph.c, OpenSSL 3.0) makes.
    pub(super) fn new(suites: &'static [Suite]) -> Self {
        let mut list = Self(
            suites
                .iter()
                .map(|suite| Entry { suite, on: false })
                .collect(),
        );
        // All else being equal, OpenSSL prefers ECDHE, and ECDSA before RSA. Switching on and off
        // again changes only the order: the suites that were on move to the front.
        let ecdhe = |suite: &Suite| suite.key_exchange == KeyExchange::Ecdhe;
        list.add(|suite| ecdhe(suite) && suite.authentication == Authentication::Ecdsa);
        list.add(ecdhe);
        list.remove(ecdhe);
        // Within one strength AES-GCM comes first, then ChaCha20, then the other modes of AES. The
        // strength sort below keeps this order.
        list.add(|suite| {
            matches!(
                suite.encryption,
                Encryption::Aes128Gcm | Encryption::Aes256Gcm
            )
        });
        list.add(|suite| suite.encryption == Encryption::ChaCha20);
        list.add(is_other_aes);
        list.add(|_| true);
        // The suites that OpenSSL avoids move to the end before the sort by strength, so that they
        // stay last within their strength.
        list.move_to_end(|suite| suite.mac == Mac::Md5);
        list.move_to_end(|suite| suite.authentication == Authentication::Anonymous);
        list.move_to_end(|suite| suite.key_exchange == KeyExchange::Rsa);
        list.move_to_end(|suite| suite.key_exchange == KeyExchange::Psk);
        list.sort_by_strength();
        // The strength sort is overruled in part: suites new in TLS 1.2 come first, and AEAD
        // suites before them. Moving to the front puts the most important condition last.
        list.move_to_front(|suite| suite.since == Since::TlsV1_2);
        list.move_to_front(|suite| suite.mac == Mac::Aead);
        let ephemeral =
            |suite: &Suite| matches!(suite.key_exchange, KeyExchange::Dhe | KeyExchange::Ecdhe);
        list.move_to_front(ephemeral);
        list.move_to_front(|suite| ephemeral(suite) && suite.mac == Mac::Aead);
        // A string begins with everything off. Only the order is kept, and each word that adds
        // takes its suites in that order.
        list.remove(|_| true);
        list
    }

    /// Applies a word to the suites that it means. Returns how many it changed.
    pub(super) fn apply(&mut self, operation: Operation, selection: &Selection) -> usize {
        let meant = |suite: &Suite| selection.holds(suite);
        match operation {
            Operation::Add => self.add(meant),
            Operation::MoveToEnd => self.move_to_end(meant),
            Operation::Remove => self.remove(meant),
            Operation::Kill => {
                let before = self.0.len();
                // A killed suite leaves the list, so that no later word can find it. That is the
                // whole difference between `!` and `-`.
                self.0.retain(|entry| !meant(entry.suite));
                before - self.0.len()
            }
        }
    }

    /// `@STRENGTH`: moves the suites that are on to the end, longest key first, otherwise in the
    /// order they had.
    pub(super) fn sort_by_strength(&mut self) {
        // The three key lengths that the suites in the table have.
        for bits in [256, 128, 0] {
            self.move_to_end(|suite| suite.encryption.bits() == bits);
        }
    }

    /// The suites that are on, in order.
    pub(super) fn suites(&self) -> impl Iterator<Item = &'static Suite> {
        self.0
            .iter()
            .filter(|entry| entry.on)
            .map(|entry| entry.suite)
    }

    fn add(&mut self, meant: impl Fn(&Suite) -> bool) -> usize {
        // A suite that is already on is not moved by adding it again: the first word that names a
        // suite decides its place.
        self.carry(|entry| !entry.on && meant(entry.suite), true, false)
    }

    fn move_to_end(&mut self, meant: impl Fn(&Suite) -> bool) -> usize {
        self.carry(|entry| entry.on && meant(entry.suite), true, false)
    }

    fn move_to_front(&mut self, meant: impl Fn(&Suite) -> bool) -> usize {
        self.carry(|entry| entry.on && meant(entry.suite), true, true)
    }

    fn remove(&mut self, meant: impl Fn(&Suite) -> bool) -> usize {
        self.carry(|entry| entry.on && meant(entry.suite), false, true)
    }

    /// Moves some entries, in their order, to one end and switches them.
    fn carry(&mut self, moved: impl Fn(&Entry) -> bool, on: bool, front: bool) -> usize {
        let all = std::mem::take(&mut self.0);
        let (mut moving, mut staying): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|suite| moved(suite));
        let count = moving.len();
        moving.iter_mut().for_each(|entry| entry.on = on);
        if front {
            moving.append(&mut staying);
            self.0 = moving;
        } else {
            staying.append(&mut moving);
            self.0 = staying;
        }
        count
    }
}

/// AES in any mode except GCM.
fn is_other_aes(suite: &Suite) -> bool {
    matches!(
        suite.encryption,
        Encryption::Aes128Cbc
            | Encryption::Aes256Cbc
            | Encryption::Aes128Ccm
            | Encryption::Aes256Ccm
            | Encryption::Aes128Ccm8
            | Encryption::Aes256Ccm8
    )
}
