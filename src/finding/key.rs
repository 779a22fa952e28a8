//! Findings about private keys and what belongs to them.

mod remedy;

use super::Fingerprint;
use super::table::facts;
use crate::shown::article;

facts! {
    /// What is wrong with a private key, or with its certificate.
    KeyFact {
        Mismatch = "key.mismatch" Error "the private key does not belong to the certificate" {
            /// SHA-256 of the certificate's SubjectPublicKeyInfo.
            certificate_spki: Option<Fingerprint>,
            /// SHA-256 of the key's SubjectPublicKeyInfo.
            key_spki: Option<Fingerprint>,
            /// The file of the certificate compared with.
            certificate: Option<String>,
            /// A certificate, among all that was given, to which the key belongs.
            matches: Option<String>,
            /// A key, among all that was given, which is the certificate's own.
            own_key: Option<String>,
            /// What does not belong, where it is not a private key: `request`.
            what: Option<String>,
        }
        Unknown = "key.unknown" Error "the private key's form or algorithm is not known" {
            /// The algorithm's name or object identifier, or the label.
            algorithm: String,
            /// What could not be understood.
            reason: String,
        }
        Encrypted = "key.encrypted" Warning "the private key is protected by a passphrase" {
            /// The encryption scheme.
            scheme: String,
            /// Whether the server has a way to be given the passphrase.
            server_can_ask: bool,
            /// What the server does at start-up.
            consequence: String,
        }
        WrongPassphrase = "key.wrong-passphrase" Error "the passphrase does not open the key" {
            /// The encryption scheme.
            scheme: String,
        }
        LegacyEncryption = "key.legacy-encryption" Warning
            "the private key is encrypted with an outdated scheme" {
            /// The encryption scheme.
            scheme: String,
            /// Whether OpenSSL 3 with its default provider opens it.
            openssl3_loads: bool,
        }
        NotDecrypted = "key.not-decrypted" Warning
            "the private key is encrypted with a cipher that is not decrypted here" {
            /// The encryption scheme.
            scheme: String,
            /// Whether OpenSSL 3 with its default provider opens it.
            openssl3_loads: bool,
        }
        TooCostly = "key.too-costly" Warning
            "opening the private key costs more than is spent on a file" {
            /// The encryption scheme.
            scheme: String,
            /// Which number is too large, and the largest that is computed.
            reason: String,
        }
        TooLarge = "key.too-large" Error "the private key is larger than any in use" {
            /// The key's algorithm.
            algorithm: String,
            /// The largest of its numbers, in bits.
            bits: u64,
            /// The most that is computed.
            most: u64,
        }
        UnsupportedAlgorithm = "key.unsupported-algorithm" Error
            "the server cannot use a key of this algorithm" {
            /// The key's algorithm.
            algorithm: String,
            /// The algorithms it can use.
            supported: Vec<String>,
        }
        Inconsistent = "key.inconsistent" Error "the parts of the private key contradict one another" {
            /// The key's algorithm.
            algorithm: String,
            /// Which relation does not hold.
            reason: String,
        }
        LargeExponent = "key.large-exponent" Warning
            "the private exponent of the RSA key is not less than its modulus" {
            /// The key's algorithm.
            algorithm: String,
        }
        Weak = "key.weak" Error "the private key is too short to be accepted" {
            /// The key's algorithm.
            algorithm: String,
            /// Its size.
            bits: u64,
            /// The least size that is accepted.
            least: u64,
        }
        KnownBad = "key.known-bad" Error "the private key is known, or anyone can compute it" {
            /// The key's algorithm.
            algorithm: String,
            /// What is wrong, in one word: `roca`, `close-primes`, `small-factor`,
            /// `shared-prime`, `public-exponent`, `blocklisted` or `published`.
            weakness: String,
            /// The same in words.
            reason: String,
            /// The place of the other key, where two share a prime.
            other: Option<String>,
        }
        FileMode = "key.file-mode" Warning "the key file's owner or mode is unsuitable" {
            /// The permission bits, four octal digits.
            mode: String,
            /// What is wrong with them.
            reason: String,
            /// The directory above the file that they are of, where it is not the file.
            directory: Option<String>,
            /// The user id of its owner.
            owner: u64,
            /// Its group id.
            group: u64,
            /// The service's user id, where it is known.
            service: Option<u64>,
            /// The user who should own it, by number or name, where that is another.
            wanted_owner: Option<String>,
            /// The permission bits that it should have, four octal digits.
            wanted_mode: String,
            /// What to change in its access control list instead, as `setfacl` takes it.
            access_list: Option<String>,
        }
        PassphraseOnCommandLine = "key.passphrase-on-command-line" Warning
            "a passphrase stands on the command line" {
            /// The option that carries it.
            option: String,
        }
        PassphraseBlocksSaml = "key.passphrase-blocks-saml" Error
            "a key with a passphrase cannot also serve SAML" {}
        ContainerEncryption = "key.container-encryption" Notice
            "some programs cannot open this PKCS#12 file" {
            /// The schemes that encrypt its parts and keys.
            ciphers: Vec<String>,
            /// Its authentication code; none if it has none.
            mac: Option<String>,
            /// The programs in general use that cannot use it, each with the reason.
            cannot_use: Vec<String>,
            /// Older ones.
            older: Vec<String>,
        }
        DsaUnusable = "key.dsa-unusable" Error "no client today completes a handshake with a DSA key" {}
    }
}

