//! `preflight` and `tsm`, and the options that other commands share with them.

use super::assemble::Fetch;
use super::common::Blocklists;
use super::named::Named;
use super::settings::Around;
use certcheck::preflight::tsm::TableauVersion;
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Check a certificate, key, chain and protocol string before you enable them
#[derive(Args)]
#[command(group(clap::ArgGroup::new("writes").multiple(true)))]
#[command(after_help = "\
Examples:
  certcheck preflight --server tableau --cert-file server.crt --key-file server.key \\
      --chain-file chain.crt --host tableau.example.com --protocols 'all -SSLv2 -SSLv3'
  certcheck preflight --cert-file fullchain.pem --key-file key.pem --anchors native
  certcheck preflight --cert-file fullchain.pem --anchors root.crt --crl issuing.crl root.crl
  certcheck preflight --server rserve --cert-file server.crt --key-file server.key \\
      --ca-file issuing.crt --host r.example.com --anchors root.crt --client python java
  certcheck preflight --server rserve --config /etc/Rserv.conf --host r.example.com \\
      --anchors root.crt
  certcheck preflight --as client --cert-file client.crt --key-file client.key \\
      --server nginx --config /etc/nginx/nginx.conf --host api.example.com
  certcheck preflight --cert-file fullchain.pem --anchors root.crt --client java@8 node@22
  certcheck preflight --server haproxy --config /etc/haproxy/haproxy.cfg \\
      --config /etc/haproxy/conf.d
  certcheck preflight --server nginx --root /srv/image --config /etc/nginx/nginx.conf
  certcheck preflight --server postgres --server-args '-D /var/lib/pg -c ssl=on' \\
      --host db.example.com
  certcheck preflight --cert-file server.crt --key-file server.key --fetch
  certcheck preflight --server nginx --config nginx.conf --receipt receipt.json
  certcheck preflight --server nginx --config nginx.conf --bundle report.tar.gz
  certcheck preflight --cert-file new.crt --key-file new.key \\
      --replaces www.example.com:443
  certcheck preflight --server tabpy --password-file pwd.txt --check-user ada --passphrase-stdin

With --config, certcheck reads the server's own settings as that server reads
them, with all files that they include. It judges every place that speaks TLS
(virtual host, server block, bind line). Files and names that you give as options
take precedence over the settings. certcheck ignores its own environment: --env
sets the server's variables. For directives unrelated to TLS it checks only the
name and the number of arguments; `nginx -t`, `apachectl configtest` and
`haproxy -c` check the rest.")]
pub(crate) struct Preflight {
    #[command(flatten)]
    pub(crate) files: ServerFiles,
    /// Certificate revocation lists to check the chain against; may be repeated
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) crl: Vec<PathBuf>,
    /// Whose certificate to judge: the server's, or one that a client presents to it
    ///
    /// With `client`, certcheck judges the certificate as this server would: purpose, path to
    /// the server's client CA setting, depth, security level, revocation lists, and the
    /// database user (--check-user). Give the server's settings (--config), or the file of its
    /// client CA setting (--ca-file). With --crl, give the server's revocation lists
    #[arg(long = "as", value_name = "ROLE", value_parser = ["server", "client"], default_value = "server")]
    pub(crate) role: String,
    /// The server that will use the files, with its version where that matters (`nginx@1.28`)
    ///
    /// Default: the server whose --config file usually has this name, otherwise `generic`. Without a
    /// version, the answer is that of Debian 12's server
    #[arg(long, value_name = "NAME", value_parser = Named::ServerVersion)]
    pub(crate) server: Option<String>,
    /// A name by which clients reach the server; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// A client that decides the verdict, in place of the default ones, with its version where
    /// that matters (`java@8`, `curl@8.14.1+openssl-3.5`); may be repeated
    ///
    /// Without a version, the answer is that of the versions that were measured first; JSON
    /// (`boundaries`) and the report say where other versions answer differently
    #[arg(long, num_args = 1.., value_name = "NAME", value_parser = Named::Client)]
    pub(crate) client: Vec<String>,
    /// The version of Tableau: of the server with `--server tableau`, otherwise of the Tableau
    /// clients that `--client` names
    ///
    /// Before 2020.1, a Tableau client compares the certificate of TabPy or Rserve with one that it
    /// was given (`tableau-pinned`); since then the system's trust decides. Before 2025.3, the
    /// security level of the server's OpenSSL is not known
    #[arg(long, value_name = "YYYY.N")]
    pub(crate) tableau_version: Option<TableauVersion>,
    /// The server also uses the key for SAML
    #[arg(long)]
    pub(crate) saml: bool,
    /// The user that runs the server: check that this user can read the files (modes, access
    /// control lists)
    #[arg(long, value_name = "USER")]
    pub(crate) run_as: Option<String>,
    /// Warn of certificates that expire within this many days
    /// [default: a third of their life, at most 30 days]
    #[arg(long, value_name = "DAYS")]
    pub(crate) expires_within: Option<u32>,
    /// Warn of certificates that expire on this day or earlier (2027-03-15)
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with = "expires_within")]
    pub(crate) until: Option<certcheck::Time>,
    /// The certificate in use, to compare with the new one as `certcheck diff` does: a file,
    /// a directory, or HOST:PORT
    #[arg(long, value_name = "OLD", value_hint = ValueHint::AnyPath)]
    pub(crate) replaces: Option<PathBuf>,
    /// Write a receipt: the verdict, and the SHA-256 of every file that was read, for `certcheck gate`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, group = "writes")]
    pub(crate) receipt: Option<PathBuf>,
    /// Write a bundle for a bug report (tar.gz): the answer, the public parts of the files, the
    /// TLS settings, and versions, without keys, passphrases and passwords
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, group = "writes")]
    pub(crate) bundle: Option<PathBuf>,
    /// Overwrite an existing receipt or bundle
    #[arg(long, requires = "writes")]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) blocklists: Blocklists,
    #[command(flatten)]
    pub(crate) passwords: Passwords,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
    #[command(flatten)]
    pub(crate) fetch: Fetch,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

