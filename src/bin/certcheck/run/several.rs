//! Commands that take any number of files: if one cannot be read, certcheck still judges the
//! others; if there is nothing to judge, it says so and exits with 2.

use super::unwritten;
use crate::args::{Common, Format};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::{clock, input};
use certcheck::answer::{Answer, Check, CheckOutcome};
use certcheck::encoding::Document;
use certcheck::finding::Subject;
use certcheck::report::json::Reportable;
use certcheck::rule::{self, EncodingFact, Evidence, Finding};
use std::path::PathBuf;

/// The files of a command.
#[derive(Default)]
pub(super) struct Files {
    /// The contents of those that could be read, if they are kept.
    pub(super) documents: Vec<Document>,
    /// The names of those that could be read.
    names: Vec<String>,
    /// Those that could not, as the user named them.
    pub(super) unread: Vec<(PathBuf, Failure)>,
}

/// How an answer is written: with all findings to standard output, or with the
/// result alone there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shows {
    Report,
    ResultOnly,
}

impl Files {
    /// Files, each of which can be judged without the others.
    pub(super) fn each(paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut files = Self::default();
        files.documents = files.one_by_one(paths).collect();
        files.any()
    }

    /// The same, but each is read on demand, and not kept; afterwards [`Self::any`] says whether
    /// there was one.
    pub(super) fn one_by_one<'f>(
        &'f mut self,
        paths: &'f [PathBuf],
    ) -> impl Iterator<Item = Document> + use<'f> {
        input::read_each(paths).filter_map(|read| match read {
            Ok(source) => {
                self.names.push(source.name().to_owned());
                Some(Document::read(source))
            }
            Err(unread) => {
                self.unread.push(unread);
                None
            }
        })
    }

    /// Fails if none of the files could be read.
    pub(super) fn any(mut self) -> Result<Self, Failure> {
        if !self.names.is_empty() {
            return Ok(self);
        }
        let unread = self.unread.drain(..).map(|(_, failure)| failure);
        match Failure::together(unread) {
            None => Ok(self),
            Some(failure) => Err(failure),
        }
    }

    /// Files that belong together: all of them, or none.
    pub(super) fn whole(documents: Vec<Document>) -> Self {
        let names = documents
            .iter()
            .map(|document| document.source().name().to_owned());
        Self {
            names: names.collect(),
            documents,
            unread: Vec::new(),
        }
    }

    /// Writes the answer, and what keeps it from being complete; `is_empty` says whether a result
    /// is empty.
    pub(super) fn answer<T: Reportable>(
        self,
        common: &Common,
        (title, shows): (&str, Shows),
        answer: Answer<T>,
        is_empty: impl FnOnce(&T) -> bool,
        body: impl FnOnce(&T) -> String,
    ) -> Result<End, Failure> {
        let idle = if is_empty(&answer.result) {
            nothing_to_check(&answer, &self.names)
        } else {
            None
        };
        let document = common.format != Format::Text;
        if idle.is_some() && !document {
            // The reason follows below.
            let unread = self.unread.into_iter().map(|(_, failure)| failure);
            return Ok(complained(common, unread.chain(idle), End::CouldNot));
        }
        let at = clock::judged_at(common);
        self.written(common, answer, idle, |answer| {
            if shows == Shows::ResultOnly && !document {
                output::apart(common, title, answer, body)
            } else {
                output::answer(common, at, title, answer, body)
            }
        })
    }

    /// The same for an answer with more to write than its result; `write` writes it, and `idle`
    /// says why nothing could be checked.
    pub(super) fn written<T>(
        self,
        common: &Common,
        mut answer: Answer<T>,
        idle: Option<Failure>,
        write: impl FnOnce(Answer<T>) -> std::io::Result<End>,
    ) -> Result<End, Failure> {
        let mut unread = Vec::new();
        for (path, failure) in &self.unread {
            let name = path.to_string_lossy();
            let reason = failure.what().trim_start_matches(&*name);
            let reason = reason.trim_start_matches(": ").to_owned();
            let check = Check::impossible("files", format!("{name}: {reason}"));
            answer.checks.push(check);
            let fact = rule::encoding::NotRead { reason };
            unread.push(Finding::new(fact, Subject::file(name)));
        }
        let end = write(answer.joined(unread)).map_err(unwritten)?;
        let unread = self.unread.into_iter().map(|(_, failure)| failure);
        Ok(complained(common, unread.chain(idle), end))
    }
}

/// How the program ends, once it has said what could not be read or checked.
fn complained(common: &Common, failures: impl Iterator<Item = Failure>, end: End) -> End {
    match Failure::together(failures) {
        Some(failure) => {
            output::complain(common.color, failure);
            match end {
                // The findings and checks of the output say it.
                End::State(_) => end,
                _ => End::CouldNot,
            }
        }
        None => end,
    }
}

/// Why there is nothing to check in these files, with what each of them is; `None` if a check ran,
/// or something is wrong with an object in them.
pub(super) fn nothing_to_check<T>(answer: &Answer<T>, names: &[String]) -> Option<Failure> {
    let ran = |check: &Check| check.outcome == CheckOutcome::Ran;
    let is_empty = |finding: &Finding| {
        matches!(
            &finding.evidence,
            Evidence::EncodingFact(EncodingFact::NothingFound(
                rule::encoding::NothingFound { .. }
            ))
        )
    };
    // The character encoding says nothing about an object.
    let of_text = |finding: &Finding| {
        matches!(
            &finding.evidence,
            Evidence::EncodingFact(
                EncodingFact::Utf16(rule::encoding::Utf16 { .. })
                    | EncodingFact::ByteOrderMark(rule::encoding::ByteOrderMark {})
                    | EncodingFact::SurroundingText(rule::encoding::SurroundingText { .. })
            )
        )
    };
    let wrong = |finding: &Finding| !is_empty(finding) && !of_text(finding);
    if answer.checks.iter().any(ran) || answer.findings.iter().any(wrong) {
        return None;
    }
    let reason = answer
        .checks
        .iter()
        .find_map(|check| match &check.outcome {
            CheckOutcome::NotRun { reason, .. } => Some(reason),
            _ => None,
        })?;
    let said = answer.findings.iter().map(|finding| {
        let (source, code) = (&finding.subject.source, finding.code());
        let what = match &finding.evidence {
            Evidence::EncodingFact(EncodingFact::NothingFound(rule::encoding::NothingFound {
                looks_like,
                ..
            })) => {
                let this = looks_like.as_ref().map(|what| format!(": this is {what}"));
                format!("nothing to check{}", this.unwrap_or_default())
            }
            _ => finding.message(),
        };
        let failure = Failure::new(format!("{source}: {what} [{code}]"));
        match finding.remedy() {
            Some(remedy) => failure.help(remedy.text),
            None => failure,
        }
    });
    let names = names.iter().map(String::as_str);
    let others: Vec<_> = names
        .filter(|name| {
            let mut findings = answer.findings.iter();
            findings.all(|finding| finding.subject.source != **name)
        })
        .collect();
    let rest = (!others.is_empty()).then(|| {
        // Some reasons begin with the file that they are about.
        if others.iter().any(|name| reason.starts_with(*name)) {
            Failure::new(reason.as_str())
        } else {
            Failure::new(format!("{}: {reason}", others.join(", ")))
        }
    });
    Failure::together(said.chain(rest))
}
