//! What affects the answer in addition to the string: the program and its TLS library.

use super::{Dialect, Version, VersionSet};
use std::collections::BTreeMap;

/// The program's version, its TLS library, and the settings next to the string.
///
/// The defaults are the programs of Debian 12 with OpenSSL 3.0.19, on which
/// the rules were measured.
///
/// ```
/// use certcheck::protocol::{Dialect, Environment, ProtocolString, Version};
/// let string = ProtocolString::parse(Dialect::Apache, "all");
/// let today = string.evaluate(&Environment::httpd_24_openssl_3());
/// let then = string.evaluate(&Environment::httpd_24_openssl_102());
/// assert!(!today.effective.contains(Version::SSLv3));
/// assert!(then.effective.contains(Version::SSLv3));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    pub(super) built_in: VersionSet,
    pub(super) library: Library,
    pub(super) security_level: u8,
    /// The level that clients encounter: Debian's 2 if none was given.
    pub(super) level_in_use: u8,
    pub(super) defines: BTreeMap<String, Vec<u8>>,
    pub(super) global: Vec<u8>,
    pub(super) java_disabled: VersionSet,
}

/// Generations of OpenSSL that treat version limits differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Library {
    /// 1.0.2: versions are switched off one by one, `MinProtocol` is unknown.
    OpenSsl102,
    /// 1.1.0: a lowest and a highest version, no TLSv1.3.
    OpenSsl110,
    /// 1.1.1: the same with TLSv1.3.
    OpenSsl111,
    /// 3.0 and later: TLSv1 and TLSv1.1 need security level 0.
    OpenSsl3,
    /// 3.5 and later: the same, with post-quantum groups, which it prefers.
    OpenSsl35,
}

impl Library {
    /// Whether a security level allows a version (`ssl_security_default_callback`,
    /// ssl/ssl_cert.c): 1.1.1 forbids SSLv3 from level 2, TLSv1 from 3 and TLSv1.1 from 4
    /// on; 3.0 forbids them all above 0, because they sign with SHA-1.
    pub fn allows(self, level: u8, version: Version) -> bool {
        match (self, version) {
            (_, Version::TLSv1_2 | Version::TLSv1_3) | (Self::OpenSsl102, _) => true,
            (Self::OpenSsl110 | Self::OpenSsl111, Version::TLSv1_1) => level < 4,
            (Self::OpenSsl110 | Self::OpenSsl111, Version::TLSv1) => level < 3,
            (Self::OpenSsl110 | Self::OpenSsl111, _) => level < 2,
            (Self::OpenSsl3 | Self::OpenSsl35, _) => level == 0,
        }
    }
}

impl Environment {
    /// What `dialect`'s program is in Debian 12: httpd 2.4.71, nginx 1.22.1,
    /// HAProxy 2.6.12, PostgreSQL 15.18 with OpenSSL 3.0.19; TabPy 2.16.0 with
    /// Python 3.11; Java 17.
    ///
    /// The security level is 0, so that the answer is only about the string. TabPy is the
    /// exception: it cannot set its ciphers, so Python's level 2 applies.
    pub fn default_for(dialect: Dialect) -> Self {
        let mut environment = Self::httpd_24_openssl_3();
        environment.security_level = u8::from(dialect == Dialect::TabPy) * 2;
        environment
    }

    /// Apache httpd 2.4 with an OpenSSL 3 that is built without SSLv3.
    pub fn httpd_24_openssl_3() -> Self {
        Self {
            built_in: VersionSet::TLS,
            library: Library::OpenSsl3,
            security_level: 0,
            level_in_use: 2,
            defines: BTreeMap::new(),
            global: Vec::new(),
            java_disabled: VersionSet::WEAK.union(VersionSet::only(Version::SSLv3)),
        }
    }

