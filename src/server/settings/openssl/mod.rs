//! What OpenSSL 3.0 makes of the strings that every server hands to it.

mod command;
mod groups;
mod suites;

pub(super) use command::conf_command;
pub(super) use groups::{Groups, groups, is_short_name_of_curve};
pub(super) use suites::{Tls13, refuses_ciphers, tls13_suites};
