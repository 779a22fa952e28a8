//! Who can read the server's files: PostgreSQL itself, started as its own user over
//! files and directories of odd owners, modes and access control lists, against what
//! `preflight --run-as` says. httpd, nginx and HAProxy read them as root.
#![cfg(all(feature = "cli", target_os = "linux"))]

use crate::support::here;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How many random arrangements there are, in `cargo test` and in `.ci/full`.
const SAMPLE: usize = 40;
const WHOLE: usize = 400;

/// Owner, group, mode and what `setfacl` is told, of one file or directory.
#[derive(Clone, Debug)]
struct Guard {
    owner: &'static str,
    group: &'static str,
    mode: u32,
    list: &'static str,
}

const fn guard(owner: &'static str, group: &'static str, mode: u32, list: &'static str) -> Guard {
    Guard {
        owner,
        group,
        mode,
        list,
    }
}

/// What is arranged: certificate, key, CA file, and the directory above each.
#[derive(Clone, Debug)]
struct Arrangement {
    files: [Guard; 3],
    above: [Guard; 3],
    /// The certificate is reached through a link in a closed directory.
    linked: bool,
}

const NAMES: [&str; 3] = ["certificate", "key", "ca"];

fn sound() -> Arrangement {
    Arrangement {
        files: [
            guard("root", "root", 0o644, ""),
            guard("root", "postgres", 0o640, ""),
            guard("root", "root", 0o644, ""),
        ],
        above: [(); 3].map(|()| guard("root", "root", 0o755, "")),
        linked: false,
    }
}

/// What the issue of this test named, one by one.
fn known() -> Vec<Arrangement> {
    let mut all = vec![sound()];
    let mut add = |change: fn(&mut Arrangement)| {
        let mut arrangement = sound();
        change(&mut arrangement);
        all.push(arrangement);
    };
    add(|place| place.files[0].mode = 0o600);
    add(|place| place.files[2].mode = 0o600);
    add(|place| place.files[1] = guard("root", "root", 0o600, ""));
    add(|place| place.above[0].mode = 0o700);
    add(|place| place.above[1].mode = 0o700);
    add(|place| place.above[2].mode = 0o700);
    add(|place| place.above[1] = guard("root", "root", 0o700, "u:postgres:x"));
    add(|place| place.files[0] = guard("root", "root", 0o600, "u:postgres:r"));
    add(|place| place.files[1] = guard("root", "root", 0o600, "u:postgres:r"));
    add(|place| place.files[1] = guard("postgres", "postgres", 0o600, "u:nobody:r"));
    add(|place| place.files[0] = guard("root", "root", 0o644, "u:postgres:-"));
    add(|place| place.files[0] = guard("root", "root", 0o644, "g:postgres:-"));
    // The mask takes the right away again, and the bits for others do not count for a user that the
    // list names (acl(5)).
    add(|place| place.files[0] = guard("root", "root", 0o604, "u:postgres:r,m::-"));
    // The way to the link counts as well as the way to the file.
    add(|place| place.linked = true);
    all
}

/// xorshift64*.
struct Random(u64);

impl Random {
    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        from[usize::try_from(number).unwrap() % from.len()]
    }

    fn arrangement(&mut self) -> Arrangement {
        let mut it = sound();
        let lists = [
            "",
            "",
            "u:postgres:r",
            "u:postgres:-",
            "g:postgres:r",
            "g:postgres:-",
            "u:nobody:r",
            "u:postgres:r,m::-",
            "o::-",
            "g:nogroup:rw,u:postgres:w",
            "u:postgres:rx,g::-",
        ];
        for place in 0..3 {
            if self.pick(&[true, false]) {
                it.files[place] = Guard {
                    owner: self.pick(&["root", "root", "postgres", "nobody"]),
                    group: self.pick(&["root", "postgres", "nogroup"]),
                    mode: self.pick(&[0o600, 0o640, 0o644, 0o604, 0o040, 0o400, 0o660, 0o060]),
                    list: self.pick(&lists),
                };
            }
            if self.pick(&[true, false, false]) {
                let lists = [
                    "",
                    "",
                    "u:postgres:x",
                    "u:postgres:-",
                    "g:postgres:x",
                    "u:postgres:rx,m::r",
                ];
                it.above[place] = Guard {
                    owner: self.pick(&["root", "postgres", "nobody"]),
                    group: self.pick(&["root", "postgres", "nogroup"]),
                    mode: self.pick(&[0o700, 0o750, 0o755, 0o711, 0o710, 0o701, 0o070]),
                    list: self.pick(&lists),
                };
            }
        }
        it
    }
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {output:?}"
    );
}

