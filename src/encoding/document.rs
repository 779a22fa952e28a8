//! A file and what is in it.

use super::charset::{Charset, Text};
use super::der::{self, Shape};
use super::form::Form;
use super::looks::looks_like;
use super::{Anomaly, Encoding, MAX_BYTES, MAX_SECTIONS, Section, SectionKind, reader};
use crate::rule::{self, EncodingFact};
use crate::source::{Source, Span};
use zeroize::Zeroizing;

/// One input and everything that was found in it.
///
/// ```
/// use certcheck::{Source, encoding::{Document, SectionKind}};
/// let pem = "-----BEGIN X509 CRL-----\r\nMAA=\r\n-----END X509 CRL-----\r\n";
/// let document = Document::read(Source::new("ca.crl", pem.into()));
/// assert_eq!(document.sections()[0].kind(), SectionKind::Crl);
/// assert_eq!(document.anomalies()[0].fact.code().as_str(), "encoding.malformed-der");
/// ```
#[derive(Debug)]
pub struct Document {
    source: Source,
    sections: Vec<Section>,
    anomalies: Vec<Anomaly>,
    form: Form,
    charset: Charset,
    work: u64,
}

impl Document {
    /// Finds all that is in `source`. It cannot fail: what cannot be read is
    /// an anomaly. Its work grows only with the length of the source, and stops at [`MAX_BYTES`],
    /// [`MAX_SECTIONS`] and [`super::MAX_ANOMALIES`].
    pub fn read(source: Source) -> Self {
        let mut document = Self {
            source,
            sections: Vec::new(),
            anomalies: Vec::new(),
            form: Form::Empty,
            charset: Charset::Ascii,
            work: 0,
        };
        let len = document.source.bytes().len();
        if len > MAX_BYTES {
            document.form = Form::TooLarge;
            let fact = rule::encoding::TooLarge {
                what: "bytes".into(),
                limit: MAX_BYTES as u64,
            };
            document.note(fact, 0, len, None);
            return document;
        }
        // DER first: it may hold any bytes, and a text reader would see lines in it where there are
        // none.
        let binary = document.read_der();
        // `cat server.der chain.pem` is a mistake that people make, and the PEM after the DER is
        // what the administrator looks for.
        if binary < len && (binary == 0 || has_begin(&document.source, binary)) {
            document.read_text(binary);
        } else if binary < len {
            let index = document.sections.len().checked_sub(1);
            let bytes = (len - binary) as u64;
            document.note(rule::encoding::TrailingData { bytes }, binary, len, index);
        }
        document.conclude();
        document
    }

    /// The input as it was read.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Every object, in the order of the file.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Everything unusual, in the order in which it was found.
    pub fn anomalies(&self) -> &[Anomaly] {
        &self.anomalies
    }

    /// What the file is as a whole.
    pub fn form(&self) -> Form {
        self.form
    }

    /// How its characters are written.
    pub fn charset(&self) -> Charset {
        self.charset
    }

    /// Whether it is other text or data, without any object or part of one.
    pub fn holds_nothing(&self) -> bool {
        use EncodingFact::{ByteOrderMark, NothingFound, SurroundingText, Utf16};
        self.sections.is_empty()
            && self.anomalies.iter().all(|anomaly| {
                matches!(
                    anomaly.fact,
                    NothingFound(_) | Utf16(_) | ByteOrderMark(_) | SurroundingText(_)
                )
            })
    }

    /// How many bytes were looked at, counting every look: the work of reading, which stays within
    /// a fixed multiple of the input's length.
    pub fn work(&self) -> u64 {
        self.work
    }

    fn note(
        &mut self,
        fact: impl Into<EncodingFact>,
        start: usize,
        end: usize,
        section: Option<usize>,
    ) {
        let fact = fact.into();
        let span = Span::new(start, end);
        self.anomalies.push(Anomaly {
            fact,
            span,
            lines: None,
            section,
        });
    }

    /// Reads DER objects from the start of the source; returns where they end.
    fn read_der(&mut self) -> usize {
        let mut place = 0;
        loop {
            let rest = self.source.bytes().get(place..).unwrap_or_default();
            self.work += 16;
            let Shape::Whole { kind, len } = der::shape(rest) else {
                return place;
            };
            if kind == SectionKind::Unknown || self.sections.len() >= MAX_SECTIONS {
                return place;
            }
            let content = Zeroizing::new(rest.get(..len).unwrap_or_default().to_vec());
            self.work += len as u64;
            self.sections.push(Section {
                label: None,
                kind,
                encoding: Encoding::Der,
                span: Span::new(place, place + len),
                lines: None,
                headers: Vec::new(),
                object_len: len,
                content: Some(content),
            });
            place += len;
        }
    }

