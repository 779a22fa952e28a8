//! The commands of `tsm` and their options.
//!
//! Sources: help.tableau.com "tsm security" (`cli_security_tsm.htm`) and "tsm
//! authentication" (`cli_authentication_tsm.htm`), with their section on global
//! options. Rows marked "from memory" could not be compared with a page; they
//! are `open`, that is, an option that the row does not know is accepted.

use super::command::FileRole::{CaCertificate, Certificate, Chain, Key, RevocationList};
use super::command::Service;
use super::options::Takes::{MaybeSecret, Nothing, Secret, Value};
use super::options::Use::{self, File, Unused};
use super::options::{Opt, opt};

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    ExternalSsl,
    CustomTsmSsl,
    Saml,
    MutualSsl,
    CustomCert,
    Service(Service, &'static [&'static str]),
    KmsAws,
    RepositorySsl,
    Login,
    Apply,
    SetPorts,
    SetConfiguration,
    /// Nothing to check; its own words are not checked.
    Other,
}

#[derive(Debug)]
pub(super) struct Command {
    pub(super) path: &'static [&'static str],
    pub(super) kind: Kind,
    pub(super) options: &'static [Opt],
    /// Options beyond these are accepted.
    pub(super) open: bool,
}

const fn command(path: &'static [&'static str], kind: Kind, options: &'static [Opt]) -> Command {
    Command {
        path,
        kind,
        options,
        open: false,
    }
}

const fn open(path: &'static [&'static str], kind: Kind, options: &'static [Opt]) -> Command {
    Command {
        path,
        kind,
        options,
        open: true,
    }
}

/// A command, or a whole group of them, that has nothing to check.
const fn other(path: &'static [&'static str]) -> Command {
    open(path, Kind::Other, &[])
}

