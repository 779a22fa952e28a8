//! `preflight` and `tsm`, and the options that others share with them.

use super::common::Blocklists;
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Judge certificate, key, chain and protocol string before they are enabled
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck preflight --server tableau --cert-file server.crt --key-file server.key \\
      --chain-file chain.crt --host tableau.example.com --protocols 'all -SSLv2 -SSLv3'
  certcheck preflight --cert-file fullchain.pem --key-file key.pem --anchors native
  certcheck preflight --cert-file fullchain.pem --anchors root.crt --crl issuing.crl root.crl
  certcheck preflight --server rserve --cert-file server.crt --key-file server.key --ca-file issuing.crt \\
      --host r.example.com --anchors root.crt --client python --client java
  certcheck preflight --server rserve --config /etc/Rserv.conf --host r.example.com --anchors root.crt
  certcheck preflight --server tabpy --password-file pwd.txt --check-user ada --passphrase-stdin

With --config the server's own settings say which files it opens; they are read
as that server reads them, and every place that speaks TLS (virtual host,
server block, bind line) is judged. Files and names given by options come before
those of the settings. What they include is read too. The environment is not
consulted: --env gives what the server's own would hold. Of directives that have
nothing to do with TLS the name and the number of arguments are checked, no more:
`nginx -t`, `apachectl configtest` and `haproxy -c` check the rest.")]
pub(crate) struct Preflight {
    #[command(flatten)]
    pub(crate) files: ServerFiles,
    /// Certificate revocation lists to hold the chain against; may repeat
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) crl: Vec<PathBuf>,
    /// The server that will be given the files
    ///
    /// If not said: by the usual name of the --config file, else `generic`
    #[arg(long, value_name = "NAME", value_parser = server_names())]
    pub(crate) server: Option<String>,
    /// A name by which clients reach the server; may repeat
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// A client whose verdict counts, instead of the usual ones; may repeat
    #[arg(long, num_args = 1.., value_name = "NAME", value_parser = client_names())]
    pub(crate) client: Vec<String>,
    /// The same key will serve SAML as well
    #[arg(long)]
    pub(crate) saml: bool,
    /// The user that runs the server: can it read the files? Access control lists count
    #[arg(long, value_name = "USER")]
    pub(crate) run_as: Option<String>,
    /// Warn of certificates that end within so many days
    /// [default: a third of their life, at most 30 days]
    #[arg(long, value_name = "DAYS")]
    pub(crate) expires_within: Option<u32>,
    #[command(flatten)]
    pub(crate) blocklists: Blocklists,
    #[command(flatten)]
    pub(crate) passwords: Passwords,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

/// What a server is given: files, and its own settings that name files.
#[derive(Args)]
pub(crate) struct ServerFiles {
    /// The server's certificate, alone or with its chain; may repeat (RSA and ECDSA)
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) cert_file: Vec<PathBuf>,
    /// The private key; may repeat
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key_file: Vec<PathBuf>,
    /// The intermediates, where the server reads them from a file of their own
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) chain_file: Option<PathBuf>,
    /// The server's own CA setting, from which OpenSSL completes the chain
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) ca_file: Option<PathBuf>,
    /// The protocol string, as it stands behind the server's directive
    #[arg(long, value_name = "STRING", allow_hyphen_values = true)]
    pub(crate) protocols: Option<String>,
    /// The server's own settings: Rserv.conf, tabpy.conf, httpd.conf or a virtual host's
    /// file, nginx.conf, postgresql.conf, haproxy.cfg
    #[arg(long, help_heading = "Server settings", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
    /// Where relative paths in the settings start
    ///
    /// If not said: TabPy, Rserve and HAProxy, the working directory; PostgreSQL, the file's own;
    /// Apache and nginx, the one above `sites-enabled` and the like
    #[arg(long, help_heading = "Server settings", value_name = "DIRECTORY", requires = "config", value_hint = ValueHint::DirPath)]
    pub(crate) config_base: Option<PathBuf>,
    /// The openssl.cnf that the server runs with (Apache, nginx, HAProxy, PostgreSQL)
    ///
    /// If not said: one that sets nothing, as Debian's
    #[arg(long, help_heading = "Server settings", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) openssl_conf: Option<PathBuf>,
    /// The security level that the server's OpenSSL was built with; if not said, Debian's 2
    #[arg(long, help_heading = "Server settings", value_name = "LEVEL",
        value_parser = clap::value_parser!(u8).range(0..=5))]
    pub(crate) security_level: Option<u8>,
    /// The cipher string, as it stands behind the server's directive, where there are no settings
    #[arg(
        long,
        help_heading = "Server settings",
        value_name = "STRING",
        allow_hyphen_values = true,
        conflicts_with = "config"
    )]
    pub(crate) ciphers: Option<String>,
    /// A variable of the server's environment (TabPy, Apache, HAProxy); may repeat
    #[arg(
        long,
        help_heading = "Server settings",
        value_name = "NAME=VALUE",
        requires = "config"
    )]
    pub(crate) env: Vec<String>,
    /// A name that Apache's other files or its command line define; may repeat
    #[arg(
        long,
        help_heading = "Server settings",
        value_name = "NAME=VALUE",
        requires = "config"
    )]
    pub(crate) define: Vec<String>,
}

/// TabPy's passwords.
#[derive(Args)]
#[command(next_help_heading = "TabPy's passwords")]
pub(crate) struct Passwords {
    /// TabPy's file of names and passwords (TABPY_PWD_FILE), where no --config names it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) password_file: Option<PathBuf>,
    /// Whether the passphrase is the password of this user of TabPy
    ///
    /// The password comes from --passphrase-stdin, -file or -env, never from the command line
    #[arg(long, value_name = "NAME")]
    pub(crate) check_user: Option<String>,
}

fn client_names() -> clap::builder::PossibleValuesParser {
    let names = certcheck::client::Client::ALL.iter();
    names.map(|client| client.name()).collect::<Vec<_>>().into()
}

pub(super) fn server_names() -> clap::builder::PossibleValuesParser {
    certcheck::server::Profile::all()
        .map(|profile| profile.name())
        .collect::<Vec<_>>()
        .into()
}

/// What clients trust.
#[derive(Args)]
pub(crate) struct Anchors {
    /// A file of trusted certificates, `native` (this machine's), or `mozilla`; may repeat
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
    /// At a terminal it is asked for, and what is typed is not shown. Without any of these
    /// options a person at a terminal is asked where a file is closed.
    #[arg(long, help_heading = "Passphrase")]
    pub(crate) passphrase_stdin: bool,
}

/// Judge the very `tsm` command that you are about to run
#[derive(Args)]
#[command(
    disable_help_flag = true,
    after_help = "\
Examples:
  certcheck tsm security external-ssl enable --cert-file server.crt --key-file server.key

A passphrase on this line is used by nobody: it is reported, since it stands in
the process list and the shell's history. Options of certcheck itself (--format,
--at, --host, --anchors…) may stand anywhere on the line."
)]
pub(crate) struct Tsm {
    /// The words of the tsm command
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "WORD"
    )]
    pub(crate) words: Vec<String>,
}
