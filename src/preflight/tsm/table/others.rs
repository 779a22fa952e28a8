//! The other commands: pages "tsm data-access", "tsm user-identity-store" and "tsm topology".

use super::super::command::FileRole::{CaCertificate, Certificate, DerKey};
use super::super::options::Takes::{Nothing, Secret, Value};
use super::super::options::Use::{self, File, Unused};
use super::super::options::opt;
use super::{Command, Kind, command, listed, open, other};

const REPOSITORY_USER: Use = Use::OneOf(&["tableau", "readonly"]);

pub(super) const COMMANDS: &[Command] = &[
    command(&["login"], Kind::Login, &[]),
    // From administrators' public scripts.
    open(
        &["pending-changes", "apply"],
        Kind::Apply,
        &[
            opt("--ignore-prompt", Nothing, Unused),
            opt("--ignore-warnings", Nothing, Unused),
        ],
    ),
    other(&["pending-changes", "discard"]),
    other(&["pending-changes", "list"]),
    listed(&["data-access", "caching", "list"], &[]),
    listed(
        &["data-access", "caching", "set"],
        &[opt("--refresh-frequency", Value, Unused).short("-r")],
    ),
    listed(
        &["data-access", "repository-access", "disable"],
        &[
            opt("--repository-username", Value, REPOSITORY_USER).required(),
            opt("--ignore-prompt", Nothing, Unused),
        ],
    ),
    listed(
        &["data-access", "repository-access", "enable"],
        &[
            opt("--repository-password", Secret, Unused).required(),
            opt("--repository-username", Value, REPOSITORY_USER).required(),
            opt("--ignore-prompt", Nothing, Unused),
        ],
    ),
    listed(&["data-access", "repository-access", "list"], &[]),
    command(
        &["data-access", "set-saml-delegation", "configure"],
        Kind::Hana,
        &[
            opt("--cert-file", Value, File(Certificate)).short("-cf"),
            opt("--cert-key", Value, File(DerKey)).short("-kf"),
            opt(
                "--username-format",
                Value,
                Use::OneOf(&["username", "domain_and_username", "email"]),
            )
            .short("-uf"),
            opt(
                "--username-case",
                Value,
                Use::OneOf(&["lower", "upper", "preserve"]),
            )
            .short("-uc"),
        ],
    )
    .wants_one(),
    listed(&["data-access", "set-saml-delegation", "disable"], &[]),
    listed(&["data-access", "set-saml-delegation", "enable"], &[]),
    other(&["data-access", "web-data-connectors"]),
    listed(&["user-identity-store", "get-group-mappings"], &[]),
    listed(&["user-identity-store", "get-user-mappings"], &[]),
    listed(
        &["user-identity-store", "list"],
        &[opt("--verbose", Nothing, Unused).short("-v")],
    ),
    // Earlier versions have -h for the host, and the page calls --kerbkeytab required but shows
    // commands without it.
    other(&["user-identity-store", "set-connection"]),
    other(&["user-identity-store", "set-group-mappings"]),
    other(&["user-identity-store", "set-user-mappings"]),
    other(&["user-identity-store", "verify-group-mappings"]),
    other(&["user-identity-store", "verify-user-mappings"]),
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
    // The page has only the short names. --no-ssl is from administrators' scripts.
    open(
        &["topology", "external-services", "repository", "enable"],
        Kind::ExternalRepository,
        &[
            opt("--config", Value, Unused).short("-f").required(),
            opt("--ssl-cert-file", Value, File(CaCertificate)).short("-c"),
            opt("--no-ssl", Nothing, Use::NoTls),
        ],
    ),
    open(
        &[
            "topology",
            "external-services",
            "repository",
            "replace-host",
        ],
        Kind::ExternalRepository,
        &[
            opt("--config", Value, Unused).short("-f").required(),
            opt("--ssl-cert-file", Value, File(CaCertificate)).short("-c"),
            opt("--no-ssl", Nothing, Use::NoTls),
            opt("--ignore-prompt", Nothing, Unused),
        ],
    ),
    open(
        &["topology", "external-services", "repository", "disable"],
        Kind::Listed,
        &[opt("--node-name", Value, Unused).short("-n").required()],
    ),
    other(&["topology", "external-services", "gateway"]),
    other(&["topology", "external-services", "list"]),
    other(&["topology", "external-services", "storage"]),
    other(&["topology", "cleanup-coordination-service"]),
    other(&["topology", "deploy-coordination-service"]),
    other(&["topology", "failover-repository"]),
    other(&["topology", "filestore"]),
    listed(
        &["topology", "list-nodes"],
        &[opt("--verbose", Nothing, Unused).short("-v")],
    ),
    other(&["topology", "list-ports"]),
    open(
        &["topology", "nodes", "get-bootstrap-file"],
        Kind::Listed,
        &[
            opt("--file", Value, Use::Output("json"))
                .short("-f")
                .required(),
            opt("--no-embedded-credential", Nothing, Unused).short("-nec"),
        ],
    ),
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
            opt("--force-keys", Nothing, Use::ForceKeys).short("-frc"),
        ],
    ),
    other(&["configuration", "get"]),
    other(&["configuration", "list-dynamic-keys"]),
    other(&["customize"]),
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
    other(&["version"]),
];
