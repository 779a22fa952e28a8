//! Do the settings leave a cipher suite for the keys, and a passphrase for them?

use super::{Preflight, Protocols};
use crate::answer::Check;
use crate::cipher::{Authentication, CipherList, Encryption, KeyExchange, SecurityLevel, Suite};
use crate::encoding::Document;
use crate::model::{Passphrase, PublicKey};
use crate::objects::{Content, Opened};
use crate::protocol::Version;
use crate::server::KeyAlgorithmFamily;
use crate::server::settings::Scope;
use std::sync::Arc;

/// The most passphrases of one file that are tried: each costs a derivation.
const MOST_TRIED: usize = 16;

impl Preflight {
    /// Whether a client of today and the server share a suite below TLS 1.3,
    /// where TLS 1.3 is not on; no check where nothing is in doubt.
    pub(super) fn suites_check(
        &self,
        scope: &Scope,
        protocols: Option<&Protocols>,
        config: &str,
    ) -> Option<Check> {
        let placed = scope.ciphers.as_ref()?;
        let list = CipherList::openssl(&placed.value);
        let modern = match protocols {
            Some(given) if self.protocols.is_some() => {
                given.effective.iter().any(|it| it == "TLSv1.3")
            }
            _ => scope
                .versions(self.server.dialect)?
                .contains(Version::TLSv1_3),
        };
        if modern || list.refused.is_some() {
            return None;
        }
        let unserved = self.certificate_files.iter().find_map(|document| {
            let family = family(document)?;
            let proof = match family {
                KeyAlgorithmFamily::Rsa => Authentication::Rsa,
                KeyAlgorithmFamily::Ec | KeyAlgorithmFamily::EdDsa => Authentication::Ecdsa,
                _ => return None,
            };
            (!serves(&list, proof)).then_some(document.source().name())
        })?;
        let line = placed.lines.map_or(1, |lines| lines.first);
        Some(Check::impossible(
            "cipher-suites",
            format!(
                "{config}:{line}: without TLS 1.3, the cipher string may leave clients no suite for the key of {unserved}; \
                 handshakes are not predicted here"
            ),
        ))
    }

    /// The passphrase among the lines of a server's file that opens a key; the
    /// last one that was tried where none does.
    pub(super) fn passphrase_of(&self, lines: &[u8]) -> Option<Arc<Passphrase>> {
        let mut last = None;
        for line in lines.split(|&byte| byte == b'\n').take(MOST_TRIED) {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                continue;
            }
            let passphrase = Passphrase::new(line.to_vec());
            let opens = self.key_files.iter().any(|document| {
                let opened = Opened::new(document, Some(&passphrase));
                let objects = opened.objects();
                objects.iter().any(|object| {
                    object
                        .private_key()
                        .is_some_and(|key| key.encryption().is_some())
                        && matches!(object.content, Content::PrivateKey(_))
                })
            });
            last = Some(Arc::new(passphrase));
            if opens {
                break;
            }
        }
        last
    }
}

/// Whether a server with such a key agrees on a suite below TLS 1.3 that every
/// client of today offers: ECDHE with AES-GCM or ChaCha20.
fn serves(list: &CipherList, proof: Authentication) -> bool {
    let level = list.level.unwrap_or(SecurityLevel::DEBIAN);
    let usual = |suite: &&Suite| {
        let encryption = matches!(
            suite.encryption,
            Encryption::Aes128Gcm | Encryption::Aes256Gcm | Encryption::ChaCha20
        );
        let exchange = suite.key_exchange == KeyExchange::Ecdhe;
        suite.authentication == proof && exchange && encryption && level.allows(suite)
    };
    list.suites.iter().copied().any(|suite| usual(&suite))
}

/// The kind of the first certificate's key.
fn family(document: &Document) -> Option<KeyAlgorithmFamily> {
    let opened = Opened::new(document, None);
    let objects = opened.objects();
    let certificate = objects.iter().find_map(|object| object.certificate())?;
    let key = PublicKey::parse(certificate.spki_der()).ok()?;
    Some(KeyAlgorithmFamily::of(key.algorithm()))
}