/// The server's files, and its own settings that name files.
#[derive(Args)]
pub(crate) struct ServerFiles {
    /// The server's certificate, alone or with its chain; may be repeated (RSA and ECDSA)
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) cert_file: Vec<PathBuf>,
    /// The private key; may be repeated
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key_file: Vec<PathBuf>,
    /// The intermediates, if the server reads them from a separate file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) chain_file: Option<PathBuf>,
    /// The server's own CA setting, from which OpenSSL completes the chain
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) ca_file: Option<PathBuf>,
    /// The protocol string, as written after the server's directive
    #[arg(long, value_name = "STRING", allow_hyphen_values = true)]
    pub(crate) protocols: Option<String>,
    /// The server's own settings: Rserv.conf, tabpy.conf, httpd.conf or a virtual host's
    /// file, nginx.conf, postgresql.conf, haproxy.cfg; may be repeated
    ///
    /// HAProxy: files and directories, in the order of its `-f` options. PostgreSQL: one
    /// file, and directories with further files. In a directory, certcheck reads the *.cfg
    /// or *.conf files in the order of their names. The other servers have one main file
    #[arg(long, help_heading = "Server settings", value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) config: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) around: Around,
    /// The cipher string, as written after the server's directive, if there is no --config
    #[arg(
        long,
        help_heading = "Server settings",
        value_name = "STRING",
        allow_hyphen_values = true,
        conflicts_with_all = ["config", "server_args"]
    )]
    pub(crate) ciphers: Option<String>,
}

impl ServerFiles {
    /// Whether they name the server's own settings.
    pub(crate) fn has_settings(&self) -> bool {
        !self.config.is_empty() || self.around.server_args.is_some()
    }
}

const PASSWORDS: &str = "Users and passwords";

/// TabPy's passwords.
#[derive(Args)]
pub(crate) struct Passwords {
    /// TabPy's file of names and passwords (TABPY_PWD_FILE), if no --config names it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = PASSWORDS)]
    pub(crate) password_file: Option<PathBuf>,
    /// Check whether the passphrase is the password of this TabPy user; with `--as client`,
    /// whether the certificate fits this PostgreSQL user
    ///
    /// The password comes from --passphrase-stdin, --passphrase-file or --passphrase-env,
    /// never from the command line
    #[arg(long, value_name = "NAME", help_heading = PASSWORDS)]
    pub(crate) check_user: Option<String>,
}

/// What clients trust.
#[derive(Args)]
pub(crate) struct Anchors {
    /// What clients trust: a file of certificates, `native` (this machine's store) or
    /// `mozilla`; may be repeated
    #[arg(long, value_name = "FILE|native|mozilla")]
    pub(crate) anchors: Vec<String>,
}

/// Where the passphrase of a private key comes from. Never the command line itself.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct PassphraseSource {
    /// Read the passphrase of keys and containers from the first line of a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Passphrase")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Read the passphrase of keys and containers from an environment variable
    #[arg(long, value_name = "VAR", help_heading = "Passphrase")]
    pub(crate) passphrase_env: Option<String>,
    /// Read the passphrase of keys and containers from the first line of standard input
    ///
    /// On a terminal, certcheck prompts for it and does not echo what you type. Without any
    /// of these options, certcheck prompts on a terminal when a file is encrypted
    #[arg(long, help_heading = "Passphrase")]
    pub(crate) passphrase_stdin: bool,
}

/// Check a `tsm` command, or a script of them, before you run it
#[derive(Args)]
#[command(
    disable_help_flag = true,
    after_help = "\
Options of certcheck, anywhere among the words:
  --path-map THERE=HERE       Where a directory of the server is on this machine; may be repeated
  --tableau-version YYYY.N    Which commands and options this version of Tableau Server has
  --shell SHELL               Read the script for posix, powershell or cmd
  --define NAME=VALUE         The value of a variable of the script; may be repeated
  --for PURPOSE               Judge files that no tsm command takes: ldaps, site-saml, openid
  --user-cert FILE            A user's certificate to judge with `mutual-ssl configure`
  --smtp HOST[:PORT]          Connect to the mail server whose CA `custom-cert add` gives;
                              --host NAME if Tableau Server reaches it by another name
  --host, --anchors, --client, --passphrase-file, … of `certcheck preflight`

Examples:
  certcheck tsm security external-ssl enable --cert-file server.crt --key-file server.key
  certcheck tsm enable-tls.sh
  certcheck tsm enable-tls.cmd --path-map 'C:\\ssl=./ssl'
  certcheck tsm - < enable-tls.sh
  certcheck tsm security external-ssl enable --help
  certcheck tsm --for ldaps ldap.crt

In a script (of a POSIX shell, PowerShell or cmd), certcheck judges each tsm command, skips
and counts the other lines, and names the line of each finding. It runs nothing. A variable has
the value that the script assigns to it, if the script assigns only one.

certcheck does not use a passphrase on this line, but reports it: the process list
and the shell's history show it."
)]
pub(crate) struct Tsm {
    /// The words of the tsm command, or the file of a script (`-`: standard input)
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "WORD"
    )]
    pub(crate) words: Vec<String>,
}

/// A day, or a moment in RFC 3339.
fn day(text: &str) -> Result<certcheck::Time, certcheck::InvalidTime> {
    text.parse()
        .or_else(|_| format!("{text}T00:00:00Z").parse())
}
