//! The cases of testdata/, and how to run one.
#![allow(dead_code, reason = "each test binary uses its own part of this")]

pub(crate) mod chance;
pub(crate) mod der;
pub(crate) mod here;
pub(crate) mod keys;
pub(crate) mod paths;
pub(crate) mod postgres;
pub(crate) mod program;

use serde_json::{Map, Value};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// One `case.json`, and the directory that it stands in.
pub(crate) struct Case {
    pub(crate) dir: PathBuf,
    pub(crate) fields: Map<String, Value>,
}

/// What may stand in a `case.json`; anything else is a slip of the pen.
const FIELDS: &[&str] = &[
    "story",
    "run",
    "stdin",
    "env",
    "modes",
    "exit",
    "verdict",
    "findings",
    "allowed",
    "checks",
    "result",
    "text_contains",
    "text_lacks",
    "stderr_contains",
];

pub(crate) fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

/// The files of testdata/, sorted. A fresh clone has keys that everyone can read: here only
/// their owner can.
pub(crate) fn closed_files() -> Vec<PathBuf> {
    let mut files = files_below(&testdata());
    files.sort();
    for file in &files {
        if looks_secret(file) {
            set_mode(file, 0o600);
            give_away(file);
        }
    }
    files
}

/// Every case, sorted by its path, with the modes of its key files as the case wants them.
pub(crate) fn cases() -> Vec<Case> {
    let mut found = Vec::new();
    let files = closed_files();
    for file in files.iter().filter(|file| file.ends_with("case.json")) {
        let text = fs::read_to_string(file).unwrap();
        let value: Value =
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let Value::Object(fields) = value else {
            panic!("{}: not an object", file.display())
        };
        for name in fields.keys() {
            assert!(
                FIELDS.contains(&name.as_str()),
                "{}: unknown field {name}",
                file.display()
            );
        }
        for name in ["story", "run", "exit", "findings"] {
            assert!(
                fields.contains_key(name),
                "{}: {name} is missing",
                file.display()
            );
        }
        let case = Case {
            dir: file.parent().unwrap().to_owned(),
            fields,
        };
        for (name, mode) in case.object("modes") {
            set_mode(
                &case.dir.join(name),
                u32::from_str_radix(mode.as_str().unwrap(), 8).unwrap(),
            );
        }
        found.push(case);
    }
    found
}

/// Makes a key somebody else's where root runs the tests, as it is where anybody else does:
/// a key of root's alone is a warning for PostgreSQL.
#[cfg(unix)]
pub(crate) fn give_away(file: &Path) {
    use std::os::unix::fs::{MetadataExt, chown};
    if fs::metadata(file).is_ok_and(|facts| facts.uid() == 0) {
        // Where root may not do that either, the file stays as it is.
        let _ = chown(file, Some(65_534), None);
    }
}

#[cfg(not(unix))]
pub(crate) fn give_away(_file: &Path) {}

/// Git keeps no modes but the executable bit: a key that is checked out is readable by all.
fn looks_secret(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    match extension {
        Some("key") => true,
        Some("sh" | "json") => false,
        _ => fs::read(file).is_ok_and(|b| b.windows(12).any(|window| window == b"PRIVATE KEY-")),
    }
}

#[cfg(unix)]
fn set_mode(file: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
}

pub(crate) fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

impl Case {
    /// `chain/reversed`.
    pub(crate) fn name(&self) -> String {
        self.dir
            .strip_prefix(testdata())
            .unwrap()
            .display()
            .to_string()
    }

    pub(crate) fn list(&self, name: &str) -> Vec<Value> {
        match self.fields.get(name) {
            None => Vec::new(),
            Some(Value::Array(values)) => values.clone(),
            Some(_) => panic!("{}: {name} is not a list", self.name()),
        }
    }

    pub(crate) fn object(&self, name: &str) -> Map<String, Value> {
        match self.fields.get(name) {
            None => Map::new(),
            Some(Value::Object(fields)) => fields.clone(),
            Some(_) => panic!("{}: {name} is not an object", self.name()),
        }
    }

    pub(crate) fn words(&self, name: &str) -> Vec<String> {
        self.list(name)
            .iter()
            .map(|word| word.as_str().unwrap().to_owned())
            .collect()
    }

    /// The exit codes that are right: one, or several where the contract leaves it open.
    pub(crate) fn exits(&self) -> Vec<i64> {
        match &self.fields["exit"] {
            Value::Array(codes) => codes.iter().map(|code| code.as_i64().unwrap()).collect(),
            code => vec![code.as_i64().unwrap()],
        }
    }

    /// Runs the program as the case says, with `extra` behind the command's name.
    ///
    /// The environment is empty but for what the case names, so that a
    /// developer's own settings decide nothing.
    pub(crate) fn run(&self, extra: &[&str]) -> Output {
        let words = self.words("run");
        // Options stand behind the command's name; in front of `tsm`, which takes all words for its own.
        let place = usize::from(!words[0].starts_with('-'));
        let mut command = Command::new(env!("CARGO_BIN_EXE_certcheck"));
        command
            .args(&words[..place])
            .args(extra)
            .args(&words[place..])
            .current_dir(&self.dir)
            .env_clear();
        for (name, value) in self.object("env") {
            command.env(name, value.as_str().unwrap());
        }
        let stdin = self
            .fields
            .get("stdin")
            .map(|file| fs::read(self.dir.join(file.as_str().unwrap())).unwrap());
        run(command, &stdin.unwrap_or_default())
    }
}

/// Runs `command` with `stdin`, and gives it three minutes at most.
pub(crate) fn run(mut command: Command, stdin: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let bytes = stdin.to_vec();
    let writer = std::thread::spawn(move || {
        // A program that does not read its input closes the pipe: no error.
        let _ = pipe.write_all(&bytes);
    });
    let id = child.id();
    let (done, wait) = std::sync::mpsc::channel::<()>();
    let watchdog = std::thread::spawn(move || {
        if wait
            .recv_timeout(std::time::Duration::from_secs(180))
            .is_err()
        {
            let _ = Command::new("kill")
                .args(["-KILL", &id.to_string()])
                .status();
        }
    });
    let output = child.wait_with_output().unwrap();
    let _ = done.send(());
    let _ = watchdog.join();
    let _ = writer.join();
    output
}
