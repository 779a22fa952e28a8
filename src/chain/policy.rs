//! Certificate policies along a path, as the graph of RFC 9618 instead of the
//! tree of RFC 5280, which grows exponentially.
//!
//! Only the last level of the graph is kept. Each node keeps what matters of its history: whether,
//! and from which policies of the topmost domain, it descends (`roots`).

use crate::model::{Certificate, Oid};
use std::collections::{BTreeMap, BTreeSet};

/// The DER contents of anyPolicy.
const ANY_POLICY: &[u8] = &[0x55, 0x1d, 0x20, 0x00];
/// Roots are kept only for the answer; nothing else reads them.
const MOST_ROOTS: usize = 100;

/// The inputs of RFC 5280 6.1.1 (c), (e), (f), (g).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyInputs {
    /// The DER contents of the acceptable policies; empty for any.
    pub initial: Vec<Vec<u8>>,
    /// One of them must hold for the path.
    pub require_explicit: bool,
    /// Policies may not be mapped.
    pub inhibit_mapping: bool,
    /// anyPolicy does not count.
    pub inhibit_any: bool,
}

impl PolicyInputs {
    fn accepts_any(&self) -> bool {
        self.initial.is_empty() || self.initial.iter().any(|policy| policy == ANY_POLICY)
    }
}

/// The variables of RFC 5280 6.1.2 (a), (d), (e), (f).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Policies<'a> {
    /// The nodes of the last level, by their policy; `None` if the graph is null.
    nodes: Option<BTreeMap<Oid<'a>, Node<'a>>>,
    explicit_policy: Counter,
    policy_mapping: Counter,
    inhibit_any: Counter,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Node<'a> {
    expected: BTreeSet<Oid<'a>>,
    /// Whether one of its roots is acceptable to the caller.
    acceptable: bool,
    /// Policies without an ancestor other than anyPolicy, kept if asked for.
    roots: BTreeSet<Oid<'a>>,
}

/// Certificates left; `None` for no limit.
type Counter = Option<u32>;

fn lower(counter: Counter, limit: Option<u32>) -> Counter {
    match (counter, limit) {
        (Some(counter), Some(limit)) => Some(counter.min(limit)),
        (counter, limit) => counter.or(limit),
    }
}

/// A mapping that no certificate that issues others may have (RFC 5280 6.1.4 (a)).
pub(super) fn maps_any(certificate: &Certificate<'_>) -> bool {
    // The clause forbids anyPolicy on either side of a mapping: mapping to it would turn one
    // agreed policy into all of them.
    let mappings = certificate.policy_mappings().into_iter();
    mappings
        .flat_map(|mappings| mappings.mappings())
        .any(|(from, to)| from.as_bytes() == ANY_POLICY || to.as_bytes() == ANY_POLICY)
}

impl<'a> Policies<'a> {
    pub(super) fn new(inputs: &PolicyInputs) -> Self {
        // A counter that starts at 0 is in force at once; `None` means that it never will be
        // unless a certificate sets it.
        let start = |inhibited: bool| inhibited.then_some(0);
        let any = Oid::from_der_contents(ANY_POLICY);
        let root = Node {
            expected: BTreeSet::from([any]),
            acceptable: true,
            roots: BTreeSet::new(),
        };
        Self {
            nodes: Some(BTreeMap::from([(any, root)])),
            explicit_policy: start(inputs.require_explicit),
            policy_mapping: start(inputs.inhibit_mapping),
            inhibit_any: start(inputs.inhibit_any),
        }
    }

    /// How much there is to copy.
    pub(super) fn size(&self) -> usize {
        let nodes = self.nodes.iter().flat_map(BTreeMap::values);
        nodes
            .map(|node| 1 + node.expected.len() + node.roots.len())
            .sum()
    }

