//! The real servers on loopback: what they send and how far they start, against
//! the prediction. Each that is not installed is SKIPPED loudly, and is a
//! failure where CI=true.
//!
//! The PKI is deeper than that of the tables (root, policy, issuing, leaf) and
//! made anew in every run, so that nothing here can be learned by heart.

use crate::running::free_port;
use crate::support::here;
#[path = "servers_real/starters.rs"]
mod starters;

use certcheck::server::Profile;
use certcheck::server::startup::{Condition, FileState, StartOutcome};
use certcheck::server::wire::{File, Files, Place};
use starters::{RSERVE, apache, haproxy, nginx, postgres, rserve, tabpy, tabpy_program};
use std::fmt::Write as _;
use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Name and issuer of every certificate; `self` issued itself.
const PKI: &[(&str, &str)] = &[
    ("root", "root"),
    ("policy", "root"),
    ("issuing", "policy"),
    ("leaf", "issuing"),
    ("other", "issuing"),
    ("stranger", "stranger"),
    ("self", "self"),
];

/// How long a server may take on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(30);

struct Scene {
    dir: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let scene = Self { dir };
        // PostgreSQL runs as another user and reads in here.
        run("chmod", &["755", scene.dir.path().to_str().unwrap()]);
        for &(name, issuer) in PKI {
            scene.issue(name, issuer);
        }
        let (leaf, key) = (scene.path("leaf.crt"), scene.path("leaf.key"));
        let to = |name: &str| scene.path(name);
        run(
            "openssl",
            &[
                "x509",
                "-in",
                &leaf,
                "-outform",
                "DER",
                "-out",
                &to("leaf.der"),
            ],
        );
        run(
            "openssl",
            &[
                "pkey",
                "-in",
                &key,
                "-outform",
                "DER",
                "-out",
                &to("leaf.key.der"),
            ],
        );
        run(
            "openssl",
            &[
                "pkcs8",
                "-topk8",
                "-passout",
                "pass:secret",
                "-in",
                &key,
                "-out",
                &to("leaf.enc.key"),
            ],
        );
        fs::write(scene.path("empty"), "").unwrap();
        scene
    }

    fn path(&self, name: &str) -> String {
        self.dir.path().join(name).to_str().unwrap().to_owned()
    }

    fn issue(&self, name: &str, issuer: &str) {
        let (key, certificate) = (
            self.path(&format!("{name}.key")),
            self.path(&format!("{name}.crt")),
        );
        let subject = format!("/O=Real/CN={name}");
        let mut arguments = vec![
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "30",
            "-subj",
            &subject,
            "-keyout",
            &key,
            "-out",
            &certificate,
        ];
        let ca = ["root", "policy", "issuing", "stranger"].contains(&name);
        if ca {
            arguments.extend(["-addext", "keyUsage=critical,keyCertSign,cRLSign"]);
        } else {
            arguments.extend([
                "-addext",
                "subjectAltName=DNS:localhost",
                "-addext",
                "basicConstraints=critical,CA:FALSE",
            ]);
        }
        let (ca_file, ca_key) = (
            self.path(&format!("{issuer}.crt")),
            self.path(&format!("{issuer}.key")),
        );
        if name != issuer {
            arguments.extend(["-CA", &ca_file, "-CAkey", &ca_key]);
        }
        run("openssl", &arguments);
    }

    /// A file of these certificates, one behind another.
    fn bundle(&self, names: &[&str]) -> String {
        let path = self.path(&format!("{}.pem", names.join("-")));
        let text: String = names
            .iter()
            .map(|name| fs::read_to_string(self.path(&format!("{name}.crt"))).unwrap())
            .collect();
        fs::write(&path, text).unwrap();
        path
    }

    fn name_of(&self, pem: &str) -> &'static str {
        // s_client breaks the base64 at other places than the file.
        let bare = |text: &str| -> String { text.split_whitespace().collect() };
        PKI.iter()
            .map(|&(name, _)| name)
            .find(|name| {
                bare(&fs::read_to_string(self.path(&format!("{name}.crt"))).unwrap()) == bare(pem)
            })
            .unwrap_or("?")
    }
}

fn run(program: &str, arguments: &[&str]) -> bool {
    let output = Command::new(program)
        .args(arguments)
        .env("OPENSSL_CONF", "/dev/null")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    output.status.success()
}

