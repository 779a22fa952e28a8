//! The lines between BEGIN and END: headers and base64.

use super::base64::{Decoder, End, sextet};
use zeroize::Zeroizing;

/// The most headers that are kept, and the most characters of each: RFC 1421 keys have two headers,
/// PGP armour three.
const MAX_HEADERS: usize = 16;
pub(in crate::encoding) const MAX_HEADER: usize = 256;

/// Where the base64 is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) place: usize,
    pub(super) reason: String,
}

/// What is unusual about the lines, though most loaders read them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// Length of the longest line over 64 characters, and where it begins.
    pub(super) long: Option<(usize, usize)>,
    /// Where a line of fewer than 64 characters precedes another.
    pub(super) short: Option<usize>,
    /// Where blanks precede base64.
    pub(super) leading: Option<usize>,
    /// Where blanks are inside or after a line of base64.
    pub(super) trailing: Option<usize>,
    /// Where an empty line is within the base64.
    pub(super) blank_line: Option<usize>,
}

/// The decoded body of a section.
pub(super) struct Body {
    pub(super) content: Zeroizing<Vec<u8>>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) problem: Option<Problem>,
    /// A character of no width or a no-break space, which was skipped.
    pub(super) invisible: Option<usize>,
    pub(super) layout: Layout,
    /// A `-` or `_` that can only be base64url's.
    pub(super) url: Option<usize>,
    /// Line breaks are written as `\n`.
    pub(super) escaped: bool,
    /// Base64 is on the BEGIN line itself.
    pub(super) on_begin_line: bool,
    /// How many characters of base64 there are.
    pub(super) characters: usize,
}

/// How the body is wrapped, as seen on its BEGIN line.
#[derive(Clone, Copy)]
pub(super) struct Wrapping<'t> {
    /// A mark before every line, such as `# ` or `> `.
    pub(super) prefix: &'t [u8],
}

/// Quotes and commas of the source code or JSON around a section.
fn is_quoting(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b',' | b';')
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0b | 0x0c)
}

/// Where the line at `from` ends, where the next begins, and whether the
/// break is written as `\n`.
fn line(text: &[u8], from: usize, limit: usize) -> (usize, usize, bool) {
    let mut place = from;
    loop {
        let rest = text.get(place..limit).unwrap_or_default();
        let Some(found) = rest
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r' | b'\\'))
        else {
            return (limit, limit, false);
        };
        let end = place + found;
        match rest.get(found..).unwrap_or_default() {
            [b'\r', b'\n', ..] => return (end, end + 2, false),
            [b'\\', tail @ ..] => match escape(tail) {
                Some((len, escaped)) => return (end, end + 1 + len, escaped),
                None => place = end + 1,
            },
            _ => return (end, end + 1, false),
        }
    }
}

/// How many bytes after a backslash belong to a line break, and whether it is written with letters.
pub(super) fn escape(tail: &[u8]) -> Option<(usize, bool)> {
    match tail {
        [b'r', b'\\', b'n', ..] => Some((3, true)),
        // Escaped twice, as in JSON inside JSON.
        [b'\\', b'n' | b'r', ..] => Some((2, true)),
        [b'n' | b'r', ..] => Some((1, true)),
        [b'u', b'0', b'0', b'0', b'a' | b'A' | b'd' | b'D', ..] => Some((5, true)),
        // A continued line of a shell or of C.
        [b'\r', b'\n', ..] => Some((2, false)),
        [b'\n' | b'\r', ..] => Some((1, false)),
        _ => None,
    }
}

