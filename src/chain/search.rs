//! The search for a path, from the anchors down.
//!
//! First it finds every name that leads from the end-entity upwards, without computing
//! a signature: certificates below no anchor's name cost nothing. Then partial paths
//! grow from the anchors, the ones nearest to the end-entity by names first. It
//! computes each link's signature when it needs it, once. A clique of N CAs that all
//! signed each other therefore costs at most N² signatures, not a path for every
//! order of its members.
//!
//! Each partial path's [`State`] keeps the rules that depend on the path. The search
//! drops a partial path only for another one to the same key and name whose state
//! allows everything that its own state allows.

mod crl_signer;
mod explain;
mod reachable;
mod revocation;
mod state;
mod step_rules;

use super::constraints::{Comparisons, Names, Violation};
use super::index::Index;
use super::reason::Reason;
use super::request::{Request, Revocation};
use super::rules::{PathRole, Rules};
use super::signatures::Signatures;
use super::work::Work;
use crate::model::Certificate;
use revocation::{Link, newest_first};
use state::{Label, State};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

/// The end-entity's place among the nodes.
const LEAF: usize = 0;
/// Reasons kept: the most telling fifty are given.
const MOST_REJECTIONS: usize = 500;
/// Partial paths to one key and name. They differ in their constraints; more
/// than a handful is an attack.
const MOST_LABELS: usize = 256;

pub(super) struct Search<'r, 'a> {
    request: &'r Request<'r, 'a>,
    rules: &'r Rules<'r>,
    /// The end-entity, the intermediates, then the anchors.
    nodes: Vec<&'r Certificate<'a>>,
    /// Where the anchors begin.
    first_anchor: usize,
    /// Certificates between each node and the end-entity, by names.
    heights: Vec<Option<u32>>,
    by_issuer: Index,
    labels: Vec<Label<'a>>,
    entities: HashMap<(u64, usize, bool), Vec<usize>>,
    waiting: BinaryHeap<Reverse<Step>>,
    signatures: Signatures<'a>,
    comparisons: Comparisons,
    /// Whether a node complies with the rules that do not depend on the path; the
    /// cheap ones, and those that may compute a signature.
    local: HashMap<usize, Option<Reason>>,
    costly: HashMap<usize, Option<Reason>>,
    violations: HashMap<(usize, usize), Option<Violation>>,
    revocations: HashMap<(usize, usize, usize), Option<Reason>>,
    names: HashMap<usize, Names<'a>>,
    rejections: Vec<(usize, Option<usize>, Reason)>,
    exhausted: Option<Reason>,
    /// Whether a policy may be required on any path: otherwise no path can fail for lack of one.
    policies_matter: bool,
    steps: u64,
    /// Entries of revocation lists that were read.
    entries: u64,
    /// The places of the revocation lists, the newest first.
    newest_first: Vec<usize>,
    has_deltas: bool,
    /// The names of the lists' distribution points, by the lists' places.
    published: HashMap<usize, Option<Vec<Vec<u8>>>>,
    /// Certificates whose status is being determined in the searches that enclose this one.
    under_way: Vec<&'a [u8]>,
    /// Only a definite `revoked` refuses: a status that is unknown does not.
    only_revoked: bool,
}

/// A step that may be taken; the best one sorts first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    /// The path's length, by names.
    length: u32,
    /// 0 if the key identifiers agree, 2 if they do not.
    distance: u8,
    /// Older steps first.
    number: u64,
    from: usize,
    to: usize,
}

impl<'r, 'a> Search<'r, 'a> {
    pub(super) fn new(request: &'r Request<'r, 'a>, rules: &'r Rules<'r>) -> Self {
        Self::nested(request, rules, Vec::new())
    }

    /// A search within another, for the signer of a revocation list.
    fn nested(
        request: &'r Request<'r, 'a>,
        rules: &'r Rules<'r>,
        under_way: Vec<&'a [u8]>,
    ) -> Self {
        let mut seen = HashSet::with_capacity(request.intermediates.len() + 1);
        seen.insert(request.leaf.der());
        let mut nodes = vec![request.leaf];
        nodes.extend(
            request
                .intermediates
                // A certificate given twice would double every partial path below it, without
                // making a new one possible.
                .iter()
                .filter(|intermediate| seen.insert(intermediate.der())),
        );
        let first_anchor = nodes.len();
        let crls = match request.revocation {
            // With revocation off the lists are not sorted either: a caller may give thousands for
            // another question.
            Revocation::Off => &[],
            _ => request.crls,
        };
        let mut search = Self {
            request,
            rules,
            heights: vec![None; first_anchor],
            by_issuer: Index::new(std::iter::empty()),
            nodes,
            first_anchor,
            labels: Vec::new(),
            entities: HashMap::new(),
            waiting: BinaryHeap::new(),
            signatures: Signatures::new(request.budgets.signatures)
                .by_outer_algorithm(request.profile.reads_elsewhere),
            comparisons: Comparisons::new(request.budgets.comparisons),
            local: HashMap::new(),
            costly: HashMap::new(),
            violations: HashMap::new(),
            revocations: HashMap::new(),
            names: HashMap::new(),
            rejections: Vec::new(),
            exhausted: None,
            policies_matter: request.policies.require_explicit,
            steps: 0,
            entries: 0,
            newest_first: newest_first(crls),
            has_deltas: crls.iter().any(|list| list.base_number().is_some()),
            published: HashMap::new(),
            under_way,
            only_revoked: false,
        };
        search.find_heights();
        search
    }

