//! Random messes through `assemble`: the right files among strangers that share subject, key,
//! kind of key or issuer, in random containers and encodings. A third has no right answer and
//! must be refused without a file. The others are judged by `preflight`, and a sample of them
//! by the real servers.
#![cfg(unix)]

use crate::running::{Running, free_port};
use crate::support;
use crate::support::chance::Chance;
use crate::support::here;

use std::fs;
use std::io::{Cursor, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use support::program::{AT, pki, program};

/// How many messes there are; fewer fail.
const MESSES: usize = 330;
const SERVERS: [&str; 8] = [
    "nginx", "apache", "haproxy", "postgres", "tabpy", "rserve", "tableau", "java",
];
const PASSPHRASE: &str = "open sesame";

/// What is wrong with a mess.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Lack {
    Nothing,
    Key,
    OwnKey,
    Issuer,
    Certificate,
    Passphrase,
}

struct Mess {
    server: &'static str,
    lack: Lack,
    leaf: &'static str,
    files: Vec<PathBuf>,
    directory: PathBuf,
}

fn openssl(words: &[&str]) {
    let output = Command::new("openssl").args(words).output().unwrap();
    assert!(
        output.status.success(),
        "{words:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn put(path: &Path, bytes: &[u8]) -> PathBuf {
    fs::write(path, bytes).unwrap();
    path.to_owned()
}

/// The file in a random encoding or container.
fn disguised(dice: &mut Chance, file: &Path, out: &Path, is_key: bool) -> PathBuf {
    let text = fs::read_to_string(file).unwrap();
    let name = |extension: &str| out.with_extension(extension);
    let (from, pass) = (file.to_str().unwrap(), format!("pass:{PASSPHRASE}"));
    match (dice.below(8), is_key) {
        (0, _) => put(&name("txt"), text.replace('\n', "\r\n").as_bytes()),
        (1, _) => {
            // What CAs send: text around the section, and a signature that begins with hyphens.
            let mail = format!("Dear customer,\n\nhere it is:\n\n{text}\n-- \nThe CA\n");
            put(&name("eml"), mail.as_bytes())
        }
        (2, _) => {
            let units = text.encode_utf16().flat_map(u16::to_le_bytes);
            // Notepad's "Unicode".
            let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(units).collect();
            put(&name("u16"), &bytes)
        }
        (3, _) => put(&name("bom"), format!("\u{feff}{text}").as_bytes()),
        (4, true) => {
            let to = name("der");
            openssl(&[
                "pkey",
                "-in",
                from,
                "-outform",
                "DER",
                "-out",
                to.to_str().unwrap(),
            ]);
            to
        }
        (5, true) => {
            let to = name("enc");
            openssl(&[
                "pkcs8",
                "-topk8",
                "-in",
                from,
                "-passout",
                &pass,
                "-out",
                to.to_str().unwrap(),
            ]);
            to
        }
        (4, false) => {
            let to = name("cer");
            openssl(&[
                "x509",
                "-in",
                from,
                "-outform",
                "DER",
                "-out",
                to.to_str().unwrap(),
            ]);
            to
        }
        (5, false) => {
            let to = name("p7b");
            openssl(&[
                "crl2pkcs7",
                "-nocrl",
                "-certfile",
                from,
                "-out",
                to.to_str().unwrap(),
            ]);
            to
        }
        (6, _) => put(&name("zip"), &zipped(&[("mail/part", text.as_bytes())])),
        _ => put(&name("pem"), text.as_bytes()),
    }
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn mess(dice: &mut Chance, number: usize, dir: &Path) -> Mess {
    let at = dir.join(format!("mess{number}"));
    fs::create_dir(&at).unwrap();
    let (leaf, key, lack) = {
        let lacks = [
            Lack::Key,
            Lack::OwnKey,
            Lack::Issuer,
            Lack::Certificate,
            Lack::Passphrase,
        ];
        let lack = if number.is_multiple_of(3) {
            lacks[dice.below(lacks.len())]
        } else {
            Lack::Nothing
        };
        let leaves = [
            ("server.crt", "server.key"),
            ("p256.crt", "p256.key"),
            ("p384.crt", "p384.key"),
            // The same keys in the forms of older tools.
            ("server.crt", "server.pkcs1.key"),
            ("p256.crt", "p256.sec1.key"),
        ];
        let (leaf, key) = leaves[dice.below(leaves.len())];
        (leaf, key, lack)
    };
    let pki = |name: &str| PathBuf::from(pki(name));
    let mut right: Vec<(PathBuf, bool)> = Vec::new();
    if lack != Lack::Certificate {
        right.push((pki(leaf), false));
    }
    if !matches!(lack, Lack::Key | Lack::OwnKey | Lack::Passphrase) {
        right.push((pki(key), true));
    }
    if lack != Lack::Issuer {
        right.push((pki("issuing.crt"), false));
    }
    // Strangers: the same subject, the same key, the same name of an issuer, the same kind of key.
    let strangers = [
        "root.crt",
        "other.crt",
        "other-root.crt",
        // The issuer's name with another key: only the signature tells that it did not issue.
        "issuing-rekeyed.crt",
        "expired.crt",
        "client-only.crt",
        "other-issuing.crt",
        "old-root.crt",
        "dsa.crt",
        "ed25519.crt",
    ];
    for _ in 0..dice.below(6) {
        let stranger = strangers[dice.below(strangers.len())];
        right.push((pki(stranger), false));
    }
    if lack == Lack::OwnKey || lack == Lack::Nothing && dice.below(2) == 0 {
        // A sound key of another certificate.
        right.push((pki("rsa2000.key"), true));
    }
    let mut files = Vec::new();
    // Certificate and key in one PKCS#12 file, as Windows exports them.
    if lack == Lack::Nothing && dice.below(6) == 0 {
        let (to, pass) = (at.join("export.pfx"), format!("pass:{PASSPHRASE}"));
        let (leaf, key) = (pki(leaf), pki(key));
        openssl(&[
            "pkcs12",
            "-export",
            "-in",
            leaf.to_str().unwrap(),
            "-inkey",
            key.to_str().unwrap(),
            "-passout",
            &pass,
            "-out",
            to.to_str().unwrap(),
        ]);
        files.push(to);
        // Both are in the export now.
        right.drain(..2);
    }
    if lack == Lack::Passphrase {
        let to = at.join("closed.key");
        let key = pki(key);
        openssl(&[
            "pkcs8",
            "-topk8",
            "-in",
            key.to_str().unwrap(),
            "-passout",
            "pass:nobody knows",
            "-out",
            to.to_str().unwrap(),
        ]);
        files.push(to);
    }
    for (place, (file, is_key)) in right.iter().enumerate() {
        files.push(disguised(
            dice,
            file,
            &at.join(format!("f{place}")),
            *is_key,
        ));
    }
    // In any order.
    for place in (1..files.len()).rev() {
        files.swap(place, dice.below(place + 1));
    }
    // Tableau Server takes RSA keys alone.
    let server = match SERVERS[dice.below(SERVERS.len())] {
        "tableau" if leaf != "server.crt" => "nginx",
        server => server,
    };
    Mess {
        server,
        lack,
        leaf,
        files,
        directory: at.join("new"),
    }
}

fn certcheck(words: &[&str]) -> Output {
    let mut command = program();
    command.args(words).args(["--at", AT]);
    support::run(command, b"")
}

fn assembled(mess: &Mess, candidates: &str, new: &str) -> Output {
    let mut words = vec![
        "assemble",
        "--for",
        mess.server,
        "-o",
        mess.directory.to_str().unwrap(),
    ];
    words.extend(["--passphrase-file", candidates]);
    if mess.server == "java" {
        words.extend(["--key-passphrase-file", new]);
        let kind = if mess.files.len().is_multiple_of(2) {
            "jks"
        } else {
            "pkcs12"
        };
        words.extend(["--keystore-type", kind]);
    }
    words.extend(mess.files.iter().map(|file| file.to_str().unwrap()));
    certcheck(&words)
}

/// The preflight of what was written, as the server takes it.
fn judged(mess: &Mess) -> Output {
    let at = |name: &str| mess.directory.join(name).to_str().unwrap().to_owned();
    let (certificate, key, chain, all) = (
        at("server.crt"),
        at("server.key"),
        at("chain.crt"),
        at("server.pem"),
    );
    let root = pki("root.crt");
    let mut words = vec![
        "preflight",
        "--server",
        mess.server,
        "--anchors",
        &root,
        "--host",
        "server.example.test",
    ];
    match mess.server {
        "haproxy" => words.extend(["--cert-file", &all]),
        "tableau" | "apache" => words.extend([
            "--cert-file",
            &certificate,
            "--key-file",
            &key,
            "--chain-file",
            &chain,
        ]),
        "rserve" => words.extend([
            "--cert-file",
            &certificate,
            "--key-file",
            &key,
            "--ca-file",
            &chain,
        ]),
        _ => words.extend(["--cert-file", &certificate, "--key-file", &key]),
    }
    certcheck(&words)
}

fn sections(path: &Path) -> Vec<pem::Pem> {
    pem::parse_many(fs::read(path).unwrap()).unwrap()
}

#[test]
fn messes_are_sorted_out_or_refused() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    // PostgreSQL runs as another user and reads in here.
    fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).unwrap();
    let candidates = put(
        &dir.join("candidates"),
        format!("wrong\n\n{PASSPHRASE}\n").as_bytes(),
    );
    let new = put(&dir.join("new.pass"), b"changeit\n");
    let (candidates, new) = (candidates.to_str().unwrap(), new.to_str().unwrap());
    let mut dice = Chance(20_261_129);
    let (mut made, mut open, mut refused, mut real, mut keystores) = (0, 0, 0, 0, 0);
    for number in 0..MESSES {
        let mess = mess(&mut dice, number, dir);
        let output = assembled(&mess, candidates, new);
        let told = || {
            format!(
                "mess {number} for {}, {:?}, {:?}:\n{}{}",
                mess.server,
                mess.lack,
                mess.files,
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            )
        };
        if mess.lack != Lack::Nothing {
            assert_eq!(output.status.code(), Some(1), "{}", told());
            assert!(!mess.directory.exists(), "{}", told());
            refused += 1;
            continue;
        }
        // A stranger among the roots leaves it open whether an intermediate is missing.
        let text = String::from_utf8_lossy(&output.stdout);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let stranger = words.contains("and this chain does not reach the CA certificate that is");
        assert_eq!(
            output.status.code(),
            Some(i32::from(stranger)),
            "{}",
            told()
        );
        if stranger {
            assert!(words.starts_with("assembled, and undecided:"), "{}", told());
            open += 1;
        }
        made += 1;
        if mess.server == "java" {
            keystores += usize::from(made % 4 == 0 && keytool(&mess.directory));
            continue;
        }
        let first = if mess.server == "haproxy" {
            "server.pem"
        } else {
            "server.crt"
        };
        let leaf = sections(&mess.directory.join(first)).remove(0);
        assert_eq!(
            leaf,
            sections(Path::new(&pki(mess.leaf))).remove(0),
            "{}",
            told()
        );
        for entry in fs::read_dir(&mess.directory).unwrap() {
            let path = entry.unwrap().path();
            let all = sections(&path);
            let root = sections(Path::new(&pki("root.crt"))).remove(0);
            assert!(!all.contains(&root), "{}", told());
            if all.iter().any(|one| one.tag().contains("PRIVATE")) {
                let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
                assert_eq!(mode, 0o600, "{}", told());
            }
        }
        let verdict = judged(&mess);
        assert_eq!(
            verdict.status.code(),
            Some(0),
            "{}\n{}",
            told(),
            String::from_utf8_lossy(&verdict.stdout)
        );
        // Every sixth by the server itself.
        if made % 6 == 0 {
            real += usize::from(serves(&mess));
        }
    }
    println!(
        "{MESSES} messes: {made} assembled, {open} of them undecided, {refused} refused; {real} by real servers, {keystores} by keytool"
    );
    assert!(made + refused == MESSES && refused >= MESSES / 3 - 1);
    assert!(open < made / 4, "{open} of {made} are undecided");
}

