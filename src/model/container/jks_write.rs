//! Writes JKS, the keystore of Java before 9, which every Java reads: one key and its chain.
//!
//! JavaKeyStore.java of OpenJDK is the specification. JKS protects the key only by SHA-1, without
//! iterations: a passphrase is guessed quickly, and the real protection is the file's mode.

use super::Seed;
use super::jks::{JKS, WHITENER};
use crate::Time;
use crate::model::encryption::{Hash, protect_jks, utf16_be};
use crate::model::{Passphrase, PrivateKey};
use zeroize::Zeroizing;

/// The version that JDK 1.2 and all later ones write.
const VERSION: u32 = 2;
const KEY_ENTRY: u32 = 1;

/// A JKS keystore: the key, its certificate (the first) and the chain after it; `alias` is in
/// lower case, as Java looks it up, and `at` the entry's date. `None` if the key is not proven.
pub fn jks_of(
    key: &PrivateKey,
    certificates: &[&[u8]],
    alias: &str,
    passphrase: &Passphrase,
    at: Time,
    seed: &Seed,
) -> Option<Zeroizing<Vec<u8>>> {
    let secret = passphrase.secret_bytes();
    let pkcs8 = key.to_pkcs8()?;
    let salt = seed.first_chunk()?;
    let mut store = Zeroizing::new(Vec::new());
    for number in [JKS, VERSION, 1, KEY_ENTRY] {
        store.extend(number.to_be_bytes());
    }
    text(&mut store, alias)?;
    let milliseconds = at.unix_seconds().checked_mul(1_000)?;
    store.extend(milliseconds.to_be_bytes());
    bytes(&mut store, &protect_jks(secret, *salt, &pkcs8))?;
    store.extend(u32::try_from(certificates.len()).ok()?.to_be_bytes());
    for certificate in certificates {
        text(&mut store, "X.509")?;
        bytes(&mut store, certificate)?;
    }
    let digest = Hash::Sha1.digest(&[&utf16_be(secret), WHITENER, &store]);
    store.extend_from_slice(&digest);
    Some(store)
}

/// `DataOutput.writeUTF`, of ASCII.
fn text(store: &mut Vec<u8>, text: &str) -> Option<()> {
    store.extend(u16::try_from(text.len()).ok()?.to_be_bytes());
    store.extend(text.bytes());
    Some(())
}

fn bytes(store: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    store.extend(u32::try_from(bytes.len()).ok()?.to_be_bytes());
    store.extend_from_slice(bytes);
    Some(())
}
