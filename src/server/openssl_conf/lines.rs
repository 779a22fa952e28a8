//! The language of `openssl.cnf`, as OpenSSL 3.0 reads it: input a file, output its sections.
//!
//! The idea: lines are joined, comments removed, and each line is a section, a directive or `name =
//! value`, whose variables have the values read so far. At the first line that is none of these,
//! OpenSSL drops the file. Bytes read and values written are bounded.
//!
//! Source: OpenSSL 3.0, crypto/conf/conf_def.c (`def_load_bio`, `str_copy`),
//! crypto/conf/conf_api.c; measured with 3.0.19.

use super::text;
use super::{Around, Beside, LARGEST};
use std::collections::BTreeMap;

/// How many entries per section are kept; Debian's largest has a dozen.
const MOST_ENTRIES: usize = 1000;

/// How many files are included; Fedora's openssl.cnf includes two.
const MOST_FILES: usize = 64;

/// The longest value with its variables (`MAX_CONF_VALUE_LENGTH`).
const LONGEST: usize = 65536;

/// `name = value`, and the line of the first file that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) line: usize,
}

/// The contents of a file.
#[derive(Debug, Default)]
pub(super) struct Sections {
    all: BTreeMap<Vec<u8>, Vec<Entry>>,
    /// A part that was not followed and could matter, and its line.
    pub(super) open: Option<(String, usize)>,
}

impl Sections {
    /// The section of this name, if there is one.
    pub(super) fn get(&self, name: &str) -> Option<&[Entry]> {
        self.all.get(name.as_bytes()).map(Vec::as_slice)
    }

    /// A value from the section, otherwise from the section `default` (`_CONF_get_string`).
    pub(super) fn value(&self, section: &str, name: &str) -> Option<&Entry> {
        let find = |section: &str| {
            let mut entries = self.get(section)?.iter();
            entries.find(|entry| entry.name == name)
        };
        find(section).or_else(|| find("default"))
    }

    pub(super) fn leave_open(&mut self, why: impl Into<String>, line: usize) {
        if self.open.is_none() {
            self.open = Some((why.into(), line));
        }
    }
}

/// OpenSSL drops the whole file, unless the part that was not followed prevents that.
pub(super) struct Dropped(pub(super) Option<(String, usize)>);

/// A line that OpenSSL does not accept.
struct Broken;

/// A file that is being read.
struct Frame {
    bytes: Vec<u8>,
    at: usize,
}

pub(super) struct Reader<'a, 'b> {
    around: &'a mut Around<'b>,
    frames: Vec<Frame>,
    /// Files of an included directory that come after the one being read.
    directory: Vec<String>,
    files: usize,
    left: usize,
    /// The line of the first file.
    line: usize,
    section: Vec<u8>,
    dollar_in_names: bool,
    absolute_only: bool,
    include_from: Option<Vec<u8>>,
    sections: Sections,
}

impl<'a, 'b> Reader<'a, 'b> {
    pub(super) fn new(bytes: &[u8], around: &'a mut Around<'b>) -> Self {
        // Only a byte order mark at the very beginning is skipped.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut sections = Sections::default();
        let _ = sections.all.insert(b"default".to_vec(), Vec::new());
        Self {
            around,
            frames: vec![Frame {
                bytes: bytes.to_vec(),
                at: 0,
            }],
            directory: Vec::new(),
            files: 0,
            // Included files and values with variables share one budget: either alone could grow
            // without limit.
            left: 4 * LARGEST,
            line: 0,
            section: b"default".to_vec(),
            dollar_in_names: false,
            absolute_only: false,
            include_from: None,
            sections,
        }
    }

    pub(super) fn run(mut self) -> Result<Sections, Dropped> {
        while let Some(line) = self.next_line() {
            // At the first line that it cannot read, OpenSSL drops everything that it has read, and
            // the program starts as if there were no file (measured: 3.0.19).
            if self.take(&line).is_err() {
                return Err(Dropped(self.sections.open));
            }
        }
        Ok(self.sections)
    }

    /// The next line with those that continue it.
    fn next_line(&mut self) -> Option<Vec<u8>> {
        let mut buffer = Vec::new();
        let mut continued = false;
        loop {
            let outermost = self.frames.len() == 1;
            let Some(piece) = self.frames.last_mut()?.next() else {
                if continued {
                    return Some(buffer);
                }
                self.leave_file()?;
                continue;
            };
            self.line += usize::from(outermost);
            if piece.contains(&0) {
                self.sections
                    .leave_open("there is a NUL character in it", self.line);
            }
            buffer.extend(piece);
            // One backslash at the end continues the line, two do not (conf_def.c, `def_load_bio`).
            continued = matches!(buffer.as_slice(), [b'\\'] | [.., 0..=91 | 93..=255, b'\\']);
            if !continued {
                return Some(buffer);
            }
            let _ = buffer.pop();
        }
    }

