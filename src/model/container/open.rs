//! A container of any kind, opened with a passphrase if there is one.

use super::{Container, Integrity};
use crate::encoding::SectionKind;
use crate::model::{KeyProblem, Passphrase};
use std::sync::LazyLock;

/// What was read from a container.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) container: Container,
    /// Why no more was read.
    pub(crate) problem: Option<KeyProblem>,
    /// Whether the empty passphrase opened it, though none was given.
    pub(crate) empty_passphrase: bool,
}

impl Shown {
    fn new(container: Container) -> Self {
        Self {
            container,
            problem: None,
            empty_passphrase: false,
        }
    }
}

/// The passphrase that many tools write when they should use none.
pub(crate) fn empty() -> &'static Passphrase {
    static EMPTY: LazyLock<Passphrase> = LazyLock::new(|| Passphrase::new(""));
    &EMPTY
}

impl Container {
    /// Opens what is in a section of that kind; `None` if it is not a container.
    pub(crate) fn open(
        kind: SectionKind,
        der: &[u8],
        passphrase: Option<&Passphrase>,
    ) -> Option<Result<Shown, KeyProblem>> {
        let read = |passphrase| match kind {
            SectionKind::Pkcs7 => Some(Self::pkcs7(der).map_err(KeyProblem::Malformed)),
            SectionKind::Pkcs12 => Some(Self::pkcs12(der, passphrase)),
            SectionKind::Jks => Some(Self::jks(der, passphrase)),
            _ => None,
        };
        Some(match (read(passphrase)?, passphrase) {
            (Ok(container), None) if container.waits() => match read(Some(empty()))? {
                Ok(opened) => Ok(Shown {
                    empty_passphrase: true,
                    ..Shown::new(opened)
                }),
                Err(_) => Ok(Shown::new(container)),
            },
            // The unencrypted parts are shown anyway.
            (Err(problem @ KeyProblem::WrongPassphrase(_)), Some(_)) => {
                read(None)?.map(|container| Shown {
                    problem: Some(problem),
                    ..Shown::new(container)
                })
            }
            (read, _) => read.map(Shown::new),
        })
    }

    /// Whether something in it needs a passphrase.
    fn waits(&self) -> bool {
        !self.closed.is_empty() || self.integrity == Integrity::NotChecked
    }
}
