//! OpenSSL 3.0: crypto/x509/v3_ncons.c, `NAME_CONSTRAINTS_check` and `nc_match`.

use super::Trees;
use super::compare::{self, of_host};
use super::names::Named;
use crate::model::{Certificate, GeneralName as N, Subtree};

const PERMITTED: u8 = 47;
const EXCLUDED: u8 = 48;
const BOUNDED: u8 = 49;
const UNKNOWN_FORM: u8 = 51;
const ODD_NAME: u8 = 53;

/// The number of the error, if a name is refused.
pub(super) fn refuses(it: &Certificate<'_>, names: &[Named<'_>], trees: &Trees<'_>) -> Option<u8> {
    // An address in the subject must be an IA5String.
    if it.subject().has_email_of_other_type() {
        return Some(ODD_NAME);
    }
    let mut names = names.iter().filter_map(Named::name);
    names.find_map(|name| one(&name, trees).err())
}

fn one(name: &N<'_>, trees: &Trees<'_>) -> Result<(), u8> {
    let of_form = |tree: &&Subtree<'_>| same_form(&tree.base, name);
    let (mut any, mut held) = (false, false);
    for tree in trees.permitted.iter().filter(of_form) {
        if tree.bounded {
            return Err(BOUNDED);
        }
        any = true;
        if !held {
            held = holds(&tree.base, name)?;
        }
    }
    if any && !held {
        return Err(PERMITTED);
    }
    for tree in trees.excluded.iter().filter(of_form) {
        if tree.bounded {
            return Err(BOUNDED);
        }
        if holds(&tree.base, name)? {
            return Err(EXCLUDED);
        }
    }
    Ok(())
}

fn same_form(base: &N<'_>, name: &N<'_>) -> bool {
    match (base, name) {
        (N::Other { kind, .. }, N::Other { kind: other, .. }) => kind == other,
        _ => core::mem::discriminant(base) == core::mem::discriminant(name),
    }
}

/// `nc_match_single`.
fn holds(base: &N<'_>, name: &N<'_>) -> Result<bool, u8> {
    match (base, name) {
        (N::Directory(base), N::Directory(name)) => {
            Ok(name.canonical().starts_with(&base.canonical()))
        }
        (N::Dns(base), N::Dns(name)) => Ok(compare::dns(base, name)),
        (N::Email(base), N::Email(name)) => compare::email(base, name).ok_or(ODD_NAME),
        (N::Uri(base), N::Uri(name)) => compare::host(name)
            .map(|host| of_host(base, host))
            .ok_or(ODD_NAME),
        (N::Ip(_), N::Ip(name)) if !matches!(name.len(), 4 | 16) => Err(ODD_NAME),
        (N::Ip(base), N::Ip(name)) => Ok(compare::ip(base, name).unwrap_or(false)),
        _ => Err(UNKNOWN_FORM),
    }
}
