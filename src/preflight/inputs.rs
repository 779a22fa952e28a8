//! The files of one server, with their containers opened.

use super::Preflight;
use crate::encoding::Document;
use crate::model::{Certificate, Passphrase};
use crate::objects::{Object, Opened};
use std::sync::Arc;

/// The objects of every input of one server.
pub(super) struct Inputs<'o, 'd> {
    /// One list for each file, as in `keys` and `crls`.
    pub(super) certificates: &'o [Vec<Object<'d>>],
    pub(super) keys: &'o [Vec<Object<'d>>],
    pub(super) chain: &'o [Object<'d>],
    pub(super) ca: &'o [Object<'d>],
    pub(super) crls: &'o [Vec<Object<'d>>],
}

impl<'o, 'd> Inputs<'o, 'd> {
    /// The objects of each file that holds certificates or keys.
    pub(super) fn files(&self) -> impl Iterator<Item = &'o [Object<'d>]> {
        let files = self.certificates.iter().chain(self.keys).map(Vec::as_slice);
        files.chain([self.chain, self.ca])
    }

    /// The objects of the files that hold certificates.
    pub(super) fn of_certificates(&self) -> impl Iterator<Item = &'o Object<'d>> {
        let own = self.certificates.iter().flatten();
        own.chain(self.chain).chain(self.ca)
    }

    /// All certificates that the server's files hold.
    pub(super) fn all_certificates(&self) -> Vec<Certificate<'d>> {
        self.of_certificates()
            .filter_map(|object| object.certificate().cloned())
            .collect()
    }
}

impl Preflight {
    /// The files with their containers opened. All of them share the results of computations.
    pub(super) fn open<'d>(
        &self,
        documents: &'d [Arc<Document>],
        passphrase: Option<&'d Passphrase>,
    ) -> Vec<Opened<'d>> {
        let open =
            |document: &'d Arc<Document>| Opened::new(document, passphrase).sharing(&self.computed);
        documents.iter().map(open).collect()
    }
}
