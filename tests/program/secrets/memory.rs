//! What of a key or a passphrase is in the program's memory when it ends.
//!
//! The program is stopped at its exit by at_exit.py (Linux, ptrace), and all memory that
//! it could write to is searched: heap, freed pieces of it, stack, buffers of libraries.

use crate::secrets::support::{self, here, program::*};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The bytes of a piece that is searched for: what is not chance is not so long alike.
const PIECE: usize = 16;

/// One run: words, what it reads from standard input, and whose secrets it must not keep.
struct Run {
    words: Vec<String>,
    stdin: Option<PathBuf>,
    secrets: Vec<PathBuf>,
}

fn run(words: &[&str], secrets: &[&str]) -> Run {
    Run {
        words: words.iter().map(|&word| word.to_owned()).collect(),
        stdin: None,
        secrets: secrets.iter().map(PathBuf::from).collect(),
    }
}

impl Run {
    fn reading(mut self, file: &str) -> Self {
        self.stdin = Some(PathBuf::from(file));
        self
    }
}

/// Pieces of the private half of a key, as bytes, as bytes backwards (numbers in memory
/// have their low end first) and as base64; or a passphrase.
fn pieces(file: &Path) -> Vec<Vec<u8>> {
    let bytes = fs::read(file).unwrap();
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    if name.contains("passphrase") {
        let text = String::from_utf8(bytes).unwrap();
        return vec![text.trim_end().as_bytes().to_vec()];
    }
    let mut all = Vec::new();
    let text = String::from_utf8_lossy(&bytes);
    let sections = pem::parse_many(&bytes).unwrap_or_default();
    let key = sections
        .iter()
        .find(|section| section.tag().ends_with("PRIVATE KEY"));
    let (der, lines) = match key {
        Some(section) => {
            let body = text.split_once("PRIVATE KEY-----").unwrap().1;
            let lines: Vec<_> = body
                .lines()
                .take_while(|line| !line.starts_with('-'))
                .collect();
            let lines = lines.into_iter().filter(|line| !line.contains(':'));
            (section.contents().to_vec(), lines.collect::<Vec<_>>())
        }
        None => (bytes.clone(), Vec::new()),
    };
    let private = private_half(&der);
    let half = &der[private..];
    for piece in half.chunks_exact(PIECE) {
        all.push(piece.to_vec());
        all.push(piece.iter().rev().copied().collect());
    }
    // As base64: four characters are three bytes, whatever line they are on.
    let mut at = 0;
    for line in lines {
        let (start, end) = (at, at + line.len());
        at = end;
        let from = (private.div_ceil(3) * 4).clamp(start, end) - start;
        for piece in line.as_bytes()[from..].chunks_exact(24) {
            if !piece.contains(&b'=') {
                all.push(piece.to_vec());
            }
        }
    }
    assert!(all.len() >= 4, "{}: {} pieces", file.display(), all.len());
    all
}

/// Where the private numbers of a key begin.
fn private_half(der: &[u8]) -> usize {
    let behind = |mark: &[u8]| {
        der.windows(mark.len())
            .position(|window| window == mark)
            .map(|at| at + mark.len())
    };
    // The public exponent of RSA; version and octet string of EC; Ed25519's; the end of DSA.
    behind(&[2, 3, 1, 0, 1])
        .map(|at| at + 4)
        .or_else(|| behind(&[2, 1, 1, 4, 0x20]))
        .or_else(|| behind(&[2, 1, 1, 4, 0x30]))
        .or_else(|| behind(&[4, 0x22, 4, 0x20]))
        .unwrap_or(der.len().saturating_sub(36))
}

