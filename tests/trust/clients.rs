//! What the plans say of clients, held against real ones: a real server, Debian's
//! real store in a scratch tree, and eleven clients. The scenarios A to N are those of
//! the measured matrix (`trust_store/clients.rs`); the profiles of `client` are asked as well.

use crate::have;
use crate::pki::Pki;
use crate::real_clients::{Clients, Server, Store};
use crate::tree::{difference, facts, sh_ok, snapshot};
use certcheck::client::{self, Client, Presented};
use certcheck::encoding::Document;
use certcheck::model::Certificate;
use certcheck::trust_store::{Candidate, Platform, Request, Role, Verdict, native, plan};
use certcheck::{Source, Time};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// A scenario: what is installed, what the server sends, and of which certificate the plan's
/// prediction is: none where the gap is in what the server sends.
pub(crate) type Scenario = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    Option<&'static str>,
);

pub(crate) const SCENARIOS: &[Scenario] = &[
    ("A", &["root.crt"], &["direct-leaf"], Some("root.crt")),
    ("B", &["root.crt"], &["leaf", "middle"], Some("root.crt")),
    ("C", &["root.crt"], &["leaf"], None),
    (
        "D",
        &["root.crt", "middle.crt"],
        &["leaf"],
        Some("middle.crt"),
    ),
    (
        "E",
        &["middle.crt"],
        &["leaf", "middle"],
        Some("middle.crt"),
    ),
    ("F", &["middle.crt"], &["leaf"], Some("middle.crt")),
    ("G", &["leaf.crt"], &["leaf"], Some("leaf.crt")),
    (
        "H",
        &["self-signed.crt"],
        &["self-signed"],
        Some("self-signed.crt"),
    ),
    ("I", &["self-ca.crt"], &["self-ca"], Some("self-ca.crt")),
    (
        "J",
        &["self-plain.crt"],
        &["self-plain"],
        Some("self-plain.crt"),
    ),
    ("K", &["old-root.crt"], &["old-leaf"], Some("old-root.crt")),
    // The plan makes of these what every client reads.
    ("L", &["two.crt"], &["direct-leaf"], Some("two.crt")),
    ("M", &["root.der"], &["direct-leaf"], Some("root.der")),
    (
        "N",
        &["root.trusted"],
        &["direct-leaf"],
        Some("root.trusted"),
    ),
    // And two that the matrix does not have: what a hand-made CA lacks, and version 1.
    (
        "S",
        &["home-root.crt"],
        &["home-leaf"],
        Some("home-root.crt"),
    ),
    ("V", &["v1-root.crt"], &["v1-leaf"], Some("v1-root.crt")),
    // Roots that some clients pass over, or refuse in every path.
    (
        "1024",
        &["weak-root.crt"],
        &["weak-leaf"],
        Some("weak-root.crt"),
    ),
    (
        "negative",
        &["negative-root.crt"],
        &["negative-leaf"],
        Some("negative-root.crt"),
    ),
    (
        "@",
        &["mail-root.crt"],
        &["mail-leaf"],
        Some("mail-root.crt"),
    ),
    (
        "no keyCertSign",
        &["mute-root.crt"],
        &["mute-leaf"],
        Some("mute-root.crt"),
    ),
    (
        "critical",
        &["critical-root.crt"],
        &["critical-leaf"],
        Some("critical-root.crt"),
    ),
];

/// The same three files copied by hand, as they are: which clients accept was measured.
const BY_HAND: &[(&str, &str, &[&str])] = &[
    (
        "L",
        "two.crt",
        &[
            "openssl",
            "openssl-partial-chain",
            "python",
            "python-3.13",
            "curl",
            "gnutls",
            "go",
            "rustls",
            "node",
        ],
    ),
    ("M", "root.der", &["java"]),
    // Java's hook refuses what keytool, which plays it here, accepts.
    (
        "N",
        "root.trusted",
        &[
            "java",
            "openssl",
            "openssl-partial-chain",
            "openssl-capath",
            "python",
            "python-3.13",
            "curl",
            "node",
        ],
    ),
];

const ALL: &[&str] = &[
    "openssl",
    "openssl-partial-chain",
    "openssl-capath",
    "python",
    "python-3.13",
    "curl",
    "gnutls",
    "go",
    "rustls",
    "node",
    "java",
];

