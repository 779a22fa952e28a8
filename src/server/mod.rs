//! What each server does with its files: data, and a little code that applies it.
//!
//! A [`Profile`] says which encodings and keys a server loads, which names and order it requires,
//! what it sends, and what happens when something is wrong. `openssl.rs` has what all servers on
//! OpenSSL have in common; a server's own file has what is specific to it.

mod apache;
pub(crate) mod authority_file;
pub(crate) mod certificate_choice;
pub(crate) mod defaults;
mod described;
pub mod found;
mod generic;
mod haproxy;
pub mod installed;
mod loading;
mod nginx;
pub mod offer;
mod openssl;
mod openssl_conf;
pub mod passwords;
mod postgres;
mod proxy_pairs;
pub mod reload;
mod rserve;
pub(crate) mod security;
pub mod settings;
pub mod startup;
mod system;
mod tableau;
pub(crate) mod tabpy;
pub(crate) mod versions;
pub mod wire;

pub use openssl_conf::{Beside, OpensslConf};
pub use system::System;
pub use versions::{ServerChange, ServerVersion};

use crate::finding::Code;
use crate::model::KeyAlgorithm;
use crate::protocol::Dialect;
use crate::same::same;
use reload::Reload;
use startup::{KeyFileRule, Rule};

/// Which key file goes with which certificate file, where there are several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pairing {
    /// The first with the first, and so on.
    Position,
    /// OpenSSL has one slot for each kind of key, and compares a key with the certificate already
    /// in that slot: keys of two kinds may be swapped (`SSL_CTX_use_PrivateKey`; measured: nginx
    /// 1.22.1).
    Slots,
    /// Any certificate that fits the key.
    Any,
}

/// What certcheck knows about a server.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    pub(crate) name: &'static str,
    /// What it is, and which version was measured.
    pub(crate) title: &'static str,
    /// The program's name, as the subject of a sentence.
    pub(crate) program: &'static str,
    /// How it reads the file of certificates.
    pub(crate) loaders: Loaders,
    /// Whether a section that its PEM reader cannot read, after the first certificate, ends the
    /// chain silently.
    pub(crate) damage_ends_chain: bool,
    /// Whether it reads a private key in DER, or in base64 with any text around it.
    pub(crate) reads_der_key: bool,
    /// Which file the certificates after the first one come from.
    pub(crate) chain: ChainSource,
    /// Whether it looks for the issuers of a lone certificate in its CA file.
    pub(crate) completion: Completion,
    /// Whether an error that its own certificate's extensions leave on OpenSSL's queue
    /// stops it, as in `SSL_CTX_use_certificate_chain_file` (ssl/ssl_rsa.c).
    pub(crate) heeds_odd_extensions: bool,
    /// Whether each line of its settings loads one file, and a failure keeps the files loaded
    /// before it (measured: Rserve 1.8-11).
    pub(crate) loads_each_alone: bool,
    /// Whether it looks for the private key in the certificate file if no key file is named.
    pub(crate) key_in_certificate_file: bool,
    /// Whether its usual files hold certificate, chain and key together, and a
    /// directory of such files does as well (HAProxy's `crt`).
    pub(crate) combined_files: bool,
    /// What it requires of owner and mode of the key file.
    pub(crate) key_file: KeyFileRule,
    /// What happens at start-up, and its message.
    pub(crate) startup: &'static [Rule],
    /// What a refused reload leaves running; `None`: not known.
    pub(crate) reload: Option<Reload>,
    /// Whether the first key file goes with the first certificate file, and so on.
    pub(crate) pairing: Pairing,
    /// The file name extension that it requires for certificates.
    pub(crate) extension: Option<&'static str>,
    /// The key algorithms that it accepts; `None`: whatever OpenSSL accepts.
    pub(crate) keys: Option<&'static [KeyAlgorithmFamily]>,
    /// The smallest RSA key that it accepts: OpenSSL's bound, or its own larger one.
    pub(crate) least_rsa_bits: u64,
    /// What it does when the key is encrypted.
    pub(crate) encrypted_key: EncryptedKey,
    /// The dialect of its protocol setting.
    pub(crate) dialect: Dialect,
    /// Whether it has such a setting at all.
    pub(crate) protocol_setting: bool,
    /// What a finding means here: what the administrator will see.
    pub(crate) consequences: &'static [(Code, &'static str)],
}

/// The readers that must accept a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Loaders {
    /// OpenSSL's PEM reader, as `SSL_CTX_use_certificate_chain_file` uses it.
    OpenSsl,
    /// The same, read through Python's `open(…, "r")` and `encode("ascii")`, as TabPy
    /// checks dates with it: it rejects DER and a byte order mark.
    PythonText,
    /// Every mainstream reader: the server is not known.
    Mainstream,
}