fn runs(dir: &Path) -> Vec<Run> {
    let mut all = Vec::new();
    let word = pki("passphrase.txt");
    let at = |name: &str| dir.join(name).display().to_string();
    let der = |name: &str| {
        let path = at(&format!("{name}.der"));
        let pem = pem::parse(fs::read(pki(name)).unwrap()).unwrap();
        fs::write(&path, pem.contents()).unwrap();
        path
    };
    for name in [
        "server.key",
        "server.pkcs1.key",
        "p256.key",
        "p256.sec1.key",
        "p384.key",
        "ed25519.key",
        "dsa.key",
    ] {
        let (key, der, crt) = (pki(name), der(name), pki("server.crt"));
        for file in [&key, &der] {
            let secrets = [&**file];
            all.push(run(&["inspect", file], &secrets));
            all.push(run(&["match", file, &crt], &secrets));
            all.push(run(&["inspect", "-"], &secrets).reading(file));
            for to in ["pem", "der"] {
                all.push(run(&["convert", file, "--to", to], &[&key, file]));
                let out = at(&format!("out{}.{to}", all.len()));
                all.push(run(
                    &["convert", file, "--to", to, "-o", &out],
                    &[&key, file],
                ));
                all.push(run(&["convert", "-", "--to", to], &[&key, file]).reading(file));
            }
        }
        for server in ["apache", "nginx", "haproxy", "postgres", "tabpy", "rserve"] {
            all.push(run(
                &[
                    "preflight",
                    "--server",
                    server,
                    "--cert-file",
                    &crt,
                    "--key-file",
                    &key,
                    "--chain-file",
                    &pki("issuing.crt"),
                    "--anchors",
                    &pki("root.crt"),
                ],
                &[&key],
            ));
        }
        all.push(run(&["key-id", &key], &[&key]));
        all.push(run(&["inspect", &key, "--loaders"], &[&key]));
        all.push(run(
            &["inspect", &key, "--format", "json", "--loaders"],
            &[&key],
        ));
    }
    // Both in one file, which is longer than a buffer of the library, and on standard input.
    let both = at("both.key");
    let mut text = fs::read(pki("fullchain-root.crt")).unwrap().repeat(12);
    text.extend(fs::read(pki("p256.key")).unwrap());
    text.extend(fs::read(pki("server.key")).unwrap());
    fs::write(&both, text).unwrap();
    let secrets = [&*pki("p256.key"), &*pki("server.key")];
    all.push(run(&["inspect", &both], &secrets));
    all.push(run(&["inspect", "-"], &secrets).reading(&both));
    all.push(run(&["convert", "-", "--to", "pem"], &secrets).reading(&both));
    all.push(run(
        &["convert", &both, "--to", "pem", "-o", &at("copy.pem")],
        &secrets,
    ));
    // Under a passphrase: the key within is that of server.key.
    let closed = pki("server.pbes2.key");
    for command in [
        &["inspect", &closed][..],
        &["match", &closed, &pki("server.crt")],
        &["key-id", &closed],
        &["convert", &closed, "--to", "der"],
        &[
            "preflight",
            "--server",
            "apache",
            "--cert-file",
            &pki("server.crt"),
            "--key-file",
            &closed,
        ],
    ] {
        let secrets = [&*word, &*pki("server.key")];
        all.push(run(
            &[command, &["--passphrase-file", &word]].concat(),
            &secrets,
        ));
        all.push(run(&[command, &["--passphrase-stdin"]].concat(), &secrets).reading(&word));
        all.push(run(&[command, &["--passphrase-file", "-"]].concat(), &secrets).reading(&word));
    }
    // Containers: their own key and passphrase.
    let containers = support::testdata().join("containers");
    let container = |name: &str| containers.join(name).display().to_string();
    let word = container("passphrase.txt");
    for name in [
        "modern.p12",
        "legacy.p12",
        "rc4.p12",
        "nss.p12",
        "plain.p12",
        "java.jks",
        "java.jceks",
        "bouncy.bks",
    ] {
        let file = container(name);
        let secrets = [&*word, &*container("server.key")];
        for command in [
            &["inspect", &file][..],
            &["match", &file],
            &["key-id", &file],
        ] {
            let words = [command, &["--passphrase-stdin"]].concat();
            all.push(run(&words, &secrets).reading(&word));
        }
        let out = at(&format!("{name}.pem"));
        let words = ["convert", &file, "--to", "pem", "--passphrase-file", &word];
        all.push(run(&words, &secrets));
        all.push(run(&[&words[..], &["-o", &out]].concat(), &secrets));
    }
    all
}

