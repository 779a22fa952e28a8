//! One object of a document.

use super::SectionKind;
use crate::source::{Lines, Span};
use std::borrow::Cow;
use zeroize::Zeroizing;

/// How a section is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// Base64 between BEGIN and END lines (RFC 7468).
    Pem,
    /// Base64 without them.
    Base64,
    /// Binary DER, or BER.
    Der,
    /// Anything else: a Java keystore, a line of SSH.
    Other,
}

impl Encoding {
    /// `pem`, `base64`, `der` or `other`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pem => "pem",
            Self::Base64 => "base64",
            Self::Der => "der",
            Self::Other => "other",
        }
    }
}

/// One object: where it is, what it is called, what it is.
///
/// Its content may be a private key: it is wiped when the section is dropped,
/// and `Debug` shows its length only.
pub struct Section {
    pub(super) label: Option<Cow<'static, str>>,
    pub(super) kind: SectionKind,
    pub(super) encoding: Encoding,
    pub(super) span: Span,
    pub(super) lines: Option<Lines>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) content: Option<Zeroizing<Vec<u8>>>,
    pub(super) object_len: usize,
}

impl Section {
    /// An object that was extracted from `container`, whose place it takes.
    pub(crate) fn contained(kind: SectionKind, der: &[u8], container: &Self) -> Self {
        Self {
            label: None,
            kind,
            encoding: Encoding::Der,
            span: container.span,
            lines: container.lines,
            headers: Vec::new(),
            object_len: der.len(),
            content: Some(Zeroizing::new(der.to_vec())),
        }
    }

    /// The label as written, made safe for printing and at most 64 characters
    /// long; `None` for objects without one (DER, bare base64).
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// What it holds, by its content where that is recognised, otherwise by its label.
    pub fn kind(&self) -> SectionKind {
        self.kind
    }

    /// How it is written.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The object's bytes without anything that follows it; `None` if the base64 is damaged or the
    /// object is cut off.
    ///
    /// With a `DEK-Info` header these bytes are encrypted.
    pub fn der(&self) -> Option<&[u8]> {
        self.content.as_ref()?.get(..self.object_len)
    }

    /// What follows the object inside the same section: OpenSSL's trust settings in a `TRUSTED
    /// CERTIFICATE`, otherwise debris.
    pub fn behind(&self) -> &[u8] {
        self.content
            .as_ref()
            .and_then(|content| content.get(self.object_len..))
            .unwrap_or_default()
    }

    /// The bytes of the source from the BEGIN line to the END line.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Its first and last line; `None` in binary files.
    pub fn lines(&self) -> Option<Lines> {
        self.lines
    }

    /// The headers of RFC 1421, such as `Proc-Type` and `DEK-Info`.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// Whether the content is encrypted with a passphrase: encrypted PKCS#8,
    /// or the traditional form with a `DEK-Info` header.
    pub fn is_encrypted(&self) -> bool {
        self.kind == SectionKind::EncryptedPkcs8PrivateKey || self.has_dek_info()
    }

    pub(super) fn has_dek_info(&self) -> bool {
        self.headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("DEK-Info"))
    }
}

impl std::fmt::Debug for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Section")
            .field("label", &self.label)
            .field("kind", &self.kind)
            .field("encoding", &self.encoding)
            .field("span", &self.span)
            .field("lines", &self.lines)
            .field("bytes", &self.der().map(<[u8]>::len))
            .finish_non_exhaustive()
    }
}
