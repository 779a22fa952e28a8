//! The text between sections, and base64 that lost its BEGIN line.

use super::Reader;
use super::base64::{Decoder, is_base64, sextet};
use super::body::escape;
use super::boundary::Boundary;
use crate::encoding::der::{self, Shape};
use crate::encoding::kind::known_label;
use crate::encoding::{Encoding, Section, SectionKind};
use crate::rule;
use std::borrow::Cow;
use zeroize::Zeroizing;

/// Base64 is looked for where this many of its characters are in a row: less than a line, more than
/// a word.
const LEAST_RUN: usize = 40;

/// Characters around a section that do not count as text.
fn is_frame(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b',' | b';' | 0xef | 0xbb | 0xbf)
}

/// Base64 of a whole object, found in a text.
struct Bare {
    start: usize,
    end: usize,
    kind: SectionKind,
    content: Zeroizing<Vec<u8>>,
}

impl Reader<'_> {
    /// Reads `text[start..end]`, which holds no boundary; `closed_by` is an END line without a
    /// BEGIN line.
    pub(super) fn gap(&mut self, start: usize, end: usize, closed_by: Option<Boundary>) {
        self.counter = self.place(start);
        let mut place = start;
        let mut found = false;
        while let Some(bare) = self.bare(place, end) {
            self.text_between(place, bare.start);
            // An END line closes the object only if nothing but blanks or quotes is in between.
            let last = closed_by.filter(|_| self.is_framed(bare.end, end));
            place = bare.end;
            found = last.is_some();
            if self.push_bare(bare, last.as_ref()).is_none() {
                return;
            }
        }
        match closed_by {
            Some(boundary) if !found => self.headless(place, &boundary),
            _ => self.text_between(place, end),
        }
    }

    fn is_framed(&self, start: usize, end: usize) -> bool {
        self.bytes(start, end).iter().all(|&byte| is_frame(byte))
    }

    /// The first object in bare base64 in `text[from..to]`.
    fn bare(&mut self, from: usize, to: usize) -> Option<Bare> {
        let mut place = from;
        while place < to {
            let rest = self.bytes(place, to);
            let skipped = rest.iter().take_while(|&&byte| !is_base64(byte)).count();
            let run = rest
                .iter()
                .skip(skipped)
                .take_while(|&&byte| is_base64(byte))
                .count();
            let start = place + skipped;
            place = start + run;
            self.spend(skipped + run);
            // A SEQUENCE (0x30) always begins with `M`.
            if run >= LEAST_RUN && self.text.get(start) == Some(&b'M') {
                let bare = self.object(start, to);
                if bare.is_some() {
                    return bare;
                }
            }
        }
        None
    }

    /// Decodes the object whose base64 begins at `start`, to the end given by its own length.
    fn object(&mut self, start: usize, to: usize) -> Option<Bare> {
        let head: Vec<u8> =
            self.bytes(start, start + 12)
                .chunks(4)
                .fold(Vec::new(), |mut all, chunk| {
                    let mut decoder = Decoder::new(4);
                    chunk
                        .iter()
                        .filter_map(|&byte| sextet(byte))
                        .for_each(|value| decoder.push(value));
                    all.extend_from_slice(decoder.decoded());
                    all
                });
        let announced = der::announced_len(&head)?;
        let characters = announced.checked_mul(4)?.div_ceil(3);
        // A length in the first bytes that exceeds the rest of the text is not an
        // object's.
        if characters > to - start {
            return None;
        }
        // Counted first, so that a false length costs no memory.
        let end = self.after_base64(start, to, characters)?;
        let mut decoder = Decoder::new(characters + 4);
        let values = self.bytes(start, end).iter();
        let is_letter = |byte: &u8| matches!(byte, b'n' | b'r');
        let mut escaped = false;
        for &byte in values {
            // The letter of an escaped line break is not base64.
            let letter = std::mem::replace(&mut escaped, byte == b'\\') && is_letter(&byte);
            if let (Some(value), false) = (sextet(byte), letter) {
                decoder.push(value);
            }
        }
        self.spend(end - start);
        let padding = self
            .bytes(end, to)
            .iter()
            .take(2)
            .take_while(|&&byte| byte == b'=')
            .count();
        // The bytes decide, not the appearance: base64 of a picture has the right letters too.
        let (content, _) = decoder.finish();
        match der::shape(&content) {
            Shape::Whole { kind, len } if kind != SectionKind::Unknown && len == content.len() => {
                Some(Bare {
                    start,
                    end: end + padding,
                    kind,
                    content,
                })
            }
            _ => None,
        }
    }

    /// Where `count` characters of base64 from `start` end; `None` if there are fewer, or if too
    /// much was spent on guesses.
    fn after_base64(&mut self, start: usize, to: usize, count: usize) -> Option<usize> {
        let mut place = start;
        let mut missing = count;
        while missing > 0 {
            // One budget for all guesses in a text: a file full of lines that look like the head of
            // an object would otherwise be counted once for each line.
            self.guesses = self.guesses.checked_sub(1)?;
            self.spend(1);
            match self.bytes(place, to) {
                [byte, ..] if is_base64(*byte) => {
                    missing -= 1;
                    place += 1;
                }
                [byte, ..] if byte.is_ascii_whitespace() => place += 1,
                [b'\\', b'n' | b'r', ..] => place += 2,
                _ => return None,
            }
        }
        Some(place)
    }

    fn push_bare(&mut self, bare: Bare, end: Option<&Boundary>) -> Option<usize> {
        let stop = end.map_or(bare.end, |end| end.end);
        let label = end.map(|end| self.shown(end.label));
        let section = Section {
            label: label.clone().map(Cow::Owned),
            kind: bare.kind,
            encoding: if end.is_some() {
                Encoding::Pem
            } else {
                Encoding::Base64
            },
            span: self.span(bare.start, stop),
            lines: Some(self.lines(bare.start, stop)),
            headers: Vec::new(),
            object_len: bare.content.len(),
            content: Some(bare.content),
        };
        let index = self.push(section, bare.start)?;
        self.note(
            rule::encoding::MissingBegin { label },
            bare.start,
            stop,
            Some(index),
        );
        Some(index)
    }

    /// An END line without a BEGIN line: after base64 it is a section whose head is lost, otherwise
    /// a stray line.
    fn headless(&mut self, from: usize, end: &Boundary) {
        let label = self.shown(end.label);
        let tail = self.bytes(from, end.start);
        // From the end: what precedes the last run of base64 is text.
        let is_body =
            |byte: &&u8| is_base64(**byte) || **byte == b'=' || byte.is_ascii_whitespace();
        let body = tail.iter().rev().take_while(is_body).count();
        let front = tail.len() - body;
        let start = from
            + front
            + tail
                .get(front..)
                .map_or(0, |tail| tail.len() - tail.trim_ascii_start().len());
        self.spend(body);
        let characters = self
            .bytes(start, end.start)
            .iter()
            .filter(|&&byte| is_base64(byte))
            .count();
        // Not enough for any key or certificate: the END line was left over.
        if characters < LEAST_RUN {
            self.text_between(from, end.start);
            let fact = rule::encoding::MissingBegin { label: Some(label) };
            return self.note(fact, end.start, end.end, None);
        }
        self.text_between(from, start);
        let known = known_label(label.as_bytes());
        let section = Section {
            label: Some(Cow::Owned(label.clone())),
            kind: known.map_or(SectionKind::Unknown, |known| known.kind),
            encoding: Encoding::Pem,
            span: self.span(start, end.end),
            lines: Some(self.lines(start, end.end)),
            headers: Vec::new(),
            content: None,
            object_len: 0,
        };
        if let Some(index) = self.push(section, start) {
            let fact = rule::encoding::MissingBegin { label: Some(label) };
            self.note(fact, start, end.end, Some(index));
        }
    }

    fn shown(&self, (start, end): (usize, usize)) -> String {
        String::from_utf8_lossy(self.bytes(start, end))
            .chars()
            .take(64)
            .map(|c| {
                if c.is_ascii_graphic() || c == ' ' {
                    c
                } else {
                    '?'
                }
            })
            .collect()
    }

    /// Notes text outside sections. Around the only section of JSON or YAML, the BEGIN line's own
    /// anomaly already reports it.
    fn text_between(&mut self, start: usize, end: usize) {
        let between = self.bytes(start, end);
        let front = between.iter().take_while(|&&byte| is_frame(byte)).count();
        let back = between
            .iter()
            .skip(front)
            .rev()
            .take_while(|&&byte| is_frame(byte))
            .count();
        let (first, last) = (start + front, end - back);
        self.spend(between.len());
        if first >= last || is_escapes(self.bytes(first, last)) {
            return;
        }
        // A line of `authorized_keys` was given instead of a certificate's key. The finding names
        // it, so that no PEM is expected in it.
        if self.bytes(first, last).starts_with(b"ssh-")
            || self.bytes(first, last).starts_with(b"ecdsa-sha2-")
        {
            return self.ssh_line(first, last);
        }
        let fact = rule::encoding::SurroundingText {
            bytes: (last - first) as u64,
        };
        self.note(fact, first, last, None);
    }

    fn ssh_line(&mut self, start: usize, end: usize) {
        let section = Section {
            label: None,
            kind: SectionKind::SshPublicKey,
            encoding: Encoding::Other,
            span: self.span(start, end),
            lines: Some(self.lines(start, end)),
            headers: Vec::new(),
            content: None,
            object_len: 0,
        };
        let _ = self.push(section, start);
    }
}

/// Whether there is nothing but escaped line breaks.
fn is_escapes(mut rest: &[u8]) -> bool {
    loop {
        match rest {
            [] => return true,
            [b'\\', tail @ ..] => match escape(tail) {
                Some((len, _)) => rest = tail.get(len..).unwrap_or_default(),
                None => return false,
            },
            [byte, tail @ ..] if is_frame(*byte) => rest = tail,
            _ => return false,
        }
    }
}
