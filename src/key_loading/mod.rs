//! Would this loader accept this private key?
//!
//! [`Loader::key_sections`] says which sections a loader reads; this module judges their contents:
//! form under label, algorithm, size, curve, encryption, and whether the parts agree, where the
//! loader looks at that. Measured with each loader on every file of
//! tests/real/loaders/keys/files.rs, with a certificate for the key next to it;
//! testdata/loaders/keys.tsv holds what they did.

mod gnutls;
mod go;
mod java;
mod openssl;
mod rustls;

use crate::encoding::loader::Loader;
use crate::encoding::{Document, Section};
use crate::model::{KeyForm, KeyProblem, PrivateKey};

/// What a loader does about the private key of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyVerdict {
    /// It accepts the key.
    Taken,
    /// It asks for a passphrase, and then accepts the key.
    Asks,
    /// It does not accept the key.
    Refused {
        /// Why, in words.
        reason: String,
    },
}

impl KeyVerdict {
    /// `taken`, `asks` or `refused`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Asks => "asks",
            Self::Refused { .. } => "refused",
        }
    }

    /// Why it is refused.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Refused { reason } => Some(reason),
            Self::Taken | Self::Asks => None,
        }
    }

    fn refused(reason: impl Into<String>) -> Self {
        Self::Refused {
            reason: reason.into(),
        }
    }
}

/// Which key a loader reaches, and what it does about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyLoading {
    /// The section of the document, if it reaches one.
    pub section: Option<usize>,
    /// What it does.
    pub verdict: KeyVerdict,
    /// Whether OpenSSL's reader treats it as a key, and so looks no further, whatever the key is
    /// good for.
    pub(crate) is_read: bool,
}

/// A section, and the key that was read from it.
#[derive(Clone, Copy)]
struct Candidate<'k> {
    section: &'k Section,
    key: Result<&'k PrivateKey, &'k KeyProblem>,
}

/// What `loader` does about the private key of `document`; `key` is what was read from a section,
/// `None` if it holds no private key.
///
/// ```
/// use certcheck::encoding::{Document, loader::Loader};
/// use certcheck::key_loading::{KeyVerdict, key_loading};
/// use certcheck::Source;
/// let document = Document::read(Source::new("empty.key", Vec::new()));
/// let loading = key_loading(Loader::Go, &document, |_| None);
/// assert!(matches!(loading.verdict, KeyVerdict::Refused { .. }));
/// ```
pub fn key_loading<'k>(
    loader: Loader,
    document: &'k Document,
    key: impl Fn(usize) -> Option<Result<&'k PrivateKey, &'k KeyProblem>>,
) -> KeyLoading {
    loading(loader, document, key, true)
}

/// What a server with this loader does about the key alone: its security level applies to the
/// certificate, which the server loads first.
pub(crate) fn key_loading_alone<'k>(
    loader: Loader,
    document: &'k Document,
    key: impl Fn(usize) -> Option<Result<&'k PrivateKey, &'k KeyProblem>>,
) -> KeyLoading {
    loading(loader, document, key, false)
}

