//! What OpenSSL, GnuTLS and Go make of the chains.

use crate::grammar::Chain;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// 2026-11-22T00:00:00Z.
pub(crate) const AT: i64 = 1_795_305_600;

/// The files of one chain.
#[derive(Clone)]
pub(crate) struct Files {
    leaf: PathBuf,
    bag: PathBuf,
    anchors: PathBuf,
    /// The end-entity and the intermediates.
    chain: PathBuf,
}

fn pem(ders: &[Vec<u8>]) -> Vec<u8> {
    let text = ders
        .iter()
        .map(|der| certcheck::encoding::to_pem("CERTIFICATE", der));
    text.flat_map(|pem| pem.as_bytes().to_vec()).collect()
}

impl Files {
    pub(crate) fn write(room: &Path, number: usize, chain: &Chain) -> Self {
        let put = |part: &str, ders: &[Vec<u8>]| {
            let path = room.join(format!("{number}.{part}.pem"));
            fs::write(&path, pem(ders)).unwrap();
            path
        };
        let leaf = std::slice::from_ref(&chain.leaf);
        Self {
            leaf: put("leaf", leaf),
            bag: put("bag", &chain.bag),
            anchors: put("anchors", &chain.anchors),
            chain: put("chain", &[leaf, &chain.bag].concat()),
        }
    }
}

/// Nothing where it accepts, else its own words.
pub(crate) type Verdict = Option<String>;

fn said(output: &std::process::Output) -> String {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8_lossy(&text).replace('\n', " | ")
}

/// `openssl verify`, which ends at any certificate that is trusted, and checks
/// policies; the initial set is anyPolicy, for without one it is empty.
pub(crate) fn openssl(files: &Files) -> Verdict {
    let mut command = Command::new("openssl");
    command.args([
        "verify",
        "-no-CApath",
        "-no-CAstore",
        "-partial_chain",
        "-policy_check",
        "-policy",
        "2.5.29.32.0",
    ]);
    command.args(["-purpose", "sslserver", "-attime", &AT.to_string()]);
    command.arg("-CAfile").arg(&files.anchors);
    if fs::metadata(&files.bag).unwrap().len() > 0 {
        command.arg("-untrusted").arg(&files.bag);
    }
    let output = command.arg(&files.leaf).output().unwrap();
    (!output.status.success()).then(|| said(&output))
}

/// `certtool --verify`, at the moment of the machine: the chains hold from 2021
/// to 2039, or do not.
pub(crate) fn gnutls(files: &Files) -> Verdict {
    let mut command = Command::new("certtool");
    command.args(["--verify", "--verify-purpose", "1.3.6.1.5.5.7.3.1"]);
    command.arg("--load-ca-certificate").arg(&files.anchors);
    let output = command.arg("--infile").arg(&files.chain).output().unwrap();
    (!output.status.success()).then(|| said(&output))
}

/// crypto/x509, all chains in one process.
pub(crate) fn go(program: &Path, all: &[Files]) -> Vec<Verdict> {
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines: String = all
        .iter()
        .map(|case| {
            let [leaf, bag, anchors] =
                [&case.leaf, &case.bag, &case.anchors].map(|path| path.to_str().unwrap());
            format!("{AT} {leaf} {bag} {anchors}\n")
        })
        .collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "the Go program failed");
    let text = String::from_utf8(output.stdout).unwrap();
    let verdict = |line: &str| (line != "accepted").then(|| line.to_owned());
    text.lines().map(verdict).collect()
}

/// The Go program, built by the Go of the machine.
pub(crate) fn build_go(room: &Path) -> Option<PathBuf> {
    let program = room.join("go-judge");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential_chains/go.go");
    let mut command = Command::new("go");
    command
        .env("GOTOOLCHAIN", "local")
        .env("GOFLAGS", "-mod=mod");
    command.arg("build").arg("-o").arg(&program).arg(source);
    let output = command.current_dir(room).output().ok()?;
    assert!(output.status.success(), "go build: {}", said(&output));
    Some(program)
}

pub(crate) fn is_there(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}
