//! The commands that concern TLS, with what they would set.

/// The value of an option and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// The value as it was given.
    pub value: String,
    /// The position of the option's word, counted from 0.
    pub word: usize,
}

/// What Tableau Server would use a file for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileRole {
    /// The certificate that a server shows.
    Certificate,
    /// The private key of that certificate.
    Key,
    /// The certificates between it and its root.
    Chain,
    /// A certificate that Tableau Server is to trust.
    CaCertificate,
    /// A certificate revocation list.
    RevocationList,
    /// The private key of the delegation to SAP HANA.
    DerKey,
    /// What Tableau Server trusts for one service: before 2020.1, that service's own certificate.
    Peer,
    /// The certificate of a user who signs in with it.
    User,
    /// The certificate that an independent gateway shows to Tableau Server, with its key
    /// (httpd's `SSLProxyMachineCertificateFile`).
    ProxyPair,
    /// Metadata of an identity provider for SAML, XML.
    Metadata,
}

/// A file on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileArgument {
    /// What it is for.
    pub role: FileRole,
    /// Its path as it was given.
    pub path: String,
    /// The position of the option's word, counted from 0.
    pub word: usize,
}

/// Whether the command has a passphrase for the key. The passphrase itself is
/// not kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PassphraseOption {
    /// `--passphrase` is not given.
    #[default]
    Absent,
    /// `--passphrase` has no value.
    Bare,
    /// `--passphrase` has a value.
    OnCommandLine,
}

/// The files and settings of one of Tableau's own servers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerFiles {
    /// `--cert-file`.
    pub certificate: Option<FileArgument>,
    /// `--key-file`.
    pub key: Option<FileArgument>,
    /// `--chain-file`.
    pub chain: Option<FileArgument>,
    /// `--idp-metadata`.
    pub metadata: Option<FileArgument>,
    /// `--protocols`.
    pub protocols: Option<Setting>,
    /// `--passphrase`.
    pub passphrase: PassphraseOption,
}

/// An external service that Tableau Server connects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Service {
    /// `vizql-extsvc-ssl`: the analytics extension of workbooks (up to 2020.1).
    AnalyticsExtension,
    /// `maestro-rserve-ssl`: Rserve for flows.
    FlowRserve,
    /// `maestro-tabpy-ssl`: TabPy for flows.
    FlowTabPy,
}

impl Service {
    /// What it is called in a message.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AnalyticsExtension => "the analytics extension",
            Self::FlowRserve => "Rserve",
            Self::FlowTabPy => "TabPy",
        }
    }
}

/// A connection to an external service.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceConnection {
    /// Which service.
    pub service: Service,
    /// `--connection-type`, as it was given.
    pub connection_type: Option<Setting>,
    /// Whether that type asks for TLS.
    pub secure: bool,
    /// The host: a name or an IP address.
    pub host: Option<Setting>,
    /// The port, if it is one.
    pub port: Option<u16>,
    /// The certificate that Tableau Server is to trust.
    pub certificate: Option<FileArgument>,
}

/// One of the three connections of an independent gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Hop {
    /// From clients to the gateway: `gateway.tsig.ssl.…`.
    Clients,
    /// From the gateway to Tableau Server: `gateway.tsig.ssl.proxy.…`.
    TableauServer,
    /// From Tableau Server's own processes to the gateway: `gateway.tsig.hk.ssl.…`.
    Housekeeping,
}

