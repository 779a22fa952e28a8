//! `stream`.

use super::common::Blocklists;
use super::preflight::{Anchors, PassphraseSource};
use clap::Args;

/// Answer each line of JSON on standard input with one line of JSON, for pipelines
#[derive(Args)]
#[command(after_help = "\
Examples:
  jq -c '{id: .host, pem: .certificate}' inventory.ndjson | certcheck stream
  certcheck stream --anchors mozilla < records.ndjson > answers.ndjson
  echo '{\"id\": 7, \"der_base64\": \"MIID…\"}' | certcheck stream

A record has one of these members, and an `id` that the answer repeats:
  pem         text with any number of sections
  der_base64  DER, a PKCS#12 file or a keystore, in base64
  chain       a list of certificates (PEM, or DER in base64), the server's own first

Each line gets exactly one answer, in order, whatever it holds: a line that is not
JSON, or has none of these members, gets an answer with `error`. A line may be up to
4 MiB long. Other members are ignored. Private keys are compared, never repeated.
Memory does not grow with the number of records.

The exit code is 1 if the verdict of a record was not `pass`.")]
pub(crate) struct Stream {
    /// Warn of certificates that expire within this many days
    /// [default: a third of their life, at most 30 days]
    #[arg(long, value_name = "DAYS")]
    pub(crate) expires_within: Option<u32>,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
    #[command(flatten)]
    pub(crate) blocklists: Blocklists,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}
