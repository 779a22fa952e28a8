//! What to do about the facts about private keys.

use super::KeyFact;
use crate::finding::remedy::beside;
use crate::finding::{Need, Remedy, Subject, quote};

/// A command that writes a private key: readable by its owner alone, and into
/// no file that is there already (`openssl -out` would cut that one short).
fn new_key(command: &str, file: &str) -> String {
    let file = quote(file);
    format!("test ! -e {file} && (umask 077; {command} -out {file})")
}

fn another_key(subject: &Subject, words: &str) -> Remedy {
    let file = beside(&subject.source, "new", Some("key"));
    let openssl = "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072";
    Remedy::words(words)
        .run(new_key(openssl, &file))
        .needing(Need::Issuance)
        .then_instead(file, &subject.source)
}

fn rewritten(subject: &Subject, words: &str, options: &str) -> Remedy {
    let (old, new) = (&subject.source, beside(&subject.source, "aes", None));
    let openssl = format!(
        "openssl pkcs8{options} -topk8 -v2 aes-256-cbc -in {}",
        quote(old)
    );
    Remedy::words(words)
        .run(new_key(&openssl, &new))
        .needing(Need::Passphrase)
        .then_instead(new, old)
}

/// The same key without a passphrase.
fn plain(subject: &Subject, words: &str) -> Remedy {
    let (old, new) = (&subject.source, beside(&subject.source, "plain", None));
    Remedy::words(words)
        .run(new_key(&format!("openssl pkey -in {}", quote(old)), &new))
        .needing(Need::Passphrase)
        .then_instead(new, old)
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

/// `server.crt:24` without the line.
fn file_of(place: &str) -> &str {
    match place.rsplit_once(':') {
        Some((file, line)) if !line.is_empty() && line.bytes().all(|it| it.is_ascii_digit()) => {
            file
        }
        _ => place,
    }
}

/// The directory that a file lies in.
fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or(
        ".",
        |(folder, _)| if folder.is_empty() { "/" } else { folder },
    )
}

