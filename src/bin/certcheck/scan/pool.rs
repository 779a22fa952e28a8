//! The threads, and the order of what they see.

use super::file::{self, WHOLE};
use super::sections::Sections;
use super::stop::Stop;
use super::walk::Roots;
use crate::parallel::{Feed, Next, Results, in_order, processors};
use certcheck::command::scan::{Looked, Piece, Scanner, SkipReason};
use std::path::{Path, PathBuf};

/// Files of one batch: enough that a channel for each costs nothing.
const FILES: usize = 32;

/// What comes out, in the order of the tree.
pub(crate) enum Item {
    /// What was seen of a file; with its rows, where they could be written already.
    Looked(Box<Looked>, Option<String>),
    /// What was not read.
    Skipped(SkipReason, String, Option<String>),
}

impl Item {
    pub(super) fn skip(reason: SkipReason, path: &Path, more: Option<String>) -> Self {
        Self::Skipped(reason, path.to_string_lossy().into_owned(), more)
    }
}

/// What is to be done.
pub(super) enum Todo {
    /// To look at a file.
    File {
        path: PathBuf,
        size: u64,
        /// Whether the user named it.
        named: bool,
    },
    /// To look at a piece of a large file.
    Piece(Box<Piece>),
    /// Nothing more.
    Done(Item),
}

/// Looks at everything; `rows` writes what can be written before the order is known, and
/// `take` gets all of it in the order of the tree, and says whether to go on.
pub(crate) fn run(
    roots: &Roots,
    scanner: &Scanner,
    stop: &Stop,
    rows: impl Fn(&Looked) -> Option<String> + Sync,
    mut take: impl FnMut(Item) -> bool,
) {
    in_order(
        processors(),
        |feed| Walker::new(feed, stop).all(roots),
        |batch, results| look(batch, results, scanner, stop, &rows),
        |next| {
            let goes_on = match next {
                Next::Result(item) => take(item),
                Next::Wait => true,
            };
            if !goes_on {
                stop.set();
            }
            goes_on
        },
    );
}

fn look(
    batch: Vec<Todo>,
    results: &Results<Item>,
    scanner: &Scanner,
    stop: &Stop,
    rows: &impl Fn(&Looked) -> Option<String>,
) {
    for todo in batch {
        if stop.is_set() {
            return;
        }
        let (piece, remark) = match todo {
            Todo::Done(item) => (None, Some(item)),
            Todo::Piece(piece) => {
                let looked = scanner.look(*piece);
                // Its numbers within the file are not known yet.
                if !results.give(Item::Looked(Box::new(looked), None)) {
                    return;
                }
                continue;
            }
            Todo::File { path, named, .. } => match file::read(&path, named) {
                Ok((piece, remark)) => (Some(piece), remark),
                Err(item) => (None, Some(item)),
            },
        };
        let looked = piece.map(|piece| {
            let mut looked = scanner.look(piece);
            let rows = rows(&looked);
            if rows.is_some() {
                looked.objects = Vec::new();
            }
            Item::Looked(Box::new(looked), rows)
        });
        for item in looked.into_iter().chain(remark) {
            if !results.give(item) {
                return;
            }
        }
    }
}

/// Fills batches.
struct Walker<'s> {
    feed: Feed<Vec<Todo>, Item>,
    stop: &'s Stop,
    todo: Vec<Todo>,
}

impl<'s> Walker<'s> {
    const fn new(feed: Feed<Vec<Todo>, Item>, stop: &'s Stop) -> Self {
        Self {
            feed,
            stop,
            todo: Vec::new(),
        }
    }

    fn all(mut self, roots: &Roots) {
        if roots.stdin && !self.stdin() {
            return;
        }
        let stop = self.stop;
        roots.walk(stop, |todo| self.take(todo));
        self.send();
    }

    /// Standard input is read like a large file: it has no size.
    fn stdin(&mut self) -> bool {
        let sections = Sections::new(std::io::stdin().lock(), Path::new("-"), None);
        self.large(sections)
    }

    fn take(&mut self, todo: Todo) -> bool {
        if let Todo::File { path, size, named } = &todo
            && *size > WHOLE
        {
            let sections = match file::open(path, *named) {
                Ok((file, facts)) => Sections::new(file, path, Some(facts)),
                Err(item) => return self.one(Todo::Done(item)),
            };
            return self.large(sections);
        }
        self.todo.push(todo);
        self.todo.len() < FILES || self.send()
    }

    fn large(&mut self, sections: Sections<impl std::io::Read>) -> bool {
        self.send() && sections.into_iter().all(|todo| self.one(todo))
    }

    fn one(&mut self, todo: Todo) -> bool {
        self.todo.push(todo);
        self.send()
    }

    /// Hands over what was gathered; whether to go on.
    fn send(&mut self) -> bool {
        if self.stop.is_set() {
            return false;
        }
        if self.todo.is_empty() {
            return true;
        }
        self.feed.give(std::mem::take(&mut self.todo))
    }
}
