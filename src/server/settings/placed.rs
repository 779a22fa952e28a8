//! Values of settings, each with its lines.

use crate::protocol::Dialect;
use crate::source::Lines;

/// A value and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Its lines; none: it comes from the environment or is a default.
    pub lines: Option<Lines>,
}

/// A file that a setting names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamedPath {
    /// The setting, as the server spells it.
    pub setting: &'static str,
    /// What the file of settings says.
    pub written: String,
    /// The path that the server opens.
    pub path: String,
    /// Its lines; none: it comes from the environment or is a default.
    pub lines: Option<Lines>,
}

/// A setting of protocol versions, ready for the dialect's parser.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProtocolSetting {
    /// The dialect to read it in.
    pub dialect: Dialect,
    /// The string in that dialect.
    pub string: String,
    /// HAProxy's options from `ssl-default-bind-options`.
    pub global: Option<String>,
    /// Its lines; none: it comes from the environment.
    pub lines: Option<Lines>,
}

/// Whether a server requires a client's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientAuth {
    /// It does not ask.
    None,
    /// It asks, and continues without one.
    Optional,
    /// It ends the handshake if the client has none.
    Required,
}

impl ClientAuth {
    /// `none`, `optional` or `required`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }
}
