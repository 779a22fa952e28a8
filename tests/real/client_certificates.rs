//! `preflight --as client` against the real nginx, httpd, HAProxy and PostgreSQL: a
//! client's certificate, a server's CA setting, and whether the client is let in.
//!
//! The PKI is made anew in every run. A sample runs by default; `CERTCHECK_WHOLE=1` runs
//! every certificate before every setting.

pub(crate) mod servers;

use crate::pki::{Key, List, Spec, extended_key_usage, key_usage};
use crate::support::program::certcheck;
use crate::support::{here, postgres};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use serde_json::Value;
use servers::start;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

const CLIENT: &str = "1.3.6.1.5.5.7.3.2";
const SERVER: &str = "1.3.6.1.5.5.7.3.1";
const ANY: &str = "2.5.29.37.0";

/// A client's files: its certificate, what it sends behind it, and its key.
struct Shown {
    name: &'static str,
    certificate: String,
    chain: Option<String>,
    key: String,
}

/// What a server is set up with.
#[derive(Clone, Copy)]
struct Setting {
    name: &'static str,
    ca: &'static str,
    mode: &'static str,
    lists: Option<&'static str>,
    depth: Option<u32>,
    level: Option<u32>,
}

const PLAIN: Setting = Setting {
    name: "root",
    ca: "root",
    mode: "required",
    lists: None,
    depth: None,
    level: None,
};

const SETTINGS: [Setting; 14] = [
    PLAIN,
    Setting {
        name: "root and issuing",
        ca: "root+issuing",
        ..PLAIN
    },
    Setting {
        name: "issuing alone",
        ca: "issuing",
        ..PLAIN
    },
    Setting {
        name: "end-entity alone",
        ca: "direct",
        ..PLAIN
    },
    Setting {
        name: "expired root",
        ca: "old root",
        ..PLAIN
    },
    Setting {
        name: "root for servers",
        ca: "server root",
        ..PLAIN
    },
    Setting {
        name: "deeper",
        depth: Some(3),
        ..PLAIN
    },
    Setting {
        name: "not deep",
        depth: Some(0),
        ..PLAIN
    },
    Setting {
        name: "optional",
        mode: "optional",
        ..PLAIN
    },
    Setting {
        name: "any issuer",
        mode: "any",
        ..PLAIN
    },
    Setting {
        name: "lists",
        lists: Some("all"),
        depth: Some(3),
        ..PLAIN
    },
    Setting {
        name: "list of issuing alone",
        lists: Some("issuing"),
        depth: Some(3),
        ..PLAIN
    },
    Setting {
        name: "old lists",
        lists: Some("old"),
        depth: Some(3),
        ..PLAIN
    },
    Setting {
        name: "level 3",
        level: Some(3),
        ..PLAIN
    },
];

struct Scene {
    dir: tempfile::TempDir,
    shown: Vec<Shown>,
}

fn pem(label: &str, der: &[u8]) -> String {
    pem::encode(&pem::Pem::new(label, der))
}

fn private(key: &Key) -> Vec<u8> {
    match key {
        Key::P256(key) => key.to_pkcs8v1().unwrap().as_ref().to_vec(),
        Key::Rsa(key) => AsDer::<Pkcs8V1Der<'_>>::as_der(key)
            .unwrap()
            .as_ref()
            .to_vec(),
        Key::Ed25519(_) => panic!("not used here"),
    }
}

