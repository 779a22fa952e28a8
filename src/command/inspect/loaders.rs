//! Who reads a file, and what of it.

use crate::encoding::loader::Loader;
use crate::encoding::{Document, Form};
use crate::model::KeyProblem;
use crate::objects::{self, Content, Object, Opened};

/// What one loader makes of one file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// The file as the user named it.
    pub source: String,
    /// The loader's name, `openssl`.
    pub loader: &'static str,
    /// The program, its version, and the function that was measured.
    pub title: &'static str,
    /// Whether it takes certificates from the file at all; of a file without any,
    /// whether it takes a key.
    pub taken: bool,
    /// How many certificates it sees.
    pub certificates: usize,
    /// The index of the object that it sees first, which a server takes for its
    /// own certificate.
    pub first: Option<usize>,
    /// The indices of certificates that it does not see.
    pub lost: Vec<usize>,
    /// The line at which it gives up, where it does, and the file has lines.
    pub gave_up: Option<usize>,
    /// How many private keys it would load from the file.
    pub keys: usize,
}

/// Whether no key can be had from what the sections of keys hold: it is no key, or
/// one that OpenSSL 3.0 does not read because its public key stands behind it.
fn unreadable(objects: &[Object<'_>], loader: Loader) -> bool {
    let openssl = matches!(loader, Loader::OpenSsl | Loader::Python | Loader::Node);
    let mut keys = objects
        .iter()
        .filter(|it| it.section.kind().is_private_key());
    keys.all(|object| match &object.content {
        Content::Malformed(_) | Content::ClosedKey(KeyProblem::Malformed(_)) => true,
        Content::PrivateKey(key) => openssl && key.carries_public_key(),
        _ => false,
    })
}

/// What each loader makes of each document.
pub fn loaders<'d>(documents: impl IntoIterator<Item = &'d Document>) -> Vec<Loaded> {
    let mut table = Vec::new();
    for document in documents {
        let opened = Opened::new(document, None);
        let objects = opened.objects();
        let all: Vec<_> = objects.iter().collect();
        let index = |place: usize| objects::of_section(&all, place).map(|object| object.index);
        for loader in Loader::ALL {
            let loading = loader.load(document);
            let keys = if unreadable(&objects, loader) {
                0
            } else {
                loader.keys(document)
            };
            let key_alone = keys > 0 && !objects.iter().any(|it| it.certificate().is_some());
            let gave_up = loading
                .gave_up
                .filter(|_| document.form() != Form::Der && !key_alone)
                .map(|offset| document.source().line_of(offset));
            table.push(Loaded {
                source: document.source().name().to_owned(),
                loader: loader.as_str(),
                title: loader.title(),
                taken: loading.taken || key_alone,
                certificates: loading.certificates.len(),
                first: loading.first().and_then(index),
                lost: loading.lost.iter().copied().filter_map(index).collect(),
                gave_up,
                keys,
            });
        }
    }
    table
}
