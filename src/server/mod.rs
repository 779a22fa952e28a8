//! What each server does with the files it is given: data, and the few lines that apply it.
//!
//! A [`Profile`] says which encodings and keys a server loads, which names and
//! order it demands, what it puts on the wire, and what happens when
//! something is wrong. Adding a server is one file with one table in it.

mod apache;
mod generic;
mod loading;
mod tableau;

use crate::finding::Code;
use crate::protocol::Dialect;

/// What is known of a server.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    pub(crate) name: &'static str,
    /// What it is, and what was measured.
    pub(crate) title: &'static str,
    /// How it reads the file of certificates.
    pub(crate) loaders: Loaders,
    /// Whether it reads a private key in DER.
    pub(crate) reads_der_key: bool,
    /// Whether it demands that the end-entity certificate comes first in its file.
    pub(crate) end_entity_first: bool,
    /// Which file the certificates behind the first one come from.
    pub(crate) chain: ChainSource,
    /// Whether the first key file goes with the first certificate file, and so on.
    pub(crate) pairs_by_position: bool,
    /// The file name extension that it demands for certificates.
    pub(crate) extension: Option<&'static str>,
    /// The key algorithms that it takes; none: whatever OpenSSL takes.
    pub(crate) keys: Option<&'static [KeyAlgorithmFamily]>,
    /// The smallest RSA or DSA key that it loads.
    pub(crate) least_rsa_bits: u64,
    /// What it does when the key is encrypted.
    pub(crate) encrypted_key: EncryptedKey,
    /// The dialect of its protocol setting.
    pub(crate) dialect: Dialect,
    /// What a finding means here: what the administrator will see.
    pub(crate) consequences: &'static [(&'static str, &'static str)],
}

/// The readers whose opinion of a file counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Loaders {
    /// OpenSSL's PEM reader, as `SSL_CTX_use_certificate_chain_file` uses it.
    OpenSsl,
    /// Every mainstream reader: the server is not known.
    Mainstream,
}

/// Where a server takes the certificates from that it sends behind its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChainSource {
    /// From the chain file alone where there is one (Apache's
    /// SSLCertificateChainFile), else from the rest of the certificate file.
    ChainFileElseRest,
    /// From all files given, in their order.
    Everything,
}

/// A kind of key, apart from its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyAlgorithmFamily {
    /// RSA.
    Rsa,
    /// DSA.
    Dsa,
    /// Elliptic curves.
    Ec,
    /// Ed25519 and Ed448.
    EdDsa,
    /// Anything else.
    Other,
}

impl KeyAlgorithmFamily {
    /// The name as it is written in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::Dsa => "DSA",
            Self::Ec => "EC",
            Self::EdDsa => "EdDSA",
            Self::Other => "another algorithm",
        }
    }
}

/// What a server does with a key that is protected by a passphrase.
#[derive(Clone, Copy, Debug)]
pub struct EncryptedKey {
    /// Whether there is a setting, or a prompt, for the passphrase.
    pub can_ask: bool,
    /// Whether it is asked for again at every start, even where it is known now.
    pub asks_at_start: bool,
    /// What happens at start-up.
    pub consequence: &'static str,
}

impl Profile {
    /// Every server that is known.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        [&tableau::PROFILE, &apache::PROFILE, &generic::PROFILE].into_iter()
    }

    /// The server of that name: `tableau`, `apache`, `generic`.
    ///
    /// ```
    /// use certcheck::server::Profile;
    /// assert_eq!(Profile::named("apache").unwrap().name(), "apache");
    /// assert!(Profile::named("iis").is_none());
    /// ```
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().find(|profile| profile.name == name)
    }

    /// The name, as it is given to `--server`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it is, and which version was measured.
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// What a finding of this code means for the server, where that is known.
    pub fn consequence(&self, code: Code) -> Option<&'static str> {
        self.consequences
            .iter()
            .find(|(known, _)| *known == code.as_str())
            .map(|&(_, text)| text)
    }
}
