//! Answers the questions of [`HostFacts`] about this machine, or about a scratch tree, from files.

use crate::rooted;
use certcheck::trust_store::{HostFacts, HostQuestion, READ_LIMIT};
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The most files of one directory that are read. Debian's has 300.
const FILES: usize = 10_000;
/// The most bytes that are read of a machine: a hostile tree must not fill the memory.
const TOTAL: u64 = 256 << 20;
/// The most levels below a directory that is listed with all its contents.
const DEPTH: u8 = 8;
/// Which system it is, os-release(5): read first.
const RELEASE: &str = "/etc/os-release";

/// What was seen, and what could not be examined.
pub(crate) struct Seen {
    /// The facts.
    pub(crate) facts: HostFacts,
    /// Paths, and why they were not checked.
    pub(crate) unread: Vec<(String, String)>,
    places: Places,
}

/// What was already opened: stores name the same bundle several times, and most entries of
/// OpenSSL's directory are links to one another.
#[derive(Default)]
struct Places {
    /// Files, by the path that was asked for.
    read: HashSet<String>,
    /// The path under which a file's contents are known, by device and inode.
    files: HashMap<(u64, u64), String>,
    /// Directories and the names in them.
    listed: HashMap<String, Vec<String>>,
}

/// Looks at this machine, or at the tree `root`; `home` is as the machine names it.
pub(crate) fn look(root: Option<&Path>, home: Option<&str>) -> Seen {
    let mut look = Look {
        root,
        facts: HostFacts::unknown(),
        unread: Vec::new(),
        left: TOTAL,
        places: Places::default(),
    };
    let release = look.bytes(RELEASE);
    let words = release.as_deref().map(String::from_utf8_lossy);
    look.facts = HostFacts::from_listing(words.as_deref(), Vec::<String>::new());
    if let Some(bytes) = release {
        look.facts.add_file(RELEASE, bytes);
        look.places.read.insert(RELEASE.to_owned());
    }
    for question in HostFacts::questions(home) {
        look.answer(question);
    }
    let facts = match home {
        Some(home) => look.facts.with_home(home),
        None => look.facts,
    };
    Seen {
        facts,
        unread: look.unread,
        places: look.places,
    }
}

impl Seen {
    /// Whether everything in these files and directories was examined.
    pub(crate) fn is_whole(&self, places: &[String]) -> bool {
        let inside = |path: &str| places.iter().any(|place| path.starts_with(place.as_str()));
        !self.unread.iter().any(|(path, _)| inside(path))
    }

    /// The same, with the files that variables of this process's environment name.
    pub(crate) fn with_environment(mut self) -> Self {
        let set: Vec<(String, String)> = HostFacts::variables()
            .filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?)))
            .filter(|(_, path)| !path.is_empty())
            .collect();
        let mut look = Look {
            root: None,
            facts: self.facts,
            unread: self.unread,
            left: TOTAL,
            places: self.places,
        };
        for (_, path) in &set {
            look.read(path);
        }
        self.facts = look.facts.with_environment(set);
        self.unread = look.unread;
        self.places = look.places;
        self
    }
}

struct Look<'r> {
    root: Option<&'r Path>,
    facts: HostFacts,
    unread: Vec<(String, String)>,
    left: u64,
    places: Places,
}

