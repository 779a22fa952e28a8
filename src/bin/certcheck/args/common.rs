//! The options that every command knows.

use crate::configured::Configured;
use certcheck::Time;
use certcheck::finding::Code;
use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Args, ValueEnum};
use std::ffi::OsStr;

/// Lists of keys that must not be used.
#[derive(Args)]
pub(crate) struct Blocklists {
    /// A list of keys that must not be used, in the format of Debian's openssl-blacklist; may
    /// repeat
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) blocklist: Vec<std::path::PathBuf>,
}

/// The options that every command knows.
#[derive(Args, Clone)]
pub(crate) struct Common {
    /// Output format: docs/formats.md describes each of them
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "text",
        help_heading = "Common options"
    )]
    pub(crate) format: Format,
    /// When to use colours. `auto`: on a terminal, unless NO_COLOR is set
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value = "auto",
        help_heading = "Common options"
    )]
    pub(crate) color: Color,
    /// Judge validity at this time (RFC 3339) instead of now
    #[arg(
        long,
        global = true,
        value_name = "TIME",
        help_heading = "Common options"
    )]
    pub(crate) at: Option<Time>,
    /// Print one line for each error, or the verdict if there is none
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Common options"
    )]
    pub(crate) quiet: bool,
    /// Also print all details, which checks ran, and the sources
    #[arg(short, long, global = true, help_heading = "Common options")]
    pub(crate) verbose: bool,
    /// Treat findings with this code as errors; `warning`: treat all warnings as errors
    #[arg(long, global = true, value_name = "CODE", value_parser = denied,
        help_heading = "Common options")]
    pub(crate) deny: Vec<Denied>,
    /// Treat findings with this code as warnings
    #[arg(long, global = true, value_name = "CODE", value_parser = code,
        help_heading = "Common options")]
    pub(crate) warn: Vec<Code>,
    /// Count findings with this code, but do not show them
    #[arg(long, global = true, value_name = "CODE", value_parser = code,
        help_heading = "Common options")]
    pub(crate) allow: Vec<Code>,
    /// Use this configuration file instead of the first certcheck.toml from the working
    /// directory upwards
    #[arg(long, global = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath,
        conflicts_with = "no_config_file", help_heading = "Common options")]
    pub(crate) config_file: Option<std::path::PathBuf>,
    /// Use no configuration file
    #[arg(long, global = true, help_heading = "Common options")]
    pub(crate) no_config_file: bool,
    /// What the configuration file says.
    #[arg(skip)]
    pub(crate) configured: Configured,
}

impl Common {
    /// Takes over the options before `tsm`, unless the ones after it override them.
    pub(crate) fn inherit(&mut self, outer: &Self) {
        if self.format == Format::Text {
            self.format = outer.format;
        }
        if self.color == Color::Auto {
            self.color = outer.color;
        }
        self.at = self.at.or(outer.at);
        self.quiet |= outer.quiet;
        self.verbose |= outer.verbose && !self.quiet;
        self.deny.extend(&outer.deny);
        self.warn.extend(&outer.warn);
        self.allow.extend(&outer.allow);
        self.configured = outer.configured.clone();
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One document for programs
    Json,
    /// One JSON document per line: objects, clients, findings, checks
    Ndjson,
    /// A table: findings; objects for `inspect` and `scan`, clients for `handshake`
    Csv,
    /// One page for a browser; needs no network and no scripts
    Html,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for Jenkins and GitLab
    Junit,
    /// GitHub annotations, and a job summary where GITHUB_STEP_SUMMARY is set
    Github,
    /// Metrics for the textfile collector
    Prometheus,
    /// A plugin's output for Nagios and Icinga, with their exit codes 0 to 3
    Nagios,
    /// A script (`trust plan` only)
    Sh,
}

impl Format {
    /// Its name on the command line.
    pub(crate) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy)]
pub(crate) enum Denied {
    Warnings,
    Code(Code),
}

/// A code, which shells complete.
#[derive(Clone)]
pub(super) struct CodeParser;

impl TypedValueParser for CodeParser {
    type Value = Code;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Code, clap::Error> {
        code.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let codes = Code::ALL
            .iter()
            .map(|code| PossibleValue::new(code.as_str()));
        Some(Box::new(codes))
    }
}

pub(super) fn code(name: &str) -> Result<Code, String> {
    name.parse()
        .map_err(|_| "no such code; `certcheck codes` lists them all, by area".to_owned())
}

fn denied(name: &str) -> Result<Denied, String> {
    match name {
        "warning" | "warnings" => Ok(Denied::Warnings),
        name => code(name).map(Denied::Code),
    }
}
