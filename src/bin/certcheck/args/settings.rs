//! The options that say how a server's own settings are read.

use clap::{Args, ValueHint};
use std::path::PathBuf;

/// What settings depend on in addition to their text.
#[derive(Args)]
#[command(next_help_heading = "Server settings")]
pub(crate) struct Around {
    /// The tree in which the settings' paths start: a chroot, an image, a backup
    ///
    /// certcheck reads nothing outside of it; links lead from its root
    #[arg(long, value_name = "DIRECTORY", value_hint = ValueHint::DirPath)]
    pub(crate) root: Option<PathBuf>,
    /// The server's own command line, where it carries settings (`-c ssl=on`, `-D SSL`, `-f`)
    #[arg(long, value_name = "STRING", allow_hyphen_values = true)]
    pub(crate) server_args: Option<String>,
    /// Where relative paths in the settings start
    ///
    /// Default for TabPy, Rserve and HAProxy: the working directory. For PostgreSQL: the
    /// directory of the file. For Apache and nginx: the one above `sites-enabled` and the like
    #[arg(long, value_name = "DIRECTORY", value_hint = ValueHint::DirPath)]
    pub(crate) config_base: Option<PathBuf>,
    /// The openssl.cnf that the server runs with (Apache, nginx, HAProxy, PostgreSQL)
    ///
    /// Default: one that sets nothing, like Debian's
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) openssl_conf: Option<PathBuf>,
    /// The security level that the server's OpenSSL was built with; default: Debian's, 2
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=5))]
    pub(crate) security_level: Option<u8>,
    /// The system that the server runs on (Apache, nginx, HAProxy, PostgreSQL), and the
    /// cryptographic policy of RHEL behind a colon: `rhel-9:FUTURE`
    ///
    /// It sets OpenSSL's version, security level and policy, and the versions of TLS that
    /// nginx speaks by default. Known: debian-11, -12, -13, ubuntu-22.04, -24.04, rhel-8, -9,
    /// -10 (DEFAULT, LEGACY, FUTURE, FIPS), amazon-2023, alpine. -v and JSON say what of it is known from documents alone.
    /// --openssl-conf replaces the policy. Default: debian-12
    #[arg(long, value_name = "NAME")]
    pub(crate) system: Option<String>,
    /// A variable of the server's environment (TabPy, Apache, HAProxy), or a file of them
    /// such as Debian's /etc/apache2/envvars; may repeat
    #[arg(long, value_name = "NAME=VALUE|FILE")]
    pub(crate) env: Vec<String>,
    /// A variable that other files of Apache or its command line define; may repeat
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) define: Vec<String>,
}