/// What a `tsm` command would do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TsmCommand {
    /// `tsm security external-ssl enable`: TLS at the gateway.
    ExternalSslEnable(ServerFiles),
    /// `tsm security custom-tsm-ssl enable`: TLS at Tableau Services Manager.
    CustomTsmSslEnable(ServerFiles),
    /// `tsm authentication saml configure`: certificate and key for SAML.
    SamlConfigure(ServerFiles),
    /// `tsm authentication mutual-ssl configure`: whose certificates users may show.
    MutualSslConfigure {
        /// `--ca-cert`.
        ca: Option<FileArgument>,
        /// `--revocation-file`.
        revocation_list: Option<FileArgument>,
        /// `--user-name-mapping`: where the user's name is in the certificate.
        mapping: Option<Setting>,
    },
    /// `tsm security custom-cert add`: a CA for Tableau Server to trust.
    CustomCertAdd {
        /// `--cert-file`.
        ca: Option<FileArgument>,
    },
    /// `tsm security … enable` for an external service.
    ServiceEnable(ServiceConnection),
    /// `tsm security kms set-mode aws`.
    KmsAws {
        /// `--aws-region`.
        region: Option<Setting>,
        /// `--key-arn`.
        key_arn: Option<Setting>,
    },
    /// `tsm security repository-ssl enable`: Tableau makes the certificate itself.
    RepositorySslEnable {
        /// `--internal-only`: direct connections need no TLS.
        internal_only: bool,
    },
    /// `tsm data-access set-saml-delegation configure`: single sign-on to SAP HANA.
    HanaDelegation {
        /// `--cert-file`.
        certificate: Option<FileArgument>,
        /// `--cert-key`.
        key: Option<FileArgument>,
    },
    /// `tsm topology external-services repository enable` and `replace-host`.
    ExternalRepository {
        /// `-c`: the CA certificates of the database.
        ca: Option<FileArgument>,
        /// `--no-ssl`.
        without_tls: bool,
    },
    /// `tsm login`.
    Login,
    /// `tsm pending-changes apply`.
    PendingChangesApply,
    /// `tsm topology set-ports`.
    SetPorts {
        /// `--port-name`, as it was given.
        name: Option<Setting>,
        /// `--port-value`, if it is a port.
        port: Option<u16>,
    },
    /// `tsm configuration set`.
    SetConfiguration {
        /// `--key`, as it was given.
        key: Option<Setting>,
        /// `--value`; kept only for the keys of [`TsmCommand::is_judged_key`], since many others
        /// hold passwords.
        value: Option<Setting>,
    },
    /// `tsm configuration set` of a key that names the certificate of an independent gateway.
    GatewayCertificate {
        /// For which connection.
        hop: Hop,
        /// The key of the configuration.
        key: String,
        /// The certificate; in a script also what its other commands set for that connection.
        files: ServerFiles,
    },
    /// `tsm configuration set` of a key that names another file of an independent gateway.
    GatewayFile {
        /// For which connection.
        hop: Hop,
        /// The key of the configuration.
        key: String,
        /// The file.
        file: FileArgument,
    },
    /// A command of `tsm` that sets nothing about certificates, keys,
    /// protocols or addresses: there is nothing to check.
    NothingToCheck,
    /// Not a known command, or only the beginning of one.
    Unknown,
}

impl TsmCommand {
    /// The keys whose values are hosts and ports, and judged as such.
    pub const PLAIN_KEYS: [&'static str; 4] = [
        "vizqlserver.extsvc.host",
        "gateway.public.host",
        "vizqlserver.extsvc.port",
        "gateway.public.port",
    ];

    /// The files that the command would hand to Tableau Server.
    pub fn files(&self) -> Vec<&FileArgument> {
        let files: [Option<&FileArgument>; 4] = match self {
            Self::ExternalSslEnable(files)
            | Self::CustomTsmSslEnable(files)
            | Self::GatewayCertificate { files, .. }
            | Self::SamlConfigure(files) => [
                files.certificate.as_ref(),
                files.key.as_ref(),
                files.chain.as_ref(),
                files.metadata.as_ref(),
            ],
            Self::MutualSslConfigure {
                ca,
                revocation_list,
                ..
            } => [ca.as_ref(), revocation_list.as_ref(), None, None],
            Self::CustomCertAdd { ca } | Self::ExternalRepository { ca, .. } => {
                [ca.as_ref(), None, None, None]
            }
            Self::HanaDelegation { certificate, key } => {
                [certificate.as_ref(), key.as_ref(), None, None]
            }
            Self::GatewayFile { file, .. } => [Some(file), None, None, None],
            Self::ServiceEnable(connection) => [connection.certificate.as_ref(), None, None, None],
            _ => [None; 4],
        };
        files.into_iter().flatten().collect()
    }
}
