//! Turns the anomalies of a section into the facts that are reported.

use super::Reader;
use super::body::{Body, Layout};
use super::boundary::{Boundary, Flaws};
use super::label::Label;
use crate::encoding::SectionKind;
use crate::rule::{self, EncodingFact};

impl Reader<'_> {
    pub(super) fn label_facts(
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
        let fact = rule::encoding::UnknownLabel {
            label: label.shown.clone().into_owned(),
            suggestion: suggestion.map(str::to_owned),
        };
        self.note(fact, start, stop, Some(index));
    }

    pub(super) fn content_facts(
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
                EncodingFact::TrustSettings(rule::encoding::TrustSettings { bytes })
            } else {
                EncodingFact::TrailingData(rule::encoding::TrailingData { bytes })
            };
            self.note(fact, start, stop, Some(index));
        }
    }

    pub(super) fn base64_facts(&mut self, body: &Body, index: usize) {
        let mut told = Vec::new();
        if let Some(problem) = &body.problem {
            told.push((problem.place, problem.reason.clone()));
        }
        if let Some(place) = body.url {
            told.push((place, "`-` and `_` replace `+` and `/` (base64url)".into()));
        }
        if let Some(place) = body.invisible {
            told.push((
                place,
                "an invisible character, which certcheck skipped".into(),
            ));
        }
        let lost = self.is_lost(index);
        for (place, reason) in told {
            let at = self.place(place);
            let fact = rule::encoding::Base64 {
                line: at.line() as u64,
                column: at.column() as u64,
                reason,
                lost,
            };
            self.note(fact, place, (place + 1).min(self.text.len()), Some(index));
        }
    }

    /// Whether a section's content could not be recovered.
    pub(super) fn is_lost(&self, index: usize) -> bool {
        self.sections
            .get(index)
            .is_none_or(|section| section.content.is_none())
    }

    pub(super) fn layout_facts(&mut self, layout: &Layout, index: usize) {
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
                .map(|place| (place, "blanks before base64".into())),
            layout
                .trailing
                .map(|place| (place, "blanks after or within base64".into())),
            layout
                .blank_line
                .map(|place| (place, "an empty line within the base64".into())),
        ];
        // One finding for a section: a rewrapped file has several of these on every line.
        let mut reasons = Vec::new();
        let mut first = None;
        for (place, reason) in told.into_iter().flatten() {
            first = Some(first.map_or(place, |first: usize| first.min(place)));
            reasons.push(reason);
        }
        if let Some(place) = first {
            let fact = rule::encoding::Layout {
                reason: reasons.join("; "),
            };
            self.note(fact, place, place + 1, Some(index));
        }
    }

    pub(super) fn begin_facts(&mut self, begin: &Boundary, body: &Body, index: usize) {
        let mut reasons = flaw_words(&begin.flaws, "in front", "behind");
        let front = self.bytes(self.counter.line_start(), begin.start);
        let marked = front.ends_with(&[0xef, 0xbb, 0xbf]);
        let glued = self.last_end == Some(begin.start);
        if marked {
            self.note(
                rule::encoding::ByteOrderMark {},
                begin.start,
                begin.end,
                Some(index),
            );
        } else if !front.is_empty() && !glued && !body.escaped {
            reasons.push(if front.trim_ascii().is_empty() {
                "it is indented".into()
            } else {
                "other text precedes it".into()
            });
        }
        if body.escaped {
            reasons.push("line breaks are written as \\n".into());
        } else if body.on_begin_line {
            reasons.push("base64 follows on the same line".into());
        }
        self.boundary_fact(reasons, begin, index);
    }

    pub(super) fn end_facts(&mut self, end: &Boundary, label: &Label, body: &Body, index: usize) {
        let written = Label::new(self.bytes(end.label.0, end.label.1));
        // The file ends within its END line: it was cut off; its label is not a different one.
        let cut_off = end.flaws.closing == Some(0) && end.end == self.text.len();
        if cut_off && label.shown.starts_with(&*written.shown) {
            let label = label.shown.clone().into_owned();
            let lost = self.is_lost(index);
            return self.note(
                rule::encoding::MissingEnd { label, lost },
                end.start,
                end.end,
                Some(index),
            );
        }
        if written.shown != label.shown {
            let fact = rule::encoding::LabelMismatch {
                begin: label.shown.clone().into_owned(),
                end: written.shown.clone().into_owned(),
            };
            self.note(fact, end.start, end.end, Some(index));
        }
        let glued = self.bytes(end.end, self.text.len()).starts_with(b"-");
        let mut flaws = end.flaws;
        // The ten dashes between two glued lines belong to both.
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
                reasons.push("it is on the last line of base64".into());
            }
        }
        match self.bytes(end.end, self.text.len()) {
            _ if glued => reasons.push("the next BEGIN line is joined to it".into()),
            [] | [b'\n' | b'\r' | b' ' | b'\t', ..] => {}
            [b'\\' | b'"' | b'\'', ..] if body.escaped || !reasons.is_empty() => {}
            _ => reasons.push("other text follows it on the same line".into()),
        }
        self.boundary_fact(reasons, end, index);
    }

    pub(super) fn boundary_fact(&mut self, reasons: Vec<String>, at: &Boundary, index: usize) {
        if !reasons.is_empty() {
            let fact = rule::encoding::Boundary {
                reason: reasons.join("; "),
            };
            self.note(fact, at.start, at.end, Some(index));
        }
    }

    /// Notes which line ends a damaged section has.
    pub(super) fn endings_of(&mut self, start: usize, stop: usize, index: usize) {
        // Two more bytes, so that the line end of the END line is counted as well.
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

    pub(super) fn line_endings(
        &mut self,
        crlf: bool,
        lf: bool,
        cr: bool,
        (start, stop): (usize, usize),
        index: usize,
    ) {
        self.endings.crlf |= crlf;
        self.endings.lf |= lf;
        if cr && !lf && !crlf && !std::mem::replace(&mut self.endings.lone_cr_reported, true) {
            let reason = "lines end with a lone CR, which loaders read as one long line".into();
            self.note(
                rule::encoding::Boundary { reason },
                start,
                stop,
                Some(index),
            );
        }
        let mixed = self.endings.crlf && self.endings.lf;
        if mixed && !std::mem::replace(&mut self.endings.mixed_reported, true) {
            let reason = "some lines end with CR LF, others with LF".into();
            self.note(rule::encoding::Layout { reason }, start, stop, Some(index));
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
            words.push(format!("{number} dashes {side} instead of five"));
        }
    }
    if flaws.lower_case {
        words.push("it is not in capitals".to_owned());
    }
    if flaws.spacing {
        words.push("its blanks are in the wrong places".to_owned());
    }
    words
}
