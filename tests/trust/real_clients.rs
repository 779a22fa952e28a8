//! Real clients before a real server, each with a store that real tools have written.
//! A client's exit status is its verdict.

use crate::have;
use crate::pki::Pki;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// An `openssl s_server`, ended with the test.
pub(crate) struct Server(Child, pub(crate) u16);

impl Server {
    pub(crate) fn start(pki: &Pki, sent: &[&str]) -> Self {
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

/// What the clients read: the bundle, the directory of hash links as it is seen from
/// within the tree, and a Java keystore.
pub(crate) struct Store {
    pub(crate) bundle: PathBuf,
    pub(crate) directory: PathBuf,
    pub(crate) keystore: PathBuf,
}

impl Store {
    /// What update-ca-certificates has made in `tree`. Java's hook imports each link that
    /// it is told of, which is done here by keytool: no hook runs in a scratch tree.
    pub(crate) fn of(tree: &Path, scratch: &Path) -> Self {
        let store = Self {
            bundle: tree.join("etc/ssl/certs/ca-certificates.crt"),
            directory: scratch.join("directory"),
            keystore: scratch.join("cacerts"),
        };
        fs::create_dir_all(&store.directory).unwrap();
        let host = crate::host::look(Some(tree), None).facts;
        for (path, bytes) in host.files_in("/etc/ssl/certs") {
            let name = Path::new(path).file_name().unwrap();
            fs::write(store.directory.join(name), bytes).unwrap();
        }
        if !have("keytool", "default-jdk-headless") {
            return store;
        }
        let empty = "#empty\n";
        fs::write(scratch.join("password"), empty).unwrap();
        for file in fs::read_dir(tree.join("usr/local/share/ca-certificates")).unwrap() {
            let file = file.unwrap();
            let alias = format!("debian:{}", file.file_name().display());
            // What it does not read it refuses, as it does in the hook.
            let _ = Command::new("keytool")
                .args(["-importcert", "-noprompt", "-storetype", "JKS"])
                .args(["-storepass", "changeit", "-alias", &alias, "-file"])
                .arg(file.path())
                .arg("-keystore")
                .arg(&store.keystore)
                .output()
                .unwrap();
        }
        store
    }
}

const PYTHON: &str = "import socket,ssl,sys
c=ssl.create_default_context(cafile=sys.argv[1])
if sys.argv[3]=='3.13': c.verify_flags|=ssl.VERIFY_X509_PARTIAL_CHAIN|ssl.VERIFY_X509_STRICT
s=c.wrap_socket(socket.create_connection(('127.0.0.1',int(sys.argv[2]))),server_hostname='localhost')
s.close()";

const NODE: &str = "const s=require('tls').connect({host:'127.0.0.1',port:+process.argv[1],servername:'localhost'},()=>process.exit(0));
s.on('error',e=>{console.error(e.code);process.exit(1)})";

const GO: &str = r#"package main

import (
	"crypto/tls"
	"fmt"
	"os"
)

func main() {
	c, err := tls.Dial("tcp", "127.0.0.1:"+os.Args[1], &tls.Config{ServerName: "localhost"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	c.Close()
}
"#;

const JAVA: &str = r#"import java.net.Socket;
import javax.net.ssl.*;

public class Check {
    public static void main(String[] words) throws Exception {
        Socket raw = new Socket("127.0.0.1", Integer.parseInt(words[0]));
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket socket = (SSLSocket) factory.createSocket(raw, "localhost", raw.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        System.exit(0);
    }
}
"#;

/// The programs that are compiled, and which Python is which.
pub(crate) struct Clients {
    go: Option<PathBuf>,
    java: Option<PathBuf>,
    old_python: bool,
}

impl Clients {
    /// Compiles them in `scratch`.
    pub(crate) fn new(scratch: &Path) -> Self {
        let built = |source: &str, text: &str, build: &mut Command| {
            fs::write(scratch.join(source), text).unwrap();
            let done = build.current_dir(scratch).output().unwrap();
            assert!(done.status.success(), "{done:?}");
        };
        let go = crate::here::measured("go").then(|| {
            let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-cache");
            let mut build = Command::new("go");
            build.args(["build", "-o", "check-go", "check.go"]);
            build.env("GOCACHE", cache).env("GO111MODULE", "off");
            built("check.go", GO, build.env("GOTOOLCHAIN", "local"));
            scratch.join("check-go")
        });
        let java = (have("javac", "default-jdk-headless")).then(|| {
            built("Check.java", JAVA, Command::new("javac").arg("Check.java"));
            scratch.to_owned()
        });
        let version = Command::new("python3")
            .args(["-c", "import sys;print(sys.version_info<(3,13))"])
            .output();
        Self {
            go,
            java,
            old_python: version.is_ok_and(|output| output.stdout == b"True\n"),
        }
    }

    /// Whether the client connects to the port, and what it says; nothing if it is not here.
    pub(crate) fn connects(&self, name: &str, store: &Store, port: u16) -> Option<(bool, String)> {
        let mut command = self.command(name, store, port)?;
        let output = command.stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Some((output.status.success(), said))
    }

    fn command(&self, name: &str, store: &Store, port: u16) -> Option<Command> {
        let bundle = store.bundle.display().to_string();
        let directory = store.directory.display().to_string();
        let to = format!("127.0.0.1:{port}");
        let port = port.to_string();
        let words = |program: &str, words: &[&str]| {
            let mut command = Command::new(program);
            command.args(words);
            Some(command)
        };
        let s_client = |more: &[&str]| {
            let options = ["s_client", "-verify_return_error", "-verify_hostname"];
            words(
                "openssl",
                &[&options[..], &["localhost", "-connect", &to], more].concat(),
            )
        };
        match name {
            "openssl" => s_client(&["-no-CApath", "-CAfile", &bundle]),
            "openssl-partial-chain" => {
                s_client(&["-no-CApath", "-CAfile", &bundle, "-partial_chain"])
            }
            "openssl-capath" => s_client(&["-no-CAfile", "-CApath", &directory]),
            "curl" if have("curl", "curl") => {
                let url = format!("https://localhost:{port}/");
                let place = format!("localhost:{port}:127.0.0.1");
                let options = ["-sS", "--noproxy", "*", "--capath", "/nowhere", "--cacert"];
                words(
                    "curl",
                    &[&options[..], &[&bundle, "--resolve", &place, &url]].concat(),
                )
            }
            "python" if self.old_python => words("python3", &["-c", PYTHON, &bundle, &port, ""]),
            // Its default context sets two flags more (What's New In Python 3.13): an older
            // one that sets them does what it does.
            "python-3.13" if have("python3", "python3") => {
                words("python3", &["-c", PYTHON, &bundle, &port, "3.13"])
            }
            "gnutls" if have("gnutls-cli", "gnutls-bin") => words(
                "gnutls-cli",
                &[
                    "--x509cafile",
                    &bundle,
                    "--verify-hostname=localhost",
                    "-p",
                    &port,
                    "127.0.0.1",
                ],
            ),
            "node" if have("node", "nodejs") => {
                // As Debian's own build does without being told.
                let mut command = words("node", &["--use-openssl-ca", "-e", NODE, &port])?;
                command
                    .env("SSL_CERT_FILE", &bundle)
                    .env("SSL_CERT_DIR", "/nowhere");
                Some(command)
            }
            "go" => {
                let mut command = Command::new(self.go.as_ref()?);
                command.arg(&port).env("SSL_CERT_FILE", &bundle);
                command.env("SSL_CERT_DIR", "/nowhere");
                Some(command)
            }
            "java" => {
                let trust = format!("-Djavax.net.ssl.trustStore={}", store.keystore.display());
                let mut command = words("java", &["-XX:TieredStopAtLevel=1", &trust, "-cp"])?;
                command.arg(self.java.as_ref()?).args(["Check", &port]);
                Some(command)
            }
            _ => None,
        }
    }
}