/// What a server is given: certificates by name, or a special file.
#[derive(Clone, Copy)]
struct Given {
    own: &'static [&'static str],
    key: &'static str,
    chain: Option<&'static [&'static str]>,
    ca: &'static [&'static str],
    /// `leaf.der`, `empty` or `nosuch` in the place of the certificate file.
    special: Option<(&'static str, FileState)>,
}

const PLAIN: Given = Given {
    own: &["leaf"],
    key: "leaf.key",
    chain: None,
    ca: &[],
    special: None,
};

impl Given {
    fn conditions(&self) -> Vec<Condition> {
        let mut found = Vec::new();
        match self.key {
            "leaf.key.der" => found.push(Condition::Key(FileState::Der)),
            "leaf.enc.key" => found.push(Condition::KeyEncrypted),
            "nosuch.key" => found.push(Condition::Key(FileState::Missing)),
            key => {
                let owner = key.trim_end_matches(".key");
                if self.special.is_none() && self.own[0] != owner {
                    found.push(Condition::KeyMismatch);
                }
            }
        }
        found.extend(self.special.map(|(_, state)| Condition::Certificate(state)));
        found
    }

    fn predicted(&self, profile: &Profile) -> (StartOutcome, Vec<&'static str>) {
        let outcome = profile.startup(&self.conditions()).outcome;
        if outcome != StartOutcome::Serves {
            return (outcome, Vec::new());
        }
        let chain = self.chain.unwrap_or_default();
        let at = |place: Place| match place.file {
            File::Certificate => self.own[place.index],
            File::Chain => chain[place.index],
            _ => self.ca[place.index],
        };
        let issued_by = |subject: Place, issuer: Place| {
            PKI.iter()
                .any(|&(name, by)| name == at(subject) && by == at(issuer))
        };
        let mut files = Files::of(self.own.len()).with_ca(self.ca.len());
        if self.chain.is_some() {
            files = files.with_chain(chain.len());
        }
        let sent = profile.presented(&files, &issued_by);
        (outcome, sent.into_iter().map(at).collect())
    }

    fn certificate(&self, scene: &Scene) -> String {
        match self.special {
            Some((name, _)) => scene.path(name),
            None => scene.bundle(self.own),
        }
    }
}

/// A server that is ended when it goes out of scope.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // SIGTERM first: a server that is killed leaves its children and its PID file behind.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if self.0.try_wait().unwrap().is_some() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn spawn(command: &mut Command) -> Running {
    let child = command
        .env("OPENSSL_CONF", "/dev/null")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    Running(child)
}

/// Whether somebody listens before the server ends or patience does.
fn listens(server: &mut Running, port: u16) -> bool {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        if server.0.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}

/// The certificates on the wire; none: no handshake.
fn wire(scene: &Scene, port: u16, starttls: Option<&str>) -> Vec<&'static str> {
    let mut command = Command::new("timeout");
    let address = format!("127.0.0.1:{port}");
    command.args([
        "30",
        "openssl",
        "s_client",
        "-showcerts",
        "-servername",
        "localhost",
        "-connect",
        &address,
    ]);
    if let Some(protocol) = starttls {
        command.args(["-starttls", protocol]);
    }
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // Behind it s_client prints the server's own certificate once more.
    let text = text.split("\nServer certificate").next().unwrap();
    text.split("-----BEGIN CERTIFICATE-----")
        .skip(1)
        .map(|block| {
            let body = block.split("-----END CERTIFICATE-----").next().unwrap();
            scene.name_of(&format!(
                "-----BEGIN CERTIFICATE-----{body}-----END CERTIFICATE-----"
            ))
        })
        .collect()
}

/// The same as the probe sees it: with each server's own hellos and delays it
/// must be what `openssl s_client` shows.
#[cfg(feature = "probe")]
fn probed(scene: &Scene, port: u16, starttls: Option<&str>) -> Vec<&'static str> {
    use certcheck::probe::{Asked, StartTls, probe};
    let mut asked = Asked::of("127.0.0.1", port);
    asked.server_name = "localhost".to_owned();
    asked.starttls = starttls.map(|_| StartTls::Postgres);
    // httpd may have gone by now: then there is nothing to see for either.
    let Ok(seen) = probe(&asked) else {
        return Vec::new();
    };
    let certificates = seen
        .handshake
        .map(|handshake| handshake.certificates)
        .unwrap_or_default();
    certificates
        .iter()
        .map(|der| scene.name_of(&certcheck::encoding::to_pem("CERTIFICATE", der)))
        .collect()
}

