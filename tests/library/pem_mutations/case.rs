//! A case, and how one part of it is changed.

use crate::pem_mutations::material::{Pair, Random, Section, joined};

/// What the servers are given.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) certificate: Vec<u8>,
    /// Nothing: the key stands in the file of the certificate.
    pub(crate) key: Option<Vec<u8>>,
}

pub(crate) type Maker = fn(&mut Random, &[Pair]) -> Case;

pub(crate) fn chain(pair: &Pair) -> Vec<u8> {
    [pair.leaf.pem(), pair.issuer.pem()].concat()
}

pub(crate) fn plain(r: &mut Random, pairs: &[Pair]) -> (Pair, Section) {
    let pair = r.pick(pairs).clone();
    let key = r.pick(&pair.keys).clone();
    (pair, key)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Leaf,
    Issuer,
    Key,
}

pub(crate) fn some_target(r: &mut Random) -> Target {
    *r.pick(&[Target::Leaf, Target::Issuer, Target::Key, Target::Key])
}

impl Case {
    pub(crate) fn part(&mut self, target: Target) -> &mut Vec<u8> {
        match (target, &mut self.key) {
            (Target::Key, Some(key)) => key,
            _ => &mut self.certificate,
        }
    }
}

pub(crate) fn target(r: &mut Random, pairs: &[Pair]) -> (Case, Target) {
    let (pair, key) = plain(r, pairs);
    (
        Case {
            certificate: chain(&pair),
            key: Some(key.pem()),
        },
        some_target(r),
    )
}

/// Changes the content of one section.
pub(crate) fn sectioned(
    r: &mut Random,
    pairs: &[Pair],
    change: fn(&mut Random, Target, &mut Section),
) -> Case {
    let (mut pair, mut key) = plain(r, pairs);
    let target = some_target(r);
    let section = match target {
        Target::Leaf => &mut pair.leaf,
        Target::Issuer => &mut pair.issuer,
        Target::Key => &mut key,
    };
    change(r, target, section);
    Case {
        certificate: chain(&pair),
        key: Some(key.pem()),
    }
}

/// Changes the lines of one section.
pub(crate) fn lines(
    r: &mut Random,
    pairs: &[Pair],
    change: fn(&mut Random, &mut Vec<Vec<u8>>),
) -> Case {
    let (pair, key) = plain(r, pairs);
    let target = some_target(r);
    let changed = |section: &Section, mine: bool, r: &mut Random| {
        let mut lines = section.all_lines();
        if mine {
            change(r, &mut lines);
        }
        joined(&lines)
    };
    let leaf = changed(&pair.leaf, target == Target::Leaf, r);
    let issuer = changed(&pair.issuer, target == Target::Issuer, r);
    let key = changed(&key, target == Target::Key, r);
    Case {
        certificate: [leaf, issuer].concat(),
        key: Some(key),
    }
}
