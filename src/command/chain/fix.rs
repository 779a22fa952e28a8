//! The smallest edit that repairs a chain.
//!
//! It edits the file that contains the server's own certificate, and copies missing certificates
//! from the other files. A section that the server's reader accepts keeps its bytes and the text
//! before it; the others are rewritten. The result is read back before it is returned, and judged
//! again after it is written, like any other file.

mod bytes;
mod diff;

use super::{ChainResult, key_of};
use crate::Time;
use crate::answer::Answer;
use crate::encoding::{Document, SectionKind};
use crate::finding::{Code, Fingerprint, Part, Severity};
use crate::objects::{Object, Opened};
use crate::preflight::chain::Chain;
use crate::rule::Finding;
use crate::server::Profile;
use crate::source::Lines;
use crate::trust_store::Anchors;
use std::collections::{BTreeMap, BTreeSet};
use zeroize::Zeroizing;

/// What `chain --fix` does, section by section.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fix {
    /// Whether anything needs repair; otherwise the bytes are those of the input.
    pub needed: bool,
    /// The diff of sections, in the order of the new file; a removed section is shown where it was.
    pub changes: Vec<Change>,
    /// Sections of the other files that are not needed.
    pub unused: Vec<Change>,
    /// Bytes of text around the sections that are left out.
    pub text_left_out: usize,
    /// What happens to the private keys of the edited file: `none` (it has
    /// none), `kept`, `left-out`.
    pub private_key: &'static str,
    /// The codes that the input had, but the result no longer has.
    pub healed: Vec<Code>,
    /// What was written; `None` if it was only shown.
    pub written: Option<Written>,
}

/// What happens to one section.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Whether it stays, is removed or is added. A moved or rewritten section is removed and added.
    pub action: Action,
    /// What it is: `certificate`, `RSA private key`…
    pub kind: &'static str,
    /// Whose certificate it is, if it is one.
    pub subject: Option<String>,
    /// The certificate's fingerprint.
    pub sha256: Option<Fingerprint>,
    /// The input that it is in, as the user named it.
    pub source: String,
    /// Its place among the input's objects, counted from 0.
    pub index: usize,
    /// Its lines in the input, if it has lines.
    pub lines: Option<Lines>,
    /// Why it is removed or added.
    pub why: Option<String>,
}

/// What happens to a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// It stays as it is.
    Keep,
    /// It is removed.
    Remove,
    /// It is added.
    Add,
    /// It is not looked for: a section of another file.
    Leave,
}

impl Action {
    /// `keep`, `remove`, `add` or `leave`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Remove => "remove",
            Self::Add => "add",
            Self::Leave => "leave",
        }
    }
}

/// The file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// Its path as the user named it.
    pub path: String,
    /// Its length.
    pub bytes: usize,
    /// How many sections it has.
    pub sections: usize,
    /// Whether it holds a private key, and so has mode 0600.
    pub secret: bool,
}

/// An edit that is planned and proven, but not yet written.
pub struct ChainFix {
    fix: Fix,
    bytes: Zeroizing<Vec<u8>>,
    secret: bool,
    name: String,
    key: Option<Vec<u8>>,
    codes: BTreeSet<Code>,
    /// What is wrong with sections that may have been the server's own certificate, but that no
    /// program can read: leaving them out repairs nothing.
    lost: Vec<Finding>,
}

impl std::fmt::Debug for ChainFix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan")
            .field("fix", &self.fix)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

impl ChainFix {
    /// The bytes to write: a private key may be among them.
    pub fn secret_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether a private key is among them: mode 0600.
    pub const fn is_secret(&self) -> bool {
        self.secret
    }