impl Body {
    /// Reads `text[start..limit]`, which begins right after the BEGIN line's
    /// last dash.
    pub(super) fn read(text: &[u8], start: usize, limit: usize, wrapping: Wrapping<'_>) -> Self {
        let mut reading = Reading {
            text,
            decoder: Decoder::new(limit.saturating_sub(start)),
            body: Self {
                content: Zeroizing::default(),
                headers: Vec::new(),
                problem: None,
                invisible: None,
                url: None,
                layout: Layout::default(),
                escaped: false,
                on_begin_line: false,
                characters: 0,
            },
            in_headers: true,
            pending_short: None,
            pending_blank: None,
            last: start,
        };
        let mut place = start;
        let mut first = true;
        while place < limit && reading.body.problem.is_none() {
            let (end, next, escaped) = line(text, place, limit);
            reading.body.escaped |= escaped;
            let begin = strip(text, place, end, if first { &[] } else { wrapping.prefix });
            reading.line(begin, end, first);
            first = false;
            place = next;
        }
        reading.finish()
    }
}

/// The start of the line without its wrapping mark.
fn strip(text: &[u8], start: usize, end: usize, prefix: &[u8]) -> usize {
    let line = text.get(start..end).unwrap_or_default();
    let trimmed = prefix.trim_ascii_end();
    if !prefix.is_empty() && line.starts_with(prefix) {
        start + prefix.len()
    } else if !trimmed.is_empty() && line.starts_with(trimmed) {
        start + trimmed.len()
    } else {
        start
    }
}

struct Reading<'t> {
    text: &'t [u8],
    decoder: Decoder,
    body: Body,
    in_headers: bool,
    /// A short line that another may follow, and an empty one.
    pending_short: Option<usize>,
    pending_blank: Option<usize>,
    /// Where the last character of base64 is.
    last: usize,
}

