//! The commands of `tsm` and their options.
//!
//! Sources: help.tableau.com "tsm security" (`cli_security_tsm.htm`) and "tsm
//! authentication" (`cli_authentication_tsm.htm`), with their section on global
//! options (both pages read to their end). Rows marked "from memory" could not be compared with a page; they
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
    /// Nothing to check but that its options are its own.
    Listed,
    /// Nothing to check; its own words are not looked at.
    Other,
}

#[derive(Debug)]
pub(super) struct Command {
    pub(super) path: &'static [&'static str],
    pub(super) kind: Kind,
    pub(super) options: &'static [Opt],
    /// Options beyond these are accepted.
    pub(super) open: bool,
    /// Without any of its own options it sets nothing.
    pub(super) wants_one: bool,
}

impl Command {
    const fn wants_one(mut self) -> Self {
        self.wants_one = true;
        self
    }
}

const MILLISECONDS: Use = Use::Number("milliseconds");
const BOOLEAN: Use = Use::OneOf(&["true", "false"]);
const SWITCH: Use = Use::OneOf(&["enable", "disable"]);

const fn command(path: &'static [&'static str], kind: Kind, options: &'static [Opt]) -> Command {
    Command {
        path,
        kind,
        options,
        open: false,
        wants_one: false,
    }
}

const fn open(path: &'static [&'static str], kind: Kind, options: &'static [Opt]) -> Command {
    Command {
        path,
        kind,
        options,
        open: true,
        wants_one: false,
    }
}

/// A command, or a whole group of them, that has nothing to check.
const fn other(path: &'static [&'static str]) -> Command {
    open(path, Kind::Other, &[])
}

