//! From a BEGIN line to the section that follows it.

use super::body::{Body, Layout, Wrapping};
use super::boundary::{self, Boundary, Flaws, Word};
use super::{Reader, fast};
use crate::encoding::der::{self, Shape};
use crate::encoding::kind::{KnownLabel, known_label};
use crate::encoding::{Encoding, Section, SectionKind};
use crate::finding::EncodingFact;
use std::borrow::Cow;
use zeroize::Zeroizing;

/// The most characters of a label that are shown.
const MAX_SHOWN: usize = 64;

/// A label: as written but safe to print, its row of the table if it is known
/// (in any case, with any blanks), and whether it is written as in the table.
struct Label {
    shown: Cow<'static, str>,
    known: Option<KnownLabel>,
    exact: bool,
}

impl Label {
    fn new(written: &[u8]) -> Self {
        if let Some(known) = known_label(written) {
            return Self {
                shown: Cow::Borrowed(known.label),
                known: Some(known),
                exact: true,
            };
        }
        let text = String::from_utf8_lossy(written);
        let normal = text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_uppercase();
        let shown = text
            .chars()
            .take(MAX_SHOWN)
            .map(|c| {
                if c.is_ascii_graphic() || c == ' ' {
                    c
                } else {
                    '?'
                }
            })
            .collect::<String>();
        Self {
            shown: shown.into(),
            known: known_label(normal.as_bytes()),
            exact: false,
        }
    }

    fn kind(&self) -> SectionKind {
        self.known.map_or(SectionKind::Unknown, |known| known.kind)
    }

    /// The label that it should be, where it is not what loaders look for.
    fn better(&self) -> Option<&'static str> {
        let known = self.known?;
        known.better.or((!self.exact).then_some(known.label))
    }
}

/// What a section's bytes turned out to be.
struct Content {
    kind: SectionKind,
    content: Option<Zeroizing<Vec<u8>>>,
    object_len: usize,
    fact: Option<EncodingFact>,
}

