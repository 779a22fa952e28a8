//! What a `tsm` command changes that its name does not say.
//!
//! Sources: help.tableau.com, "tsm security", "tsm authentication", "tsm data-access", "tsm
//! topology", "tsm pending-changes", "Configure SSL for Internal Postgres Communication",
//! "Configure Postgres SSL to Allow Direct Connections from Clients", "Configure TLS on
//! Independent Gateway", "Configure Connections with Analytics Extensions".

use super::TsmLine;
use super::command::{ServiceConnection, TsmCommand};
use super::version::TableauVersion;
use super::versions::TRUST_STORE;

const PENDING: &str = "The change takes effect with `tsm pending-changes apply`, which restarts Tableau Server if it has to.";

/// The commands whose changes wait for `tsm pending-changes apply`.
const WAIT: &[&[&str]] = &[
    &["security", "external-ssl", "enable"],
    &["security", "external-ssl", "disable"],
    &["security", "custom-cert", "add"],
    &["security", "custom-cert", "delete"],
    &["security", "kms", "set-mode"],
    &["security", "maestro-rserve-ssl", "enable"],
    &["security", "maestro-rserve-ssl", "disable"],
    &["security", "maestro-tabpy-ssl", "enable"],
    &["security", "maestro-tabpy-ssl", "disable"],
    &["security", "repository-ssl", "enable"],
    &["security", "repository-ssl", "disable"],
    &["security", "vizql-extsvc-ssl", "enable"],
    &["security", "vizql-extsvc-ssl", "disable"],
    &["authentication", "saml", "configure"],
    &["authentication", "saml", "enable"],
    &["authentication", "saml", "disable"],
    &["authentication", "mutual-ssl", "configure"],
    &["authentication", "mutual-ssl", "enable"],
    &["authentication", "mutual-ssl", "disable"],
    &["authentication", "openid", "configure"],
    &["authentication", "openid", "enable"],
    &["authentication", "openid", "disable"],
    &["configuration", "set"],
    &["data-access", "caching", "set"],
    &["data-access", "set-saml-delegation"],
    &["data-access", "web-data-connectors"],
    &["user-identity-store", "set-connection"],
    &["user-identity-store", "set-group-mappings"],
    &["user-identity-store", "set-user-mappings"],
    &["topology", "set-ports"],
    &["topology", "set-process"],
];

/// Where the provider's certificate is looked for.
pub(super) const OPENID: &[&str] = &[
    "Tableau Server connects to the identity provider itself, and trusts what is in the cacerts of its own Java, not what the operating system trusts: if no public CA certified the provider, import its CA there, on every node (`certcheck trust plan ca.crt --platform java --keystore FILE` shows how; FILE is lib/security/cacerts of the Java runtime in Tableau Server's packages directory).",
];

/// The string that applies if `--protocols` is missing (page "tsm security").
const DEFAULT_PROTOCOLS: &str = "Without `--protocols`, the string is \"all, -SSLv2, -SSLv3\", which still includes TLSv1 and TLSv1.1. From 2025.3 on, OpenSSL at security level 2 negotiates neither; earlier versions may accept them. Tableau recommends --protocols \"all -SSLv2 -SSLv3 -TLSv1 -TLSv1.1\".";

/// Pages "Configure SSL for Internal Postgres Communication" (Linux and Windows).
const REPOSITORY_FILES: &str = "Tableau Server makes server.crt and server.key itself, in /var/opt/tableau/tableau_server/data/tabsvc/config/pgsql_<version>/security, on Windows in C:\\ProgramData\\Tableau\\Tableau Server\\data\\tabsvc\\config\\pgsql_<version>\\security. Clients get server.crt alone: libpq and ODBC as root.crt (`certcheck trust plan server.crt --platform postgres`), JDBC as sslrootcert with sslmode=verify-ca, Tableau Desktop in the operating system's store.";

/// What a key with a passphrase cannot be used for (page "tsm security", `--passphrase`).
pub const NOT_FOR_SAML: &str = "The key has a passphrase, so the certificate and key of external SSL cannot be used for SAML as well.";

/// What is missing where the key has a passphrase (page "tsm security", `--passphrase`).
pub const WANTS_PASSPHRASE: &str = "The key has a passphrase, and this command does not give it to tsm: add `--passphrase`, or Tableau Server cannot open the key.";

