//! What to do about the facts about how bytes are encoded.

use super::EncodingFact;
use crate::finding::remedy::beside;
use crate::finding::{Need, Remedy, Subject, quote};

/// Writes the objects of the file anew, into another file beside it. What is
/// damaged beyond repair stops it, and nothing is written over.
fn rewrite(subject: &Subject, words: &str, extension: Option<&str>) -> Remedy {
    let (old, new) = (&subject.source, beside(&subject.source, "clean", extension));
    Remedy::words(words)
        .run(format!(
            "certcheck convert {} --to pem -o {}",
            quote(old),
            quote(&new)
        ))
        .then_instead(new, old)
}

fn opened(subject: &Subject, kind: &str) -> Remedy {
    let (old, new) = (&subject.source, beside(&subject.source, "clean", None));
    let words = "take certificates and keys out of the container; a key stays under its passphrase";
    let convert = format!(
        "certcheck convert {} --to pem -o {}",
        quote(old),
        quote(&new)
    );
    let remedy = Remedy::words(words).then_instead(new, old);
    if kind.contains("PKCS#7") {
        return remedy.run(convert);
    }
    remedy
        .run(format!("{convert} --passphrase-stdin"))
        .needing(Need::Passphrase)
}

impl EncodingFact {
    pub(in crate::finding) fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let source = &subject.source;
        let file = quote(source);
        let again = |words: &str| rewrite(subject, words, None);
        Some(match self {
            Self::NothingFound {
                looks_like: Some(kind),
            } if kind.contains("Bouncy Castle") => {
                Remedy::words("have Bouncy Castle write it as PKCS#12: nothing else opens it")
            }
            Self::DerWherePemExpected { kind }
            | Self::NothingFound {
                looks_like: Some(kind),
            } if is_container(kind) => opened(subject, kind),
            Self::DerWherePemExpected { kind } => {
                let extension = if kind.contains("private key") {
                    "key"
                } else {
                    "crt"
                };
                rewrite(subject, "convert it to PEM", Some(extension))
            }
            Self::PemWhereDerExpected {} => {
                let new = beside(source, "clean", Some("der"));
                Remedy::words("convert it to DER")
                    .run(format!(
                        "certcheck convert {file} --to der -o {}",
                        quote(&new)
                    ))
                    .then_instead(new, source)
            }
            Self::Utf16 { .. } => {
                again("write it again as ASCII (PowerShell: `Out-File -Encoding ascii`)")
            }
            Self::ByteOrderMark {} => again("write the file without the mark"),
            Self::UnknownLabel {
                suggestion: None, ..
            } => Remedy::words(
                "no server reads it: remove the section, or give the file that holds the certificate or key",
            ),
            Self::LabelMismatch { .. } | Self::Boundary { .. } | Self::UnknownLabel { .. } => {
                again("write the section again with a clean BEGIN and END line")
            }
            Self::Layout { .. } | Self::Headers { .. } => again("write the section again, cleanly"),
            Self::SurroundingText { .. } => again("write the sections alone"),
            Self::TrustSettings { .. } => again("write the certificate alone"),
            Self::MissingBegin { .. } | Self::TrailingData { .. } => {
                again("write the object again, cleanly")
            }
            Self::Base64 { lost: false, .. } | Self::MissingEnd { lost: false, .. } => {
                again("the object is whole: write it again, cleanly")
            }
            Self::Base64 { .. } | Self::MissingEnd { .. } => Remedy::words(
                "a part of the content is lost: get the file again from where it was made",
            ),
            Self::MalformedDer { reason, .. } if reason.starts_with("it is a") => {
                again("write the section again, under the label that its content calls for")
            }
            Self::MalformedDer { reason, .. } if reason.contains("OneAsymmetricKey") => {
                Remedy::words(
                    "have the program that made the key write it as PKCS#8 version 1 (RFC 5208), without its public key",
                )
            }
            // OpenSSL 3.0.19 does not load such a key behind EC PARAMETERS either (measured).
            Self::MalformedDer { reason, .. } if reason.contains("names no curve") => {
                Remedy::words(
                    "have the program that made the key write the curve into it, as RFC 5915 demands",
                )
            }
            Self::MalformedDer { reason, .. } if reason.starts_with("it announces") => {
                Remedy::words(
                    "the file is cut off, and the rest is lost: get it again from where it was made",
                )
            }
            Self::MalformedDer { expected, .. } => Remedy::words(format!(
                "have whatever made the {expected} make it again, or get the file again: nothing here can repair it"
            )),
            Self::NothingFound {
                looks_like: Some(kind),
            } if kind.contains("OpenSSH private key") => {
                let new = beside(source, "pkcs8", Some("key"));
                let shown = quote(&new);
                // ssh-keygen writes the key over the file that it is given, so a copy.
                Remedy::words(
                    "no TLS server reads SSH's own form; a copy of the key can be written as PKCS#8, if it is RSA or ECDSA",
                )
                .run(format!(
                    "test ! -e {shown} && (umask 077; cp {file} {shown} && ssh-keygen -p -N '' -m PKCS8 -f {shown} && grep -q 'BEGIN PRIVATE KEY' {shown})"
                ))
                .then_instead(new, source)
            }
            Self::NothingFound {
                looks_like: Some(kind),
            } if kind.contains("base64 once more") => {
                let new = beside(source, "decoded", None);
                let shown = quote(&new);
                Remedy::words(
                    "decode the value once (a value of a Kubernetes secret is base64 around the file)",
                )
                .run(format!("test ! -e {shown} && (umask 077; base64 -d -i {file} > {shown})"))
                .then_instead(new, source)
            }
            Self::NothingFound { .. } => {
                Remedy::words("give the file that holds the certificate or key")
            }
            Self::FileExtension { wanted, .. } => {
                let new = with_extension(source, wanted);
                // `cp` would write over a file of that name.
                Remedy::words(format!("give the file a name that ends in .{wanted}"))
                    .run(format!("ln {file} {}", quote(&new)))
                    .then_instead(new, source)
            }
            Self::PrivateKeyInCertificateFile {} => {
                Remedy::words("keep the key in a file of its own, mode 0600")
            }
            Self::CertificateInKeyFile { .. } => {
                Remedy::words("give the file that holds the private key alone")
            }
            Self::NotRead { .. } => Remedy::words(
                "The other files were judged without this one. Add it, or remove it from the command line.",
            ),
            Self::TooLarge { .. } => Remedy::words("give a smaller file, or split it"),
            Self::Integrity {} => Remedy::words(
                "get the file again from where it was made, or compare every certificate in it with its source before you write it anew",
            ),
        })
    }
}

/// Whether the words name something that holds other objects.
fn is_container(kind: &str) -> bool {
    (kind.contains("container") || kind.contains("keystore")) && !kind.contains("empty")
}

fn with_extension(name: &str, wanted: &str) -> String {
    let (folder, file) = match name.rfind('/') {
        Some(at) => name.split_at(at + 1),
        None => ("", name),
    };
    let stem = match file.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => file,
    };
    format!("{folder}{stem}.{wanted}")
}
