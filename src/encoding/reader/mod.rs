//! The tolerant reader: from text to sections and anomalies.
//!
//! It moves from one boundary (a BEGIN or END line) to the next and never back, so its work is
//! linear in the length of the text.

mod base64;
mod body;
mod boundary;
mod content;
mod facts;
mod fast;
mod gap;
mod label;
mod lines;
mod section;

pub(super) use base64::sextet;
pub(super) use body::MAX_HEADER;

use super::charset::Text;
use super::{Anomaly, MAX_ANOMALIES, MAX_SECTIONS, Section};
use crate::rule::{self, EncodingFact};
use crate::source::{Lines, Span};
use boundary::Word;
use lines::LineCounter;

/// What was found in a text, and before it.
pub(super) struct Found {
    pub(super) sections: Vec<Section>,
    pub(super) anomalies: Vec<Anomaly>,
    /// Bytes looked at, each look counted.
    pub(super) work: u64,
}

struct Reader<'t> {
    source: &'t Text<'t>,
    text: &'t [u8],
    counter: LineCounter,
    sections: Vec<Section>,
    anomalies: Vec<Anomaly>,
    work: u64,
    /// How many more bytes may go into base64 that turns out not to be base64.
    guesses: usize,
    endings: Endings,
    /// Where the last END line ended.
    last_end: Option<usize>,
    stopped: bool,
}

/// Which line ends were seen in sections.
#[derive(Default)]
struct Endings {
    lf: bool,
    crlf: bool,
    lone_cr_reported: bool,
    mixed_reported: bool,
}

/// Reads `source` from the character at `start`, after the `sections` that were found before it.
pub(super) fn read(source: &Text<'_>, start: usize, sections: Vec<Section>) -> Found {
    let text = source.bytes();
    let mut reader = Reader {
        source,
        text,
        counter: LineCounter::new(),
        sections,
        anomalies: Vec::new(),
        work: 0,
        guesses: text.len().saturating_mul(2).saturating_add(4096),
        endings: Endings::default(),
        last_end: None,
        stopped: false,
    };
    reader.run(start);
    Found {
        sections: reader.sections,
        anomalies: reader.anomalies,
        work: reader.work,
    }
}

impl Reader<'_> {
    fn run(&mut self, start: usize) {
        let mut place = start;
        while !self.stopped {
            // Nearly every section is written exactly as in RFC 7468, and then read in one pass.
            if let Some(boundary) = fast::begin(self.text, place) {
                self.spend(boundary.end - place);
                place = self.section(boundary);
                continue;
            }
            let (boundary, looked) = boundary::next(self.text, place);
            self.spend(looked);
            let Some(boundary) = boundary else {
                self.gap(place, self.text.len(), None);
                return;
            };
            match boundary.word {
                Word::Begin => {
                    // Marks such as `> ` or `# ` before BEGIN are on every line of the
                    // section, and do not count as text.
                    let front = self.wrapping(place, boundary.start);
                    self.gap(place, boundary.start - front, None);
                    place = self.section(boundary);
                }
                Word::End => {
                    self.gap(place, boundary.start, Some(boundary));
                    place = self.behind_end(&boundary);
                }
            }
        }
    }

    /// The length of what precedes a BEGIN line on the same line, if it is short enough to be a
    /// quotation or comment mark.
    fn wrapping(&self, from: usize, begin: usize) -> usize {
        let front = self.bytes(begin.saturating_sub(8).max(from), begin);
        let line = front.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
        match line {
            Some(line) => front.len() - line - 1,
            None if begin - from == front.len() => front.len(),
            None => 0,
        }
    }

    fn spend(&mut self, bytes: usize) {
        self.work = self.work.saturating_add(bytes as u64);
    }

    fn bytes(&self, start: usize, end: usize) -> &[u8] {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The place in the source of characters of the text.
    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source.offset(start), self.source.offset(end))
    }

    /// Line and column of a character that is not before the counter's.
    fn place(&mut self, at: usize) -> LineCounter {
        self.spend(at.saturating_sub(self.counter.offset()));
        self.counter.at(self.text, at)
    }

    fn lines(&mut self, start: usize, end: usize) -> Lines {
        let first = self.place(start);
        let last = end.saturating_sub(1).max(start);
        self.spend(last - start);
        Lines::new(first.line(), first.at(self.text, last).line())
    }

    /// Notes an anomaly of `text[start..end]`, neither of them before the counter's place.
    fn note(
        &mut self,
        fact: impl Into<EncodingFact>,
        start: usize,
        end: usize,
        section: Option<usize>,
    ) {
        let fact = fact.into();
        if self.anomalies.len() >= MAX_ANOMALIES {
            return self.stop("anomalies", MAX_ANOMALIES, start);
        }
        let lines = self.lines(start, end);
        let span = self.span(start, end);
        self.anomalies.push(Anomaly {
            fact,
            span,
            lines: Some(lines),
            section,
        });
    }

    fn push(&mut self, section: Section, start: usize) -> Option<usize> {
        if self.sections.len() >= MAX_SECTIONS {
            self.stop("sections", MAX_SECTIONS, start);
            return None;
        }
        self.sections.push(section);
        Some(self.sections.len() - 1)
    }

    /// Ends the reading, and says so.
    fn stop(&mut self, what: &str, limit: usize, place: usize) {
        if !std::mem::replace(&mut self.stopped, true) {
            let lines = self.lines(place, place);
            self.anomalies.push(Anomaly {
                fact: EncodingFact::TooLarge(rule::encoding::TooLarge {
                    what: what.into(),
                    limit: limit as u64,
                }),
                span: self.span(place, self.text.len()),
                lines: Some(lines),
                section: None,
            });
        }
    }
}