/// What the program says of the settings that the server was started with; none
/// where they name files in a way that is not followed (a directory of issuers).
#[cfg(feature = "cli")]
fn by_settings(scene: &Scene, server: &str, given: &Given) -> Option<Measured> {
    let config = match server {
        "haproxy" if given.chain.is_some() => return None,
        "nginx" => "nginx.conf",
        "haproxy" => "haproxy.cfg",
        "apache" => "apache.conf",
        "postgres" => "pgdata/postgresql.conf",
        "rserve" => "Rserv.conf",
        _ => "tabpy.conf",
    };
    let output = Command::new(env!("CARGO_BIN_EXE_certcheck"))
        .args([
            "preflight",
            "--server",
            server,
            "--format",
            "json",
            "--config",
        ])
        .arg(scene.path(config))
        // `.ci/laboratory` says which system this is, where it is not Debian 12.
        .args(std::env::var("SERVERS_SYSTEM").map(|system| format!("--system={system}")))
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect(&shown);
    let result = &document["result"];
    let outcome = match result["startup"]["outcome"].as_str().unwrap() {
        "starts" => StartOutcome::Serves,
        "fails-at-handshake" => StartOutcome::HandshakeFails,
        "fails-at-start" => StartOutcome::StartFails,
        "refuses-at-config-test" => StartOutcome::ConfigTestFails,
        other => panic!("{other}"),
    };
    let name = |sent: &serde_json::Value| {
        let subject = sent["subject"].as_str().unwrap().to_owned();
        let is = |name: &&str| subject.split(", ").any(|part| part == format!("CN={name}"));
        PKI.iter().map(|&(name, _)| name).find(is).unwrap_or("?")
    };
    let sent = match outcome {
        StartOutcome::Serves => result["sent"]
            .as_array()
            .unwrap()
            .iter()
            .map(name)
            .collect(),
        _ => Vec::new(),
    };
    Some((outcome, sent))
}

