//! A large file, PEM section by section: no more than one piece of it is in memory.
//!
//! A piece ends with an END line, so that no section is cut. What must be seen as a whole (DER,
//! a keystore, YAML, JSON) is read up to the limit of all commands.

use super::file::WHOLE;
use super::pool::{Item, Todo};
use crate::archive;
use crate::bounded;
use crate::input;
use certcheck::Source;
use certcheck::command::scan::{Piece, SkipReason, is_one_piece};
use memchr::{memchr, memchr_iter, memmem, memrchr};
use std::fs::Metadata;
use std::io::Read;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// How much is read at once, and how long a piece may be.
const PIECE: usize = 128 << 10;
/// How much of an unfinished line is kept: more than the longest BEGIN line.
const LINE: usize = 1 << 10;
/// Text without a section after which the search ends.
const PATIENCE: u64 = input::LIMIT;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Begin,
    Text,
    End,
}

/// The pieces of a file.
pub(super) struct Sections<R> {
    reader: R,
    path: PathBuf,
    facts: Option<Metadata>,
    buffer: Zeroizing<Vec<u8>>,
    /// Lines of the file before the buffer.
    lines: usize,
    /// There is no END line in the buffer before this place.
    searched: usize,
    /// How much text was skipped.
    passed: u64,
    any: bool,
    /// Whether the user named the file, which may then be a link.
    pub(super) named: bool,
    state: State,
}

impl<R: Read> Sections<R> {
    pub(super) fn new(reader: R, path: &Path, facts: Option<Metadata>) -> Self {
        Self {
            reader,
            path: path.to_owned(),
            facts,
            buffer: Zeroizing::new(Vec::with_capacity(2 * PIECE)),
            lines: 0,
            searched: 0,
            passed: 0,
            any: false,
            named: false,
            state: State::Begin,
        }
    }

