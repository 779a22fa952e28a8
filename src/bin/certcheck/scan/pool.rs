//! The threads, and the order of their results.

use super::file::{self, WHOLE};
use super::members;
use super::sections::Sections;
use super::stop::Stop;
use super::walk::Roots;
use crate::archive;
use crate::parallel::{Feed, Next, Results, in_order, processors};
use certcheck::command::scan::{Looked, Piece, Scanner, SkipReason};
use std::io::{Cursor, Read, Seek};
use std::path::{Path, PathBuf};

/// Files of one batch: enough that a channel for each costs nothing.
const FILES: usize = 32;

/// What comes out, in the order of the tree.
pub(crate) enum Item {
    /// What was found in a file, with its rows if they could already be written.
    Looked(Box<Looked>, Option<String>),
    /// What was not read.
    Skipped(SkipReason, String, Option<String>),
}

impl Item {
    pub(super) fn skip(reason: SkipReason, path: &Path, more: Option<String>) -> Self {
        Self::Skipped(reason, path.to_string_lossy().into_owned(), more)
    }
}

/// What remains to be done.
pub(super) enum Todo {
    /// To look at a file.
    File {
        path: PathBuf,
        size: u64,
        /// Whether the user named it.
        named: bool,
    },
    /// To look into a large archive.
    Archive { path: PathBuf, named: bool },
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
        let goes_on = match todo {
            Todo::Done(item) => results.give(item),
            // Its line numbers within the file are not known yet.
            Todo::Piece(piece) => results.give(Item::Looked(Box::new(scanner.look(*piece)), None)),
            Todo::Archive { path, named } => match file::open(&path, named) {
                Ok((file, _)) => unpack(file, &path, results, scanner, stop),
                Err(item) => results.give(item),
            },
            Todo::File { path, named, .. } => match file::read(&path, named) {
                Ok((piece, _)) if archive::kind(piece.source.bytes()).is_some() => {
                    let bytes = Cursor::new(piece.source.bytes());
                    unpack(bytes, &path, results, scanner, stop)
                }
                Ok((piece, remark)) => {
                    let mut looked = scanner.look(piece);
                    let rows = rows(&looked);
                    if rows.is_some() {
                        // Their rows are text now; in a tree of a million files the objects would
                        // fill the memory while they wait for their turn.
                        looked.objects = Vec::new();
                    }
                    results.give(Item::Looked(Box::new(looked), rows))
                        && remark.is_none_or(|remark| results.give(remark))
                }
                Err(item) => results.give(item),
            },
        };
        if !goes_on {
            return;
        }
    }
}

/// Looks at the members of an archive.
fn unpack(
    mut file: impl Read + Seek,
    path: &Path,
    results: &Results<Item>,
    scanner: &Scanner,
    stop: &Stop,
) -> bool {
    let mut begin = Vec::new();
    let read = (&mut file).take(512).read_to_end(&mut begin);
    let Some(kind) = read.ok().and_then(|_| archive::kind(&begin)) else {
        return results.give(Item::skip(SkipReason::Incomplete, path, None));
    };
    // It counts as a file, even if nothing is in it.
    let none = Looked::of_nothing(&path.to_string_lossy());
    let mut goes_on = results.give(Item::Looked(Box::new(none), None));
    members::pieces(kind, file, path, &mut |todo| {
        goes_on = goes_on
            && !stop.is_set()
            && match todo {
                Todo::Piece(piece) => {
                    results.give(Item::Looked(Box::new(scanner.look(*piece)), None))
                }
                Todo::Done(item) => results.give(item),
                Todo::File { .. } | Todo::Archive { .. } => true,
            };
        goes_on
    });
    goes_on
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
            // Read by this thread, which knows the order of the pieces; the threads only look at
            // them.
            && *size > WHOLE
        {
            let mut sections = match file::open(path, *named) {
                Ok((file, facts)) => Sections::new(file, path, Some(facts)),
                Err(item) => return self.one(Todo::Done(item)),
            };
            sections.named = *named;
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

    /// Hands over what was gathered. Returns whether to go on.
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
