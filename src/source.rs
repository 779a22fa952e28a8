//! The name and the bytes of one input, and the way from a byte to its line.
//!
//! Nothing here opens a file: the caller already has the bytes, and knows the file's attributes on
//! the host.

mod access_list;

pub use access_list::AccessList;

use std::sync::OnceLock;
use zeroize::Zeroizing;

/// A half-open range of byte offsets in a [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The range from `start` up to, not including, `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// How many bytes it covers.
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it covers nothing.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// The first and the last line of a range, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lines {
    /// The line it begins on.
    pub first: usize,
    /// The line it ends on.
    pub last: usize,
}

impl Lines {
    /// Both ends of a range of lines.
    pub const fn new(first: usize, last: usize) -> Self {
        Self { first, last }
    }
}

/// What the host says about the file behind a [`Source`] (POSIX).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// The permission bits, `0o600` for a file only its owner may read and write.
    pub mode: u32,
    /// The owner's user id.
    pub uid: u32,
    /// The file's group id.
    pub gid: u32,
}

/// A file or directory, with its attributes on the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guarded {
    /// Its path.
    pub path: String,
    /// Owner, group and mode.
    pub facts: FileFacts,
    /// Its access control list, if it has one.
    pub access_list: Option<AccessList>,
}

/// One input: the name that the user gave it and its bytes.
///
/// The bytes may hold a private key: they are wiped when the source is
/// dropped, and `Debug` shows their number only.
pub struct Source {
    name: String,
    bytes: Zeroizing<Vec<u8>>,
    file: Option<FileFacts>,
    access_list: Option<AccessList>,
    directories: Vec<Guarded>,
    line_starts: OnceLock<Vec<usize>>,
}

impl Source {
    /// An input called `name` in every finding about it.
    ///
    /// ```
    /// let source = certcheck::Source::new("server.crt", b"one\r\ntwo\n".to_vec());
    /// assert_eq!(source.line_of(5), 2);
    /// ```
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self {
            name: name.into(),
            bytes: Zeroizing::new(bytes),
            file: None,
            access_list: None,
            directories: Vec::new(),
            line_starts: OnceLock::new(),
        }
    }

    /// The same input with what the host says about its file.
    #[must_use]
    pub fn with_file(mut self, facts: FileFacts) -> Self {
        self.file = Some(facts);
        self
    }

    /// The same input with the access control list of its file.
    #[must_use]
    pub fn with_access_list(mut self, list: AccessList) -> Self {
        self.access_list = Some(list);
        self
    }

    /// The same input with what the host says about the directories that lead to its
    /// file, links followed.
    #[must_use]
    pub fn with_directories(mut self, directories: Vec<Guarded>) -> Self {
        self.directories = directories;
        self
    }

    /// The name that the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The input as it was read.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The host's facts about the file, if given.
    pub fn file(&self) -> Option<FileFacts> {
        self.file
    }

    /// The access control list of the file, if it has one and it was given.
    pub fn access_list(&self) -> Option<&AccessList> {
        self.access_list.as_ref()
    }

    /// The directories that lead to the file, each with the host's facts about it, if given.
    pub fn directories(&self) -> &[Guarded] {
        &self.directories
    }

    /// The line, counted from 1, on which the byte at `offset` is.
    ///
    /// Lines end with LF, CR LF or a lone CR. An offset past the end belongs
    /// to the last line.
    pub fn line_of(&self, offset: usize) -> usize {
        let starts = self.line_starts.get_or_init(|| line_starts(&self.bytes));
        starts.partition_point(|&start| start <= offset).max(1)
    }

    /// The lines that `span` touches.
    pub fn lines(&self, span: Span) -> Lines {
        let last = span.end.saturating_sub(1).max(span.start);
        Lines::new(self.line_of(span.start), self.line_of(last))
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.name)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

fn line_starts(bytes: &[u8]) -> Vec<usize> {
    let mut starts = vec![0];
    let mut previous = 0;
    for (offset, &byte) in bytes.iter().enumerate() {
        if previous == b'\r' && byte != b'\n' {
            starts.push(offset);
        }
        if byte == b'\n' {
            starts.push(offset + 1);
        }
        previous = byte;
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_lf_crlf_and_cr() {
        let source = Source::new("x", b"a\nb\r\nc\rd".to_vec());
        let lines: Vec<_> = (0..8).map(|offset| source.line_of(offset)).collect();
        assert_eq!(lines, [1, 1, 2, 2, 2, 3, 3, 4]);
    }

    #[test]
    fn a_span_that_ends_with_its_newline_stays_on_its_line() {
        let source = Source::new("x", b"one\ntwo\nthree\n".to_vec());
        assert_eq!(source.lines(Span::new(0, 8)), Lines::new(1, 2));
        assert_eq!(source.lines(Span::new(4, 4)), Lines::new(2, 2));
    }

    #[test]
    fn debug_does_not_show_the_bytes() {
        let shown = format!("{:?}", Source::new("k", b"secret".to_vec()));
        assert!(!shown.contains("secret") && shown.contains('6'), "{shown}");
    }
}
