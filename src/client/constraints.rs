//! Name constraints along one path, by the room that knows them.

use crate::Time;
use crate::chain::{self, Profile, Reason, Request};
use crate::model::Certificate;

/// An anchor's own constraints count as those of any CA.
static WHOLE_PATH: Profile = Profile {
    judges_anchors: true,
    // OpenSSL (`NAME_CONSTRAINTS_check_CN`), GnuTLS and NSS fall back to commonNames.
    common_names_constrained: true,
    wildcards_excluded: false,
    ..Profile::RFC5280
};

/// The name constraint that a path breaks: the name, and the constraint.
pub(super) fn broken(
    path: &[&Certificate<'_>],
    with_anchor: bool,
    at: Time,
) -> Option<(String, String)> {
    if !path.iter().any(|it| it.name_constraints().is_some()) {
        return None;
    }
    let (leaf, above) = path.split_first()?;
    let (anchor, between) = above.split_last()?;
    let between: Vec<_> = between.iter().map(|it| (*it).clone()).collect();
    let anchor = [(*anchor).clone()];
    let mut request = Request::new(leaf, &between, &anchor, at);
    if with_anchor {
        request.profile = &WHOLE_PATH;
    }
    let answer = chain::verify(&request);
    answer
        .reasons
        .into_iter()
        .find_map(|rejection| match rejection.reason {
            Reason::NameConstraints {
                name, constraint, ..
            } => Some((name, constraint)),
            _ => None,
        })
}
