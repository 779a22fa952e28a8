//! Records one by one: each line of input gives one record of output, whatever it holds.
//!
//! A line is a JSON object with one of `pem`, `der_base64` and `chain`, and an `id` that the answer
//! repeats. If there is no answer, the record contains an error instead.

mod line;

use crate::answer::{Answer, Check, Verdict};
use crate::command::chain::{ChainResult, chain};
use crate::command::inspect;
use crate::command::scan::{Piece, Scanner, Tree};
use crate::encoding::Document;
use crate::rule::Finding;
use crate::server::Profile;
use crate::source::Source;
use crate::trust_store::Anchors;
use line::{Asked, Line};
use zeroize::Zeroizing;

pub use line::Id;

/// The longest line that is read: 4 MiB, some two thousand certificates.
pub const LONGEST_LINE: usize = 4 << 20;

/// Answers lines; several threads may share it.
pub struct Stream {
    /// Examines what a line holds.
    scanner: Scanner,
    /// What is trusted, for chains.
    anchors: Option<Anchors>,
}

/// The answer to a line.
pub struct Reply {
    /// The line's identifier.
    pub id: Id,
    /// Why there is no answer.
    pub error: Option<String>,
    /// The objects in the line.
    pub objects: Vec<inspect::Object>,
    /// Where a chain leads, if one was given.
    pub chain: Option<ChainResult>,
    /// What is wrong, and what was checked.
    pub answer: Answer<()>,
}

impl Stream {
    /// Answers with the scanner's dates and passphrases.
    pub fn new(mut scanner: Scanner, anchors: Option<Anchors>) -> Self {
        scanner.described = true;
        scanner.insists = true;
        Self { scanner, anchors }
    }

    /// The answer to one line, without its line ending; `number` is its place, from 1.
    pub fn reply(&self, line: &[u8], number: usize) -> Reply {
        if line.len() > LONGEST_LINE {
            return self.too_long(number);
        }
        let Line { id, asked } = line::read(line, number);
        let name = id.name(number);
        match asked {
            Err(error) => Reply::error(id, error),
            Ok(Asked::Objects(bytes)) => self.objects(id, source(&name, bytes)),
            Ok(Asked::Chain(parts)) => self.chain(id, &name, parts),
        }
    }

    /// The answer to a line that was not kept because of its length.
    pub fn too_long(&self, number: usize) -> Reply {
        let limit = LONGEST_LINE >> 20;
        Reply::error(
            Id::None,
            format!("line {number} is longer than {limit} MiB, the limit"),
        )
    }

    fn objects(&self, id: Id, source: Source) -> Reply {
        let name = source.name().to_owned();
        let mut looked = self.scanner.look(Piece::from(source));
        let objects = std::mem::take(&mut looked.objects);
        let mut tree = Tree::default();
        tree.add(looked);
        tree.finish();
        let mut answer = tree.answer(&name, !self.scanner.passphrases.is_empty());
        // A record is not a file.
        answer.checks.retain(|check| check.name != "files");
        Reply {
            id,
            error: None,
            objects,
            chain: None,
            answer: answer.map(|_| ()),
        }
    }

    fn chain(&self, id: Id, name: &str, parts: Vec<Zeroizing<Vec<u8>>>) -> Reply {
        let named = |(place, part): (usize, Zeroizing<Vec<u8>>)| {
            let place = format!("{name} chain[{place}]");
            Document::read(source(&place, part))
        };
        let documents: Vec<_> = parts.into_iter().enumerate().map(named).collect();
        let Some(server) = Profile::named("generic") else {
            return Reply::error(id, "there is no profile".to_owned());
        };
        let at = self.scanner.at();
        let answer = chain(&documents, server, self.anchors.as_ref(), at);
        let objects = documents
            .iter()
            .flat_map(|document| self.scanner.objects(document));
        Reply {
            id,
            error: None,
            objects: objects.collect(),
            chain: Some(answer.result.clone()),
            answer: answer.map(|_| ()),
        }
    }
}

fn source(name: &str, mut bytes: Zeroizing<Vec<u8>>) -> Source {
    Source::new(name, std::mem::take(&mut *bytes))
}

impl Reply {
    fn error(id: Id, error: String) -> Self {
        let check = Check::impossible("record", error.clone());
        Self {
            id,
            error: Some(error),
            objects: Vec::new(),
            chain: None,
            answer: Answer::new((), Vec::new(), vec![check], []),
        }
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        self.answer.verdict()
    }

    /// What is wrong.
    pub fn findings(&self) -> &[Finding] {
        &self.answer.findings
    }
}