/// Every command. The short names -cf and -kf are on the page of `saml
/// configure`; that external-ssl and custom-tsm-ssl know them is from memory.
pub(super) const COMMANDS: &[Command] = &[
    command(
        &["security", "external-ssl", "enable"],
        Kind::ExternalSsl,
        &[
            opt("--cert-file", Value, File(Certificate))
                .short("-cf")
                .required(),
            opt("--key-file", Value, File(Key)).short("-kf").required(),
            opt("--chain-file", Value, File(Chain)),
            opt("--passphrase", MaybeSecret, Use::Passphrase),
            opt("--protocols", Value, Use::Protocols),
        ],
    ),
    // Options from memory; that it wants both files is certain enough.
    open(
        &["security", "custom-tsm-ssl", "enable"],
        Kind::CustomTsmSsl,
        &[
            opt("--cert-file", Value, File(Certificate))
                .short("-cf")
                .required(),
            opt("--key-file", Value, File(Key)).short("-kf").required(),
            opt("--chain-file", Value, File(Chain)),
            opt("--passphrase", MaybeSecret, Use::Passphrase),
            opt("--skip-validation", Nothing, Unused),
        ],
    ),
    command(
        &["security", "custom-cert", "add"],
        Kind::CustomCert,
        &[opt("--cert-file", Value, File(CaCertificate))
            .short("-c")
            .required()],
    ),
    command(
        &["security", "kms", "set-mode", "aws"],
        Kind::KmsAws,
        &[
            opt("--key-arn", Value, Use::KeyArn).required(),
            opt("--aws-region", Value, Use::Region).required(),
        ],
    ),
    command(
        &["security", "repository-ssl", "enable"],
        Kind::RepositorySsl,
        &[opt("--internal-only", Nothing, Use::InternalOnly).short("-i")],
    ),
    // The page names -cf and does not give its long form.
    open(
        &["security", "maestro-rserve-ssl", "enable"],
        Kind::Service(
            Service::FlowRserve,
            &["maestro-rserve-secure", "maestro-rserve"],
        ),
        &[
            opt("--connection-type", Value, Use::ConnectionType).required(),
            opt("--rserve-host", Value, Use::Host).required(),
            opt("--rserve-port", Value, Use::Port).required(),
            opt("--rserve-username", Value, Unused),
            opt("--rserve-password", Secret, Unused),
            opt("--rserve-connect-timeout-ms", Value, Unused),
            opt("--cert-file", Value, File(CaCertificate)).short("-cf"),
        ],
    ),
    open(
        &["security", "maestro-tabpy-ssl", "enable"],
        Kind::Service(
            Service::FlowTabPy,
            &["maestro-tabpy-secure", "maestro-tabpy"],
        ),
        &[
            opt("--connection-type", Value, Use::ConnectionType).required(),
            opt("--tabpy-host", Value, Use::Host).required(),
            opt("--tabpy-port", Value, Use::Port).required(),
            opt("--tabpy-username", Value, Unused),
            opt("--tabpy-password", Secret, Unused),
            opt("--tabpy-connect-timeout-ms", Value, Unused),
            opt("--cert-file", Value, File(CaCertificate)).short("-cf"),
        ],
    ),
    // From memory: gone since 2020.2.
    open(
        &["security", "vizql-extsvc-ssl", "enable"],
        Kind::Service(
            Service::AnalyticsExtension,
            &["rserve-secure", "rserve", "tabpy-secure", "tabpy"],
        ),
        &[
            opt("--connection-type", Value, Use::ConnectionType).likely(),
            opt("--extsvc-host", Value, Use::Host).likely(),
            opt("--extsvc-port", Value, Use::Port).likely(),
            opt("--extsvc-username", Value, Unused),
            opt("--extsvc-password", Secret, Unused),
            opt("--connect-timeout-ms", Value, Unused),
            opt("--cert-file", Value, File(CaCertificate)).short("-cf"),
        ],
    ),
    // The page's list could not be read to its end for all versions.
    open(
        &["authentication", "saml", "configure"],
        Kind::Saml,
        &[
            opt("--cert-file", Value, File(Certificate)).short("-cf"),
            opt("--key-file", Value, File(Key)).short("-kf"),
            opt("--idp-entity-id", Value, Unused).short("-e"),
            opt("--idp-return-url", Value, Unused).short("-r"),
            opt("--idp-metadata", Value, Unused).short("-i"),
            opt("--max-auth-age", Value, Unused).short("-a"),
            opt("--desktop-access", Value, Unused).short("-d"),
            opt("--mobile-access", Value, Unused).short("-m"),
            opt("--signout", Value, Unused).short("-so"),
            opt("--signout-url", Value, Unused).short("-su"),
        ],
    ),
    command(
        &["authentication", "mutual-ssl", "configure"],
        Kind::MutualSsl,
        &[
            opt("--ca-cert", Value, File(CaCertificate)).short("-cf"),
            opt("--revocation-file", Value, File(RevocationList)).short("-rf"),
            opt("--fallback-to-basic", Value, Unused).short("-fb"),
            opt("--user-name-mapping", Value, Unused).short("-m"),
        ],
    ),
    command(&["login"], Kind::Login, &[]),
    // From public scripts of administrators.
    open(
        &["pending-changes", "apply"],
        Kind::Apply,
        &[
            opt("--ignore-prompt", Nothing, Unused),
            opt("--ignore-warnings", Nothing, Unused),
        ],
    ),
    open(
        &["topology", "set-ports"],
        Kind::SetPorts,
        &[
            opt("--instance", Value, Unused).short("-i"),
            opt("--node-name", Value, Unused).short("-n"),
            opt("--port-name", Value, Use::PortName)
                .short("-pn")
                .likely(),
            opt("--port-value", Value, Use::Port).short("-pv").likely(),
        ],
    ),
    other(&["security", "authorize-credential-migration"]),
    other(&["security", "cancel-credential-migrations"]),
    other(&["security", "custom-cert", "delete"]),
    other(&["security", "custom-cert", "list"]),
    other(&["security", "custom-indexandsearch-ssl"]),
    other(&["security", "custom-tsm-ssl", "disable"]),
    other(&["security", "custom-tsm-ssl", "list"]),
    other(&["security", "external-ssl", "disable"]),
    other(&["security", "external-ssl", "list"]),
    other(&["security", "kms", "set-mode", "azure"]),
    other(&["security", "kms", "set-mode", "local"]),
    other(&["security", "kms", "status"]),
    other(&["security", "maestro-rserve-ssl", "disable"]),
    other(&["security", "maestro-tabpy-ssl", "disable"]),
    other(&["security", "regenerate-internal-tokens"]),
    other(&["security", "repository-ssl", "disable"]),
    other(&["security", "repository-ssl", "get-certificate-file"]),
    other(&["security", "repository-ssl", "list"]),
    other(&["security", "rotate-coordination-service-secrets"]),
    other(&["security", "validate-asset-keys"]),
    other(&["security", "vizql-extsvc-ssl", "disable"]),
    other(&["security", "vizql-extsvc-ssl", "list"]),
    other(&["authentication", "identity-migration"]),
    other(&["authentication", "identity-pools"]),
    other(&["authentication", "kerberos"]),
    other(&["authentication", "legacy-identity-mode"]),
    other(&["authentication", "list"]),
    other(&["authentication", "mutual-ssl", "disable"]),
    other(&["authentication", "mutual-ssl", "enable"]),
    other(&["authentication", "openid"]),
    other(&["authentication", "pat-impersonation"]),
    other(&["authentication", "saml", "disable"]),
    other(&["authentication", "saml", "enable"]),
    other(&["authentication", "saml", "export-metadata"]),
    other(&["authentication", "saml", "map-assertions"]),
    other(&["authentication", "sitesaml"]),
    other(&["authentication", "sspi"]),
    other(&["authentication", "trusted"]),
    other(&["pending-changes", "discard"]),
    other(&["pending-changes", "list"]),
    other(&["topology", "cleanup-coordination-service"]),
    other(&["topology", "deploy-coordination-service"]),
    other(&["topology", "external-services"]),
    other(&["topology", "failover-repository"]),
    other(&["topology", "filestore"]),
    other(&["topology", "list-nodes"]),
    other(&["topology", "list-ports"]),
    other(&["topology", "nodes"]),
    other(&["topology", "remove-nodes"]),
    other(&["topology", "set-node-role"]),
    other(&["topology", "set-process"]),
    other(&["topology", "toggle-coordination-service"]),
    other(&["commands"]),
    // Options from memory.
    open(
        &["configuration", "set"],
        Kind::SetConfiguration,
        &[
            opt("--key", Value, Use::ConfigKey).short("-k").required(),
            opt("--value", Value, Use::ConfigValue).short("-v"),
            opt("--use-default", Nothing, Unused).short("-d"),
            opt("--force-keys", Nothing, Unused).short("-frc"),
        ],
    ),
    other(&["configuration", "get"]),
    other(&["configuration", "list-dynamic-keys"]),
    other(&["customize"]),
    other(&["data-access"]),
    other(&["email"]),
    other(&["help"]),
    other(&["initialize"]),
    other(&["jobs"]),
    other(&["licenses"]),
    other(&["logout"]),
    other(&["maintenance"]),
    other(&["register"]),
    other(&["reset"]),
    other(&["restart"]),
    other(&["schedules"]),
    other(&["settings"]),
    other(&["sites"]),
    other(&["start"]),
    other(&["status"]),
    other(&["stop"]),
    other(&["update-trust"]),
    other(&["user-identity-store"]),
    other(&["version"]),
];

