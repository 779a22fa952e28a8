//! The servers and the real clients, as processes.

use super::browsers::{self, BROWSERS};
use super::certificates::key_of;
use super::here::{have, measured, own_step, whole as here_whole};
use super::made::Pki;
use super::scenarios::Scenario;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

pub(crate) const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/real/clients_real");

/// Whether everything is compared, and nothing may be missing: `.ci/real-clients.sh`
/// says so. Elsewhere, as in a plain `cargo test`, it is every eighth scenario.
pub(crate) fn whole() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true")
}

/// One server for every chain that is sent.
pub(crate) struct Servers {
    process: Child,
    ports: BTreeMap<Vec<&'static str>, u16>,
}

impl Servers {
    pub(crate) fn start(at: &Path, pki: &Pki, scenarios: &[Scenario]) -> Self {
        let mut chains: Vec<Vec<&'static str>> = scenarios
            .iter()
            .map(|scenario| scenario.0.to_vec())
            .collect();
        chains.sort_unstable();
        chains.dedup();
        let mut process = Command::new("python3")
            .arg(format!("{HERE}/server.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = String::new();
        for (number, chain) in chains.iter().enumerate() {
            let file = at.join(format!("sent-{number}.pem"));
            fs::write(&file, pki.pem(chain)).unwrap();
            let _ = writeln!(
                lines,
                "{}\t{}",
                file.display(),
                pki.key_file(key_of(chain[0]))
            );
        }
        let mut stdin = process.stdin.take().unwrap();
        stdin.write_all(lines.as_bytes()).unwrap();
        drop(stdin);
        let output = BufReader::new(process.stdout.take().unwrap());
        let ports: Vec<u16> = output
            .lines()
            .map(Result::unwrap)
            .take_while(|line| line != "ready")
            .map(|line| line.parse().unwrap())
            .collect();
        assert_eq!(ports.len(), chains.len(), "a server did not load its chain");
        Self {
            process,
            ports: chains.into_iter().zip(ports).collect(),
        }
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One connection to make.
pub(crate) struct Job {
    pub(crate) scenario: Scenario,
    pub(crate) port: u16,
    /// The store as one file, and as a directory of hashed names.
    pub(crate) store: PathBuf,
    pub(crate) directory: PathBuf,
    /// Which certificates of the store are CAs'.
    pub(crate) cas: Vec<bool>,
}

/// What a client did.
#[derive(Clone, Default)]
pub(crate) struct Answer {
    pub(crate) accepted: bool,
    pub(crate) text: String,
}

pub(crate) fn jobs(at: &Path, pki: &Pki, scenarios: &[Scenario], servers: &Servers) -> Vec<Job> {
    let mut made: BTreeMap<&[&str], (PathBuf, PathBuf)> = BTreeMap::new();
    scenarios
        .iter()
        .map(|&scenario| {
            let number = made.len();
            let (store, directory) = made
                .entry(scenario.1)
                .or_insert_with(|| {
                    let file = at.join(format!("store-{number}.pem"));
                    fs::write(&file, pki.pem(scenario.1)).unwrap();
                    let directory = at.join(format!("store-{number}"));
                    fs::create_dir(&directory).unwrap();
                    for (place, label) in scenario.1.iter().enumerate() {
                        fs::write(directory.join(format!("{place}.pem")), pki.pem(&[label]))
                            .unwrap();
                    }
                    run(Command::new("openssl").arg("rehash").arg(&directory));
                    (file, directory)
                })
                .clone();
            Job {
                scenario,
                port: servers.ports[scenario.0],
                store,
                directory,
                cas: scenario.1.iter().map(|label| pki.is_ca(label)).collect(),
            }
        })
        .collect()
}

pub(crate) fn run(command: &mut Command) -> (bool, String) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output.status.success(), text)
}

/// What a build of the client decides, so that it is not compared: the security
/// level of the OpenSSL that Node carries (1) or Debian's (2).
pub(crate) fn differs_between_builds(client: &str, scenario: &Scenario) -> bool {
    let weak = |labels: &[&str]| labels.iter().any(|label| label.contains("weak"));
    version().is_none() && client == "node" && (weak(scenario.0) || weak(scenario.1))
}

/// The version of the clients in `CLIENTS_BIN`, a directory of programs that are asked in place of
/// those in `PATH` (`.ci/laboratory`).
pub(crate) fn version() -> Option<String> {
    std::env::var("CLIENTS_VERSION").ok()
}

/// The client program of this name.
fn client(name: &str) -> Command {
    let other = std::env::var_os("CLIENTS_BIN").map(|bin| Path::new(&bin).join(name));
    Command::new(other.filter(|path| path.exists()).unwrap_or(name.into()))
}

/// Whether the client here is of a version that the comparison knows.
fn known(name: &str) -> bool {
    version().is_some() || measured(name)
}

/// Every client that is installed, with its answers in the order of the jobs.
pub(crate) fn run_all(at: &Path, jobs: &[Job]) -> Vec<(&'static str, Vec<Option<Answer>>)> {
    let only = std::env::var("CLIENTS_ONLY").ok();
    let wanted = |name: &str| {
        only.as_deref()
            .is_none_or(|only| only.split(',').any(|wanted| wanted == name))
    };
    // The version of the module sets what Go tolerates (GODEBUG): 1.23 is the first that refuses
    // negative serial numbers.
    let own = version().filter(|_| only.as_deref() == Some("go"));
    let own = own.map(|own| own.split('.').take(2).collect::<Vec<_>>().join("."));
    run_these(at, jobs, own.as_deref().unwrap_or("1.23"), &wanted)
}

/// The same for the clients that are wanted, Go's with a module of that version.
pub(crate) fn run_these(
    at: &Path,
    jobs: &[Job],
    module_version: &str,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<(&'static str, Vec<Option<Answer>>)> {
    let mut all: Vec<(&'static str, Vec<Answer>)> = Vec::new();
    type Maker = fn(&Path, &Job) -> Command;
    let single: [(&'static str, &str, &str, Maker); 6] = [
        ("openssl", "openssl", "openssl", |_, job| openssl(job, &[])),
        ("openssl-partial-chain", "openssl", "openssl", |_, job| {
            openssl(job, &["-partial_chain"])
        }),
        ("openssl-capath", "openssl", "openssl", |_, job| capath(job)),
        ("curl", "curl", "curl", |_, job| curl(job)),
        ("gnutls", "gnutls-cli", "gnutls-bin", |_, job| gnutls(job)),
        ("libpq", "psql", "postgresql-client", psql),
    ];
    for (name, program, package, command) in single {
        if !wanted(name) || !have(program, package) || !known(name) {
            continue;
        }
        let ask = |job: &Job| {
            let (ok, text) = run(&mut command(at, job));
            let accepted = if name == "libpq" {
                // What follows the handshake is not PostgreSQL.
                !text.contains("certificate") && !text.contains("SSL error")
            } else {
                ok
            };
            let says = |line: &&str| {
                ["verify error", "curl:", "NOT trusted", "error:", "***"]
                    .iter()
                    .any(|part| line.contains(part))
            };
            let text = text
                .lines()
                .filter(says)
                .take(2)
                .collect::<Vec<_>>()
                .join(" / ");
            Answer { accepted, text }
        };
        let everything: Vec<&Job> = jobs.iter().collect();
        let answers = each(&everything, ask);
        all.push((name, answers));
    }
    if wanted("nss") && have("tstclnt", "libnss3-tools") {
        all.push(("nss", nss(jobs)));
    }
    let script = |file: &str| format!("{HERE}/{file}");
    let python = |flags: &[&str]| {
        let mut command = client("python3");
        command.arg(script("client.py")).args(flags);
        command
    };
    if wanted("python") {
        all.push(("python", batch(python(&[]), jobs)));
    }
    if wanted("python-partial-chain") {
        all.push((
            "python-partial-chain",
            batch(python(&["VERIFY_X509_PARTIAL_CHAIN"]), jobs),
        ));
    }
    if wanted("python-3.13") {
        // Up to 3.12 the flags that 3.13 sets are set by hand.
        let flags = ["VERIFY_X509_PARTIAL_CHAIN", "VERIFY_X509_STRICT"];
        all.push(("python-3.13", batch(python(&flags), jobs)));
    }
    if wanted("node") && have("node", "nodejs") && known("node") {
        let mut command = client("node");
        command.arg(script("client.js"));
        all.push(("node", batch(command, jobs)));
    }
    if wanted("go") && known("go") {
        let program = at.join("client-go");
        let module = at.join("go");
        fs::create_dir_all(&module).unwrap();
        let text = format!("module client\n\ngo {module_version}\n");
        fs::write(module.join("go.mod"), text).unwrap();
        fs::copy(script("client.go"), module.join("client.go")).unwrap();
        let (built, text) = run(client("go")
            .args(["build", "-o"])
            .arg(&program)
            .arg(".")
            .env("GOTOOLCHAIN", "local")
            .current_dir(&module));
        assert!(built, "{text}");
        all.push(("go", batch(Command::new(program), jobs)));
    }
    if wanted("java") && have("javac", "default-jdk-headless") && known("java") {
        let mut command = client("java");
        if version().is_some() {
            // What has no compiler, or is older than the one here.
            let mut compile = Command::new("javac");
            compile.args(["-nowarn", "--release", "8", "-d"]).arg(at);
            let (built, text) = run(compile.arg(script("Client.java")));
            assert!(built, "{text}");
            command.arg("-cp").arg(at).arg("Client");
        } else {
            command.arg(script("Client.java"));
        }
        all.push(("java", batch(command, jobs)));
    }
    let whole_answers =
        |(name, answers): (_, Vec<_>)| (name, answers.into_iter().map(Some).collect());
    let mut all: Vec<_> = all.into_iter().map(whole_answers).collect();
    for browser in &BROWSERS {
        let asked = wanted(browser.client) && (whole() || !own_step("browsers"));
        if !asked || !have(browser.program, browser.program) || !have("certutil", "libnss3-tools") {
            continue;
        }
        let begun = Instant::now();
        let answers = browsers::ask(browser, HERE, jobs, here_whole());
        println!(
            "{}: {} pages in {} s",
            browser.program,
            answers.iter().flatten().count(),
            begun.elapsed().as_secs()
        );
        all.push((browser.client, answers));
    }
    all
}

/// One process for all jobs.
fn batch(mut command: Command, jobs: &[Job]) -> Vec<Answer> {
    let mut lines = String::new();
    for (number, job) in jobs.iter().enumerate() {
        let _ = writeln!(
            lines,
            "{number}\t{}\t{}\t{}\t{}",
            job.port,
            job.store.display(),
            job.directory.display(),
            job.scenario.2
        );
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(lines.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let mut answers = vec![None; jobs.len()];
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let mut parts = line.splitn(3, '\t');
        let number: usize = parts.next().unwrap().parse().unwrap();
        answers[number] = Some(Answer {
            accepted: parts.next() == Some("ok"),
            text: parts.next().unwrap_or_default().to_owned(),
        });
    }
    let lost = answers.iter().filter(|answer| answer.is_none()).count();
    let problem = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        lost, 0,
        "{command:?} left {lost} without an answer: {problem}"
    );
    answers.into_iter().flatten().collect()
}

fn openssl(job: &Job, more: &[&str]) -> Command {
    let mut command = s_client(job, more);
    command.arg("-CAfile").arg(&job.store).arg("-no-CApath");
    command
}

fn capath(job: &Job) -> Command {
    let mut command = s_client(job, &[]);
    command.arg("-CApath").arg(&job.directory).arg("-no-CAfile");
    command
}

fn s_client(job: &Job, more: &[&str]) -> Command {
    let mut command = client("openssl");
    command.args(["s_client", "-verify_return_error"]);
    // Before 3.0 there are no stores by URI.
    if version().is_none_or(|version| !version.starts_with("1.")) {
        command.arg("-no-CAstore");
    }
    let name = job.scenario.2;
    let kind = if name.parse::<std::net::IpAddr>().is_ok() {
        "-verify_ip"
    } else {
        "-verify_hostname"
    };
    command.args([kind, name, "-connect", &format!("127.0.0.1:{}", job.port)]);
    command.args(more);
    command
}

fn curl(job: &Job) -> Command {
    let (name, port) = (job.scenario.2, job.port);
    let mut command = client("curl");
    command.args([
        "-sS",
        "--noproxy",
        "*",
        "--capath",
        "/nowhere",
        "--max-time",
        "20",
        "--cacert",
    ]);
    command.arg(&job.store);
    command.args(["--resolve", &format!("{name}:{port}:127.0.0.1")]);
    command.arg(format!("https://{name}:{port}/"));
    command
}

fn gnutls(job: &Job) -> Command {
    let mut command = client("gnutls-cli");
    command.arg("--x509cafile").arg(&job.store);
    command.arg(format!("--verify-hostname={}", job.scenario.2));
    command.args(["-p", &job.port.to_string(), "127.0.0.1"]);
    command
}

fn psql(at: &Path, job: &Job) -> Command {
    let mut command = client("psql");
    command.arg(format!(
        "host={} hostaddr=127.0.0.1 port={} sslmode=verify-full sslrootcert={} connect_timeout=20 user=nobody dbname=nothing",
        job.scenario.2,
        job.port,
        job.store.display()
    ));
    command
        .args(["-c", "select 1"])
        .env("HOME", at)
        .env_remove("PGSSLROOTCERT");
    command
}

/// NSS's own client, with a database for each store.
fn nss(jobs: &[Job]) -> Vec<Answer> {
    let databases = each(&browsers::stores(jobs), |job| {
        (job.directory.clone(), browsers::database(job, "P,,"))
    });
    let databases: BTreeMap<_, _> = databases.into_iter().collect();
    let all: Vec<&Job> = jobs.iter().collect();
    each(&all, |job| {
        let mut command = client("tstclnt");
        command.args(["-h", "127.0.0.1", "-4", "-a", job.scenario.2, "-O", "-Q"]);
        command.args([
            "-p",
            &job.port.to_string(),
            "-d",
            &format!("sql:{}", databases[&job.directory].display()),
        ]);
        let (accepted, text) = run(&mut command);
        let text = text.lines().take(2).collect::<Vec<_>>().join(" / ");
        Answer { accepted, text }
    })
}

/// One answer each, six at a time: a handshake waits more than it computes.
pub(crate) fn each<T: Send>(jobs: &[&Job], ask: impl Fn(&Job) -> T + Sync) -> Vec<T> {
    let size = jobs.len().div_ceil(6).max(1);
    std::thread::scope(|scope| {
        let ask = &ask;
        let asked: Vec<_> = jobs
            .chunks(size)
            .map(|chunk| scope.spawn(move || chunk.iter().map(|job| ask(job)).collect::<Vec<_>>()))
            .collect();
        asked
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    })
}