    /// Apache httpd 2.4 with an OpenSSL 1.0.2 that is built with SSLv3 (the
    /// default of that release): no TLSv1.3, gaps stay open (source:
    /// `ssl_init_ctx_protocol`, `ssl23_get_client_hello`).
    pub fn httpd_24_openssl_102() -> Self {
        let mut environment = Self::httpd_24_openssl_3();
        environment.built_in = VersionSet::between(Version::SSLv3, Version::TLSv1_2);
        environment.library = Library::OpenSsl102;
        environment
    }

    /// Another generation of OpenSSL; it also decides whether there is TLSv1.3.
    #[must_use]
    pub fn with_library(mut self, library: Library) -> Self {
        self.library = library;
        let newest = VersionSet::only(Version::TLSv1_3);
        self.built_in = if library >= Library::OpenSsl111 {
            self.built_in.union(newest)
        } else {
            self.built_in.difference(newest)
        };
        self
    }

    /// With or without SSLv3 compiled into the TLS library (`no-ssl3`).
    #[must_use]
    pub fn with_ssl3(mut self, compiled_in: bool) -> Self {
        let ssl3 = VersionSet::only(Version::SSLv3);
        self.built_in = if compiled_in {
            self.built_in.union(ssl3)
        } else {
            self.built_in.difference(ssl3)
        };
        self
    }

    /// OpenSSL's security level, 0 to 5. From 1 on OpenSSL 3 speaks neither
    /// TLSv1 nor TLSv1.1, whatever the string says.
    #[must_use]
    pub fn with_security_level(mut self, level: u8) -> Self {
        self.security_level = level;
        self.level_in_use = level;
        self
    }

    /// Which of the versions that a string leaves a client can really reach: in OpenSSL
    /// 3 TLSv1.1 and older sign with SHA-1, which every level above 0 forbids. The level is the one
    /// that was given, otherwise 2, as Debian and Ubuntu build it.
    pub fn reachable(&self, dialect: Dialect, effective: VersionSet) -> VersionSet {
        // Java has no security levels. Its own list of disabled algorithms is already applied.
        let on_openssl = !matches!(dialect, Dialect::Java | Dialect::Tomcat);
        if !on_openssl {
            return effective;
        }
        let allows = |version: &Version| self.library.allows(self.level_in_use, *version);
        let all = Version::ALL.into_iter();
        all.filter(|version| effective.contains(*version) && allows(version))
            .collect()
    }

    /// A variable for `${NAME}` in Apache's configuration (`Define NAME VALUE`).
    /// Names that differ only in case are different names.
    #[must_use]
    pub fn with_define(mut self, name: impl AsRef<str>, value: impl AsRef<[u8]>) -> Self {
        self.defines
            .insert(name.as_ref().to_ascii_lowercase(), value.as_ref().to_vec());
        self
    }

    /// HAProxy's global `ssl-default-bind-options`, with or without that word, one statement per
    /// line.
    #[must_use]
    pub fn with_global(mut self, options: impl AsRef<[u8]>) -> Self {
        self.global = options.as_ref().to_vec();
        self
    }

    /// The versions that `jdk.tls.disabledAlgorithms` of Java names. The
    /// default is that of 8u291, 11.0.11, 16.0.1 and later: SSLv3, TLSv1, TLSv1.1.
    #[must_use]
    pub fn with_java_disabled(mut self, versions: VersionSet) -> Self {
        self.java_disabled = versions;
        self
    }

    /// The versions that the TLS library has at all.
    pub fn built_in(&self) -> VersionSet {
        self.built_in
    }

    pub(super) fn has(&self, version: Version) -> bool {
        self.built_in.contains(version)
    }

    /// What is left of `versions` after library and security level are applied.
    pub(super) fn speaks(&self, versions: VersionSet) -> VersionSet {
        let spoken = versions.intersection(self.built_in);
        if self.library >= Library::OpenSsl3 && self.security_level > 0 {
            spoken.intersection(VersionSet::MODERN)
        } else {
            spoken
        }
    }
}
