//! `scan`.

use super::common::Blocklists;
use super::preflight::PassphraseSource;
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Find every certificate and key below a directory: which expire next, and what else is wrong
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck scan /etc/ssl /srv
  certcheck scan /srv --expires-within 60
  certcheck scan /srv --passphrase-file candidates.txt     (one passphrase per line)
  certcheck scan /srv --format ndjson | jq -r 'select(.not_after) | .not_after + \" \" + .source'
  kubectl get secrets,configmaps -A -o yaml | certcheck scan -

It recognises files by their bytes, not by their names: PEM, DER, PKCS#7, PKCS#12, Java
keystores, YAML and JSON with PEM or base64 in it (Kubernetes Secrets and ConfigMaps,
kubeconfig). It follows no link out of the tree, and opens no device and no named pipe.
It lists what it did not read; the verdict is undecided if that could hold certificates.

At 100,000 certificates it stops comparing further ones with the others, and says so.")]
pub(crate) struct Scan {
    /// Directories to search, or files; `-` is standard input
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Warn of certificates that expire within this many days
    /// [default: a third of their life, at most 30 days]
    #[arg(long, value_name = "DAYS")]
    pub(crate) expires_within: Option<u32>,
    #[command(flatten)]
    pub(crate) blocklists: Blocklists,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}