impl Reader<'_> {
    /// Reads the section that `begin` opens; returns where to go on.
    pub(super) fn section(&mut self, begin: Boundary) -> usize {
        self.counter = self.place(begin.start);
        if let Some(clean) = fast::read(self.text, &begin) {
            return self.clean_section(&begin, clean);
        }
        let (next, looked) = boundary::next(self.text, begin.end);
        self.spend(looked);
        let end = next.filter(|next| next.word == Word::End);
        let whole_limit = next.map_or(self.text.len(), |next| next.start);
        let limit = match next {
            None => self.without_stub(begin.end, whole_limit),
            Some(_) => whole_limit,
        };
        let prefix = self.bytes(self.counter.line_start(), begin.start);
        let wrapping = Wrapping {
            prefix: if prefix.len() <= 8 { prefix } else { &[] },
        };
        let body = Body::read(self.text, begin.end, limit, wrapping);
        self.spend(2 * (limit - begin.end));
        let label = Label::new(self.bytes(begin.label.0, begin.label.1));
        if end.is_none() && body.characters == 0 && body.headers.is_empty() {
            // A BEGIN line and nothing else: another follows, or the text ends.
            let fact = EncodingFact::MissingEnd {
                label: label.shown.into_owned(),
            };
            self.note(fact, begin.start, begin.end, None);
            return whole_limit.max(begin.end);
        }
        let stop = end.map_or_else(|| self.trimmed_end(begin.end, limit), |end| end.end);
        let span = (begin.start, stop);
        let index = self.damaged_section(&begin, end.as_ref(), label, body, span);
        match (end, index) {
            (Some(end), Some(_)) => self.behind_end(&end),
            _ => whole_limit,
        }
    }

    fn clean_section(&mut self, begin: &Boundary, clean: fast::Clean) -> usize {
        let first = self.counter.line();
        self.spend(clean.end - begin.start);
        let label = Label::new(self.bytes(begin.label.0, begin.label.1));
        let content = judge(clean.content, &label, false, true);
        let start = begin.start;
        let section = Section {
            label: Some(label.shown.clone()),
            kind: content.kind,
            encoding: Encoding::Pem,
            span: self.span(start, clean.end),
            lines: Some(crate::source::Lines::new(first, first + clean.lines)),
            headers: Vec::new(),
            content: content.content,
            object_len: content.object_len,
        };
        let behind = section.behind().len();
        let Some(index) = self.push(section, start) else {
            return clean.end;
        };
        self.line_endings(clean.crlf, !clean.crlf, false, (start, begin.end), index);
        self.label_facts(&label, content.kind, (start, begin.end), index);
        self.content_facts(
            content.fact,
            behind,
            content.kind,
            (start, clean.end),
            index,
        );
        self.counter = self.counter.skip(clean.lines, clean.end_line, clean.end);
        self.last_end = Some(clean.end);
        clean.end
    }

    fn damaged_section(
        &mut self,
        begin: &Boundary,
        end: Option<&Boundary>,
        label: Label,
        mut body: Body,
        (start, stop): (usize, usize),
    ) -> Option<usize> {
        let encrypted = body
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("DEK-Info"));
        let sound = body.problem.is_none() && body.url.is_none();
        let content = judge(std::mem::take(&mut body.content), &label, encrypted, sound);
        let lines = self.lines(start, stop);
        let section = Section {
            label: Some(label.shown.clone()),
            kind: content.kind,
            encoding: Encoding::Pem,
            span: self.span(start, stop),
            lines: Some(lines),
            headers: std::mem::take(&mut body.headers),
            content: content.content,
            object_len: content.object_len,
        };
        let behind = section.behind().len();
        let names: Vec<String> = section
            .headers
            .iter()
            .map(|(name, _)| name.clone())
            .collect();
        let index = self.push(section, start)?;
        self.endings_of(start, stop, index);
        self.begin_facts(begin, &body, index);
        self.label_facts(&label, content.kind, (begin.start, begin.end), index);
        let expected = encrypted && label.kind().is_private_key();
        if !expected && !names.is_empty() {
            self.note(
                EncodingFact::Headers { names },
                begin.end,
                begin.end + 1,
                Some(index),
            );
        }
        if !body.escaped && content.kind != SectionKind::OpenSshPrivateKey {
            self.layout_facts(&body.layout, index);
        }
        self.base64_facts(&body, index);
        self.content_facts(content.fact, behind, content.kind, (start, stop), index);
        match end {
            None => {
                let label = label.shown.into_owned();
                self.note(EncodingFact::MissingEnd { label }, start, stop, Some(index));
            }
            Some(end) => self.end_facts(end, &label, &body, index),
        }
        Some(index)
    }

    /// The rest of an END line that is cut off at the end of the text belongs
    /// to no base64.
    fn without_stub(&mut self, from: usize, limit: usize) -> usize {
        let tail_from = limit.saturating_sub(48).max(from);
        let tail = self.bytes(tail_from, limit).trim_ascii_end();
        let line = tail.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
        let last = tail
            .get(line.map_or(tail.len(), |at| at + 1)..)
            .unwrap_or_default();
        if last.first() == Some(&b'-') && b"-----END ".starts_with(last) {
            tail_from + tail.len() - last.len()
        } else {
            limit
        }
    }

    fn trimmed_end(&self, start: usize, limit: usize) -> usize {
        start + self.bytes(start, limit).trim_ascii_end().len()
    }

    /// Goes past what follows an END line on the same line, and says what it is.
    pub(super) fn behind_end(&mut self, end: &Boundary) -> usize {
        self.counter = self.place(end.start);
        self.last_end = Some(end.end);
        end.end
    }

    fn label_facts(
        &mut self,
        label: &Label,
        kind: SectionKind,
        (start, stop): (usize, usize),
        index: usize,
    ) {
        let suggestion = match label.known {
            Some(_) => match label.better() {
                Some(better) => Some(better),
                None => return,
            },
            None => kind.canonical_label(),
        };
        let fact = EncodingFact::UnknownLabel {
            label: label.shown.clone().into_owned(),
            suggestion: suggestion.map(str::to_owned),
        };
        self.note(fact, start, stop, Some(index));
    }

    fn content_facts(
        &mut self,
        fact: Option<EncodingFact>,
        behind: usize,
        kind: SectionKind,
        (start, stop): (usize, usize),
        index: usize,
    ) {
        if let Some(fact) = fact {
            self.note(fact, start, stop, Some(index));
        }
        if behind > 0 {
            let bytes = behind as u64;
            let fact = if kind == SectionKind::TrustedCertificate {
                EncodingFact::TrustSettings { bytes }
            } else {
                EncodingFact::TrailingData { bytes }
            };
            self.note(fact, start, stop, Some(index));
        }
    }

    fn base64_facts(&mut self, body: &Body, index: usize) {
        let mut told = Vec::new();
        if let Some(problem) = &body.problem {
            told.push((problem.place, problem.reason.clone()));
        }
        if let Some(place) = body.url {
            told.push((
                place,
                "`-` and `_` stand for `+` and `/` (base64url)".into(),
            ));
        }
        if let Some(place) = body.invisible {
            told.push((
                place,
                "an invisible character, which was passed over".into(),
            ));
        }
        for (place, reason) in told {
            let at = self.place(place);
            let fact = EncodingFact::Base64 {
                line: at.line() as u64,
                column: at.column() as u64,
                reason,
            };
            self.note(fact, place, (place + 1).min(self.text.len()), Some(index));
        }
    }

    fn layout_facts(&mut self, layout: &Layout, index: usize) {
        let long = layout
            .long
            .map(|(len, place)| (place, format!("a line of {len} characters")));
        let told = [
            long,
            layout.short.map(|place| {
                (
                    place,
                    "a line shorter than 64 characters before another".into(),
                )
            }),
            layout
                .leading
                .map(|place| (place, "blanks in front of base64".into())),
            layout
                .trailing
                .map(|place| (place, "blanks behind or between base64".into())),
            layout
                .blank_line
                .map(|place| (place, "an empty line among the base64".into())),
        ];
        let mut reasons = Vec::new();
        let mut first = None;
        for (place, reason) in told.into_iter().flatten() {
            first = Some(first.map_or(place, |first: usize| first.min(place)));
            reasons.push(reason);
        }
        if let Some(place) = first {
            let fact = EncodingFact::Layout {
                reason: reasons.join("; "),
            };
            self.note(fact, place, place + 1, Some(index));
        }
    }

    fn begin_facts(&mut self, begin: &Boundary, body: &Body, index: usize) {
        let mut reasons = flaw_words(&begin.flaws, "in front", "behind");
        let front = self.bytes(self.counter.line_start(), begin.start);
        let marked = front.ends_with(&[0xef, 0xbb, 0xbf]);
        let glued = self.last_end == Some(begin.start);
        if marked {
            self.note(
                EncodingFact::ByteOrderMark {},
                begin.start,
                begin.end,
                Some(index),
            );
        } else if !front.is_empty() && !glued && !body.escaped {
            reasons.push(if front.trim_ascii().is_empty() {
                "it is indented".into()
            } else {
                "other text stands in front of it".into()
            });
        }
        if body.escaped {
            reasons.push("line breaks are written as \\n".into());
        } else if body.on_begin_line {
            reasons.push("base64 follows on the same line".into());
        }
        self.boundary_fact(reasons, begin, index);
    }

    fn end_facts(&mut self, end: &Boundary, label: &Label, body: &Body, index: usize) {
        let written = Label::new(self.bytes(end.label.0, end.label.1));
        let cut_off = end.flaws.closing == Some(0) && end.end == self.text.len();
        if cut_off && label.shown.starts_with(&*written.shown) {
            let label = label.shown.clone().into_owned();
            return self.note(
                EncodingFact::MissingEnd { label },
                end.start,
                end.end,
                Some(index),
            );
        }
        if written.shown != label.shown {
            let fact = EncodingFact::LabelMismatch {
                begin: label.shown.clone().into_owned(),
                end: written.shown.clone().into_owned(),
            };
            self.note(fact, end.start, end.end, Some(index));
        }
        let glued = self.bytes(end.end, self.text.len()).starts_with(b"-");
        let mut flaws = end.flaws;
        if glued {
            flaws.closing = None;
        }
        let mut reasons = flaw_words(&flaws, "in front", "behind");
        let line_start = self.place(end.start).line_start();
        let front = self.bytes(line_start, end.start);
        if line_start > self.counter.line_start() && !body.escaped {
            let begin = self.bytes(self.counter.line_start(), self.counter.offset());
            if front.trim_ascii().is_empty() && !front.is_empty() && begin.is_empty() {
                reasons.push("it is indented".into());
            } else if !front.trim_ascii().is_empty() && front != begin {
                reasons.push("it stands on the last line of base64".into());
            }
        }
        match self.bytes(end.end, self.text.len()) {
            _ if glued => reasons.push("the next BEGIN line is glued to it".into()),
            [] | [b'\n' | b'\r' | b' ' | b'\t', ..] => {}
            [b'\\' | b'"' | b'\'', ..] if body.escaped || !reasons.is_empty() => {}
            _ => reasons.push("other text follows it on the same line".into()),
        }
        self.boundary_fact(reasons, end, index);
    }

    fn boundary_fact(&mut self, reasons: Vec<String>, at: &Boundary, index: usize) {
        if !reasons.is_empty() {
            let fact = EncodingFact::Boundary {
                reason: reasons.join("; "),
            };
            self.note(fact, at.start, at.end, Some(index));
        }
    }

    /// Notes which line ends a damaged section has.
    fn endings_of(&mut self, start: usize, stop: usize, index: usize) {
        let (mut crlf, mut lf, mut cr) = (false, false, false);
        let stop = (stop + 2).min(self.text.len());
        for pair in self.bytes(start, stop).windows(2) {
            match pair {
                [b'\r', b'\n'] => crlf = true,
                [b'\r', _] => cr = true,
                [_, b'\n'] => lf = true,
                _ => {}
            }
        }
        self.spend(stop - start);
        self.line_endings(crlf, lf, cr, (start, start + 1), index);
    }

    fn line_endings(
        &mut self,
        crlf: bool,
        lf: bool,
        cr: bool,
        (start, stop): (usize, usize),
        index: usize,
    ) {
        self.endings.crlf |= crlf;
        self.endings.lf |= lf;
        if cr && !lf && !crlf && !std::mem::replace(&mut self.endings.lone_cr_told, true) {
            let reason = "lines end with a lone CR, which loaders take for one long line".into();
            self.note(EncodingFact::Boundary { reason }, start, stop, Some(index));
        }
        let mixed = self.endings.crlf && self.endings.lf;
        if mixed && !std::mem::replace(&mut self.endings.mixed_told, true) {
            let reason = "some lines end with CR LF, others with LF".into();
            self.note(EncodingFact::Layout { reason }, start, stop, Some(index));
        }
    }
}

