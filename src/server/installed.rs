//! Which system a machine or a tree has, and which server versions its packages install: `doctor`
//! judges by these, since its user does not name them.
//!
//! os-release(5); dpkg's `status` and apk's `installed`; `PG_VERSION` and the directories that
//! Debian's and RHEL's packages give each version of PostgreSQL.

use super::System;

/// What the files of a machine say about its system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OsRelease {
    /// Its name for people: `PRETTY_NAME`.
    pub title: String,
    id: String,
    version: String,
}

impl OsRelease {
    /// Reads `/etc/os-release`.
    ///
    /// ```
    /// use certcheck::server::installed::OsRelease;
    /// let text = "ID=debian\nVERSION_ID=\"13\"\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n";
    /// let system = OsRelease::read(text).system(None).unwrap();
    /// assert_eq!(system.name(), "debian-13");
    /// ```
    pub fn read(text: &str) -> Self {
        let value = |name: &str| {
            let mut lines = text.lines().rev();
            let value = lines.find_map(|line| line.trim().strip_prefix(name)?.strip_prefix('='));
            let value = value.unwrap_or_default().trim_matches(['"', '\'']);
            value
                .chars()
                .filter(|c| !c.is_control())
                .take(100)
                .collect()
        };
        Self {
            title: value("PRETTY_NAME"),
            id: value("ID"),
            version: value("VERSION_ID"),
        }
    }

    /// The system, if its rules are known; `policy` is the text of
    /// `/etc/crypto-policies/config`, if the file exists.
    pub fn system(&self, policy: Option<&str>) -> Option<System> {
        let name = self.known_name()?;
        let whole =
            named_policy(policy).and_then(|policy| System::named(&format!("{name}:{policy}")));
        whole.or_else(|| System::named(&name))
    }

    /// Why certcheck cannot judge by this system's own rules: a distribution, a version or a
    /// crypto policy (`policy` as for [`system`](Self::system)) that it does not know. `None` also
    /// if no file says which system it is.
    ///
    /// ```
    /// use certcheck::server::installed::OsRelease;
    /// let fedora = OsRelease::read("ID=fedora\nVERSION_ID=43\n");
    /// assert!(fedora.not_known(None).unwrap().contains("fedora 43"));
    /// assert_eq!(OsRelease::read("ID=debian\nVERSION_ID=12\n").not_known(None), None);
    /// ```
    pub fn not_known(&self, policy: Option<&str>) -> Option<String> {
        if self.id.is_empty() {
            return None;
        }
        let system = self.system(policy);
        let Some(system) = system else {
            let name = format!("{} {}", self.id, self.version);
            return Some(format!(
                "certcheck does not know the defaults of {}",
                name.trim_end()
            ));
        };
        let policy = named_policy(policy)?;
        let known = system.policy().is_none_or(|own| own == policy);
        (!known).then(|| {
            let shown: String = policy.chars().take(100).collect();
            format!("certcheck does not know the crypto policy {shown}")
        })
    }

    /// The name by which [`System::named`] would know it.
    fn known_name(&self) -> Option<String> {
        let major = self.version.split('.').next().unwrap_or_default();
        Some(match self.id.as_str() {
            // Debian's testing and unstable have no version.
            "debian" if major.is_empty() => "debian-13".to_owned(),
            "debian" => format!("debian-{major}"),
            "ubuntu" => format!("ubuntu-{}", self.version),
            // Systems that are built from RHEL's sources.
            "rhel" | "centos" | "rocky" | "almalinux" | "ol" => format!("rhel-{major}"),
            "amzn" => format!("amazon-{major}"),
            "alpine" => "alpine".to_owned(),
            _ => return None,
        })
    }
}

