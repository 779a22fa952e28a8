//! `certcheck watch`, while files change under it.
#![cfg(all(feature = "cli", unix))]

use crate::support;
use crate::support::here;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use support::program::*;

/// A watch that runs, and what it has said.
struct Watch {
    child: Child,
    lines: Receiver<String>,
    errors: Receiver<String>,
    seen: Vec<String>,
}

fn read_from(out: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (send, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

impl Watch {
    fn start(words: &[&str]) -> Self {
        Self::of(program().arg("watch").args(["--at", AT]).args(words))
    }

    fn of(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let lines = read_from(child.stdout.take().unwrap());
        let errors = read_from(child.stderr.take().unwrap());
        let mut watch = Self {
            child,
            lines,
            errors,
            seen: Vec::new(),
        };
        watch.says("watching ");
        watch
    }

    /// Waits for a line with these words.
    fn says(&mut self, words: &str) -> String {
        let end = Instant::now() + Duration::from_secs(30);
        while Instant::now() < end {
            if let Ok(line) = self.lines.recv_timeout(Duration::from_millis(100)) {
                self.seen.push(line.clone());
                if line.contains(words) {
                    return line;
                }
            }
        }
        let errors: Vec<_> = self.errors.try_iter().collect();
        panic!("not said: {words}\n{:?}\n{errors:?}", self.seen);
    }

    /// Waits for a line with these words on standard error.
    fn complains(&self, words: &str) {
        let end = Instant::now() + Duration::from_secs(30);
        let mut seen = Vec::new();
        while Instant::now() < end {
            if let Ok(line) = self.errors.recv_timeout(Duration::from_millis(100)) {
                if line.contains(words) {
                    return;
                }
                seen.push(line);
            }
        }
        panic!("not said on standard error: {words}\n{seen:?}");
    }

    fn end(mut self, name: &str) -> Vec<String> {
        signal(&self.child, name);
        let status = self.child.wait().unwrap();
        let rest: Vec<_> = self.lines.iter().collect();
        self.seen.extend(rest);
        assert_eq!(status.code(), Some(0), "{:?}", self.seen);
        std::mem::take(&mut self.seen)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn path(at: &Path, name: &str) -> String {
    at.join(name).display().to_string()
}

#[test]
fn changed_replaced_and_removed_files_are_seen() {
    let dir = scratch();
    let at = dir.path();
    let tree = at.join("tree");
    fs::create_dir(&tree).unwrap();
    fs::copy(pki("server.crt"), tree.join("a.crt")).unwrap();
    let mut watch = Watch::start(&[&path(at, "tree")]);
    // Written in place.
    fs::copy(pki("issuing.crt"), tree.join("a.crt")).unwrap();
    let line = watch.says("changed ");
    assert!(
        line.contains("a.crt: certificate CN=Example Issuing CA"),
        "{line}"
    );
    assert!(
        line.contains("it was certificate CN=server.example.test"),
        "{line}"
    );
    // Replaced by a rename.
    fs::copy(pki("server.crt"), at.join("new")).unwrap();
    fs::rename(at.join("new"), tree.join("a.crt")).unwrap();
    let line = watch.says("changed ");
    assert!(
        line.contains("a.crt: certificate CN=server.example.test"),
        "{line}"
    );
    // New, in a new directory.
    fs::create_dir(tree.join("deep")).unwrap();
    fs::copy(pki("root.crt"), tree.join("deep/b.crt")).unwrap();
    watch.says("deep/b.crt: certificate CN=Example Root");
    fs::remove_file(tree.join("a.crt")).unwrap();
    watch.says("gone ");
    let seen = watch.end("TERM");
    let last = seen.last().unwrap();
    assert!(last.contains("ended after 0 h 0 min"), "{last}");
    let changes = last.split(", ").find(|part| part.contains(" change"));
    let count = changes.and_then(|part| part.split(' ').next());
    let count: usize = count.and_then(|count| count.parse().ok()).unwrap_or(0);
    assert!(count >= 4, "{last}");
}

#[test]
fn a_single_file_and_a_path_that_comes_back() {
    let dir = scratch();
    let at = dir.path();
    fs::copy(pki("server.crt"), at.join("a.crt")).unwrap();
    let (one, tree) = (path(at, "a.crt"), path(at, "later"));
    let mut watch = Watch::start(&[&one, &tree]);
    fs::copy(pki("root.crt"), at.join("new")).unwrap();
    fs::rename(at.join("new"), at.join("a.crt")).unwrap();
    watch.says("a.crt: certificate CN=Example Root");
    fs::create_dir(at.join("later")).unwrap();
    watch.says("gone ");
    fs::copy(pki("server.crt"), at.join("later/b.crt")).unwrap();
    watch.says("new ");
    fs::remove_dir_all(at.join("later")).unwrap();
    watch.says("later: not read");
    watch.end("INT");
}

#[test]
fn metrics_are_whole_and_a_full_disk_ends_nothing() {
    let dir = scratch();
    let at = dir.path();
    for name in ["tree", "out"] {
        fs::create_dir(at.join(name)).unwrap();
    }
    fs::copy(pki("server.crt"), at.join("tree/a.crt")).unwrap();
    let (tree, metrics) = (path(at, "tree"), path(at, "out/certcheck.prom"));
    // Port 1 of loopback: refused.
    let words = [
        &tree,
        "127.0.0.1:1",
        "--every",
        "1s",
        "--textfile",
        &metrics,
    ];
    let watch = Watch::start(&words);
    let text = fs::read_to_string(&metrics).unwrap();
    let described = text
        .lines()
        .filter(|line| line.starts_with("# TYPE certcheck_verdict "));
    assert_eq!(described.count(), 1, "{text}");
    for command in ["scan", "probe"] {
        let label = format!("command=\"{command}\"");
        assert!(text.contains(&label), "{command}: {text}");
    }
    // The directory of the metrics is gone: said, and the next check is made.
    fs::rename(at.join("out"), at.join("elsewhere")).unwrap();
    watch.complains("there is no such directory");
    fs::rename(at.join("elsewhere"), at.join("out")).unwrap();
    fs::remove_file(&metrics).unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    while fs::metadata(&metrics).is_err() {
        assert!(Instant::now() < end, "no metrics");
        std::thread::sleep(Duration::from_millis(100));
    }
    let seen = watch.end("TERM");
    assert!(
        seen.iter()
            .any(|line| line.contains("127.0.0.1:1: not reached")),
        "{seen:?}"
    );

    // Standard output on a full disk.
    if fs::metadata("/dev/full").is_ok() {
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let mut child = program()
            .args(["watch", "--at", AT, &tree, "--every", "1s"])
            .stdout(full)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let errors = read_from(child.stderr.take().unwrap());
        let line = errors.recv_timeout(Duration::from_secs(20)).unwrap();
        assert!(
            line.contains("standard output: cannot be written"),
            "{line}"
        );
        assert!(child.try_wait().unwrap().is_none(), "it ended");
        signal(&child, "TERM");
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
}

/// A small file system that is full, where this is root.
#[test]
fn metrics_on_a_full_file_system() {
    let dir = scratch();
    let at = dir.path();
    let disk = at.join("disk");
    fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=16k", "none"])
        .arg(&disk)
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !mounted {
        return here::without("watch: a full file system", "mount needs root");
    }
    fs::create_dir(at.join("tree")).unwrap();
    fs::copy(pki("server.crt"), at.join("tree/a.crt")).unwrap();
    let metrics = path(at, "disk/certcheck.prom");
    let mut watch = Watch::start(&[&path(at, "tree"), "--every", "1s", "--textfile", &metrics]);
    let whole = fs::read_to_string(&metrics).unwrap();
    let _ = fs::write(disk.join("fill"), vec![0; 64 << 10]);
    watch.complains("certcheck.prom");
    // The old metrics are still whole, and changes are still said.
    assert_eq!(
        fs::read_to_string(&metrics).unwrap().lines().count(),
        whole.lines().count()
    );
    fs::copy(pki("root.crt"), at.join("tree/b.crt")).unwrap();
    watch.says("new ");
    watch.end("TERM");
    assert!(
        Command::new("umount")
            .arg(&disk)
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn a_directory_that_cannot_be_read_is_said() {
    let dir = scratch();
    let at = dir.path();
    let closed = at.join("tree/closed");
    fs::create_dir_all(&closed).unwrap();
    fs::copy(pki("server.crt"), at.join("tree/a.crt")).unwrap();
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let open = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let is_root = fs::metadata(&closed).unwrap().uid() == 0;
    open(&closed, 0o000);
    let words = ["watch", "--at", AT, &path(at, "tree"), "--every", "1s"];
    let mut watch = if is_root {
        // Root reads everything: `nobody` watches, with a copy of the program within reach.
        open(at, 0o755);
        let copy = at.join("certcheck");
        fs::copy(env!("CARGO_BIN_EXE_certcheck"), &copy).unwrap();
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        Watch::of(command.arg(&copy).args(words))
    } else {
        Watch::of(program().args(words))
    };
    watch.says("closed: not read");
    fs::copy(pki("root.crt"), at.join("tree/a.crt")).unwrap();
    watch.says("changed ");
    open(&closed, 0o755);
    watch.says("gone ");
    watch.end("TERM");
}

#[test]
fn a_server_that_changes_its_certificate_is_said() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port().to_string();
    drop(free);
    let start = |certificate: &str, key: &str| {
        Command::new("openssl")
            .args([
                "s_server",
                "-quiet",
                "-accept",
                &format!("127.0.0.1:{port}"),
            ])
            .args(["-cert", &pki(certificate), "-key", &pki(key)])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut watch = Watch::start(&[&format!("127.0.0.1:{port}"), "--every", "1s"]);
    let mut server = start("server.crt", "server.key");
    let line = watch.says("changed ");
    assert!(
        line.contains("certificate CN=server.example.test"),
        "{line}"
    );
    server.kill().unwrap();
    server.wait().unwrap();
    watch.says("not reached: connection refused");
    watch.end("TERM");
}

#[test]
fn what_cannot_be_watched_is_refused_at_the_start() {
    let dir = scratch();
    let at = dir.path();
    let here = at.display().to_string();
    let inside = path(at, "certcheck.prom");
    for (words, says) in [
        (
            vec![here.as_str(), "--textfile", &inside],
            "is in a directory that is watched",
        ),
        (vec![&here, "--every", "0s"], "from 1s to 365d"),
        (vec![&here, "--every", "1"], "30s, 15m, 1h, 1d"),
        (vec![&here, "--format", "json"], "one line of text"),
        (vec!["a:b"], "not a port"),
        (vec![], "PATH|HOST"),
    ] {
        let output = certcheck(&[&["watch"][..], &words].concat());
        let text = stderr(&output);
        assert_eq!(code(&output), 2, "{words:?}: {text}");
        assert!(text.contains(says), "{says}: {text}");
    }
}