fn loading<'k>(
    loader: Loader,
    document: &'k Document,
    key: impl Fn(usize) -> Option<Result<&'k PrivateKey, &'k KeyProblem>>,
    with_certificate: bool,
) -> KeyLoading {
    let mut first = None;
    for place in loader.key_places(document) {
        let looked = place.section;
        let section = looked
            .section
            .and_then(|index| document.sections().get(index));
        let candidate = looked
            .section
            .and_then(&key)
            .zip(section)
            .map(|(key, section)| Candidate { section, key });
        // A section that certcheck finds damaged but OpenSSL reads anyway.
        let own = place
            .content
            .filter(|_| goes_on(loader))
            .and_then(|content| key_of(&content));
        let candidate = own
            .as_ref()
            .zip(section)
            .map(|(key, section)| Candidate {
                section,
                key: Ok(key),
            })
            .or(candidate);
        let decoded = looked.decoded || own.is_some();
        let verdict = match candidate {
            Some(candidate) if decoded || (candidate.is_dek() && !goes_on(loader)) => {
                judge(loader, &candidate, with_certificate)
            }
            _ if !decoded => KeyVerdict::refused("it reads the section as damaged"),
            _ => KeyVerdict::refused("the section contains no private key"),
        };
        let is_read = decoded && candidate.is_some_and(|candidate| openssl::is_read(&candidate));
        let loading = KeyLoading {
            section: looked.section,
            verdict,
            is_read,
        };
        if loading.verdict.reason().is_none() || is_read || !goes_on(loader) {
            return loading;
        }
        first.get_or_insert(loading);
    }
    first.unwrap_or_else(|| KeyLoading {
        section: None,
        is_read: false,
        verdict: KeyVerdict::refused(match loader {
            Loader::Nss => "NSS reads private keys only from PKCS#12",
            Loader::Java => {
                "Java itself does not read PEM, only PKCS#8 in DER (KeyFactory) or a keystore"
            }
            Loader::Rustls if has_encrypted(document) => {
                "rustls skips encrypted keys (`NoItemsFound`)"
            }
            _ => "it finds no private key section",
        }),
    })
}

/// The key in what a loader has decoded, if it is not encrypted.
pub(crate) fn key_of(content: &[u8]) -> Option<PrivateKey> {
    let form = KeyForm::sniff(content).filter(|form| *form != KeyForm::EncryptedPkcs8)?;
    PrivateKey::read(form, &[], content, None).ok()
}

/// Why a server with OpenSSL refuses a key because of its content alone, whatever its label and
/// size; `None` if it accepts it.
pub(crate) fn openssl_refusal(key: &PrivateKey) -> Option<String> {
    openssl::use_refusal(key, openssl::Level::None)
}

/// Why OpenSSL at Debian's level refuses the certificate of a key that it loads.
pub(crate) fn default_level_refusal(key: &PrivateKey) -> Option<String> {
    openssl::use_refusal(key, openssl::Level::Two)
}

fn has_encrypted(document: &Document) -> bool {
    document.sections().iter().any(Section::is_encrypted)
}

/// Whether it continues to the next section if one holds no key for it.
const fn goes_on(loader: Loader) -> bool {
    matches!(loader, Loader::OpenSsl | Loader::Python | Loader::Node)
}

fn judge(loader: Loader, candidate: &Candidate<'_>, with_certificate: bool) -> KeyVerdict {
    let odd = candidate.key.is_ok_and(|key| key.shape().odd_numbers);
    if odd && !goes_on(loader) {
        return KeyVerdict::refused("a number in it is not valid DER");
    }
    match loader {
        Loader::OpenSsl | Loader::Python | Loader::Node if !with_certificate => {
            openssl::judge(candidate, openssl::Level::None)
        }
        Loader::OpenSsl | Loader::Python => openssl::judge(candidate, openssl::Level::Two),
        Loader::Node => openssl::judge(candidate, openssl::Level::One),
        Loader::GnuTls => gnutls::judge(candidate),
        Loader::Go => go::judge(candidate),
        Loader::Rustls => rustls::judge(candidate),
        Loader::Java => java::judge(candidate),
        _ => KeyVerdict::refused("it reads private keys only from PKCS#12"),
    }
}

impl Candidate<'_> {
    fn label(&self) -> &str {
        self.section.label().unwrap_or_default()
    }

    /// Whether it is encrypted as in PEM (RFC 1421), and not by PKCS#8.
    fn is_dek(&self) -> bool {
        let name = |(name, _): &(String, String)| name.eq_ignore_ascii_case("DEK-Info");
        self.section.headers().iter().any(name)
    }

    /// The scheme under which it is encrypted.
    fn scheme(&self) -> Option<&str> {
        let encryption = match self.key {
            Ok(key) => key.encryption(),
            Err(problem) => problem.encryption(),
        };
        encryption.map(crate::model::Encryption::scheme)
    }

    fn has_bytes_behind(&self) -> bool {
        !self.section.behind().is_empty()
    }
}

/// What is reported about a key that could not be read.
fn unreadable(problem: &KeyProblem) -> KeyVerdict {
    KeyVerdict::refused(problem.to_string())
}
