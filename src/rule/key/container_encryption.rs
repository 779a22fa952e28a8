//! `key.container-encryption`: some programs cannot open this PKCS#12 file.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ContainerEncryption = KeyContainerEncryption Notice
    "some programs cannot open this PKCS#12 file"
    page "container_encryption.txt"
    {
        /// The schemes that encrypt its parts and keys.
        ciphers: Vec<String>,
        /// Its authentication code, if it has one.
        mac: Option<String>,
        /// The widely used programs that cannot open it, each with the reason.
        cannot_use: Vec<String>,
        /// Older ones.
        older: Vec<String>,
    }
}

impl Rule for ContainerEncryption {
    fn message(&self) -> String {
        let Self {
            cannot_use, older, ..
        } = self;
        let names = |those: &[String]| {
            let name = |text: &String| {
                let name = text
                    .split_once(": ")
                    .map_or(text.as_str(), |(name, _)| name);
                name.to_owned()
            };
            those.iter().map(name).collect::<Vec<_>>().join(", ")
        };
        if cannot_use.is_empty() {
            format!(
                "older programs cannot open this PKCS#12 file: {}",
                names(older)
            )
        } else {
            format!(
                "programs that cannot use this PKCS#12 file: {}",
                names(cannot_use)
            )
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(match self {
            Self { cannot_use, .. }
                if cannot_use
                    .iter()
                    .any(|program| program.contains("trustedKeyUsage")) =>
            {
                Remedy::words(
                    "import the certificate with `keytool -importcert`, which writes the attribute",
                )
            }
            Self { cannot_use, .. } if cannot_use.is_empty() => Remedy::words(
                "keep it, unless one of these programs must open it; in that case export it again with `openssl pkcs12 -export -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1`",
            ),
            Self { .. } => Remedy::words(
                "if one of these programs must open it, export it again with `openssl pkcs12 -export` from OpenSSL 3, which uses AES-256 and SHA-256",
            ),
        })
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: Java 17, OpenSSL 3.0.19, Node 20, GnuTLS 3.7.9, NSS 3.87",
            "JDK-8076190",
        ]
    }
}
