//! Signatures that were computed before.
//!
//! Twenty clients, the arrangement of the chain and the search for paths all ask whether the same
//! key made the same signature. The answer cannot change, so it is computed once: the certificates
//! of one question share a table of answers ([`Certificate::sharing`](super::Certificate)). The
//! table is not part of a certificate's value.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What was computed.
///
/// Each verifier has a budget of signatures, which bounds the table too: 33 bytes for each.
#[derive(Debug, Default)]
pub(crate) struct Computed {
    known: Mutex<HashMap<[u8; 32], bool>>,
    /// A signature that is valid for any signer.
    believed: Option<&'static [u8]>,
    #[cfg(test)]
    times: std::sync::atomic::AtomicU64,
}

/// A signature, and how it is to be verified.
#[derive(Clone, Copy)]
pub(crate) struct Signed<'a> {
    /// The verifying algorithm, by the backend's name for it.
    pub(crate) algorithm: &'a str,
    /// The key's bits.
    pub(crate) key: &'a [u8],
    pub(crate) message: &'a [u8],
    pub(crate) signature: &'a [u8],
}

impl Computed {
    /// An empty table for a question about a certificate that was never issued: these bytes count as
    /// any key's signature.
    pub(crate) fn believing(signature: &'static [u8]) -> Self {
        Self {
            believed: Some(signature),
            ..Self::default()
        }
    }

    /// Whether the signature is valid, if that was computed before.
    pub(crate) fn known(&self, signed: &Signed<'_>) -> Option<bool> {
        if self.believed == Some(signed.signature) {
            return Some(true);
        }
        self.table().get(&signed.name()).copied()
    }

    /// Remembers whether it is valid.
    pub(crate) fn learn(&self, signed: &Signed<'_>, holds: bool) {
        #[cfg(test)]
        self.times
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.table().insert(signed.name(), holds);
    }

    fn table(&self) -> MutexGuard<'_, HashMap<[u8; 32], bool>> {
        // Even if a panic poisoned the lock, the table that it guards is intact.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many signatures were computed.
    #[cfg(test)]
    pub(crate) fn times(&self) -> u64 {
        self.times.load(std::sync::atomic::Ordering::Relaxed)
    }
}

impl Signed<'_> {
    /// SHA-256 of all parts, each after its length.
    fn name(&self) -> [u8; 32] {
        let length = |part: &[u8]| part.len().to_be_bytes();
        crate::crypto::sha256(&[
            &length(self.algorithm.as_bytes()),
            self.algorithm.as_bytes(),
            &length(self.key),
            self.key,
            &length(self.message),
            self.message,
            &length(self.signature),
            self.signature,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_computed_once_and_none_for_another() {
        let computed = Computed::default();
        let one = Signed {
            algorithm: "A",
            key: b"key",
            message: b"message",
            signature: b"signature",
        };
        assert_eq!(computed.known(&one), None);
        computed.learn(&one, true);
        // If a byte moves from one part to the next, it is another signature.
        let others = [
            Signed {
                algorithm: "B",
                ..one
            },
            Signed {
                key: b"keym",
                message: b"essage",
                ..one
            },
            Signed {
                message: b"messages",
                signature: b"ignature",
                ..one
            },
            Signed {
                signature: b"",
                ..one
            },
        ];
        for other in others {
            assert_eq!(computed.known(&other), None);
            computed.learn(&other, false);
        }
        assert_eq!(computed.times(), 5);
        assert_eq!(computed.known(&one), Some(true));
    }
}
