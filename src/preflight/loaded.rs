//! The trust anchors of each client: what its own loader gets out of the files.

use crate::client::{self, AnchorsFile, Client, Judgement, Loaded, Presented, Store, Verdict};
use crate::encoding::Document;
use crate::finding::Subject;
use crate::model::{Certificate, Computed};
use crate::trust_store::Anchors;
use std::sync::Arc;

/// A client whose loader does not get all that is in the files.
#[derive(Debug)]
pub(super) struct Load {
    pub(super) client: Client,
    /// What it gets, in DER; nothing if it cannot load a file.
    pub(super) anchors: Vec<Vec<u8>>,
    how: How,
    /// The file at fault, and the place in it.
    pub(super) place: Subject,
}

#[derive(Debug)]
enum How {
    /// It gets some of the certificates.
    Part,
    /// It ends with an error.
    Refused(String),
    Unsure(&'static str),
}

impl Load {
    /// Those of these clients that do not get everything.
    pub(super) fn all(anchors: &Anchors, clients: impl Iterator<Item = Client>) -> Vec<Self> {
        let read = |document| Some((document, AnchorsFile::read(document)));
        let files: Vec<_> = anchors.files().iter().filter_map(read).collect();
        clients
            .filter_map(|client| Self::of(client, &files, anchors))
            .collect()
    }

    fn of(
        client: Client,
        files: &[(&Document, Option<AnchorsFile<'_>>)],
        anchors: &Anchors,
    ) -> Option<Self> {
        let mut load: Option<Self> = None;
        let mut taken: Vec<Vec<u8>> = Vec::new();
        for (document, file) in files {
            let loaded = file
                .as_ref()
                .map_or(Loaded::All, |file| file.loaded(client));
            let (how, at) = match loaded {
                Loaded::All => {
                    taken.extend(document.certificates().map(|(_, der)| der.to_vec()));
                    continue;
                }
                Loaded::Some(some, at) => {
                    taken.extend(some);
                    (How::Part, at)
                }
                Loaded::Refused(says, at) => (How::Refused(says), at),
                Loaded::Unsure(why) => {
                    taken.extend(document.certificates().map(|(_, der)| der.to_vec()));
                    (How::Unsure(why), 0)
                }
            };
            let graver = load
                .as_ref()
                .is_none_or(|load| !matches!(load.how, How::Refused(_)));
            // A file that is refused ends the program; one that is partly read does not, so the
            // client reports the refusal whatever the other files hold.
            if graver {
                load = Some(Self {
                    client,
                    anchors: Vec::new(),
                    how,
                    place: place(document, at),
                });
            }
        }
        let mut load = load?;
        taken.extend(anchors.beside_files().map(<[u8]>::to_vec));
        load.anchors = taken;
        Some(load)
    }

    /// The anchors that it gets and that can be parsed.
    pub(super) fn certificates(&self, computed: &Arc<Computed>) -> Vec<Certificate<'_>> {
        let all = self.anchors.iter();
        all.filter_map(|der| Some(Certificate::parse(der).ok()?.sharing(Some(computed))))
            .collect()
    }

    /// What the client says: with `own`, the anchors that it gets, if it would answer differently
    /// with all of them.
    pub(super) fn judge(
        &self,
        shown: &Presented<'_, '_>,
        own: &Store<'_, '_>,
        all: &Store<'_, '_>,
        at: crate::Time,
    ) -> Judgement {
        let judge = |store| client::judge(self.client, shown, store, at);
        match &self.how {
            How::Refused(says) => Judgement::unloaded(says.clone()),
            How::Unsure(why) => judge(all).unless_accepted(|| Judgement::open(why)),
            How::Part => {
                let judgement = judge(own);
                let refused = judgement.verdict == Verdict::Refuses;
                if refused && judge(all).verdict == Verdict::Accepts {
                    let says = judgement
                        .reason
                        .map_or_else(String::new, |reason| reason.says);
                    return Judgement::unloaded(says);
                }
                judgement
            }
        }
    }
}

fn place(document: &Document, at: usize) -> Subject {
    let mut subject = Subject::file(document.source().name());
    if let Some((_, section)) = document.section_around(at) {
        subject.lines = section.lines();
    }
    subject
}