    /// Reads some more. Returns whether there was more.
    fn more(&mut self) -> std::io::Result<bool> {
        let before = self.buffer.len();
        if self.buffer.capacity() < before + PIECE {
            // By hand, so that the old contents are wiped.
            let mut larger = Zeroizing::new(Vec::with_capacity((before + PIECE) * 2));
            larger.extend_from_slice(&self.buffer);
            self.buffer = larger;
        }
        self.buffer.resize(before + PIECE, 0);
        let mut filled = before;
        while let Some(rest) = self
            .buffer
            .get_mut(filled..)
            .filter(|rest| !rest.is_empty())
        {
            match self.reader.read(rest) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.buffer.truncate(filled);
                    return Err(error);
                }
            }
        }
        self.buffer.truncate(filled);
        Ok(filled == before + PIECE)
    }

    /// The first `length` bytes of the buffer as a piece.
    fn piece(&mut self, length: usize) -> Todo {
        let bytes = self.buffer.get(..length).unwrap_or_default().to_vec();
        let lines = self.lines;
        self.drop(length);
        let source = Source::new(self.path.to_string_lossy(), bytes);
        let source = match &self.facts {
            Some(facts) => input::with_facts(source, facts),
            None => source,
        };
        let mut piece = Piece::from(source);
        piece.lines = lines;
        self.any = true;
        Todo::Piece(Box::new(piece))
    }

    /// Forgets the first bytes of the buffer.
    fn drop(&mut self, length: usize) {
        let gone = self.buffer.get(..length).unwrap_or_default();
        self.lines += memchr_iter(b'\n', gone).count();
        self.buffer.drain(..length);
        self.searched = 0;
    }

    fn skip(&mut self, reason: SkipReason, more: &str) -> Todo {
        self.state = State::End;
        self.remark(reason, more)
    }

    fn remark(&self, reason: SkipReason, more: &str) -> Todo {
        let more = (!more.is_empty()).then(|| more.to_owned());
        Todo::Done(Item::skip(reason, &self.path, more))
    }

    fn failed(&mut self, error: &std::io::Error) -> Todo {
        let reason = if self.any {
            SkipReason::Incomplete
        } else {
            SkipReason::Unreadable
        };
        self.skip(reason, &error.to_string())
    }

    /// What the file is, by its first bytes.
    fn begin(&mut self) -> Option<Todo> {
        let more = match self.more() {
            Ok(more) => more,
            Err(error) => return Some(self.failed(&error)),
        };
        self.state = State::Text;
        if !more {
            self.state = State::End;
            return Some(self.piece(self.buffer.len()));
        }
        if let Some(kind) = archive::kind(&self.buffer) {
            self.state = State::End;
            // The directory of a zip file is at its end, and only a file can be opened again.
            return Some(match (kind, &self.facts) {
                (_, Some(_)) => Todo::Archive {
                    path: self.path.clone(),
                    named: self.named,
                },
                (_, None) => self.remark(
                    SkipReason::Incomplete,
                    "an archive without a name: give its path",
                ),
            });
        }
        if is_one_piece(&self.buffer) {
            let most = input::LIMIT.saturating_sub(self.buffer.len() as u64);
            let length = self.length();
            let rest = bounded::read(&mut self.reader, length, most);
            return Some(match rest {
                Ok((rest, true)) => {
                    self.state = State::End;
                    let mut all =
                        Zeroizing::new(Vec::with_capacity(self.buffer.len() + rest.len()));
                    all.extend_from_slice(&self.buffer);
                    all.extend_from_slice(&rest);
                    self.buffer = all;
                    self.piece(self.buffer.len())
                }
                Ok((_, false)) => {
                    let limit = input::LIMIT >> 20;
                    let why = format!("more than {limit} MiB that are not PEM");
                    self.skip(SkipReason::TooLarge, &why)
                }
                Err(error) => self.failed(&error),
            });
        }
        if memchr(0, &self.buffer).is_some() {
            return Some(self.skip(SkipReason::Binary, ""));
        }
        None
    }

    /// How long the rest of the file is, by its metadata.
    fn length(&self) -> u64 {
        let facts = self.facts.as_ref();
        let all = facts.map_or(WHOLE, Metadata::len);
        all.saturating_sub(self.buffer.len() as u64)
    }

    /// Where the last section that is complete in the buffer ends.
    fn last_end(&mut self) -> Option<usize> {
        // The line may have begun in the part that was already searched.
        let from = self.searched.saturating_sub(LINE);
        let fresh = self.buffer.get(from..)?;
        let found = memmem::rfind(fresh, b"-----END ").and_then(|at| {
            let line = fresh.get(at..)?;
            Some(from + at + memchr(b'\n', line)? + 1)
        });
        if found.is_none() {
            self.searched = self.buffer.len();
        }
        found
    }

    /// Forgets text that is not part of a section.
    fn pass_over(&mut self) -> Option<Todo> {
        let begin = memmem::find(&self.buffer, b"-----BEGIN ");
        if let Some(begin) = begin {
            if self.buffer.len() as u64 <= input::LIMIT {
                return None;
            }
            let why = format!("a PEM section of more than {} MiB", input::LIMIT >> 20);
            self.drop((begin + LINE).min(self.buffer.len()));
            return Some(self.remark(SkipReason::TooLarge, &why));
        }
        // Up to the last whole line: a BEGIN line may be cut off at the end of the buffer.
        let line = memrchr(b'\n', &self.buffer).map_or(0, |at| at + 1);
        let length = line.max(self.buffer.len().saturating_sub(LINE));
        self.passed += length as u64;
        self.drop(length);
        if self.passed <= PATIENCE {
            return None;
        }
        Some(if self.any {
            let why = format!("its last {} MiB have no PEM section", PATIENCE >> 20);
            self.skip(SkipReason::Incomplete, &why)
        } else {
            self.skip(SkipReason::LongText, "")
        })
    }
}

impl<R: Read> Iterator for Sections<R> {
    type Item = Todo;

    fn next(&mut self) -> Option<Todo> {
        if self.state == State::Begin
            && let Some(first) = self.begin()
        {
            return Some(first);
        }
        while self.state == State::Text {
            if self.buffer.len() >= PIECE
                && let Some(end) = self.last_end()
            {
                self.passed = 0;
                return Some(self.piece(end));
            }
            if self.buffer.len() >= PIECE
                && let Some(todo) = self.pass_over()
            {
                return Some(todo);
            }
            match self.more() {
                Ok(true) => {}
                Ok(false) => {
                    self.state = State::End;
                    return Some(self.piece(self.buffer.len()));
                }
                Err(error) => return Some(self.failed(&error)),
            }
        }
        None
    }
}
