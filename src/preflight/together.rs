//! Faults across the keys and certificates of all files: known bad keys, shared primes, repeated
//! serial numbers.

use super::Preflight;
use super::found::Kept;
use crate::answer::Check;
use crate::encoding::Document;
use crate::objects::{Keys, Object, Opened, Serials};
use crate::rule::Finding;
use std::sync::Arc;

impl Preflight {
    /// For one server's files.
    pub(super) fn together<'o, 'd: 'o>(
        &self,
        objects: impl Iterator<Item = &'o Object<'d>>,
    ) -> (Vec<Finding>, Option<Check>) {
        let mut keys = Keys::new(self.blocklist.as_deref());
        let mut serials = Serials::default();
        // First, so that the server's own file is named, followed by the anchor's.
        if let Some(anchors) = &self.anchors {
            for document in anchors.files() {
                let opened = Opened::new(document, None);
                opened
                    .objects()
                    .iter()
                    .for_each(|object| serials.add(object));
            }
        }
        for object in objects {
            keys.add(object);
            serials.add(object);
        }
        let mut findings = keys.findings();
        findings.extend(serials.findings());
        let missed = keys
            .missed()
            .map(|reason| Check::not_asked("shared-primes", reason));
        (findings, missed)
    }

    /// For all files that the settings name: each once, however many places name it.
    pub(super) fn together_in_settings(&self) -> (Vec<Finding>, Option<Check>) {
        let found = self.found.values().filter_map(|kept| match kept {
            Kept::Read(document) => Some(document),
            _ => None,
        });
        let given = self.certificate_files.iter().chain(&self.key_files);
        let given = given.chain(&self.chain_file).chain(&self.ca_files);
        let opened: Vec<_> = given
            .chain(found)
            // An encrypted key is known from its certificate: opening it takes a long time.
            .map(|document: &Arc<Document>| Opened::new(document, None))
            .collect();
        let objects: Vec<_> = opened.iter().map(Opened::objects).collect();
        self.together(objects.iter().flatten())
    }
}
