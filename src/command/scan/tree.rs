//! The tree as a whole.

use super::endings::{Endings, Entry};
use super::kept::Kept;
use super::places::{Names, Place};
use super::relations::Relations;
use super::result::{Counts, Ending, Scan, Skipped};
use super::seen::{CertificateTrace, Kind, Looked};
use crate::answer::{Answer, Check};
use crate::finding::{Code, Part, Subject};
use crate::rule::Finding;
use crate::source::Lines;
use std::collections::BTreeMap;

/// The most certificates that are compared with one another, copies not counted.
pub const MOST_COMPARED: usize = 100_000;
/// The most paths that are kept for each reason to skip.
const MOST_PATHS: usize = 100;

/// Why something was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SkipReason {
    /// A file, or a directory, that the user may not read.
    Denied,
    /// Something else kept it from being read.
    Unreadable,
    /// It was read in part.
    Incomplete,
    /// It is over the size limit.
    TooLarge,
    /// A large file that is neither text nor DER.
    Binary,
    /// A large text without a PEM section in its first 64 MiB.
    LongText,
    /// A symbolic link to something outside the tree.
    LinkOut,
    /// A symbolic link to something in the tree, which is read under its own name.
    LinkWithin,
    /// A symbolic link to nothing.
    LinkBroken,
    /// A named pipe.
    Fifo,
    /// A socket.
    Socket,
    /// A device.
    Device,
    /// A file system that the kernel makes up.
    KernelFiles,
}

impl SkipReason {
    /// In words, for one and for several.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Denied => ("permission denied", "permission denied"),
            Self::Unreadable => ("could not be read", "could not be read"),
            Self::Incomplete => ("read in part", "read in part"),
            Self::TooLarge => ("too large", "too large"),
            Self::Binary => ("large binary file", "large binary files"),
            Self::LongText => (
                "text without a PEM section in its first 64 MiB",
                "texts without a PEM section in their first 64 MiB",
            ),
            Self::LinkOut => (
                "link that leads out of the tree",
                "links that lead out of the tree",
            ),
            Self::LinkWithin => (
                "link to another file of the tree",
                "links to other files of the tree",
            ),
            Self::LinkBroken => (
                "link whose target does not exist",
                "links whose target does not exist",
            ),
            Self::Fifo => ("named pipe", "named pipes"),
            Self::Socket => ("socket", "sockets"),
            Self::Device => ("device", "devices"),
            Self::KernelFiles => ("file system of the kernel", "file systems of the kernel"),
        }
    }

    /// Whether it may have held certificates or keys.
    pub const fn matters(self) -> bool {
        matches!(
            self,
            Self::Denied | Self::Unreadable | Self::Incomplete | Self::TooLarge
        )
    }
}

/// Collects what was seen, file by file in the order of the tree.
#[derive(Default)]
pub struct Tree {
    scan: Scan,
    names: Names,
    relations: Relations,
    endings: Endings,
    kept: Kept,
    skipped: BTreeMap<SkipReason, Skipped>,
    /// The file of the last call, and how many objects it had so far.
    last: (String, usize),
    interrupted: bool,
}

impl Tree {
    /// Numbers the objects and findings of a file, or of the next piece of the same file, within
    /// the file.
    pub fn number(&mut self, looked: &mut Looked) {
        // A large text comes in pieces, one after the other; `pool` keeps their order.
        if self.last.0 == looked.source {
            looked.follow(self.last.1);
        } else {
            self.last = (looked.source.clone(), 0);
            self.scan.counts.files += 1;
            self.scan.counts.other_files += 1;
        }
        if self.last.1 == 0 && !looked.is_empty() {
            self.scan.counts.other_files -= 1;
        }
        self.last.1 += looked.len();
        self.scan.counts.bytes += looked.bytes;
    }

    /// Compares it with what came before; the new findings about it.
    pub fn add(&mut self, looked: Looked) -> Vec<Finding> {
        let mut fresh = Vec::new();
        if let Some(problem) = looked.problem {
            self.skip(SkipReason::Incomplete, &looked.source, Some(problem));
        }
        self.scan.counts.closed += looked.closed;
        for finding in looked.findings {
            self.find(finding);
        }
        if looked.traces.is_empty() {
            return fresh;
        }
        for trace in looked.traces {
            let file = self.names.file(&looked.source, trace.member.as_deref());
            let counts = &mut self.scan.counts;
            counts.objects += 1;
            let place = Names::place(file, trace.index, trace.line, trace.part);
            let mut new = None;
            match trace.kind {
                Kind::Certificate(certificate) => {
                    counts.certificates += 1;
                    let known = self.relations.knows(&certificate);
                    // Copies of known certificates cost no memory, and are still counted as copies.
                    if !known && self.relations.len() >= MOST_COMPARED {
                        counts.not_compared += 1;
                        self.ends(&certificate, place);
                        continue;
                    }
                    let subject = || Subject {
                        source: looked.source.clone(),
                        part: Part::Certificate,
                        index: trace.index,
                        lines: trace.line.map(|line| Lines::new(line, line)),
                    };
                    let found =
                        self.relations
                            .certificate(&certificate, place, subject, &self.names);
                    if let Some(finding) = found {
                        fresh.push(finding.clone());
                        self.find(finding);
                    }
                    // A certificate in twenty places expires only once.
                    if !known {
                        self.ends(&certificate, place);
                        new = Some(certificate);
                    }
                }
                Kind::PrivateKey => counts.private_keys += 1,
                Kind::Request => counts.requests += 1,
                Kind::RevocationList => counts.revocation_lists += 1,
                Kind::Container => counts.containers += 1,
                Kind::Other => {}
            }
            if let Some(key) = trace.key {
                self.relations.key(key, place, new.as_deref());
            }
        }
        fresh
    }

