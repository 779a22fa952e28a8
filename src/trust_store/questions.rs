//! What a plan or a status must know about a machine.

use super::host::HostFacts;
use super::{environment, nss};

/// What to find out about a machine. Paths are those of the machine's own
/// root: for a scratch tree put its path before them when looking, and leave
/// it out when answering.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostQuestion {
    /// Does something of that name exist? Answer with [`HostFacts::add`].
    Exists(String),
    /// The contents of a file. Answer with [`HostFacts::add_file`].
    Read(String),
    /// A directory's files, those of its subdirectories too if `recursive`, symbolic
    /// links followed. Answer with [`HostFacts::add`] for the directory itself and
    /// [`HostFacts::add_file`] for each file.
    List {
        /// The directory.
        directory: String,
        /// Whether to descend. Eight levels and 10,000 files are enough.
        recursive: bool,
    },
    /// Which directories in `directory` hold something called `name`. Answer with
    /// [`HostFacts::add`] for `directory/X/name`.
    Find {
        /// The directory.
        directory: String,
        /// The name.
        name: String,
    },
}

impl HostFacts {
    /// The names of the variables that are worth knowing.
    pub fn variables() -> impl Iterator<Item = &'static str> {
        environment::variables()
    }

    /// Everything that a plan or a status can use. Not finding something is an
    /// answer as well, and needs no call.
    pub fn questions(home: Option<&str>) -> Vec<HostQuestion> {
        const EXISTS: &[&str] = &[
            "/etc/NIXOS",
            "/System/Library/CoreServices/SystemVersion.plist",
            "C:/Windows/System32/certutil.exe",
            "/etc/alpine-release",
            "/usr/sbin/certctl",
            "/usr/sbin/update-ca-certificates",
            "/usr/bin/update-ca-trust",
            "/usr/bin/trust",
            "/usr/local/share/ca-certificates",
            "/etc/ca-certificates/trust-source",
            "/etc/pki/ca-trust/source/blacklist",
            "/etc/pki/ca-trust/source/blocklist",
        ];
        const READ: &[&str] = &[
            "/etc/os-release",
            "/etc/ca-certificates.conf",
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/ssl/certs/java/cacerts",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
            "/etc/pki/ca-trust/extracted/java/cacerts",
            "/etc/ca-certificates/extracted/tls-ca-bundle.pem",
            "/var/lib/ca-certificates/ca-bundle.pem",
            "/etc/ssl/cert.pem",
            "/usr/local/etc/ssl/cert.pem",
        ];
        const LIST: &[(&str, bool)] = &[
            ("/usr/local/share/ca-certificates", true),
            ("/usr/share/ca-certificates", true),
            ("/etc/ssl/certs", false),
            ("/etc/pki/ca-trust/source", true),
            ("/etc/ca-certificates/trust-source", true),
            ("/etc/pki/trust", true),
            ("/usr/local/share/certs", false),
            ("/usr/local/etc/ssl/certs", false),
            ("/usr/local/etc/ssl/untrusted", false),
            ("/etc/ssl/untrusted", false),
            ("/var/lib/certcheck/trust", false),
        ];
        let mut questions: Vec<_> = EXISTS
            .iter()
            .map(|path| HostQuestion::Exists((*path).to_owned()))
            .chain(
                READ.iter()
                    .map(|path| HostQuestion::Read((*path).to_owned())),
            )
            .chain(LIST.iter().map(|(path, recursive)| HostQuestion::List {
                directory: (*path).to_owned(),
                recursive: *recursive,
            }))
            .collect();
        if let Some(home) = home {
            questions.push(HostQuestion::Read(format!("{home}/.postgresql/root.crt")));
            for database in nss::DATABASES {
                questions.push(HostQuestion::Exists(format!("{home}/{database}/cert9.db")));
            }
            for profiles in nss::PROFILES {
                questions.push(HostQuestion::Find {
                    directory: format!("{home}/{profiles}"),
                    name: "cert9.db".to_owned(),
                });
            }
        }
        questions
    }
}
