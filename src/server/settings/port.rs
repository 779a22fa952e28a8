//! The port that a server listens on, given what its settings say.

use super::shown;
use crate::rule::{self, ConfigFact};

/// What a server does if its port is not a port number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listens {
    On(u16),
    /// Port 0: the system chooses.
    Anywhere,
    Nowhere,
}

/// Why a value is not a port number.
pub(crate) const NO_PORT: &str = "it is not a number from 1 to 65535";

pub(super) fn port_fact(setting: &str, value: &str, listens: Listens) -> ConfigFact {
    let reason = match listens {
        Listens::On(port) => format!("the server reports nothing and listens on {port}"),
        Listens::Anywhere => {
            "the server reports nothing and listens on whichever port is free".to_owned()
        }
        Listens::Nowhere => NO_PORT.to_owned(),
    };
    ConfigFact::Port(rule::config::Port {
        option: setting.to_owned(),
        value: shown(value),
        reason,
    })
}

impl From<u16> for Listens {
    fn from(port: u16) -> Self {
        match port {
            0 => Self::Anywhere,
            _ => Self::On(port),
        }
    }
}