    /// The same search, except that an unknown status does not end it.
    pub(super) fn for_revoked_alone(mut self) -> Self {
        self.only_revoked = true;
        self
    }

    fn node(&self, place: usize) -> Option<&'r Certificate<'a>> {
        self.nodes.get(place).copied()
    }

    /// The first valid path found, the end-entity first.
    pub(super) fn run(&mut self) -> Option<Vec<&'r Certificate<'a>>> {
        // From the anchors down, since the state below a key means something only if the key is
        // trusted: constraints, policy counters and DSA parameters all flow downwards.
        for place in self.first_anchor..self.nodes.len() {
            let Some(anchor) = self.node(place) else {
                continue;
            };
            if let Some(reason) = self
                .rules
                .check(anchor, PathRole::Anchor)
                .into_iter()
                .next()
            {
                self.reject(place, None, reason);
                continue;
            }
            let state = State::anchor(place, anchor, self.request, self.policies_matter);
            self.arrive(Label {
                node: place,
                parent: None,
                depth: 0,
                state,
            });
        }
        while let Some(Reverse(step)) = self.waiting.pop() {
            self.steps += 1;
            // Checked for each step, not for each path: the number of paths is what an attacker
            // can make exponential.
            if self.steps > self.request.budgets.steps {
                self.exhaust("steps", self.request.budgets.steps);
            }
            if self.exhausted.is_some() {
                return None;
            }
            if let Some(label) = self.take(step) {
                if step.to == LEAF {
                    return Some(self.path(&label));
                }
                self.arrive(label);
            }
        }
        None
    }

