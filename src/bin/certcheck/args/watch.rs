//! `watch`.

use super::preflight::{Anchors, PassphraseSource};
use super::probe::starttls_names;
use clap::{Args, ValueHint};
use std::path::PathBuf;
use std::time::Duration;

/// Keep checking files and servers: when a file changes, and on a schedule
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck watch /etc/ssl /srv/tls
  certcheck watch /etc/nginx/tls www.example.com:443 --every 15m
  certcheck watch --hosts hosts.txt --every 6h \\
      --textfile /var/lib/prometheus/node-exporter/certcheck.prom

It checks everything at the start, then one line on standard output says each change: a
certificate or key that is new, changed or gone, and a finding that begins or ends. It
checks again as soon as a file changes, and on the schedule. An argument is a path if it
exists or has a `/`, otherwise a server. What cannot be read or watched, and a file that
cannot be written, is reported on standard error, and certcheck goes on.

Ctrl-C and SIGTERM end it with a summary and exit code 0. The verdicts are in the lines
and in the metrics.")]
pub(crate) struct Watch {
    /// Directories and files to watch, and servers (HOST:PORT, or HOST for port 443)
    #[arg(required_unless_present = "hosts", value_name = "PATH|HOST", value_hint = ValueHint::AnyPath)]
    pub(crate) targets: Vec<String>,
    /// A file of servers, one HOST:PORT per line, followed by the name to ask for if that is not
    /// the host; `#` begins a comment
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) hosts: Option<PathBuf>,
    /// How often to check everything again, without any change: 30s, 15m, 1h, 1d
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration)]
    pub(crate) every: Duration,
    /// After each check, replace this file with metrics for node_exporter's textfile collector
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) textfile: Option<PathBuf>,
    /// How many servers to ask at the same time
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: u16,
    /// Start TLS as this protocol does, on connections that begin unencrypted
    #[arg(long, value_name = "PROTOCOL", value_parser = starttls_names())]
    pub(crate) starttls: Option<String>,
    /// Time limit for each connection; all connections to a server together get three times that
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: u64,
    /// Warn of certificates that expire within this many days
    /// [default: a third of their life, at most 30 days]
    #[arg(long, value_name = "DAYS")]
    pub(crate) expires_within: Option<u32>,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

/// A number with its unit: from one second to a year.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "write a number and a unit: 30s, 15m, 1h, 1d".to_owned();
    let (number, seconds) = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)]
        .into_iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)))
        .ok_or_else(wrong)?;
    let number: u64 = number.parse().map_err(|_| wrong())?;
    match number.checked_mul(seconds) {
        Some(all @ 1..=31_536_000) => Ok(Duration::from_secs(all)),
        _ => Err("from 1s to 365d".to_owned()),
    }
}
