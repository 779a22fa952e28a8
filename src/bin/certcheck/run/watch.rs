//! `certcheck watch`.

use super::anchors;
use super::probe::listed;
use crate::args::{Common, Watch as Args};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::parallel::{Next, in_order};
use crate::scan::{Item, Roots, Stop, run as pool};
use crate::watch::{Notices, Snapshot, Woken, line};
use crate::write::{self, WriteOptions};
use crate::{clock, input, passphrase};
use certcheck::Time;
use certcheck::answer::Answer;
use certcheck::command::inspect::Dates;
use certcheck::command::probe::{Probe, Probes, several};
use certcheck::command::scan::{Scan, Scanner, SkipReason, Tree};
use certcheck::probe::{Asked, StartTls, Target, probe};
use certcheck::report::{self, Outline};
use certcheck::trust_store::Anchors;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What is watched, and by what.
struct Watch<'a> {
    common: &'a Common,
    args: &'a Args,
    paths: Vec<PathBuf>,
    hosts: Vec<Asked>,
    scanner: Scanner,
    anchors: Option<Arc<Anchors>>,
    stop: Stop,
    /// Why the metrics were not written the last time.
    unwritten: Option<String>,
}

pub(crate) fn run(common: &Common, args: &Args) -> Result<End, Failure> {
    let (paths, hosts) = targets(args)?;
    if let Some(path) = &args.textfile {
        refuse_within(path, &paths)?;
    }
    let mut scanner = Scanner::default();
    scanner.passphrases = passphrase::candidates(&args.passphrase, paths.iter())?;
    scanner.guards = Some(Box::new(input::with_directories));
    scanner.described = true;
    let mut watch = Watch {
        common,
        args,
        paths,
        hosts,
        scanner,
        anchors: anchors(&args.anchors, None)?.map(Arc::new),
        stop: Stop::on_signals(),
        unwritten: None,
    };
    let start = Instant::now();
    let mut complain = |why: &str| output::complain(common.color, why);
    let mut notices = Notices::new(&watch.paths, &mut complain);
    let (mut before, mut rounds, mut changes) = (None::<Snapshot>, 0, 0);
    loop {
        // Before the check, so that a change during it is not missed.
        notices.watch(&mut complain);
        let now = watch.check(&mut complain);
        if watch.stop.is_set() {
            // Half of a check would make the rest look gone.
            break;
        }
        rounds += 1;
        let at = clock::judged_at(common);
        let mut lines: Vec<_> = now.since(before.as_ref());
        changes += before.as_ref().map_or(0, |_| lines.len());
        if before.is_none() {
            lines.insert(0, watch.begins(&now));
        }
        let text: String = lines.iter().map(|what| line(at, what)).collect();
        match write_out(&text) {
            Ok(()) => {}
            // The reader is gone: there is no use in going on.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(End::Good),
            Err(error) => complain(&format!("standard output: cannot be written: {error}")),
        }
        before = Some(now);
        match notices.wait(args.every, &watch.stop) {
            Woken::Stopped => break,
            Woken::Jumped(seconds) => {
                complain(&format!(
                    "the system's clock moved by {seconds} s: everything is checked again"
                ));
            }
            Woken::Changed | Woken::Scheduled => {}
        }
    }
    let errors = before.as_ref().map_or(0, Snapshot::errors);
    let seconds = start.elapsed().as_secs();
    let what = format!(
        "ended after {} h {} min {} s: {}, {}; errors now: {errors}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60,
        many(rounds, "check"),
        many(changes, "change")
    );
    let _ = write_out(&line(clock::now(), &what));
    Ok(End::Good)
}

/// `1 path`, `2 paths`.
fn many(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        count => format!("{count} {word}s"),
    }
}

