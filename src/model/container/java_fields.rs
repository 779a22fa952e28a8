//! The fields of a Java keystore, as `java.io.DataInput` reads them.

use super::{Contained, ContainedKind, Container, java_stream};
use crate::model::{Encryption, KeyForm, Malformed};

/// What is left to read. Every entry uses some of it, so a false number of entries costs nothing.
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

    /// Bytes after their length.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.number()?;
        self.take(usize::try_from(length).map_err(|_| malformed("a length out of range"))?)
    }

    /// `DataOutput.writeUTF`: at most 65535 bytes after their length.
    pub(super) fn text(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self
            .take(2)?
            .iter()
            .fold(0, |length, &byte| (length << 8) | usize::from(byte));
        self.take(length)
    }

    pub(super) fn alias_and_date(&mut self) -> Result<String, Malformed> {
        // `writeUTF` is not quite UTF-8 (zero bytes and surrogates differ). The alias is shown and
        // never compared.
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
        // Version 1 knew only X.509, and names no type before a certificate.
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
    pub(super) fn key(&mut self, version: u32, container: &mut Container) -> Result<(), Malformed> {
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
    pub(super) fn sealed(&mut self, container: &mut Container) -> Result<(), Malformed> {
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

pub(super) fn malformed(reason: &str) -> Malformed {
    Malformed::new("Java keystore", reason)
}