/// The policy that a text of `/etc/crypto-policies/config` names.
fn named_policy(text: Option<&str>) -> Option<&str> {
    let mut lines = text.unwrap_or_default().lines().map(str::trim);
    lines.find(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The package of a server on Debian and Alpine; PostgreSQL's has the version in its name.
const PACKAGES: &[(&str, &[&str])] = &[
    ("apache", &["apache2-bin", "apache2"]),
    (
        "nginx",
        &[
            "nginx",
            "nginx-core",
            "nginx-full",
            "nginx-light",
            "nginx-extras",
        ],
    ),
    ("haproxy", &["haproxy"]),
];

/// The version of a server in dpkg's or apk's list of installed packages, without the
/// distribution's additions (`1:1.22.1-9+deb12u3` is `1.22.1`).
pub fn packaged_version(server: &str, list: &str) -> Option<String> {
    let (_, names) = PACKAGES.iter().find(|(known, _)| *known == server)?;
    list.split("\n\n").find_map(|stanza| {
        let value = |field: &str| {
            let mut lines = stanza.lines();
            lines.find_map(|line| Some(line.strip_prefix(field)?.strip_prefix(':')?.trim()))
        };
        let name = value("Package").or_else(|| value("P"))?;
        let status = value("Status").is_none_or(|status| status.ends_with(" installed"));
        if !status || !names.contains(&name) {
            return None;
        }
        let version = value("Version").or_else(|| value("V"))?;
        let version = version.split_once(':').map_or(version, |(_, rest)| rest);
        let end = version.find(|c: char| !c.is_ascii_digit() && c != '.');
        let upstream = version.get(..end.unwrap_or(version.len()))?;
        (!upstream.is_empty()).then(|| upstream.trim_end_matches('.').to_owned())
    })
}

/// The major version of PostgreSQL in the path of its settings.
pub fn postgres_of_path(path: &str) -> Option<&str> {
    let homes = [
        "/etc/postgresql/",
        "/var/lib/postgresql/",
        "/var/lib/pgsql/",
    ];
    let rest = homes.iter().find_map(|home| path.strip_prefix(home))?;
    let version = rest.split('/').next()?;
    let number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    number.then_some(version)
}

#[cfg(test)]
mod tests {
    use super::{OsRelease, packaged_version, postgres_of_path};

    #[test]
    fn systems_are_known_by_their_own_names() {
        let name = |text: &str, policy| {
            let system = OsRelease::read(text).system(policy)?;
            Some((system.name(), system.policy()))
        };
        assert_eq!(
            name("ID=debian\nVERSION_ID=\"12\"", None),
            Some(("debian-12", None))
        );
        assert_eq!(name("ID=debian", None), Some(("debian-13", None)));
        assert_eq!(
            name("ID=ubuntu\nVERSION_ID=\"24.04\"", None),
            Some(("ubuntu-24.04", None))
        );
        assert_eq!(name("ID=ubuntu\nVERSION_ID=\"25.10\"", None), None);
        let rocky = "NAME=\"Rocky Linux\"\nID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.4\"";
        assert_eq!(
            name(rocky, Some("# c\nFIPS\n")),
            Some(("rhel-9", Some("FIPS")))
        );
        assert_eq!(name(rocky, None), Some(("rhel-9", Some("DEFAULT"))));
        assert_eq!(
            name("ID=alpine\nVERSION_ID=3.22.1", None),
            Some(("alpine", None))
        );
        assert_eq!(
            name("ID=amzn\nVERSION_ID=\"2023\"", None).unwrap().0,
            "amazon-2023"
        );
        assert_eq!(name("ID=fedora\nVERSION_ID=41", None), None);
        assert_eq!(name("", None), None);
    }

    #[test]
    fn what_is_not_known_of_a_system_is_said() {
        let why = |text: &str, policy| OsRelease::read(text).not_known(policy);
        let rocky = "ID=rocky\nVERSION_ID=9.4";
        let unknown = |name: &str| Some(format!("certcheck does not know {name}"));
        assert_eq!(why(rocky, Some("# c\nFIPS\n")), None);
        assert_eq!(why(rocky, None), None);
        assert_eq!(
            why(rocky, Some("DEFAULT:SHA1\n")),
            unknown("the crypto policy DEFAULT:SHA1")
        );
        assert_eq!(why("ID=arch\n", None), unknown("the defaults of arch"));
        assert_eq!(
            why("ID=ubuntu\nVERSION_ID=\"25.10\"", None),
            unknown("the defaults of ubuntu 25.10")
        );
        // Debian has the package too, and its OpenSSL does not read the policy.
        assert_eq!(why("ID=debian\nVERSION_ID=12", Some("LEGACY")), None);
        assert_eq!(why("ID=debian\nVERSION_ID=11", Some("LEGACY")), None);
        assert_eq!(why("", None), None);
    }

    #[test]
    fn versions_are_those_of_installed_packages() {
        let dpkg = "Package: nginx\nStatus: deinstall ok config-files\nVersion: 1.18.0-6\n\n\
                    Package: nginx\nStatus: install ok installed\nVersion: 1.26.3-3+deb13u1\n\n\
                    Package: apache2-bin\nStatus: install ok installed\nVersion: 1:2.4.65-1~deb12u1\n";
        assert_eq!(packaged_version("nginx", dpkg).as_deref(), Some("1.26.3"));
        assert_eq!(packaged_version("apache", dpkg).as_deref(), Some("2.4.65"));
        assert_eq!(packaged_version("haproxy", dpkg), None);
        let apk = "C:Q1x=\nP:haproxy\nV:3.2.4-r0\nA:x86_64\n\nC:Q1y=\nP:nginx\nV:1.28.0-r3\n";
        assert_eq!(packaged_version("nginx", apk).as_deref(), Some("1.28.0"));
        assert_eq!(packaged_version("haproxy", apk).as_deref(), Some("3.2.4"));
        assert_eq!(packaged_version("tabpy", apk), None);
    }

    #[test]
    fn postgresql_has_its_version_in_its_paths() {
        assert_eq!(
            postgres_of_path("/etc/postgresql/17/main/postgresql.conf"),
            Some("17")
        );
        assert_eq!(
            postgres_of_path("/var/lib/pgsql/16/data/postgresql.conf"),
            Some("16")
        );
        assert_eq!(
            postgres_of_path("/var/lib/pgsql/data/postgresql.conf"),
            None
        );
        assert_eq!(postgres_of_path("/srv/17/postgresql.conf"), None);
    }
}
