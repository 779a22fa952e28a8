//! NSS: lib/certdb/genname.c, `CERT_CheckNameSpace` and `cert_CompareNameWithConstraints`.
//!
//! It ignores minimum and maximum, and is lenient with forms that it does not use.

use super::Trees;
use super::compare::{self, of_host};
use super::names::Named;
use crate::model::{GeneralName as N, Subtree};

pub(super) fn refuses(names: &[Named<'_>], trees: &Trees<'_>) -> bool {
    names.iter().filter_map(Named::name).any(|name| {
        let of_form = |tree: &&Subtree<'_>| {
            core::mem::discriminant(&tree.base) == core::mem::discriminant(&name)
        };
        let mut excluded = trees.excluded.iter().filter(of_form);
        // A URI without a host breaks every constraint.
        if excluded.any(|tree| holds(&tree.base, &name, true) != Some(false)) {
            return true;
        }
        let mut permitted = trees.permitted.iter().filter(of_form).peekable();
        permitted.peek().is_some()
            && !permitted.any(|tree| holds(&tree.base, &name, false) == Some(true))
    })
}

fn holds(base: &N<'_>, name: &N<'_>, excluded: bool) -> Option<bool> {
    Some(match (base, name) {
        (N::Dns(base), N::Dns(name)) => compare::dns(base, name),
        (N::Email(base), N::Email(name)) => compare::email(base, name).unwrap_or(false),
        (N::Uri(base), N::Uri(name)) => {
            let host = compare::host(name)?;
            !base.is_empty() && of_host(base, host)
        }
        (N::Ip(base), N::Ip(name)) => compare::ip(base, name).unwrap_or(false),
        // It compares as many RDNs as both have: a shorter name is in the tree too.
        (N::Directory(base), N::Directory(name)) => {
            let (base, name) = (base.canonical(), name.canonical());
            name.starts_with(&base) || base.starts_with(&name)
        }
        (N::Other { kind, .. }, N::Other { kind: other, .. }) => !excluded && kind == other,
        _ => !excluded,
    })
}