    /// RFC 5280 6.1.3 (d) to (f), with the changes of RFC 9618.
    pub(super) fn process(
        &mut self,
        certificate: &Certificate<'a>,
        last: bool,
        inputs: &PolicyInputs,
    ) -> Result<(), String> {
        // A self-issued intermediate is exempt because it renews the CA's own key: the CA's
        // inhibition is meant for the CAs below (RFC 5280 6.1.3 (d) (2)).
        let any_counts = self.inhibit_any != Some(0) || (!last && certificate.is_self_issued());
        // A certificate without the extension makes the graph null for good (6.1.3 (e)): no
        // certificate below can bring a policy back.
        self.nodes = match (&self.nodes, certificate.policies()) {
            (Some(above), Some(policies)) => {
                let policies: Vec<_> = policies.policies().collect();
                Some(next_level(above, &policies, any_counts, inputs))
                    .filter(|level| !level.is_empty())
            }
            _ => None,
        };
        if self.explicit_policy == Some(0) && self.nodes.is_none() {
            return Err("an explicit policy is required, but none is left".into());
        }
        Ok(())
    }

    /// RFC 5280 6.1.4 (b), (h) to (j).
    pub(super) fn prepare(&mut self, certificate: &Certificate<'a>, inputs: &PolicyInputs) {
        if let Some(mappings) = certificate.policy_mappings() {
            let mut grouped: BTreeMap<Oid<'a>, BTreeSet<Oid<'a>>> = BTreeMap::new();
            for (from, to) in mappings.mappings() {
                grouped.entry(from).or_default().insert(to);
            }
            self.map(grouped, inputs);
        }
        // 6.1.4 (h): a self-issued certificate is a key rollover within one CA and must not use up
        // what was granted for the CAs below.
        if !certificate.is_self_issued() {
            for counter in [
                &mut self.explicit_policy,
                &mut self.policy_mapping,
                &mut self.inhibit_any,
            ] {
                *counter = counter.map(|left| left.saturating_sub(1));
            }
        }
        // Counters are lowered after they were counted down: what this certificate says applies
        // from the next one on (6.1.4 (i), (j)).
        if let Some(constraints) = certificate.policy_constraints() {
            self.explicit_policy = lower(self.explicit_policy, constraints.require_explicit_policy);
            self.policy_mapping = lower(self.policy_mapping, constraints.inhibit_policy_mapping);
        }
        self.inhibit_any = lower(self.inhibit_any, certificate.inhibit_any_policy());
    }

    fn map(&mut self, mappings: BTreeMap<Oid<'a>, BTreeSet<Oid<'a>>>, inputs: &PolicyInputs) {
        let Some(nodes) = &mut self.nodes else { return };
        let has_any = nodes.contains_key(&Oid::from_der_contents(ANY_POLICY));
        for (from, to) in mappings {
            // With mapping inhibited the mapped policy is dropped rather than kept: 6.1.4 (b) (2)
            // deletes the node, so that a forbidden mapping never widens what holds.
            if self.policy_mapping == Some(0) {
                nodes.remove(&from);
            } else if let Some(node) = nodes.get_mut(&from) {
                node.expected = to;
            // anyPolicy means the issuer's policy as well: the mapping is kept below it, or
            // an issuer could not map what it holds only through anyPolicy.
            } else if has_any {
                let mut node = Node::below_any(from, inputs);
                node.expected = to;
                nodes.insert(from, node);
            }
        }
        if nodes.is_empty() {
            self.nodes = None;
        }
    }

