//! Archives and compressed files, read as streams: nothing is unpacked to disk, and the names in
//! them are labels only.
//!
//! An archive of a few bytes can unpack to terabytes. The output is counted, and an archive that
//! exceeds its allowance is read only up to it.

use std::cell::Cell;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::rc::Rc;

/// How many layers are taken off: a tar file in gzip in a zip file has three.
const DEPTH: usize = 4;
/// The most members of one archive.
const MEMBERS: usize = 100_000;
/// The longest name of a member that is read.
const NAME: u64 = 64 << 10;
/// The largest window of zstd: more than `zstd -19` uses.
const WINDOW: u64 = 16 << 20;
/// The beginning of a file that says what it is: one block of tar.
const BLOCK: usize = 512;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Gzip,
    Zstd,
    Tar,
    Zip,
}

/// The kind of archive, if a file that begins with these bytes is one.
pub(crate) fn kind(begin: &[u8]) -> Option<Kind> {
    match begin {
        [0x1f, 0x8b, 0x08, ..] => Some(Kind::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Kind::Zstd),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Kind::Zip),
        _ => (begin.get(257..262) == Some(b"ustar")).then_some(Kind::Tar),
    }
}

/// How many bytes may still come out.
#[derive(Clone)]
struct Meter(Rc<Cell<u64>>);

/// A reader whose bytes are counted.
struct Metered<R> {
    reader: R,
    left: Meter,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        // This counts what comes out, not what a header promises, and all layers share one
        // allowance.
        let left = self.left.0.get().checked_sub(read as u64);
        match left {
            Some(left) => {
                self.left.0.set(left);
                Ok(read)
            }
            None => Err(io::Error::other(
                "the archive unpacks to more than certcheck reads",
            )),
        }
    }
}

/// What to do with the members of an archive; both functions return whether to go on.
pub(crate) trait Members {
    /// A member that is not an archive.
    fn file(&mut self, reader: &mut dyn Read, member: Option<&str>) -> bool;
    /// A member, or the rest of the archive, that was not read, and why.
    fn problem(&mut self, member: Option<&str>, why: &str) -> bool;
}

/// Gives all members of an archive that unpacks to at most `allowance` bytes.
pub(crate) fn members(
    kind: Kind,
    mut file: impl Read + Seek,
    allowance: u64,
    to: &mut dyn Members,
) {
    let size = file.seek(SeekFrom::End(0)).unwrap_or(0);
    if let Err(error) = file.rewind() {
        to.problem(None, &error.to_string());
        return;
    }
    let left = Meter(Rc::new(Cell::new(allowance)));
    let mut opening = Opening { left, to };
    let ended = match kind {
        Kind::Zip => opening.zip(file, size),
        _ => opening.stream(&mut file, None, 0),
    };
    if let Err(why) = ended {
        opening.to.problem(None, &why.to_string());
    }
}

struct Opening<'a> {
    left: Meter,
    to: &'a mut dyn Members,
}

