//! What may be typed after `certcheck`, one file for each family of commands.

mod common;
mod files;
mod preflight;
mod probe;
mod protocols;
mod reference;
mod trust;
mod verify;

pub(crate) use common::{Color, Common, Denied, Format};
pub(crate) use files::{Chain, Convert, Inspect, KeyId, Match, To};
pub(crate) use preflight::{Anchors, PassphraseSource, Preflight, ServerFiles, Tsm};
pub(crate) use probe::Probe;
pub(crate) use protocols::{LibraryName, Protocols};
pub(crate) use reference::{Codes, Completions, Explain, Man, Schema};
pub(crate) use trust::{Trust, TrustCommand, TrustPlan, TrustStatus, platforms};
pub(crate) use verify::{RevocationMode, Verify};

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Is this certificate, key, chain and protocol string fit to be enabled on
/// this server, and will its clients trust it?
#[derive(Parser)]
#[command(name = "certcheck", version, styles = STYLES, after_help = AFTER, max_term_width = 100,
    propagate_version = true, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER: &str = "\
Examples:
  certcheck preflight --server apache --cert-file server.crt --key-file server.key --host www.example.com
  certcheck probe www.example.com:443 --expect fullchain.pem
  certcheck inspect anything.pem other.der
  certcheck match *.crt *.key
  certcheck protocols 'all -SSLv2 -SSLv3'
  certcheck trust plan root.crt --format sh

Exit codes:
  0  did what was asked; nothing found at or above the failing level
  1  did what was asked; something found (not fit, no match, not valid, refused)
  2  could not: bad usage, unreadable input, nothing to check";

#[derive(Subcommand)]
pub(crate) enum Command {
    Preflight(Box<Preflight>),
    Probe(Box<Probe>),
    Inspect(Inspect),
    Match(Match),
    KeyId(KeyId),
    Chain(Chain),
    Convert(Convert),
    Verify(Verify),
    Protocols(Protocols),
    Trust(Trust),
    Tsm(Tsm),
    Codes(Codes),
    Explain(Explain),
    Schema(Schema),
    Completions(Completions),
    Man(Man),
}
