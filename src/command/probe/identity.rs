//! A client's own certificate and key, from files.

use crate::encoding::Document;
use crate::model::{Certificate, Passphrase};
use crate::objects::{Content, Opened, belongs, unopened};
use crate::probe::ClientIdentity;

/// The certificate to show to servers that ask for one: the first in `certificates` that belongs to
/// the key, with the others behind it. Without `key`, the key is in the same file, which may be
/// PKCS#12.
///
/// # Errors
/// What is missing, or does not fit; no part of a key or passphrase is in it.
pub fn client_identity(
    certificates: &Document,
    key: Option<&Document>,
    passphrase: Option<&Passphrase>,
) -> Result<ClientIdentity, String> {
    let file = key.unwrap_or(certificates);
    let named = |document: &Document, why: &str| format!("{}: {why}", document.source().name());
    let opened = Opened::new(file, passphrase);
    let mut keys = Vec::new();
    let mut closed = opened.objects();
    closed.retain(|object| matches!(object.content, Content::ClosedKey(_)));
    let is_closed = !closed.is_empty() || unopened(&opened.objects()).is_some();
    for object in opened.objects() {
        if let Content::PrivateKey(key) = object.content {
            keys.push(key);
        }
    }
    if keys.is_empty() {
        let why = match (is_closed, passphrase) {
            (true, None) => "is encrypted: give --client-key-passphrase-file",
            (true, Some(_)) => "the passphrase of --client-key-passphrase-file does not open it",
            (false, _) => "holds no private key that can be used",
        };
        return Err(named(file, why));
    }
    let opened = Opened::new(certificates, passphrase);
    let objects = opened.objects();
    let all: Vec<_> = objects
        .iter()
        .filter_map(|object| object.certificate())
        .collect();
    if all.is_empty() {
        return Err(named(certificates, "holds no certificate"));
    }
    let pair = keys.iter().find_map(|key| {
        let own = all.iter().find(|one| belongs(key, one.spki_der()))?;
        Some((key, *own))
    });
    let Some((key, own)) = pair else {
        return Err(named(
            file,
            "the private key belongs to none of the certificates",
        ));
    };
    let others = all.iter().filter(|one| one.der() != own.der());
    let chain = std::iter::once(own).chain(others.copied());
    let chain = chain.map(Certificate::der).map(<[u8]>::to_vec).collect();
    ClientIdentity::new(chain, key).map_err(|why| named(file, &why))
}
