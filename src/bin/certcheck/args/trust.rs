//! `trust plan` and `trust status`.

use super::preflight::server_names;
use certcheck::trust_store::Platform;
use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

/// Plan how certificates get into a trust store, or say where they are
#[derive(Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Trust {
    #[command(subcommand)]
    pub(crate) command: TrustCommand,
}

#[derive(Subcommand)]
pub(crate) enum TrustCommand {
    Plan(TrustPlan),
    Status(TrustStatus),
}

/// Plan how to trust certificates: each step, why, how to verify it, how to undo it
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck trust plan root.crt
  certcheck trust plan root.crt --platform rpm --format sh > install.sh    (read it, then run it as root)
  certcheck trust plan root.crt --undo --format sh | sudo sh
  certcheck trust plan root.crt --root /srv/image --format sh | sh
  certcheck trust plan server.crt issuing.crt root.crt --for-server rserve

It plans, and changes nothing. `--format sh` writes a script (PowerShell for
windows) that checks the result by content and can be run again; whoever runs
it decides. Platforms: debian, rpm, macos, windows, alpine, arch, opensuse,
freebsd, nixos; nss, java, postgres-client, env (of one user or runtime);
containers.")]
pub(crate) struct TrustPlan {
    /// Certificates in any encoding; `-` is standard input
    #[arg(required = true, value_name = "CERT", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// The kind of store; this machine's own unless named
    #[arg(long, value_name = "NAME", value_parser = platform)]
    pub(crate) platform: Option<Platform>,
    /// Undo what an earlier plan for the same certificates did
    #[arg(long)]
    pub(crate) undo: bool,
    /// A scratch tree that stands for the machine: no step leaves it
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) root: Option<PathBuf>,
    /// Plan what clients of such a server lack, and no more; the first file is its
    /// certificate file
    #[arg(long, value_name = "NAME", value_parser = server_names(), conflicts_with = "from")]
    pub(crate) for_server: Option<String>,
    /// The same for what a preflight or a probe found: its JSON document
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) from: Option<PathBuf>,
}

/// Say in which stores of this machine certificates are, and which clients use them
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck trust status root.crt
  certcheck trust status root.crt --root /srv/image
  certcheck trust status root.crt --deny trust.not-in-store    (exit 1 unless some store holds it)")]
pub(crate) struct TrustStatus {
    /// Certificates in any encoding; `-` is standard input
    #[arg(required = true, value_name = "CERT", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// A scratch tree that stands for the machine
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) root: Option<PathBuf>,
}

fn platform(name: &str) -> Result<Platform, String> {
    Platform::parse(name).ok_or_else(|| format!("no such platform; there are {}", platforms()))
}

/// Every platform's name.
pub(crate) fn platforms() -> String {
    let names: Vec<_> = Platform::ALL
        .iter()
        .map(|platform| platform.as_str())
        .collect();
    names.join(", ")
}
