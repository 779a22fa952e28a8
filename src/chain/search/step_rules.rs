//! The rules that one step down a path must follow.

use super::state::{Limit, State};
use super::{LEAF, Search, Step};
use crate::chain::constraints::{Names, Violation};
use crate::chain::policy::Policies;
use crate::chain::profile::Constraints;
use crate::chain::reason::Reason;
use crate::chain::rules::PathRole;
use crate::model::Certificate;
use std::rc::Rc;

impl<'r, 'a> Search<'r, 'a> {
    // The verdicts of `local` and `costly` depend on the certificate alone, not on the path to it:
    // a certificate on a thousand paths is judged once.

    /// The first fault of one certificate that can be found without computing a signature.
    pub(super) fn local(&mut self, place: usize, node: &Certificate<'_>) -> Option<Reason> {
        let rules = self.rules;
        let check = || rules.cheap(node, PathRole::Intermediate);
        self.local.entry(place).or_insert_with(check).clone()
    }

    /// The first other fault of it, which may need a signature to find.
    pub(super) fn costly(&mut self, place: usize, node: &Certificate<'_>) -> Option<Reason> {
        let rules = self.rules;
        let check = || rules.costly(node, PathRole::Intermediate);
        self.costly.entry(place).or_insert_with(check).clone()
    }

    pub(super) fn too_long(&self, limit: Limit) -> Reason {
        match limit.set_by.and_then(|place| self.node(place)) {
            Some(ca) => Reason::PathLength {
                ca: ca.subject().to_string(),
                limit: u64::from(limit.allowed),
            },
            None => Reason::TooDeep {
                limit: u64::from(limit.allowed),
            },
        }
    }

    /// Whether the names of `child` comply with all constraints above it.
    pub(super) fn keeps_constraints(
        &mut self,
        step: Step,
        child: &'r Certificate<'a>,
        state: &State<'a>,
    ) -> Option<()> {
        // RFC 5280 6.1.3 (b), (c): a self-issued certificate is exempt, unless it is the last of
        // the path.
        let reading = self.request.profile.constraints;
        if reading == Constraints::Elsewhere
            || state.constraints.is_empty()
            || (step.to != LEAF && child.is_self_issued())
        {
            return Some(());
        }
        for &ca in &state.constraints {
            // The names of one certificate against one CA's constraints give the same answer on
            // every path that contains both.
            let violation = match self.violations.get(&(ca, step.to)) {
                Some(known) => known.clone(),
                None => {
                    let constraints = self.node(ca)?.name_constraints()?;
                    let with_common =
                        step.to == LEAF && self.request.profile.common_names_constrained;
                    // Read once for each certificate: a certificate may have ten thousand names
                    // and be below a hundred constrained CAs.
                    let names = self
                        .names
                        .entry(step.to)
                        .or_insert_with(|| Names::of(child, with_common, reading));
                    let Ok(found) = names.check(&constraints, &mut self.comparisons) else {
                        self.exhaust("name comparisons", self.comparisons.limit());
                        return None;
                    };
                    self.violations.insert((ca, step.to), found.clone());
                    found
                }
            };
            if let Some(Violation { name, constraint }) = violation {
                let ca = self.node(ca)?.subject().to_string();
                let reason = Reason::NameConstraints {
                    ca,
                    name,
                    constraint,
                };
                self.reject(step.to, Some(step.from), reason);
                return None;
            }
        }
        Some(())
    }

    /// Whether the policies along the path are acceptable; the graph grows by one level.
    pub(super) fn keeps_policies(
        &mut self,
        state: &mut State<'a>,
        child: &Certificate<'a>,
        step: Step,
    ) -> Result<(), String> {
        let Some(above) = &state.policies else {
            return Ok(());
        };
        // A step that copies a graph of a thousand nodes takes as long as a hundred steps without
        // one. The certificate's size bounds the policies in it, which are not read at this point.
        let size = above.size().saturating_add(child.der().len() / 32);
        let extra = u64::try_from(size / 10).unwrap_or(u64::MAX);
        self.steps = self.steps.saturating_add(extra);
        let mut policies = Policies::clone(above);
        let inputs = &self.request.policies;
        policies.process(child, step.to == LEAF, inputs)?;
        if step.to == LEAF {
            policies.finish(child, inputs)?;
        } else {
            policies.prepare(child, inputs);
            state.policies = Some(Rc::new(policies));
        }
        Ok(())
    }

    /// The parameters for a DSA key that has none.
    pub(super) fn inherited(
        &self,
        state: &State<'a>,
        issuer: &Certificate<'a>,
    ) -> Option<(usize, &'a [u8])> {
        let source = state.dsa_parameters?;
        if !crate::signature::is_dsa(issuer.key_info())
            || crate::signature::dsa_parameters(issuer.key_info()).is_some()
        {
            return None;
        }
        let parameters = crate::signature::dsa_parameters(self.node(source)?.key_info())?;
        Some((source, parameters))
    }
}
