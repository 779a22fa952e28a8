//! The platforms that have a trust store, and which one a machine is.

use super::host::HostFacts;
use std::fmt;

/// A kind of trust store for which a plan can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Platform {
    /// Debian, Ubuntu and their relatives: `/usr/local/share/ca-certificates`, a shell script
    /// called `update-ca-certificates`.
    Debian,
    /// Fedora, RHEL, CentOS, Rocky, Alma, Amazon: `update-ca-trust` over p11-kit.
    Rpm,
    /// macOS: keychains and trust settings.
    Macos,
    /// Windows: certificate stores.
    Windows,
    /// Alpine: a C program called `update-ca-certificates`.
    Alpine,
    /// Arch: `update-ca-trust` over p11-kit, in another place.
    Arch,
    /// openSUSE, SLES: hooks called `update-ca-certificates` over p11-kit.
    OpenSuse,
    /// FreeBSD: `certctl`.
    FreeBsd,
    /// NixOS: a line of the machine's configuration.
    NixOs,
    /// NSS databases: Firefox, and Chromium on Linux.
    Nss,
    /// A Java runtime's own `cacerts`.
    Java,
    /// PostgreSQL's clients: `root.crt` of one user.
    PostgresClient,
    /// Environment variables, which name a file.
    Env,
    /// Container images: lines for a Dockerfile.
    Containers,
}

impl Platform {
    /// Every platform, in the order of the documentation.
    pub const ALL: &'static [Self] = &[
        Self::Debian,
        Self::Rpm,
        Self::Macos,
        Self::Windows,
        Self::Alpine,
        Self::Arch,
        Self::OpenSuse,
        Self::FreeBsd,
        Self::NixOs,
        Self::Nss,
        Self::Java,
        Self::PostgresClient,
        Self::Env,
        Self::Containers,
    ];

    /// The name on the command line and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Debian => "debian",
            Self::Rpm => "rpm",
            Self::Macos => "macos",
            Self::Windows => "windows",
            Self::Alpine => "alpine",
            Self::Arch => "arch",
            Self::OpenSuse => "opensuse",
            Self::FreeBsd => "freebsd",
            Self::NixOs => "nixos",
            Self::Nss => "nss",
            Self::Java => "java",
            Self::PostgresClient => "postgres-client",
            Self::Env => "env",
            Self::Containers => "containers",
        }
    }

    /// The platform of that name; `ubuntu`, `fedora`, `rhel`, `sles`, `firefox` and
    /// other names that people use are understood.
    ///
    /// ```
    /// use certcheck::trust_store::Platform;
    /// assert_eq!(Platform::parse("ubuntu"), Some(Platform::Debian));
    /// assert_eq!(Platform::parse("beos"), None);
    /// ```
    pub fn parse(name: &str) -> Option<Self> {
        let exact = Self::ALL.iter().find(|p| p.as_str() == name);
        exact.copied().or(match name {
            "ubuntu" | "mint" | "raspbian" => Some(Self::Debian),
            "fedora" | "rhel" | "centos" | "rocky" | "almalinux" | "alma" | "ol" | "oracle"
            | "amzn" | "amazon" | "azurelinux" | "mariner" => Some(Self::Rpm),
            "darwin" | "osx" => Some(Self::Macos),
            "archlinux" | "manjaro" => Some(Self::Arch),
            "suse" | "sles" | "opensuse-leap" | "opensuse-tumbleweed" => Some(Self::OpenSuse),
            "nix" => Some(Self::NixOs),
            "firefox" | "chromium" => Some(Self::Nss),
            "libpq" | "psql" | "postgres" | "postgresql" => Some(Self::PostgresClient),
            "environment" => Some(Self::Env),
            "docker" | "container" | "podman" => Some(Self::Containers),
            _ => None,
        })
    }

    /// The machine's own platform, from its directories and then from `/etc/os-release`. Three
    /// unrelated programs are called `update-ca-certificates`, so the name of a program is no
    /// evidence.
    pub fn detect(host: &HostFacts) -> Option<Self> {
        let has = |path: &str| host.exists(path);
        // The most specific marks come first; several systems may have the directories below.
        if has("/etc/NIXOS") || host.is_like("nixos") {
            Some(Self::NixOs)
        } else if has("/System/Library/CoreServices/SystemVersion.plist") {
            Some(Self::Macos)
        } else if has("C:/Windows/System32/certutil.exe") {
            Some(Self::Windows)
        } else if has("/etc/alpine-release") || host.is_like("alpine") {
            Some(Self::Alpine)
        } else if has("/etc/pki/trust/anchors") || host.is_like("suse") {
            Some(Self::OpenSuse)
        } else if has("/etc/ca-certificates/trust-source") || host.is_like("arch") {
            Some(Self::Arch)
        } else if has("/etc/pki/ca-trust/source/anchors")
            || ["rhel", "fedora", "centos", "amzn", "azurelinux", "mariner"]
                .iter()
                .any(|id| host.is_like(id))
        {
            Some(Self::Rpm)
        } else if has("/etc/ca-certificates.conf")
            || has("/usr/local/share/ca-certificates")
            || host.is_like("debian")
        {
            Some(Self::Debian)
        } else if has("/usr/sbin/certctl") || host.is_like("freebsd") {
            Some(Self::FreeBsd)
        } else {
            None
        }
    }

    /// Whether its tool (p11-kit) leaves certificates that are not CA certificates out of the
    /// bundle. Measured with p11-kit 0.25.5 and 0.23.22.
    pub const fn wants_ca(self) -> bool {
        matches!(self, Self::Rpm | Self::Arch | Self::OpenSuse)
    }

    /// The effect of a file with several certificates, if not all of them count.
    pub(super) const fn several(self) -> Option<&'static str> {
        match self {
            Self::Debian => Some(
                "makes no hash link for such a file (clients with a CApath miss all of them), and gives Java only the first",
            ),
            Self::Alpine | Self::FreeBsd => {
                Some("makes no hash link for such a file: clients with a CApath miss all of them")
            }
            Self::Java | Self::Nss => Some("imports only the first"),
            Self::Macos | Self::Windows => Some("accepts one certificate at a time"),
            _ => None,
        }
    }

    /// The rule for file names that `name` breaks, if the platform ignores such files.
    pub(super) fn file_name(self, name: &str) -> Option<&'static str> {
        let (fits, needed) = match self {
            Self::Debian => (
                name.ends_with(".crt"),
                "only names that end in `.crt` are read",
            ),
            Self::Alpine => (
                !name.starts_with('.'),
                "names that begin with a dot are not read",
            ),
            Self::FreeBsd => (
                [".pem", ".crt", ".cer", ".crl", ".0"]
                    .iter()
                    .any(|e| name.ends_with(e)),
                "only names that end in `.pem`, `.crt`, `.cer`, `.crl` or `.0` are read",
            ),
            _ => return None,
        };
        (!fits).then_some(needed)
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
