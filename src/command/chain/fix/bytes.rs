//! The bytes of the edited file.

use super::Edit;
use crate::encoding::convert::{Target, repair_words};
use crate::encoding::{Anomaly, Charset, Document, Encoding, Form, SectionKind};
use crate::encoding::{to_pem, to_pem_with_headers};
use crate::objects::Object;
use crate::rule::EncodingFact;
use crate::source::Source;
use std::collections::HashMap;
use zeroize::Zeroizing;

/// Which sections are rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rewrite {
    /// Those that some reader cannot read; the others and the text around them stay.
    OnlyNeeded,
    /// All, in the form of RFC 7468.
    All,
}

/// What is written.
pub(super) struct Text {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// Why sections are not written as they were, by place among the objects.
    pub(super) rewritten: HashMap<usize, String>,
    /// Bytes of text around the sections of the edited file that are left out.
    pub(super) left_out: usize,
}

impl Text {
    pub(super) fn write(edit: &Edit<'_, '_>, rewrite: Rewrite) -> Self {
        let mut judged = HashMap::new();
        let mut bytes = Zeroizing::new(Vec::with_capacity(capacity(edit)));
        let (mut rewritten, mut around) = (HashMap::new(), 0);
        // Line ends follow the edited file; otherwise an editor would show every line as changed.
        let crlf = rewrite == Rewrite::OnlyNeeded && begins_crlf(edit.base);
        for &place in &edit.sections {
            let Some(object) = edit.get(place) else {
                continue;
            };
            let judged = judged
                .entry(std::ptr::from_ref(object.document))
                .or_insert_with(|| Judged::new(edit, object.document));
            let why = match rewrite {
                Rewrite::OnlyNeeded => must_be_written(object, judged),
                Rewrite::All => {
                    must_be_written(object, judged).or_else(|| Some("rewritten".to_owned()))
                }
            };
            match why {
                None => {
                    let (from, start) = chunk(object);
                    if edit.is_own(object) {
                        around += start - from;
                    }
                    // The text in front of a section describes it, as OpenSSL writes subject and
                    // issuer there. Text of another file is not copied.
                    let from = if edit.is_own(object) { from } else { start };
                    let end = object.section.span().end;
                    let source = object.document.source().bytes();
                    bytes.extend_from_slice(source.get(from..end).unwrap_or_default());
                    bytes.extend_from_slice(if crlf { b"\r\n" } else { b"\n" });
                }
                Some(why) => {
                    let text = pem(object);
                    for line in text.lines() {
                        bytes.extend_from_slice(line.as_bytes());
                        bytes.extend_from_slice(if crlf { b"\r\n" } else { b"\n" });
                    }
                    rewritten.insert(place, why);
                }
            }
        }
        Self {
            bytes,
            rewritten,
            left_out: text_around(edit.base).saturating_sub(around),
        }
    }
}

/// What the server's readers stumble over in a document, in terms of what rewriting it repairs.
struct Judged {
    file: Vec<String>,
    sections: HashMap<usize, Vec<String>>,
}

impl Judged {
    fn new(edit: &Edit<'_, '_>, document: &Document) -> Self {
        let mut judged = Self {
            file: Vec::new(),
            sections: HashMap::new(),
        };
        // Only what a reader of this server stumbles over is a reason to touch a section.
        let hurt = edit.server.loaders.affected_sections(document);
        // A key is read separately from the certificates, by OpenSSL, which does not find it
        // after an indented BEGIN.
        let is_key = |index: usize| {
            let section = document.sections().get(index);
            section.is_some_and(|section| section.kind().is_private_key())
        };
        let hides_key = |anomaly: &Anomaly| {
            matches!(anomaly.fact, EncodingFact::Boundary(_)) && anomaly.section.is_some_and(is_key)
        };
        for (anomaly, hurts) in document.anomalies().iter().zip(hurt) {
            if !hurts && !hides_key(anomaly) {
                continue;
            }
            let in_section = anomaly.section.is_some();
            let Some(words) = repair_words(&anomaly.fact, in_section, Target::Pem) else {
                continue;
            };
            let all = match anomaly.section {
                Some(index) => judged.sections.entry(index).or_default(),
                None => &mut judged.file,
            };
            if !all.contains(&words) && all.len() < MOST_WORDS {
                all.push(words);
            }
        }
        judged
    }

    fn words(&self, index: usize) -> Option<String> {
        let own = self.sections.get(&index).into_iter().flatten();
        let words: Vec<&str> = self.file.iter().chain(own).map(String::as_str).collect();
        (!words.is_empty()).then(|| words.join("; "))
    }
}

/// The most reasons that are shown for one section.
const MOST_WORDS: usize = 5;