    /// At the end of a file: the directory's next file, otherwise the including file.
    fn leave_file(&mut self) -> Option<()> {
        let _ = self.frames.pop();
        if let Some(path) = self.directory.pop() {
            match (self.around.look)(&path) {
                Beside::File(bytes) => self.enter(&bytes),
                Beside::Directory(_) | Beside::Missing => {}
                Beside::Unknown(why) => {
                    let why = format!("{}: {why}", crate::shown::value(&path));
                    self.sections.leave_open(why, self.line);
                }
            }
        }
        (!self.frames.is_empty()).then_some(())
    }

    fn enter(&mut self, bytes: &[u8]) {
        self.files += 1;
        // A file may include itself: the number of files and their total size limit that here.
        if self.files > MOST_FILES || bytes.len() > LARGEST || bytes.len() > self.left {
            let why = "it includes more than certcheck reads";
            return self.sections.leave_open(why, self.line);
        }
        self.left -= bytes.len();
        self.frames.push(Frame {
            bytes: bytes.to_vec(),
            at: 0,
        });
    }

    fn take(&mut self, line: &[u8]) -> Result<(), Broken> {
        let line = text::without_comment(line);
        let start = text::skip_space(line, 0);
        if start == line.len() {
            return Ok(());
        }
        if text::at(line, start) == b'[' {
            return self.begin(line, start + 1);
        }
        let mut name = start;
        let mut end = self.name_end(line, start);
        let mut section = self.section.clone();
        if line.get(end..).is_some_and(|rest| rest.starts_with(b"::")) {
            section = line.get(start..end).unwrap_or_default().to_vec();
            name = end + 2;
            end = self.name_end(line, name);
        }
        let next = text::skip_space(line, end);
        let equals = text::at(line, next) == b'=';
        for (word, pragma) in [(b".pragma".as_slice(), true), (b".include", false)] {
            if line.get(name..).is_some_and(|rest| rest.starts_with(word)) {
                name += word.len();
                if next != name || equals {
                    let from = text::skip_space(line, next + usize::from(equals));
                    let value = text::trim_end(line.get(from..).unwrap_or_default());
                    return if pragma {
                        self.pragma(value)
                    } else {
                        let path = self.expanded(Some(&section), value)?;
                        self.include(&path)
                    };
                }
            }
        }
        if !equals {
            return Err(Broken);
        }
        let from = text::skip_space(line, next + 1);
        let value = text::trim_end(line.get(from..).unwrap_or_default());
        let value = self.expanded(Some(&section), value)?;
        self.add(section, line.get(name..end).unwrap_or_default(), &value);
        Ok(())
    }

    fn name_end(&self, line: &[u8], from: usize) -> usize {
        text::name_end(line, from, self.dollar_in_names)
    }

    /// `[name]`, whose name may contain blanks.
    fn begin(&mut self, line: &[u8], from: usize) -> Result<(), Broken> {
        let start = text::skip_space(line, from);
        let mut word = start;
        let end = loop {
            let end = self.name_end(line, word);
            let next = text::skip_space(line, end);
            match text::at(line, next) {
                b']' => break end,
                0 => return Err(Broken),
                _ if next == word => return Err(Broken),
                _ => word = next,
            }
        };
        let name = line.get(start..end).unwrap_or_default();
        self.section = self.expanded(None, name)?;
        let _ = self.sections.all.entry(self.section.clone()).or_default();
        Ok(())
    }

