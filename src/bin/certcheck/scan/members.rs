//! The members of an archive, as pieces of the file that they are in.

use super::pool::{Item, Todo};
use super::sections::Sections;
use crate::archive::{self, Kind, Members};
use certcheck::command::scan::SkipReason;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// How much any archive may unpack to, and how much more for each of its bytes: text is compressed
/// ten or twenty times.
const ALLOWANCE: u64 = 64 << 20;
const RATIO: u64 = 100;

/// Gives the pieces of all members of an archive; `give` says whether to go on.
pub(super) fn pieces(
    kind: Kind,
    mut file: impl Read + Seek,
    path: &Path,
    give: &mut dyn FnMut(Todo) -> bool,
) {
    let size = file.seek(SeekFrom::End(0)).unwrap_or(0);
    let allowance = ALLOWANCE + size.saturating_mul(RATIO);
    archive::members(kind, file, allowance, &mut Pieces { path, give });
}

struct Pieces<'a> {
    path: &'a Path,
    give: &'a mut dyn FnMut(Todo) -> bool,
}

impl Members for Pieces<'_> {
    fn file(&mut self, reader: &mut dyn Read, member: Option<&str>) -> bool {
        for todo in Sections::new(reader, self.path, None) {
            let todo = match todo {
                Todo::Piece(mut piece) => {
                    piece.member = member.map(str::to_owned);
                    Todo::Piece(piece)
                }
                Todo::Done(Item::Skipped(reason, path, more)) => {
                    // A large picture in an archive is not worth reporting.
                    if !reason.matters() {
                        continue;
                    }
                    let more = [member.map(str::to_owned), more];
                    let more: Vec<_> = more.into_iter().flatten().collect();
                    Todo::Done(Item::Skipped(reason, path, Some(more.join(": "))))
                }
                todo => todo,
            };
            if !(self.give)(todo) {
                return false;
            }
        }
        true
    }

    fn problem(&mut self, member: Option<&str>, why: &str) -> bool {
        let why = match member {
            Some(member) => format!("{member}: {why}"),
            None => why.to_owned(),
        };
        let skipped = Item::skip(SkipReason::Incomplete, self.path, Some(why));
        (self.give)(Todo::Done(skipped))
    }
}
