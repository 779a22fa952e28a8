//! `preflight` and `tsm`, and the options that others share with them.

use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Judge certificate, key, chain and protocol string before they are enabled
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck preflight --server tableau --cert-file server.crt --key-file server.key \\
      --chain-file chain.crt --host tableau.example.com --protocols 'all -SSLv2 -SSLv3'
  certcheck preflight --cert-file fullchain.pem --key-file key.pem --anchors native
  certcheck preflight --server rserve --cert-file server.crt --key-file server.key --ca-file issuing.crt \\
      --host r.example.com --anchors root.crt --client python --client java")]
pub(crate) struct Preflight {
    /// The server's certificate, alone or with its chain; may repeat (RSA and ECDSA)
    #[arg(long, required = true, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
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
    /// The server that will be given the files
    #[arg(long, value_name = "NAME", default_value = "generic", value_parser = server_names())]
    pub(crate) server: String,
    /// A name by which clients reach the server; may repeat
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// A client whose verdict counts, instead of the usual ones; may repeat
    #[arg(long, num_args = 1.., value_name = "NAME", value_parser = client_names())]
    pub(crate) client: Vec<String>,
    /// The protocol string, as it stands behind the server's directive
    #[arg(long, value_name = "STRING", allow_hyphen_values = true)]
    pub(crate) protocols: Option<String>,
    /// The same key will serve SAML as well
    #[arg(long)]
    pub(crate) saml: bool,
    /// The user that runs the server: can it read the key file?
    #[arg(long, value_name = "USER")]
    pub(crate) run_as: Option<String>,
    /// Warn of certificates that end within so many days
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub(crate) expires_within: u32,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
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
    /// Read the key's passphrase from the first line of a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Passphrase")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Read the key's passphrase from an environment variable
    #[arg(long, value_name = "VAR", help_heading = "Passphrase")]
    pub(crate) passphrase_env: Option<String>,
    /// Read the key's passphrase from the first line of standard input
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
