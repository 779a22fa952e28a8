//! Whether an intermediate's root is also given.

use super::candidate::Candidate;
use super::role::is_self_signed;
use crate::model::Certificate;
use crate::signature::signed_by;
use std::collections::HashSet;

/// The most signatures that are verified for one certificate. A chain has two or
/// three links, and a CA has a handful of namesakes.
const BUDGET: usize = 64;

/// Whether a self-signed certificate above `certificate` is given or trusted.
pub(super) fn reaches_a_root(
    certificate: &Certificate<'_>,
    given: &[Candidate<'_>],
    trusted: &[(Certificate<'_>, &str)],
) -> bool {
    let pool: Vec<&Certificate<'_>> = given
        .iter()
        .map(|candidate| &candidate.certificate)
        .chain(trusted.iter().map(|(certificate, _)| certificate))
        .collect();
    let mut seen = HashSet::new();
    let mut open = vec![certificate];
    let mut left = BUDGET;
    while let Some(child) = open.pop() {
        for issuer in &pool {
            if !child.issuer().matches(&issuer.subject()) || seen.contains(issuer.der()) {
                continue;
            }
            let Some(rest) = left.checked_sub(1) else {
                return false;
            };
            left = rest;
            // A signature that is not computed here counts as one that holds: the answer is
            // advice, and no path is trusted because of it.
            if signed_by(child, issuer).is_err_and(|problem| !problem.is_not_computed()) {
                continue;
            }
            if is_self_signed(issuer) {
                return true;
            }
            seen.insert(issuer.der());
            open.push(issuer);
        }
    }
    false
}
