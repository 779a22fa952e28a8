//! `tsm security …`: page "tsm security" (cli_security_tsm.htm), read to its end.

use super::super::command::FileRole::{CaCertificate, Certificate, Chain, Key, Peer};
use super::super::command::Service;
use super::super::options::Takes::{MaybeSecret, Nothing, Secret, Value};
use super::super::options::Use::{self, File, Unused};
use super::super::options::opt;
use super::{Command, Kind, MILLISECONDS, command, listed, open, other};

/// The short names -cf and -kf are on the page of `saml configure`; that external-ssl and
/// custom-tsm-ssl know them is from memory.
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
    // Options from memory; that it requires both files is certain enough.
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
    // The page names -cf but does not give its long form.
    command(
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
            opt("--cert-file", Value, File(Peer)).short("-cf"),
        ],
    ),
    command(
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
            opt("--cert-file", Value, File(Peer)).short("-cf"),
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
            opt("--cert-file", Value, File(Peer)).short("-cf"),
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
            opt("--key-name", Value, Use::VaultKey).required(),
            opt("--vault-name", Value, Use::Vault).required(),
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
        &[opt("--file", Value, Use::Output("cert"))
            .short("-f")
            .required()],
    ),
    listed(&["security", "repository-ssl", "list"], &[]),
    other(&["security", "rotate-coordination-service-secrets"]),
    other(&["security", "validate-asset-keys"]),
    listed(&["security", "vizql-extsvc-ssl", "disable"], &[]),
    listed(&["security", "vizql-extsvc-ssl", "list"], &[]),
];
