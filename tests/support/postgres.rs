//! PostgreSQL as the tests start it: its programs, a data directory, and the commands that
//! start and stop a server there. It refuses to run as root, so all of them run as `postgres`.

use super::here;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The directory of the newest version's programs, where Debian installs them.
pub(crate) fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let directories = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    directories
        .filter(|directory| directory.join("postgres").exists())
        .max()
}

/// Whether it can be started here; if not, the test that asks says that it is skipped.
pub(crate) fn have() -> bool {
    let here = programs().is_some() && here::is_there("runuser");
    if !here {
        here::skipped("postgres", "not installed (apt-get install postgresql)");
    }
    here
}

/// A program of the server's, to be run as its user.
fn program(name: &str) -> Command {
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]);
    command.arg(programs().unwrap().join(name));
    command
}

fn done(words: [&str; 3]) {
    let done = Command::new(words[0]).args(&words[1..]).status();
    assert!(done.unwrap().success(), "{words:?}");
}

/// `pgdata` in a directory, made where it is not there yet; its administrator is `ada`.
pub(crate) fn data_directory(directory: &Path) -> String {
    let data = directory.join("pgdata").to_str().unwrap().to_owned();
    if !Path::new(&data).exists() {
        fs::create_dir(&data).unwrap();
        done(["chown", "postgres", &data]);
        let made = program("initdb")
            .args(["-D", &data, "-A", "trust", "--no-sync", "-U", "ada"])
            .output()
            .unwrap();
        assert!(made.status.success());
    }
    data
}

/// Copies a file into a data directory, as a file that only the server can read.
pub(crate) fn copy(from: &str, data: &str, name: &str) {
    let to = format!("{data}/{name}");
    fs::copy(from, &to).unwrap();
    done(["chmod", "600", &to]);
    done(["chown", "postgres", &to]);
}

/// Starts a server in the foreground, in a session of its own: it signals its whole group.
pub(crate) fn server(data: &str) -> Command {
    let mut command = Command::new("setsid");
    command.args(["-w", "runuser", "-u", "postgres", "--"]);
    command.arg(programs().unwrap().join("postgres"));
    command.args(["-D", data]);
    command
}

/// Stops the server of a data directory at once.
pub(crate) fn stop(data: &str) -> Command {
    let mut command = program("pg_ctl");
    command.args(["-D", data, "-m", "immediate", "stop"]);
    command
}
