//! How OpenSSL 3.0 reads the strings that every server passes to it.

mod command;
mod dh;
mod groups;
mod inherit;
mod schemes;
mod suites;

pub(super) use command::{Meaning, apply, meaning, switched_before};
pub(super) use dh::{DH_LABELS, dh_bits};
pub(super) use groups::{Groups, groups, is_short_name_of_curve};
pub(super) use schemes::schemes;
pub(super) use suites::{Tls13, refuses_ciphers, tls13_suites};
