//! `key.legacy-encryption`: the private key is encrypted with an outdated scheme.

use super::rewritten;
use crate::finding::{Need, Remedy, Subject, beside, quote};
use crate::rule::{Rule, rule};

rule! {
    LegacyEncryption = KeyLegacyEncryption Warning
    "the private key is encrypted with an outdated scheme"
    page "legacy_encryption.txt"
    {
        /// The encryption scheme.
        scheme: String,
        /// Whether OpenSSL 3 with its default provider opens it.
        openssl3_loads: bool,
    }
}

impl Rule for LegacyEncryption {
    fn message(&self) -> String {
        match self {
            Self { scheme, .. } if scheme.contains("Bouncy Castle") => {
                format!("this is encrypted ({scheme}), and no other program opens it")
            }
            Self {
                scheme,
                openssl3_loads: false,
            } => {
                format!("the key is encrypted with {scheme}, which OpenSSL 3 does not load")
            }
            Self { scheme, .. } => {
                format!("the key is encrypted with {scheme}, an outdated scheme")
            }
        }
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(match self {
            Self { scheme, .. } if scheme.contains("Bouncy Castle") => keystore(
                subject,
                "have Bouncy Castle (bcprov.jar) write the keystore as PKCS#12",
                "-srcstoretype UBER -providerclass org.bouncycastle.jce.provider.BouncyCastleProvider -providerpath bcprov.jar",
            ),
            Self { scheme, .. } if scheme.contains("JCEKS") => keystore(
                subject,
                "have Java write the keystore as PKCS#12",
                "-srcstoretype JCEKS",
            ),
            Self {
                openssl3_loads: true,
                ..
            } => rewritten(subject, "encrypt it again with PBES2 and AES-256", ""),
            Self { .. } => rewritten(
                subject,
                "encrypt it again with PBES2 and AES-256; OpenSSL's legacy provider opens it",
                " -provider legacy -provider default",
            ),
        })
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8018 section 6.1", "measured: OpenSSL 3.0.19"]
    }
}

fn keystore(subject: &Subject, words: &str, options: &str) -> Remedy {
    let (old, new) = (&subject.source, beside(&subject.source, "new", Some("p12")));
    Remedy::words(words)
        .run(format!(
            "test ! -e {new} && keytool -importkeystore -srckeystore {old} {options} \
             -destkeystore {new} -deststoretype PKCS12",
            new = quote(&new),
            old = quote(old)
        ))
        .needing(Need::Passphrase)
        .then_instead(new, old)
}