/// Enough for all sections and their text, so that the buffer, which may hold a key, never moves.
fn capacity(edit: &Edit<'_, '_>) -> usize {
    let objects = edit.sections.iter().filter_map(|place| edit.get(*place));
    let sections = objects.map(|object| {
        let der = der(object).map_or(0, <[u8]>::len);
        // Base64 needs a third more than the DER, and lines and headers a little.
        2 * der + object.section.span().len() + 4096
    });
    sections.sum::<usize>() + edit.base.source().bytes().len()
}

/// The object's DER, whatever encoding it was found in.
fn der<'o>(object: &'o Object<'_>) -> Option<&'o [u8]> {
    match object.certificate() {
        Some(certificate) => Some(certificate.der()),
        None => object.section.der(),
    }
}

fn pem(object: &Object<'_>) -> Zeroizing<String> {
    let section = object.section;
    let der = der(object).unwrap_or_default();
    if object.certificate().is_some() {
        return to_pem("CERTIFICATE", der);
    }
    let label = section.kind().canonical_label().or(section.label());
    to_pem_with_headers(label.unwrap_or("DATA"), section.headers(), der)
}

/// Why a section cannot stay as it is, if it cannot.
fn must_be_written(object: &Object<'_>, judged: &Judged) -> Option<String> {
    let (document, section) = (object.document, object.section);
    let taken_out = || Some("extracted from its container".to_owned());
    let Some(place) = place(object) else {
        return taken_out();
    };
    match section.encoding() {
        Encoding::Der => return Some("written as PEM instead of DER".to_owned()),
        Encoding::Base64 => return Some("written with BEGIN and END lines".to_owned()),
        Encoding::Other => return Some("written as PEM".to_owned()),
        Encoding::Pem => {}
    }
    match document.charset() {
        Charset::Ascii => {}
        Charset::Utf8Bom => return Some("written without the byte order mark".to_owned()),
        _ => return Some("written as ASCII instead of UTF-16".to_owned()),
    }
    let whole = object
        .certificate()
        .is_none_or(|certificate| section.der() == Some(certificate.der()));
    // A file that is not PEM as a whole has no sections that could be copied as they are.
    if !whole || document.form() != Form::Pem {
        return taken_out();
    }
    judged.words(place)
}

/// The place of the object's section among those of its document; `None` for an object inside
/// another section.
fn place(object: &Object<'_>) -> Option<usize> {
    let sections = object.document.sections();
    let start = object.section.span().start;
    let place = sections.partition_point(|section| section.span().start < start);
    let found = sections.get(place)?;
    std::ptr::eq(found, object.section).then_some(place)
}

/// Where the text in front of a section begins, and where the section does.
fn chunk(object: &Object<'_>) -> (usize, usize) {
    let start = object.section.span().start;
    let before = place(object).and_then(|place| place.checked_sub(1));
    let before = before.and_then(|index| object.document.sections().get(index));
    let from = before.map_or(0, |section| {
        behind_line(object.document, section.span().end)
    });
    (from.min(start), start)
}

/// After the end of the line at `from`, if nothing else is on it.
fn behind_line(document: &Document, from: usize) -> usize {
    match document.source().bytes().get(from..) {
        Some([b'\r', b'\n', ..]) => from + 2,
        Some([b'\n', ..]) => from + 1,
        _ => from,
    }
}

fn begins_crlf(document: &Document) -> bool {
    let bytes = document.source().bytes();
    let newline = bytes.iter().position(|byte| *byte == b'\n');
    newline.is_some_and(|at| at > 0 && bytes.get(at - 1) == Some(&b'\r'))
}

/// The bytes of a text that belong to no section, except line ends after END lines.
fn text_around(document: &Document) -> usize {
    if document.form() != Form::Pem || document.charset() != Charset::Ascii {
        return 0;
    }
    let sections = document.sections().iter();
    let inside: usize = sections
        .map(|section| {
            let span = section.span();
            behind_line(document, span.end) - span.start
        })
        .sum();
    document.source().bytes().len().saturating_sub(inside)
}

/// Whether the bytes read back as the sections that were wanted, and none of the server's readers
/// stumbles; `strictly` written bytes cannot be improved.
pub(super) fn holds(edit: &Edit<'_, '_>, bytes: &[u8], strictly: bool) -> bool {
    let source = Source::new(edit.base.source().name(), bytes.to_vec());
    let document = Document::read(source);
    let wanted = edit.sections.iter().filter_map(|place| edit.get(*place));
    let same = document.sections().len() == edit.sections.len()
        && document
            .sections()
            .iter()
            .zip(wanted)
            .all(|(section, object)| {
                let right = if object.certificate().is_some() {
                    matches!(
                        section.kind(),
                        SectionKind::Certificate | SectionKind::TrustedCertificate
                    )
                } else {
                    section.kind() == object.section.kind()
                        && section.headers() == object.section.headers()
                };
                right && section.der() == der(object)
            });
    // Sections that are fine one by one may still break a reader in combination, which only the
    // whole file shows.
    let unaffected = || {
        !edit
            .server
            .loaders
            .affected_sections(&document)
            .contains(&true)
    };
    same && (strictly || unaffected())
}