type Measured = (StartOutcome, Vec<&'static str>);

fn measured(scene: &Scene, mut server: Running, port: u16, starttls: Option<&str>) -> Measured {
    if !listens(&mut server, port) {
        return (StartOutcome::StartFails, Vec::new());
    }
    let sent = wire(scene, port, starttls);
    #[cfg(feature = "probe")]
    assert_eq!(
        probed(scene, port, starttls),
        sent,
        "the probe sees something else"
    );
    if !sent.is_empty() {
        return (StartOutcome::Serves, sent);
    }
    // httpd opens its ports before it looks at certificates: it may have been on
    // its way out.
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(5) {
        if server.0.try_wait().unwrap().is_some() {
            return (StartOutcome::StartFails, sent);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    (StartOutcome::HandshakeFails, sent)
}

const CHAINS: &[&[&str]] = &[
    &["leaf"],
    &["leaf", "issuing"],
    &["leaf", "issuing", "policy"],
    &["leaf", "issuing", "policy", "root"],
    &["leaf", "root", "issuing"],
    &["issuing", "leaf"],
];

const STORES: &[&[&str]] = &[
    &[],
    &["issuing"],
    &["root", "policy", "issuing"],
    &["issuing", "root"],
    &["stranger", "root"],
    &["policy", "issuing", "leaf"],
];

fn combinations(server: &str) -> Vec<Given> {
    let mut found = Vec::new();
    let has_store = server != "tabpy";
    for &own in CHAINS {
        for &ca in STORES {
            if (has_store && (own.len() < 3 || ca.len() == 3)) || ca.is_empty() {
                found.push(Given { own, ca, ..PLAIN });
            }
        }
    }
    if matches!(server, "apache" | "haproxy") {
        let chains: [&[&str]; 3] = [&["issuing"], &["issuing", "policy", "root"], &["stranger"]];
        for chain in chains {
            for own in [&["leaf"][..], &["leaf", "issuing"]] {
                found.push(Given {
                    own,
                    chain: Some(chain),
                    ..PLAIN
                });
            }
        }
    }
    found.push(Given {
        own: &["self"],
        key: "self.key",
        ca: if has_store { &["root"] } else { &[] },
        ..PLAIN
    });
    for key in ["other.key", "leaf.key.der", "leaf.enc.key", "nosuch.key"] {
        found.push(Given { key, ..PLAIN });
    }
    for special in [
        ("leaf.der", FileState::Der),
        ("empty", FileState::Empty),
        ("nosuch", FileState::Missing),
    ] {
        found.push(Given {
            special: Some(special),
            ..PLAIN
        });
    }
    found
}

type Start = fn(&Scene, &Given) -> Measured;

/// Server, how to start it, whether it is here.
fn servers() -> Vec<(&'static str, Start, bool)> {
    let has = |program: &str| run("sh", &["-c", &format!("command -v {program}")]);
    let root = fs::read_to_string("/proc/self/status")
        .unwrap()
        .contains("\nUid:\t0\t");
    vec![
        ("apache", apache as Start, has("apache2")),
        ("nginx", nginx, has("nginx")),
        ("haproxy", haproxy, has("haproxy")),
        (
            "postgres",
            postgres,
            root && crate::support::postgres::programs().is_some(),
        ),
        ("rserve", rserve, Path::new(RSERVE).exists() && has("R")),
        ("tabpy", tabpy, tabpy_program().is_some()),
    ]
}

#[test]
fn real_servers_do_what_is_predicted() {
    let must = std::env::var("CI").is_ok_and(|value| value == "true");
    // Minutes of work: where nobody asked for it, it is not done, and says so.
    if !must && std::env::var_os("CERTCHECK_REAL").is_none() {
        if !here::own_step("servers_real") {
            here::skipped(
                "apache, nginx, haproxy, postgres, rserve, tabpy",
                "no real server was started (CERTCHECK_REAL=1 starts those installed)",
            );
        }
        return;
    }
    let scene = Scene::new();
    let (mut all, mut settings, mut wrong) = (0, 0, String::new());
    let mut missing = Vec::new();
    let wanted = std::env::var("CERTCHECK_REAL").unwrap_or_default();
    for (name, start, here) in servers() {
        if !must && wanted != "1" && !wanted.split(',').any(|one| one == name) {
            here::skipped(name, "CERTCHECK_REAL does not name it");
            continue;
        }
        if !here {
            here::skipped(name, "not installed");
            missing.push(name);
            continue;
        }
        let profile = Profile::named(name).unwrap();
        let (mut served, mut stopped) = (0, 0);
        for given in combinations(name) {
            let predicted = given.predicted(profile);
            let real = start(&scene, &given);
            let description = format!(
                "{name} own={:?} key={} chain={:?} ca={:?}",
                given
                    .special
                    .map_or(given.own.join(","), |(special, _)| special.to_owned()),
                given.key,
                given.chain,
                given.ca
            );
            if predicted != real {
                writeln!(
                    wrong,
                    "{description}: predicted {predicted:?}, measured {real:?}"
                )
                .unwrap();
            }
            #[cfg(feature = "cli")]
            if let Some(said) = by_settings(&scene, name, &given) {
                settings += 1;
                if said != real {
                    let what = "from its settings";
                    writeln!(wrong, "{description}: {what} {said:?}, measured {real:?}").unwrap();
                }
            }
            match real.0 {
                StartOutcome::Serves => served += 1,
                _ => stopped += 1,
            }
        }
        println!(
            "{name}: {served} chains on the wire and {stopped} starts or handshakes that fail were compared"
        );
        let differ = wrong.lines().filter(|line| line.starts_with(name));
        // As many as there are, and no fewer than were ever promised of one server.
        let cases = served + stopped;
        here::compared(
            "servers",
            name,
            cases,
            combinations(name).len(),
            differ.count(),
        );
        all += cases;
    }
    println!(
        "{all} combinations compared with real servers, {settings} of them also as `preflight --config` reads their settings"
    );
    assert!(
        !must || settings >= 60,
        "only {settings} settings were compared"
    );
    assert!(wrong.is_empty(), "{wrong}");
    assert!(!must || missing.is_empty(), "not installed: {missing:?}");
    assert!(!must || all >= 60, "only {all} combinations were compared");
}
