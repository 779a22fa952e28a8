//! `diff`.

use super::named::Named;
use super::preflight::{Anchors, PassphraseSource};
use super::probe::starttls_names;
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Compare two certificates of a server: is it safe to replace OLD with NEW?
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck diff old.crt new.crt
  certcheck diff www.example.com:443 new/fullchain.pem --anchors mozilla
  certcheck diff /etc/ssl/old /etc/ssl/new --host www.example.com --server nginx
  certcheck diff old.crt new.crt --store truststore.jks --passphrase-file pass.txt
  certcheck diff db.example.com:5432 new.crt --starttls postgres

It compares names, key, algorithm, issuer, path, purposes, lifetime, must-staple and
pins (-v adds TLSA records), and asks every client about both. The exit code is 0 if
it is safe to replace OLD: NEW has every name of OLD, every deciding client that
accepts OLD accepts NEW, and nothing is undecided. Without --anchors, a new
certificate from another root is undecided.")]
pub(crate) struct Diff {
    /// The certificate in use: a file, a directory, or HOST:PORT
    #[arg(value_name = "OLD", value_hint = ValueHint::AnyPath)]
    pub(crate) old: PathBuf,
    /// The certificate that replaces it: a file, a directory, or HOST:PORT
    #[arg(value_name = "NEW", value_hint = ValueHint::AnyPath)]
    pub(crate) new: PathBuf,
    /// The server that uses the files
    #[arg(long, value_name = "NAME", value_parser = Named::Server)]
    pub(crate) server: Option<String>,
    /// A name by which clients reach the server; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// A client that decides the verdict, in place of the default ones; may be repeated
    #[arg(long, num_args = 1.., value_name = "NAME", value_parser = Named::Client)]
    pub(crate) client: Vec<String>,
    /// A trust store that may hold the old certificate: a Java keystore, an export of a
    /// Windows store (p7b), a file of certificates; may be repeated
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) store: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
    #[command(flatten)]
    pub(crate) wire: Wire,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

/// How to ask a live server.
#[derive(Args)]
#[command(next_help_heading = "Live server")]
pub(crate) struct Wire {
    /// Start TLS as this protocol does, on a connection that begins unencrypted
    #[arg(long, value_name = "PROTOCOL", value_parser = starttls_names())]
    pub(crate) starttls: Option<String>,
    /// The name to ask for (SNI). Default: the host
    #[arg(long, value_name = "NAME")]
    pub(crate) server_name: Option<String>,
    /// Time limit for each connection
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: u64,
}