impl Guard {
    fn apply(&self, path: &str) {
        run("chown", &[&format!("{}:{}", self.owner, self.group), path]);
        run("chmod", &[&format!("{:o}", self.mode), path]);
        if !self.list.is_empty() {
            run("setfacl", &["-m", self.list, path]);
        }
    }
}

impl Arrangement {
    /// Lays the files out; the paths that the server is given.
    fn lay_out(&self, folder: &Path) -> [String; 3] {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir(folder).unwrap();
        run("chmod", &["755", folder.to_str().unwrap()]);
        let pki = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pki");
        let mut paths = [(); 3].map(|()| String::new());
        for (place, source) in ["fullchain.crt", "server.key", "root.crt"]
            .into_iter()
            .enumerate()
        {
            let above = folder.join(NAMES[place]);
            fs::create_dir(&above).unwrap();
            let path = above.join("it.pem").to_str().unwrap().to_owned();
            fs::copy(pki.join(source), &path).unwrap();
            self.files[place].apply(&path);
            self.above[place].apply(above.to_str().unwrap());
            paths[place] = path;
        }
        if self.linked {
            let above = folder.join("links");
            fs::create_dir(&above).unwrap();
            let link = above.join("it.pem");
            std::os::unix::fs::symlink(&paths[0], &link).unwrap();
            guard("root", "root", 0o700, "").apply(above.to_str().unwrap());
            paths[0] = link.to_str().unwrap().to_owned();
        }
        paths
    }
}

