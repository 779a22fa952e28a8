//! What a partial path still allows.

use crate::chain::policy::Policies;
use crate::chain::request::{Request, Revocation};
use crate::model::Certificate;
use crate::signature;
use std::rc::Rc;

/// A partial path, from an anchor down to a CA.
pub(super) struct Label<'a> {
    /// The CA's place among the nodes.
    pub(super) node: usize,
    /// The partial path that it continues.
    pub(super) parent: Option<usize>,
    /// Certificates above it.
    pub(super) depth: u32,
    pub(super) state: State<'a>,
}

/// The variables of RFC 5280 6.1.2 that matter for what may follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State<'a> {
    length: Limit,
    /// Places of the CAs whose name constraints hold, in ascending order.
    pub(super) constraints: Vec<usize>,
    /// Place of the certificate with the DSA parameters in force, if the
    /// CA's key has none itself.
    pub(super) dsa_parameters: Option<usize>,
    /// The anchor's place, if lists are checked: their signers must lead to it too.
    anchor: Option<usize>,
    /// The policy graph, if a policy may be required at all.
    pub(super) policies: Option<Rc<Policies<'a>>>,
}

/// How many intermediates may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    left: u32,
    /// The limit, and who set it; if no certificate did, the caller.
    pub(super) allowed: u32,
    pub(super) set_by: Option<usize>,
}

impl Limit {
    fn at_most(self, length: Option<u32>, by: usize) -> Self {
        match length {
            Some(length) if length < self.left => Self {
                left: length,
                allowed: length,
                set_by: Some(by),
            },
            _ => self,
        }
    }
}

impl<'a> State<'a> {
    /// The state of the empty path below an anchor.
    pub(super) fn anchor(
        place: usize,
        anchor: &Certificate<'_>,
        request: &Request<'_, '_>,
        policies_matter: bool,
    ) -> Self {
        let allowed = request.max_depth.unwrap_or(u32::MAX);
        let state = Self {
            length: Limit {
                left: allowed,
                allowed,
                set_by: None,
            },
            constraints: Vec::new(),
            dsa_parameters: signature::dsa_parameters(anchor.key_info()).map(|_| place),
            anchor: (request.revocation != Revocation::Off).then_some(place),
            policies: policies_matter.then(|| Rc::new(Policies::new(&request.policies))),
        };
        // A profile that judges anchors also lets their pathLenConstraint and nameConstraints bind
        // the path, as OpenSSL and Go do.
        if request.profile.judges_anchors {
            state.constrained_by(place, anchor)
        } else {
            state
        }
    }

    fn constrained_by(mut self, place: usize, ca: &Certificate<'_>) -> Self {
        let length = ca.basic_constraints().and_then(|basic| basic.path_length);
        self.length = self.length.at_most(length, place);
        if ca.name_constraints().is_some()
            && let Err(at) = self.constraints.binary_search(&place)
        {
            self.constraints.insert(at, place);
        }
        self
    }

    /// The state below `certificate` (RFC 5280 6.1.4), or the limit that it exceeds.
    pub(super) fn below(
        &self,
        place: usize,
        certificate: &Certificate<'_>,
        last: bool,
    ) -> Result<Self, Limit> {
        // The end-entity closes the path: nothing that its state could limit follows.
        let mut state = self.clone();
        if last {
            return Ok(state);
        }
        // (l): self-issued certificates are not counted.
        if !certificate.is_self_issued() {
            state.length.left = state.length.left.checked_sub(1).ok_or(self.length)?;
        }
        // (d), (e), (f): a DSA key without parameters uses those above it.
        let key = certificate.key_info();
        state.dsa_parameters = match (signature::is_dsa(key), signature::dsa_parameters(key)) {
            (true, Some(_)) => Some(place),
            (true, None) => state.dsa_parameters,
            (false, _) => None,
        };
        Ok(state.constrained_by(place, certificate))
    }

    /// Whether everything that may follow `other` may follow this one.
    pub(super) fn allows(&self, other: &Self) -> bool {
        // Equal or weaker in every variable: only then can no continuation be lost by giving the
        // other path up.
        let mut theirs = other.constraints.iter();
        self.length.left >= other.length.left
            && self.dsa_parameters == other.dsa_parameters
            && self.anchor == other.anchor
            && self.policies == other.policies
            && self
                // Both lists are in ascending order, so one walk through theirs finds each of mine
                // or shows that one is missing.
                .constraints
                .iter()
                .all(|mine| theirs.any(|constraint| constraint == mine))
    }
}
