//! `verify`.

use super::common::Blocklists;
use super::preflight::{Anchors, PassphraseSource};
use clap::{ArgMatches, Args, ValueEnum, ValueHint};
use std::path::PathBuf;

/// Validate a certificate against anchors, by RFC 5280 and by stricter rules
#[derive(Args)]
#[command(
    override_usage = "certcheck verify [OPTIONS] <LEAF>",
    after_help = "\
Examples:
  certcheck verify server.crt --intermediates issuing.crt --anchors root.crt --name www.example.com
  certcheck verify fullchain.pem --anchors mozilla --profile webpki --purpose server

Profiles:
  rfc5280         section 6: what a relying party must do
  rfc5280-strict  and what section 4 demands of issuers
  webpki          and what the CA/Browser Forum demands"
)]
pub(crate) struct Verify {
    /// The certificate, first in its file; `-` is standard input
    // Not required of clap: behind an option that takes several files it counts as one of them.
    #[arg(value_name = "LEAF", value_hint = ValueHint::FilePath)]
    pub(crate) leaf: Option<PathBuf>,
    /// Certificates that a path may go through; may repeat
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) intermediates: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
    /// A name that it must have: DNS, IP address or e-mail; may repeat
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub(crate) name: Vec<String>,
    /// What it is used for: server, client, any, or an object identifier
    #[arg(long, value_name = "PURPOSE", default_value = "any")]
    pub(crate) purpose: String,
    /// Whose rules
    #[arg(long, value_name = "PROFILE", default_value = "rfc5280",
        value_parser = ["rfc5280", "rfc5280-strict", "webpki"])]
    pub(crate) profile: String,
    /// The most intermediates, self-issued ones not counted
    #[arg(long, value_name = "N")]
    pub(crate) max_depth: Option<u32>,
    /// Certificate revocation lists; may repeat
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) crl: Vec<PathBuf>,
    /// Whether revocation lists count; `available` when --crl is given
    #[arg(long, value_name = "WHEN", value_enum)]
    pub(crate) revocation: Option<RevocationMode>,
    /// An acceptable certificate policy; may repeat; any if none is named
    #[arg(long, value_name = "OID", help_heading = "Certificate policies")]
    pub(crate) policy: Vec<String>,
    /// A policy must hold for the whole path (initial-explicit-policy)
    #[arg(long, help_heading = "Certificate policies")]
    pub(crate) explicit_policy: bool,
    /// Policies are not mapped (initial-policy-mapping-inhibit)
    #[arg(long, help_heading = "Certificate policies")]
    pub(crate) inhibit_mapping: bool,
    /// anyPolicy does not count (initial-any-policy-inhibit)
    #[arg(long, help_heading = "Certificate policies")]
    pub(crate) inhibit_any_policy: bool,
    #[command(flatten)]
    pub(crate) blocklists: Blocklists,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

impl Verify {
    /// Takes the end-entity's file from the option that stands last, where none
    /// stands elsewhere: `--crl a.crl leaf.pem` reads as two lists.
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
