//! `codes`, `explain`, `schema`, `completions`, `man`.

use super::common::CodeParser;
use certcheck::finding::Code;
use clap::{Args, ValueEnum};

/// List the codes of all findings
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck codes
  certcheck codes chain")]
pub(crate) struct Codes {
    /// List only this area
    #[arg(value_name = "AREA")]
    pub(crate) area: Option<String>,
}

/// Explain a code, or find the codes behind an error text
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck explain key.mismatch
  certcheck explain --symptom 'unable to get local issuer certificate'
  certcheck explain --symptom error.log
  tail -1 /var/log/apache2/error.log | certcheck explain --symptom -

A page shows what breaks, for whom, which messages other programs print, and
what to do. With --symptom, the exit code is 1 if no known error resembles the text.")]
pub(crate) struct Explain {
    /// The code
    #[arg(
        value_name = "CODE",
        value_parser = CodeParser,
        hide_possible_values = true,
        required_unless_present = "symptom"
    )]
    pub(crate) code: Option<Code>,
    /// Find the codes behind an error text of any program, given as the text itself, as a file
    /// or as standard input (`-`). certcheck uses the last 16 KiB of a longer text
    #[arg(
        long,
        value_name = "TEXT|FILE|-",
        conflicts_with = "code",
        allow_hyphen_values = true
    )]
    pub(crate) symptom: Option<String>,
}

/// Print the JSON Schema of `--format json`, or of certcheck.toml
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck schema > certcheck-1.json
  certcheck schema configuration > certcheck-toml-1.json")]
pub(crate) struct Schema {
    /// What the schema is of
    #[arg(value_name = "OF", value_enum, default_value = "output")]
    pub(crate) of: Published,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Published {
    /// What `--format json` writes
    Output,
    /// certcheck.toml
    Configuration,
}

/// Print completions for a shell
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck completions bash > /etc/bash_completion.d/certcheck")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// Print the manual page of the program or of one command
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck man | man -l -
  certcheck man inspect > /usr/local/share/man/man1/certcheck-inspect.1
  certcheck man trust plan | man -l -")]
pub(crate) struct Man {
    /// The command whose page to print
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}
