//! Handshakes of the installed clients with the installed servers, over a relay that reads
//! what is in the clear: what each client offers is what the table has, and what each server
//! with random settings agrees on with each client is what certcheck predicts.
//!
//! `HANDSHAKES_SEED=7` makes other settings, `HANDSHAKES_COUNT=40` so many of each server.
#![cfg(all(unix, feature = "cli"))]

#[path = "handshakes_real/chance.rs"]
mod chance;
#[path = "handshakes_real/relay.rs"]
mod relay;
#[path = "handshakes_real/rustls.rs"]
mod rustls_client;
#[path = "handshakes_real/servers.rs"]
mod servers;
#[path = "handshakes_real/wire.rs"]
mod wire;

use crate::clients_real::made::{Pki, Want};
use crate::clients_real::programs::{self, Answer, Job};
use crate::support::chance::Chance;
use crate::support::here;
use crate::support::postgres;
use crate::support::program::document;
use certcheck::handshake::ClientHello;
use certcheck::protocol::Version;
use chance::{LABELS, USES};
use relay::Relay;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

/// The clients that meet every generated server.
const CLIENTS: [&str; 9] = [
    "openssl", "curl", "gnutls", "nss", "python", "node", "go", "java", "rustls",
];

/// And those whose ClientHello is recorded besides.
const RECORDED: [&str; 5] = ["libpq", "python-3.13", "rustls-ring", "chrome", "firefox"];

/// Settings of each server in a whole run, of which there are four.
const EACH: usize = 28;

/// Where keys, certificates and settings of one run are.
pub(crate) struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let opened = Command::new("chmod")
            .arg("755")
            .arg(directory.path())
            .status();
        assert!(opened.unwrap().success());
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let mut pki = Pki::new(directory.path(), i64::try_from(since.as_secs()).unwrap());
        for (name, kind) in [
            ("root", "RSA 2048"),
            ("rsa2048", "RSA 2048"),
            ("rsa4096", "RSA 4096"),
            ("rsa1024", "RSA 1024"),
            ("p256", "EC P-256"),
            ("p384", "EC P-384"),
            ("p521", "EC P-521"),
            ("ed25519", "ED25519"),
        ] {
            pki.key(name, kind);
        }
        pki.make(Want::ca("root", "root"));
        let mut labels: Vec<&str> = LABELS.to_vec();
        // LABELS names some kinds several times, so that they are drawn more often.
        labels.dedup();
        for label in labels {
            pki.make(Want::server(label, "root").key(label));
        }
        // digitalSignature alone, and keyEncipherment alone.
        for (label, bits) in USES.into_iter().zip([0x80, 0x20]) {
            pki.make(Want::server(label, "root").key("rsa2048").usage(bits));
            fs::copy(pki.key_file("rsa2048"), pki.key_file(label)).unwrap();
        }
        let place = Self { directory };
        for label in LABELS.iter().chain(&USES) {
            let chain = pki.pem(&[label]);
            let key = fs::read_to_string(place.key(label)).unwrap();
            fs::write(place.chain(label), &chain).unwrap();
            // HAProxy's form: certificate and key in one file.
            fs::write(place.both(label), chain + &key).unwrap();
        }
        fs::write(place.file("root.pem"), pki.pem(&["root"])).unwrap();
        let store = place.directory().join("store");
        fs::create_dir(&store).unwrap();
        fs::write(store.join("0.pem"), pki.pem(&["root"])).unwrap();
        // GnuTLS and NSS read the file, OpenSSL's clients the directory by hashes.
        let _ = programs::run(Command::new("openssl").arg("rehash").arg(&store));
        let parameters = [
            "genpkey",
            "-genparam",
            "-algorithm",
            "DH",
            "-pkeyopt",
            "group:ffdhe2048",
        ];
        let made = Command::new("openssl")
            .args(parameters)
            .args(["-out", &place.dh()])
            .status();
        assert!(made.unwrap().success());
        place
    }

    fn directory(&self) -> &Path {
        self.directory.path()
    }

    fn file(&self, name: &str) -> String {
        self.directory().join(name).display().to_string()
    }

    fn chain(&self, label: &str) -> String {
        self.file(&format!("{label}.crt"))
    }

    fn key(&self, label: &str) -> String {
        self.file(&format!("{label}.key"))
    }

    fn both(&self, label: &str) -> String {
        self.file(&format!("{label}.both"))
    }

    fn dh(&self) -> String {
        self.file("dh.pem")
    }

    /// A connection of a client that trusts the root.
    fn job(&self, port: u16) -> Job {
        Job {
            scenario: (&["leaf"], &["root"], "localhost"),
            port,
            store: PathBuf::from(self.file("root.pem")),
            directory: self.directory().join("store"),
            cas: vec![true],
        }
    }
}