fn flaw_words(flaws: &Flaws, front: &str, behind: &str) -> Vec<String> {
    let mut words = Vec::new();
    if flaws.typographic {
        words.push("its dashes are not hyphens (an editor replaced them)".to_owned());
    }
    for (dashes, side) in [(flaws.opening, front), (flaws.closing, behind)] {
        if let Some(dashes) = dashes {
            let number = if dashes == 0 {
                "no".into()
            } else {
                dashes.to_string()
            };
            words.push(format!("{number} dashes stand {side} where five belong"));
        }
    }
    if flaws.lower_case {
        words.push("it is not in capitals".to_owned());
    }
    if flaws.spacing {
        words.push("its blanks are not where they belong".to_owned());
    }
    words
}

/// What the decoded bytes are, beside what the label promises. `sound` is
/// whether all of the base64 was read.
fn judge(bytes: Zeroizing<Vec<u8>>, label: &Label, encrypted: bool, sound: bool) -> Content {
    let promised = label.kind();
    let whole = |bytes: Zeroizing<Vec<u8>>, kind, fact| Content {
        kind,
        object_len: bytes.len(),
        content: Some(bytes),
        fact,
    };
    let lost = |fact| Content {
        kind: promised,
        content: None,
        object_len: 0,
        fact,
    };
    let malformed = |reason: String| {
        Some(EncodingFact::MalformedDer {
            expected: promised.words().into(),
            reason,
        })
    };
    let is_der = promised != SectionKind::Unknown && promised != SectionKind::OpenSshPrivateKey;
    if encrypted || (!is_der && promised != SectionKind::Unknown) {
        return if sound {
            whole(bytes, promised, None)
        } else {
            lost(None)
        };
    }
    match der::shape(&bytes) {
        Shape::Whole { kind, len } => {
            let known = kind != SectionKind::Unknown;
            if !known && !sound {
                return lost(None);
            }
            let kind = settle(kind, promised);
            let fact = match () {
                () if !is_der || kind.fits(promised) => None,
                () if kind == SectionKind::Unknown => malformed(format!(
                    "its structure is not that of a {}",
                    promised.words()
                )),
                () => malformed(format!("it is {}", kind.with_article())),
            };
            let kind = match kind {
                SectionKind::Unknown => promised,
                SectionKind::Certificate if kind.fits(promised) => promised,
                kind => kind,
            };
            // What follows an object can only be told where the object is known.
            let object_len = if known { len } else { bytes.len() };
            Content {
                kind,
                content: Some(bytes),
                object_len,
                fact,
            }
        }
        _ if !sound => lost(None),
        _ if !is_der => whole(bytes, promised, None),
        Shape::CutOff { announced } => {
            let have = bytes.len();
            lost(malformed(format!(
                "it announces {announced} bytes, and {have} are there"
            )))
        }
        Shape::NotDer if bytes.is_empty() => lost(malformed("it is empty".into())),
        Shape::NotDer => whole(
            bytes,
            promised,
            malformed("it does not begin as DER does".into()),
        ),
    }
}

/// The structure alone cannot tell a few kinds apart; the label decides.
fn settle(found: SectionKind, promised: SectionKind) -> SectionKind {
    use SectionKind::{DhParameters, DsaParameters, RsaPublicKey};
    let alike = |kind| matches!(kind, DhParameters | DsaParameters | RsaPublicKey);
    if alike(found) && alike(promised) {
        promised
    } else {
        found
    }
}
