//! `certcheck scan`.

use super::blocklist::blocklist;
use super::unwritten;
use crate::args::{Common, Format, Scan};
use crate::failure::Failure;
use crate::output::{self, End, buffered};
use crate::scan::{Item, Progress, Roots, Stop, run as pool};
use crate::{clock, input, passphrase};
use certcheck::Finding;
use certcheck::answer::{Answer, Levels};
use certcheck::command::inspect::Dates;
use certcheck::command::scan::{Looked, Scan as Result_, Scanner, Tree};
use certcheck::report::{self, Outline, text};
use std::io::{self, BufWriter, StdoutLock, Write};

pub(crate) fn run(common: &Common, args: &Scan) -> Result<End, Failure> {
    let at = clock::judged_at(common);
    let mut roots = Roots::of(&args.paths);
    let missing = Failure::together(std::mem::take(&mut roots.missing));
    if roots.is_empty()
        && let Some(failure) = missing
    {
        return Err(failure);
    }
    let mut scanner = Scanner::default();
    scanner.dates = Some(Dates {
        at,
        expires_within: args.expires_within,
    });
    scanner.passphrases = passphrase::candidates(&args.passphrase, args.paths.iter())?;
    scanner.blocklist = blocklist(&args.blocklists)?;
    scanner.guards = Some(Box::new(input::with_directories));
    let out = Rows::of(common);
    scanner.described = out.is_some();
    let (levels, format) = (output::levels(common), common.format);
    let stop = Stop::on_signals();
    let mut tree = Tree::default();
    let mut progress = Progress::new();
    let mut out = out;
    let mut written = match &mut out {
        Some(rows) => rows.begin(),
        None => Ok(()),
    };
    let has_rows = out.is_some();
    let write = |looked: &Looked| has_rows.then(|| rows(format, &levels, looked));
    pool(&roots, &scanner, &stop, write, |item| {
        match item {
            Item::Looked(mut looked, ready) => {
                tree.number(&mut looked);
                let text = match (&out, ready) {
                    (None, _) => String::new(),
                    (Some(_), Some(ready)) => ready,
                    (Some(_), None) => rows(format, &levels, &looked),
                };
                let fresh = tree.add(*looked);
                if let Some(rows) = &mut out
                    && written.is_ok()
                {
                    written = rows
                        .write(&text)
                        .and_then(|()| rows.findings(&levels, &fresh));
                }
            }
            Item::Skipped(reason, path, more) => tree.skip(reason, &path, more),
        }
        progress.at(tree.counts());
        written.is_ok()
    });
    drop(progress);
    if stop.is_set() && written.is_ok() {
        tree.interrupt();
    }
    let fresh = tree.finish();
    if let Some(rows) = &mut out
        && written.is_ok()
    {
        written = rows.findings(&levels, &fresh);
    }
    let names: Vec<_> = args
        .paths
        .iter()
        .map(|path| path.to_string_lossy())
        .collect();
    let name = names.join(", ");
    let is_empty = tree.counts().objects == 0;
    let files = tree.counts().files;
    let answer = tree.answer(&name, !scanner.passphrases.is_empty());
    if is_empty && answer.findings.is_empty() {
        return Err(nothing(&name, files, &answer));
    }
    let end = match out {
        Some(rows) => {
            let answer = answer.judged_by(&levels);
            let ended = written.and_then(|()| rows.end(&Outline::of(&answer, at)));
            output::ignore_closed(ended).map_err(unwritten)?;
            output::end(&answer)
        }
        None => output::report(common, at, answer, |answer, detail| {
            text::scan(answer, at, detail)
        })
        .map_err(unwritten)?,
    };
    match missing {
        Some(failure) => {
            output::complain(common.color, failure);
            Ok(match end {
                End::State(_) => end,
                _ => End::CouldNot,
            })
        }
        None => Ok(end),
    }
}

/// That there was nothing to judge, and what was not read.
fn nothing(name: &str, files: usize, answer: &Answer<Result_>) -> Failure {
    let lost = &answer.result.skipped;
    let what = match files {
        1 => "1 file".to_owned(),
        files => format!("{files} files"),
    };
    let failure = Failure::new(format!(
        "{name}: no certificate, key, request or list in {what}"
    ));
    let words = lost.iter().filter_map(|skipped| {
        let (path, _) = skipped.paths.first()?;
        let more = match skipped.count {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        Some(format!("{path}{more} ({})", skipped.what))
    });
    match words.collect::<Vec<_>>() {
        words if words.is_empty() => failure,
        words => failure.help(format!("not read: {}", words.join(", "))),
    }
}

/// The rows of a file: its objects, then what is wrong with them.
fn rows(format: Format, levels: &Levels, looked: &Looked) -> String {
    let mut out = String::new();
    let findings = looked.findings.iter().filter_map(|finding| {
        let mut finding = finding.clone();
        levels.judge(&mut finding).then_some(finding)
    });
    let findings: Vec<_> = findings.collect();
    for object in &looked.objects {
        let own = findings
            .iter()
            .filter(|one| one.subject.index == object.index);
        let mut codes: Vec<_> = own.map(|one| one.code().as_str()).collect();
        codes.dedup();
        out.push_str(&match format {
            Format::Csv => report::csv_object(object, &codes),
            _ => report::ndjson_object(object, &codes),
        });
    }
    if format == Format::Ndjson {
        for finding in &findings {
            out.push_str(&report::ndjson_finding(finding));
        }
    }
    out
}

/// Formats that are written while the tree is read.
struct Rows {
    format: Format,
    out: BufWriter<StdoutLock<'static>>,
}

impl Rows {
    /// `None` for formats that need everything that was found at once.
    fn of(common: &Common) -> Option<Self> {
        let format = common.format;
        [Format::Ndjson, Format::Csv]
            .contains(&format)
            .then(|| Self {
                format,
                out: buffered(io::stdout().lock()),
            })
    }

    fn begin(&mut self) -> io::Result<()> {
        match self.format {
            Format::Csv => self.write(&report::csv_head()),
            _ => Ok(()),
        }
    }

    fn write(&mut self, rows: &str) -> io::Result<()> {
        self.out.write_all(rows.as_bytes())
    }

    fn findings(&mut self, levels: &Levels, findings: &[Finding]) -> io::Result<()> {
        if self.format != Format::Ndjson {
            return Ok(());
        }
        for finding in findings {
            let mut finding = finding.clone();
            if levels.judge(&mut finding) {
                self.write(&report::ndjson_finding(&finding))?;
            }
        }
        Ok(())
    }

    fn end(mut self, outline: &Outline<'_>) -> io::Result<()> {
        if self.format == Format::Ndjson {
            self.write(&report::ndjson_end(outline))?;
        }
        self.out.flush()
    }
}