    fn read_text(&mut self, from: usize) {
        let bytes = self.source.bytes();
        // After DER the text is read as it is: a byte order mark belongs at the start of a file.
        let text = if from == 0 {
            Text::new(bytes)
        } else {
            Text::plain(bytes)
        };
        let mut found = reader::read(&text, from, std::mem::take(&mut self.sections));
        self.charset = text.charset;
        self.work += found.work;
        let mark = text.mark();
        let fact = match text.charset {
            Charset::Ascii => None,
            Charset::Utf8Bom => Some(EncodingFact::ByteOrderMark(
                rule::encoding::ByteOrderMark {},
            )),
            Charset::Utf16Le => Some(EncodingFact::Utf16(rule::encoding::Utf16 {
                byte_order: "little-endian".into(),
            })),
            Charset::Utf16Be => Some(EncodingFact::Utf16(rule::encoding::Utf16 {
                byte_order: "big-endian".into(),
            })),
        };
        drop(text);
        if let Some(fact) = fact {
            self.note(fact, 0, mark, None);
        }
        self.anomalies.append(&mut found.anomalies);
        self.sections = found.sections;
    }

    /// Decides what the file is as a whole, and reports if nothing useful is in it.
    fn conclude(&mut self) {
        let useful = self.sections.iter().any(|section| section.kind.is_useful());
        let promised = self.anomalies.iter().any(|anomaly| promises(&anomaly.fact));
        self.form = match self.sections.first() {
            Some(first) if first.encoding == Encoding::Der => Form::Der,
            Some(first) if first.encoding != Encoding::Other => Form::Pem,
            _ => Form::Text,
        };
        if useful {
            return;
        }
        if self.sections.is_empty() {
            // It is all text outside sections: one finding says so.
            let between = |fact: &EncodingFact| {
                matches!(
                    fact,
                    EncodingFact::SurroundingText(rule::encoding::SurroundingText { .. })
                )
            };
            self.anomalies.retain(|anomaly| !between(&anomaly.fact));
        }
        let bytes = self.source.bytes();
        if let Some(len) = self.cut_off_der() {
            self.form = Form::Der;
            let reason = format!("it declares {len} bytes, but {} are present", bytes.len());
            let expected = "DER object".to_owned();
            let end = bytes.len();
            return self.note(
                rule::encoding::MalformedDer { expected, reason },
                0,
                end,
                None,
            );
        }
        let text = Text::new(bytes);
        let (form, words) = looks_like(text.bytes());
        drop(text);
        self.form = form;
        // A keystore is the whole file, and no section is inside another.
        if form == Form::Jks && self.sections.is_empty() {
            self.push_jks();
        }
        // Something was there and is lost. Guessing at another kind of file would contradict the
        // finding that says so.
        let looks_like = if promised {
            None
        } else {
            Some(words.to_owned())
        };
        let end = self.source.bytes().len();
        self.note(
            rule::encoding::NothingFound {
                looks_like,
                wanted: None,
            },
            0,
            end,
            None,
        );
    }

    /// The length that a SEQUENCE at the start announces, if it exceeds the file: DER that was cut
    /// off.
    fn cut_off_der(&self) -> Option<usize> {
        let bytes = self.source.bytes();
        match (bytes, der::shape(bytes)) {
            // A long length with no text in it: `0` is also a digit.
            ([0x30, 0x81..=0x84, ..], Shape::CutOff { announced }) => Some(announced),
            _ => None,
        }
    }

    fn push_jks(&mut self) {
        let len = self.source.bytes().len();
        self.sections.push(Section {
            label: None,
            kind: SectionKind::Jks,
            encoding: Encoding::Other,
            span: Span::new(0, len),
            lines: None,
            headers: Vec::new(),
            content: Some(Zeroizing::new(self.source.bytes().to_vec())),
            object_len: len,
        });
    }
}

/// Whether the fact shows that there was an object, although it is lost.
fn promises(fact: &EncodingFact) -> bool {
    matches!(
        fact,
        EncodingFact::MissingEnd(rule::encoding::MissingEnd { .. })
            | EncodingFact::MissingBegin(rule::encoding::MissingBegin { .. })
            | EncodingFact::TooLarge(rule::encoding::TooLarge { .. })
    )
}

/// Whether a BEGIN line follows after DER.
fn has_begin(source: &Source, from: usize) -> bool {
    let rest = source.bytes().get(from..).unwrap_or_default();
    rest.windows(11).any(|window| window == b"-----BEGIN ")
}
