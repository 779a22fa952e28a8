//! `config`.

use super::named::Named;
use super::settings::Around;
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Show the TLS settings of each endpoint as the server applies them, with file and line
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck config /etc/nginx/nginx.conf
  certcheck config --server apache /etc/apache2/apache2.conf --env /etc/apache2/envvars
  certcheck config --server haproxy /etc/haproxy/haproxy.cfg /etc/haproxy/conf.d
  certcheck config --root /srv/image /etc/nginx/nginx.conf --format json

It reads all files that the settings include. For each setting, it shows where it is
written and what it overrides, or that it is the server's default. Endpoints with the
same settings form one group. It does not open certificates and keys: `preflight
--config` judges those. It prints no passphrase, no command and no key.")]
pub(crate) struct Config {
    /// The server's own settings: files or directories, in the order in which the server reads
    /// them
    #[arg(value_name = "FILE", value_hint = ValueHint::AnyPath, required_unless_present = "server_args")]
    pub(crate) files: Vec<PathBuf>,
    /// The server whose settings these are, with its version where that matters
    /// (`nginx@1.28`). Default: the server whose file usually has this name
    #[arg(long, value_name = "NAME", value_parser = Named::ServerVersion)]
    pub(crate) server: Option<String>,
    #[command(flatten)]
    pub(crate) around: Around,
}