impl Opening<'_> {
    fn problem(&mut self, member: Option<&str>, why: &str) -> bool {
        self.to.problem(member, why)
    }

    /// What a stream turns out to be.
    fn stream(
        &mut self,
        reader: &mut dyn Read,
        member: Option<&str>,
        depth: usize,
    ) -> io::Result<bool> {
        let mut begin = Vec::with_capacity(BLOCK);
        (&mut *reader).take(BLOCK as u64).read_to_end(&mut begin)?;
        let kind = kind(&begin);
        let mut whole = Cursor::new(begin).chain(reader);
        if kind.is_some() && depth >= DEPTH {
            return Ok(self.problem(member, "archives within archives, too many layers"));
        }
        match kind {
            None => Ok(self.to.file(&mut whole, member)),
            Some(Kind::Gzip) => {
                let left = self.left.clone();
                let mut reader = Metered {
                    // RFC 1952 section 2.2: members may follow one another, and `cat a.gz b.gz` is
                    // a legal file.
                    reader: flate2::read::MultiGzDecoder::new(whole),
                    left,
                };
                self.stream(&mut reader, member, depth + 1)
            }
            Some(Kind::Zstd) => {
                let mut decoder = ruzstd::decoding::FrameDecoder::new();
                // The decoder allocates the window before the first byte comes out, and the file says
                // how large it is.
                decoder.set_max_window_size(WINDOW);
                let decoder = ruzstd::decoding::StreamingDecoder::new_with_decoder(whole, decoder);
                let left = self.left.clone();
                let mut reader = Metered {
                    reader: decoder.map_err(io::Error::other)?,
                    left,
                };
                self.stream(&mut reader, member, depth + 1)
            }
            Some(Kind::Tar) => self.tar(&mut whole, member, depth),
            // Its directory is at its end: a stream would have to be kept in memory whole.
            Some(Kind::Zip) => Ok(self.problem(member, "a zip file within an archive")),
        }
    }

    fn tar(
        &mut self,
        reader: &mut dyn Read,
        outer: Option<&str>,
        depth: usize,
    ) -> io::Result<bool> {
        let mut archive = tar::Archive::new(reader);
        let mut name: Option<String> = None;
        // Raw: long names are read here, within bounds.
        for (count, entry) in archive.entries()?.raw(true).enumerate() {
            let mut entry = entry?;
            if count >= MEMBERS {
                let why = format!("it has more than {MEMBERS} members");
                return Ok(self.problem(outer, &why));
            }
            let kind = entry.header().entry_type();
            if kind.is_gnu_longname() || kind.is_pax_local_extensions() {
                let mut text = Vec::new();
                (&mut entry).take(NAME).read_to_end(&mut text)?;
                name = if kind.is_gnu_longname() {
                    let text = String::from_utf8_lossy(&text);
                    Some(text.trim_end_matches('\0').to_owned())
                } else {
                    pax_path(&text).or(name)
                };
                continue;
            }
            let own = entry.path_bytes();
            let own = String::from_utf8_lossy(&own).into_owned();
            let own = name.take().unwrap_or(own);
            // A link in an archive leads to wherever its maker wanted, and nothing is unpacked that
            // it could lead to.
            if !(kind.is_file() || kind.is_contiguous()) {
                continue;
            }
            let own = match outer {
                Some(outer) => format!("{outer}: {own}"),
                None => own,
            };
            if !self.stream(&mut entry, Some(&own), depth + 1)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn zip(&mut self, mut file: impl Read + Seek, size: u64) -> io::Result<bool> {
        if too_many(&mut file, size)? {
            return Ok(self.problem(None, "it has more than 65,534 members"));
        }
        let mut archive = zip::ZipArchive::new(file).map_err(io::Error::other)?;
        for place in 0..archive.len() {
            let mut entry = match archive.by_index(place) {
                Ok(entry) => entry,
                Err(error) => {
                    let member = format!("member {}", place + 1);
                    if !self.problem(Some(&member), &error.to_string()) {
                        return Ok(false);
                    }
                    continue;
                }
            };
            if !entry.is_file() {
                continue;
            }
            let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
            let left = self.left.clone();
            let mut reader = Metered {
                reader: &mut entry,
                left,
            };
            match self.stream(&mut reader, Some(&name), 1) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(error) if self.left.0.get() == 0 => return Err(error),
                Err(error) => {
                    if !self.problem(Some(&name), &error.to_string()) {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }
}

/// The path in the records of a pax header (POSIX.1-2017, pax, "Extended Header").
fn pax_path(text: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(text);
    let path = text.lines().find_map(|line| {
        let (_, record) = line.split_once(' ')?;
        record.strip_prefix("path=")
    });
    path.map(str::to_owned)
}

/// Whether a zip file says that it has so many members that it needs the 64-bit form: its directory
/// is read into memory (APPNOTE.TXT 4.3.16).
fn too_many(file: &mut (impl Read + Seek), size: u64) -> io::Result<bool> {
    /// The record and the longest comment.
    const TAIL: u64 = 22 + 65_535;
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    (&mut *file).take(TAIL).read_to_end(&mut tail)?;
    file.rewind()?;
    let end = memchr::memmem::rfind(&tail, b"PK\x05\x06");
    let count = end.and_then(|end| tail.get(end + 10..end + 12));
    Ok(count == Some(&[0xff, 0xff]))
}
