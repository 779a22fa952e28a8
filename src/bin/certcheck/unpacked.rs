//! What a command that also accepts archives reads: the members in place of the archive.

use crate::archive::{self, Members};
use crate::bounded;
use crate::failure::Failure;
use crate::input::LIMIT;
use certcheck::Source;
use std::io::{Cursor, Read};
use std::path::Path;

/// The inputs, each archive (zip, tar, gzip, zstd) replaced by its members. All members together
/// may be as large as one file.
///
/// # Errors
/// If part of an archive was not read: the missing part could be what is needed.
pub(crate) fn unpacked(sources: Vec<Source>) -> Result<Vec<Source>, Failure> {
    let mut all = Vec::new();
    let mut unread = Vec::new();
    for source in sources {
        let Some(kind) = archive::kind(source.bytes()) else {
            all.push(source);
            continue;
        };
        let mut taken = Taken {
            archive: source.name(),
            sources: Vec::new(),
            unread: Vec::new(),
        };
        archive::members(kind, Cursor::new(source.bytes()), LIMIT, &mut taken);
        if taken.sources.is_empty() && taken.unread.is_empty() {
            taken
                .unread
                .push(failure(source.name(), "the archive is empty"));
        }
        all.append(&mut taken.sources);
        unread.append(&mut taken.unread);
    }
    match Failure::together(unread) {
        None => Ok(all),
        Some(failure) => Err(failure),
    }
}

struct Taken<'a> {
    archive: &'a str,
    sources: Vec<Source>,
    unread: Vec<Failure>,
}

/// The most failures of one archive that are shown; one is enough to stop.
const FAILURES: usize = 10;

impl Taken<'_> {
    fn name(&self, member: Option<&str>) -> String {
        match member {
            Some(member) => format!("{}: {member}", self.archive),
            None => self.archive.to_owned(),
        }
    }
}

impl Members for Taken<'_> {
    fn file(&mut self, reader: &mut dyn Read, member: Option<&str>) -> bool {
        match bounded::read(reader, 0, LIMIT) {
            Ok((_, false)) => self.problem(member, "it is larger than certcheck reads"),
            Ok((mut bytes, true)) => {
                let name = self.name(member);
                self.sources
                    .push(Source::new(name, std::mem::take(&mut *bytes)));
                true
            }
            Err(error) => self.problem(member, &error.to_string()),
        }
    }

    fn problem(&mut self, member: Option<&str>, why: &str) -> bool {
        self.unread.push(failure(&self.name(member), why));
        self.unread.len() < FAILURES
    }
}

fn failure(name: &str, why: &str) -> Failure {
    Failure::file(Path::new(name), why)
        .help("extract the archive, and give the files or their directory")
}