/// What Java itself sees in the keystore.
fn keytool(directory: &Path) -> bool {
    if !here::have("keytool", "default-jdk-headless") {
        return false;
    }
    let jks = directory.join("keystore.jks");
    let (store, kind) = if jks.exists() {
        (jks, "JKS")
    } else {
        (directory.join("keystore.p12"), "PKCS12")
    };
    let output = Command::new("keytool")
        .args(["-list", "-v", "-storepass", "changeit", "-keystore"])
        .arg(&store)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    assert!(
        text.contains("PrivateKeyEntry") && text.contains("Certificate chain length: 2"),
        "{text}"
    );
    assert!(text.contains(&format!("Keystore type: {kind}")), "{text}");
    let store = if kind == "JKS" {
        // OpenSSL reads no JKS: Java converts it.
        let converted = directory.join("converted.p12");
        let words =
            "-importkeystore -srcstorepass changeit -deststoretype pkcs12 -deststorepass changeit";
        let output = Command::new("keytool")
            .args(words.split(' '))
            .args([Path::new("-srckeystore"), &store])
            .args([Path::new("-destkeystore"), &converted])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{text}");
        converted
    } else {
        store
    };
    let output = Command::new("openssl")
        .args(["pkcs12", "-passin", "pass:changeit", "-nodes", "-in"])
        .arg(&store)
        .output()
        .unwrap();
    assert!(output.status.success());
    true
}

