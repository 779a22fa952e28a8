//! `doctor`.

use super::preflight::Anchors;
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Find every server on this machine that speaks TLS, and judge all of its endpoints
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck doctor
  sudo certcheck doctor -v
  certcheck doctor --root /srv/image
  certcheck doctor --anchors native

It looks for Apache, nginx, HAProxy, PostgreSQL, TabPy and Rserve: in the places where
Debian, Fedora, RHEL, SUSE, Arch, Alpine and the official Docker images keep their
settings, in systemd's units, and in the command lines of running processes. It judges
each server as `preflight --config` does, and reports two servers that want the same
port. It takes the versions of the servers from dpkg or apk, or those of the system that
/etc/os-release names. It also judges the certificates that administrators added to the trust store, keys
in the usual places, and openssl.cnf. It writes nothing and opens no connection; --probe
connects to the servers' own listeners.
If it finds no server, the exit code is 2. A file that you may not read leaves the verdict
undecided: run certcheck as root to include it.")]
pub(crate) struct Doctor {
    /// A tree to examine in place of this machine: a chroot, an image, a backup
    #[arg(long, value_name = "DIRECTORY", value_hint = ValueHint::DirPath, conflicts_with = "probe")]
    pub(crate) root: Option<PathBuf>,
    /// Also connect to the listeners on this machine, and compare what they send with the files
    #[arg(long)]
    pub(crate) probe: bool,
    #[command(flatten)]
    pub(crate) anchors: Anchors,
}
