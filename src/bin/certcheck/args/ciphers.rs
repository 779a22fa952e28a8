//! `ciphers`.

use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Show how a program reads a cipher string such as `HIGH:!aNULL`, word by word
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck ciphers 'HIGH:!aNULL:!MD5'
  certcheck ciphers --dialect apache 'EECDH+AESGCM:@SECLEVEL=1'
  certcheck ciphers --dialect tls13 TLS_AES_128_GCM_SHA256
  certcheck ciphers --security-level 3 'DEFAULT'
  grep -h ssl_ciphers nginx.conf | cut -d\\' -f2 | certcheck ciphers --file -")]
pub(crate) struct Ciphers {
    /// The cipher string; put it after `--` if it begins with `-`
    #[arg(
        value_name = "STRING",
        allow_hyphen_values = true,
        required_unless_present = "file"
    )]
    pub(crate) string: Option<String>,
    /// Read the string from a file, or from standard input (`-`)
    #[arg(long, value_name = "FILE", conflicts_with = "string", value_hint = ValueHint::FilePath)]
    pub(crate) file: Option<PathBuf>,
    /// The program whose rules apply
    #[arg(long, value_name = "DIALECT", default_value = "openssl", value_parser = dialect_names())]
    pub(crate) dialect: String,
    /// OpenSSL's security level, unless the string sets one. Debian and Ubuntu build OpenSSL
    /// with level 2
    #[arg(long, value_name = "LEVEL", default_value_t = 2,
        value_parser = clap::value_parser!(u8).range(0..=5))]
    pub(crate) security_level: u8,
}

fn dialect_names() -> clap::builder::PossibleValuesParser {
    certcheck::cipher::CipherDialect::ALL
        .map(|dialect| dialect.as_str())
        .into()
}
