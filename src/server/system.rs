//! Operating systems: the OpenSSL that they ship, its security level, and its policy.
//!
//! A policy is the text that the system's own `openssl.cnf` leads to, and is read like any other
//! `openssl.cnf`. Systems that were not measured say so ([`System::documented`]).

mod policies;

use super::{OpensslConf, ServerVersion};
use crate::cipher::SecurityLevel;
use crate::protocol::Library;
use crate::source::Source;
use policies::Policy;

/// A system, and one of its policies.
///
/// ```
/// use certcheck::server::System;
/// let system = System::named("rhel-9:FUTURE").ok_or("not known")?;
/// assert_eq!(system.policy(), Some("FUTURE"));
/// assert_eq!(system.conf().map(|conf| conf.commands.is_empty()), Some(false));
/// assert!(System::named("beos").is_none());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct System {
    row: &'static Row,
    policy: Option<&'static Policy>,
}

/// What is known about a system.
#[derive(Debug)]
struct Row {
    name: &'static str,
    /// The OpenSSL version of its packages, for people.
    openssl: &'static str,
    library: Library,
    /// The level that it was built with.
    level: SecurityLevel,
    /// The first one applies unless another is named.
    policies: &'static [Policy],
    /// The versions of its servers, if they are known and differ in what certcheck judges.
    servers: &'static [(&'static str, &'static str)],
    measured: Option<&'static str>,
    sources: &'static [&'static str],
}

impl PartialEq for System {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name() && self.policy() == other.policy()
    }
}

impl Eq for System {}

impl System {
    /// The system of that name, followed by `:POLICY` if it has several.
    pub fn named(name: &str) -> Option<Self> {
        let (name, wanted) = match name.split_once(':') {
            Some((name, policy)) => (name, Some(policy)),
            None => (name, None),
        };
        let row = ROWS.iter().find(|row| row.name == name)?;
        let policy = match wanted {
            // The policy that the distribution installs: what `update-crypto-policies --show` says
            // on a fresh system.
            None => row.policies.first(),
            Some(wanted) => Some(row.policies.iter().find(|policy| policy.name == wanted)?),
        };
        Some(Self { row, policy })
    }

    /// Every name that [`named`](Self::named) accepts.
    pub fn names() -> impl Iterator<Item = String> {
        ROWS.iter().flat_map(|row| {
            let named = row.policies.iter().filter(|policy| !policy.name.is_empty());
            let named = named.map(|policy| format!("{}:{}", row.name, policy.name));
            std::iter::once(row.name.to_owned()).chain(named)
        })
    }