fn write_out(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// The paths and the servers among the arguments.
fn targets(args: &Args) -> Result<(Vec<PathBuf>, Vec<Asked>), Failure> {
    let (mut paths, mut hosts) = (Vec::new(), Vec::new());
    let asked = |target: &Target| {
        let ways = StartTls::ALL.into_iter();
        let starttls = args.starttls.as_deref();
        let way = ways.into_iter().find(|way| Some(way.as_str()) == starttls);
        let port = target.port.unwrap_or(way.map_or(443, StartTls::port));
        let mut asked = Asked::of(target.host.as_str(), port);
        asked.starttls = way;
        asked.timeout = Duration::from_secs(args.timeout);
        asked
    };
    for text in &args.targets {
        if text.contains('/') || Path::new(text).symlink_metadata().is_ok() {
            paths.push(PathBuf::from(text));
            continue;
        }
        let target = text.parse::<Target>();
        let target = target.map_err(|why| {
            Failure::new(format!("{text}: {why}"))
                .help("write a path that does not exist yet as ./NAME")
        })?;
        hosts.push(asked(&target));
    }
    if let Some(path) = &args.hosts {
        hosts.extend(listed(path, asked)?);
    }
    Ok((paths, hosts))
}

/// Refuses metrics in a directory that is watched: each check would cause the next.
fn refuse_within(textfile: &Path, paths: &[PathBuf]) -> Result<(), Failure> {
    let above = textfile
        .parent()
        .filter(|above| !above.as_os_str().is_empty());
    let above = above.unwrap_or(Path::new("."));
    let Ok(real) = above.canonicalize() else {
        return Err(Failure::file(above, "no such directory")
            .help("make it, or name another file for --textfile"));
    };
    let watched = paths.iter().find(|path| {
        let own = path.canonicalize().ok();
        let own = own.as_deref().unwrap_or(path);
        // For a file, the directory above is watched.
        real.starts_with(own) || (!own.is_dir() && own.parent() == Some(&real))
    });
    match watched {
        None => Ok(()),
        Some(path) => Err(Failure::file(
            textfile,
            format!(
                "--textfile is in a directory that is watched because of {}",
                path.display()
            ),
        )
        .help("write the metrics to another directory")),
    }
}

impl Watch<'_> {
    /// The first line.
    fn begins(&self, now: &Snapshot) -> String {
        let (count, left_out) = now.count();
        let more = match left_out {
            0 => String::new(),
            more => format!(" ({more} more are not compared)"),
        };
        format!(
            "watching {} and {}: {count} objects and servers{more}; errors now: {}",
            many(self.paths.len(), "path"),
            many(self.hosts.len(), "server"),
            now.errors()
        )
    }

    /// Checks everything once, and writes the metrics.
    fn check(&mut self, complain: &mut impl FnMut(&str)) -> Snapshot {
        let mut snapshot = Snapshot::default();
        let at = clock::judged_at(self.common);
        let files = (!self.paths.is_empty()).then(|| self.files(at, &mut snapshot));
        let ask = !self.hosts.is_empty() && !self.stop.is_set();
        let servers = ask.then(|| self.servers(at, &mut snapshot));
        if let Some(path) = self.args.textfile.as_ref().filter(|_| !self.stop.is_set()) {
            let files = files.as_ref().map(|answer| Outline::of(answer, at));
            let servers = servers.as_ref().map(|answer| Outline::of(answer, at));
            let all: Vec<_> = files.iter().chain(&servers).collect();
            let metrics = report::prometheus_of(&all);
            let options = WriteOptions {
                secret: false,
                force: true,
            };
            let written = write::write(path, metrics.as_bytes(), options);
            let why = written.err().map(|failure| failure.to_string());
            // Once, not after each check.
            if let Some(why) = why.as_ref().filter(|_| why != self.unwritten) {
                complain(why);
            }
            self.unwritten = why;
        }
        snapshot
    }

    fn files(&mut self, at: Time, snapshot: &mut Snapshot) -> Answer<Scan> {
        self.scanner.dates = Some(Dates {
            at,
            expires_within: self.args.expires_within,
        });
        let mut roots = Roots::of(&self.paths);
        roots.missing.clear();
        let mut tree = Tree::default();
        for path in &self.paths {
            // What is not there cannot be fit: the verdict is undecided.
            if let Err(error) = path.canonicalize() {
                let (name, why) = (path.to_string_lossy(), error.to_string());
                snapshot.unread(&name, &why);
                tree.skip(SkipReason::Unreadable, &name, Some(why));
            }
        }
        if !roots.is_empty() {
            pool(
                &roots,
                &self.scanner,
                &self.stop,
                |_| None,
                |item| {
                    match item {
                        Item::Looked(mut looked, _) => {
                            tree.number(&mut looked);
                            for object in &looked.objects {
                                snapshot.object(object);
                            }
                            tree.add(*looked);
                        }
                        Item::Skipped(reason, path, more) => {
                            if reason.matters() {
                                let why = more.as_deref().unwrap_or(reason.words().0);
                                snapshot.unread(&path, why);
                            }
                            tree.skip(reason, &path, more);
                        }
                    }
                    true
                },
            );
        }
        tree.finish();
        let names: Vec<_> = self
            .paths
            .iter()
            .map(|path| path.to_string_lossy())
            .collect();
        let answer = tree.answer(&names.join(", "), !self.scanner.passphrases.is_empty());
        let answer = output::judged(self.common, answer, at);
        for finding in &answer.findings {
            snapshot.finding(finding);
        }
        answer
    }

    fn servers(&self, at: Time, snapshot: &mut Snapshot) -> Answer<Probes> {
        let mut answers = Vec::new();
        // `self` has what only one thread may use.
        let (hosts, stop, anchors) = (&self.hosts, &self.stop, &self.anchors);
        let within = self.args.expires_within;
        in_order(
            usize::from(self.args.jobs).min(self.hosts.len()),
            |feed| {
                for asked in hosts {
                    if stop.is_set() || !feed.give(asked) {
                        break;
                    }
                }
            },
            |asked: &Asked, results| {
                if stop.is_set() {
                    return;
                }
                let answer = probe(asked).map(|seen| {
                    let mut question = Probe::of(asked, &seen, at);
                    question.anchors.clone_from(anchors);
                    question.expires_within = within;
                    question.judge()
                });
                let name = super::probe::name_of(asked);
                results.give((name, answer.map_err(|why| why.to_string())));
            },
            |next| {
                if let Next::Result(answer) = next {
                    answers.push(answer);
                }
                true
            },
        );
        let answer = output::judged(self.common, several(answers), at);
        snapshot.probes(&answer.result);
        for finding in &answer.findings {
            snapshot.finding(finding);
        }
        answer
    }
}