    /// RFC 5280 6.1.5 (a), (b), (g): the user-constrained-policy-set of RFC 9618, which includes
    /// anyPolicy if the caller accepts any policy and every one holds.
    pub(super) fn finish<'i>(
        mut self,
        certificate: &Certificate<'a>,
        inputs: &'i PolicyInputs,
    ) -> Result<Vec<Oid<'i>>, String>
    where
        'a: 'i,
    {
        // 6.1.5 (a) counts down once more for the end-entity, which `prepare` never sees.
        self.explicit_policy = self.explicit_policy.map(|left| left.saturating_sub(1));
        let constraints = certificate.policy_constraints();
        // 6.1.5 (b): only the value 0 acts here. Larger ones concern certificates below, and there
        // are none.
        if constraints.and_then(|constraint| constraint.require_explicit_policy) == Some(0) {
            self.explicit_policy = Some(0);
        }
        let nodes = self.nodes.unwrap_or_default();
        let acceptable = || nodes.iter().filter(|(_, node)| node.acceptable);
        if self.explicit_policy == Some(0) && acceptable().next().is_none() {
            return Err("an explicit policy is required, but no acceptable one applies".into());
        }
        let any = Oid::from_der_contents(ANY_POLICY);
        let mut found: BTreeSet<Oid<'i>> = BTreeSet::new();
        for (policy, node) in acceptable() {
            if *policy == any && inputs.accepts_any() {
                found.insert(any);
            } else if *policy == any {
                // anyPolicy includes the requested policies.
                let asked_for = inputs.initial.iter().take(MOST_ROOTS);
                found.extend(asked_for.map(|policy| Oid::from_der_contents(policy)));
            }
            found.extend(&node.roots);
        }
        Ok(found.into_iter().collect())
    }
}

impl<'a> Node<'a> {
    /// A node whose only parent is anyPolicy.
    fn below_any(policy: Oid<'a>, inputs: &PolicyInputs) -> Self {
        let is_any = policy.as_bytes() == ANY_POLICY;
        let asked_for = inputs.accepts_any()
            || inputs
                .initial
                .iter()
                .any(|wanted| wanted == policy.as_bytes());
        Self {
            expected: BTreeSet::from([policy]),
            acceptable: is_any || asked_for,
            // A root of anyPolicy is not kept: in the answer it would claim every policy, while
            // the caller asked which ones hold.
            roots: (!is_any && asked_for)
                .then_some(policy)
                .into_iter()
                .collect(),
        }
    }

    fn below(policy: Oid<'a>, parents: &[&Node<'a>]) -> Self {
        let roots = parents.iter().flat_map(|parent| &parent.roots);
        Self {
            expected: BTreeSet::from([policy]),
            acceptable: parents.iter().any(|parent| parent.acceptable),
            roots: roots.copied().take(MOST_ROOTS).collect(),
        }
    }
}

fn next_level<'a>(
    above: &BTreeMap<Oid<'a>, Node<'a>>,
    policies: &[Oid<'a>],
    any_counts: bool,
    inputs: &PolicyInputs,
) -> BTreeMap<Oid<'a>, Node<'a>> {
    let any = Oid::from_der_contents(ANY_POLICY);
    let has_any = above.contains_key(&any);
    // The nodes that expect each policy.
    let mut parents: BTreeMap<Oid<'a>, Vec<&Node<'a>>> = BTreeMap::new();
    for (policy, node) in above {
        if *policy != any {
            for expected in &node.expected {
                parents.entry(*expected).or_default().push(node);
            }
        }
    }
    // In the tree of RFC 5280 a policy appears once for every parent that expects it. RFC 9618
    // merges these nodes, so a level grows with one certificate, not with the product of all above
    // it.
    let mut level = BTreeMap::new();
    for policy in policies.iter().filter(|policy| **policy != any) {
        if let Some(parents) = parents.get(policy) {
            level.insert(*policy, Node::below(*policy, parents));
        } else if has_any {
            level.insert(*policy, Node::below_any(*policy, inputs));
        }
    }
    // anyPolicy in the certificate continues every policy that the level above still expects
    // (6.1.3 (d) (2)), but does not replace one that is listed.
    if any_counts && policies.contains(&any) {
        for (expected, parents) in &parents {
            let node = || Node::below(*expected, parents);
            level.entry(*expected).or_insert_with(node);
        }
        if has_any {
            level.insert(any, Node::below_any(any, inputs));
        }
    }
    level
}