    /// Its name, without the policy.
    pub const fn name(&self) -> &'static str {
        self.row.name
    }

    /// The name of the policy, if its policies have names.
    pub fn policy(&self) -> Option<&'static str> {
        let policy = self.policy?;
        (!policy.name.is_empty()).then_some(policy.name)
    }

    /// The version of its OpenSSL.
    pub const fn openssl(&self) -> &'static str {
        self.row.openssl
    }

    /// The generation of that OpenSSL.
    pub const fn library(&self) -> Library {
        self.row.library
    }

    /// The security level that this OpenSSL was built with; a policy may state another.
    pub const fn built_level(&self) -> SecurityLevel {
        self.row.level
    }

    /// The security level that applies if a server sets none.
    pub fn level(&self) -> SecurityLevel {
        let stated = self.policy.and_then(|policy| policy.level());
        stated.unwrap_or(self.row.level)
    }

    /// What its `openssl.cnf` says about TLS; `None` if it says nothing.
    pub fn conf(&self) -> Option<OpensslConf> {
        let text = format!(
            "openssl_conf = init\n[init]\nssl_conf = ssl\n[ssl]\nsystem_default = policy\n[policy]\n{}",
            self.policy?.text
        );
        Some(OpensslConf::read(&Source::new(
            "openssl.cnf",
            text.into_bytes(),
        )))
    }

    /// What `PROFILE=SYSTEM` at the beginning of a cipher string means there: Red Hat's
    /// OpenSSL reads the policy's own string in its place, followed by the rest.
    pub(crate) fn ciphers(&self, string: &str) -> Option<String> {
        // Red Hat's patch to ssl_ciph.c reads /etc/crypto-policies/back-ends/openssl.config here.
        let rest = string.strip_prefix("PROFILE=SYSTEM")?;
        let own = self.policy.filter(|policy| !policy.name.is_empty())?;
        Some(format!("{}{rest}", own.value("CipherString")?))
    }

    /// The version of a server on it; `None` if unknown.
    pub(crate) fn version_of(&self, server: &str) -> Option<ServerVersion> {
        let mut servers = self.servers();
        let (_, version) = servers.find(|(named, _)| *named == server)?;
        ServerVersion::on_system(server, version)
    }

    /// The servers of its packages, as `--server` names them, with their versions; not every server
    /// is known for every system.
    pub fn servers(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.row.servers.iter().copied()
    }

    /// Whether the predictions for it come only from documentation.
    pub const fn documented(&self) -> bool {
        self.row.measured.is_none()
    }

    /// What is assumed to be as on Debian 12, for another system.
    pub fn assumed(&self) -> Option<&'static str> {
        (self.name() != "debian-12").then_some(
            "how the server reads its files when it starts, defaults that docs/servers.md does not \
             name, servers whose version is not listed, and the clients are those of Debian 12",
        )
    }

    /// The sources of that: measurements, documentation, the policy's own text.
    pub fn sources(&self) -> Vec<&'static str> {
        let measured = self.row.measured.into_iter();
        let policy = self.policy.map_or(&[][..], |policy| policy.sources);
        measured
            .chain(self.row.sources.iter().copied())
            .chain(policy.iter().copied())
            .collect()
    }
}

/// CHANGES of nginx: TLSv1.3 is on by default from 1.23.4, TLSv1 and TLSv1.1 are off from
/// 1.27.3; measured with 1.18, 1.22.1, 1.26.3 and 1.30.6.
const NGINX: &str = "nginx.org/en/CHANGES: default of ssl_protocols";
const RHEL_HAPROXY: &str = "access.redhat.com/node/6996272: HAProxy of RHEL 8, 9 and 10";
const RHEL_9_POSTGRES: &str = "docs.redhat.com, RHEL 9, Configuring and using database servers: \
                               PostgreSQL 13 is the initial version, 15 and 16 are modules";
const RHEL_10_POSTGRES: &str = "docs.redhat.com, RHEL 10, Configuring and using database servers: \
                                PostgreSQL 16 is the initial version";
const LEVEL_2_BEFORE_32: &str = "Debian and Ubuntu patch level 2 into OpenSSL before 3.2";
const LEVEL_2_SINCE_32: &str = "OpenSSL 3.2 CHANGES: the default security level is 2";

