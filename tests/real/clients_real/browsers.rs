//! Chromium and Firefox ESR, headless: a sample of the scenarios, because each trust
//! store is a process of its own.

use super::programs::{Answer, Job, each, run};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The name here, the program and Debian's package, the script, what a server's own
/// certificate is trusted as, and of how many stores one is taken.
pub(crate) struct Browser {
    pub(crate) client: &'static str,
    pub(crate) program: &'static str,
    script: &'static str,
    own: &'static str,
    every: usize,
}

pub(crate) const BROWSERS: [Browser; 2] = [
    Browser {
        client: "chrome",
        program: "chromium",
        script: "chromium.py",
        own: "P,,",
        every: 2,
    },
    // Firefox takes a server's certificate from its database only as a CA's.
    Browser {
        client: "firefox",
        program: "firefox-esr",
        script: "firefox.py",
        own: "C,,",
        every: 3,
    },
];

/// NSS's database of a store: CAs as `C,,`, a server's certificate as `own`.
pub(crate) fn database(job: &Job, own: &str) -> PathBuf {
    let place = job
        .directory
        .with_extension(own.replace(',', "").to_lowercase());
    if place.exists() {
        return place;
    }
    std::fs::create_dir(&place).unwrap();
    let database = format!("sql:{}", place.display());
    run(Command::new("certutil").args(["-N", "--empty-password", "-d", &database]));
    for (number, label) in job.scenario.1.iter().enumerate() {
        let file = job.directory.join(format!("{number}.pem"));
        let trust = if job.cas[number] { "C,," } else { own };
        let mut add = Command::new("certutil");
        add.args(["-A", "-d", &database, "-n", label, "-t", trust, "-i"])
            .arg(file);
        run(&mut add);
    }
    place
}

/// One job of each store.
pub(crate) fn stores(jobs: &[Job]) -> Vec<&Job> {
    let mut stores: Vec<&Job> = jobs.iter().collect();
    stores.sort_by_key(|job| &job.directory);
    stores.dedup_by_key(|job| &job.directory);
    stores
}

/// What the browser said of the scenarios whose store was taken; nothing for the others.
pub(crate) fn ask(browser: &Browser, here: &str, jobs: &[Job], all: bool) -> Vec<Option<Answer>> {
    // The stores that most scenarios have come first.
    let mut scenarios: BTreeMap<&Path, usize> = BTreeMap::new();
    for job in jobs {
        *scenarios.entry(&job.directory).or_default() += 1;
    }
    let mut chosen = stores(jobs);
    chosen.sort_by_key(|job| std::cmp::Reverse(scenarios[job.directory.as_path()]));
    let every = if all { 1 } else { browser.every };
    let chosen: Vec<&Job> = chosen.into_iter().step_by(every).collect();
    let databases = each(&chosen, |job| {
        (job.directory.clone(), database(job, browser.own))
    });
    let databases: BTreeMap<_, _> = databases.into_iter().collect();
    let mut lines = String::new();
    for (number, job) in jobs.iter().enumerate() {
        let Some(database) = databases.get(&job.directory) else {
            continue;
        };
        let _ = writeln!(
            lines,
            "{number}\t{}\t{}\t{}\t{}\t{}",
            job.port,
            job.store.display(),
            database.display(),
            job.scenario.2,
            job.scenario.0.len()
        );
    }
    let asked = lines.lines().count();
    let mut child = Command::new("python3")
        .arg(format!("{here}/{}", browser.script))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(lines.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let mut answers: Vec<Option<Answer>> = jobs.iter().map(|_| None).collect();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let mut parts = line.splitn(3, '\t');
        let number: usize = parts.next().unwrap().parse().unwrap();
        answers[number] = Some(Answer {
            accepted: parts.next() == Some("ok"),
            text: parts.next().unwrap_or_default().to_owned(),
        });
    }
    let answered = answers.iter().flatten().count();
    let problem = String::from_utf8_lossy(&output.stderr);
    assert_eq!(answered, asked, "{}: {problem}", browser.program);
    answers
}