impl KeyFact {
    pub(super) fn message(&self) -> String {
        match self {
            Self::Mismatch {
                certificate,
                matches,
                own_key,
                what,
                ..
            } => {
                let this = what.as_deref().unwrap_or("key");
                let with = certificate.as_ref().map_or_else(
                    || "anything that was given".to_owned(),
                    |certificate| format!("the certificate in {certificate}"),
                );
                let other = match (matches, own_key) {
                    (Some(place), _) => format!("; it belongs to {place}"),
                    (None, Some(place)) => format!("; that certificate's own key is {place}"),
                    (None, None) => String::new(),
                };
                format!("this {this} does not belong to {with}{other}")
            }
            Self::Unknown { algorithm, reason } => {
                format!("a key of kind {algorithm} cannot be judged: {reason}")
            }
            Self::Encrypted {
                scheme,
                consequence,
                ..
            } => {
                format!("the key is protected by a passphrase ({scheme}): {consequence}")
            }
            Self::WrongPassphrase { scheme } => {
                let what = if scheme.contains("PKCS#12") || scheme.contains("keystore") {
                    "container"
                } else {
                    "key"
                };
                format!(
                    "the passphrase that was given does not open the {what} ({scheme}); damage there would look the same"
                )
            }
            Self::NotDecrypted {
                scheme,
                openssl3_loads,
            } => {
                let loads = if *openssl3_loads {
                    "OpenSSL 3 loads it"
                } else {
                    "nor does OpenSSL 3 load it"
                };
                format!(
                    "the key is encrypted with {scheme}, which certcheck does not decrypt; {loads}"
                )
            }
            Self::TooCostly { scheme, reason } => {
                format!("opening the key would cost too much ({scheme}): {reason}")
            }
            Self::TooLarge {
                algorithm,
                bits,
                most,
            } => {
                format!(
                    "the {algorithm} key has a number of {bits} bits; more than {most} are not computed"
                )
            }
            Self::LegacyEncryption { scheme, .. } if scheme.contains("Bouncy Castle") => {
                format!("this is encrypted as {scheme}, which nothing else opens")
            }
            Self::LegacyEncryption {
                scheme,
                openssl3_loads: false,
            } => {
                format!("the key is encrypted with {scheme}, which OpenSSL 3 does not load")
            }
            Self::LegacyEncryption { scheme, .. } => {
                format!("the key is encrypted with {scheme}, an outdated scheme")
            }
            Self::UnsupportedAlgorithm {
                algorithm,
                supported,
            } => {
                format!(
                    "{} {algorithm} key cannot be used here, only {}",
                    article(algorithm),
                    supported.join(" or ")
                )
            }
            Self::Inconsistent { algorithm, reason } => {
                format!("this {algorithm} key is damaged or forged: {reason}")
            }
            Self::LargeExponent { algorithm } => format!(
                "the parts of this {algorithm} key agree, but its private exponent is larger than the modulus: OpenSSL and Java use it, Go and rustls do not"
            ),
            Self::Weak {
                algorithm,
                bits,
                least,
            } => {
                format!(
                    "the {algorithm} key has {bits} bits; fewer than {least} are refused at start-up"
                )
            }
            Self::KnownBad {
                algorithm,
                reason,
                other: Some(other),
                ..
            } => format!("this {algorithm} key is broken: {reason} ({other})"),
            Self::KnownBad {
                algorithm,
                weakness,
                reason,
                ..
            } => {
                let is = match weakness.as_str() {
                    "blocklisted" | "published" => "known",
                    _ => "broken",
                };
                format!("this {algorithm} key is {is}: {reason}")
            }
            Self::FileMode {
                mode,
                reason,
                directory: Some(directory),
                ..
            } => format!("the directory {directory} has mode {mode}: {reason}"),
            Self::FileMode {
                mode,
                reason,
                owner,
                group,
                wanted_owner: Some(_),
                ..
            } => {
                format!("the key file has owner {owner}, group {group} and mode {mode}: {reason}")
            }
            Self::FileMode { mode, reason, .. } => {
                format!("the key file has mode {mode}: {reason}")
            }
            Self::PassphraseOnCommandLine { option } => {
                let secret = if option == "--passphrase" {
                    "passphrase"
                } else {
                    "password"
                };
                format!(
                    "the {secret} after `{option}` can be read in the process list and the shell's history"
                )
            }
            Self::PassphraseBlocksSaml {} => {
                "Tableau Server cannot use a key with a passphrase for SAML".into()
            }
            Self::ContainerEncryption {
                cannot_use, older, ..
            } => {
                let names = |those: &[String]| {
                    let name = |it: &String| {
                        let name = it.split_once(": ").map_or(it.as_str(), |(name, _)| name);
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
            Self::DsaUnusable {} => {
                "the server starts with this DSA key, but every handshake fails".into()
            }
        }
    }

    pub(super) fn references(&self) -> Vec<&'static str> {
        match self {
            Self::Mismatch { .. } => {
                vec!["measured: Apache 2.4.71 AH02565, Python ssl KEY_VALUES_MISMATCH"]
            }
            Self::Weak { .. } => {
                vec!["measured: OpenSSL 3.0.19 security level 2, `ee key too small`"]
            }
            Self::LegacyEncryption { .. } => {
                vec!["RFC 8018 section 6.1", "measured: OpenSSL 3.0.19"]
            }
            Self::Inconsistent { .. } => vec![
                "RFC 8017 section 3.2",
                "measured: Python ssl and Node load it, Go and rustls refuse",
            ],
            Self::LargeExponent { .. } => vec![
                "RFC 8017 section 3.2",
                "measured: OpenSSL 3.0.19, Python 3.11, Node 20, Java 17 and GnuTLS 3.7 sign with it; Go 1.27 and ring 0.17 refuse it, aws-lc-rs 1.19 loads it and cannot sign",
            ],
            Self::PassphraseBlocksSaml {} | Self::UnsupportedAlgorithm { .. } => {
                vec!["Tableau Server: certificate file requirements"]
            }
            Self::ContainerEncryption { .. } => vec![
                "measured: Java 17, OpenSSL 3.0.19, Node 20, GnuTLS 3.7.9, NSS 3.87",
                "JDK-8076190",
            ],
            Self::KnownBad { weakness, .. } => match weakness.as_str() {
                "roca" => vec!["CVE-2017-15361"],
                "close-primes" => vec!["CVE-2022-26320"],
                "shared-prime" => {
                    vec!["factorable.net: Mining Your Ps and Qs, USENIX Security 2012"]
                }
                "blocklisted" => vec!["openssl-vulnkey(1)", "CVE-2008-0166"],
                "published" => vec!["RFC 9500 section 4"],
                _ => vec!["RFC 8017 section 3.1"],
            },
            Self::DsaUnusable {} => {
                vec!["measured: Apache 2.4.71, PostgreSQL 15.18: no shared cipher"]
            }
            _ => vec![],
        }
    }
}
