//! nginx.conf after nginx.conf, each to `nginx -t` and to `preflight`: every line of
//! the fragments by itself, and mixtures of them by a fixed seed, half of them of
//! lines that nginx takes alone. What it refuses is never a pass, and what it takes
//! is not refused.
#![cfg(feature = "cli")]

use crate::support;

#[path = "nginx_real/fragments.rs"]
mod fragments;

use fragments::{FRAGMENTS, Place};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use support::here;

/// How many mixtures there are.
const MIXED: usize = 200;

/// The moment at which the certificates are judged.
const AT: &str = "2026-11-28T18:00:00Z";

/// xorshift64: the mixtures are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

/// What was found of one file.
struct Answer {
    /// What nginx says where it refuses it.
    refused: Option<String>,
    verdict: String,
    why: String,
}

struct Scene {
    dir: tempfile::TempDir,
    pki: PathBuf,
}

impl Scene {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let made = Command::new("openssl")
            .args(["dhparam", "-dsaparam", "-out"])
            .arg(dir.path().join("dh.pem"))
            .arg("2048")
            .output()
            .unwrap();
        assert!(made.status.success());
        fs::write(dir.path().join("ticket.key"), [7; 80]).unwrap();
        let pki = support::testdata().join("settings-real/pki");
        Self { dir, pki }
    }

    fn path(&self, name: &str) -> String {
        self.dir.path().join(name).to_str().unwrap().to_owned()
    }

    /// A whole file with these fragments in it.
    fn config(&self, chosen: &[&(Place, &str)]) -> String {
        let of = |place: Place| {
            let all = chosen.iter().filter(|answer| answer.0 == place);
            all.map(|answer| answer.1).collect::<Vec<_>>().join("\n")
        };
        let listen = match of(Place::Listen) {
            own if own.is_empty() => "listen 127.0.0.1:21443 ssl;".to_owned(),
            own => own,
        };
        let text = format!(
            "pid @D/pid; error_log @D/log; {}\nevents {{}}\nhttp {{ access_log off;\n{}\n\
             server {{ {listen}\nCERT\n{}\nlocation / {{ {} }} }}\n{}\n}}\n",
            of(Place::Main),
            of(Place::Http),
            of(Place::Server),
            of(Place::Location),
            of(Place::Second),
        );
        let own = "ssl_certificate @P/ec.crt; ssl_certificate_key @P/ec.key;";
        let mut text = text
            .replace("CERT", own)
            .replace("@P", self.pki.to_str().unwrap())
            .replace("@D", self.dir.path().to_str().unwrap());
        for length in [46, 47, 48, 120, 3000, 4094, 4095, 4096] {
            text = text.replace(&format!("@{length}@"), &"a".repeat(length));
        }
        text
    }

    fn ask(&self, chosen: &[&(Place, &str)]) -> Answer {
        let file = self.path("nginx.conf");
        fs::write(&file, self.config(chosen)).unwrap();
        let test = Command::new("nginx")
            .args(["-t", "-c", &file])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&test.stderr).into_owned();
        let refused = (!test.status.success()).then(|| {
            let first = said.lines().find(|line| line.contains("[emerg]"));
            first.unwrap_or_default().chars().take(300).collect()
        });
        let root = self.pki.join("root.pem");
        let output = Command::new(env!("CARGO_BIN_EXE_certcheck"))
            .args(["preflight", "--server", "nginx", "--config", &file])
            .args(["--anchors", root.to_str().unwrap()])
            // What nginx refuses is the question, not what the names are.
            .args(["--allow", "certificate.name-mismatch"])
            .args(["--at", AT, "--format", "json"])
            .output()
            .unwrap();
        let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let list = |name: &str| document[name].as_array().cloned().unwrap_or_default();
        let errors = list("findings")
            .into_iter()
            .filter(|finding| finding["severity"] == "error");
        let open = list("checks")
            .into_iter()
            .filter(|check| check["outcome"] == "not-run");
        let why = errors
            .map(|finding| finding["message"].to_string())
            .chain(open.map(|check| check["reason"].to_string()));
        Answer {
            refused,
            verdict: document["verdict"].as_str().unwrap_or("none").to_owned(),
            why: why.collect::<Vec<_>>().join("; "),
        }
    }
}

/// How many of each kind there were, and those that must not be.
#[derive(Default)]
struct Account {
    sound: usize,
    broken: usize,
    open: Vec<String>,
    wrong: Vec<String>,
}

impl Account {
    fn add(&mut self, chosen: &[&(Place, &str)], answer: &Answer) {
        let text: Vec<_> = chosen
            .iter()
            .map(|answer| answer.1.chars().take(90).collect::<String>())
            .collect();
        let line = format!(
            "{text:?}: {:?} here {} {}",
            answer.refused, answer.verdict, answer.why
        );
        match (&answer.refused, answer.verdict.as_str()) {
            (None, "pass") => self.sound += 1,
            (None, "undecided") => {
                self.sound += 1;
                self.open.push(line);
            }
            (None, _) => {
                self.sound += 1;
                self.wrong.push(format!("refused wrongly: {line}"));
            }
            (Some(_), "pass") => {
                self.broken += 1;
                self.wrong.push(format!("passed wrongly: {line}"));
            }
            (Some(_), _) => self.broken += 1,
        }
    }

    fn close(self, what: &str, least: usize) {
        let all = self.sound + self.broken;
        println!(
            "{what}: {all} files; {} sound, {} of them undecided; {} refused; {} wrong\n{}",
            self.sound,
            self.open.len(),
            self.broken,
            self.wrong.len(),
            self.open.join("\n")
        );
        here::compared(what, "nginx -t", all, least, self.wrong.len());
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        assert!(
            self.open.len() * 10 <= self.sound,
            "{}",
            self.open.join("\n")
        );
    }
}

/// Whether nginx is here, in the version that the tables were made with.
fn nginx_is_here() -> bool {
    here::have("nginx", "nginx") && here::have("openssl", "openssl") && here::measured("nginx")
}

#[test]
fn what_nginx_refuses_is_never_passed() {
    if !nginx_is_here() {
        return;
    }
    let scene = Scene::new();
    let (mut alone, mut sound) = (Account::default(), Vec::new());
    for fragment in FRAGMENTS {
        let answer = scene.ask(&[fragment]);
        if answer.refused.is_none() {
            sound.push(fragment);
        }
        alone.add(&[fragment], &answer);
    }
    let mut dice = Dice(20_261_129);
    let mut mixed = Account::default();
    for number in 0..MIXED {
        let mut chosen = Vec::new();
        while chosen.len() < 4 {
            let fragment = sound[dice.below(sound.len())];
            let single = matches!(fragment.0, Place::Listen | Place::Location | Place::Second);
            let stands_for_it =
                |other: &&(Place, &str)| *other == fragment || (single && other.0 == fragment.0);
            if !chosen.iter().any(stands_for_it) {
                chosen.push(fragment);
            }
        }
        if number % 2 == 0 {
            chosen[0] = &FRAGMENTS[dice.below(FRAGMENTS.len())];
        }
        mixed.add(&chosen, &scene.ask(&chosen));
    }
    alone.close("lines of nginx.conf", FRAGMENTS.len());
    mixed.close("mixtures of nginx.conf", MIXED);
    assert!(Path::new(&scene.path("nginx.conf")).exists());
}