/// The words that may follow `path`, each once, in the order of the table.
pub(super) fn children(path: &[&str]) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for command in COMMANDS {
        if command.path.starts_with(path)
            && let Some(name) = command.path.get(path.len())
            && !names.contains(name)
        {
            names.push(name);
        }
    }
    names
}

/// The command of exactly that path.
pub(super) fn command_at(path: &[&str]) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.path == path)
}

#[cfg(test)]
mod tests {
    use super::{COMMANDS, Command};
    use crate::preflight::tsm::options::{GLOBAL, OURS, Opt};
    use std::collections::HashSet;

    #[test]
    fn no_command_is_the_beginning_of_another_and_none_comes_twice() {
        for (index, one) in COMMANDS.iter().enumerate() {
            for (other, two) in COMMANDS.iter().enumerate() {
                assert!(
                    index == other || !two.path.starts_with(one.path),
                    "{:?} hides {:?}",
                    one.path,
                    two.path
                );
            }
        }
    }

    fn names_of(command: &Command) -> Vec<&'static str> {
        command
            .options
            .iter()
            .filter_map(|option| option.short)
            .collect()
    }

    #[test]
    fn every_name_of_an_option_means_one_thing() {
        for command in COMMANDS {
            let mut names = HashSet::new();
            // `-v` is tsm's own where it has one: the words are a tsm command.
            let taken =
                |option: &&Opt| option.short.is_some_and(|s| names_of(command).contains(&s));
            let ours = OURS.iter().filter(|option| !taken(option));
            for option in command.options.iter().chain(GLOBAL).chain(ours) {
                assert!(option.long.starts_with("--"), "{}", option.long);
                assert!(
                    names.insert(option.long),
                    "{:?} {}",
                    command.path,
                    option.long
                );
                if let Some(short) = option.short {
                    assert!(short.starts_with('-') && !short.starts_with("--"));
                    assert!(names.insert(short), "{:?} {short}", command.path);
                }
            }
        }
    }
}
