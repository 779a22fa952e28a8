//! How a loader and its server read a file's private key. `inspect --loaders`, the prediction of a
//! start, `match` and the severity of findings share this answer.

use super::{Content, Object};
use crate::encoding::Document;
use crate::encoding::loader::{Loader, filtered};
use crate::finding::Severity;
use crate::key_loading::{
    KeyLoading, KeyVerdict, key_loading, key_loading_alone, key_of, openssl_refusal,
};
use crate::model::{KeyProblem, PrivateKey};
use crate::server::Profile;

/// What `loader` does with the private key of a document, whose `objects` these are, in the order
/// of its sections.
pub(crate) fn key(loader: Loader, document: &Document, objects: &[Object<'_>]) -> KeyLoading {
    key_loading(loader, document, |place| key_at(objects, place))
}

/// The key in a section, or why it was not read.
fn key_at<'o>(
    objects: &'o [Object<'_>],
    place: usize,
) -> Option<Result<&'o PrivateKey, &'o KeyProblem>> {
    match &object_of(objects, place)?.content {
        Content::PrivateKey(key) => Some(Ok(&**key)),
        Content::ClosedKey(problem) => Some(Err(problem)),
        _ => None,
    }
}

/// What a server's own loader does with the key, whatever its size; `None` if the server is not
/// known. httpd also reads a key in DER.
pub(crate) fn server_key(
    server: &Profile,
    document: &Document,
    objects: &[Object<'_>],
) -> Option<KeyLoading> {
    let loading = key_loading_alone(server.loader()?, document, |place| key_at(objects, place));
    // httpd tries PEM first, and its other ways only if that fails.
    if server.reads_der_key() && loading.verdict.reason().is_some() {
        return Some(by_content(document, objects).unwrap_or(loading));
    }
    Some(loading)
}

/// httpd's second and third ways to read a key (`modssl_read_privatekey`): base64 with anything
/// around it, then DER.
fn by_content(document: &Document, objects: &[Object<'_>]) -> Option<KeyLoading> {
    let filtered = filtered(document);
    let bytes = document.source().bytes();
    let plain = |object: &&Object<'_>| {
        let key = object
            // `d2i_PrivateKey_bio` asks for no passphrase, so it finds no key in an encrypted one.
            .private_key()
            .filter(|key| key.encryption().is_none());
        let der = key.and(object.section.der());
        let read = |from: &[u8]| der.is_some_and(|der| from.starts_with(der));
        object.container.is_none() && (read(&filtered) || read(bytes))
    };
    let Some(object) = objects.iter().find(plain) else {
        let key = read_by_content(document)?;
        return openssl_refusal(&key).is_none().then_some(KeyLoading {
            section: None,
            verdict: KeyVerdict::Taken,
            is_read: true,
        });
    };
    object
        .private_key()
        .filter(|key| openssl_refusal(key).is_none())?;
    Some(KeyLoading {
        section: Some(object.place),
        verdict: KeyVerdict::Taken,
        is_read: true,
    })
}

/// The key that a server finds although no section that we read holds one: in base64 that OpenSSL
/// reads and we do not, or in one of httpd's ways.
pub(crate) fn key_by_content(server: &Profile, document: &Document) -> Option<PrivateKey> {
    if server.reads_der_key()
        && let Some(key) = read_by_content(document)
    {
        return Some(key);
    }
    let places = server.loader()?.key_places(document);
    let mut contents = places.iter().filter_map(|place| place.content.as_ref());
    contents.find_map(|content| key_of(content))
}

fn read_by_content(document: &Document) -> Option<PrivateKey> {
    key_of(&filtered(document))
}

/// The object that a loader reads as the private key, or at which it fails.
pub(crate) fn object_of<'o, 'd>(objects: &'o [Object<'d>], place: usize) -> Option<&'o Object<'d>> {
    let at = objects.partition_point(|object| object.place < place);
    objects.get(at).filter(|object| object.place == place)
}

/// For each deviation of a document, in its order, whether it keeps the loader
/// from the private key: those in the section at which it fails; notices only if there is nothing
/// worse; all if it finds no key at all.
pub(crate) fn blamed(document: &Document, loading: &KeyLoading) -> Vec<bool> {
    let anomalies = document.anomalies();
    if loading.verdict.reason().is_none() {
        return vec![false; anomalies.len()];
    }
    let there = |section: Option<usize>| loading.section.is_none() || section == loading.section;
    let weighs = |index: usize| {
        let anomaly = anomalies.get(index);
        anomaly.is_some_and(|anomaly| {
            there(anomaly.section) && anomaly.fact.code().info().severity > Severity::Notice
        })
    };
    // Notices are blamed only if there is nothing worse at that place.
    let any = (0..anomalies.len()).any(weighs);
    let blame = |(index, anomaly): (usize, &crate::encoding::Anomaly)| {
        if any {
            weighs(index)
        } else {
            there(anomaly.section)
        }
    };
    anomalies.iter().enumerate().map(blame).collect()
}