/// A command with nothing to check, whose options the page lists.
const fn listed(path: &'static [&'static str], options: &'static [Opt]) -> Command {
    command(path, Kind::Listed, options)
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
            opt("--rserve-connect-timeout-ms", Value, MILLISECONDS),
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
            opt("--tabpy-connect-timeout-ms", Value, MILLISECONDS),
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
            opt("--connect-timeout-ms", Value, MILLISECONDS),
            opt("--cert-file", Value, File(CaCertificate)).short("-cf"),
        ],
    ),
    command(
        &["authentication", "saml", "configure"],
        Kind::Saml,
        &[
            opt("--cert-file", Value, File(Certificate)).short("-cf"),
            opt("--key-file", Value, File(Key)).short("-kf"),
            opt("--idp-entity-id", Value, Unused).short("-e"),
            opt("--idp-return-url", Value, Unused).short("-r"),
            opt("--idp-metadata", Value, Unused).short("-i"),
            opt("--max-auth-age", Value, Use::Number("seconds")).short("-a"),
            opt("--desktop-access", Value, SWITCH).short("-d"),
            opt("--mobile-access", Value, SWITCH).short("-m"),
            opt("--signout", Value, SWITCH).short("-so"),
            opt("--signout-url", Value, Unused).short("-su"),
        ],
    )
    .wants_one(),
    command(
        &["authentication", "mutual-ssl", "configure"],
        Kind::MutualSsl,
        &[
            opt("--ca-cert", Value, File(CaCertificate)).short("-cf"),
            opt("--revocation-file", Value, File(RevocationList)).short("-rf"),
            opt("--fallback-to-basic", Value, BOOLEAN).short("-fb"),
            opt(
                "--user-name-mapping",
                Value,
                Use::OneOf(&["upn", "ldap", "cn"]),
            )
            .short("-m"),
        ],
    )
    .wants_one(),
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
    listed(&["security", "custom-cert", "delete"], &[]),
    listed(&["security", "custom-cert", "list"], &[]),
    other(&["security", "custom-indexandsearch-ssl"]),
    listed(&["security", "custom-tsm-ssl", "disable"], &[]),
    listed(&["security", "custom-tsm-ssl", "list"], &[]),
    listed(&["security", "external-ssl", "disable"], &[]),
    listed(&["security", "external-ssl", "list"], &[]),
    listed(
        &["security", "kms", "set-mode", "azure"],
        &[
            opt("--key-name", Value, Unused).required(),
            opt("--vault-name", Value, Unused).required(),
        ],
    ),
    listed(&["security", "kms", "set-mode", "local"], &[]),
    listed(&["security", "kms", "status"], &[]),
    listed(&["security", "maestro-rserve-ssl", "disable"], &[]),
    listed(&["security", "maestro-tabpy-ssl", "disable"], &[]),
    listed(
        &["security", "regenerate-internal-tokens"],
        &[opt("--ignore-prompt", Nothing, Unused)],
    ),
    listed(&["security", "repository-ssl", "disable"], &[]),
    listed(
        &["security", "repository-ssl", "get-certificate-file"],
        &[opt("--file", Value, Unused).short("-f").required()],
    ),
    listed(&["security", "repository-ssl", "list"], &[]),
    other(&["security", "rotate-coordination-service-secrets"]),
    other(&["security", "validate-asset-keys"]),
    listed(&["security", "vizql-extsvc-ssl", "disable"], &[]),
    listed(&["security", "vizql-extsvc-ssl", "list"], &[]),
    other(&["authentication", "identity-migration"]),
    other(&["authentication", "identity-pools"]),
    listed(
        &["authentication", "kerberos", "configure"],
        &[opt("--keytab-file", Value, Unused).short("-kt").required()],
    ),
    listed(&["authentication", "kerberos", "disable"], &[]),
    listed(&["authentication", "kerberos", "enable"], &[]),
    other(&["authentication", "legacy-identity-mode"]),
    // Its --verbose is read as certcheck's own, which says the same.
    listed(&["authentication", "list"], &[]),
    listed(&["authentication", "mutual-ssl", "disable"], &[]),
    listed(&["authentication", "mutual-ssl", "enable"], &[]),
    listed(
        &["authentication", "openid", "configure"],
        &[
            opt("--client-id", Value, Unused).short("-i"),
            opt("--client-secret", Secret, Unused).short("-cs"),
            opt("--config-url", Value, Unused).short("-cu"),
            // The reference has --config-file, the guide --metadata-file.
            opt("--config-file", Value, Unused).short("-mf"),
            opt("--metadata-file", Value, Unused),
            opt("--return-url", Value, Unused).short("-r"),
            opt("--client-authentication", Value, Unused).short("-a"),
            opt("--custom-scope-name", Value, Unused).short("-sn"),
            opt("--ignore-domain", Value, BOOLEAN).short("-id"),
            opt("--iframed-idp-enabled", Value, BOOLEAN).short("-if"),
            opt("--ignore-jwk", Value, BOOLEAN).short("-ij"),
        ],
    )
    .wants_one(),
    listed(&["authentication", "openid", "disable"], &[]),
    listed(&["authentication", "openid", "enable"], &[]),
    listed(&["authentication", "openid", "get-redirect-url"], &[]),
    // A shell completion of 2018 has --static-claim as well.
    open(
        &["authentication", "openid", "map-claims"],
        Kind::Listed,
        &[
            opt("--id", Value, Unused).short("-i"),
            opt("--user-name", Value, Unused).short("-un"),
        ],
    ),
    other(&["authentication", "pat-impersonation"]),
    listed(&["authentication", "saml", "disable"], &[]),
    listed(&["authentication", "saml", "enable"], &[]),
    listed(
        &["authentication", "saml", "export-metadata"],
        &[
            opt("--file", Value, Unused).short("-f"),
            opt("--overwrite", Nothing, Unused).short("-o"),
        ],
    ),
    listed(
        &["authentication", "saml", "map-assertions"],
        &[
            opt("--user-name", Value, Unused).short("-r"),
            opt("--email", Value, Unused).short("-e"),
            opt("--domain", Value, Unused).short("-o"),
            opt("--display-name", Value, Unused).short("-d"),
        ],
    ),
    listed(&["authentication", "sitesaml", "disable"], &[]),
    listed(&["authentication", "sitesaml", "enable"], &[]),
    listed(&["authentication", "sspi", "disable"], &[]),
    listed(&["authentication", "sspi", "enable"], &[]),
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
