//! Options: what follows them, what they are used for, and those that every
//! command knows.

use super::command::FileRole;
use Takes::{Nothing, Secret, Value};
use Use::Unused;

/// What follows an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Nothing,
    Value,
    /// A value that is never kept.
    Secret,
    /// A value that is never kept, or nothing.
    MaybeSecret,
}

/// Whether a command can do without an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Optional,
    Required,
    /// Required, if that is known.
    Likely,
}

/// What an option's value is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    File(FileRole),
    Protocols,
    Passphrase,
    ConnectionType,
    Host,
    Port,
    Region,
    KeyArn,
    InternalOnly,
    PortName,
    ConfigKey,
    ConfigValue,
    Server,
    TrustController,
    Help,
    /// `--no-ssl`.
    NoTls,
    /// `--force-keys`.
    ForceKeys,
    /// A file that the command writes, with this ending.
    Output(&'static str),
    Url(UrlForm),
    /// The name of a key vault of Azure.
    Vault,
    /// The name of a key in it.
    VaultKey,
    /// A whole number of these units.
    Number(&'static str),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Nothing here uses it.
    Unused,
}

/// Which URL is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UrlForm {
    /// Where users return to: that of Tableau Server, without a trailing slash.
    Return,
    /// That of an identity provider.
    Provider,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Opt {
    pub(super) long: &'static str,
    pub(super) short: Option<&'static str>,
    pub(super) takes: Takes,
    pub(super) need: Need,
    pub(super) used: Use,
}

impl Opt {
    /// The spelling for messages.
    pub(super) const fn name(&self) -> &'static str {
        self.long
    }

    /// With a short name.
    pub(super) const fn short(mut self, short: &'static str) -> Self {
        self.short = Some(short);
        self
    }

    pub(super) const fn required(mut self) -> Self {
        self.need = Need::Required;
        self
    }

    pub(super) const fn likely(mut self) -> Self {
        self.need = Need::Likely;
        self
    }
}

/// An option that a command can do without.
pub(super) const fn opt(long: &'static str, takes: Takes, used: Use) -> Opt {
    Opt {
        long,
        short: None,
        takes,
        need: Need::Optional,
        used,
    }
}

/// `--user-name-mapping` of mutual SSL.
pub(super) const MAPPING: Use = Use::OneOf(&["upn", "ldap", "cn"]);

/// "Global options" of every page.
pub(super) const GLOBAL: &[Opt] = &[
    opt("--help", Nothing, Use::Help).short("-h"),
    opt("--password", Secret, Unused).short("-p"),
    opt("--server", Value, Use::Server).short("-s"),
    opt(
        "--trust-admin-controller-cert",
        Nothing,
        Use::TrustController,
    ),
    opt("--username", Value, Unused).short("-u"),
    // Listed for regenerate-internal-tokens only, but the program's own shell
    // completion offers it everywhere.
    opt("--request-timeout", Value, Use::Number("seconds")),
];

/// The options of certcheck that may be among those of tsm.
pub(super) const OURS: &[Opt] = &[
    opt("--format", Value, Unused),
    opt("--color", Value, Unused),
    opt("--at", Value, Unused),
    opt("--host", Value, Unused),
    opt("--anchors", Value, Unused),
    opt("--client", Value, Unused),
    opt("--run-as", Value, Unused),
    opt("--deny", Value, Unused),
    opt("--warn", Value, Unused),
    opt("--allow", Value, Unused),
    opt("--config-file", Value, Unused),
    opt("--no-config-file", Nothing, Unused),
    opt("--expires-within", Value, Unused),
    opt("--passphrase-file", Value, Unused),
    opt("--passphrase-env", Value, Unused),
    opt("--passphrase-stdin", Nothing, Unused),
    opt("--saml", Nothing, Unused),
    opt("--tableau-version", Value, Unused),
    opt("--path-map", Value, Unused),
    opt("--shell", Value, Unused),
    opt("--define", Value, Unused),
    opt("--for", Value, Unused),
    opt("--user-cert", Value, Unused),
    opt("--smtp", Value, Unused),
    opt("--quiet", Nothing, Unused).short("-q"),
    opt("--verbose", Nothing, Unused).short("-v"),
];