/// Only if a certificate or a key is given.
const SAML_KEY: &str = "Tableau Server signs its requests to the identity provider with this key: no client builds a path, so no chain is needed. The provider needs the new certificate (`tsm authentication saml export-metadata`).";

const NO_CHAIN: &str = "Without `--chain-file`, Tableau Desktop and Tableau Prep on the Mac do not connect, and Tableau Mobile may not: the manual asks for the chain file for them, even if the certificate file contains the intermediates.";

const COMPARED: &str = "Before 2020.1, Tableau Server compares the certificate that the service shows with the file that `-cf` names; from 2020.1 on, the operating system's trust store of each node decides: `certcheck trust plan` says what to install there, and where.";

const FLOWS: &str = "This connection is for flows only. From 2020.2 on, workbooks have connections of their own, on the server's admin pages (Settings, Extensions).";

/// What a command does, and whom it affects.
const EFFECTS: &[(&[&str], &[&str])] = &[
    (
        &["security", "external-ssl", "disable"],
        &[
            "Browsers, Tableau Desktop and Tableau Mobile then connect without TLS: passwords and data cross the network unencrypted, and links that begin with https:// stop working.",
        ],
    ),
    (&["authentication", "openid", "configure"], OPENID),
    (&["authentication", "openid", "enable"], OPENID),
    (&["authentication", "saml", "configure"], &[SAML_KEY]),
    (
        &["authentication", "mutual-ssl", "configure"],
        &[
            "A user's certificate needs extendedKeyUsage clientAuth, if it has that extension, and a name of the kind that `--user-name-mapping` names: upn reads the userPrincipalName in subjectAltName, ldap the whole subject, cn its commonName.",
            "The CA file needs every CA between the users' certificates and the root, and the root: Tableau Server has no other place for them. Renew the list of `--revocation-file` before it expires: after that, the gateway refuses every user.",
        ],
    ),
    (
        &["data-access", "set-saml-delegation", "configure"],
        &[
            "SAP HANA needs the certificate too: install it there as the certificate of the identity provider, or it refuses every user.",
        ],
    ),
    (
        &["data-access", "repository-access", "enable"],
        &[
            "The user connects to PostgreSQL directly, on port 8060, without TLS unless `tsm security repository-ssl enable` was applied: what the user reads crosses the network in plaintext.",
        ],
    ),
    (
        &["topology", "external-services", "repository"],
        &[
            "Tableau Server trusts the certificates in the file that `-c` names for its database: before another CA issues the database's certificate, run `replace-host` with the new file.",
        ],
    ),
    (
        &["topology", "external-services", "gateway"],
        &[
            "TLS of an independent gateway has three hops: clients to the gateway, the gateway to Tableau Server (SSLProxy… of its httpd), and Tableau Server's own calls to the gateway (port 21319). Each is switched on by its own keys, `gateway.tsig.ssl…`, `gateway.tsig.ssl.proxy…` and `gateway.tsig.hk.ssl…`, with --force-keys.",
            "tsm does not copy certificates and keys to the gateway's machines: put them at the same path on each, and judge their httpd with `certcheck preflight --server apache --config FILE`.",
        ],
    ),
    (
        &["user-identity-store", "set-connection"],
        &[
            "A simple bind sends the password without TLS, unless the connection uses LDAPS (port 636): `certcheck tsm --for ldaps FILE` judges the certificate that it needs.",
        ],
    ),
    (&["security", "maestro-rserve-ssl", "enable"], &[FLOWS]),
    (&["security", "maestro-tabpy-ssl", "enable"], &[FLOWS]),
    (
        &["security", "custom-cert", "add"],
        &[
            "Tableau Server holds one such file: the command fails if a file was added before. To add a CA, put all certificates into one file, delete the old one and add the new one; keep the file, since Tableau Server does not give it back.",
        ],
    ),
    (
        &["security", "custom-cert", "delete"],
        &[
            "Tableau Server then trusts none of the certificates in it, and does not give the file back: keep a copy.",
        ],
    ),
    (
        &["security", "regenerate-internal-tokens"],
        &[
            "Tableau Server is stopped, and started again if it was running; this takes several minutes.",
            "The repository and the search server get new certificates, and all internal passwords and keys are replaced: clients that connect to the repository directly need the new certificate (`tsm security repository-ssl get-certificate-file`).",
        ],
    ),
    (
        &["security", "repository-ssl", "disable"],
        &[
            "Direct connections to the repository are then unencrypted: what they read crosses the network in plaintext.",
        ],
    ),
    (
        &["security", "repository-ssl", "get-certificate-file"],
        &[
            "`--file` is the full path of the file to write, with the extension .cert; a file of that name is overwritten.",
            "The certificate exists only once `tsm security repository-ssl enable` has been applied.",
        ],
    ),
    (
        &["security", "maestro-rserve-ssl", "disable"],
        &["Flows then no longer connect to Rserve."],
    ),
    (
        &["security", "maestro-tabpy-ssl", "disable"],
        &["Flows then no longer connect to TabPy."],
    ),
    (
        &["authentication", "mutual-ssl", "enable"],
        &[
            "Users without a client certificate of the configured CA then sign in only if `--fallback-to-basic true` is set.",
        ],
    ),
    (
        &["pending-changes", "apply"],
        &["Tableau Server is restarted if one of the pending changes needs it."],
    ),
];

