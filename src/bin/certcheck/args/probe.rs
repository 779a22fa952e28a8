//! `probe`.

use super::named::Named;
use super::preflight::{Anchors, ServerFiles};
use certcheck::probe::{StartTls, Target};
use clap::{Args, ValueHint};
use std::path::PathBuf;

const CLIENT: &str = "Client certificate";

/// Show what a live server sends, and whether that matches its files
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck probe www.example.com:443 --anchors mozilla
  certcheck probe db.example.com:5432 --starttls postgres --save chain.pem
  certcheck probe www.example.com api.example.com:8443 [2001:db8::1]:443
  certcheck probe --hosts hosts.txt --format prometheus
  certcheck probe api.example.com --client-cert client.crt --client-key client.key
  certcheck probe mail.example.com:110 --starttls pop3
  certcheck probe 192.0.2.10:443 --server-name www.example.com --expect fullchain.pem
  certcheck probe localhost:443 --server apache --config /etc/apache2/sites-enabled/tableau.conf

certcheck trusts nothing and sends no data: it makes a handshake and closes the
connection. For TLS 1.2 and 1.3 it uses rustls. For SSL 3.0, TLS 1.0 and 1.1 it
sends a ClientHello and reads the unencrypted part of the answer. It does not try
SSL 2.0. A server may have a certificate for each kind of key (RSA, ECDSA, RSA-PSS,
EdDSA): certcheck asks for each, and compares it with the file or pair of that kind.")]
pub(crate) struct Probe {
    /// The server, or several. Default port: the one of the --starttls protocol, otherwise 443
    #[arg(value_name = "HOST:PORT", required_unless_present = "hosts", value_hint = ValueHint::Hostname)]
    pub(crate) targets: Vec<Target>,
    /// A file of servers, one HOST:PORT per line, followed by the name to ask for if that
    /// is not the host; `#` begins a comment; `-` is standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath,
        conflicts_with_all = ["save", "server_name", "server"])]
    pub(crate) hosts: Option<PathBuf>,
    /// How many servers to ask at the same time
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: u16,
    /// Start TLS as this protocol does, on a connection that begins unencrypted
    #[arg(long, value_name = "PROTOCOL", value_parser = starttls_names())]
    pub(crate) starttls: Option<String>,
    /// The name to ask for (SNI), and to look for in the certificate. Default: the host
    #[arg(long, value_name = "NAME")]
    pub(crate) server_name: Option<String>,
    /// The application protocol to ask for (ALPN). PostgreSQL 17 without --starttls requires
    /// `postgresql`
    #[arg(long, value_name = "PROTOCOL")]
    pub(crate) alpn: Option<String>,
    /// The certificate to show to a server that asks for one, alone or with its chain (PEM or
    /// PKCS#12)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = CLIENT)]
    pub(crate) client_cert: Option<PathBuf>,
    /// Its private key, if that is in another file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "client_cert",
        help_heading = CLIENT)]
    pub(crate) client_key: Option<PathBuf>,
    /// Read the passphrase of that key from the first line of a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "client_cert",
        help_heading = CLIENT)]
    pub(crate) client_key_passphrase_file: Option<PathBuf>,
    /// Time limit for each connection; all connections together get three times that
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: u64,
    /// Write the first chain's certificates to a file, as PEM
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) save: Option<PathBuf>,
    /// Overwrite an existing file
    #[arg(long, requires = "save")]
    pub(crate) force: bool,
    /// A file with the certificates that the server should send, in order, with one chain for
    /// each kind of key
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) expect: Option<PathBuf>,
    /// A name by which clients reach the server, if not by --server-name; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// Warn of certificates that expire within this many days
    /// [default: a third of their life, at most 30 days]
    #[arg(long, value_name = "DAYS")]
    pub(crate) expires_within: Option<u32>,
    /// The server whose files are compared with what it sends
    #[arg(long, value_name = "NAME", value_parser = Named::Server, help_heading = "Prediction")]
    pub(crate) server: Option<String>,
    #[command(flatten)]
    pub(crate) files: ServerFiles,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
}

pub(super) fn starttls_names() -> clap::builder::PossibleValuesParser {
    StartTls::ALL.map(StartTls::as_str).into()
}
