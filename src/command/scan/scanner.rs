//! One file by itself.

use super::seen::{Kind, Looked, Trace};
use crate::Time;
use crate::command::exposed::exposed;
use crate::command::inspect::{self, Dates};
use crate::encoding::Document;
use crate::finding::{Code, Part, Subject};
use crate::known_bad::Blocklist;
use crate::manifest::{self, Held};
use crate::model::{KeyProblem, Passphrase};
use crate::objects::{Content, Object, Opened};
use crate::rule::Finding;
use crate::source::{Lines, Source};
use std::sync::Arc;

/// Who can enter the directories that lead to a file: adds that to the source of this name.
pub type Guards = dyn Fn(Source) -> Source + Send + Sync;

/// Looks at files one by one; several threads may share it.
#[derive(Default)]
#[non_exhaustive]
pub struct Scanner {
    /// The moment of judgement, and from when on an expiry counts as soon.
    pub dates: Option<Dates>,
    /// Passphrases that may open what is closed, tried in order.
    pub passphrases: Vec<Passphrase>,
    /// Keys that must not be used.
    pub blocklist: Option<Blocklist>,
    /// Whether objects are described, or only judged.
    pub described: bool,
    /// Whether a file without an object is a finding: a file named by the user was meant.
    pub insists: bool,
    /// Called only for files with private keys.
    pub guards: Option<Box<Guards>>,
}

/// A file, or the part of it that was read.
pub struct Piece {
    /// Its bytes, and what the host says of the file.
    pub source: Source,
    /// The name of its place within the file: a member of an archive.
    pub member: Option<String>,
    /// The lines of the file before it.
    pub lines: usize,
}

impl From<Source> for Piece {
    fn from(source: Source) -> Self {
        Self {
            source,
            member: None,
            lines: 0,
        }
    }
}

/// How lines of the text that was read map to lines of the file.
#[derive(Clone, Copy)]
enum Line {
    /// This many lines come before it.
    After(usize),
    /// All of it is on this line.
    On(usize),
    /// The file has no such lines.
    Nowhere,
}

impl Scanner {
    /// What is in a file, and what is wrong with it by itself.
    pub fn look(&self, piece: Piece) -> Looked {
        let name = piece.source.name().to_owned();
        let bytes = u64::try_from(piece.source.bytes().len()).unwrap_or(u64::MAX);
        let file = piece.source.file();
        let member = piece.member.as_deref();
        let line = match member {
            Some(_) => Line::Nowhere,
            None => Line::After(piece.lines),
        };
        let mut looked = match self.manifest(&piece) {
            Some(looked) => looked,
            None => self.document(&Document::read(piece.source), member, line),
        };
        let is_key = |trace: &Trace| matches!(trace.kind, Kind::PrivateKey);
        // If the mode excludes everyone else, the directories do not matter.
        if let (Some(guards), Some(file)) = (&self.guards, file)
            && file.mode & 0o077 != 0
            && looked.traces.iter().any(is_key)
        {
            let source = guards(Source::new(&name, Vec::new()).with_file(file));
            let fact = exposed(&source);
            let subject = Subject::file(&name);
            looked
                .findings
                .extend(fact.map(|fact| Finding::new(fact, subject)));
        }
        looked.source = name;
        looked.bytes = bytes;
        looked
    }

    /// The moment of judgement.
    pub(in crate::command) fn at(&self) -> Time {
        self.dates().at
    }

    fn dates(&self) -> Dates {
        let never = || Dates::from(Time::from_unix_seconds(0));
        self.dates.unwrap_or_else(never)
    }

    /// Describes the objects of a document.
    pub(in crate::command) fn objects(&self, document: &Document) -> Vec<inspect::Object> {
        self.document(document, None, Line::After(0)).objects
    }

    /// The values of YAML or JSON; `None` if it is neither, or has no value with objects.
    fn manifest(&self, piece: &Piece) -> Option<Looked> {
        let text = std::str::from_utf8(piece.source.bytes()).ok()?;
        if !manifest::may_be(text) {
            return None;
        }
        let read = manifest::read(text);
        if read.held.is_empty() {
            // PEM inside almost-YAML is found as text. If it was meant to be a Kubernetes object, a
            // finding says that the rest was not read.
            let mut looked = self.document(
                &Document::read(Source::new(piece.source.name(), text.into())),
                piece.member.as_deref(),
                Line::After(piece.lines),
            );
            looked.problem = read.problem.filter(|_| is_object(text));
            return Some(looked);
        }
        let mut looked = Looked {
            problem: read.problem,
            ..Looked::default()
        };
        for held in read.held {
            let Held {
                name,
                line,
                in_lines,
                mut bytes,
            } = held;
            let line = match line {
                _ if piece.member.is_some() => Line::Nowhere,
                Some(line) if in_lines => Line::After(piece.lines + line.saturating_sub(1)),
                Some(line) => Line::On(piece.lines + line),
                None => Line::Nowhere,
            };
            let source = Source::new(piece.source.name(), std::mem::take(&mut *bytes));
            let name = match &piece.member {
                Some(member) => format!("{member}: {name}"),
                None => name,
            };
            looked.join(self.document(&Document::read(source), Some(&name), line));
        }
        Some(looked)
    }

