//! What the plans say of clients, held against real ones: a real server, Debian's
//! real store in a scratch tree, openssl, curl, Python, Node and
//! GnuTLS.

use crate::have;
use crate::tree::{facts, sh_ok};
use certcheck::encoding::Document;
use certcheck::trust_store::{Candidate, Platform, Request, Verdict, plan};
use certcheck::{Source, Time};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

struct Pki(tempfile::TempDir);

impl Pki {
    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn openssl(&self, arguments: &[&str]) {
        let done = Command::new("openssl")
            .current_dir(self.0.path())
            .args(arguments)
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
    }

    /// A key and a certificate: signed by `issuer`, or by itself; extensions as in
    /// OpenSSL's configuration.
    fn issue(&self, name: &str, issuer: Option<&str>, extensions: &str, dates: (&str, &str)) {
        self.openssl(&[
            "ecparam",
            "-name",
            "prime256v1",
            "-genkey",
            "-noout",
            "-out",
            &format!("{name}.key"),
        ]);
        let subject = if name.contains("leaf") || name.starts_with("self") {
            "/CN=localhost".to_owned()
        } else {
            format!("/CN={name}")
        };
        self.openssl(&[
            "req",
            "-new",
            "-config",
            "empty.cnf",
            "-subj",
            &subject,
            "-key",
            &format!("{name}.key"),
            "-out",
            "csr",
        ]);
        fs::write(self.at("x.cnf"), format!("[x]\n{extensions}\n")).unwrap();
        fs::write(self.at("index.txt"), "").unwrap();
        let signer = issuer.unwrap_or(name);
        let (key, certificate, out) = (
            format!("{signer}.key"),
            format!("{signer}.crt"),
            format!("{name}.crt"),
        );
        let mut arguments = vec![
            "ca",
            "-config",
            "ca.cnf",
            "-batch",
            "-notext",
            "-in",
            "csr",
            "-out",
            &out,
            "-keyfile",
            &key,
            "-startdate",
            dates.0,
            "-enddate",
            dates.1,
            "-extfile",
            "x.cnf",
            "-extensions",
            "x",
        ];
        match issuer {
            Some(_) => arguments.extend(["-cert", certificate.as_str()]),
            None => arguments.push("-selfsign"),
        }
        self.openssl(&arguments);
    }

    fn new() -> Self {
        let pki = Self(tempfile::tempdir().unwrap());
        fs::write(pki.at("empty.cnf"), "[req]\ndistinguished_name=dn\n[dn]\n").unwrap();
        fs::write(
            pki.at("ca.cnf"),
            "[ca]\ndefault_ca=c\n[c]\nnew_certs_dir=.\ndatabase=index.txt\ndefault_md=sha256\npolicy=p\nunique_subject=no\nrand_serial=yes\n[p]\ncommonName=supplied\n",
        )
        .unwrap();
        let long = ("20200101000000Z", "21200101000000Z");
        let past = ("20200101000000Z", "20210101000000Z");
        let ca = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash";
        let names = "subjectAltName=DNS:localhost,IP:127.0.0.1\nsubjectKeyIdentifier=hash";
        let leaf = format!(
            "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nauthorityKeyIdentifier=keyid\n{names}"
        );
        pki.issue("root", None, ca, long);
        pki.issue(
            "middle",
            Some("root"),
            &format!("{ca}\nauthorityKeyIdentifier=keyid"),
            long,
        );
        pki.issue("leaf", Some("middle"), &leaf, long);
        pki.issue("direct-leaf", Some("root"), &leaf, long);
        pki.issue("old-root", None, ca, past);
        pki.issue("old-leaf", Some("old-root"), &leaf, long);
        pki.issue(
            "self-signed",
            None,
            &format!("basicConstraints=CA:FALSE\n{names}"),
            long,
        );
        pki.issue(
            "self-ca",
            None,
            &format!("basicConstraints=critical,CA:TRUE\n{names}"),
            long,
        );
        pki.issue("self-plain", None, names, long);
        pki
    }
}

/// An `openssl s_server`, ended with the test.
struct Server(Child, u16);

