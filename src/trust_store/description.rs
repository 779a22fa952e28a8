//! Steps, guards and checks in words.

use super::step::{Action, Check, Guard, Probe, Step};
use std::fmt;

impl fmt::Display for Step {
    /// What is done, without why: `write-file /etc/…`, `run update-ca-trust extract`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        if let Some(path) = self.path() {
            write!(f, " {path}")?;
        }
        for word in self.argv() {
            write!(f, " {word}")?;
        }
        if let Action::CombineFiles { first, .. } = &self.action {
            write!(f, " (behind {first})")?;
        }
        if let Some(mode) = self.mode() {
            write!(f, " (mode {mode:04o})")?;
        }
        Ok(())
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed => f.write_str("if something was changed, or a check fails"),
            Self::If(probe) => write!(f, "if {}", probe.words(true)),
            Self::Unless(probe) => write!(f, "unless {}", probe.words(true)),
            Self::Recorded => f.write_str("if the journal says that a plan did it"),
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.probe.words(self.expected))?;
        match &self.only_if {
            Some(probe) => write!(f, ", if {}", probe.words(true)),
            None => Ok(()),
        }
    }
}

impl Probe {
    /// The name of its kind in JSON.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Exists { .. } => "exists",
            Self::FileHolds { .. } => "file-content",
            Self::BundleHolds { .. } => "bundle",
            Self::HashLink { .. } => "hash-link",
            Self::KeystoreHolds { .. } => "java-keystore",
            Self::DatabaseHolds { .. } => "nss-database",
            Self::KeychainHolds { .. } => "keychain",
            Self::KeychainTrusts { .. } => "trust-settings",
            Self::WindowsStoreHolds { .. } => "windows-store",
        }
    }

    /// The file, directory or store that is checked.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Exists { path }
            | Self::FileHolds { path, .. }
            | Self::BundleHolds { path, .. }
            | Self::KeychainHolds { path, .. } => Some(path),
            Self::HashLink { directory, .. } | Self::DatabaseHolds { directory, .. } => {
                Some(directory)
            }
            Self::KeystoreHolds { path, .. } => path.as_deref(),
            Self::WindowsStoreHolds { store, .. } => Some(store),
            Self::KeychainTrusts { .. } => None,
        }
    }

    /// SHA-256 of what must be there: of a file's content, or of a certificate's DER form.
    pub const fn sha256(&self) -> Option<crate::finding::Fingerprint> {
        match self {
            Self::FileHolds { sha256, .. } => Some(*sha256),
            Self::BundleHolds { certificate, .. }
            | Self::HashLink { certificate, .. }
            | Self::KeystoreHolds { certificate, .. }
            | Self::DatabaseHolds { certificate, .. }
            | Self::KeychainHolds { certificate, .. }
            | Self::WindowsStoreHolds { certificate, .. } => Some(*certificate),
            Self::Exists { .. } | Self::KeychainTrusts { .. } => None,
        }
    }

    /// In words, that it holds or that it does not.
    pub(super) fn words(&self, expected: bool) -> String {
        let holds = if expected { "holds" } else { "no longer holds" };
        match self {
            Self::Exists { path } => format!("{path} exists"),
            Self::FileHolds { path, .. } => format!("{path} {holds} what the plan wrote"),
            Self::BundleHolds {
                path, certificate, ..
            }
            | Self::KeychainHolds { path, certificate } => {
                format!("{path} {holds} the certificate {certificate}")
            }
            Self::HashLink {
                directory, name, ..
            } if expected => {
                format!("a hash link in {directory} leads to {name}")
            }
            Self::HashLink {
                directory, name, ..
            } => {
                format!("no link in {directory} leads to {name}")
            }
            Self::KeystoreHolds {
                path, certificate, ..
            } => {
                let path = path.as_deref().unwrap_or("of the runtime");
                format!("the Java keystore {path} {holds} the certificate {certificate}")
            }
            Self::DatabaseHolds {
                directory,
                nickname,
                ..
            } => {
                format!("the database in {directory} {holds} {nickname}")
            }
            Self::KeychainTrusts { sha1 } if expected => {
                format!("the trust settings contain {sha1}")
            }
            Self::KeychainTrusts { sha1 } => {
                format!("the trust settings no longer contain {sha1}")
            }
            Self::WindowsStoreHolds {
                store, thumbprint, ..
            } => {
                format!("{store} {holds} {thumbprint}")
            }
        }
    }
}