    /// Notes what was not read.
    pub fn skip(&mut self, reason: SkipReason, path: &str, more: Option<String>) {
        let skipped = self.skipped.entry(reason).or_insert_with(|| Skipped {
            what: reason.words().0,
            matters: reason.matters(),
            count: 0,
            paths: Vec::new(),
        });
        skipped.count += 1;
        if skipped.count > 1 {
            skipped.what = reason.words().1;
        }
        if skipped.paths.len() < MOST_PATHS {
            skipped.paths.push((path.to_owned(), more));
        }
    }

    /// How much there was so far.
    pub const fn counts(&self) -> &Counts {
        &self.scan.counts
    }

    /// Compares what only the whole tree shows; the new findings.
    pub fn finish(&mut self) -> Vec<Finding> {
        let found = self.relations.key_findings(&self.names);
        for finding in &found {
            self.find(finding.clone());
        }
        found
    }

    /// The answer about the tree called `name`, after [`Self::finish`].
    pub fn answer(self, name: &str, has_passphrase: bool) -> Answer<Scan> {
        let checks = self.checks(has_passphrase);
        let (findings, more) = self.kept.end(name);
        let mut scan = self.scan;
        let (endings, more_endings) = self.endings.end();
        scan.more_endings = more_endings;
        scan.endings = endings
            .map(|(not_after, entry)| Ending {
                places: self.relations.places_of(entry.sha256),
                spot: self.names.spot(entry.place),
                subject: entry.subject,
                issuer: entry.issuer,
                not_before: entry.not_before,
                not_after,
                is_due: entry.is_due,
                sha256: entry.sha256,
            })
            .collect();
        self.relations.end(&self.names, &mut scan);
        scan.skipped = self.skipped.into_values().collect();
        let mut sources: Vec<String> = Vec::new();
        for finding in &findings {
            if sources.last() != Some(&finding.subject.source) {
                sources.push(finding.subject.source.clone());
            }
        }
        let names: Vec<_> = sources.iter().map(String::as_str).collect();
        Answer::new(scan, findings, checks, names).counting(more)
    }

    /// Notes that the scan was interrupted.
    pub fn interrupt(&mut self) {
        self.interrupted = true;
    }

    fn checks(&self, has_passphrase: bool) -> Vec<Check> {
        let counts = &self.scan.counts;
        let mut checks = Vec::new();
        let lost: Vec<_> = self
            .skipped
            .values()
            .filter(|skipped| skipped.matters)
            .collect();
        if self.interrupted {
            let reason = "the scan was interrupted before its end";
            checks.push(Check::impossible("tree", reason));
        }
        let first = lost.iter().find_map(|skipped| {
            let (path, more) = skipped.paths.first()?;
            Some(format!(
                "{path}: {}",
                more.as_deref().unwrap_or(skipped.what)
            ))
        });
        checks.push(match first {
            None => Check::ran("files"),
            Some(first) => {
                let count: usize = lost.iter().map(|skipped| skipped.count).sum();
                let more = match count {
                    1 => String::new(),
                    count => format!(" (and {} more)", count - 1),
                };
                Check::impossible("files", format!("{first}{more}"))
            }
        });
        if counts.objects > 0 {
            checks.push(Check::ran("encoding"));
        }
        if counts.closed > 0 {
            let what = match counts.closed {
                1 => "a key or container stays closed".to_owned(),
                count => format!("{count} keys or containers stay closed"),
            };
            checks.push(if has_passphrase {
                Check::impossible(
                    "containers",
                    format!("{what}: no passphrase given opens it"),
                )
            } else {
                Check::not_asked("containers", format!("{what}: no passphrase was given"))
            });
        }
        if counts.not_compared > 0 {
            let all = counts.not_compared + self.relations.len();
            let reason = format!(
                "only the first {} of {all} certificates were compared with one another",
                self.relations.len()
            );
            checks.push(Check::not_asked("copies", reason));
        }
        let missed = self.relations.missed();
        checks.extend(missed.map(|reason| Check::not_asked("shared-primes", reason)));
        checks
    }

    /// A certificate that was not seen before.
    fn ends(&mut self, certificate: &CertificateTrace, place: Place) {
        let is_due = certificate.is_due;
        self.endings.take(certificate.not_after, || Entry {
            subject: certificate.words.subject.clone(),
            issuer: certificate.words.issuer.clone(),
            not_before: certificate.not_before,
            is_due,
            sha256: certificate.sha256,
            place,
        });
    }

    fn find(&mut self, finding: Finding) {
        match finding.code() {
            Code::CertificateExpired => self.scan.counts.expired += 1,
            Code::CertificateExpiresSoon => self.scan.counts.expire_soon += 1,
            _ => {}
        }
        self.kept.add(finding);
    }
}
