//! `--fetch`, against servers on loopback that answer well and badly.
#![cfg(all(feature = "cli", unix))]

use crate::support;
use crate::support::here;

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use support::program::*;

/// A CA in a directory, with a server that has its certificates.
struct Lab {
    dir: tempfile::TempDir,
    port: u16,
    asked: Arc<AtomicUsize>,
}

fn openssl(dir: &Path, words: &[&str]) {
    let output = Command::new("openssl")
        .args(words)
        .current_dir(dir)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {text}");
}

impl Lab {
    fn new() -> Self {
        let dir = scratch();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::new(0));
        let lab = Self { dir, port, asked };
        let at = lab.dir.path().to_owned();
        for name in ["root", "issuing", "sub", "forged", "server"] {
            let key = format!("{name}.key");
            let curve = "ec_paramgen_curve:P-256";
            openssl(
                &at,
                &[
                    "genpkey",
                    "-algorithm",
                    "EC",
                    "-pkeyopt",
                    curve,
                    "-out",
                    &key,
                ],
            );
        }
        let ca = "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\n";
        lab.signed("root", "Lab Root", "root", ca, None);
        lab.signed("issuing", "Lab Issuing", "root", ca, None);
        lab.signed("sub", "Lab Sub", "issuing", ca, Some("good"));
        // The name of the issuer, and another key.
        lab.signed("forged", "Lab Issuing", "root", ca, None);
        for name in ["issuing", "sub", "forged", "root"] {
            let (crt, der) = (format!("{name}.crt"), format!("{name}.der"));
            openssl(&at, &["x509", "-in", &crt, "-outform", "DER", "-out", &der]);
        }
        let words =
            "crl2pkcs7 -nocrl -certfile root.crt -certfile issuing.crt -outform DER -out all.p7c";
        openssl(&at, &words.split(' ').collect::<Vec<_>>());
        let (count, served) = (Arc::clone(&lab.asked), at);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let served = served.clone();
                std::thread::spawn(move || answer(stream, &served));
            }
        });
        lab
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A certificate for NAME.key, by ISSUER, with the path of its issuer's address.
    fn signed(&self, name: &str, subject: &str, issuer: &str, more: &str, aia: Option<&str>) {
        let (at, text) = (self.dir.path(), |end: &str| format!("{name}.{end}"));
        let key = if self.path(&text("key")).exists() {
            text("key")
        } else {
            "server.key".to_owned()
        };
        let aia = aia.map_or_else(String::new, |path| {
            let port = self.port;
            format!("authorityInfoAccess=caIssuers;URI:http://127.0.0.1:{port}/{path}\n")
        });
        let ids = if name == issuer {
            ""
        } else {
            "authorityKeyIdentifier=keyid\n"
        };
        fs::write(
            self.path(&text("ext")),
            format!("subjectKeyIdentifier=hash\n{ids}{more}{aia}"),
        )
        .unwrap();
        let subject = format!("/CN={subject}");
        let (csr, ext, crt) = (text("csr"), text("ext"), text("crt"));
        openssl(
            at,
            &["req", "-new", "-key", &key, "-subj", &subject, "-out", &csr],
        );
        let (ca, ca_key) = (format!("{issuer}.crt"), format!("{issuer}.key"));
        let mut words = vec!["x509", "-req", "-in", &csr, "-days", "90", "-extfile", &ext];
        words.extend(["-out", &crt, "-set_serial", "7"]);
        if name == issuer {
            words.extend(["-signkey", &key]);
        } else {
            words.extend(["-CA", &ca, "-CAkey", &ca_key]);
        }
        openssl(at, &words);
    }

    /// A server's certificate whose issuer is said to be at this path.
    fn leaf(&self, path: &str, issuer: &str) -> String {
        let more = "subjectAltName=DNS:server.example.test\nextendedKeyUsage=serverAuth\n";
        let name = format!("leaf-{path}");
        self.signed(&name, "server.example.test", issuer, more, Some(path));
        self.path(&format!("{name}.crt")).display().to_string()
    }

    fn assembled(&self, path: &str, issuer: &str, more: &[&str]) -> (Output, PathBuf) {
        let leaf = self.leaf(path, issuer);
        let key = self.path("server.key").display().to_string();
        let out = self.path(&format!("out-{path}"));
        let _ = fs::remove_dir_all(&out);
        let to = out.display().to_string();
        let words = ["assemble", "--for", "nginx", &leaf, &key, "-o", &to];
        (certcheck(&[&words[..], more].concat()), out)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// Answers a request by its path.
fn answer(mut stream: TcpStream, served: &Path) {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        request.push(byte[0]);
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let file = |name: &str| fs::read(served.join(name)).unwrap();
    let whole = |body: &[u8]| {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        [head.as_bytes(), body].concat()
    };
    let to = |location: &str| {
        format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
            .into_bytes()
    };
    let bytes = match path.as_str() {
        "/good" | "/good?x=1" => whole(&file("issuing.der")),
        "/two" => whole(&file("sub.crt")),
        "/pkcs7" => whole(&file("all.p7c")),
        "/until-close" => [b"HTTP/1.0 200 OK\r\n\r\n", file("issuing.der").as_slice()].concat(),
        "/chunked" => {
            let body = file("issuing.der");
            let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            let size = format!("{:x}\r\n", body.len());
            [head.as_bytes(), size.as_bytes(), &body, b"\r\n0\r\n\r\n"].concat()
        }
        "/moved" => to("/good?x=1"),
        "/loop" => to("/loop"),
        "/to-file" => to("file:///etc/passwd"),
        "/to-https" => to("https://127.0.0.1/"),
        "/to-nowhere" => b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
        "/other" => whole(&file("root.der")),
        "/forged" => whole(&file("forged.der")),
        "/html" => whole(b"<html>Please log in</html>"),
        "/empty" => whole(b""),
        "/missing" => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
        "/huge" => b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n0".to_vec(),
        "/garbage" => b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(),
        "/cut" => b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n0".to_vec(),
        "/header" => {
            let mut bytes = b"HTTP/1.1 200 OK\r\n".to_vec();
            bytes.extend(b"X: y\r\n".repeat(100_000));
            bytes
        }
        "/endless" => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            while stream.write_all(&[b' '; 4_096]).is_ok() {}
            return;
        }
        "/drip" => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n");
            while stream.write_all(b" ").is_ok() {
                std::thread::sleep(Duration::from_millis(300));
            }
            return;
        }
        _ => return,
    };
    let _ = stream.write_all(&bytes);
}