/// What a client did with each job; nothing where it is not installed.
fn ask(place: &Place, jobs: &[Job], client: &str) -> Option<Vec<Answer>> {
    if client.starts_with("rustls") {
        return Some(rustls_client::ask(jobs, client == "rustls-ring"));
    }
    let answers = programs::run_these(place.directory(), jobs, "1.27", &|name| name == client);
    let (_, answers) = answers.into_iter().next()?;
    answers.into_iter().collect()
}

/// A program that ends with the test.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Whether the tools without which nothing can be measured are here.
fn ready() -> bool {
    here::have("openssl", "openssl") && here::have("python3", "python3")
}

#[test]
fn every_installed_client_offers_what_the_table_has() {
    if !ready() || !here::measured("openssl") {
        return;
    }
    let place = Place::new();
    let server = Command::new("python3")
        .arg(format!("{}/server.py", programs::HERE))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut server = Ends(server);
    let line = format!("{}\t{}\n", place.chain("rsa2048"), place.key("rsa2048"));
    server
        .0
        .stdin
        .take()
        .unwrap()
        .write_all(line.as_bytes())
        .unwrap();
    let mut output = BufReader::new(server.0.stdout.take().unwrap()).lines();
    let port = output.next().unwrap().unwrap().parse().unwrap();
    let mut wrong = String::new();
    let mut recorded = 0;
    for client in CLIENTS.iter().chain(&RECORDED) {
        // A relay for each client: what it recorded is that client's alone.
        let relay = Relay::to(port, false);
        let Some(answers) = ask(&place, &[place.job(relay.port)], client) else {
            continue;
        };
        let wires = relay.taken();
        let hello = wires
            .iter()
            .find_map(|wire| wire::client_hello(&wire.client_bytes()));
        let Some(hello) = hello else {
            writeln!(
                wrong,
                "{client}: no ClientHello came; it says {:?}",
                answers[0].text
            )
            .unwrap();
            continue;
        };
        recorded += 1;
        for line in hello.differs(ClientHello::of(client).unwrap()) {
            writeln!(wrong, "{client}: {line}").unwrap();
        }
    }
    println!("{recorded} ClientHellos recorded");
    let all = CLIENTS.len() + RECORDED.len();
    let least = if programs::whole() { all } else { 3 };
    here::compared(
        "ClientHellos",
        "fourteen clients",
        recorded,
        least,
        wrong.lines().count(),
    );
    assert!(wrong.is_empty(), "{wrong}");
}

/// The comparison above turns red: each list that is changed is named.
#[test]
fn another_hello_is_told_from_the_table() {
    let table = ClientHello::of("go").unwrap();
    let same = || wire::Offered {
        versions: table.versions.to_vec(),
        suites: table.suites.to_vec(),
        groups: table.groups.to_vec(),
        key_shares: table.key_shares.to_vec(),
        schemes: table.signature_schemes.to_vec(),
        certificate_schemes: table.certificate_schemes.map(<[u16]>::to_vec),
        http2: table.offers_http2,
    };
    assert_eq!(same().differs(table), Vec::<String>::new());
    let differs = |change: fn(&mut wire::Offered)| {
        let mut other = same();
        change(&mut other);
        other.differs(table).len()
    };
    assert_eq!(differs(|hello| hello.versions = vec![Version::TLSv1_2]), 1);
    assert_eq!(differs(|hello| hello.suites.swap(0, 1)), 1);
    assert_eq!(differs(|hello| hello.groups.truncate(3)), 1);
    assert_eq!(differs(|hello| hello.key_shares.clear()), 1);
    assert_eq!(differs(|hello| hello.schemes.reverse()), 1);
    assert_eq!(differs(|hello| hello.certificate_schemes = None), 1);
    assert_eq!(differs(|hello| hello.http2 = true), 1);
}

/// What certcheck predicts of settings: whether the server starts, and each client's row.
fn predicted(place: &Place, server: &str, config: &str) -> (bool, BTreeMap<String, Value>) {
    let root = place.file("root.pem");
    let mut words = vec!["preflight", "--server", server, "--config", config];
    words.extend(["--anchors", &root, "--host", "localhost"]);
    for client in CLIENTS {
        words.extend(["--client", client]);
    }
    let (_, document) = document(&words);
    let outcome = document["result"]["startup"]["outcome"].as_str();
    let starts = matches!(outcome, Some("starts" | "fails-at-handshake"));
    let rows = document["result"]["clients"].as_array();
    let rows = rows.into_iter().flatten();
    let rows = rows.map(|row| (row["client"].as_str().unwrap().to_owned(), row.clone()));
    (starts, rows.collect())
}

/// Whether the client connected. What it says after a handshake with a server that is not
/// one of the web does not count.
fn connected(client: &str, answer: &Answer, postgres: bool) -> bool {
    // PostgreSQL does not speak HTTP: curl complains of the answer, and only after the handshake.
    let after = ["curl: (1)", "curl: (52)", "curl: (56)"];
    answer.accepted
        || postgres && client == "curl" && after.iter().any(|part| answer.text.contains(part))
}