    fn pragma(&mut self, value: &[u8]) -> Result<(), Broken> {
        let colon = value.iter().position(|&byte| byte == b':');
        let Some((name, value)) = colon
            .filter(|&colon| colon > 0 && colon + 1 < value.len())
            .and_then(|colon| value.split_at_checked(colon))
        else {
            return Err(Broken);
        };
        let value = value.get(text::skip_space(value, 1)..).unwrap_or_default();
        let switch = |flag: &mut bool| {
            *flag = match value.to_ascii_lowercase().as_slice() {
                b"on" | b"true" => true,
                b"off" | b"false" => false,
                _ => return Err(Broken),
            };
            Ok(())
        };
        match text::trim_end(name) {
            b"dollarid" => switch(&mut self.dollar_in_names),
            b"abspath" => switch(&mut self.absolute_only),
            b"includedir" => {
                self.include_from = Some(value.to_vec());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn include(&mut self, path: &[u8]) -> Result<(), Broken> {
        let mut path = String::from_utf8_lossy(path).into_owned();
        if let Some(from) = &self.include_from
            && !path.starts_with('/')
        {
            path = format!("{}/{path}", String::from_utf8_lossy(from));
        }
        if !path.starts_with('/') {
            if self.absolute_only {
                return Err(Broken);
            }
            let why = "it includes a relative path, and certcheck does not know the server's \
                working directory";
            self.sections.leave_open(why, self.line);
            return Ok(());
        }
        match (self.around.look)(&path) {
            Beside::File(bytes) => self.enter(&bytes),
            // Neither stops OpenSSL (`process_include`).
            Beside::Missing => {}
            Beside::Directory(_) if !self.directory.is_empty() => {}
            Beside::Directory(names) => self.include_all(&path, names),
            Beside::Unknown(why) => {
                let why = format!("{}: {why}", crate::shown::value(&path));
                self.sections.leave_open(why, self.line);
            }
        }
        Ok(())
    }

    /// The files `*.conf` and `*.cnf` of a directory, in the order in which it lists them.
    fn include_all(&mut self, path: &str, names: Vec<String>) {
        let ends = |name: &str, end: &str| {
            name.len() > end.len() && name.to_ascii_lowercase().ends_with(end)
        };
        let named = names
            .into_iter()
            .filter(|name| ends(name, ".conf") || ends(name, ".cnf"));
        self.directory = named.map(|name| format!("{path}/{name}")).collect();
        if self.directory.len() > 1 {
            let why = "certcheck does not know in which order OpenSSL reads the files of a \
                directory";
            self.sections.leave_open(why, self.line);
        }
        // An empty file, after which the first one of the directory begins.
        if !self.directory.is_empty() {
            self.enter(&[]);
        }
    }

    /// Keeps an entry; it replaces an earlier one of the same name (`_CONF_add_string`).
    fn add(&mut self, section: Vec<u8>, name: &[u8], value: &[u8]) {
        let list = self.sections.all.entry(section).or_default();
        let name = String::from_utf8_lossy(name).into_owned();
        list.retain(|known| known.name != name);
        if list.len() == MOST_ENTRIES {
            let why = "a section has more entries than certcheck keeps";
            return self.sections.leave_open(why, self.line);
        }
        list.push(Entry {
            name,
            value: String::from_utf8_lossy(value).into_owned(),
            line: self.line,
        });
    }

    /// A value without quotes and escapes, with its variables replaced (`str_copy`).
    fn expanded(&mut self, section: Option<&[u8]>, raw: &[u8]) -> Result<Vec<u8>, Broken> {
        let mut value = Vec::with_capacity(raw.len());
        let mut place = 0;
        while place < raw.len() {
            match text::at(raw, place) {
                quote @ (b'"' | b'\'' | b'`') => {
                    place = text::quoted(raw, place, quote, &mut value)
                }
                b'\\' => {
                    let Some(&byte) = raw.get(place + 1) else {
                        break;
                    };
                    value.push(text::escaped(byte));
                    place += 2;
                }
                b'$' if !self.dollar_in_names
                    || matches!(text::at(raw, place + 1), b'{' | b'(') =>
                {
                    let variable =
                        text::variable(raw, place, self.dollar_in_names).ok_or(Broken)?;
                    place = variable.end;
                    value.extend(self.value_of(variable.section.or(section), variable.name)?);
                    if value.len() > LONGEST {
                        return Err(Broken);
                    }
                }
                byte => {
                    value.push(byte);
                    place += 1;
                }
            }
        }
        if value.len() > self.left {
            let why = "the values are longer than certcheck reads";
            self.sections.leave_open(why, self.line);
            return Ok(Vec::new());
        }
        self.left -= value.len();
        Ok(value)
    }

    fn value_of(&mut self, section: Option<&[u8]>, name: &[u8]) -> Result<Vec<u8>, Broken> {
        let name = String::from_utf8_lossy(name).into_owned();
        let section = String::from_utf8_lossy(section.unwrap_or(b"default")).into_owned();
        let environment = section == "ENV";
        let own = self.sections.get("ENV").into_iter().flatten();
        if environment && !own.into_iter().any(|entry| entry.name == name) {
            let mut given = self.around.environment.iter();
            if let Some((_, value)) = given.find(|(known, _)| *known == name) {
                return Ok(value.as_bytes().to_vec());
            }
            let why = format!(
                "whether the environment has {} is not known; give it with --env",
                crate::shown::value(&name)
            );
            self.sections.leave_open(why, self.line);
            return Ok(Vec::new());
        }
        match self.sections.value(&section, &name) {
            Some(entry) => Ok(entry.value.clone().into_bytes()),
            None => Err(Broken),
        }
    }
}

impl Frame {
    /// The next line without its end.
    fn next(&mut self) -> Option<Vec<u8>> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = rest.iter().position(|&byte| byte == b'\n');
        let length = end.map_or(rest.len(), |end| end + 1);
        let line = rest.get(..length).unwrap_or_default();
        self.at += length;
        let kept = line
            .iter()
            .rposition(|byte| !matches!(byte, b'\r' | b'\n'))
            .map_or(0, |last| last + 1);
        Some(line.get(..kept).unwrap_or_default().to_vec())
    }
}
