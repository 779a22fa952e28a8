//! Findings about how the bytes are encoded.

use super::table::facts;
use super::{Remedy, Subject, quote};

facts! {
    /// What is unusual about the way something is encoded.
    EncodingFact {
        DerWherePemExpected = "encoding.der-where-pem-expected" Warning
            "the file is DER (binary) where PEM (text) is expected" {
            /// What the DER holds: `certificate`, `private key`…
            kind: String,
        }
        PemWhereDerExpected = "encoding.pem-where-der-expected" Warning
            "the file is PEM (text) where DER (binary) is expected" {}
        Utf16 = "encoding.utf16" Warning "the text is UTF-16, which no PEM loader reads" {
            /// `little-endian` or `big-endian`.
            byte_order: String,
        }
        ByteOrderMark = "encoding.byte-order-mark" Warning
            "a UTF-8 byte order mark stands in front of the text" {}
        Base64 = "encoding.base64" Warning "the base64 of a section cannot be decoded" {
            /// The line, counted from 1.
            line: u64,
            /// The column on that line, counted from 1.
            column: u64,
            /// What is wrong there.
            reason: String,
        }
        LabelMismatch = "encoding.label-mismatch" Warning
            "the END line names another label than the BEGIN line" {
            /// The label after BEGIN.
            begin: String,
            /// The label after END.
            end: String,
        }
        MissingEnd = "encoding.missing-end" Warning "a section has no END line" {
            /// The section's label.
            label: String,
        }
        MissingBegin = "encoding.missing-begin" Warning
            "an END line, or base64, stands without a BEGIN line" {
            /// The label on the END line, where there is one.
            label: Option<String>,
        }
        TrailingData = "encoding.trailing-data" Warning "bytes follow the object they belong to" {
            /// How many bytes.
            bytes: u64,
        }
        UnknownLabel = "encoding.unknown-label" Warning
            "no loader that is known reads a section with this label" {
            /// The label as written.
            label: String,
            /// The label that its content would have, where that is known.
            suggestion: Option<String>,
        }
        MalformedDer = "encoding.malformed-der" Warning "the content is not the DER it should be" {
            /// What was expected.
            expected: String,
            /// Where the reading stopped, and why.
            reason: String,
        }
        NothingFound = "encoding.nothing-found" Error
            "no certificate, key, request or list was found" {
            /// What the content looks like instead.
            looks_like: Option<String>,
        }
        Boundary = "encoding.boundary" Warning "a BEGIN or END line is not as loaders demand" {
            /// What is wrong with the line.
            reason: String,
        }
        Layout = "encoding.layout" Notice
            "the lines of a section are not as RFC 7468 has them" {
            /// Which lines, and how.
            reason: String,
        }
        SurroundingText = "encoding.surrounding-text" Notice
            "text stands outside the sections" {
            /// How many bytes.
            bytes: u64,
        }
        Headers = "encoding.headers" Notice "a section has headers where most loaders expect none" {
            /// Their names.
            names: Vec<String>,
        }
        TrustSettings = "encoding.trust-settings" Notice
            "OpenSSL's trust settings stand behind the certificate" {
            /// How many bytes.
            bytes: u64,
        }
        FileExtension = "encoding.file-extension" Warning
            "the server wants another file name extension" {
            /// The extension of the file, where it has one.
            extension: Option<String>,
            /// The extension wanted, without the dot.
            wanted: String,
        }
        PrivateKeyInCertificateFile = "encoding.private-key-in-certificate-file" Warning
            "a private key stands in a file of certificates" {}
        CertificateInKeyFile = "encoding.certificate-in-key-file" Warning
            "the file given as a key holds certificates" {
            /// How many certificates.
            certificates: u64,
            /// How many private keys.
            keys: u64,
        }
        NotRead = "encoding.not-read" Error "a file could not be read" {
            /// Why not.
            reason: String,
        }
        TooLarge = "encoding.too-large" Error "the input is larger than is ever read" {
            /// What was counted: `bytes`, `sections`.
            what: String,
            /// The most that is read.
            limit: u64,
        }
        Integrity = "encoding.integrity" Error
            "a container's authentication code is not that of its contents" {}
    }
}