    /// The objects of a document, opened with the passphrase that opens most.
    fn document(&self, document: &Document, member: Option<&str>, line: Line) -> Looked {
        if document.holds_nothing() && !self.insists {
            return Looked::default();
        }
        let opened = Opened::new(document, None);
        let objects = opened.objects();
        let mut least = closed(&objects);
        if least == 0 || self.passphrases.is_empty() {
            return self.judged(document, &objects, member, line);
        }
        let mut best = None;
        for passphrase in &self.passphrases {
            let opened = Opened::new(document, Some(passphrase));
            let objects = opened.objects();
            match closed(&objects) {
                0 => return self.judged(document, &objects, member, line),
                count if count < least => (least, best) = (count, Some(passphrase)),
                _ => {}
            }
        }
        match best {
            Some(passphrase) => {
                let opened = Opened::new(document, Some(passphrase));
                self.judged(document, &opened.objects(), member, line)
            }
            None => self.judged(document, &objects, member, line),
        }
    }

    fn judged(
        &self,
        document: &Document,
        objects: &[Object<'_>],
        member: Option<&str>,
        line: Line,
    ) -> Looked {
        let dates = self.dates();
        let mut findings = inspect::faults(document, objects, dates);
        // Most passphrases do not fit: what stays closed is only counted.
        findings.retain(|finding| finding.code() != Code::KeyWrongPassphrase);
        let place = |lines: Option<Lines>| match line {
            Line::After(0) => lines,
            Line::After(before) => {
                lines.map(|lines| Lines::new(lines.first + before, lines.last + before))
            }
            Line::On(line) => Some(Lines::new(line, line)),
            Line::Nowhere => None,
        };
        for finding in &mut findings {
            let is_place = finding.subject.part != Part::File || finding.subject.lines.is_some();
            if is_place || matches!(line, Line::Nowhere) {
                finding.subject.lines = place(finding.subject.lines);
            }
        }
        let mut traces: Vec<_> = objects
            .iter()
            .map(|object| Trace::of(object, self.blocklist.as_ref(), dates))
            .collect();
        let within: Option<Arc<str>> = member.map(Arc::from);
        for (trace, object) in traces.iter_mut().zip(objects) {
            trace.member = within.clone();
            trace.line = place(object.subject().lines).map(|lines| lines.first);
        }
        let mut described = Vec::new();
        if self.described {
            described.extend(objects.iter().map(inspect::described));
            for object in &mut described {
                object.lines = place(object.lines);
                object.name = match (member, object.name.take()) {
                    (Some(member), Some(name)) => Some(format!("{member}: {name}")),
                    (Some(member), None) => Some(member.to_owned()),
                    (None, name) => name,
                };
            }
        }
        Looked {
            objects: described,
            findings,
            traces,
            closed: closed(objects),
            ..Looked::default()
        }
    }
}

/// Whether a large file must be seen as a whole, by how it begins: DER, a Java keystore, UTF-16,
/// JSON, Kubernetes YAML, base64 without PEM. Others are read section by section.
pub fn is_one_piece(begin: &[u8]) -> bool {
    let is_binary = matches!(
        begin,
        [0x30, 0x80..=0x84, ..]
            | [0xfe, 0xed, 0xfe, 0xed, ..]
            | [0xce, 0xce, 0xce, 0xce, ..]
            | [0xff, 0xfe, ..]
            | [0xfe, 0xff, ..]
    );
    let text = match std::str::from_utf8(begin) {
        Ok(text) => text,
        // A character may be cut off at the end.
        Err(error) => begin
            .get(..error.valid_up_to())
            .and_then(|begin| std::str::from_utf8(begin).ok())
            .unwrap_or_default(),
    };
    let is_base64 =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'\n' | b'\r');
    is_binary
        || (!text.is_empty()
            && (manifest::may_be(text)
                || text.trim_start().starts_with(['{', '['])
                || text.bytes().all(is_base64)))
}

/// Keys and containers that stay closed; what is in a closed container is not counted again.
fn closed(objects: &[Object<'_>]) -> usize {
    let mut containers = Vec::new();
    let mut count = 0;
    for object in objects {
        let within = object.container.is_some_and(|at| containers.contains(&at));
        let is_closed = match &object.content {
            Content::ClosedKey(problem) => !matches!(problem, KeyProblem::Malformed(_)) && !within,
            Content::Container(inside) => {
                let wrong = matches!(inside.problem, Some(KeyProblem::WrongPassphrase(_)));
                wrong || !inside.closed.is_empty()
            }
            _ => false,
        };
        if is_closed && matches!(object.content, Content::Container(_)) {
            containers.push(object.index);
        }
        count += usize::from(is_closed);
    }
    count
}

/// Whether a text was meant to be a Kubernetes object that holds certificates or keys, and is not a
/// template.
fn is_object(text: &str) -> bool {
    let mut kinds = text.match_indices("kind").map(|(at, _)| {
        let behind = text.get(at + "kind".len()..).unwrap_or_default();
        behind.trim_start_matches(['"', ':', ' '])
    });
    let holds = |kind: &str| kind.starts_with("Secret") || kind.starts_with("Config");
    kinds.any(holds) && !text.contains("{{")
}
