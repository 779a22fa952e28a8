//! GnuTLS 3.7.9: lib/x509/name_constraints.c.
//!
//! A CA with a constraint of a form other than five may issue nothing. URIs and directory names are
//! not compared: an exclusion of one excludes all.

use super::Trees;
use super::compare;
use super::names::Named;
use crate::model::{Certificate, GeneralName as N};

pub(super) fn refuses(_: &Certificate<'_>, names: &[Named<'_>], trees: &Trees<'_>) -> bool {
    if trees.all().any(|tree| !is_known(&tree.base)) {
        return true;
    }
    let speaks_of = |form: fn(&N<'_>) -> bool| trees.all().any(|tree| form(&tree.base));
    let excludes = |form: fn(&N<'_>) -> bool| {
        trees
            .excluded
            .iter()
            .any(|constraint| form(&constraint.base))
    };
    if excludes(|name| matches!(name, N::Directory(_))) {
        return true;
    }
    names.iter().any(|named| match named {
        Named::TwoCommon => speaks_of(|name| matches!(name, N::Dns(_))),
        Named::TwoEmails => speaks_of(|name| matches!(name, N::Email(_))),
        _ => named.name().is_some_and(|name| match name {
            N::Uri(_) => excludes(|name| matches!(name, N::Uri(_))),
            name => is_outside(&name, trees),
        }),
    })
}

fn is_known(base: &N<'_>) -> bool {
    match base {
        N::Dns(_) | N::Email(_) | N::Directory(_) | N::Uri(_) => true,
        N::Ip(bytes) => matches!(bytes.len(), 8 | 32) && is_prefix(bytes),
        _ => false,
    }
}

/// `_gnutls_mask_to_prefix`: ones, then zeros.
fn is_prefix(bytes: &[u8]) -> bool {
    let (_, mask) = bytes.split_at(bytes.len() / 2);
    let bits = mask
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1));
    bits.clone()
        .zip(bits.skip(1))
        .all(|(bit, next)| bit >= next)
}

/// Hosts, mailboxes and addresses. An empty constraint excludes all and permits all; an
/// address is compared with networks of its own family only.
fn is_outside(name: &N<'_>, trees: &Trees<'_>) -> bool {
    if trees
        .excluded
        .iter()
        .any(|tree| holds(&tree.base, name) == Some(true))
    {
        return true;
    }
    let mut answers = trees
        .permitted
        .iter()
        .filter(|tree| !matches!(tree.base, N::Dns("") | N::Email("")))
        .filter_map(|tree| holds(&tree.base, name))
        .peekable();
    answers.peek().is_some() && !answers.any(|holds| holds)
}

fn holds(base: &N<'_>, name: &N<'_>) -> Option<bool> {
    match (base, name) {
        // A final dot does not count (measured).
        (N::Dns(base), N::Dns(name)) => Some(compare::dns(trim(base), trim(name))),
        (N::Email(base), N::Email(name)) => Some(compare::email(base, name).unwrap_or(false)),
        (N::Ip(base), N::Ip(name)) => compare::ip(base, name),
        _ => None,
    }
}

fn trim(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}
