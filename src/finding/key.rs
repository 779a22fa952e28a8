//! Findings about private keys and what belongs to them.

use super::table::facts;
use super::{Fingerprint, Remedy, Subject, quote};

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
        FileMode = "key.file-mode" Warning "the key file's owner or mode is unsuitable" {
            /// The permission bits, four octal digits.
            mode: String,
            /// What is wrong with them.
            reason: String,
            /// The directory above the file that they are of, where it is not the file.
            directory: Option<String>,
        }
        PassphraseOnCommandLine = "key.passphrase-on-command-line" Warning
            "a passphrase stands on the command line" {
            /// The option that carries it.
            option: String,
        }
        PassphraseBlocksSaml = "key.passphrase-blocks-saml" Error
            "a key with a passphrase cannot also serve SAML" {}
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
                    "a {algorithm} key cannot be used here, only {}",
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
            Self::FileMode {
                mode,
                reason,
                directory: Some(directory),
            } => format!("the directory {directory} has mode {mode}: {reason}"),
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
            Self::DsaUnusable {} => {
                "the server starts with this DSA key, but every handshake fails".into()
            }
        }
    }

    pub(super) fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let file = quote(&subject.source);
        match self {
            Self::Mismatch { matches: Some(other), .. } => {
                Some(Remedy::words(format!("use this key with {other}, or find the key that made the request")))
            }
            Self::Mismatch {
                own_key: Some(place),
                ..
            } => Some(Remedy::words(format!("give {place} instead"))),
            Self::Mismatch { certificate, .. } => {
                let certificate = certificate.as_deref().map_or_else(|| "server.crt".to_owned(), quote);
                Some(
                    Remedy::words("find the key from which the certificate was requested, among all you have")
                        .run(format!("certcheck match {certificate} {file} /path/to/other/keys/*")),
                )
            }
            Self::Unknown { .. } => Some(Remedy::words("convert the key to PKCS#8, or make one of a known kind")),
            Self::Encrypted { server_can_ask: false, .. } => Some(
                Remedy::words("write the key without its passphrase, readable by the service alone")
                    .run(format!("(umask 077; openssl pkey -in {file} -out plain.key)")),
            ),
            Self::Encrypted { .. } => Some(
                Remedy::words("give the passphrase to have the key judged")
                    .run(format!("certcheck match {file} server.crt --passphrase-file FILE")),
            ),
            Self::WrongPassphrase { .. } => Some(Remedy::words("check the passphrase; a final newline is cut off, blanks are not")),
            Self::LegacyEncryption { scheme, .. } if scheme.contains("Bouncy Castle") => Some(
                Remedy::words("have Bouncy Castle write the keystore as PKCS#12").run(format!(
                    "keytool -importkeystore -srckeystore {file} -srcstoretype UBER -destkeystore new.p12 -deststoretype PKCS12 -providerclass org.bouncycastle.jce.provider.BouncyCastleProvider -providerpath bcprov.jar"
                )),
            ),
            Self::LegacyEncryption { scheme, .. } if scheme.contains("JCEKS") => Some(
                Remedy::words("have Java write the keystore as PKCS#12")
                    .run(format!("keytool -importkeystore -srckeystore {file} -destkeystore new.p12 -deststoretype PKCS12")),
            ),
            Self::LegacyEncryption { .. } => Some(
                Remedy::words("encrypt it again with PBES2 and AES-256, on a machine that still opens it")
                    .run(format!("(umask 077; openssl pkcs8 -provider legacy -provider default -topk8 -v2 aes-256-cbc -in {file} -out new.key)")),
            ),
            Self::NotDecrypted { .. } | Self::TooCostly { .. } => Some(
                Remedy::words("encrypt it again with AES-256 and PBKDF2, to have it judged")
                    .run(format!("(umask 077; openssl pkcs8 -topk8 -v2 aes-256-cbc -in {file} -out new.key)")),
            ),
            Self::TooLarge { .. } => Some(
                Remedy::words("make a key of an ordinary size and have a certificate issued for it")
                    .run("(umask 077; openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out server.key)"),
            ),
            Self::UnsupportedAlgorithm { .. } => Some(
                Remedy::words("make an RSA key and have a certificate issued for it")
                    .run("(umask 077; openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out server.key)"),
            ),
            Self::Inconsistent { .. } => Some(Remedy::words(
                "restore the key from a backup; if there is none, make a new key and have the certificate issued anew",
            )),
            Self::LargeExponent { .. } => Some(Remedy::words(
                "keep it for a server that uses OpenSSL or Java; for others, make a new key and have a certificate issued for it",
            )),
            Self::Weak { .. } => Some(
                Remedy::words("make a key of at least 2048 bits and have a certificate issued for it")
                    .run("(umask 077; openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out server.key)"),
            ),
            Self::FileMode {
                directory: Some(_), ..
            } => Some(Remedy::words(
                "let the service's user search the directory, or keep the key in one that it may search",
            )),
            Self::FileMode { .. } => {
                Some(Remedy::words("let the service's user alone read it").run(format!("chmod 0600 {file}")))
            }
            Self::PassphraseOnCommandLine { option } if option != "--passphrase" => {
                Some(Remedy::words(
                    "change it if others use this machine, and clear the line from the history; `tsm login -u USER` asks for the administrator's password",
                ))
            }
            Self::PassphraseOnCommandLine { .. } => Some(Remedy::words(
                "change the passphrase if others use this machine, clear the line from the history, and give certcheck --passphrase-file, --passphrase-env or --passphrase-stdin",
            )),
            Self::PassphraseBlocksSaml {} => Some(
                Remedy::words("give SAML a certificate and key of its own, or use a key without a passphrase for both")
                    .run(format!("(umask 077; openssl pkey -in {file} -out saml.key)")),
            ),
            Self::DsaUnusable {} => Some(
                Remedy::words("make an RSA key and have a certificate issued for it")
                    .run("(umask 077; openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out server.key)"),
            ),
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
            Self::DsaUnusable {} => {
                vec!["measured: Apache 2.4.71, PostgreSQL 15.18: no shared cipher"]
            }
            _ => vec![],
        }
    }
}