static ROWS: [Row; 10] = [
    Row {
        name: "debian-11",
        openssl: "1.1.1w",
        library: Library::OpenSsl111,
        level: SecurityLevel::UPSTREAM,
        policies: &[policies::DEBIAN_11],
        servers: &[
            ("haproxy", "2.2.9"),
            ("nginx", "1.18"),
            ("postgres", "13.16"),
        ],
        measured: Some(
            "OpenSSL 1.1.1w: 9 set-ups of s_server with 15 clients; openssl.cnf of the package",
        ),
        sources: &[NGINX],
    },
    Row {
        name: "debian-12",
        openssl: "3.0",
        library: Library::OpenSsl3,
        level: SecurityLevel::DEBIAN,
        policies: &[],
        servers: &[
            ("haproxy", "2.6.12"),
            ("nginx", "1.22.1"),
            ("postgres", "15.18"),
        ],
        measured: Some("the measured tables are those of Debian 12"),
        sources: &[],
    },
    Row {
        name: "debian-13",
        openssl: "3.5",
        library: Library::OpenSsl35,
        level: SecurityLevel::DEBIAN,
        policies: &[],
        servers: &[
            ("haproxy", "3.0.11"),
            ("nginx", "1.26.3"),
            ("postgres", "17.12"),
        ],
        measured: Some("OpenSSL 3.5.9: 10 set-ups of s_server with 15 clients"),
        sources: &[NGINX, LEVEL_2_SINCE_32],
    },
    Row {
        name: "ubuntu-22.04",
        openssl: "3.0.2",
        library: Library::OpenSsl3,
        level: SecurityLevel::DEBIAN,
        policies: &[],
        servers: &[("haproxy", "2.4"), ("nginx", "1.18"), ("postgres", "14")],
        measured: None,
        sources: &[
            NGINX,
            LEVEL_2_BEFORE_32,
            "packages.ubuntu.com/jammy: openssl, haproxy, nginx, postgresql",
        ],
    },
    Row {
        name: "ubuntu-24.04",
        openssl: "3.0.13",
        library: Library::OpenSsl3,
        level: SecurityLevel::DEBIAN,
        policies: &[],
        servers: &[("haproxy", "2.8"), ("nginx", "1.24"), ("postgres", "16")],
        measured: None,
        sources: &[
            NGINX,
            LEVEL_2_BEFORE_32,
            "packages.ubuntu.com/noble: openssl, haproxy, nginx, postgresql",
        ],
    },
    Row {
        name: "rhel-8",
        openssl: "1.1.1k",
        library: Library::OpenSsl111,
        level: SecurityLevel::UPSTREAM,
        policies: policies::RHEL_8,
        servers: &[("haproxy", "1.8"), ("nginx", "1.14")],
        measured: None,
        sources: &[NGINX, RHEL_HAPROXY],
    },
    Row {
        name: "rhel-9",
        openssl: "3.0 to 3.2",
        library: Library::OpenSsl3,
        level: SecurityLevel::UPSTREAM,
        policies: policies::RHEL_9,
        servers: &[("haproxy", "2.4"), ("nginx", "1.20"), ("postgres", "13")],
        measured: None,
        sources: &[NGINX, RHEL_HAPROXY, RHEL_9_POSTGRES],
    },
    Row {
        name: "rhel-10",
        openssl: "3.2 to 3.5",
        library: Library::OpenSsl3,
        level: SecurityLevel::DEBIAN,
        policies: policies::RHEL_10,
        servers: &[("haproxy", "3.0"), ("nginx", "1.26"), ("postgres", "16")],
        measured: None,
        sources: &[NGINX, LEVEL_2_SINCE_32, RHEL_HAPROXY, RHEL_10_POSTGRES],
    },
    Row {
        name: "amazon-2023",
        openssl: "3.0",
        library: Library::OpenSsl3,
        level: SecurityLevel::UPSTREAM,
        policies: &[policies::AMAZON_2023],
        servers: &[("nginx", "1.28")],
        measured: None,
        sources: &[NGINX],
    },
    Row {
        name: "alpine",
        openssl: "3.5",
        library: Library::OpenSsl35,
        level: SecurityLevel::DEBIAN,
        policies: &[],
        servers: &[("haproxy", "3.2"), ("nginx", "1.28"), ("postgres", "17")],
        measured: None,
        sources: &[
            NGINX,
            LEVEL_2_SINCE_32,
            "pkgs.alpinelinux.org: openssl, haproxy, postgresql17 of 3.22 and 3.23; before 3.20 \
             OpenSSL has level 1",
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::{ROWS, System};
    use crate::cipher::CipherList;
    use crate::server::Profile;
    use crate::server::settings::{Context, Settings};
    use crate::source::Source;

    #[test]
    fn every_policy_is_read_whole() {
        let names: Vec<_> = System::names().collect();
        assert_eq!(names.len(), 23, "{names:?}");
        for name in names {
            let system = System::named(&name).unwrap();
            let Some(conf) = system.conf() else { continue };
            assert!(conf.not_followed.is_none(), "{name}");
            let ciphers = conf
                .commands
                .iter()
                .find(|command| command.name == "CipherString");
            let list = CipherList::openssl(&ciphers.unwrap().value);
            assert_eq!(list.level, Some(system.level()), "{name}");
            assert!(list.refused.is_none() && !list.suites.is_empty(), "{name}");
            assert!(!system.sources().is_empty(), "{name}");
        }
    }

    #[test]
    fn policies_differ_where_they_should() {
        let suites = |name: &str| {
            let system = System::named(name).unwrap();
            CipherList::openssl(&system.ciphers("PROFILE=SYSTEM").unwrap()).suites
        };
        let has = |name: &str, suite: &str| suites(name).iter().any(|known| known.openssl == suite);
        assert!(has("rhel-9", "AES256-GCM-SHA384"));
        assert!(!has("rhel-10", "AES256-GCM-SHA384"));
        assert!(has("rhel-10:LEGACY", "AES256-GCM-SHA384"));
        assert!(!has("rhel-9:FUTURE", "ECDHE-RSA-AES128-GCM-SHA256"));
        assert!(has("rhel-9:FUTURE", "ECDHE-RSA-AES256-GCM-SHA384"));
        assert!(!has("rhel-9:FIPS", "ECDHE-RSA-CHACHA20-POLY1305"));
        let debian = System::named("debian-12").unwrap();
        assert_eq!(debian.ciphers("PROFILE=SYSTEM"), None);
    }

    #[test]
    fn nginx_knows_quic_by_its_version() {
        let since = |name: &str| {
            let nginx = System::named(name).unwrap().version_of("nginx");
            nginx.unwrap().has("1.25.0")
        };
        assert!(since("debian-13") && since("alpine") && since("rhel-10"));
        assert!(!since("debian-12") && !since("rhel-9") && !since("ubuntu-24.04"));
        let text = "events {}\nhttp { server { listen 443 quic; listen 443 ssl; \
                    ssl_certificate c; ssl_certificate_key k; } }\n";
        let nginx = Profile::named("nginx").unwrap();
        let source = Source::new("nginx.conf", text.into());
        let read = |name: &str| {
            let context = Context::at("/").with_system(System::named(name).unwrap());
            let settings = Settings::read(nginx, &source, &context).unwrap();
            (settings.facts.is_empty(), settings.not_judged.len())
        };
        assert_eq!(read("debian-13"), (true, 1));
        assert!(!read("debian-12").0);
    }

    #[test]
    fn every_server_of_a_system_is_a_known_one() {
        for row in &ROWS {
            let system = System::named(row.name).unwrap();
            for (server, version) in system.servers() {
                let known = system.version_of(server).unwrap();
                assert_eq!(known.release().to_string(), version, "{}", row.name);
                assert!(Profile::named(server).is_some());
            }
        }
        let version = |name: &str, server| System::named(name).unwrap().version_of(server);
        assert!(version("debian-12", "haproxy").unwrap().is_base());
        assert!(version("debian-13", "postgres").unwrap().is_measured());
        assert!(version("amazon-2023", "haproxy").is_none());
        // Older than any version that can be given: the note about the oldest version says so.
        let old = version("rhel-8", "haproxy").unwrap();
        assert!(!old.is_measured() && old.assumed().unwrap().contains("from 2.2 on"));
        let rhel = version("rhel-9", "haproxy").unwrap();
        assert!(rhel.to_string() == "HAProxy 2.4" && !rhel.is_measured());
    }

    #[test]
    fn haproxy_is_that_of_the_system() {
        let text = "defaults\n  mode http\nfrontend f\n  bind :443 ssl crt @web/a\n\
                    crt-store web\n  load crt a.pem alias a\n";
        let haproxy = Profile::named("haproxy").unwrap();
        let source = Source::new("haproxy.cfg", text.into());
        let refused = |name: &str| {
            let context = Context::at("/").with_system(System::named(name).unwrap());
            let settings = Settings::read(haproxy, &source, &context).unwrap();
            !settings.facts.is_empty()
        };
        // `crt-store` exists from 3.0.
        assert!(refused("debian-11") && refused("debian-12") && refused("ubuntu-24.04"));
        assert!(!refused("debian-13") && !refused("rhel-10"));
    }

    #[test]
    fn names_are_told_apart() {
        let mut names: Vec<_> = ROWS.iter().map(|row| row.name).collect();
        names.dedup();
        assert_eq!(names.len(), ROWS.len());
        assert!(System::named("rhel-9:NEXT").is_none());
        assert!(System::named("debian-12:DEFAULT").is_none());
    }
}
