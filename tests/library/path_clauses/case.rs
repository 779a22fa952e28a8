//! A path with everything that is said of it, and what must be made of it.

use crate::path_clauses::pki::{self, Key, List, Spec};
use certcheck::chain::{PolicyInputs, Reason, Request, Revocation, Verification, verify};
use certcheck::model::{Certificate, RevocationList, oid_contents};

pub(crate) const AT: &str = "2026-11-22T00:00:00Z";

#[derive(Clone, Copy)]
pub(crate) struct Clause {
    /// Where the rule stands.
    pub(crate) clause: &'static str,
    /// The tests of PKITS that are about it.
    pub(crate) pkits: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) good: fn() -> Case,
    pub(crate) bad: fn() -> Case,
    /// Why the bad one is refused.
    pub(crate) why: Why,
}

impl Clause {
    pub(crate) fn title(&self) -> String {
        format!("{}, {}", self.clause, self.rule)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Why {
    Signature,
    Validity,
    Chaining,
    Constraints,
    Policy,
    NotACa,
    Length,
    Critical,
    Malformed,
    NotConforming,
    Revoked,
    StatusUnknown,
}

impl Why {
    pub(crate) fn is(self, reason: &Reason) -> bool {
        let found = match reason {
            Reason::BadSignature { .. } => Self::Signature,
            Reason::Expired { .. } | Reason::NotYetValid { .. } => Self::Validity,
            Reason::MissingIssuer { .. } => Self::Chaining,
            Reason::NameConstraints { .. } => Self::Constraints,
            Reason::Policy { .. } => Self::Policy,
            Reason::NotACa { .. } => Self::NotACa,
            Reason::PathLength { .. } | Reason::TooDeep { .. } => Self::Length,
            Reason::UnknownCriticalExtension { .. } => Self::Critical,
            Reason::MalformedExtension { .. } => Self::Malformed,
            Reason::NotConforming { .. } => Self::NotConforming,
            Reason::Revoked { .. } => Self::Revoked,
            Reason::RevocationUnknown { .. } => Self::StatusUnknown,
            _ => return false,
        };
        found == self
    }
}

pub(crate) struct Case {
    pub(crate) leaf: Vec<u8>,
    pub(crate) bag: Vec<Vec<u8>>,
    pub(crate) anchor: Vec<u8>,
    pub(crate) lists: Option<Vec<Vec<u8>>>,
    pub(crate) inputs: PolicyInputs,
    pub(crate) depth: Option<u32>,
}

/// Always the same keys: 0 is the root's, 90 the end-entity's.
pub(crate) fn key(number: u8) -> Key {
    Key::fixed(number)
}

/// The CA of a level below the root, whose serial number is its level.
pub(crate) fn ca(level: u8) -> Spec {
    Spec::ca(&ca_name(level), &ca_name(level - 1)).serial(u32::from(level))
}

/// A CA's certificate without basicConstraints and keyUsage.
pub(crate) fn bare(level: u8) -> Spec {
    Spec::new(&ca_name(level), &ca_name(level - 1)).serial(u32::from(level))
}

/// Another certificate of the CA of a level, issued by itself.
pub(crate) fn self_issued(level: u8) -> Spec {
    Spec::ca(&ca_name(level), &ca_name(level)).serial(70)
}

pub(crate) const LEAF: u8 = 100;

/// The end-entity below the CA of a level.
pub(crate) fn leaf(level: u8) -> Spec {
    Spec::server(&ca_name(level)).serial(u32::from(LEAF))
}

pub(crate) fn ca_name(level: u8) -> String {
    match level {
        0 => "root".to_owned(),
        level => format!("ca{level}"),
    }
}

/// The empty list of the CA of a level.
pub(crate) fn list(level: u8) -> List {
    List::new(&ca_name(level), 1)
}

/// The root, CAs each below the one before, the end-entity below the last:
/// each with a key of its own.
pub(crate) fn chain(cas: &[Spec], leaf: &Spec) -> Case {
    let root = key(0);
    let levels = 0_u8..;
    let bag = cas.iter().zip(levels);
    Case {
        leaf: leaf.issue(&key(90), &key(cas.len() as u8)),
        bag: bag
            .map(|(ca, level)| ca.issue(&key(level + 1), &key(level)))
            .collect(),
        anchor: Spec::ca("root", "root").issue(&root, &root),
        lists: None,
        inputs: PolicyInputs::default(),
        depth: None,
    }
}

impl Case {
    /// With one more certificate, for a key and by a key.
    pub(crate) fn beside(mut self, spec: &Spec, subject: u8, issuer: u8) -> Self {
        self.bag.push(spec.issue(&key(subject), &key(issuer)));
        self
    }

    /// With lists, each signed by a key: they are required then.
    pub(crate) fn lists(mut self, lists: &[(List, u8)]) -> Self {
        let made = lists.iter().map(|(list, signer)| list.issue(&key(*signer)));
        self.lists.get_or_insert_default().extend(made);
        self
    }

    /// An acceptable policy must hold; any, if none is named.
    pub(crate) fn explicit(mut self, initial: &[&str]) -> Self {
        self.inputs.require_explicit = true;
        self.accepting(initial)
    }

    pub(crate) fn accepting(mut self, initial: &[&str]) -> Self {
        let contents = initial.iter().map(|policy| oid_contents(policy).unwrap());
        self.inputs.initial = contents.collect();
        self
    }

    pub(crate) fn judge(&self) -> Verification {
        let leaf = Certificate::parse(&self.leaf).unwrap();
        let (bag, anchors) = (
            pki::parse(&self.bag),
            [Certificate::parse(&self.anchor).unwrap()],
        );
        let ders = self.lists.as_deref().unwrap_or_default();
        let lists: Vec<_> = ders
            .iter()
            .map(|der| RevocationList::parse(der).unwrap())
            .collect();
        let mut request = Request::new(&leaf, &bag, &anchors, AT.parse().unwrap());
        request.policies = self.inputs.clone();
        request.max_depth = self.depth;
        request.crls = &lists;
        if self.lists.is_some() {
            request.revocation = Revocation::Required;
        }
        verify(&request)
    }
}
