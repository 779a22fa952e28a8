//! `protocols`.

use clap::{Args, ValueEnum, ValueHint};
use std::ffi::OsString;
use std::path::PathBuf;

/// Show how a program reads a protocol string such as `all -SSLv2`, word by word
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck protocols 'all -SSLv2 -SSLv3'
  certcheck protocols --dialect tsm 'all, -SSLv2, -SSLv3' --to nginx
  certcheck protocols 'all -SSLv3' --diff 'TLSv1.2 +TLSv1.3'
  certcheck protocols --config /etc/apache2/sites-enabled/tableau.conf
  certcheck protocols --dialect openssl -- '-ALL,TLSv1.2'")]
pub(crate) struct Protocols {
    /// The text after the program's directive; put it after `--` if it begins with `-`
    #[arg(
        value_name = "STRING",
        allow_hyphen_values = true,
        required_unless_present = "config"
    )]
    pub(crate) string: Option<OsString>,
    /// The program whose rules apply. Default: the one whose --config file usually has this
    /// name, otherwise apache
    #[arg(long, value_name = "DIALECT", value_parser = dialect_names())]
    pub(crate) dialect: Option<String>,
    /// Write the same set in another dialect
    #[arg(long, value_name = "DIALECT", value_parser = dialect_names(), conflicts_with = "config")]
    pub(crate) to: Option<String>,
    /// Show what changes for clients if this string replaces the first one
    #[arg(
        long,
        value_name = "STRING",
        allow_hyphen_values = true,
        conflicts_with = "config"
    )]
    pub(crate) diff: Option<OsString>,
    /// Judge every place in a configuration file that sets protocol versions
    #[arg(long, value_name = "FILE", conflicts_with = "string", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
    /// The value of a variable in the string (Apache's Define); may be repeated
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Environment")]
    pub(crate) define: Vec<String>,
    /// HAProxy's global bind options
    #[arg(
        long,
        value_name = "OPTIONS",
        allow_hyphen_values = true,
        help_heading = "Environment"
    )]
    pub(crate) global: Option<OsString>,
    /// The TLS library of the server
    #[arg(long, value_name = "LIBRARY", value_enum, help_heading = "Environment")]
    pub(crate) library: Option<LibraryName>,
    /// The library was built with SSLv3
    #[arg(long, help_heading = "Environment")]
    pub(crate) with_sslv3: bool,
    /// The security level of that library
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=5),
        help_heading = "Environment")]
    pub(crate) security_level: Option<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LibraryName {
    #[value(name = "openssl-1.0.2")]
    Openssl102,
    #[value(name = "openssl-1.1.0")]
    Openssl110,
    #[value(name = "openssl-1.1.1")]
    Openssl111,
    #[value(name = "openssl-3")]
    Openssl3,
}

fn dialect_names() -> clap::builder::PossibleValuesParser {
    certcheck::protocol::Dialect::ALL
        .map(|dialect| dialect.as_str())
        .into()
}