fn words(output: &Output) -> String {
    stdout(output)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_missing_issuer_is_fetched_only_where_it_was_asked_for() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let lab = Lab::new();
    for more in [&[][..], &["--fetch"]] {
        let (output, out) = lab.assembled("good", "issuing", more);
        assert_eq!(code(&output), 1, "{}", words(&output));
        assert!(!out.exists());
        let says = words(&output).contains("127.0.0.1 is not a public address");
        assert_eq!(says, !more.is_empty(), "{}", words(&output));
    }
    assert_eq!(lab.asked(), 0);
    for (path, issuer, certificates) in [
        ("good", "issuing", 2),
        ("pkcs7", "issuing", 2),
        ("chunked", "issuing", 2),
        ("until-close", "issuing", 2),
        ("moved", "issuing", 2),
        ("two", "sub", 3),
    ] {
        let (output, out) = lab.assembled(path, issuer, &["--fetch", "--fetch-private"]);
        let text = words(&output);
        assert_eq!(code(&output), 0, "{path}: {text}{}", stderr(&output));
        let from = format!("from http://127.0.0.1:{}/{path}", lab.port);
        assert!(
            text.contains("fetched CN = ") || text.contains("fetched CN="),
            "{text}"
        );
        assert!(text.contains(&from), "{path}: {text}");
        let made = fs::read_to_string(out.join("server.crt")).unwrap();
        assert_eq!(made.matches("BEGIN CERT").count(), certificates, "{path}");
        let root = lab.path("root.crt");
        let verify = Command::new("openssl")
            .args(["verify", "-CAfile"])
            .arg(&root)
            .arg("-untrusted")
            .args([out.join("server.crt"), out.join("server.crt")])
            .output()
            .unwrap();
        assert!(verify.status.success(), "{path}: {}", stdout(&verify));
    }
}

