//! What servers send and how far they start, against what real ones did: every
//! row of the tables in testdata/servers.

use certcheck::FileFacts;
use certcheck::server::Profile;
use certcheck::server::startup::{Condition, FileState, RunAs, StartOutcome, Startup};
use certcheck::server::wire::{File, Files, Place};

/// A certificate of the PKI that the tables were measured with.
struct Certificate {
    name: &'static str,
    key: &'static str,
    issuer: &'static str,
    common_name: &'static str,
}

const fn certificate(
    name: &'static str,
    issuer: &'static str,
    common_name: &'static str,
) -> Certificate {
    Certificate {
        name,
        key: name,
        issuer,
        common_name,
    }
}

const PKI: &[Certificate] = &[
    certificate("root", "root", "Oracle Root CA"),
    certificate("mid", "root", "Oracle Mid CA"),
    certificate("mid2", "root", "Oracle Mid CA 2"),
    certificate("leaf", "mid", "localhost"),
    certificate("other", "mid", "localhost"),
    certificate("ec", "mid", "localhost"),
    certificate("ed25519", "mid", "localhost"),
    certificate("dsa", "mid", "localhost"),
    certificate("weak1024", "mid", "localhost"),
    certificate("expired", "mid", "localhost"),
    certificate("future", "mid", "localhost"),
    certificate("nosan", "mid", "localhost"),
    certificate("wronghost", "mid", "wrong.example"),
    certificate("self", "self", "localhost"),
];

/// What a file holds: certificates in their order, a private key, or neither.
#[derive(Default)]
struct Contents {
    state: Option<FileState>,
    certificates: Vec<&'static Certificate>,
    key: Option<String>,
    encrypted: bool,
}

fn contents(name: &str) -> Contents {
    let pki = |names: &[&str]| -> Vec<&'static Certificate> {
        let find = |name: &&str| PKI.iter().find(|one| one.name == *name).expect(name);
        names.iter().map(find).collect()
    };
    let state = |state| Contents {
        state: Some(state),
        ..Contents::default()
    };
    let certificates = |names: &[&str]| Contents {
        certificates: pki(names),
        ..Contents::default()
    };
    match name {
        "-" => state(FileState::NotSet),
        "nosuch.crt" | "nosuch.key" | "nosuch.pem" => state(FileState::Missing),
        "unreadable" => state(FileState::Unreadable),
        "directory" => state(FileState::NotAFile),
        "empty.pem" => state(FileState::Empty),
        "leaf.der" | "mid.der" | "leaf.key.der" => state(FileState::Der),
        "leaf.p12" => state(FileState::Pkcs12),
        "leaf.p7b" => state(FileState::Pkcs7),
        "truncated.pem" => state(FileState::Truncated),
        "chain_lm.pem" | "chain_lm_crlf.pem" => certificates(&["leaf", "mid"]),
        "chain_lm_bom.pem" => Contents {
            state: Some(FileState::ByteOrderMark),
            ..certificates(&["leaf", "mid"])
        },
        "chain_lmr.pem" => certificates(&["leaf", "mid", "root"]),
        "chain_lrm.pem" => certificates(&["leaf", "root", "mid"]),
        "chain_lr.pem" => certificates(&["leaf", "root"]),
        "chain_mlr.pem" => certificates(&["mid", "leaf", "root"]),
        "chain_rml.pem" => certificates(&["root", "mid", "leaf"]),
        "chain_l_wrongmid.pem" => certificates(&["leaf", "mid2"]),
        "chain_m_expired.pem" => certificates(&["mid", "expired"]),
        "mr.pem" => certificates(&["mid", "root"]),
        "rm.pem" => certificates(&["root", "mid"]),
        "leaf_with_text.pem" | "leaf_trustedlabel.pem" => certificates(&["leaf"]),
        "leaf_and_key.pem" => Contents {
            key: Some("leaf".to_owned()),
            ..certificates(&["leaf"])
        },
        "key_leaf_mid.pem" => Contents {
            key: Some("leaf".to_owned()),
            ..certificates(&["leaf", "mid"])
        },
        _ => {
            if let Some(name) = name.strip_suffix("_chain.pem") {
                return certificates(&[name, "mid"]);
            }
            if let Some(name) = name.strip_suffix(".crt") {
                return certificates(&[name]);
            }
            let key = name.strip_suffix(".key").expect(name);
            let encrypted = key.contains(".enc");
            // `leaf.enc.key` is leaf's, and so is `leaf.sec1.key`.
            let key = key.split('.').next().unwrap().to_owned();
            Contents {
                key: Some(key),
                encrypted,
                ..Contents::default()
            }
        }
    }
}