impl Reading<'_> {
    fn line(&mut self, start: usize, end: usize, on_begin_line: bool) {
        let line = self.text.get(start..end).unwrap_or_default();
        let skip = |byte: &&u8| is_blank(**byte) || is_quoting(**byte);
        let front = line.iter().take_while(skip).count();
        if front == line.len() {
            if on_begin_line {
                return;
            }
            // An empty line ends the headers. Before the first header it is only an empty line.
            self.in_headers &= self.body.headers.is_empty();
            if self.body.characters > 0 {
                self.pending_blank.get_or_insert(start);
            }
            return;
        }
        if self.in_headers && !on_begin_line && self.header(line) {
            return;
        }
        self.in_headers = false;
        let before = self.body.characters;

        if line.first().copied().is_some_and(is_blank) {
            self.body.layout.leading.get_or_insert(start);
        }
        self.base64(start + front, end);
        self.body.on_begin_line |= on_begin_line && self.body.characters > before;
        self.measure(start, self.body.characters - before);
    }

    /// Keeps count of the lines' lengths.
    fn measure(&mut self, start: usize, characters: usize) {
        if characters == 0 {
            return;
        }
        let layout = &mut self.body.layout;
        if let Some(place) = self.pending_short.take() {
            layout.short.get_or_insert(place);
        }
        if let Some(place) = self.pending_blank.take() {
            layout.blank_line.get_or_insert(place);
        }
        if characters > 64 && layout.long.is_none_or(|(longest, _)| characters > longest) {
            layout.long = Some((characters, start));
        }
        if characters < 64 {
            self.pending_short = Some(start);
        }
    }

    /// Reads `Name: value`, or the continuation of one; `false` for base64.
    fn header(&mut self, line: &[u8]) -> bool {
        let printable = |bytes: &[u8]| -> String {
            String::from_utf8_lossy(bytes.trim_ascii())
                .chars()
                .take(MAX_HEADER)
                .map(|c| if c.is_control() { '?' } else { c })
                .collect()
        };
        if line.first().copied().is_some_and(is_blank) {
            // RFC 1421 section 4.4: a line that begins with a blank continues the header.
            if let Some((_, value)) = self.body.headers.last_mut() {
                if value.len() < MAX_HEADER {
                    value.push_str(&printable(line));
                }
                return true;
            }
        }
        // Base64 has no colon, so a line with one near its start is a header, whatever its name.
        let Some(colon) = line.iter().take(64).position(|&byte| byte == b':') else {
            return false;
        };
        let (name, value) = line.split_at(colon);
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte == b' ';
        if name.is_empty() || !name.iter().all(is_name) {
            return false;
        }
        if self.body.headers.len() < MAX_HEADERS {
            let value = value.get(1..).unwrap_or_default();
            self.body.headers.push((printable(name), printable(value)));
        }
        true
    }

    fn base64(&mut self, start: usize, end: usize) {
        let mut place = start;
        while place < end {
            let rest = self.text.get(place..end).unwrap_or_default();
            let Some(&byte) = rest.first() else { return };
            if let Some(value) = sextet(byte) {
                if self.decoder.is_padded() {
                    return self.fail(place, "data follows the padding".into());
                }
                self.decoder.push(value);
                self.body.characters += 1;
                self.last = place;
                place += 1;
                continue;
            }
            match rest {
                [b'=', ..] => {
                    if !self.decoder.pad() {
                        return self.fail(place, "a `=` is not allowed here".into());
                    }
                    self.body.characters += 1;
                    place += 1;
                }
                [byte, ..] if is_blank(*byte) => {
                    self.body.layout.trailing.get_or_insert(place);
                    place += 1;
                }
                [byte, ..] if is_quoting(*byte) => place += 1,
                // Two hyphens are the start of a boundary.
                [byte @ (b'-' | b'_'), ..] if !rest.starts_with(b"--") => {
                    // RFC 4648 section 5: 62 and 63.
                    self.decoder.push(if *byte == b'-' { 62 } else { 63 });
                    self.body.url.get_or_insert(place);
                    self.body.characters += 1;
                    place += 1;
                }
                // JSON may write a slash like this.
                [b'\\', b'/', ..] => place += 1,
                // Zero-width and no-break spaces, and byte order marks.
                [0xe2, 0x80, 0x8b..=0x8f, ..] | [0xef, 0xbb, 0xbf, ..] | [0xe2, 0x81, 0xa0, ..] => {
                    self.body.invisible.get_or_insert(place);
                    place += 3;
                }
                [0xc2, 0xa0, ..] => {
                    self.body.invisible.get_or_insert(place);
                    place += 2;
                }
                [0xa0 | 0, ..] => {
                    self.body.invisible.get_or_insert(place);
                    place += 1;
                }
                _ => return self.fail(place, describe(rest)),
            }
        }
    }

    fn fail(&mut self, place: usize, reason: String) {
        self.body.problem.get_or_insert(Problem { place, reason });
    }

    fn finish(self) -> Body {
        let Self {
            decoder,
            mut body,
            last: place,
            ..
        } = self;
        let (content, end) = decoder.finish();
        body.content = content;
        if body.problem.is_none() {
            let reason = match end {
                End::Clean => None,
                End::PaddingMissing => Some("the padding (`=`) at the end is missing"),
                End::TrailingBits => Some("the last character holds bits that belong to no byte"),
                End::OneLeftOver => Some("one character is left over: some are lost"),
            };
            body.problem = reason.map(|reason| Problem {
                place,
                reason: reason.into(),
            });
        }
        body
    }
}

/// The character that is not base64, safe for printing.
fn describe(rest: &[u8]) -> String {
    let shown = rest.get(..rest.len().min(4)).unwrap_or_default();
    let character = match std::str::from_utf8(shown) {
        Ok(text) => text.chars().next(),
        Err(error) => shown
            .get(..error.valid_up_to())
            .and_then(|valid| std::str::from_utf8(valid).ok())
            .and_then(|text| text.chars().next()),
    };
    match (character, rest.first()) {
        (Some(c), _) if c.is_ascii_graphic() => format!("`{c}` is not base64"),
        (Some(c), _) => format!("U+{:04X} is not base64", u32::from(c)),
        (None, Some(byte)) => format!("the byte {byte:02x} is not base64"),
        (None, None) => "the text ends".into(),
    }
}