/// Where a server gets the certificates that it sends after its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChainSource {
    /// From the chain file alone if there is one (Apache's
    /// SSLCertificateChainFile), otherwise from the rest of the certificate file.
    ChainFileElseRest,
    /// From all files given, in their order.
    Everything,
    /// From nowhere: the first certificate of its file is all it sends (Rserve:
    /// `SSL_CTX_use_certificate_file`).
    FirstOnly,
    /// From the rest of the certificate file; there is no other setting.
    WholeFile,
    /// From the rest of the certificate file, or if there is none, from a file of issuers whose
    /// first certificate issued it (HAProxy's `issuers-chain-path`).
    RestElseIssuers,
}

/// Whether a server completes the chain of a lone certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Completion {
    /// It sends what its files say (nginx and HAProxy: `SSL_MODE_NO_AUTO_CHAIN`;
    /// TabPy has no CA file).
    Never,
    /// OpenSSL adds the issuers that it finds in the server's own CA file.
    FromCaFile,
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
    /// The family of a key.
    pub const fn of(algorithm: &KeyAlgorithm) -> Self {
        match algorithm {
            KeyAlgorithm::Rsa => Self::Rsa,
            KeyAlgorithm::Dsa => Self::Dsa,
            KeyAlgorithm::Ec(_) => Self::Ec,
            KeyAlgorithm::Ed25519 | KeyAlgorithm::Ed448 => Self::EdDsa,
            _ => Self::Other,
        }
    }

    /// The name as messages show it.
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
    /// Whether the server asks for it again at every start, even if it is known now.
    pub asks_at_start: bool,
    /// What happens at start-up.
    pub consequence: &'static str,
}

/// In the order in which they are listed.
static KNOWN: [&Profile; 8] = [
    &tableau::PROFILE,
    &apache::PROFILE,
    &nginx::PROFILE,
    &haproxy::PROFILE,
    &postgres::PROFILE,
    &tabpy::PROFILE,
    &rserve::PROFILE,
    &generic::PROFILE,
];

/// Tableau Server.
pub(crate) const fn tableau() -> &'static Profile {
    &tableau::PROFILE
}

impl Profile {
    /// Every server that certcheck knows.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        KNOWN.iter().copied()
    }

    /// The server of that name: `tableau`, `apache`, `nginx`, `haproxy`,
    /// `postgres`, `tabpy`, `rserve`, `generic`.
    ///
    /// ```
    /// use certcheck::server::Profile;
    /// assert_eq!(Profile::named("apache").unwrap().name(), "apache");
    /// assert!(Profile::named("iis").is_none());
    /// ```
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().find(|profile| profile.name == name)
    }

    /// Any server: what one mainstream server or loader refuses counts.
    pub const fn generic() -> &'static Self {
        &generic::PROFILE
    }

    /// The name, as passed to `--server`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it is, and which version was measured.
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// The program's name, as the subject of a sentence: `Apache httpd`.
    pub const fn program(&self) -> &'static str {
        self.program
    }

    /// Where the certificates after the server's own come from.
    pub const fn chain_source(&self) -> ChainSource {
        self.chain
    }

    /// Whether the private key may be in the file of certificates, so that no other file is named.
    pub const fn key_in_certificate_file(&self) -> bool {
        self.key_in_certificate_file
    }

    /// Whether the server adds issuers from its own CA file.
    pub const fn completion(&self) -> Completion {
        self.completion
    }

    /// The dialect of its protocol setting.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What a finding of this code means for the server, if that is known.
    pub fn consequence(&self, code: Code) -> Option<&'static str> {
        self.consequences
            .iter()
            .find(|(known, _)| *known == code)
            .map(|&(_, text)| text)
    }
}

/// Whether the words of a consequence are about a server that has started.
pub(crate) fn presumes_a_start(words: &str) -> bool {
    words.contains(" starts") && !words.contains("no server starts")
}

/// Whether a server of this name is known, even at compile time.
const fn is_known(name: &str) -> bool {
    let mut rest: &[&Profile] = &KNOWN;
    while let [first, others @ ..] = rest {
        if same(first.name, name) {
            return true;
        }
        rest = others;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, presumes_a_start};

    #[test]
    fn each_consequence_says_whether_the_server_starts_or_leaves_it_open() {
        let (mut presume, mut deny) = (0, 0);
        for (_, words) in KNOWN.iter().flat_map(|profile| profile.consequences) {
            let denies = ["not start", "no server starts", "stops", "at start"];
            match (
                presumes_a_start(words),
                denies.iter().any(|deny| words.contains(deny)),
            ) {
                (true, true) => panic!("starts or not? {words}"),
                (true, false) => presume += 1,
                (false, denies) => deny += usize::from(denies),
            }
        }
        assert!(presume > 10 && deny > 20, "{presume}, {deny}");
    }
}