impl Server {
    fn start(pki: &Pki, sent: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut command = Command::new("openssl");
        command
            .current_dir(pki.0.path())
            .args([
                "s_server",
                "-quiet",
                "-www",
                "-accept",
                &format!("127.0.0.1:{port}"),
            ])
            .args([
                "-cert",
                &format!("{}.crt", sent[0]),
                "-key",
                &format!("{}.key", sent[0]),
            ])
            .args(["-no-CAfile", "-no-CApath"])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        for more in &sent[1..] {
            command.args(["-cert_chain", &format!("{more}.crt")]);
        }
        let server = Self(command.spawn().unwrap(), port);
        let end = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "the server did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

const PYTHON: &str = "import socket,ssl,sys
c=ssl.create_default_context(cafile=sys.argv[1])
s=c.wrap_socket(socket.create_connection(('127.0.0.1',int(sys.argv[2]))),server_hostname='localhost')
s.close()";

const NODE: &str = "const [bundle,port]=process.argv.slice(1);
const s=require('tls').connect({host:'127.0.0.1',port:+port,servername:'localhost',ca:require('fs').readFileSync(bundle)},()=>process.exit(0));
s.on('error',e=>{console.error(e.code);process.exit(1)})";

/// The client as a command, if it is here; its exit status is its verdict.
fn client(name: &str, bundle: &Path, port: u16) -> Option<Command> {
    let bundle = bundle.display().to_string();
    let to = format!("127.0.0.1:{port}");
    let s_client = |more: &[&str]| {
        let mut command = Command::new("openssl");
        command.args([
            "s_client",
            "-verify_return_error",
            "-verify_hostname",
            "localhost",
            "-no-CApath",
        ]);
        command
            .args(["-CAfile", &bundle, "-connect", &to])
            .args(more);
        Some(command)
    };
    match name {
        "openssl" => s_client(&[]),
        "openssl-partial-chain" => s_client(&["-partial_chain"]),
        "curl" if have("curl", "curl") => {
            let mut command = Command::new("curl");
            command.args([
                "-sS",
                "--noproxy",
                "*",
                "--capath",
                "/nowhere",
                "--cacert",
                &bundle,
            ]);
            command.args([
                "--resolve",
                &format!("localhost:{port}:127.0.0.1"),
                &format!("https://localhost:{port}/"),
            ]);
            Some(command)
        }
        // Before 3.13: from then on Python is another client.
        "python" if have("python3", "python3") => {
            let version = Command::new("python3")
                .args(["-c", "import sys;print(sys.version_info>=(3,13))"])
                .output()
                .unwrap();
            let mut command = Command::new("python3");
            command.args(["-c", PYTHON, &bundle, &port.to_string()]);
            (version.stdout == b"False\n").then_some(command)
        }
        "gnutls" if have("gnutls-cli", "gnutls-bin") => {
            let mut command = Command::new("gnutls-cli");
            command.args([
                "--x509cafile",
                &bundle,
                "--verify-hostname=localhost",
                "-p",
                &port.to_string(),
                "127.0.0.1",
            ]);
            Some(command)
        }
        "node" if have("node", "nodejs") => {
            let mut command = Command::new("node");
            command.args(["-e", NODE, &bundle, &port.to_string()]);
            Some(command)
        }
        _ => None,
    }
}

#[test]
fn real_clients_do_what_the_plan_says() {
    if !have("openssl", "openssl") || !have("update-ca-certificates", "ca-certificates") {
        return;
    }
    let pki = Pki::new();
    // What is installed, what the server sends, and of which certificate the
    // prediction is.
    let scenarios: [(&str, &[&str], &[&str], &str); 10] = [
        ("A", &["root"], &["direct-leaf"], "root"),
        ("B", &["root"], &["leaf", "middle"], "root"),
        ("D", &["root", "middle"], &["leaf"], "middle"),
        ("E", &["middle"], &["leaf", "middle"], "middle"),
        ("F", &["middle"], &["leaf"], "middle"),
        ("G", &["leaf"], &["leaf"], "leaf"),
        ("H", &["self-signed"], &["self-signed"], "self-signed"),
        ("I", &["self-ca"], &["self-ca"], "self-ca"),
        ("J", &["self-plain"], &["self-plain"], "self-plain"),
        ("K", &["old-root"], &["old-leaf"], "old-root"),
    ];
    let seconds = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let now = Time::from_unix_seconds(i64::try_from(seconds).unwrap());
    let (mut runs, mut wrong) = (0, Vec::new());
    for (scenario, installed, sent, judged) in scenarios {
        let tree = tempfile::tempdir().unwrap();
        let root = tree.path().display().to_string();
        let documents: Vec<_> = installed
            .iter()
            .map(|name| {
                let name = format!("{name}.crt");
                Document::read(Source::new(name.clone(), fs::read(pki.at(&name)).unwrap()))
            })
            .collect();
        let certificates: Vec<_> = documents
            .iter()
            .flat_map(|document| Candidate::all_in(document).0)
            .collect();
        let host = facts(tree.path(), None);
        let plan =
            plan(&Request::new(&certificates, Platform::Debian, &host, now).with_root(Some(&root)))
                .unwrap();
        sh_ok(&plan.install_script(), None);
        let judged = format!("{judged}.crt");
        let decision = plan
            .certificates
            .iter()
            .find(|decision| decision.source == judged)
            .unwrap();
        let server = Server::start(&pki, sent);
        let bundle = tree.path().join("etc/ssl/certs/ca-certificates.crt");
        for answer in &decision.clients {
            let Some(mut command) = client(answer.client, &bundle, server.1) else {
                continue;
            };
            let output = command.stdin(Stdio::null()).output().unwrap();
            let accepted = output.status.success();
            if accepted != (answer.verdict == Verdict::Accepts) {
                wrong.push(format!(
                    "{scenario} {}: predicted {:?}, accepted: {accepted}\n{}",
                    answer.client,
                    answer.verdict,
                    String::from_utf8_lossy(&output.stderr)
                ));
            }
            runs += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("clients: {runs} real handshakes went as the plans had said");
    assert!(
        runs >= 20 && (std::env::var_os("CI").is_none() || runs == 60),
        "{runs}"
    );
}