    /// The name of the file that is edited.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Judges what was written, `written` being the document that was read
    /// back from `path`, or from [`Self::secret_bytes`] if nothing was written. The findings are
    /// those that remain.
    pub fn checked(
        mut self,
        written: &Document,
        path: Option<&str>,
        server: &'static Profile,
        anchors: Option<&Anchors>,
        at: Time,
    ) -> Answer<ChainResult> {
        let documents = std::slice::from_ref(written);
        let mut answer = super::judged(documents, self.key.as_deref(), server, anchors, at);
        // Lines of a text that no one has would be looked for in the input. Judged from memory, the
        // lines would be those of a text that was not written.
        let unwritten = path.is_none() && self.fix.needed;
        for finding in answer.findings.iter_mut().filter(|_| unwritten) {
            finding.subject.lines = None;
        }
        let answer = answer.joined(self.lost);
        for finding in &answer.findings {
            self.codes.remove(&finding.code());
        }
        self.fix.healed = self.codes.into_iter().collect();
        self.fix.written = path.map(|path| Written {
            path: path.to_owned(),
            bytes: written.source().bytes().len(),
            sections: written.sections().len(),
            secret: self.secret,
        });
        answer.map(|mut result| {
            result.fix = Some(self.fix);
            result
        })
    }
}

/// Plans the smallest edit that makes the documents a chain, as [`super::chain`] judges them;
/// `None` if no certificate could be read, or if the new file does not read back.
pub fn fix(
    documents: &[Document],
    server: &'static Profile,
    anchors: Option<&Anchors>,
    at: Time,
) -> Option<ChainFix> {
    let before = super::chain(documents, server, anchors, at);
    let opened = super::open(documents);
    let objects: Vec<Object<'_>> = opened.iter().flat_map(Opened::objects).collect();
    let key = key_of(&objects);
    let chain = super::arranged(&objects, key, anchors, at);
    let base = chain.end_entity()?.document;
    // Converts places among the certificates to places among all objects.
    let certificates: Vec<usize> = objects
        .iter()
        .enumerate()
        .filter(|(_, object)| object.certificate().is_some())
        .map(|(place, _)| place)
        .collect();
    let wanted: Vec<usize> = chain
        .corrected(at)
        .into_iter()
        .filter_map(|place| certificates.get(place).copied())
        .collect();
    let edit = Edit::new(&objects, base, wanted, server);
    let (bytes, fix) = edit.planned(&reasons(&chain, &certificates))?;
    let kept = |place: &usize| objects.get(*place).map(|object| object.section.kind());
    // An unknown kind may be a key, so the file is written with mode 0600 for it too.
    let secret = edit
        .sections
        .iter()
        .filter_map(kept)
        .any(SectionKind::may_be_secret);
    Some(ChainFix {
        fix,
        bytes,
        secret,
        name: base.source().name().to_owned(),
        key: key.map(<[u8]>::to_vec),
        codes: before
            .findings
            .iter()
            .map(|finding| finding.code())
            .collect(),
        lost: lost(&chain, &objects, &before.findings),
    })
}

/// What is wrong with damaged sections in front of the server's own certificate;
/// with all of them if only CA certificates are left.
fn lost(chain: &Chain<'_, '_>, objects: &[Object<'_>], findings: &[Finding]) -> Vec<Finding> {
    // What is damaged after the server's own certificate may be an intermediate, whose loss other
    // findings report. A damaged section in front of it may have been the certificate itself.
    let own = chain.end_entity();
    let place = objects
        .iter()
        .position(|object| own.is_some_and(|own| std::ptr::eq(own, object)));
    let damaged: BTreeSet<(String, usize)> = objects
        .iter()
        .enumerate()
        .filter(|(at, _)| !chain.arrangement.is_end_entity || place.is_none_or(|place| *at < place))
        .filter(|(_, object)| object.is_damaged_certificate())
        .map(|(_, object)| object.subject())
        .map(|subject| (subject.source, subject.index))
        .collect();
    let of_damaged = |finding: &&Finding| {
        let subject = (finding.subject.source.clone(), finding.subject.index);
        finding.severity == Severity::Error
            && finding.subject.part != Part::File
            && damaged.contains(&subject)
    };
    findings.iter().filter(of_damaged).cloned().collect()
}

/// Why each unwanted certificate is unwanted, by its place among the objects.
fn reasons(chain: &Chain<'_, '_>, certificates: &[usize]) -> BTreeMap<usize, String> {
    let arrangement = &chain.arrangement;
    let mut reasons = BTreeMap::new();
    let mut because = |place: &usize, why: String| {
        if let Some(place) = certificates.get(*place) {
            reasons.insert(*place, why);
        }
    };
    for place in &arrangement.order {
        because(place, "the chain is complete without it".to_owned());
    }
    for place in &arrangement.unrelated {
        because(place, "not part of this chain".to_owned());
    }
    for place in &arrangement.roots {
        because(place, "servers do not need to send the root".to_owned());
    }
    for (place, first) in &arrangement.duplicates {
        let first = chain.objects.get(*first).map(|object| object.subject());
        let first = first.map_or_else(String::new, |first| {
            let line = first.lines.map(|lines| format!(":{}", lines.first));
            format!(" (as {}{})", first.source, line.unwrap_or_default())
        });
        because(place, format!("is already there{first}"));
    }
    reasons
}

/// The edit of one file.
struct Edit<'o, 'd> {
    objects: &'o [Object<'d>],
    base: &'d Document,
    server: &'static Profile,
    /// What the new file holds, by place among the objects.
    sections: Vec<usize>,
}

