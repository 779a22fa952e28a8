//! Java 17: sun/security/x509/NameConstraintsExtension.java, `verify`, and the
//! `constrains` of each form of name.

use super::Trees;
use super::compare::{self, of_host};
use super::names::Named;
use crate::client::java_names;
use crate::model::{Certificate, GeneralName as N, Subtree};

pub(super) fn refuses(names: &[Named<'_>], trees: &Trees<'_>) -> bool {
    // "Non-zero minimum BaseDistance in name constraints not supported".
    if trees.all().any(|tree| tree.bounded) {
        return true;
    }
    names.iter().filter_map(Named::name).any(|name| {
        let of_form = |tree: &&Subtree<'_>| {
            core::mem::discriminant(&tree.base) == core::mem::discriminant(&name)
        };
        let mut excluded = trees.excluded.iter().filter(of_form);
        if excluded.any(|tree| holds(&tree.base, &name) != Some(false)) {
            return true;
        }
        let mut permitted = trees.permitted.iter().filter(of_form).peekable();
        if permitted.peek().is_none() {
            return false;
        }
        // The first match ends the loop, and so does the first exception.
        let decided = permitted
            .map(|tree| holds(&tree.base, &name))
            .find(|answer| *answer != Some(false));
        decided.flatten() != Some(true)
    })
}

/// Removes what is excluded from what is permitted, as `merge` does if a path has more than one CA
/// with constraints (`GeneralSubtrees.reduce`): if nothing is left of a form, every name of that
/// form is permitted (measured: 17.0.15). `above` are the CAs above the certificate that is judged,
/// without the anchor. Returns the number of comparisons.
pub(super) fn reduce(trees: &mut Trees<'_>, above: &[&Certificate<'_>]) -> usize {
    let all = above.iter().filter_map(|ca| {
        let read = java_names::are_constraints_read(ca);
        ca.name_constraints().filter(|_| read)
    });
    let all: Vec<_> = all.collect();
    if all.len() < 2 || trees.permitted.is_empty() {
        return 0;
    }
    let excluded: Vec<_> = all.iter().flat_map(|it| it.excluded()).collect();
    let made = excluded.len().saturating_mul(trees.permitted.len());
    if made <= super::MOST {
        let takes = |excluded: &Subtree<'_>, permitted: &Subtree<'_>| {
            holds(&excluded.base, &permitted.base) == Some(true)
        };
        trees
            .permitted
            .retain(|permitted| !excluded.iter().any(|it| takes(it, permitted)));
    }
    made
}

/// `None` if Java throws an exception instead of an answer: an empty constraint, a URI without a
/// host, a form that cannot be narrowed.
fn holds(base: &N<'_>, name: &N<'_>) -> Option<bool> {
    match (base, name) {
        (N::Dns(""), N::Dns(_)) => None,
        (N::Dns(base), N::Dns(name)) => Some(compare::dns(base, name)),
        (N::Email(base), N::Email(name)) => Some(compare::email(base, name).unwrap_or(false)),
        (N::Uri(base), N::Uri(name)) => compare::host(name).map(|host| of_host(base, host)),
        (N::Ip(base), N::Ip(name)) => address(base, name),
        (N::Directory(base), N::Directory(name)) => {
            Some(name.canonical().starts_with(&base.canonical()))
        }
        (N::Registered(base), N::Registered(name)) if base == name => Some(true),
        _ => None,
    }
}

/// `IPAddressName.constrains`: the base is not masked, so one with host bits contains nothing; an
/// IPv6 address is compared with an IPv4 base by its first four bytes, and an IPv4 address that is
/// equal up to there causes an exception (measured: 17.0.15).
fn address(base: &[u8], name: &[u8]) -> Option<bool> {
    if base == name {
        return Some(true);
    }
    if !matches!(base.len(), 8 | 32) || !matches!(name.len(), 4 | 16) {
        return Some(false);
    }
    let (network, mask) = base.split_at(base.len() / 2);
    for (place, (network, mask)) in network.iter().zip(mask).enumerate() {
        if name.get(place)? & mask != *network {
            return Some(false);
        }
    }
    Some(true)
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_are_compared_byte_by_byte() {
        let all6 = [0; 32];
        let ten = [10, 0, 0, 0, 255, 0, 0, 0];
        let host_bits = [10, 1, 2, 1, 255, 255, 255, 0];
        for (base, name, holds) in [
            (&ten[..], &[10, 1, 2, 3][..], Some(true)),
            (&ten, &[11, 1, 2, 3], Some(false)),
            (&host_bits, &[10, 1, 2, 1], Some(false)),
            (&all6, &[10, 1, 2, 3], None),
            (&[0; 8], &[0x20; 16], Some(true)),
            (&[10, 1, 2, 3], &[10, 1, 2, 3], Some(true)),
        ] {
            assert_eq!(address(base, name), holds, "{base:?} {name:?}");
        }
    }
}
