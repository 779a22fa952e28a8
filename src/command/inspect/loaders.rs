//! Who reads a file, and which parts of it.

use crate::encoding::loader::Loader;
use crate::encoding::{Document, Form};
use crate::key_loading::{KeyLoading, KeyVerdict, default_level_refusal};
use crate::model::Passphrase;
use crate::objects::{Object, Opened, loading};
use crate::server::{KeyAlgorithmFamily, Profile};

/// How one loader reads one file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// The file as the user named it.
    pub source: String,
    /// The loader's name, `openssl`.
    pub loader: &'static str,
    /// The program, its version, and the function that was measured.
    pub title: &'static str,
    /// Whether it loads certificates from the file at all; for a file without any, whether it loads
    /// a key.
    pub taken: bool,
    /// How many certificates it sees.
    pub certificates: usize,
    /// The index of the object that it sees first, which a server uses as its own certificate.
    pub first: Option<usize>,
    /// The indices of certificates that it does not see.
    pub lost: Vec<usize>,
    /// The line at which it gives up, if it does and the file has lines.
    pub gave_up: Option<usize>,
    /// How many private keys it would load from the file: one or none. A key for which it asks for
    /// a passphrase counts.
    pub keys: usize,
    /// What it does about the private key, where the file holds one at all.
    pub key: Option<LoadedKey>,
}

/// What a loader does about the private key of a file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoadedKey {
    /// The index of the object that it uses as the key, if it reaches one.
    pub index: Option<usize>,
    /// `taken`, `asks` (for a passphrase, and then accepts the key) or `refused`.
    pub verdict: &'static str,
    /// Why it is refused.
    pub reason: Option<String>,
}

impl LoadedKey {
    fn new(index: Option<usize>, verdict: &KeyVerdict) -> Self {
        Self {
            index,
            verdict: verdict.as_str(),
            reason: verdict.reason().map(str::to_owned),
        }
    }

    fn refused(index: Option<usize>, reason: String) -> Self {
        Self::new(index, &KeyVerdict::Refused { reason })
    }
}

/// How one server's loader reads one file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Served {
    /// The file as the user named it.
    pub source: String,
    /// The server, as `--server` names it; `generic`, which is not a program, is not
    /// among them.
    pub server: &'static str,
    /// The loader that it uses, `openssl` or `python`.
    pub loader: &'static str,
    /// Whether it uses the file as its certificate file; for a file without any,
    /// whether it accepts it as its key.
    pub taken: bool,
    /// How many certificates it sees.
    pub certificates: usize,
    /// The index of the object that it uses as its own certificate.
    pub first: Option<usize>,
    /// What it does about the private key, where the file holds one at all.
    pub key: Option<LoadedKey>,
}

/// How the loaders, and the servers that are on them, read documents.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Loads {
    /// A row for each file and loader.
    pub loaders: Vec<Loaded>,
    /// A row for each file and server.
    pub servers: Vec<Served>,
}

impl Loads {
    /// Adds how each loader and each named server reads a document; a
    /// passphrase opens encrypted keys, so that more is known about them.
    pub fn add(&mut self, document: &Document, passphrase: Option<&Passphrase>) {
        let opened = Opened::new(document, passphrase);
        let file = File {
            document,
            objects: &opened.objects(),
        };
        self.loaders
            .extend(Loader::ALL.map(|loader| file.loaded(loader)));
        self.servers
            .extend(Profile::all().filter_map(|server| file.served(server)));
    }
}

/// A document and what is in it.
struct File<'o, 'd> {
    document: &'d Document,
    objects: &'o [Object<'d>],
}

impl File<'_, '_> {
    fn loaded(&self, loader: Loader) -> Loaded {
        let loading = loader.load(self.document);
        let key = self.key(loader);
        let keys = usize::from(is_had(key.as_ref()));
        let key_alone = keys > 0 && self.has_no_certificate();
        let gave_up = loading
            .gave_up
            .filter(|_| self.document.form() != Form::Der && !key_alone)
            .map(|offset| self.document.source().line_of(offset));
        Loaded {
            source: self.source(),
            loader: loader.as_str(),
            title: loader.title(),
            taken: loading.taken || key_alone,
            certificates: loading.certificates.len(),
            first: loading.first().and_then(|place| self.index(place)),
            lost: loading
                .lost
                .iter()
                .filter_map(|&place| self.index(place))
                .collect(),
            gave_up,
            keys,
            key,
        }
    }

    fn served(&self, server: &Profile) -> Option<Served> {
        let (loading, loader) = (server.load(self.document)?, server.loader()?);
        let mut key = loading::server_key(server, self.document, self.objects)
            .filter(|_| self.has_key())
            .map(|loading| self.named(&loading));
        if let Some(reason) = self.objection(server, key.as_ref()) {
            let index = key.as_ref().and_then(|key| key.index);
            key = Some(LoadedKey::refused(index, reason));
        }
        let key_alone = is_had(key.as_ref()) && self.has_no_certificate();
        Some(Served {
            source: self.source(),
            server: server.name(),
            loader: loader.as_str(),
            taken: loading.taken || key_alone,
            certificates: loading.certificates.len(),
            first: loading.first().and_then(|place| self.index(place)),
            key,
        })
    }

    /// What a loader does about the private key, if there is one.
    fn key(&self, loader: Loader) -> Option<LoadedKey> {
        let loading = || loading::key(loader, self.document, self.objects);
        self.has_key().then(|| self.named(&loading()))
    }

    fn has_key(&self) -> bool {
        let sections = self.document.sections();
        sections
            .iter()
            .any(|section| section.kind().is_private_key())
    }

    fn named(&self, loading: &KeyLoading) -> LoadedKey {
        let index = loading.section.and_then(|place| self.index(place));
        LoadedKey::new(index, &loading.verdict)
    }

    /// Why a server does not accept a key that its loader accepts.
    fn objection(&self, server: &Profile, key: Option<&LoadedKey>) -> Option<String> {
        let key = key.filter(|key| key.reason.is_none())?;
        if key.verdict == KeyVerdict::Asks.as_str() && !server.encrypted_key.can_ask {
            return Some(server.encrypted_key.consequence.to_owned());
        }
        let object = self.objects.get(key.index?)?;
        let private = object.private_key()?;
        if let Some(reason) = default_level_refusal(private) {
            return Some(reason);
        }
        let algorithm = private.algorithm();
        let supported = server.keys?;
        let names: Vec<_> = supported.iter().map(|family| family.as_str()).collect();
        (!supported.contains(&KeyAlgorithmFamily::of(algorithm)))
            .then(|| format!("it accepts {} keys, not {algorithm}", names.join(" and ")))
    }

    fn index(&self, place: usize) -> Option<usize> {
        loading::object_of(self.objects, place).map(|object| object.index)
    }

    fn source(&self) -> String {
        self.document.source().name().to_owned()
    }

    fn has_no_certificate(&self) -> bool {
        self.objects
            .iter()
            .all(|object| object.certificate().is_none())
    }
}

fn is_had(key: Option<&LoadedKey>) -> bool {
    key.is_some_and(|key| key.reason.is_none())
}