fn predicted(server: &str, user: &str, paths: &[String; 3]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_certcheck"))
        .args([
            "preflight",
            "--format",
            "json",
            "--at",
            "2026-11-22T12:00:00Z",
        ])
        .args(["--server", server, "--run-as", user])
        .args([
            "--cert-file",
            &paths[0],
            "--key-file",
            &paths[1],
            "--ca-file",
            &paths[2],
        ])
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

struct Postgres {
    folder: tempfile::TempDir,
    server: PathBuf,
}

impl Postgres {
    fn new() -> Option<Self> {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
        let programs = versions
            .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
            .filter(|directory| directory.join("postgres").exists())
            .max()?;
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data").to_str().unwrap().to_owned();
        run("chmod", &["755", folder.path().to_str().unwrap()]);
        fs::create_dir(&data).unwrap();
        run("chown", &["postgres", &data]);
        let initdb = programs.join("initdb").to_str().unwrap().to_owned();
        let as_user = [
            "--reuid",
            "postgres",
            "--regid",
            "postgres",
            "--init-groups",
        ];
        let words = ["-D", &data, "-A", "trust", "--no-sync"];
        run("setpriv", &[&as_user[..], &[&initdb], &words[..]].concat());
        Some(Self {
            folder,
            server: programs.join("postgres"),
        })
    }

    /// What it says; it never comes to listening, for the address is not ours.
    fn start(&self, paths: &[String; 3]) -> String {
        let mut command = Command::new("setpriv");
        command
            .args([
                "--reuid",
                "postgres",
                "--regid",
                "postgres",
                "--init-groups",
            ])
            .arg(&self.server)
            .arg("-D")
            .arg(self.folder.path().join("data"));
        for setting in [
            "ssl=on",
            "listen_addresses=192.0.2.1",
            "unix_socket_directories=",
            "logging_collector=off",
            "port=5999",
            &format!("ssl_cert_file={}", paths[0]),
            &format!("ssl_key_file={}", paths[1]),
            &format!("ssl_ca_file={}", paths[2]),
        ] {
            command.args(["-c", setting]);
        }
        let output = command
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

/// Whether the pieces between the dots stand there in order.
fn says(said: &str, predicted: &str) -> bool {
    let mut rest = said;
    predicted
        .split('…')
        .all(|piece| match rest.split_once(piece) {
            Some((_, behind)) => {
                rest = behind;
                true
            }
            None => false,
        })
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|facts| facts.uid() == 0)
}

#[test]
fn postgresql_reads_what_is_said() {
    if !here::have("setfacl", "acl") {
        return;
    }
    if !is_root() {
        here::skipped("postgres", "only root changes owners");
        return;
    }
    let Some(postgres) = Postgres::new() else {
        here::skipped("postgres", "not installed (apt-get install postgresql)");
        return;
    };
    let mut random = Random(20_261_128);
    let mut all = known();
    let many = if here::whole() { WHOLE } else { SAMPLE };
    all.extend((0..many).map(|_| random.arrangement()));
    let (mut wrong, mut counts) = (Vec::new(), [0, 0]);
    for arrangement in &all {
        let paths = arrangement.lay_out(&postgres.folder.path().join("files"));
        let answer = predicted("postgres", "postgres", &paths);
        let said = postgres.start(&paths);
        let starts = said.contains("could not create any TCP/IP sockets");
        counts[usize::from(starts)] += 1;
        let startup = &answer["result"]["startup"];
        let message = startup["message"].as_str().unwrap_or_default();
        let errors = answer["summary"]["error"].as_u64().unwrap();
        let right = if starts {
            startup["outcome"] == "starts" && errors == 0
        } else {
            startup["outcome"] == "fails-at-start" && errors > 0 && says(&said, message)
        };
        if !right {
            wrong.push(format!(
                "{arrangement:?}\n  predicted {startup}, {errors} errors\n  {said}"
            ));
        }
    }
    assert!(counts[0] >= 10 && counts[1] >= 10, "{counts:?}");
    here::compared(
        "run-as",
        "postgres",
        all.len(),
        known().len() + many,
        wrong.len(),
    );
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        all.len(),
        wrong.join("\n")
    );
}

/// They are started as root: what their own user cannot read is no fault.
#[test]
fn what_root_reads_is_no_error() {
    if !is_root() || !here::have("setfacl", "acl") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    run("chmod", &["755", folder.path().to_str().unwrap()]);
    let mut closed = sound();
    for place in 0..3 {
        closed.files[place] = guard("root", "root", 0o600, "");
        closed.above[place].mode = 0o700;
    }
    let paths = closed.lay_out(&folder.path().join("files"));
    for server in ["nginx", "apache", "haproxy"] {
        let answer = predicted(server, "nobody", &paths);
        assert_eq!(answer["result"]["startup"]["outcome"], "starts", "{server}");
        let counts = (&answer["summary"]["error"], &answer["summary"]["warning"]);
        assert_eq!(
            counts,
            (&0.into(), &0.into()),
            "{server}: {}",
            answer["findings"]
        );
    }
    let answer = predicted("rserve", "nobody", &paths);
    assert_eq!(answer["result"]["startup"]["outcome"], "fails-at-handshake");
}

/// The remedy gives access to whoever reads the key, and to no other user: root with nginx,
/// httpd and HAProxy, whose workers (--run-as) need none; with Rserve the service itself.
#[test]
fn the_remedy_is_for_the_reader_of_the_key() {
    if !is_root() || !here::have("setfacl", "acl") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    run("chmod", &["755", folder.path().to_str().unwrap()]);
    for (key, closed, severity) in [
        (guard("root", "root", 0o644, ""), false, "warning"),
        (guard("root", "root", 0o600, ""), false, "notice"),
        (guard("root", "root", 0o600, ""), true, "notice"),
        (guard("nobody", "root", 0o600, ""), false, "notice"),
        (guard("root", "nogroup", 0o640, ""), false, "notice"),
        (guard("daemon", "root", 0o600, ""), false, "warning"),
        (guard("root", "root", 0o600, "u:nobody:r"), false, "notice"),
    ] {
        let mut arrangement = sound();
        if closed {
            arrangement.above[1].mode = 0o700;
        }
        arrangement.files[1] = key;
        let files = folder.path().join("files");
        let paths = arrangement.lay_out(&files);
        for server in ["nginx", "apache", "haproxy"] {
            let answer = predicted(server, "nobody", &paths);
            let findings = answer["findings"].as_array().unwrap();
            let found: Vec<&Value> = findings
                .iter()
                .filter(|finding| finding["code"] == "key.file-mode")
                .collect();
            assert!(!found.is_empty(), "{server}: {arrangement:?}");
            for finding in found {
                assert_eq!(finding["severity"], severity, "{server}: {finding}");
                assert_eq!(finding["evidence"]["read_by"], "root");
                let commands = finding["remedy"]["commands"].to_string();
                let grants = ["65534", "-m u:", "nobody"];
                assert!(
                    !grants
                        .iter()
                        .any(|grant| { commands.replace("-x u:65534", "").contains(grant) }),
                    "{server}: {finding}"
                );
            }
        }
        let answer = predicted("rserve", "nobody", &paths);
        let findings = answer["findings"].as_array().unwrap();
        for finding in findings.iter().filter(|it| it["code"] == "key.file-mode") {
            assert_eq!(finding["evidence"]["read_by"], "service", "{finding}");
        }
    }
}

/// A key that root alone can read, beside settings and without --run-as: whose the settings
/// are, or the data directory, tells who reads it; where both are root's it may be a copy, and that is a warning.
#[test]
fn whose_the_data_directory_is_decides() {
    if !is_root() {
        here::skipped("run-as: owners", "needs root, who gives files away");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let pki = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pki");
    run("chmod", &["755", folder.path().to_str().unwrap()]);
    fs::create_dir(&data).unwrap();
    for (from, to) in [
        ("fullchain.crt", "server.crt"),
        ("server.key", "server.key"),
    ] {
        fs::copy(pki.join(from), data.join(to)).unwrap();
    }
    fs::write(data.join("postgresql.conf"), "ssl = on\n").unwrap();
    let place = |name: &str| data.join(name).to_str().unwrap().to_owned();
    // Key, its mode, directory, its mode, settings, verdict (PostgreSQL 15.18, as whoever
    // owns the directory: `could not load private key … Permission denied`).
    for (key, mode, directory, closed, settings, verdict) in [
        ("root", "600", "root", "755", "root", "pass"),
        ("root", "640", "root", "755", "root", "pass"),
        ("root", "600", "root", "755", "nobody", "fail"),
        ("root", "600", "nobody", "700", "root", "fail"),
        ("root", "640", "nobody", "750", "root", "fail"),
        ("root", "600", "nobody", "755", "root", "undecided"),
        ("nobody", "600", "nobody", "700", "root", "pass"),
        ("nobody", "600", "nobody", "700", "nobody", "pass"),
        ("nobody", "640", "nobody", "700", "nobody", "fail"),
    ] {
        for (name, owner) in [("server.key", key), ("postgresql.conf", settings)] {
            run("chown", &[&format!("{owner}:0"), &place(name)]);
        }
        run("chmod", &[mode, &place("server.key")]);
        run(
            "chown",
            &[&format!("{directory}:0"), data.to_str().unwrap()],
        );
        run("chmod", &[closed, data.to_str().unwrap()]);
        let anchors = pki.join("root.crt");
        let output = Command::new(env!("CARGO_BIN_EXE_certcheck"))
            .args(["preflight", "--server", "postgres", "--format", "json"])
            .args([
                "--at",
                "2026-11-22T12:00:00Z",
                "--config",
                &place("postgresql.conf"),
            ])
            .args(["--host", "server.example.test", "--anchors"])
            .arg(&anchors)
            .output()
            .unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            answer["verdict"], verdict,
            "{key} {mode} {directory} {closed} {settings}: {}",
            answer["checks"]
        );
        // Where nothing tells who reads root's key, that is said.
        let warned = verdict == "pass" && key == "root";
        assert_eq!(
            answer["summary"]["warning"],
            usize::from(warned),
            "{answer}"
        );
    }
}