#[test]
fn nothing_is_left_in_memory() {
    if !cfg!(target_os = "linux") || !here::have("python3", "python3") {
        return;
    }
    let dir = scratch();
    let runs = runs(dir.path());
    let mut cache: BTreeMap<PathBuf, Vec<Vec<u8>>> = BTreeMap::new();
    let mut failed = Vec::new();
    let (mut looked, mut searched) = (0_u64, 0);
    for (number, run) in runs.iter().enumerate() {
        let mut secrets = Vec::new();
        for file in &run.secrets {
            let pieces = cache.entry(file.clone()).or_insert_with(|| pieces(file));
            secrets.extend(pieces.iter().map(|piece| (file, piece.clone())));
        }
        searched += secrets.len();
        let Some(found) = at_exit(dir.path(), run, &secrets) else {
            here::without("memory at exit", "a process may not be traced here");
            return;
        };
        looked += found.looked;
        assert!(found.exit < 2, "{:?}: exit {}", run.words, found.exit);
        if !found.found.is_empty() {
            failed.push(format!(
                "{number}: {:?} < {:?}: {}",
                run.words,
                run.stdin,
                found.found.join(", ")
            ));
        }
    }
    println!(
        "{} runs, {searched} pieces of secrets, {} MiB of memory searched",
        runs.len(),
        looked >> 20
    );
    assert!(
        failed.is_empty(),
        "{}\n{} of {} runs",
        failed.join("\n"),
        failed.len(),
        runs.len()
    );
    assert!(runs.len() >= 100 && looked > 100 << 20);
}

/// A search that never finds anything proves nothing: words of the command line are
/// in memory to the end.
#[test]
fn what_is_in_memory_is_seen() {
    if !cfg!(target_os = "linux") || !here::have("python3", "python3") {
        return;
    }
    let dir = scratch();
    let run = run(&["explain", "key.mismatch", "--allow", "key.weak"], &[]);
    let file = PathBuf::from("argument");
    let secrets = [
        (&file, b"key.mismatch".to_vec()),
        (&file, b"this is nowhere".to_vec()),
    ];
    let Some(found) = at_exit(dir.path(), &run, &secrets) else {
        here::without("memory at exit", "a process may not be traced here");
        return;
    };
    let seen = found.found.join(", ");
    assert!(seen.contains("1 × text of argument in [stack]"), "{seen}");
    assert!(!seen.contains("2 ×"), "{seen}");
    assert!(found.looked > 64 << 10);
}

struct Found {
    found: Vec<String>,
    looked: u64,
    exit: i32,
}

/// Runs the program, and searches its memory when it ends. Nothing where the machine
/// lets nobody trace.
fn at_exit(dir: &Path, run: &Run, secrets: &[(&PathBuf, Vec<u8>)]) -> Option<Found> {
    let list = dir.join("secrets");
    let lines: Vec<_> = secrets.iter().map(|(_, it)| super::hex(it)).collect();
    fs::write(&list, lines.join("\n")).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/secrets/at_exit.py");
    let output = Command::new("python3")
        .arg(script)
        .arg(&list)
        .arg(run.stdin.as_deref().unwrap_or(Path::new("/dev/null")))
        .arg(env!("CARGO_BIN_EXE_certcheck"))
        .args(&run.words)
        .args(["--at", AT])
        .current_dir(dir)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("Operation not permitted") {
        return None;
    }
    let out = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<Vec<&str>> = out
        .lines()
        .filter_map(|line| line.strip_prefix("at exit: "))
        .map(|line| line.split(' ').collect())
        .collect();
    let number = |name: &str| -> i64 {
        let line = lines.iter().find(|line| line[0] == name);
        let line = line.unwrap_or_else(|| panic!("{:?}: {out}{said}", run.words));
        line[1].parse().unwrap()
    };
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines.iter().filter(|line| line[0] == "found") {
        let (file, piece) = &secrets[line[1].parse::<usize>().unwrap()];
        let form = match std::str::from_utf8(piece) {
            Ok(_) => "text",
            Err(_) => "bytes",
        };
        let name = file.file_name().unwrap().to_string_lossy();
        *found
            .entry(format!("{form} of {name} in {}", line[2]))
            .or_default() += 1;
    }
    let found = found.into_iter();
    Some(Found {
        found: found
            .map(|(place, count)| format!("{count} × {place}"))
            .collect(),
        looked: number("looked").try_into().unwrap(),
        exit: number("exit").try_into().unwrap(),
    })
}
