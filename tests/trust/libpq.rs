//! libpq before a real PostgreSQL: root.crt as the plan writes it, `sslmode=verify-full`.

use crate::clients::SCENARIOS;
use crate::have;
use crate::pki::Pki;
use crate::tree::{sh_ok, snapshot};
use certcheck::Source;
use certcheck::client;
use certcheck::encoding::Document;
use certcheck::trust_store::{Candidate, HostFacts, Platform, Request, Verdict, plan};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Where Debian keeps the server's programs.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .find(|directory| directory.join("initdb").exists())
}

/// A command that runs as nobody where this is root: PostgreSQL refuses to be root.
fn as_nobody(program: &Path) -> Command {
    if unprivileged() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(program);
    command
}

fn unprivileged() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout != b"0\n"
}

struct Database {
    scratch: tempfile::TempDir,
    programs: PathBuf,
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // SIGINT: fast shutdown.
        let _ = Command::new("kill")
            .args(["-INT", &self.0.id().to_string()])
            .status();
        let _ = self.0.wait();
    }
}

impl Database {
    fn new(programs: PathBuf) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let database = Self { scratch, programs };
        database.give_away();
        let made = as_nobody(&database.programs.join("initdb"))
            .args([
                "-A",
                "trust",
                "-U",
                "ada",
                "-E",
                "UTF8",
                "--no-locale",
                "--no-sync",
                "-D",
            ])
            .arg(database.data())
            .current_dir(database.scratch.path())
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        database
    }

    fn data(&self) -> PathBuf {
        self.scratch.path().join("data")
    }

    fn give_away(&self) {
        if !unprivileged() {
            let given = Command::new("chown")
                .args(["-R", "65534:65534"])
                .arg(self.scratch.path())
                .status();
            assert!(given.unwrap().success());
        }
    }

    fn start(&self, pki: &Pki, sent: &[&str]) -> (Running, u16) {
        let chain: Vec<u8> = sent
            .iter()
            .flat_map(|name| fs::read(pki.at(&format!("{name}.crt"))).unwrap())
            .collect();
        let (certificate, key) = (
            self.data().join("server.crt"),
            self.data().join("server.key"),
        );
        let _ = fs::remove_file(&key);
        fs::write(&certificate, chain).unwrap();
        fs::copy(pki.at(&format!("{}.key", sent[0])), &key).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(&key, mode).unwrap();
        self.give_away();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let child = as_nobody(&self.programs.join("postgres"))
            .args(["-F", "-p", &port.to_string(), "-D"])
            .arg(self.data())
            .args(["-c", "ssl=on", "-c", "listen_addresses=127.0.0.1"])
            .args(["-c", "unix_socket_directories=", "-c", "shared_buffers=1MB"])
            .current_dir(self.scratch.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let running = Running(child);
        let end = Instant::now() + Duration::from_secs(60);
        while !self.psql(port, "require", Path::new("/nowhere")).0 {
            assert!(Instant::now() < end, "PostgreSQL did not start");
            std::thread::sleep(Duration::from_millis(100));
        }
        (running, port)
    }

    fn psql(&self, port: u16, mode: &str, root: &Path) -> (bool, String) {
        let to = format!(
            "host=localhost hostaddr=127.0.0.1 port={port} user=ada dbname=postgres sslmode={mode} connect_timeout=20"
        );
        let asked = Command::new("psql")
            .args(["-X", "-A", "-t", "-c", "select 6*7", &to])
            .env("PGSSLROOTCERT", root)
            .env("HOME", "/nowhere")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&asked.stderr).into_owned();
        (asked.status.success() && asked.stdout == b"42\n", said)
    }
}

#[test]
fn psql_does_what_the_plan_says() {
    let Some(programs) = programs() else {
        crate::here::skipped("postgres", "not installed (apt-get install postgresql)");
        return;
    };
    if !have("psql", "postgresql-client") || !have("setpriv", "util-linux") {
        return;
    }
    let (pki, database) = (Pki::new(), Database::new(programs));
    let seconds = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let now = certcheck::Time::from_unix_seconds(i64::try_from(seconds).unwrap() + 1);
    let (mut runs, mut refused, mut wrong) = (0, 0, Vec::new());
    for (scenario, installed, sent, of) in SCENARIOS {
        let home = tempfile::tempdir().unwrap();
        let before = snapshot(home.path());
        let documents: Vec<_> = installed
            .iter()
            .map(|name| Document::read(Source::new(*name, fs::read(pki.at(name)).unwrap())))
            .collect();
        let mut certificates: Vec<_> = documents
            .iter()
            .flat_map(|document| Candidate::all_in(document).0)
            .collect();
        for candidate in &mut certificates {
            candidate.unfit = client::unfit(&candidate.certificate, now);
        }
        let host = HostFacts::unknown().with_home(home.path().display().to_string());
        let request = Request::new(&certificates, Platform::PostgresClient, &host, now);
        let plan = plan(&request).unwrap();
        let root = home.path().join(".postgresql/root.crt");
        if plan.is_empty() {
            // What a plan refuses must be refused by libpq too: put there by hand.
            fs::create_dir(root.parent().unwrap()).unwrap();
            fs::copy(pki.at(installed[0]), &root).unwrap();
            refused += 1;
        } else {
            let said = sh_ok(&plan.install_script(), None);
            assert!(said.contains("the store holds it"), "{said}");
        }
        let predicted = of.is_some_and(|of| {
            let mut decisions = plan
                .certificates
                .iter()
                .filter(|decision| decision.source == of);
            let decision = decisions.next_back().unwrap();
            decision.clients[0].client == "libpq" && decision.clients[0].verdict == Verdict::Accepts
        });
        let (running, port) = database.start(&pki, sent);
        let (accepted, said) = database.psql(port, "verify-full", &root);
        // The presence of root.crt makes `require` verify the chain as well.
        let (required, _) = database.psql(port, "require", &root);
        drop(running);
        if accepted != predicted || required != accepted {
            wrong.push(format!(
                "{scenario}: {predicted}, {accepted}, {required}: {said}"
            ));
        }
        runs += 1;
        if !plan.is_empty() {
            let said = sh_ok(&plan.install_script(), None);
            assert!(said.contains("nothing to do"), "{scenario}: {said}");
            sh_ok(&plan.undo_script(), None);
            assert_eq!(before, snapshot(home.path()), "{scenario}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    crate::ran(runs - refused, "root.crt, with psql");
    println!(
        "libpq: {runs} real connections as predicted, {refused} of them refused by the plan as well"
    );
    assert_eq!(runs, SCENARIOS.len());
}
