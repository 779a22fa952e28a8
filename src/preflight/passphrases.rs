//! Which passphrase of a server's file opens the key?

use super::Preflight;
use crate::model::Passphrase;
use crate::objects::{Content, Opened};
use std::sync::Arc;

/// The most passphrases of one file that are tried: each costs a derivation.
const MOST_TRIED: usize = 16;

impl Preflight {
    /// The passphrase among the lines of a server's file that opens a key; the last one that was
    /// tried if none does.
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
