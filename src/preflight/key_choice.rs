//! Which keys and certificates the server uses from its files.

use super::Preflight;
use super::inputs::Inputs;
use super::keys::Keys;
use crate::encoding::Document;
use crate::objects::{self, Content, Object, loading};
use crate::server::{ChainSource, Pairing};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Preflight {
    /// The keys of the server, each with the certificates that it may belong to.
    pub(super) fn keys<'o, 'd>(&'o self, inputs: &Inputs<'o, 'd>) -> Keys<'o, 'd> {
        let Inputs {
            certificates,
            keys,
            chain,
            ..
        } = *inputs;
        let is_key = |object: &&Object<'_>| {
            matches!(
                object.content,
                Content::PrivateKey(_) | Content::ClosedKey(_)
            )
        };
        // OpenSSL skips a key that it cannot read.
        let chosen = |document: &Document, file: &'o Vec<Object<'d>>| {
            let loading = loading::server_key(self.server, document, file);
            let taken = loading.filter(|loading| loading.verdict.reason().is_none());
            let place = taken.and_then(|taken| taken.section);
            place
                .and_then(|place| loading::object_of(file, place))
                .or_else(|| file.iter().find(is_key))
        };
        let files = || self.key_files.iter().zip(keys);
        let in_key_files: Vec<_> = files()
            .filter_map(|(document, file)| chosen(document, file))
            .collect();
        let files = || self.certificate_files.iter().zip(certificates);
        let in_certificate_files: Vec<_> = files()
            .filter_map(|(document, file)| chosen(document, file))
            .collect();
        let used = |key: &Object<'_>| {
            let mut all = in_key_files.iter().chain(&in_certificate_files);
            all.any(|object| std::ptr::eq(*object, key))
        };
        let behind: Vec<_> = keys
            .iter()
            .chain(certificates)
            .flatten()
            .filter(is_key)
            .filter(|key| !used(key))
            .collect();
        // A key in the certificate file is used if no key file is given
        // (measured: Apache 2.4.71 without SSLCertificateKeyFile); HAProxy looks
        // for another file only if there is none in it.
        let (keys, spare) = if self.server.combined_files {
            let holds = |(document, file): (&Arc<Document>, &'o Vec<Object<'d>>)| {
                let loading = loading::server_key(self.server, document, file);
                loading.is_some_and(|loading| loading.verdict.reason().is_none())
            };
            let mut beside = in_key_files.into_iter();
            let mut keys = Vec::new();
            for (document, file) in files() {
                let own = || chosen(document, file);
                keys.extend(match holds((document, file)) {
                    true => own(),
                    false => beside.next().or_else(own),
                });
            }
            (keys, beside.chain(in_certificate_files).collect())
        } else if self.key_files.is_empty() {
            (in_certificate_files, in_key_files)
        } else if self.keyless_files() > 0 {
            let inside = files().skip(self.key_files.len());
            let inside = inside.filter_map(|(document, file)| chosen(document, file));
            (in_key_files.into_iter().chain(inside).collect(), Vec::new())
        } else {
            (in_key_files, in_certificate_files)
        };
        Keys {
            server: self.server,
            own: self
                .certificate_files
                .iter()
                .map(|document| {
                    let loading = self.server.load(document)?;
                    loading.public_key().map(<[u8]>::to_vec)
                })
                .collect(),
            // If the first certificate cannot be read, the next one is still not the server's own.
            certificates: self
                .certificate_files
                .iter()
                .zip(certificates)
                .map(|(document, file)| {
                    if objects::loses_the_first(file) {
                        return Vec::new();
                    }
                    self.seen(document, file)
                })
                .collect(),
            keys,
            others: chain.iter().chain(spare).chain(behind).collect(),
            saml: self.saml,
            level: self.level_at_load(),
            run_as: self.key_service(),
        }
    }

    /// The last certificate files, in which the server looks for the private key because there
    /// are fewer key files (mod_ssl, `ssl_init_server_certs`; measured: Apache 2.4.71).
    pub(super) fn keyless_files(&self) -> usize {
        let server = self.server;
        let by_place = self.endpoint.is_some()
            && server.pairing == Pairing::Position
            && server.key_in_certificate_file();
        if !by_place || server.combined_files || self.key_files.is_empty() {
            return 0;
        }
        self.certificate_files
            .len()
            .saturating_sub(self.key_files.len())
    }

    /// The certificates that the server reads from a file; if it reads none, all of them, so that
    /// the findings can say more.
    fn seen<'o, 'd>(&self, document: &Document, file: &'o [Object<'d>]) -> Vec<&'o Object<'d>> {
        let whole = self.server.chain == ChainSource::FirstOnly;
        let loading = self
            .server
            .load(document)
            .filter(|load| load.taken && !whole);
        let seen: Option<BTreeSet<usize>> =
            loading.map(|loading| loading.certificates.into_iter().flatten().collect());
        let is_seen = |object: &&Object<'_>| {
            object.certificate().is_some()
                && seen
                    .as_ref()
                    .is_none_or(|seen| seen.contains(&object.place))
        };
        file.iter().filter(is_seen).collect()
    }
}