#[test]
fn what_a_bad_server_answers_is_not_used() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let lab = Lab::new();
    for (path, says) in [
        ("loop", "more than 3 redirects"),
        ("to-file", "a redirect to `file:///etc/passwd`"),
        ("to-https", "plain http:// only"),
        ("to-nowhere", "a redirect without an address"),
        ("other", "a certificate of another name"),
        ("forged", "its key did not sign"),
        ("html", "holds no certificate"),
        ("empty", "holds no certificate"),
        ("missing", "HTTP status 404"),
        ("huge", "larger than 64 KiB"),
        ("endless", "larger than 64 KiB"),
        ("garbage", "no answer in HTTP"),
        ("cut", ""),
        ("header", ""),
        ("nothing", ""),
        ("drip", "timed out after 10 s"),
    ] {
        let start = Instant::now();
        let (output, out) = lab.assembled(path, "issuing", &["--fetch", "--fetch-private"]);
        let text = words(&output);
        assert_eq!(code(&output), 1, "{path}: {text}{}", stderr(&output));
        assert!(text.contains("not fetched: CN"), "{path}: {text}");
        assert!(text.contains(says), "{path}: {text}");
        assert!(
            text.contains("chain.missing-intermediate"),
            "{path}: {text}"
        );
        assert!(!out.exists(), "{path}");
        assert!(start.elapsed() < Duration::from_secs(25), "{path}");
    }
}

#[test]
fn what_was_fetched_is_kept_by_its_hash() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let lab = Lab::new();
    let cache = lab.path("cache").display().to_string();
    let more = ["--fetch", "--fetch-private", "--fetch-cache", &cache];
    let fetched = |asked: usize, says: &str| {
        let (output, _) = lab.assembled("good", "issuing", &more);
        assert_eq!(code(&output), 0, "{}", words(&output));
        assert_eq!(lab.asked(), asked, "{}", words(&output));
        assert!(words(&output).contains(says), "{}", words(&output));
    };
    fetched(1, "from http://");
    fetched(1, "fetched by an earlier run");
    let names = listing(Path::new(&cache));
    assert_eq!(names.len(), 1, "{names:?}");
    // Another certificate under that name, and one with the right name that is not the issuer.
    fs::copy(lab.path("forged.der"), lab.path("cache").join(&names[0])).unwrap();
    fetched(2, "from http://");
    let leaf = lab.leaf("good", "issuing");
    let key = lab.path("server.key").display().to_string();
    let out = lab.path("json").display().to_string();
    let line = ["assemble", "--for", "nginx", &leaf, &key, "-o", &out];
    let (found, json) = document(&[&line[..], &more[..2]].concat());
    assert_eq!(found, 0);
    let one = &json["result"]["fetched"][0];
    assert_eq!(one["sha256"].as_str().unwrap().len(), 64, "{one}");
    assert!(one["url"].as_str().unwrap().ends_with("/good"), "{one}");
}

#[test]
fn what_was_fetched_proves_the_remedy_and_passes_nothing() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let lab = Lab::new();
    let leaf = lab.leaf("two", "sub");
    let key = lab.path("server.key").display().to_string();
    let root = lab.path("root.crt").display().to_string();
    let preflight = ["preflight", "--cert-file", &leaf, "--key-file", &key];
    let commands = [
        [&preflight[..], &["--anchors", &root]].concat(),
        vec!["chain", &leaf, "--anchors", &root],
        vec!["verify", &leaf, "--anchors", &root],
    ];
    for (place, command) in commands.iter().enumerate() {
        let asked = lab.asked();
        let (plain, _) = document(command);
        let (refused, json) = document(&[&command[..], &["--fetch"]].concat());
        assert_eq!((plain, refused, lab.asked()), (1, 1, asked), "{command:?}");
        let why = json["fetched"][0]["why"].as_str().unwrap();
        assert!(why.contains("127.0.0.1 is not a public address"), "{why}");

        let with = [&command[..], &["--fetch", "--fetch-private"]].concat();
        let (found, json) = document(&with);
        assert_eq!(found, 1, "{command:?}");
        let finding = &json["findings"][0];
        assert_eq!(finding["code"], "chain.missing-intermediate");
        assert_eq!(finding["evidence"]["issuer_name"], "CN=Lab Sub");
        let from = finding["evidence"]["fetched"].as_array().unwrap();
        assert_eq!(from.len(), 2, "{finding}");
        assert_eq!(json["fetched"].as_array().unwrap().len(), 2, "{json}");
        let proof = &finding["remedy"]["proof"];
        assert_eq!(proof["heals"], true, "{finding}");
        assert_eq!(proof["verdict"], "pass", "{finding}");
        if place == 0 {
            assert_eq!(proof["accept"], 8, "{finding}");
        }
        let text = words(&certcheck(&with));
        for says in ["after this: ", "fetched CN=Lab Sub from http://", "SHA-256"] {
            assert!(text.contains(says), "{says}: {text}");
        }
    }
    // What the remedy says is what then happens.
    if !here::have("curl", "curl") {
        return;
    }
    let (_, json) = document(&[&commands[0][..], &["--fetch", "--fetch-private"]].concat());
    let remedy = &json["findings"][0]["remedy"];
    for command in remedy["commands"].as_array().unwrap() {
        let mut shell = Command::new("sh");
        let program = Path::new(env!("CARGO_BIN_EXE_certcheck"));
        let path = std::env::var("PATH").unwrap();
        let path = format!("{}:{path}", program.parent().unwrap().display());
        let output = shell.args(["-c", command.as_str().unwrap()]);
        let output = output.env("PATH", path).output().unwrap();
        assert!(output.status.success(), "{command}: {}", stderr(&output));
    }
    let new = remedy["then"]["file"].as_str().unwrap();
    let after = ["preflight", "--cert-file", new, "--key-file", &key];
    assert_eq!(document(&[&after[..], &["--anchors", &root]].concat()).0, 0);
}

