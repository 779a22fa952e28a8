//! The options that say how a server's own settings are read.

use clap::{Args, ValueHint};
use std::path::PathBuf;

const HEADING: &str = "Server settings";

/// What settings depend on in addition to their text.
#[derive(Args)]
pub(crate) struct Around {
    /// The root directory of the settings' paths: a chroot, an image, a backup
    ///
    /// certcheck reads nothing outside this tree, and follows absolute links inside it
    #[arg(long, help_heading = HEADING, value_name = "DIRECTORY", value_hint = ValueHint::DirPath)]
    pub(crate) root: Option<PathBuf>,
    /// The server's own command line, where it carries settings (`-c ssl=on`, `-D SSL`, `-f`)
    #[arg(long, help_heading = HEADING, value_name = "STRING", allow_hyphen_values = true)]
    pub(crate) server_args: Option<String>,
    /// Where relative paths in the settings start
    ///
    /// Default for TabPy, Rserve and HAProxy: the working directory. For PostgreSQL: the
    /// file's directory. For Apache and nginx: the parent of `sites-enabled`, `conf.d` and the
    /// like, otherwise the file's directory
    #[arg(long, help_heading = HEADING, value_name = "DIRECTORY", value_hint = ValueHint::DirPath)]
    pub(crate) config_base: Option<PathBuf>,
    /// The openssl.cnf that the server runs with (Apache, nginx, HAProxy, PostgreSQL)
    ///
    /// Default: one that sets nothing, like Debian's
    #[arg(long, help_heading = HEADING, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) openssl_conf: Option<PathBuf>,
    /// The security level that the server's OpenSSL was built with. Default: 2, as in Debian
    #[arg(long, help_heading = HEADING, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=5))]
    pub(crate) security_level: Option<u8>,
    /// The system that the server runs on (Apache, nginx, HAProxy, PostgreSQL); for RHEL,
    /// with the cryptographic policy after a colon: `rhel-9:FUTURE`
    ///
    /// It sets OpenSSL's version, security level and policy, and the TLS versions that nginx
    /// enables by default. Known: debian-11, -12, -13, ubuntu-22.04, -24.04, rhel-8, -9, -10
    /// (DEFAULT, LEGACY, FUTURE, FIPS), amazon-2023, alpine. -v and JSON name what we know only
    /// from documentation. --openssl-conf replaces the policy. Default: debian-12
    #[arg(long, help_heading = HEADING, value_name = "NAME")]
    pub(crate) system: Option<String>,
    /// A variable of the server's environment (TabPy, Apache, HAProxy), or a file of them
    /// such as Debian's /etc/apache2/envvars; may be repeated
    #[arg(long, help_heading = HEADING, value_name = "NAME=VALUE|FILE")]
    pub(crate) env: Vec<String>,
    /// A variable that Apache's other files or its command line define; may be repeated
    #[arg(long, help_heading = HEADING, value_name = "NAME=VALUE")]
    pub(crate) define: Vec<String>,
}
