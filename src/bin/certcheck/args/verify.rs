//! `verify`.

use super::assemble::Fetch;
use super::common::Blocklists;
use super::preflight::{Anchors, PassphraseSource};
use clap::{ArgMatches, Args, ValueEnum, ValueHint};
use std::path::PathBuf;

/// Validate a certificate against trust anchors, by RFC 5280 or by stricter rules
#[derive(Args)]
#[command(
    override_usage = "certcheck verify [OPTIONS] <LEAF>",
    after_help = "\
Examples:
  certcheck verify server.crt --intermediates issuing.crt --anchors root.crt \\
      --name www.example.com
  certcheck verify server.crt --anchors native --fetch
  certcheck verify fullchain.pem --anchors mozilla --profile webpki --purpose server

Profiles:
  rfc5280         section 6: what a relying party must do
  rfc5280-strict  also what section 4 requires of issuers
  webpki          also what the CA/Browser Forum requires"
)]
pub(crate) struct Verify {
    /// The end-entity certificate, first in its file; `-` is standard input
    // clap does not require it: after an option with several files, clap counts it as one of them.
    #[arg(value_name = "LEAF", value_hint = ValueHint::FilePath)]
    pub(crate) leaf: Option<PathBuf>,
    /// Intermediates that a path may use; may be repeated
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) intermediates: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
    /// A name that the certificate must have: DNS, IP address or e-mail; may be repeated
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub(crate) name: Vec<String>,
    /// The purpose of the certificate: server, client, any, or an object identifier
    #[arg(long, value_name = "PURPOSE", default_value = "any")]
    pub(crate) purpose: String,
    /// The rules to apply
    #[arg(long, value_name = "PROFILE", default_value = "rfc5280",
        value_parser = ["rfc5280", "rfc5280-strict", "webpki"])]
    pub(crate) profile: String,
    /// The maximum number of intermediates, not counting self-issued ones
    #[arg(long, value_name = "N")]
    pub(crate) max_depth: Option<u32>,
    /// Certificate revocation lists; may be repeated
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) crl: Vec<PathBuf>,
    /// Whether to check revocation lists. Default: `available` with --crl, otherwise `off`
    #[arg(long, value_name = "WHEN", value_enum)]
    pub(crate) revocation: Option<RevocationMode>,
    /// An acceptable certificate policy; may be repeated. Default: any
    #[arg(long, value_name = "OID", help_heading = "Certificate policies")]
    pub(crate) policy: Vec<String>,
    /// Require a policy that holds for the whole path (initial-explicit-policy)
    #[arg(long, help_heading = "Certificate policies")]
    pub(crate) explicit_policy: bool,
    /// Do not map policies (initial-policy-mapping-inhibit)
    #[arg(long, help_heading = "Certificate policies")]
    pub(crate) inhibit_mapping: bool,
    /// Do not accept anyPolicy (initial-any-policy-inhibit)
    #[arg(long, help_heading = "Certificate policies")]
    pub(crate) inhibit_any_policy: bool,
    #[command(flatten)]
    pub(crate) blocklists: Blocklists,
    #[command(flatten)]
    pub(crate) fetch: Fetch,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

impl Verify {
    /// Takes the end-entity certificate's file from the last list option if it was not given
    /// separately: clap reads `--crl a.crl leaf.pem` as two lists.
    pub(crate) fn settle(&mut self, matches: &ArgMatches) {
        let last = |id| matches.indices_of(id).and_then(Iterator::max);
        let list = if last("crl") > last("intermediates") {
            &mut self.crl
        } else {
            &mut self.intermediates
        };
        if self.leaf.is_none() && list.len() > 1 {
            self.leaf = list.pop();
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RevocationMode {
    Off,
    Available,
    Required,
}
