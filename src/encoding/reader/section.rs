//! From a BEGIN line to the section that follows it.

use super::body::{Body, Wrapping};
use super::boundary::{self, Boundary, Word};
use super::content::judge;
use super::label::Label;
use super::{Reader, fast};
use crate::encoding::{Encoding, Section, SectionKind};
use crate::rule;

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
            let fact = rule::encoding::MissingEnd {
                label: label.shown.into_owned(),
                lost: true,
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
                rule::encoding::Headers { names },
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
                let lost = self.is_lost(index);
                self.note(
                    rule::encoding::MissingEnd { label, lost },
                    start,
                    stop,
                    Some(index),
                );
            }
            Some(end) => self.end_facts(end, &label, &body, index),
        }
        Some(index)
    }

    /// The rest of an END line that is cut off at the end of the text is not base64.
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

    /// Skips what follows an END line on the same line, and says what it is.
    pub(super) fn behind_end(&mut self, end: &Boundary) -> usize {
        self.counter = self.place(end.start);
        self.last_end = Some(end.end);
        end.end
    }
}