/// Starts the server with the new files; a client that trusts the root alone must connect.
fn serves(mess: &Mess) -> bool {
    let dir = &mess.directory;
    let port = free_port();
    let show = dir.display();
    let (program, package, text, words): (_, _, String, Vec<String>) = match mess.server {
        "nginx" => (
            "nginx",
            "nginx",
            format!(
                "daemon off; master_process off; pid {show}/pid; error_log {show}/log;\nevents {{}}\nhttp {{ access_log off; server {{ listen 127.0.0.1:{port} ssl;\nssl_certificate {show}/server.crt; ssl_certificate_key {show}/server.key; }} }}\n"
            ),
            vec!["-c".into(), format!("{show}/conf")],
        ),
        "haproxy" => (
            "haproxy",
            "haproxy",
            format!(
                "defaults\n mode http\n timeout client 5s\n timeout connect 5s\n timeout server 5s\nfrontend f\n bind 127.0.0.1:{port} ssl crt {show}/server.pem\n http-request return status 200\n"
            ),
            vec!["-db".into(), "-f".into(), format!("{show}/conf")],
        ),
        "apache" => {
            let modules = ["mpm_event", "authz_core", "socache_shmcb", "ssl"].map(|name| {
                format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n")
            });
            (
                "apache2",
                "apache2",
                format!(
                    "ServerRoot {show}\nServerName localhost\nPidFile {show}/pid\n{}Mutex file:{show}\nErrorLog {show}/log\nListen 127.0.0.1:{port}\nUser nobody\nGroup nogroup\n<VirtualHost *:{port}>\nSSLEngine on\nSSLCertificateFile {show}/server.crt\nSSLCertificateKeyFile {show}/server.key\nSSLCertificateChainFile {show}/chain.crt\n</VirtualHost>\n",
                    modules.concat()
                ),
                vec!["-DFOREGROUND".into(), "-f".into(), format!("{show}/conf")],
            )
        }
        _ => return false,
    };
    if !here::have(program, package) {
        return false;
    }
    put(&dir.join("conf"), text.as_bytes());
    let mut command = Command::new("setsid");
    command.arg("-w").arg(program).args(words);
    // `setsid` is the child: the server is ended by the file with its number.
    let stop = matches!(mess.server, "apache" | "nginx").then(|| {
        let mut stop = Command::new("sh");
        stop.args(["-c", "kill $(head -n 1 pid)"]).current_dir(dir);
        stop
    });
    let conf = dir.join("conf").display().to_string();
    let _running = Running::start(command, port, conf, stop, program);
    let output = Command::new("openssl")
        .args(["s_client", "-connect", &format!("127.0.0.1:{port}")])
        .args([
            "-CAfile",
            &pki("root.crt"),
            "-verify_hostname",
            "server.example.test",
        ])
        .args(["-attime", "1795348800", "-verify_return_error"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("Verify return code: 0 (ok)"),
        "{program}: {text}"
    );
    true
}