impl KeyFact {
    pub(in crate::finding) fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let source = &subject.source;
        let file = quote(source);
        Some(match self {
            Self::Mismatch {
                own_key: Some(place),
                what: None,
                ..
            } => Remedy::words(format!("give {place}, the certificate's own key"))
                .then_instead(file_of(place), source),
            Self::Mismatch {
                matches: Some(other),
                certificate,
                ..
            } => {
                let words = format!(
                    "use it with {other}, or find the key from which the other certificate was requested"
                );
                let place = other.strip_prefix("the certificate in ").map(file_of);
                match (place, certificate) {
                    (Some(place), Some(certificate)) if place != certificate => {
                        Remedy::words(words).then_instead(place, certificate)
                    }
                    _ => Remedy::words(words),
                }
            }
            Self::Mismatch {
                own_key: Some(place),
                ..
            } => Remedy::words(format!("give {place} instead")),
            Self::Mismatch { certificate, .. } => {
                let certificate = certificate.as_deref().unwrap_or(source);
                Remedy::words("find the key from which the certificate was requested, among all you have")
                .run(format!(
                    "certcheck match {} {}/*",
                    quote(certificate),
                    quote(folder(source))
                ))
                .needing(Need::Choice)
            }
            Self::Unknown { .. } => {
                another_key(subject, "make a key of a known kind and have a certificate issued for it")
            }
            Self::Encrypted {
                server_can_ask: false,
                ..
            } => plain(
                subject,
                "write the key without its passphrase, readable by the service alone",
            ),
            Self::Encrypted { .. } => plain(
                subject,
                "give the passphrase with --passphrase-file or --passphrase-stdin to have the key judged, \
                 and see that the server gets it at every start; or use a copy without a passphrase",
            ),
            Self::WrongPassphrase { scheme } if is_container(scheme) => Remedy::words(
                "check the passphrase; a final newline is cut off, blanks are not. A keystore may have one for itself and another for each key",
            ),
            Self::WrongPassphrase { .. } => {
                Remedy::words("check the passphrase; a final newline is cut off, blanks are not")
            }
            Self::LegacyEncryption { scheme, .. } if scheme.contains("Bouncy Castle") => keystore(
                subject,
                "have Bouncy Castle (bcprov.jar) write the keystore as PKCS#12",
                "-srcstoretype UBER -providerclass org.bouncycastle.jce.provider.BouncyCastleProvider -providerpath bcprov.jar",
            ),
            Self::LegacyEncryption { scheme, .. } if scheme.contains("JCEKS") => keystore(
                subject,
                "have Java write the keystore as PKCS#12",
                "-srcstoretype JCEKS",
            ),
            Self::LegacyEncryption { openssl3_loads: true, .. } => rewritten(
                subject,
                "encrypt it again with PBES2 and AES-256",
                "",
            ),
            Self::LegacyEncryption { .. } => rewritten(
                subject,
                "encrypt it again with PBES2 and AES-256; OpenSSL's legacy provider opens it",
                " -provider legacy -provider default",
            ),
            Self::NotDecrypted {
                openssl3_loads: false,
                ..
            } => rewritten(
                subject,
                "encrypt it again with AES-256 and PBKDF2; OpenSSL's legacy provider opens it",
                " -provider legacy -provider default",
            ),
            Self::NotDecrypted { .. } | Self::TooCostly { .. } => rewritten(
                subject,
                "encrypt it again with AES-256 and PBKDF2, to have it judged",
                "",
            ),
            Self::TooLarge { .. } => another_key(
                subject,
                "make a key of an ordinary size and have a certificate issued for it",
            ),
            Self::ContainerEncryption { cannot_use, .. }
                if cannot_use.iter().any(|it| it.contains("trustedKeyUsage")) =>
            {
                Remedy::words("import the certificate with `keytool -importcert`, which writes the attribute")
            }
            Self::ContainerEncryption { cannot_use, .. } if cannot_use.is_empty() => Remedy::words(
                "keep it, unless one of these programs must open it: then export it anew with `openssl pkcs12 -export -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1`",
            ),
            Self::ContainerEncryption { .. } => Remedy::words(
                "if one of these programs must open it, export it anew with `openssl pkcs12 -export` of OpenSSL 3, which uses AES-256 and SHA-256",
            ),
            Self::UnsupportedAlgorithm { .. } | Self::DsaUnusable {} => {
                another_key(subject, "make an RSA key and have a certificate issued for it")
            }
            Self::Inconsistent { .. } => Remedy::words(
                "restore the key from a backup; if there is none, make a new key and have the certificate issued anew",
            ),
            Self::LargeExponent { .. } => Remedy::words(
                "keep it for a server that uses OpenSSL or Java; for others, make a new key and have a certificate issued for it",
            ),
            Self::KnownBad { .. } => another_key(
                subject,
                "make a new key, have a certificate issued for it, and have the old certificate revoked",
            ),
            Self::Weak { .. } => another_key(
                subject,
                "make a longer key and have a certificate issued for it",
            ),
            Self::FileMode {
                directory: Some(directory),
                service: Some(service),
                ..
            } => Remedy::words(
                "let the service's user pass through the directory, and no more; or keep the key in one that it may pass",
            )
            .run(format!("setfacl -m u:{service}:--x {}", quote(directory)))
            .needing(Need::Privilege),
            Self::FileMode {
                directory: Some(_), ..
            } => Remedy::words(
                "let the service's user pass through the directory, or keep the key in one that it may pass",
            ),
            Self::FileMode {
                wanted_owner,
                wanted_mode,
                ..
            } => {
                let words = match wanted_owner.as_deref() {
                    Some("postgres") => {
                        "PostgreSQL wants a key that its own user owns, with mode 0600, or one that root owns and its \
                         group reads (root:postgres, 0640); put the user's name in place of postgres if it runs as another"
                    }
                    Some(_) => "let the service's user own it, and read it alone",
                    None if wanted_mode == "0640" => {
                        "let root own it and the service's group read it, and nobody else"
                    }
                    None => "let its owner alone read it; a service that runs as another user must own it",
                };
                let mut remedy = Remedy::words(words);
                if let Some(owner) = wanted_owner {
                    remedy = remedy
                        .run(format!("chown {} {file}", quote(owner)))
                        .needing(Need::Privilege);
                }
                remedy.run(format!("chmod {wanted_mode} {file}"))
            }
            Self::PassphraseOnCommandLine { option } if option != "--passphrase" => Remedy::words(
                "change it if others use this machine, and clear the line from the history; `tsm login -u USER` asks for the administrator's password",
            ),
            Self::PassphraseOnCommandLine { .. } => Remedy::words(
                "change the passphrase if others use this machine, clear the line from the history, and give certcheck --passphrase-file, --passphrase-env or --passphrase-stdin",
            ),
            Self::PassphraseBlocksSaml {} => plain(
                subject,
                "give SAML a certificate and key of its own, or use a key without a passphrase for both",
            ),
        })
    }
}

/// Whether the scheme is that of a container, which holds certificates too.
fn is_container(scheme: &str) -> bool {
    scheme.contains("PKCS#12") || scheme.contains("keystore")
}