/// What the command at `path` changes, a sentence each.
pub(super) fn effects(
    path: &[&str],
    command: &TsmCommand,
    version: Option<TableauVersion>,
) -> Vec<&'static str> {
    let rows = EFFECTS.iter().filter(|(row, _)| path.starts_with(row));
    let mut effects: Vec<_> = rows.flat_map(|(_, texts)| texts.iter().copied()).collect();
    if let TsmCommand::RepositorySslEnable { internal_only } = command {
        effects.push(if *internal_only {
            "Only Tableau Server's own processes then use TLS to the repository: direct connections of the users `tableau` and `readonly` may stay unencrypted."
        } else {
            "Every direct connection to the repository (users `tableau` and `readonly`) then requires TLS, and clients that verify the server need its certificate: `tsm security repository-ssl get-certificate-file`. `--internal-only` leaves direct connections as they are."
        });
        effects.push(REPOSITORY_FILES);
    }
    match command {
        TsmCommand::ExternalSslEnable(files) => {
            effects.extend(files.protocols.is_none().then_some(DEFAULT_PROTOCOLS));
            effects.extend(files.chain.is_none().then_some(NO_CHAIN));
        }
        TsmCommand::SamlConfigure(files) if files.certificate.is_none() && files.key.is_none() => {
            effects.retain(|effect| *effect != SAML_KEY);
        }
        TsmCommand::ServiceEnable(ServiceConnection { secure: true, .. })
            if version.is_none_or(|version| version >= TRUST_STORE) =>
        {
            effects.push(COMPARED);
        }
        _ => {}
    }
    if WAIT.iter().any(|row| path.starts_with(row)) {
        effects.push(PENDING);
    }
    effects
}

impl TsmLine {
    /// Whether its change waits for `tsm pending-changes apply`.
    pub fn waits(&self) -> bool {
        self.effects.contains(&PENDING)
    }

    /// The same, if that command follows.
    pub fn applied(&mut self) {
        self.effects.retain(|effect| *effect != PENDING);
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::super::table::commands;
    use super::{EFFECTS, WAIT};

    #[test]
    fn every_row_is_a_command() {
        for path in EFFECTS.iter().map(|(path, _)| path).chain(WAIT) {
            let known = commands().any(|row| row.path.starts_with(path));
            assert!(known, "{path:?}");
        }
    }

    #[test]
    fn effects_follow_the_command_and_its_options() {
        let of = |line: &str| read(&line.split(' ').collect::<Vec<_>>()).effects;
        let all = of("security repository-ssl enable");
        let own = of("security repository-ssl enable -i");
        assert!(all[0].contains("requires TLS") && own[0].contains("may stay unencrypted"));
        assert_eq!(all[1], own[1]);
        assert!(of("security kms set-mode local")[0].contains("pending-changes apply"));
        assert!(of("security kms status").is_empty());
        assert!(of("security external-ssl disable --help").is_empty());
    }
}