struct Stage {
    pki: Pki,
    clients: Clients,
    now: Time,
    _programs: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        let programs = tempfile::tempdir().unwrap();
        let clients = Clients::new(programs.path());
        let pki = Pki::new();
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let seconds = i64::try_from(since.unwrap().as_secs()).unwrap();
        Self {
            pki,
            clients,
            // What was made just now is valid from this second on.
            now: Time::from_unix_seconds(seconds + 1),
            _programs: programs,
        }
    }

    fn der(&self, name: &str) -> Vec<u8> {
        let bytes = fs::read(self.pki.at(&format!("{name}.crt"))).unwrap();
        pem::parse(bytes).unwrap().into_contents()
    }

    /// Whether the client connects; rustls' own verifier is asked with what
    /// rustls-native-certs loads, which is what it would do over the wire.
    fn connects(
        &self,
        client: &str,
        store: &Store,
        port: u16,
        sent: &[&str],
    ) -> Option<(bool, String)> {
        if client != "rustls" {
            return self.clients.connects(client, store, port);
        }
        let anchors = native::load_from(Some(&store.bundle), Some(&store.directory));
        let sent: Vec<_> = sent.iter().map(|name| self.der(name)).collect();
        let (leaf, others) = sent.split_first().unwrap();
        let leaf = pki_types::CertificateDer::from(leaf.as_slice());
        let others: Vec<_> = others
            .iter()
            .map(|der| pki_types::CertificateDer::from(der.as_slice()))
            .collect();
        let roots: Vec<_> = anchors
            .certificates
            .iter()
            .filter_map(|der| webpki::anchor_from_trusted_cert(der).ok())
            .collect();
        let seconds = u64::try_from(self.now.unix_seconds()).unwrap();
        let time = pki_types::UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let verified = webpki::EndEntityCert::try_from(&leaf).and_then(|end_entity| {
            end_entity.verify_for_usage(
                webpki::ALL_VERIFICATION_ALGS,
                &roots,
                &others,
                time,
                webpki::KeyUsage::server_auth(),
                None,
                None,
            )?;
            let name = pki_types::ServerName::try_from("localhost").unwrap();
            end_entity.verify_is_valid_for_subject_name(&name)
        });
        Some((verified.is_ok(), format!("{:?}", verified.err())))
    }
}

fn documents(stage: &Stage, names: &[&str]) -> Vec<Document> {
    names
        .iter()
        .map(|name| Document::read(Source::new(*name, fs::read(stage.pki.at(name)).unwrap())))
        .collect()
}

/// What the profile of a client says of a server that sends this, with this in the store.
fn judged(stage: &Stage, client: &str, sent: &[&str], held: &[Candidate<'_>]) -> Option<bool> {
    let sent: Vec<_> = sent.iter().map(|name| stage.der(name)).collect();
    let chain: Vec<_> = sent
        .iter()
        .map(|der| Certificate::parse(der).unwrap())
        .collect();
    let anchors: Vec<_> = held
        .iter()
        .map(|anchor| anchor.certificate.clone())
        .collect();
    let names = ["localhost".parse().unwrap()];
    let judgement = client::judge(
        Client::named(client).unwrap(),
        &Presented::of(&chain).named(&names),
        &client::Store::of(&anchors),
        stage.now,
    );
    match judgement.verdict {
        client::Verdict::Accepts => Some(true),
        client::Verdict::Refuses => Some(false),
        _ => None,
    }
}

#[test]
fn real_clients_do_what_the_plan_says() {
    if !have("openssl", "openssl") || !have("update-ca-certificates", "ca-certificates") {
        return;
    }
    let machine = crate::command::own_store();
    let stage = Stage::new();
    let (mut runs, mut predictions, mut profiles) = (0, 0, 0);
    let only = std::env::var("TRUST_SCENARIO").unwrap_or_default();
    let mut wrong = Vec::new();
    for (scenario, installed, sent, of) in SCENARIOS {
        if !only.is_empty() && !only.split(',').any(|one| one == *scenario) {
            continue;
        }
        let scratch = tempfile::tempdir().unwrap();
        let tree = scratch.path().join("tree");
        fs::create_dir(&tree).unwrap();
        let root = tree.display().to_string();
        let documents = documents(&stage, installed);
        let mut certificates: Vec<_> = documents
            .iter()
            .flat_map(|document| Candidate::all_in(document).0)
            .collect();
        for candidate in &mut certificates {
            candidate.unfit = client::unfit(&candidate.certificate, stage.now);
        }
        let before = snapshot(&tree);
        let host = facts(&tree, None);
        let request = Request::new(&certificates, Platform::Debian, &host, stage.now);
        let plan = plan(&request.with_root(Some(&root))).unwrap();
        sh_ok(&plan.install_script(), None);
        // The last of the file is the one that counts.
        let decision = of.map(|of| {
            let mut of_file = plan
                .certificates
                .iter()
                .filter(|decision| decision.source == of);
            of_file.next_back().unwrap()
        });
        match (*scenario, decision) {
            ("I", Some(decision)) => assert_eq!(decision.role, Role::CaAsServer),
            ("V", Some(decision)) => assert_eq!(decision.role, Role::Version1),
            _ => {}
        }
        let server = Server::start(&stage.pki, sent);
        let store = Store::of(&tree, scratch.path());
        for client in ALL {
            let Some((accepted, said)) = stage.connects(client, &store, server.1, sent) else {
                continue;
            };
            runs += 1;
            let mut compare = |who: &str, predicted: bool| {
                if predicted != accepted {
                    wrong.push(format!(
                        "{scenario} {client}: {who} says {predicted}, it was {accepted}\n{said}"
                    ));
                }
            };
            let answer = decision.map(|decision| {
                let mut answers = decision.clients.iter();
                answers.find(|answer| answer.client == *client).unwrap()
            });
            match answer.map(|answer| answer.verdict) {
                None => compare("the gap", false),
                // Which build of Node it will be the plan cannot know.
                Some(Verdict::Undecided) if *client == "node" => compare("the plan", true),
                Some(Verdict::Undecided) => {
                    println!("{scenario} {client}: the plan does not say; accepted: {accepted}");
                    predictions -= 1;
                }
                Some(verdict) => compare("the plan", verdict == Verdict::Accepts),
            }
            predictions += 1;
            // The profile is that of Debian's Node, with level 2: any other takes such keys.
            let other_build = (*scenario, *client) == ("1024", "node");
            let judged = judged(&stage, client, sent, &certificates);
            if let Some(judged) = judged.filter(|_| !other_build) {
                compare("the profile", judged);
                profiles += 1;
            }
        }
        let said = sh_ok(&plan.install_script(), None);
        assert!(said.contains("nothing to do"), "{scenario}: {said}");
        sh_ok(&plan.undo_script(), None);
        let left = difference(&before, &snapshot(&tree));
        assert_eq!(left, [] as [&str; 0], "{scenario}");
    }
    crate::ran(SCENARIOS.len(), "update-ca-certificates, with real clients");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        machine == crate::command::own_store(),
        "this machine's store was touched"
    );
    println!(
        "clients: {} scenarios, {runs} real handshakes; {predictions} predictions of plans and {profiles} of client profiles held",
        SCENARIOS.len()
    );
    let all_here = only.is_empty() && std::env::var_os("CI").is_some();
    let least = if all_here {
        (231, 225, 220)
    } else {
        (40, 40, 40)
    };
    assert!(
        (runs, predictions, profiles) >= least,
        "{runs} {predictions} {profiles}"
    );
    assert!(!all_here || predictions >= least.1 && profiles >= least.2);
}