    /// Checks the step. Returns a longer partial path if it is valid.
    fn take(&mut self, step: Step) -> Option<Label<'a>> {
        let (from, child) = (self.labels.get(step.from)?, self.node(step.to)?);
        let (depth, issuer) = (from.depth + 1, self.node(from.node)?);
        let issuer_place = from.node;
        let before = from.state.clone();
        // The cheapest tests come first. A path length costs a subtraction, a name constraint
        // comparisons, a signature a tenth of a millisecond, a revocation list as much as its size
        // demands.
        let mut state = match before.below(step.to, child, step.to == LEAF) {
            Ok(state) => state,
            Err(limit) => {
                let reason = self.too_long(limit);
                self.reject(step.to, Some(step.from), reason);
                return None;
            }
        };
        if let Err(reason) = self.keeps_policies(&mut state, child, step) {
            self.reject(step.to, Some(step.from), Reason::Policy { reason });
            return None;
        }
        // Checked before the signature: a partial path that adds nothing should cost none.
        if step.to != LEAF {
            if self.is_dominated(child, &state) {
                return None;
            }
            // A bad intermediate is bad on every path: its answer is kept, and no signature is
            // spent on it.
            if let Some(reason) = self.local(step.to, child) {
                self.reject(step.to, Some(step.from), reason);
                return None;
            }
        }
        // `?` ends the step in silence: the violation was put among the reasons where it was
        // found.
        self.keeps_constraints(step, child, &before)?;
        let inherited = self.inherited(&before, issuer);
        let answer = self.signatures.check(issuer, child, step.to, inherited);
        match answer {
            Ok(Ok(())) => {}
            Ok(Err(problem)) => {
                let issuer_name = issuer.subject().to_string();
                let reason = Reason::BadSignature {
                    issuer_name,
                    problem,
                };
                self.reject(step.to, Some(step.from), reason);
                return None;
            }
            Err(_) => {
                self.exhaust("signatures", self.signatures.limit());
                return None;
            }
        }
        if step.to != LEAF
            && let Some(reason) = self.costly(step.to, child)
        {
            self.reject(step.to, Some(step.from), reason);
            return None;
        }
        let label = Label {
            node: step.to,
            parent: Some(step.from),
            depth,
            state,
        };
        if self.request.revocation != Revocation::Off {
            let top = self.top(&label);
            let link = Link {
                certificate: child,
                issuer,
                inherited,
                anchor: self.node(top)?,
                places: (step.to, issuer_place, top),
            };
            if let Some(reason) = self.revocation(link) {
                self.reject(step.to, Some(step.from), reason);
                return None;
            }
            // The lists were not read to their end.
            if self.exhausted.is_some() {
                return None;
            }
        }
        Some(label)
    }

    /// Names that match and have the same key are one CA, however many
    /// certificates it has; for revocation, its right to sign lists also matters.
    fn entity(&mut self, certificate: &Certificate<'a>) -> (u64, usize, bool) {
        let usage = certificate.key_usage();
        let signs_crls = usage.is_none_or(|usage| usage.crl_sign());
        let key = self.signatures.key(certificate);
        (certificate.subject().hash(), key, signs_crls)
    }

    fn is_dominated(&mut self, certificate: &Certificate<'a>, state: &State<'a>) -> bool {
        let entity = self.entity(certificate);
        let labels = self.entities.get(&entity).map_or(&[][..], Vec::as_slice);
        let mut states = labels.iter().filter_map(|place| self.labels.get(*place));
        states.any(|label| label.state.allows(state))
    }

    /// Keeps a partial path, and queues the steps down from it.
    fn arrive(&mut self, label: Label<'a>) {
        let Some(node) = self.node(label.node) else {
            return;
        };
        if self.is_dominated(node, &label.state) {
            return;
        }
        let entity = self.entity(node);
        let number = self.labels.len();
        let labels = self.entities.entry(entity).or_default();
        labels.push(number);
        if labels.len() > MOST_LABELS {
            let limit = u64::try_from(MOST_LABELS).unwrap_or(u64::MAX);
            self.exhaust("partial paths to one CA", limit);
            return;
        }
        let depth = label.depth;
        self.labels.push(label);
        for child in self.by_issuer.get(node.subject().hash()) {
            let Some(certificate) = self.node(child) else {
                continue;
            };
            // The index is keyed by a hash. Names that collide in it are not issuers of one
            // another, and an attacker can choose names.
            if !certificate.issuer().matches(&node.subject()) {
                continue;
            }
            let wanted = certificate.authority_key_id().and_then(|id| id.key_id);
            let distance = match (wanted, node.subject_key_id()) {
                (Some(wanted), Some(id)) if wanted == id => 0,
                (Some(_), Some(_)) => 2,
                _ => 1,
            };
            let height = self.heights.get(child).copied().flatten().unwrap_or(0);
            let next = u64::try_from(self.waiting.len()).unwrap_or(u64::MAX);
            self.waiting.push(Reverse(Step {
                // A* on the number of certificates: those above plus the fewest that can follow.
                // The first path that arrives is therefore among the shortest by names.
                length: depth.saturating_add(1).saturating_add(height),
                distance,
                number: self.steps.saturating_add(next),
                from: number,
                to: child,
            }));
        }
    }

    fn reject(&mut self, place: usize, from: Option<usize>, reason: Reason) {
        // The first ones are kept, since shorter paths are tried first.
        if self.rejections.len() < MOST_REJECTIONS {
            self.rejections.push((place, from, reason));
        }
    }

    /// Counts work that is not a step but takes as long as that many steps.
    fn walk(&mut self, steps: usize) {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        self.steps = self.steps.saturating_add(steps);
        if self.steps > self.request.budgets.steps {
            self.exhaust("steps", self.request.budgets.steps);
        }
    }

    fn exhaust(&mut self, what: &'static str, limit: u64) {
        self.exhausted
            // The first limit that was hit is the reason; what fails afterwards fails because of
            // it.
            .get_or_insert(Reason::BudgetExhausted { what, limit });
    }

    /// The certificates of a partial path, its lowest first.
    fn path(&self, label: &Label<'a>) -> Vec<&'r Certificate<'a>> {
        let mut path: Vec<_> = self.node(label.node).into_iter().collect();
        let mut above = label.parent;
        while let Some(label) = above.and_then(|place| self.labels.get(place)) {
            path.extend(self.node(label.node));
            above = label.parent;
        }
        path
    }

    /// The place of the anchor above a partial path.
    fn top(&self, label: &Label<'a>) -> usize {
        let (mut place, mut above) = (label.node, label.parent);
        while let Some(label) = above.and_then(|place| self.labels.get(place)) {
            place = label.node;
            above = label.parent;
        }
        place
    }

    pub(super) fn work(&self) -> Work {
        Work {
            signatures: self.signatures.computed(),
            steps: self.steps,
            constraint_comparisons: self.comparisons.made(),
            revocation_entries: self.entries,
            partial_paths: u64::try_from(self.labels.len()).unwrap_or(u64::MAX),
        }
    }
}
