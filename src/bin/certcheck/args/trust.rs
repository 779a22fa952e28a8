//! `trust plan` and `trust status`.

use super::named::Named;
use certcheck::trust_store::Platform;
use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

/// Plan how to install certificates in a trust store, or show where they are
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

/// Plan how to install certificates: each step, its reason, how to verify and undo it
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck trust plan root.crt
  certcheck trust plan root.crt --platform rpm --format sh > install.sh
      (read the script, then run it as root)
  certcheck trust plan root.crt --undo --format sh | sudo sh
  certcheck trust plan root.crt --root /srv/image --format sh | sh
  certcheck trust plan root.crt --platform windows --store root.p7b
  certcheck trust plan root.crt --platform java --keystore /opt/app/jre/lib/security/cacerts
  certcheck trust plan server.crt issuing.crt root.crt --for-server rserve
  certcheck probe r.example.com:443 --save sent.pem --format json > probe.json
  certcheck trust plan sent.pem issuing.crt root.crt --from probe.json

It only plans: it changes nothing. `--format sh` writes a script (PowerShell for
windows) for you to read and run. The script is idempotent, and it checks the
store's contents. Platforms: debian, rpm, macos, windows, alpine, arch, opensuse,
freebsd, nixos; for one user or runtime: nss, java, postgres-client, env; for
images: containers.")]
pub(crate) struct TrustPlan {
    /// Certificates in any encoding; `-` is standard input
    #[arg(required = true, value_name = "CERT", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// The kind of store. Default: this machine's
    #[arg(long, value_name = "NAME", value_parser = platform)]
    pub(crate) platform: Option<Platform>,
    /// Plan how to undo an earlier plan for the same certificates
    #[arg(long)]
    pub(crate) undo: bool,
    /// A tree to use in place of this machine: no step leaves it
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) root: Option<PathBuf>,
    /// The Java keystore to change, if not the runtime's own (`--platform java`)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) keystore: Option<String>,
    /// What the store of another machine holds now, exported there; may repeat
    ///
    /// PEM, DER or PKCS#7. On Windows: `Get-ChildItem Cert:\LocalMachine\Root |
    /// Export-Certificate -Type P7B -FilePath root.p7b`; on a Mac: `security
    /// find-certificate -a -p > roots.pem`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) store: Vec<PathBuf>,
    /// Plan only what the clients of this server lack; the first file is its certificate
    /// file
    #[arg(long, value_name = "NAME", value_parser = Named::Server, conflicts_with = "from")]
    pub(crate) for_server: Option<String>,
    /// The same, for the server in this JSON document of `preflight` or `probe`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) from: Option<PathBuf>,
}

/// Show which stores of this machine hold certificates, and which clients use them
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck trust status root.crt
  certcheck trust status root.crt --root /srv/image
  certcheck trust status root.crt --deny trust.not-in-store
      (exits with 1 unless a store holds it)")]
pub(crate) struct TrustStatus {
    /// Certificates in any encoding; `-` is standard input
    #[arg(required = true, value_name = "CERT", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// A tree to examine in place of this machine
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) root: Option<PathBuf>,
}

fn platform(name: &str) -> Result<Platform, String> {
    Platform::parse(name)
        .ok_or_else(|| format!("no such platform; the platforms are {}", platforms()))
}

/// Every platform's name.
pub(crate) fn platforms() -> String {
    let names: Vec<_> = Platform::ALL
        .iter()
        .map(|platform| platform.as_str())
        .collect();
    names.join(", ")
}
