//! `codes`, `explain`, `schema`, `completions`, `man`.

use super::common::code;
use certcheck::finding::Code;
use clap::Args;

/// List the codes of all findings
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck codes
  certcheck codes chain")]
pub(crate) struct Codes {
    /// One area alone
    #[arg(value_name = "AREA")]
    pub(crate) area: Option<String>,
}

/// Explain a code: what was found, how bad it is, what to do
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck explain key.mismatch")]
pub(crate) struct Explain {
    /// The code
    #[arg(value_name = "CODE", value_parser = code)]
    pub(crate) code: Code,
}

/// Print the JSON Schema of `--format json`
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck schema > certcheck-1.json")]
pub(crate) struct Schema {}

/// Print the completions for a shell
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck completions bash > /etc/bash_completion.d/certcheck")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// Print the manual page
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck man | man -l -")]
pub(crate) struct Man {}
