//! Findings about how the bytes are encoded.

mod remedy;

use super::table::facts;
use crate::shown::article;

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
            /// Whether the object cannot be had from what is there.
            lost: bool,
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
            /// Whether the object cannot be had from what is there.
            lost: bool,
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
            Self::Base64 { line, column, reason, lost: false } => {
                format!("the base64 of line {line} has something in column {column} that strict readers refuse: {reason}")
            }
            Self::Base64 { line, column, reason, .. } => {
                format!("the base64 breaks off at line {line}, column {column}: {reason}")
            }
            Self::LabelMismatch { begin, end } => {
                format!("the section begins as `{begin}` and ends as `{end}`")
            }
            Self::MissingEnd { label, lost: false } => {
                format!("the section `{label}` has no END line; its content is whole")
            }
            Self::MissingEnd { label, .. } => {
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
                format!("{} {expected} was promised, but {reason}", article(expected))
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
