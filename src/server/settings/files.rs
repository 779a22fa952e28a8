//! Which files a server opens because its settings say so, and where relative paths start.

use super::{NamedPath, Scope};
use crate::server::Profile;

/// What a server loads from a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FileUse {
    /// Its own certificate, and perhaps the chain.
    Certificate,
    /// The private key.
    Key,
    /// A private key next to a certificate file without one (HAProxy's `FILE.key`): it may be
    /// absent.
    KeyBeside,
    /// The certificates that follow its own.
    Chain,
    /// Its own CA certificates.
    Ca,
    /// Names and passwords.
    Passwords,
    /// Passphrases of private keys, one per line.
    Passphrases,
}

/// Directories of fragments in the usual layouts (Debian, RHEL,
/// nginx.org): relative paths start above it.
const FRAGMENTS: &[&str] = &[
    "conf",
    "conf-available",
    "conf-enabled",
    "conf.d",
    "extra",
    "mods-available",
    "mods-enabled",
    "sites-available",
    "sites-enabled",
    "snippets",
    "vhosts.d",
];

impl Scope {
    /// Every file that the server opens for this place, in the order of their uses. None if TLS is
    /// off: most servers open none then (measured: TabPy with http accepts missing files;
    /// HAProxy opens them).
    pub fn files(&self) -> Vec<(FileUse, NamedPath)> {
        let mut files = Vec::new();
        if self.tls || self.loads_without_tls {
            let each = |paths: &[NamedPath], usage| {
                paths
                    .iter()
                    .map(move |path| (usage, path.clone()))
                    .collect::<Vec<_>>()
            };
            files.extend(each(&self.certificates, FileUse::Certificate));
            for key in &self.keys {
                // HAProxy's `crt` names both; elsewhere a combined file is named twice.
                let both = |path: &NamedPath| path.path == key.path && path.setting == key.setting;
                if self.certificates.iter().any(both) {
                    if self.keys_inside.contains(&key.path) {
                        continue;
                    }
                    let mut beside = key.clone();
                    if self.without_extension
                        && let Some(bare) = beside.path.strip_suffix(".crt")
                    {
                        beside.path = bare.to_owned();
                    }
                    beside.path.push_str(".key");
                    files.push((FileUse::KeyBeside, beside));
                } else {
                    files.push((FileUse::Key, key.clone()));
                }
            }
            files.extend(each(self.chain.as_slice(), FileUse::Chain));
            if self.chain.is_none() {
                let own = self
                    .selections
                    .iter()
                    .filter_map(|selection| selection.chain.clone());
                files.extend(own.map(|path| (FileUse::Chain, path)));
            }
            files.extend(each(&self.ca, FileUse::Ca));
            let own = self
                .selections
                .iter()
                .filter_map(|selection| selection.ca.as_ref());
            let others = own.flatten().filter(|path| !self.ca.contains(path));
            files.extend(others.map(|path| (FileUse::Ca, path.clone())));
            files.extend(each(self.passphrases.as_slice(), FileUse::Passphrases));
        }
        files.extend(
            self.passwords
                .iter()
                .map(|password| (FileUse::Passwords, password.clone())),
        );
        files
    }
}

impl NamedPath {
    /// Whether it names a file at all, and not one determined in each handshake (nginx's variables,
    /// `data:`), nor a token's object (`pkcs11:`, `engine:`, `store:`).
    pub fn is_file(&self) -> bool {
        let elsewhere = ["data:", "pkcs11:", "engine:", "store:"];
        !self.written.is_empty()
            && (!self.written.contains('$') || self.is_literal())
            && !elsewhere
                .iter()
                .any(|scheme| self.written.starts_with(scheme))
    }

    /// TabPy and Rserve take a `$` literally (measured: TabPy 2.16, Rserve 1.8).
    fn is_literal(&self) -> bool {
        ["TABPY_", "tls."]
            .iter()
            .any(|prefix| self.setting.starts_with(prefix))
    }
}

impl Profile {
    /// Whether the server can be started with several files of settings: HAProxy's `-f`
    /// repeats, and PostgreSQL's settings are often a file and a directory of more.
    pub fn reads_several_files(&self) -> bool {
        matches!(self.name(), "haproxy" | "postgres")
    }

    /// The ending of the file names that the server reads, in byte order, from a directory of
    /// settings named in place of a file; `None`: it accepts no directory
    /// (`cfgfiles_expand_directories` of HAProxy 2.6; `GetConfFilesInDir` of PostgreSQL 15).
    pub fn directory_suffix(&self) -> Option<&'static str> {
        match self.name() {
            "haproxy" => Some(".cfg"),
            "postgres" => Some(".conf"),
            _ => None,
        }
    }
}

/// The directory that relative paths in the file of settings `config` start
/// from, judged by the path of `config`: Apache and nginx, the directory above
/// `sites-enabled` and the like (a ServerRoot in the file comes before it);
/// PostgreSQL, the file's directory (`data_directory` comes before it); all
/// others, the working directory, which is the empty path.
///
/// ```
/// use certcheck::server::{Profile, settings::base_directory};
/// let base = |server, config| base_directory(Profile::named(server).unwrap(), config);
/// assert_eq!(base("nginx", "/etc/nginx/sites-enabled/default"), "/etc/nginx");
/// assert_eq!(base("postgres", "/var/lib/pg/postgresql.conf"), "/var/lib/pg");
/// assert_eq!(base("tabpy", "/etc/tabpy.conf"), "");
/// ```
pub fn base_directory(profile: &Profile, config: &str) -> String {
    let Some((directory, _)) = config.rsplit_once('/') else {
        return String::new();
    };
    let directory = if directory.is_empty() { "/" } else { directory };
    match profile.name() {
        "apache" | "nginx" => match directory.rsplit_once('/') {
            // nginx starts from the directory of nginx.conf, httpd from its ServerRoot.
            Some((_, "conf")) if profile.name() == "nginx" => directory.to_owned(),
            Some((above, last)) if FRAGMENTS.contains(&last) && !above.is_empty() => {
                above.to_owned()
            }
            _ => directory.to_owned(),
        },
        "postgres" => directory.to_owned(),
        _ => String::new(),
    }
}
