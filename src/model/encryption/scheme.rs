//! Any scheme that an AlgorithmIdentifier can name.

use super::pbes1::Pbes1;
use super::pbes2::{self, Pbes2};
use super::{Encryption, Refusal, Work, java, names};
use crate::model::Malformed;
use crate::model::der::{self, Reader};
use zeroize::Zeroizing;

/// An encryption scheme with its parameters.
#[derive(Debug)]
#[expect(private_interfaces, reason = "only read and decrypt are for others")]
pub(crate) enum Scheme<'a> {
    Pbes1(Box<Pbes1<'a>>),
    Pbes2(Box<Pbes2<'a>>),
    /// The scheme of Java's JKS keystores.
    Jks,
    /// The scheme of Java's JCEKS keystores.
    Jceks(java::Jceks),
    Unknown,
}

impl<'a> Scheme<'a> {
    /// Reads the content of an AlgorithmIdentifier.
    pub(crate) fn read(identifier: &'a [u8]) -> Result<(Self, Encryption), Malformed> {
        let mut reader = Reader::new(identifier, "encryption algorithm");
        let oid = reader.oid("its name")?;
        let parameters = if reader.is_empty() {
            None
        } else {
            Some(reader.any()?.whole)
        };
        reader.end()?;
        if oid == pbes2::PBES2 {
            let (scheme, encryption) = Pbes2::read(parameters)?;
            return Ok((Self::Pbes2(Box::new(scheme)), encryption));
        }
        if let Some((scheme, encryption)) = Pbes1::read(oid, parameters)? {
            return Ok((Self::Pbes1(Box::new(scheme)), encryption));
        }
        if oid == java::JKS_KEY_PROTECTION {
            return Ok((Self::Jks, java::jks_encryption()));
        }
        if oid == java::JCEKS_KEY_PROTECTION {
            let (scheme, encryption) = java::Jceks::read(parameters)?;
            return Ok((Self::Jceks(scheme), encryption));
        }
        let named = names::scheme(oid);
        let encryption = Encryption {
            scheme: named.map_or_else(
                || format!("an unknown scheme, {}", der::dotted(oid)),
                str::to_owned,
            ),
            openssl3_loads: false,
            outdated: named.is_some(),
            work: Work::NONE,
        };
        Ok((Self::Unknown, encryption))
    }

    /// Decrypts, unless it would cost too much.
    pub(crate) fn decrypt(
        &self,
        passphrase: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        match self {
            Self::Pbes1(scheme) => scheme.decrypt(passphrase, ciphertext),
            Self::Pbes2(scheme) => scheme.decrypt(passphrase, ciphertext),
            Self::Jks => java::decrypt(passphrase, ciphertext),
            Self::Jceks(scheme) => scheme.decrypt(passphrase, ciphertext),
            Self::Unknown => Err(Refusal::NotDecryptable),
        }
    }
}
