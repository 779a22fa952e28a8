//! What OpenSSL 3.0 makes of the strings that every server hands to it.

mod ciphers;
mod command;
mod groups;

pub use ciphers::{CipherList, KeyKind};
pub(super) use ciphers::{Tls13, tls13_suites};
pub(super) use command::conf_command;
pub(super) use groups::{Groups, groups, is_short_name_of_curve};