/// One row: the files that were given, and whatever else was the case.
struct Row<'a> {
    certificate: &'a str,
    key: &'a str,
    chain: &'a str,
    ca: &'a str,
    further: &'a str,
}

impl Row<'_> {
    fn further(&self, name: &str) -> Option<&str> {
        self.further
            .split(' ')
            .find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
    }

    fn says(&self, word: &str) -> bool {
        self.further.split(' ').any(|one| one == word)
    }

    fn conditions(&self, profile: &Profile) -> Vec<Condition> {
        let mut found = Vec::new();
        let certificate = contents(self.certificate);
        let key =
            if self.key == "-" && profile.key_in_certificate_file() && certificate.key.is_some() {
                contents(self.certificate)
            } else {
                contents(self.key)
            };
        let of_certificates = |contents: &Contents| {
            contents.state.or(contents
                .certificates
                .is_empty()
                .then_some(FileState::OtherObject))
        };
        found.extend(of_certificates(&certificate).map(Condition::Certificate));
        found.extend(
            key.state
                .or(key.key.is_none().then_some(FileState::OtherObject))
                .map(Condition::Key),
        );
        for (name, condition) in [
            (self.chain, Condition::Chain as fn(FileState) -> Condition),
            (self.ca, Condition::Ca as fn(FileState) -> Condition),
        ] {
            if name != "-" {
                found.extend(of_certificates(&contents(name)).map(condition));
            }
        }
        if let (Some(first), Some(key)) = (certificate.certificates.first(), &key.key)
            && first.key != key
        {
            found.push(Condition::KeyMismatch);
        }
        if key.encrypted {
            match self.further("passphrase") {
                Some("right") => {}
                Some("wrong") => found.push(Condition::WrongPassphrase),
                Some("fails") => found.push(Condition::PassphraseCommandFails),
                _ => found.push(Condition::KeyEncrypted),
            }
        }
        if self.says("key-first") {
            found.push(Condition::KeyFirst);
        }
        if self.says("verify-without-ca") {
            found.push(Condition::ClientAuthWithoutCa);
        }
        if self.says("name-mismatch") {
            found.push(Condition::NameMismatch);
        }
        match certificate.certificates.first().map(|first| first.name) {
            Some("dsa") => found.push(Condition::Dsa),
            // Level 0 permits every key (`SSL_CTX_set_security_level(3)`).
            Some("weak1024") if !self.says("seclevel0") => found.push(Condition::WeakKey),
            Some("expired") => found.push(Condition::Expired),
            Some("future") => found.push(Condition::NotYetValid),
            Some("mid" | "root") => found.push(Condition::CaAsServer),
            _ => {}
        }
        found.extend(self.key_file(profile));
        found
    }

    fn key_file(&self, profile: &Profile) -> Option<Condition> {
        const POSTGRES: u32 = 114;
        let owner = self.further("owner")?;
        let mode = u32::from_str_radix(self.further("mode")?, 8).unwrap();
        let id = |name: &str| match name {
            "postgres" => POSTGRES,
            "root" => 0,
            "www-data" => 33,
            other => panic!("{other}"),
        };
        let (user, group) = owner.split_once(':').unwrap_or((owner, owner));
        let file = FileFacts {
            mode,
            uid: id(user),
            gid: id(group),
        };
        let run_as = RunAs {
            uid: POSTGRES,
            gids: &[POSTGRES],
        };
        profile.key_file(file, run_as)
    }

    fn sent(&self, profile: &Profile) -> Vec<&'static str> {
        let certificate = contents(self.certificate).certificates;
        let chain = contents(self.chain).certificates;
        let ca = contents(self.ca).certificates;
        let at = |place: Place| match place.file {
            File::Certificate => certificate[place.index],
            File::Chain => chain[place.index],
            File::Ca => ca[place.index],
            other => panic!("{other:?}"),
        };
        // By our own table, and not by signatures: this test is about what servers send.
        let issued_by = |subject: Place, issuer: Place| at(subject).issuer == at(issuer).name;
        let mut files = Files::of(certificate.len()).with_ca(ca.len());
        if self.chain != "-" {
            files = files.with_chain(chain.len());
        }
        profile
            .presented(&files, &issued_by)
            .into_iter()
            .map(|place| at(place).common_name)
            .collect()
    }
}

