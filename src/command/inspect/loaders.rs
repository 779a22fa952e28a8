//! Who reads a file, and what of it.

use crate::encoding::loader::Loader;
use crate::encoding::{Document, Form};
use crate::objects::{self, Opened};

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
    /// Whether it takes certificates from the file at all.
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

/// What each loader makes of each document.
pub fn loaders(documents: &[Document]) -> Vec<Loaded> {
    let mut table = Vec::new();
    for document in documents {
        let opened = Opened::new(document, None);
        let objects = opened.objects();
        let all: Vec<_> = objects.iter().collect();
        let index = |place: usize| objects::of_section(&all, place).map(|object| object.index);
        for loader in Loader::ALL {
            let loading = loader.load(document);
            let gave_up = loading
                .gave_up
                .filter(|_| document.form() != Form::Der)
                .map(|offset| document.source().line_of(offset));
            table.push(Loaded {
                source: document.source().name().to_owned(),
                loader: loader.as_str(),
                title: loader.title(),
                taken: loading.taken,
                certificates: loading.certificates.len(),
                first: loading.first().and_then(index),
                lost: loading.lost.iter().copied().filter_map(index).collect(),
                gave_up,
                keys: loader.keys(document),
            });
        }
    }
    table
}