/// Cells that were compared, how many of them really fail, and what differs.
#[derive(Default)]
struct Found {
    settings: usize,
    fail_to_start: usize,
    cells: usize,
    fail: usize,
    accepted_wrongly: usize,
    clients: BTreeMap<&'static str, usize>,
    wrong: Vec<String>,
}

fn meet(place: &Place, server: &'static str, count: usize, seed: u64, found: &mut Found) {
    // Each server has settings of its own from one seed: a failure of one is repeated without the
    // others.
    let mut chance = Chance(seed ^ u64::from(server.as_bytes()[0]) << 32);
    let postgres = server == "postgres";
    let mut started = Vec::new();
    for number in 0..count {
        let said = chance::settings(place, &mut chance, server);
        let directory = place.directory().join(format!("{server}-{number}"));
        fs::create_dir(&directory).unwrap();
        let real = servers::start(place, &directory, server, &said);
        let (starts, rows) = predicted(place, server, &real.config);
        found.settings += 1;
        if starts != real.runs {
            let says = if starts { "starts" } else { "does not start" };
            found.wrong.push(format!(
                "{server} {number}: predicted that it {says}\n{said}"
            ));
        }
        if !real.runs {
            found.fail_to_start += 1;
            // No client connects to it.
            for client in CLIENTS {
                found.cells += 1;
                found.fail += 1;
                if rows[client]["verdict"] == "accepts" {
                    found.accepted_wrongly += 1;
                    found
                        .wrong
                        .push(format!("{server} {client}: it does not start\n{said}"));
                }
            }
            continue;
        }
        started.push((Relay::to(real.port, postgres), real, rows, said));
    }
    let jobs: Vec<Job> = started
        .iter()
        .map(|server| place.job(server.0.port))
        .collect();
    for client in CLIENTS {
        let Some(answers) = ask(place, &jobs, client) else {
            continue;
        };
        for ((relay, _, rows, said), answer) in started.iter().zip(answers) {
            let wires = relay.taken();
            let real = connected(client, &answer, postgres);
            let row = &rows[client];
            found.cells += 1;
            *found.clients.entry(client).or_default() += 1;
            found.fail += usize::from(!real);
            let accepts = row["verdict"] == "accepts";
            found.accepted_wrongly += usize::from(accepts && !real);
            let choice = wires
                .iter()
                .find_map(|wire| wire::server_choice(&wire.server_bytes()));
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let agrees = accepts == real && row["verdict"] != "undecided";
            let same = choice.as_ref().is_some_and(|choice| {
                (&choice.version, &choice.suite, &choice.exchange)
                    == (&text("protocol"), &text("cipher_suite"), &text("group"))
            });
            if !agrees || real && !same {
                found.wrong.push(format!(
                    "{server} {client}: predicted {} {} {} {} {}; really {real} {choice:?} {}\n{said}",
                    row["verdict"], row["reason"], row["protocol"], row["cipher_suite"], row["group"], answer.text,
                ));
            }
        }
    }
}

#[test]
fn settings_by_chance_meet_the_clients_as_predicted() {
    if !ready() || !here::measured("openssl") {
        return;
    }
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let seed = number("HANDSHAKES_SEED").unwrap_or(20_261_129);
    let each = number("HANDSHAKES_COUNT")
        .map_or(if programs::whole() { EACH } else { 3 }, |number| {
            usize::try_from(number).unwrap()
        });
    let place = Place::new();
    let mut found = Found::default();
    for (server, program) in [
        ("nginx", "nginx"),
        ("apache", "apache2"),
        ("haproxy", "haproxy"),
        ("postgres", "runuser"),
    ] {
        if !here::have(program, program) {
            continue;
        }
        if server == "postgres" && !postgres::have() {
            continue;
        }
        meet(&place, server, each, seed, &mut found);
    }
    println!(
        "{} settings (HANDSHAKES_SEED={seed}), {} do not start; {} handshakes of {} clients, {} of them fail, {} differ; \
         {} predicted to connect and failed",
        found.settings,
        found.fail_to_start,
        found.cells,
        found.clients.len(),
        found.fail,
        found.wrong.len(),
        found.accepted_wrongly
    );
    let what = "random settings";
    here::compared(
        what,
        "nine clients",
        found.cells,
        found.settings * 3,
        found.wrong.len(),
    );
    assert!(found.wrong.is_empty(), "{}", found.wrong.join("\n"));
    assert_eq!(found.accepted_wrongly, 0);
    if programs::whole() {
        assert!(found.settings >= 100, "only {} settings", found.settings);
        assert_eq!(found.clients.len(), 9, "{:?}", found.clients);
        assert!(
            found.fail * 10 >= found.cells * 3,
            "only {} of {} handshakes fail",
            found.fail,
            found.cells
        );
    }
}