/// Whether the measured text has the pieces of a predicted one, in order.
fn is_said(predicted: &str, measured: &str) -> bool {
    let mut rest = measured;
    // Paths, numbers of processes and dates differ in every run.
    predicted.split('…').all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

struct Measured<'a> {
    outcome: StartOutcome,
    text: &'a str,
    sent: Vec<&'a str>,
}

/// `2: localhost, Oracle Mid CA`, perhaps behind `sent `.
fn list(cell: &str) -> Vec<&str> {
    let cell = cell.strip_prefix("sent ").unwrap_or(cell);
    let Some((count, names)) = cell.split_once(": ") else {
        return Vec::new();
    };
    let Ok(count) = count.parse::<usize>() else {
        assert!(cell.starts_with("handshake failed"), "{cell}");
        return Vec::new();
    };
    let names: Vec<_> = names.split(", ").collect();
    assert_eq!(count, names.len(), "{cell}");
    names
}

fn compare(case: &str, row: &Row<'_>, profile: &Profile, measured: &Measured<'_>) -> Vec<String> {
    let conditions = row.conditions(profile);
    let Startup { outcome, says, .. } = profile.startup(&conditions);
    let mut differences = Vec::new();
    if outcome != measured.outcome {
        differences.push(format!("{outcome:?} instead of {:?}", measured.outcome));
    }
    for line in &says {
        if !is_said(line, measured.text) {
            differences.push(format!("`{line}` was not said: {}", measured.text));
        }
    }
    // A server that stops says why, and so must the prediction.
    let stops = matches!(
        outcome,
        StartOutcome::ConfigTestFails | StartOutcome::StartFails
    );
    if says.is_empty() && stops {
        differences.push("no reason".to_owned());
    }
    if measured.outcome == StartOutcome::Serves {
        let sent = row.sent(profile);
        if sent != measured.sent {
            differences.push(format!("sends {sent:?} instead of {:?}", measured.sent));
        }
    }
    differences
        .into_iter()
        .map(|difference| format!("{} {case} {conditions:?}: {difference}", profile.name()))
        .collect()
}

fn table(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().skip(1).map(|line| line.split('\t').collect())
}

