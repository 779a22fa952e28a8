//! A copy of testdata/ in which remedies are run, and the same certcheck commands again.

use crate::remedies::support::program::{put, scratch};
use crate::remedies::support::{self, Case};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The moment at which the cases without `--at` are judged.
const AT: &str = "2026-11-22T12:00:00Z";

/// The stand-in for curl: the files of the PKI by the last part of the URL.
const CURL: &str = "#!/bin/sh\nfor url; do :; done\nexec cat \"$PKI/${url##*/}\"\n";

/// The copy, and what is known of its PKI.
pub(crate) struct Lab {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) is_root: bool,
    /// The single certificates of the PKI by the names of their subjects.
    pub(crate) authorities: BTreeMap<String, Vec<PathBuf>>,
}

impl Lab {
    pub(crate) fn new() -> Self {
        let dir = scratch();
        let root = dir.path();
        let copied = Command::new("cp")
            .arg("-a")
            .arg(support::testdata())
            .arg(root)
            .status();
        assert!(copied.unwrap().success());
        fs::create_dir(root.join("bin")).unwrap();
        // The clock of a case, also for the commands of its remedies.
        let program = env!("CARGO_BIN_EXE_certcheck");
        for (name, text) in [
            (
                "certcheck",
                format!("#!/bin/sh\nexec '{program}' \"$@\" --at \"$AT\"\n"),
            ),
            ("curl", CURL.to_owned()),
        ] {
            let file = put(&root.join("bin"), name, text.as_bytes());
            fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let id = Command::new("id").arg("-u").output().unwrap();
        Self {
            is_root: id.stdout == b"0\n",
            authorities: authorities(&root.join("testdata/pki")),
            dir,
        }
    }

    /// Runs a line in the case's directory, as one without a terminal: programs that
    /// ask for a passphrase read it from standard input.
    pub(crate) fn shell(&self, case: &Case, line: &str, input: &str) -> Output {
        let mut command = Command::new("setsid");
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .args(["-w", "sh", "-c", line])
            .current_dir(self.place(case))
            .env("PATH", format!("{}/bin:{path}", self.dir.path().display()))
            .env("PKI", self.dir.path().join("testdata/pki"))
            .env("AT", at(&case.words("run")));
        support::run(command, input.as_bytes())
    }

    pub(crate) fn place(&self, case: &Case) -> PathBuf {
        self.dir.path().join("testdata").join(case.name())
    }

    /// The document of the case's command, in the copy.
    pub(crate) fn judged(&self, case: &Case, words: &[String]) -> Option<Value> {
        let place = usize::from(!words[0].starts_with('-'));
        let mut command = Command::new(env!("CARGO_BIN_EXE_certcheck"));
        command
            .args(&words[..place])
            .args(["--format", "json"])
            .args(&words[place..])
            .current_dir(self.place(case))
            .env_clear();
        for (name, value) in case.object("env") {
            command.env(name, value.as_str().unwrap());
        }
        let stdin = case
            .fields
            .get("stdin")
            .map(|file| fs::read(self.place(case).join(file.as_str().unwrap())).unwrap());
        let output = support::run(command, &stdin.unwrap_or_default());
        serde_json::from_slice(&output.stdout).ok()
    }
}

fn at(words: &[String]) -> String {
    let given = words.iter().position(|word| word == "--at");
    given.map_or(AT.to_owned(), |at| words[at + 1].clone())
}

fn authorities(pki: &Path) -> BTreeMap<String, Vec<PathBuf>> {
    let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut files: Vec<_> = fs::read_dir(pki)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in files
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "crt"))
    {
        let output = support::program::document(&["inspect", file.to_str().unwrap()]).1;
        let objects = output["result"]["objects"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        if let [one] = objects.as_slice()
            && let Some(subject) = one["subject"].as_str()
        {
            found
                .entry(subject.to_owned())
                .or_default()
                .push(file.clone());
        }
    }
    assert!(found.len() > 5, "{found:?}");
    found
}