/// Without a plan: the file copied under the name that the tool reads, and the tool run.
#[test]
fn files_copied_by_hand_do_what_was_measured() {
    if !have("openssl", "openssl") || !have("update-ca-certificates", "ca-certificates") {
        return;
    }
    let stage = Stage::new();
    let server = Server::start(&stage.pki, &["direct-leaf"]);
    let (mut runs, mut wrong) = (0, Vec::new());
    for (scenario, file, accepted_by) in BY_HAND {
        let scratch = tempfile::tempdir().unwrap();
        let tree = scratch.path().join("tree");
        let at = |path: &str| tree.join(path);
        for directory in ["etc/ssl/certs", "usr/local/share/ca-certificates"] {
            fs::create_dir_all(at(directory)).unwrap();
        }
        fs::copy(
            stage.pki.at(file),
            at("usr/local/share/ca-certificates/by-hand.crt"),
        )
        .unwrap();
        update(&tree);
        let store = Store::of(&tree, scratch.path());
        for client in ALL {
            let Some((accepted, said)) = stage.connects(client, &store, server.1, &["direct-leaf"])
            else {
                continue;
            };
            if accepted != accepted_by.contains(client) {
                wrong.push(format!("{scenario} {client}: {accepted}\n{said}"));
            }
            runs += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("by hand: {runs} real handshakes went as was measured, and not as with a plan");
    assert!(
        runs >= if std::env::var_os("CI").is_some() {
            33
        } else {
            9
        }
    );
}

/// The real tool over a tree, as a plan runs it.
fn update(tree: &Path) {
    let root = tree.display();
    let done = Command::new("/usr/sbin/update-ca-certificates")
        .args(["--certsconf", &format!("{root}/etc/ca-certificates.conf")])
        .args(["--certsdir", &format!("{root}/usr/share/ca-certificates")])
        .args([
            "--localcertsdir",
            &format!("{root}/usr/local/share/ca-certificates"),
        ])
        .args(["--etccertsdir", &format!("{root}/etc/ssl/certs")])
        .args(["--hooksdir", "/dev/null"])
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    // Links lead through the tree's path: as seen from within they must not.
    for entry in fs::read_dir(tree.join("etc/ssl/certs")).unwrap() {
        let path = entry.unwrap().path();
        let Ok(target) = fs::read_link(&path) else {
            continue;
        };
        if let Ok(inside) = target.strip_prefix(tree) {
            fs::remove_file(&path).unwrap();
            std::os::unix::fs::symlink(Path::new("/").join(inside), &path).unwrap();
        }
    }
}
