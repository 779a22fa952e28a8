//! Java's own keystores, JKS and JCEKS.
//!
//! There is no specification but the source of OpenJDK
//! (sun/security/provider/JavaKeyStore.java, com/sun/crypto/provider/JceKeyStore.java);
//! the files that tests/library/containers.rs reads were written by keytool 17. The
//! certificates stand in the open; a passphrase guards the keys and the digest
//! at the end.

use super::{Contained, ContainedKind, Container, Integrity, bks, java_stream};
use crate::model::encryption::{Hash, utf16_be};
use crate::model::{Encryption, KeyForm, KeyProblem, Malformed, Passphrase};

const JKS: u32 = 0xfeed_feed;
const JCEKS: u32 = 0xcece_cece;

/// What the digest at the end is salted with, in JDK 1.2 and ever since.
const WHITENER: &[u8] = b"Mighty Aphrodite";
const DIGEST_LENGTH: usize = 20;

impl Container {
    /// Reads a Java keystore. Without a passphrase its certificates are read,
    /// and whether it is whole stays open; its keys are given as they stand,
    /// encrypted.
    ///
    /// The sealed secret keys of JCEKS are Java objects written out: they are
    /// [`ContainedKind::Unknown`], and named in [`Container::closed`].
    ///
    /// BKS of Bouncy Castle is read too; of its UBER, which is encrypted as a
    /// whole with Twofish, nothing.
    ///
    /// # Errors
    /// When it is not this structure, or the digest at its end is not the one
    /// that the passphrase gives.
    pub fn jks(bytes: &[u8], passphrase: Option<&Passphrase>) -> Result<Self, KeyProblem> {
        if bks::is_bouncy_castle(bytes) {
            return bks::read(bytes, passphrase);
        }
        let body = bytes
            .len()
            .checked_sub(DIGEST_LENGTH)
            .and_then(|end| bytes.split_at_checked(end));
        let Some((body, digest)) = body else {
            return Err(malformed("it ends before its digest").into());
        };
        let integrity = match passphrase {
            None => Integrity::NotChecked,
            Some(passphrase) => {
                let password = utf16_be(passphrase.secret_bytes());
                let right = Hash::Sha1.digest(&[&password, WHITENER, body]);
                if right.as_slice() != digest {
                    let guard =
                        Encryption::described("digest of the Java keystore, SHA-1", false, true);
                    return Err(KeyProblem::WrongPassphrase(guard));
                }
                Integrity::Holds
            }
        };
        let mut container = Self {
            objects: Vec::new(),
            closed: Vec::new(),
            integrity,
            protection: None,
        };
        let mut fields = Fields { rest: body };
        let magic = fields.number()?;
        let version = fields.number()?;
        if !matches!((magic, version), (JKS | JCEKS, 1 | 2)) {
            return Err(malformed("an unknown magic number or version").into());
        }
        let announced = fields.number()?;
        let mut read = 0;
        while !fields.rest.is_empty() {
            read += 1;
            match fields.number()? {
                1 => fields.key(version, &mut container)?,
                2 => {
                    let alias = fields.alias_and_date()?;
                    let object = fields.certificate(version, &alias)?;
                    container.objects.push(object);
                }
                3 if magic == JCEKS => fields.sealed(&mut container)?,
                _ => return Err(malformed("an entry of unknown kind").into()),
            }
        }
        if read != announced {
            return Err(malformed("another number of entries than it announces").into());
        }
        Ok(container)
    }
}

pub(super) fn malformed(reason: &str) -> Malformed {
    Malformed::new("Java keystore", reason)
}

/// What is left to be read. Every entry takes some of it, so that announced
/// numbers of entries cost nothing.
pub(super) struct Fields<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or_else(|| malformed("it ends in the middle of an entry"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn number(&mut self) -> Result<u32, Malformed> {
        let bytes = self.take(4)?;
        Ok(bytes
            .iter()
            .fold(0, |number, &byte| (number << 8) | u32::from(byte)))
    }

    /// Bytes behind their length.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.number()?;
        self.take(usize::try_from(length).map_err(|_| malformed("a length out of range"))?)
    }

    /// `DataOutput.writeUTF`: at most 65535 bytes behind their length.
    pub(super) fn text(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self
            .take(2)?
            .iter()
            .fold(0, |length, &byte| (length << 8) | usize::from(byte));
        self.take(length)
    }

    pub(super) fn alias_and_date(&mut self) -> Result<String, Malformed> {
        let alias = String::from_utf8_lossy(self.text()?)
            .chars()
            .filter(|&c| !crate::shown::is_hidden(c))
            .take(100)
            .collect();
        self.take(8)?;
        Ok(alias)
    }

    pub(super) fn certificate(
        &mut self,
        version: u32,
        alias: &str,
    ) -> Result<Contained, Malformed> {
        let kind = if version == 1 || self.text()? == b"X.509" {
            ContainedKind::Certificate
        } else {
            ContainedKind::Unknown
        };
        let mut object = Contained::new(kind, self.bytes()?);
        object.friendly_name = Some(alias.to_owned());
        Ok(object)
    }

    /// A private key and its chain.
    fn key(&mut self, version: u32, container: &mut Container) -> Result<(), Malformed> {
        let alias = self.alias_and_date()?;
        let kind = ContainedKind::PrivateKey(KeyForm::EncryptedPkcs8);
        let mut key = Contained::new(kind, self.bytes()?);
        key.friendly_name = Some(alias.clone());
        container.objects.push(key);
        for _ in 0..self.number()? {
            let object = self.certificate(version, &alias)?;
            container.objects.push(object);
        }
        Ok(())
    }

    /// A secret key that is sealed in a Java object.
    fn sealed(&mut self, container: &mut Container) -> Result<(), Malformed> {
        let alias = self.alias_and_date()?;
        let length = java_stream::length(self.rest)?;
        let mut object = Contained::new(ContainedKind::Unknown, self.take(length)?);
        object.friendly_name = Some(alias);
        container.objects.push(object);
        let sealed = Encryption::described("sealed secret key of JCEKS", false, true);
        if !container.closed.contains(&sealed) {
            container.closed.push(sealed);
        }
        Ok(())
    }
}