impl EncodingFact {
    pub(super) fn message(&self) -> String {
        match self {
            Self::DerWherePemExpected { kind } => {
                format!("this is DER (binary), a {kind}; PEM (text) is expected here")
            }
            Self::PemWhereDerExpected {} => "this is PEM (text); DER (binary) is expected here".into(),
            Self::Utf16 { byte_order } => {
                format!("the text is UTF-16 ({byte_order}), which no loader of PEM reads")
            }
            Self::ByteOrderMark {} => {
                "a UTF-8 byte order mark hides the first BEGIN line from Go, rustls, Java and NSS".into()
            }
            Self::Base64 { line, column, reason } => {
                format!("the base64 breaks off at line {line}, column {column}: {reason}")
            }
            Self::LabelMismatch { begin, end } => {
                format!("the section begins as `{begin}` and ends as `{end}`")
            }
            Self::MissingEnd { label } => {
                format!("the section `{label}` has no END line: the file is cut off or damaged")
            }
            Self::MissingBegin { label: Some(label) } => {
                format!("`END {label}` stands without its BEGIN line")
            }
            Self::MissingBegin { label: None } => {
                "base64 stands without BEGIN and END lines".into()
            }
            Self::TrailingData { bytes } => format!("{bytes} bytes follow the end of the object"),
            Self::UnknownLabel { label, suggestion: Some(suggestion) } => format!(
                "loaders that look for `{suggestion}` pass over a section labelled `{label}`"
            ),
            Self::UnknownLabel { label, suggestion: None } => {
                format!("the label `{label}` is not one that servers read")
            }
            Self::MalformedDer { expected, reason } if reason.starts_with("it is a") => {
                format!("a {expected} was promised, but {reason}")
            }
            Self::MalformedDer { expected, reason } => {
                format!("the content is not a well-formed {expected}: {reason}")
            }
            Self::NothingFound { looks_like: Some(kind) } => {
                format!("no certificate or key in here: this is {kind}")
            }
            Self::NothingFound { looks_like: None } => "no certificate or key in here".into(),
            Self::Boundary { reason } => format!("the BEGIN or END line is not usable: {reason}"),
            Self::Layout { reason } => {
                format!("the section's lines are unusual: {reason}")
            }
            Self::SurroundingText { bytes } => {
                format!("{bytes} bytes of text stand outside the sections; most loaders pass over them")
            }
            Self::Headers { names } => {
                format!("the section has headers ({}), which some loaders refuse", names.join(", "))
            }
            Self::TrustSettings { bytes } => format!(
                "{bytes} bytes of OpenSSL's trust settings follow the certificate; only OpenSSL reads them"
            ),
            Self::FileExtension { extension: Some(extension), wanted } => {
                format!("the file's extension is `.{extension}`, not `.{wanted}`")
            }
            Self::FileExtension { extension: None, wanted } => {
                format!("the file has no extension; `.{wanted}` is wanted")
            }
            Self::PrivateKeyInCertificateFile {} => {
                "a private key stands among the certificates, in a file that is often readable by all".into()
            }
            Self::CertificateInKeyFile { certificates, keys: 0 } => {
                format!("this was given as the key, but holds {certificates} certificate(s) and no key")
            }
            Self::CertificateInKeyFile { certificates, .. } => {
                format!("{certificates} certificate(s) stand in the key file beside the key")
            }
            Self::NotRead { reason } => format!("the file was not read: {reason}"),
            Self::TooLarge { what, limit } => {
                format!("the input has more than {limit} {what}, the most that is read")
            }
            Self::Integrity {} => "the passphrase opens the container, but the code over its contents is another one: the file was damaged or changed, or the code has a passphrase of its own".into(),
        }
    }

