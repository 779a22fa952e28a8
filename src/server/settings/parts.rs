//! The files of the settings, and the file of each line.
//!
//! The readers number the lines of all files in sequence: the second file begins after the last
//! line of the first. So one number identifies a line everywhere, and only [`Settings::place`]
//! knows its file. A file that is included twice has one place.

use super::Settings;
use crate::source::Lines;
use std::collections::HashMap;

/// The text of a file of settings, which `Debug` does not show: it may hold passwords.
#[derive(Clone, Default, PartialEq, Eq)]
struct Text(Box<str>);

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({} bytes)", self.0.len())
    }
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    name: String,
    /// How many lines all files before it have.
    before: usize,
    text: Text,
}

/// All files, in the order in which they were first read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    all: Vec<Part>,
    known: HashMap<String, usize>,
    lines: usize,
}

/// A line of settings, as a person finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place<'s> {
    /// The file; `None`: the first one given.
    pub file: Option<&'s str>,
    /// The lines in that file.
    pub lines: Lines,
}

impl Settings {
    /// Begins a file: returns the number to add to each of its lines.
    pub(super) fn enter(&mut self, name: &str, text: &str) -> usize {
        if let Some(&before) = self.parts.known.get(name) {
            return before;
        }
        let before = self.parts.lines;
        // One more: something missing at the end of a file is reported about the line after it.
        self.parts.lines += text.bytes().filter(|&byte| byte == b'\n').count() + 2;
        let _ = self.parts.known.insert(name.to_owned(), before);
        self.parts.all.push(Part {
            name: name.to_owned(),
            before,
            text: Text(text.into()),
        });
        before
    }

    /// The file and the lines in it, of lines that a setting or a finding has.
    ///
    /// ```
    /// use certcheck::{Source, server::{Profile, settings::{Context, Looked, Looks, Settings}}};
    /// let nginx = Profile::named("nginx").unwrap();
    /// let main = Source::new("a.conf", b"include b.conf;\n".to_vec());
    /// let inner = Source::new("/etc/b.conf", b"\nserver { ssl_certificate c.pem; }\n".to_vec());
    /// let looks = Looks::from([("/etc/b.conf".to_owned(), Looked::Read(inner))]);
    /// let context = Context::at("/etc").with_looked(&looks);
    /// let settings = Settings::read(nginx, &main, &context).unwrap();
    /// let place = settings.place(settings.scopes[0].certificates[0].lines.unwrap());
    /// assert_eq!((place.file, place.lines.first), (Some("/etc/b.conf"), 2));
    /// ```
    pub fn place(&self, lines: Lines) -> Place<'_> {
        let index = self.part_of(lines.first);
        let Some(part) = index.and_then(|index| self.parts.all.get(index)) else {
            return Place { file: None, lines };
        };
        let own = |line: usize| line.saturating_sub(part.before).max(1);
        Place {
            file: (index != Some(0)).then_some(part.name.as_str()),
            lines: Lines::new(own(lines.first), own(lines.last)),
        }
    }

    /// Whether the name means the server's command line, not a file.
    pub(crate) fn is_command_line(name: &str) -> bool {
        name == super::command_line::NAME
    }

    /// The names of all files that were read, the first one first.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.parts.all.iter().map(|part| part.name.as_str())
    }

    /// The files whose lines are not numbered with the others: crt-lists, pg_hba.conf.
    pub fn files_beside(&self) -> impl Iterator<Item = &str> {
        self.beside.iter().map(String::as_str)
    }

    /// Records a settings file with its own syntax.
    pub(super) fn read_beside(&mut self, path: &str) {
        const MOST: usize = 10_000;
        if self.beside.len() < MOST && !self.beside.iter().any(|known| known == path) {
            self.beside.push(path.to_owned());
        }
    }

    /// Each file and its text.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let parts = self.parts.all.iter();
        parts.map(|part| (part.name.as_str(), &*part.text.0))
    }

    /// The number of `line` in its file, if that is also the file of `other`.
    pub(super) fn line_beside(&self, line: usize, other: usize) -> Option<u64> {
        if self.part_of(line)? != self.part_of(other)? {
            return None;
        }
        let own = self.place(Lines::new(line, line)).lines.first;
        u64::try_from(own).ok()
    }

    fn part_of(&self, line: usize) -> Option<usize> {
        let parts = &self.parts.all;
        parts
            .partition_point(|part| part.before < line)
            .checked_sub(1)
    }
}