impl Scene {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let done = Command::new("chmod").arg("755").arg(dir.path()).status();
        assert!(done.unwrap().success());
        let mut scene = Self {
            dir,
            shown: Vec::new(),
        };
        let [root, issuing, sub, other, own] = std::array::from_fn(|_| Key::new());
        let ca = |subject: &str, issuer: &str, key: &Key, by: &Key| {
            Spec::ca(subject, issuer).serial(2).issue(key, by)
        };
        let root_der = ca("Root", "Root", &root, &root);
        let issuing_der = ca("Issuing", "Root", &issuing, &root);
        let sub_der = ca("Sub", "Issuing", &sub, &issuing);
        let server_only = Spec::ca("Issuing", "Root")
            .serial(3)
            .with(extended_key_usage(&[SERVER]))
            .issue(&issuing, &root);
        // Name and key of the root: whether its dates count is what differs between verifiers.
        let old_root = Spec::ca("Root", "Root")
            .serial(4)
            .valid("20200101000000Z", "20210101000000Z")
            .issue(&root, &root);
        let server_root = Spec::ca("Root", "Root")
            .serial(5)
            .with(extended_key_usage(&[SERVER]))
            .issue(&root, &root);
        let server = Spec::server("Root").serial(6).issue(&own, &root);
        scene.put("server.crt", &pem("CERTIFICATE", &server));
        scene.put("server.key", &pem("PRIVATE KEY", &private(&own)));
        scene.put(
            "server.pem",
            &(pem("CERTIFICATE", &server) + &pem("PRIVATE KEY", &private(&own))),
        );
        let mut client = |name: &'static str, spec: Spec, by: &Key, chain: &[&[u8]], rsa: bool| {
            let key = if rsa { Key::rsa() } else { Key::new() };
            let der = spec.issue(&key, by);
            let chain: String = chain.iter().map(|der| pem("CERTIFICATE", der)).collect();
            let file = name.replace(' ', "-");
            scene.shown.push(Shown {
                name,
                certificate: scene.put(&format!("{file}.crt"), &pem("CERTIFICATE", &der)),
                chain: (!chain.is_empty()).then(|| scene.put(&format!("{file}.chain"), &chain)),
                key: scene.put(&format!("{file}.key"), &pem("PRIVATE KEY", &private(&key))),
            });
            der
        };
        let plain = |issuer: &str| Spec::new("ada", issuer).serial(40);
        let for_clients = |issuer: &str| plain(issuer).with(extended_key_usage(&[CLIENT]));
        let direct = client("direct", for_clients("Root"), &root, &[], false);
        let _ = client("no purpose", plain("Root"), &root, &[], false);
        let servers = plain("Root").with(extended_key_usage(&[SERVER]));
        let _ = client("for servers", servers, &root, &[], false);
        let any = plain("Root").with(extended_key_usage(&[ANY]));
        let _ = client("any purpose", any, &root, &[], false);
        let both = plain("Root").with(extended_key_usage(&[SERVER, CLIENT]));
        let _ = client("both purposes", both, &root, &[], false);
        // keyEncipherment alone: a client signs, and never deciphers, so that this key is of no use
        // to it.
        let enciphers = for_clients("Root").with(key_usage(0x20, 5));
        let _ = client("enciphers", enciphers, &root, &[], true);
        let old = for_clients("Root").valid("20200101000000Z", "20210101000000Z");
        let _ = client("expired", old, &root, &[], false);
        let early = for_clients("Root").valid("20390101000000Z", "20400101000000Z");
        let _ = client("early", early, &root, &[], false);
        let _ = client("rsa", for_clients("Root"), &root, &[], true);
        let _ = client("forged", for_clients("Root"), &other, &[], false);
        let _ = client("stranger", for_clients("Stranger"), &other, &[], false);
        let issued: &[&[u8]] = &[&issuing_der];
        let _ = client("issued", for_clients("Issuing"), &issuing, issued, false);
        let _ = client("issued alone", for_clients("Issuing"), &issuing, &[], false);
        let revoked = for_clients("Issuing").serial(77);
        let _ = client("revoked", revoked, &issuing, issued, false);
        let narrow: &[&[u8]] = &[&server_only];
        let _ = client(
            "below servers",
            for_clients("Issuing"),
            &issuing,
            narrow,
            false,
        );
        let deep: &[&[u8]] = &[&sub_der, &issuing_der];
        let _ = client("deep", for_clients("Sub"), &sub, deep, false);
        // A CA's certificate as a client's: its key usages are those of a CA alone.
        let as_ca = Spec::ca("ada", "Root").serial(41);
        let _ = client("ca", as_ca, &root, &[], false);
        for (name, ders) in [
            ("root", vec![&root_der]),
            ("root+issuing", vec![&issuing_der, &root_der]),
            ("issuing", vec![&issuing_der]),
            ("direct", vec![&direct]),
            ("old root", vec![&old_root]),
            ("server root", vec![&server_root]),
        ] {
            let text: String = ders.iter().map(|der| pem("CERTIFICATE", der)).collect();
            scene.put(&format!("ca {name}.pem").replace(' ', "-"), &text);
        }
        let of_root = List::new("Root", 1).issue(&root);
        let of_issuing = List::new("Issuing", 1).revoke(77, &[]).issue(&issuing);
        let of_sub = List::new("Sub", 1).issue(&sub);
        let mut old = List::new("Root", 1);
        (old.this_update, old.next_update) = ("20200101000000Z", "20210101000000Z");
        let old = old.issue(&root);
        for (name, ders) in [
            ("all", vec![&of_root, &of_issuing, &of_sub]),
            ("issuing", vec![&of_issuing]),
            ("old", vec![&old, &of_issuing, &of_sub]),
        ] {
            let text: String = ders.iter().map(|der| pem("X509 CRL", der)).collect();
            scene.put(&format!("lists-{name}.pem"), &text);
        }
        scene
    }

    fn path(&self, name: &str) -> String {
        self.dir.path().join(name).to_str().unwrap().to_owned()
    }

    fn put(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        if name.ends_with(".key") {
            let done = Command::new("chmod").args(["600", &path]).status();
            assert!(done.unwrap().success());
        }
        path
    }

    fn ca(&self, setting: &Setting) -> String {
        self.path(&format!("ca {}.pem", setting.ca).replace(' ', "-"))
    }

    fn lists(&self, setting: &Setting) -> Option<String> {
        Some(self.path(&format!("lists-{}.pem", setting.lists?)))
    }
}