#[test]
fn an_issuer_that_is_no_root_is_missing() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let lab = Lab::new();
    let leaf = lab.leaf("two", "sub");
    let sub = lab.path("sub.crt").display().to_string();
    let root = lab.path("root.crt").display().to_string();
    let cache = lab.path("cache").display().to_string();
    let fetch = ["--fetch", "--fetch-private", "--fetch-cache", &cache];
    for (more, severity, plain) in [
        (
            &["--anchors", root.as_str()][..],
            "error",
            "chain.untrusted-root",
        ),
        (&[], "warning", "chain.ends-below-root"),
    ] {
        let command = [&["chain", &leaf, &sub], more].concat();
        let (code, json) = document(&command);
        assert_eq!(json["findings"][0]["code"], plain);
        let (fetched, json) = document(&[&command[..], &fetch].concat());
        let finding = &json["findings"][0];
        assert_eq!(fetched, code, "{finding}");
        assert_eq!(finding["code"], "chain.missing-intermediate");
        assert_eq!(finding["severity"], severity);
        assert_eq!(finding["evidence"]["issuer_name"], "CN=Lab Issuing");
        let commands = finding["remedy"]["commands"].to_string();
        assert!(commands.contains("/cache/"), "{commands}");
    }
    // The issuer of what the anchor issued is the root: it is not missing.
    let issuing = lab.path("issuing.crt").display().to_string();
    let (_, json) = document(&[&["chain", &leaf, &sub, &issuing], &fetch[..]].concat());
    assert_eq!(json["findings"][0]["code"], "chain.ends-below-root");
    assert_eq!(json["fetched"].as_array().unwrap().len(), 0);
}

#[test]
fn a_hostile_answer_changes_no_verdict() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let lab = Lab::new();
    let key = lab.path("server.key").display().to_string();
    for (path, says) in [
        ("loop", "more than 3 redirects"),
        ("to-file", "a redirect to `file:///etc/passwd`"),
        ("other", "a certificate of another name"),
        ("forged", "its key did not sign"),
        ("endless", "larger than 64 KiB"),
        ("garbage", "no answer in HTTP"),
    ] {
        let leaf = lab.leaf(path, "issuing");
        for command in [
            &["preflight", "--cert-file", &leaf, "--key-file", &key][..],
            &["chain", &leaf],
            &["verify", &leaf],
        ] {
            let (plain, before) = document(command);
            let with = [command, &["--fetch", "--fetch-private"]].concat();
            let (code, json) = document(&with);
            assert_eq!((code, plain), (1, 1), "{with:?}");
            let why = json["fetched"][0]["why"].as_str().unwrap();
            assert!(why.contains(says), "{path}: {why}");
            assert_eq!(json["findings"], before["findings"], "{with:?}");
        }
    }
}
