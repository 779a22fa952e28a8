//! The names of files, a hundred thousand of them in a few megabytes.

use super::result::Spot;
use crate::finding::{Part, Subject};
use crate::source::Lines;

/// Separates a file's name from what is within: no file name contains it (POSIX.1-2017 3.170).
const BETWEEN: char = '\0';

/// Where an object is, in sixteen bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    file: u32,
    index: u32,
    /// 0 where there are no lines.
    line: u32,
    part: Part,
}

/// The names: a directory is kept once for the files in it that follow one another.
#[derive(Default)]
pub(super) struct Names {
    directories: Vec<Box<str>>,
    text: String,
    /// For each name its directory, and where it begins in the text.
    names: Vec<(u32, u32)>,
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Names {
    /// Keeps a name, if it is not that of the last call.
    pub(super) fn file(&mut self, file: &str, member: Option<&str>) -> u32 {
        match member {
            None => self.name(file),
            Some(member) => self.name(&format!("{file}{BETWEEN}{member}")),
        }
    }

    fn name(&mut self, name: &str) -> u32 {
        let last = number(self.names.len().saturating_sub(1));
        if !self.names.is_empty() && self.is(last, name) {
            return last;
        }
        let file = name.find(BETWEEN).and_then(|at| name.get(..at));
        let (directory, own) = match file.unwrap_or(name).rfind('/') {
            Some(at) => name.split_at(at + 1),
            None => ("", name),
        };
        if self
            .directories
            .last()
            .is_none_or(|last| **last != *directory)
        {
            self.directories.push(directory.into());
        }
        let directory = number(self.directories.len() - 1);
        self.names.push((directory, number(self.text.len())));
        self.text.push_str(own);
        number(self.names.len() - 1)
    }

    pub(super) fn place(file: u32, index: usize, line: Option<usize>, part: Part) -> Place {
        Place {
            file,
            index: number(index),
            line: line.map_or(0, number),
            part,
        }
    }

    pub(super) fn spot(&self, place: Place) -> Spot {
        let (directory, own) = self.parts(place.file);
        let (own, member) = match own.split_once(BETWEEN) {
            Some((own, member)) => (own, Some(member.to_owned())),
            None => (own, None),
        };
        Spot {
            source: format!("{directory}{own}"),
            member,
            index: usize::try_from(place.index).unwrap_or(usize::MAX),
            line: usize::try_from(place.line).ok().filter(|line| *line > 0),
        }
    }

    /// The same, as the subject of a finding.
    pub(super) fn subject(&self, place: Place) -> Subject {
        let spot = self.spot(place);
        Subject {
            source: spot.source,
            part: place.part,
            index: spot.index,
            lines: spot.line.map(|line| Lines::new(line, line)),
        }
    }

    fn is(&self, file: u32, name: &str) -> bool {
        let (directory, own) = self.parts(file);
        name.strip_prefix(directory) == Some(own)
    }

    fn parts(&self, file: u32) -> (&str, &str) {
        let at = usize::try_from(file).unwrap_or(usize::MAX);
        let Some(&(directory, begin)) = self.names.get(at) else {
            return ("", "");
        };
        let end = self.names.get(at + 1).map(|next| next.1);
        let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let end = end.map_or(self.text.len(), size);
        let own = self.text.get(size(begin)..end).unwrap_or_default();
        let directory = self.directories.get(size(directory));
        (directory.map_or("", |name| name), own)
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, Part};

    #[test]
    fn names_come_back() {
        let mut names = Names::default();
        let all = ["a/b/c.crt", "a/b/d.crt", "x", "a/b/e", "a//f", "/g", ""];
        let files: Vec<_> = all.iter().map(|name| names.file(name, None)).collect();
        assert_eq!(names.file("", None), files[6]);
        let inside = names.file("a/b.tar", Some("x/y.crt"));
        let spot = names.spot(Names::place(inside, 0, None, Part::File));
        assert_eq!(
            (spot.source.as_str(), spot.member.as_deref()),
            ("a/b.tar", Some("x/y.crt"))
        );
        for (name, file) in all.iter().zip(files) {
            let spot = names.spot(Names::place(file, 3, Some(7), Part::File));
            assert_eq!(
                (spot.source.as_str(), spot.index, spot.line),
                (*name, 3, Some(7))
            );
        }
    }
}