    pub(super) fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let file = quote(&subject.source);
        let rewrite = |words: &str| {
            Some(
                Remedy::words(words).run(format!("certcheck convert {file} --to pem -o fixed.crt")),
            )
        };
        match self {
            Self::DerWherePemExpected { kind }
            | Self::NothingFound {
                looks_like: Some(kind),
            } if is_container(kind) => {
                let passphrase = if kind.contains("PKCS#7") {
                    ""
                } else {
                    " --passphrase-file FILE"
                };
                Some(
                    Remedy::words("take certificates and keys out of the container").run(format!(
                        "certcheck convert {file} --to pem -o all.pem{passphrase}"
                    )),
                )
            }
            Self::DerWherePemExpected { .. } => rewrite("convert it to PEM"),
            Self::PemWhereDerExpected {} => Some(
                Remedy::words("convert it to DER")
                    .run(format!("certcheck convert {file} --to der -o fixed.der")),
            ),
            Self::Utf16 { .. } => {
                rewrite("write it again as ASCII (PowerShell: `Out-File -Encoding ascii`)")
            }
            Self::ByteOrderMark {} => rewrite("write the file without the mark"),
            Self::LabelMismatch { .. } | Self::Boundary { .. } | Self::UnknownLabel { .. } => {
                rewrite("write the section again with a clean BEGIN and END line")
            }
            Self::Layout { .. } | Self::Headers { .. } => {
                rewrite("write the section again, cleanly")
            }
            Self::SurroundingText { .. } => rewrite("write the sections alone"),
            Self::TrustSettings { .. } => rewrite("write the certificate alone"),
            Self::MissingBegin { .. } | Self::TrailingData { .. } => {
                rewrite("write the object again, cleanly")
            }
            Self::MalformedDer { reason, .. } if reason.starts_with("it is a") => {
                rewrite("write the section again, under the label that its content calls for")
            }
            Self::MalformedDer { reason, .. } if reason.contains("OneAsymmetricKey") => {
                Some(Remedy::words(
                    "have the program that made the key write it as PKCS#8 version 1 (RFC 5208), without its public key",
                ))
            }
            // OpenSSL 3.0.19 does not load such a key behind EC PARAMETERS either (measured).
            Self::MalformedDer { reason, .. } if reason.contains("names no curve") => {
                Some(Remedy::words(
                    "have the program that made the key write the curve into it, as RFC 5915 demands",
                ))
            }
            Self::Base64 { .. } | Self::MissingEnd { .. } | Self::MalformedDer { .. } => Some(
                Remedy::words("the content is lost: get the file again from where it was issued"),
            ),
            Self::NothingFound {
                looks_like: Some(kind),
            } if kind.contains("OpenSSH private key") => Some(
                Remedy::words(
                    "no TLS server reads SSH's own form; a copy of the key can be written as PKCS#8, if it is RSA or ECDSA",
                )
                .run(format!(
                    "(umask 077; cp {file} server.key; ssh-keygen -p -m PKCS8 -f server.key)"
                )),
            ),
            Self::NothingFound {
                looks_like: Some(kind),
            } if kind.contains("base64 once more") => Some(
                Remedy::words("decode the value once, then give it to certcheck")
                    .run("kubectl get secret NAME -o jsonpath='{.data.tls\\.crt}' | base64 -d | certcheck inspect -"),
            ),
            Self::NothingFound { .. } => Some(Remedy::words(
                "give the file that holds the certificate or key",
            )),
            Self::FileExtension { wanted, .. } => Some(
                Remedy::words(format!("give the file a name that ends in .{wanted}")).run(format!(
                    "cp {file} {}",
                    quote(&with_extension(&subject.source, wanted))
                )),
            ),
            Self::PrivateKeyInCertificateFile {} => Some(Remedy::words(
                "keep the key in a file of its own, mode 0600",
            )),
            Self::CertificateInKeyFile { .. } => Some(Remedy::words(
                "give the file that holds the private key alone",
            )),
            Self::NotRead { .. } => Some(Remedy::words(
                "what is said of the other files is said without this one: give it, or leave it out",
            )),
            Self::TooLarge { .. } => Some(Remedy::words("give a smaller file, or split it")),
            Self::Integrity {} => Some(Remedy::words(
                "get the file again from where it was made, or compare every certificate in it with its source before you write it anew",
            )),
        }
    }

    pub(super) fn references(&self) -> Vec<&'static str> {
        match self {
            Self::DerWherePemExpected { .. } => {
                vec!["RFC 7468", "measured: Apache 2.4.71, OpenSSL 3.0.19"]
            }
            Self::Utf16 { .. } | Self::ByteOrderMark {} => {
                vec![
                    "RFC 7468 section 2",
                    "measured: Go 1.27, rustls-pki-types 1.15, NSS, keytool 17",
                ]
            }
            Self::FileExtension { .. } => {
                vec![
                    "Tableau Server: tsm security external-ssl enable, certificate file requirements",
                ]
            }
            Self::TooLarge { .. }
            | Self::NotRead { .. }
            | Self::NothingFound { .. }
            | Self::CertificateInKeyFile { .. } => vec![],
            _ => vec!["RFC 7468"],
        }
    }
}

/// Whether the words name something that holds other objects.
fn is_container(kind: &str) -> bool {
    (kind.contains("container") || kind.contains("keystore")) && !kind.contains("empty")
}

fn with_extension(name: &str, wanted: &str) -> String {
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(f, n)| (f, n));
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if folder.is_empty() {
        format!("{stem}.{wanted}")
    } else {
        format!("{folder}/{stem}.{wanted}")
    }
}