/// Whether the client is let in, and what it sees.
fn connects(server: &str, port: u16, shown: &Shown) -> (bool, String) {
    if server == "postgres" {
        // libpq sends the certificates of one file.
        let whole = format!("{}.whole", shown.certificate);
        let mut text = fs::read_to_string(&shown.certificate).unwrap();
        if let Some(chain) = &shown.chain {
            text.push_str(&fs::read_to_string(chain).unwrap());
        }
        fs::write(&whole, text).unwrap();
        let target = format!(
            "host=127.0.0.1 port={port} user=ada dbname=postgres sslmode=require sslcert={whole} \
             sslkey={} sslrootcert=/nonexistent connect_timeout=10",
            shown.key
        );
        let output = Command::new("psql")
            .args(["-XAtc", "select 1", &target])
            .env("OPENSSL_CONF", "/dev/null")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return (output.stdout == b"1\n", said);
    }
    let mut command = Command::new("timeout");
    command.args(["20", "openssl", "s_client", "-quiet", "-connect"]);
    command.arg(format!("127.0.0.1:{port}"));
    command.args(["-cert", &shown.certificate, "-key", &shown.key]);
    if let Some(chain) = &shown.chain {
        command.args(["-cert_chain", chain]);
    }
    let mut child = command
        .env("OPENSSL_CONF", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let _ = input.write_all(b"GET / HTTP/1.0\r\n\r\n");
    let output = child.wait_with_output().unwrap();
    drop(input);
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    let status = answer.split(' ').nth(1).unwrap_or_default();
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &answer;
    (!matches!(status, "" | "400"), said)
}

/// The number of the alert in what `openssl s_client` or libpq prints.
fn alert(said: &str) -> Option<u8> {
    if let Some((_, number)) = said.split_once("SSL alert number ") {
        return number.split_whitespace().next()?.parse().ok();
    }
    let words = [
        ("unknown ca", 48),
        ("certificate expired", 45),
        ("certificate revoked", 44),
        ("unsupported certificate", 43),
        ("bad certificate", 42),
        ("decrypt error", 51),
    ];
    let found = words.iter().find(|(words, _)| said.contains(words));
    found.map(|(_, number)| *number)
}

fn predicted(server: &str, config: &str, shown: &Shown) -> Value {
    let mut words = vec![
        "preflight",
        "--as",
        "client",
        "--server",
        server,
        "--config",
        config,
        "--cert-file",
        &shown.certificate,
        "--key-file",
        &shown.key,
        "--format",
        "json",
    ];
    if let Some(chain) = &shown.chain {
        words.extend(["--chain-file", chain]);
    }
    if server == "postgres" {
        words.extend(["--check-user", "ada"]);
    }
    let output = certcheck(&words);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{words:?}: {}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn servers_judge_client_certificates_as_predicted() {
    let scene = Scene::new();
    let mut wrong = String::new();
    let mut table = "server\tsetting\tcertificate\tmeasured\tsays\n".to_owned();
    for (server, program, package) in [
        ("nginx", "nginx", "nginx"),
        ("apache", "apache2", "apache2"),
        ("haproxy", "haproxy", "haproxy"),
        ("postgres", "psql", "postgresql"),
    ] {
        if !here::have(program, package) {
            continue;
        }
        if server == "postgres" && !postgres::have() {
            continue;
        }
        let before = wrong.len();
        let (mut cases, mut refused, mut open, mut alerts) = (0, 0, 0, 0);
        let mut by_setting: BTreeMap<&str, usize> = BTreeMap::new();
        for (round, setting) in SETTINGS.iter().enumerate() {
            let Some(running) = start(&scene, server, setting) else {
                continue;
            };
            for (place, shown) in scene.shown.iter().enumerate() {
                // Every certificate before the plain setting, and each other setting in turn.
                if !here::whole() && round > 0 && (place + round) % 4 != 0 {
                    continue;
                }
                let document = predicted(server, &running.config, shown);
                let verdict = document["result"]["client_certificate"][0]["verdict"]
                    .as_str()
                    .unwrap_or_default();
                let (real, said) = connects(server, running.port, shown);
                cases += 1;
                let words = words_of(&scene, server, &said);
                writeln!(
                    table,
                    "{server}\t{}\t{}\t{}\t{words}",
                    setting.name,
                    shown.name,
                    if real { "accepts" } else { "refuses" },
                )
                .unwrap();
                *by_setting.entry(setting.name).or_default() += 1;
                refused += usize::from(!real);
                let right = match verdict {
                    "accepts" => real,
                    "refuses" => !real,
                    _ => {
                        open += 1;
                        true
                    }
                };
                let whole = document["verdict"].as_str().unwrap_or_default();
                let consistent =
                    (whole == "pass") <= real && (verdict != "refuses" || whole == "fail");
                let told = document["findings"].to_string();
                let mut as_told = true;
                if let (Some(number), "refuses") = (alert(&said), verdict)
                    && told.contains("(alert ")
                {
                    alerts += 1;
                    as_told = told.contains(&format!("(alert {number})"));
                }
                if !right || !consistent || !as_told {
                    writeln!(
                        wrong,
                        "{server}, {}, {}: predicted {verdict} ({whole}), measured {real}: {} {}\n{}",
                        setting.name,
                        shown.name,
                        said.lines().next().unwrap_or_default(),
                        said.lines().last().unwrap_or_default(),
                        document["result"]["client_certificate"]
                    )
                    .unwrap();
                }
            }
        }
        println!(
            "{server}: {cases} client certificates before {} settings, {refused} refused, {alerts} alerts compared, {open} undecided",
            by_setting.len()
        );
        let differ = wrong[before..].lines().count() / 2;
        here::compared("client certificates", server, cases, 40, differ);
        assert!(
            refused * 3 > cases,
            "{server}: only {refused} of {cases} fail"
        );
        assert!(open * 20 < cases, "{server}: {open} of {cases} undecided");
    }
    // The table of testdata/servers/client_certificates.tsv, from which `explain` quotes.
    if let Some(path) = std::env::var_os("CERTCHECK_TABLE") {
        fs::write(path, &table).unwrap();
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What the server says: its answer, with nginx's log; or what the client makes of its alert.
fn words_of(scene: &Scene, server: &str, said: &str) -> String {
    let lines = || said.lines();
    if server == "nginx" {
        let title = lines().find_map(|line| line.split_once("<title>")?.1.split_once("</title>"));
        let log = fs::read_to_string(scene.path("nginx.log")).unwrap_or_default();
        let last = log.lines().rev().find_map(|line| {
            let (_, error) = line.split_once("client SSL certificate verify error: ")?;
            error
                .split_once(" while ")
                .map(|(error, _)| error.to_owned())
        });
        return match (title, last) {
            (Some((title, _)), Some(last)) => {
                format!("{title}; client SSL certificate verify error: {last}")
            }
            (Some((title, _)), None) => title.to_owned(),
            _ => String::new(),
        };
    }
    let alert = lines().find_map(|line| line.split_once("ssl3_read_bytes:")?.1.split_once(':'));
    let postgres = lines().find_map(|line| Some(line.split_once(" failed: ")?.1.to_owned()));
    alert.map_or_else(
        || postgres.unwrap_or_default(),
        |(alert, _)| alert.to_owned(),
    )
}
