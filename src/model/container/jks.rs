//! Java's own keystores, JKS and JCEKS.
//!
//! The only specification is the source code of OpenJDK (sun/security/provider/JavaKeyStore.java,
//! com/sun/crypto/provider/JceKeyStore.java); the files that tests/library/containers.rs reads were
//! written by keytool 17. The certificates are not encrypted; a passphrase protects the keys and
//! the digest at the end.

use super::java_fields::{Fields, malformed};
use super::{Container, Integrity, bks};
use crate::model::encryption::{Hash, utf16_be};
use crate::model::{Encryption, KeyProblem, Passphrase};

pub(super) const JKS: u32 = 0xfeed_feed;
const JCEKS: u32 = 0xcece_cece;

/// What the digest at the end is salted with, in JDK 1.2 and ever since.
pub(super) const WHITENER: &[u8] = b"Mighty Aphrodite";
const DIGEST_LENGTH: usize = 20;

impl Container {
    /// Reads a Java keystore. Without a passphrase its certificates are read, but not whether it is
    /// intact; its keys are returned as they are, encrypted.
    ///
    /// The sealed secret keys of JCEKS are Java objects written out: they are
    /// [`ContainedKind::Unknown`](super::ContainedKind::Unknown), and named in [`Container::closed`].
    ///
    /// BKS of Bouncy Castle is read too; nothing is read from its UBER, which is encrypted as a
    /// whole with Twofish.
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
        // Read to the end and not as many as announced: a false number costs nothing, and is
        // detected below.
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
            return Err(malformed("its number of entries differs from the declared one").into());
        }
        Ok(container)
    }
}