impl<'o, 'd> Edit<'o, 'd> {
    fn new(
        objects: &'o [Object<'d>],
        base: &'d Document,
        wanted: Vec<usize>,
        server: &'static Profile,
    ) -> Self {
        let mut edit = Self {
            objects,
            base,
            server,
            sections: Vec::new(),
        };
        // A key stays on its side of the certificates.
        let own = |place: &usize| {
            edit.get(*place)
                .is_some_and(|certificate| edit.is_own(certificate))
        };
        // Everything before the first certificate stays before it: some servers want
        // the key first.
        let first = wanted.iter().copied().filter(own).min().unwrap_or(0);
        let others = edit.own().filter(|place| edit.stays(*place));
        let (front, back): (Vec<usize>, Vec<usize>) = others.partition(|place| *place < first);
        edit.sections = [front, wanted, back].concat();
        edit
    }

    fn get(&self, place: usize) -> Option<&'o Object<'d>> {
        self.objects.get(place)
    }

    fn is_own(&self, object: &Object<'_>) -> bool {
        std::ptr::eq(object.document, self.base)
    }

    /// The places of the edited file's objects.
    fn own(&self) -> impl Iterator<Item = usize> {
        let all = self.objects.iter().enumerate();
        all.filter(|(_, object)| self.is_own(object))
            .map(|(place, _)| place)
    }

    /// Whether something that is not a certificate stays: keys and parameters,
    /// if the server reads them from this file.
    fn stays(&self, place: usize) -> bool {
        let Some(object) = self.get(place) else {
            return false;
        };
        let kind = object.section.kind();
        let read = kind.is_private_key()
            || matches!(
                kind,
                SectionKind::EcParameters | SectionKind::DhParameters | SectionKind::DsaParameters
            );
        read && self.server.key_in_certificate_file() && object.section.der().is_some()
    }

    /// What happens to the private keys of the edited file.
    fn private_key(&self) -> &'static str {
        let is_key = |place: &usize| {
            self.get(*place)
                .is_some_and(|object| object.section.kind().is_private_key())
        };
        let all = self.own().filter(is_key).count();
        let kept = self.sections.iter().filter(|place| is_key(place)).count();
        match (all, kept) {
            (0, _) => "none",
            (all, kept) if all == kept => "kept",
            _ => "left-out",
        }
    }

    /// The bytes, proven by reading back, and the diff.
    fn planned(&self, reasons: &BTreeMap<usize, String>) -> Option<(Zeroizing<Vec<u8>>, Fix)> {
        // The smallest edit is tried first. If the result does not read back, the whole file is
        // rewritten before the attempt is given up.
        [bytes::Rewrite::OnlyNeeded, bytes::Rewrite::All]
            .into_iter()
            .find_map(|rewrite| {
                let text = bytes::Text::write(self, rewrite);
                let (changes, unused) = diff::changes(self, &text, reasons);
                let needed = changes.iter().any(|change| change.action != Action::Keep);
                // A file that needs no edit stays byte for byte the same, blank lines and comments
                // included.
                let bytes = if needed {
                    text.bytes
                } else {
                    Zeroizing::new(self.base.source().bytes().to_vec())
                };
                let strictly = rewrite == bytes::Rewrite::All;
                if !bytes::holds(self, &bytes, strictly) {
                    return None;
                }
                let fix = Fix {
                    needed,
                    changes,
                    unused,
                    text_left_out: if needed { text.left_out } else { 0 },
                    private_key: self.private_key(),
                    healed: Vec::new(),
                    written: None,
                };
                Some((bytes, fix))
            })
    }
}