impl Look<'_> {
    fn answer(&mut self, question: HostQuestion) {
        match question {
            HostQuestion::Exists(path) => self.exists(path),
            HostQuestion::Read(path) => self.read(&path),
            HostQuestion::List {
                directory,
                recursive,
            } => {
                let mut files = FILES;
                self.list(&directory, if recursive { DEPTH } else { 0 }, &mut files);
            }
            HostQuestion::Find { directory, name } => {
                for entry in self.names(&directory) {
                    self.exists(format!("{directory}/{entry}/{name}"));
                }
            }
            _ => {}
        }
    }

    fn exists(&mut self, path: String) {
        if self.resolved(&path).is_ok_and(|on_disk| on_disk.exists()) {
            self.facts.add(path);
        }
    }

    fn read(&mut self, path: &str) {
        if self.places.read.insert(path.to_owned())
            && let Some(bytes) = self.bytes(path)
        {
            self.facts.add_file(path, bytes);
        }
    }

    /// The contents of a regular file; anything else is not a store.
    fn bytes(&mut self, path: &str) -> Option<Vec<u8>> {
        match self.contents(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.complain(path, &error);
                None
            }
        }
    }

    fn contents(&mut self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let on_disk = self.resolved(path)?;
        // Examined before it is opened: opening a pipe would wait for a writer.
        let file = fs::metadata(&on_disk)?;
        if !file.is_file() {
            return Ok(None);
        }
        let most = READ_LIMIT.min(self.left);
        let id = identity(&file);
        let known = id.and_then(|id| self.facts.contents(self.places.files.get(&id)?));
        let bytes = match known {
            Some(bytes) => bytes.to_vec(),
            None => {
                let mut bytes = Vec::new();
                File::open(&on_disk)?
                    // One byte more than the limit shows that the file is longer, whatever its
                    // metadata says.
                    .take(most + 1)
                    .read_to_end(&mut bytes)?;
                bytes
            }
        };
        if let Some(id) = id {
            self.places
                .files
                .entry(id)
                .or_insert_with(|| path.to_owned());
        }
        let size = bytes.len() as u64;
        if size > most {
            return Err(io::Error::other(format!(
                "certcheck reads at most {} MiB",
                most >> 20
            )));
        }
        self.left -= size;
        Ok(Some(bytes))
    }

    fn list(&mut self, directory: &str, depth: u8, files: &mut usize) {
        let names = self.names(directory);
        for name in names {
            let path = format!("{directory}/{name}");
            // A dangling link is reported when it is read.
            let is_directory = self.resolved(&path).is_ok_and(|on_disk| on_disk.is_dir());
            if is_directory {
                if depth > 0 {
                    self.list(&path, depth - 1, files);
                }
                continue;
            }
            let Some(rest) = files.checked_sub(1) else {
                self.complain(directory, &io::Error::other("it holds too many files"));
                return;
            };
            *files = rest;
            self.read(&path);
        }
    }

    /// The names in a directory, in order; the directory itself becomes a fact.
    fn names(&mut self, directory: &str) -> Vec<String> {
        if let Some(names) = self.places.listed.get(directory) {
            return names.clone();
        }
        let names = self.entries(directory);
        self.places
            .listed
            .insert(directory.to_owned(), names.clone());
        names
    }

    fn entries(&mut self, directory: &str) -> Vec<String> {
        let entries = self.resolved(directory).and_then(fs::read_dir);
        let names: io::Result<Vec<OsString>> = match entries {
            Ok(entries) => entries
                .take(FILES)
                .map(|entry| entry.map(|entry| entry.file_name()))
                .collect(),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Vec::new(),
            Err(error) => Err(error),
        };
        match names {
            Ok(mut names) => {
                self.facts.add(directory);
                // The order of a directory depends on the file system; answers must not.
                names.sort();
                names
                    .into_iter()
                    .filter_map(|name| self.plain(directory, &name))
                    .collect()
            }
            Err(error) => {
                self.complain(directory, &error);
                Vec::new()
            }
        }
    }

    /// A name that can be written down and passed on. Stores do not use others.
    fn plain(&mut self, directory: &str, name: &OsString) -> Option<String> {
        let plain = name
            .to_str()
            .filter(|name| !name.chars().any(char::is_control));
        if plain.is_none() {
            self.complain(
                directory,
                &io::Error::other(format!("a file in it is called {name:?}")),
            );
        }
        plain.map(str::to_owned)
    }

    /// A missing file is an answer; any other error is not.
    fn complain(&mut self, path: &str, error: &io::Error) {
        let known = self.unread.iter().any(|(unread, _)| unread == path);
        if error.kind() != io::ErrorKind::NotFound && !known {
            self.unread.push((path.to_owned(), error.to_string()));
        }
    }

    fn resolved(&self, path: &str) -> io::Result<PathBuf> {
        rooted::resolved(self.root, path)
    }
}

/// Which file it is, whatever it is called.
#[cfg(unix)]
fn identity(file: &fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> Option<(u64, u64)> {
    None
}
