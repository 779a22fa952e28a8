//! The system and the versions of servers that a machine or a tree has, by its own files.

use crate::discovery::Candidate;
use crate::tree::Tree;
use certcheck::server::installed::{OsRelease, packaged_version, postgres_of_path};
use certcheck::server::settings::Looked;
use certcheck::server::{ServerVersion, System};

/// Lists of installed packages: dpkg's, apk's.
const LISTS: [&str; 2] = ["/var/lib/dpkg/status", "/lib/apk/db/installed"];

pub(crate) struct Installed {
    release: OsRelease,
    pub(crate) system: Option<System>,
    /// Why its own rules are not known.
    not_known: Option<String>,
    packages: String,
}

impl Installed {
    pub(crate) fn of(tree: &Tree) -> Self {
        let releases = ["/etc/os-release", "/usr/lib/os-release"];
        let release = releases.iter().find_map(|path| text(path, tree));
        let release = OsRelease::read(&release.unwrap_or_default());
        let policies = [
            "/etc/crypto-policies/state/current",
            "/etc/crypto-policies/config",
        ];
        let policy = policies.iter().find_map(|path| text(path, tree));
        Self {
            system: release.system(policy.as_deref()),
            not_known: release.not_known(policy.as_deref()),
            release,
            packages: LISTS
                .iter()
                .find_map(|path| text(path, tree))
                .unwrap_or_default(),
        }
    }

    /// The system, and the one that it is judged as.
    pub(crate) fn title(&self) -> String {
        let title = &self.release.title;
        match self.system {
            _ if title.is_empty() => String::new(),
            Some(system) if system.name() == "debian-12" => title.clone(),
            Some(system) => format!("{title}: judged as {}", system.name()),
            None => format!("{title}: certcheck does not know its defaults"),
        }
    }

    /// The version of a server's package.
    pub(crate) fn packaged(&self, server: &str) -> Option<String> {
        packaged_version(server, &self.packages)
    }

    /// Why a server that runs with this system's OpenSSL is not decided.
    pub(crate) fn open(&self) -> Option<String> {
        let why = self.not_known.as_ref()?;
        Some(match self.system {
            Some(system) => format!("{why}; judged by {}", policy_name(system)),
            None => format!("{why}; judged by those of debian-12"),
        })
    }

    /// The version of a server, and a note if certcheck does not know that version.
    pub(crate) fn version(
        &self,
        found: &Candidate,
        tree: &Tree,
    ) -> (Option<ServerVersion>, Option<String>) {
        let server = found.server.name();
        let written = match server {
            "postgres" => found.files.first().and_then(|file| postgres(file, tree)),
            _ => packaged_version(server, &self.packages),
        };
        let Some(written) = written else {
            return (None, None);
        };
        match ServerVersion::named(&format!("{server}@{written}")) {
            Ok(version) => (version, None),
            Err(error) => (None, Some(error.to_string())),
        }
    }
}

/// Its name, with the policy's.
fn policy_name(system: System) -> String {
    match system.policy() {
        Some(policy) => format!("{}:{policy}", system.name()),
        None => system.name().to_owned(),
    }
}

/// The version of the data directory, or the one in the path.
fn postgres(file: &str, tree: &Tree) -> Option<String> {
    let directory = file.rsplit_once('/').map_or("", |(directory, _)| directory);
    let own = text(&format!("{directory}/PG_VERSION"), tree);
    let own = own.map(|text| text.trim().to_owned());
    let number = |text: &String| text.bytes().all(|byte| byte.is_ascii_digit());
    own.filter(|text| !text.is_empty() && number(text))
        .or_else(|| postgres_of_path(file).map(str::to_owned))
}

fn text(path: &str, tree: &Tree) -> Option<String> {
    match tree.glance(path) {
        Looked::Read(source) => Some(String::from_utf8_lossy(source.bytes()).into_owned()),
        _ => None,
    }
}