/// Rows of a table beside the files that they were measured with.
fn beside(
    name: &str,
    text: &'static str,
    files: &'static str,
    measured: impl Fn(&[&'static str]) -> Measured<'static>,
) -> (usize, usize) {
    let profile = Profile::named(name).unwrap();
    let (mut compared, mut skipped) = (0, 0);
    let mut wrong = Vec::new();
    let mut files = table(files);
    for cells in table(text) {
        let given = files.next().expect("a row without files");
        assert_eq!(given[0], cells[0]);
        let row = Row {
            certificate: given[1],
            key: given[2],
            chain: given[3],
            ca: given[4],
            further: given[5],
        };
        if row.further.starts_with("skip=") || row.further == "settings" {
            skipped += 1;
            continue;
        }
        wrong.extend(compare(cells[0], &row, profile, &measured(&cells)));
        compared += 1;
    }
    assert!(
        files.next().is_none(),
        "more rows of files than were measured"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    (compared, skipped)
}

fn started(yes: bool, client: &str) -> StartOutcome {
    match (yes, client.contains("handshake failed")) {
        (false, _) => StartOutcome::StartFails,
        (true, true) => StartOutcome::HandshakeFails,
        (true, false) => StartOutcome::Serves,
    }
}

#[test]
fn apache() {
    let counts = beside(
        "apache",
        include_str!("../../testdata/servers/apache_cert_startup.tsv"),
        include_str!("../../testdata/servers/apache_cert_startup.files.tsv"),
        |cells| {
            let refused = cells[1] == "no";
            let outcome = if refused {
                StartOutcome::ConfigTestFails
            } else {
                started(cells[3] == "yes", cells[5])
            };
            Measured {
                outcome,
                text: if refused { cells[2] } else { cells[4] },
                sent: list(cells[5]),
            }
        },
    );
    assert_eq!(counts, (65, 4));
}

/// Servers whose configuration test loads all that a start loads.
fn tested_beforehand(cells: &[&'static str]) -> Measured<'static> {
    let outcome = match cells[1] {
        "no" => StartOutcome::ConfigTestFails,
        _ => started(true, cells[3]),
    };
    Measured {
        outcome,
        text: cells[2],
        sent: list(cells[3]),
    }
}

#[test]
fn nginx() {
    let counts = beside(
        "nginx",
        include_str!("../../testdata/servers/nginx_certificates.tsv"),
        include_str!("../../testdata/servers/nginx_certificates.files.tsv"),
        tested_beforehand,
    );
    assert_eq!(counts, (54, 1));
}

#[test]
fn haproxy() {
    let counts = beside(
        "haproxy",
        include_str!("../../testdata/servers/haproxy_certificates.tsv"),
        include_str!("../../testdata/servers/haproxy_certificates.files.tsv"),
        tested_beforehand,
    );
    assert_eq!(counts, (48, 6));
}

#[test]
fn postgres() {
    let counts = beside(
        "postgres",
        include_str!("../../testdata/servers/postgres_ssl_server.tsv"),
        include_str!("../../testdata/servers/postgres_ssl_server.files.tsv"),
        |cells| Measured {
            outcome: started(cells[1] == "yes", cells[3]),
            text: cells[2],
            sent: list(cells[3]),
        },
    );
    assert_eq!(counts, (70, 9));
}

#[test]
fn tabpy() {
    let counts = beside(
        "tabpy",
        include_str!("../../testdata/servers/tabpy_chain.tsv"),
        include_str!("../../testdata/servers/tabpy_chain.files.tsv"),
        |cells| Measured {
            outcome: started(cells[1] == "yes", ""),
            text: cells[4],
            sent: list(cells[3]),
        },
    );
    assert_eq!(counts, (30, 0));
}

#[test]
fn rserve() {
    let profile = Profile::named("rserve").unwrap();
    let mut compared = 0;
    let mut wrong = Vec::new();
    for cells in table(include_str!("../../testdata/servers/rserve_chain.tsv")) {
        let (key, order) = match cells[1].split_once(" (after tls.cert)") {
            Some((key, _)) => (key, ""),
            None => (cells[1], "key-first"),
        };
        let row = Row {
            certificate: cells[0],
            key,
            chain: "-",
            ca: cells[2],
            further: order,
        };
        // One row has its columns cut: the console text is missing there.
        let measured = Measured {
            outcome: started(cells[4] == "yes", cells[6]),
            text: cells[5],
            sent: list(cells[6]),
        };
        wrong.extend(compare(&cells.join(" "), &row, profile, &measured));
        assert_eq!(cells[6], cells[7], "TLS 1.3 and 1.2 differ");
        compared += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(compared, 40);
}

/// A comparison that never fails proves nothing.
#[test]
fn a_wrong_prediction_is_seen() {
    let row = Row {
        certificate: "chain_lm.pem",
        key: "leaf.key",
        chain: "-",
        ca: "-",
        further: "",
    };
    let measured = |sent| Measured {
        outcome: StartOutcome::Serves,
        text: "",
        sent,
    };
    let rserve = Profile::named("rserve").unwrap();
    let both = measured(vec!["localhost", "Oracle Mid CA"]);
    assert_eq!(compare("", &row, rserve, &both).len(), 1);
    assert_eq!(
        compare("", &row, rserve, &measured(vec!["localhost"])).len(),
        0
    );
}
