//! What a reload leaves behind that the server does not accept: the real nginx, httpd,
//! HAProxy and PostgreSQL run, get broken files or settings and a reload, and are asked for
//! their certificate before and after. The prediction is `startup.reload`.
#![cfg(feature = "cli")]

use crate::running::free_port;
use crate::support::program::{AT, document, pki, scratch};
use crate::support::{here, postgres};
use certcheck::probe::{Asked, StartTls, probe};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What is wrong when the server is told to reload.
const FAULTS: [&str; 6] = ["nothing", "mismatch", "missing", "empty", "setting", "both"];

struct Server {
    name: &'static str,
    port: u16,
    dir: String,
    config: String,
}

impl Server {
    fn new(name: &'static str, dir: &Path) -> Self {
        let config = match name {
            "postgres" => format!("{}/postgresql.conf", postgres::data_directory(dir)),
            _ => format!("{}/{name}.conf", dir.display()),
        };
        Self {
            name,
            port: free_port(),
            dir: dir.display().to_string(),
            config,
        }
    }

    /// The settings, with a line that the server does not know where `fault` is one.
    fn settings(&self, fault: &str) {
        let (dir, port) = (&self.dir, self.port);
        let wrong = matches!(fault, "setting" | "both");
        let line = |text: &'static str| if wrong { text } else { "" };
        let text = match self.name {
            "nginx" => format!(
                "pid {dir}/pid; error_log {dir}/log; worker_processes 1; {}\nevents {{}}\nhttp {{ access_log off; server {{\n\
                 listen 127.0.0.1:{port} ssl; ssl_certificate {dir}/c.crt; ssl_certificate_key {dir}/k.key; }} }}\n",
                line("nonsense on;")
            ),
            "apache" => {
                let modules = [
                    ("mpm_event_module", "mod_mpm_event"),
                    ("authz_core_module", "mod_authz_core"),
                    ("socache_shmcb_module", "mod_socache_shmcb"),
                    ("ssl_module", "mod_ssl"),
                ];
                let modules = modules.map(|(name, file)| {
                    format!("LoadModule {name} /usr/lib/apache2/modules/{file}.so\n")
                });
                format!(
                    "ServerRoot {dir}\nDefaultRuntimeDir {dir}\nServerName localhost\nPidFile {dir}/pid\nErrorLog {dir}/log\n{}\
                     Mutex file:{dir}\nUser nobody\nGroup nogroup\nListen 127.0.0.1:{port}\n{}\n<VirtualHost *:{port}>\n\
                     SSLEngine on\nSSLCertificateFile {dir}/c.crt\nSSLCertificateKeyFile {dir}/k.key\n</VirtualHost>\n",
                    modules.concat(),
                    line("Nonsense on")
                )
            }
            "haproxy" => format!(
                "global\n {}\ndefaults\n mode http\n timeout client 5s\n timeout connect 5s\n timeout server 5s\n\
                 frontend f\n bind 127.0.0.1:{port} ssl crt {dir}/both.pem\n http-request return status 200\n",
                line("nonsense")
            ),
            _ => {
                let access = Path::new(&self.config).with_file_name("pg_hba.conf");
                fs::write(access, "hostssl all all 127.0.0.1/32 trust\n").unwrap();
                format!(
                    "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nfsync = off\n\
                     ssl = on\nssl_cert_file = '{dir}/c.crt'\nssl_key_file = '{dir}/k.key'\n{}\n",
                    line("nonsense = on")
                )
            }
        };
        fs::write(&self.config, text).unwrap();
    }

    fn files(&self, fault: &str) {
        let read = |name: &str| fs::read(pki(name)).unwrap();
        let (certificate, key) = match fault {
            // A renewed pair: it shows whether the reload was done.
            "nothing" | "both" => (read("ed25519.chain.crt"), read("ed25519.key")),
            "mismatch" => (read("fullchain.crt"), read("other.key")),
            "empty" => (Vec::new(), read("server.key")),
            _ => (read("fullchain.crt"), read("server.key")),
        };
        let own = |name: &str, bytes: &[u8]| {
            let path = format!("{}/{name}", self.dir);
            fs::write(&path, bytes).unwrap();
            let done = Command::new("chmod").args(["600", &path]).status().unwrap();
            assert!(done.success());
            if self.name == "postgres" {
                let done = Command::new("chown").args(["postgres", &path]).status();
                assert!(done.unwrap().success());
            }
        };
        own("c.crt", &certificate);
        own("k.key", &key);
        let both = if fault == "empty" {
            Vec::new()
        } else {
            [certificate, key].concat()
        };
        own("both.pem", &both);
        if fault == "missing" {
            for name in ["c.crt", "both.pem"] {
                fs::remove_file(format!("{}/{name}", self.dir)).unwrap();
            }
        }
    }

    fn command(&self) -> Command {
        let mut command = if self.name == "postgres" {
            postgres::server(self.config.trim_end_matches("/postgresql.conf"))
        } else {
            let words: &[&str] = match self.name {
                "nginx" => &["nginx", "-g", "daemon off;", "-c"],
                "apache" => &["setsid", "-w", "apache2", "-DFOREGROUND", "-f"],
                _ => &["haproxy", "-Ws", "-f"],
            };
            let mut command = Command::new(words[0]);
            command.args(&words[1..]).arg(&self.config);
            command
        };
        command
            .env("OPENSSL_CONF", "/dev/null")
            .stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// The process to which signals go: what a wrapper started is in the server's own file.
    fn process(&self, child: &Child) -> String {
        let file = match self.name {
            "apache" => format!("{}/pid", self.dir),
            "postgres" => self.config.replace("postgresql.conf", "postmaster.pid"),
            _ => return child.id().to_string(),
        };
        let text = fs::read_to_string(file).unwrap_or_default();
        text.lines().next().unwrap_or_default().trim().to_owned()
    }

    /// As the unit of Debian's package does it.
    fn reload(&self, child: &Child) {
        let signal = |name: &str| {
            let done = Command::new("kill")
                .args([name, &self.process(child)])
                .status();
            assert!(done.unwrap().success());
        };
        let quiet = |words: &[&str]| {
            let mut command = Command::new(words[0]);
            let command = command.args(&words[1..]).env("OPENSSL_CONF", "/dev/null");
            command
                .stdin(Stdio::null())
                .output()
                .unwrap()
                .status
                .success()
        };
        match self.name {
            "nginx" => drop(quiet(&["nginx", "-c", &self.config, "-s", "reload"])),
            "apache" => drop(quiet(&["apache2", "-f", &self.config, "-k", "graceful"])),
            "haproxy" => {
                if quiet(&["haproxy", "-Ws", "-f", &self.config, "-c", "-q"]) {
                    signal("-USR2");
                }
            }
            _ => signal("-HUP"),
        }
    }

    fn end(&self, mut child: Child) {
        let process = self.process(&child);
        if !process.is_empty() && child.try_wait().unwrap().is_none() {
            let signal = if self.name == "postgres" {
                "-QUIT"
            } else {
                "-TERM"
            };
            let _ = Command::new("kill").args([signal, &process]).output();
        }
        let begun = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if begun.elapsed() > Duration::from_secs(10) {
                let _ = child.kill();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The certificate that a client gets; none where there is no handshake.
    fn served(&self) -> Option<Vec<u8>> {
        let mut asked = Asked::of("127.0.0.1", self.port);
        asked.timeout = Duration::from_secs(5);
        asked.starttls = (self.name == "postgres").then_some(StartTls::Postgres);
        let seen = probe(&asked).ok()?;
        seen.handshake.ok()?.certificates.into_iter().next()
    }

    /// Waits for a certificate, at most until the server ends.
    fn started(&self, child: &mut Child) -> Option<Vec<u8>> {
        let begun = Instant::now();
        loop {
            if let Some(found) = self.served() {
                return Some(found);
            }
            if child.try_wait().unwrap().is_some() || begun.elapsed() > Duration::from_secs(20) {
                return None;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn predicted(&self) -> Value {
        let (_, document) = document(&[
            "preflight",
            "--server",
            self.name,
            "--config",
            &self.config,
            "--at",
            AT,
        ]);
        document["result"]["startup"].clone()
    }
}

/// What the reload left, under the names of the prediction.
fn observed(server: &Server, fault: &str) -> (String, Value, bool) {
    server.files("good");
    server.settings("good");
    let mut child = server.command().spawn().unwrap();
    let before = server.started(&mut child);
    assert!(before.is_some(), "{} does not start", server.name);
    server.files(fault);
    server.settings(fault);
    let predicted = server.predicted();
    server.reload(&child);
    // A reload that is done ends the old workers; one that is not shows nothing.
    let changes = predicted["reload"]["outcome"] != "keeps-old-certificate";
    let patience = Duration::from_millis(if changes && fault != "setting" {
        10_000
    } else {
        1200
    });
    let begun = Instant::now();
    let mut after = before.clone();
    while after == before && begun.elapsed() < patience {
        std::thread::sleep(Duration::from_millis(100));
        after = server.served();
    }
    if after.is_none() {
        // Not merely in between: it stays away.
        std::thread::sleep(Duration::from_secs(1));
        after = server.served();
    }
    server.end(child);
    let mut again = server.command().spawn().unwrap();
    let starts = server.started(&mut again).is_some();
    server.end(again);
    let left = match after {
        None => "stops",
        Some(now) if Some(&now) == before.as_ref() => "keeps-old-certificate",
        Some(_) if starts => "takes the new",
        Some(_) => "keeps-old-settings",
    };
    (left.to_owned(), predicted, starts)
}

#[test]
fn a_reload_leaves_what_is_predicted() {
    let mut compared = 0;
    for (name, program, package) in [
        ("nginx", "nginx", "nginx"),
        ("apache", "apache2", "apache2"),
        ("haproxy", "haproxy", "haproxy"),
        ("postgres", "runuser", "postgresql"),
    ] {
        let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        if !here::have(program, package) {
            continue;
        }
        if name == "postgres" && (!root || postgres::programs().is_none()) {
            here::skipped("postgres", "needs root, and PostgreSQL's programs");
            continue;
        }
        let dir = scratch();
        let open = Command::new("chmod").arg("755").arg(dir.path()).status();
        assert!(open.unwrap().success());
        let server = Server::new(name, dir.path());
        for fault in FAULTS {
            let (left, startup, starts) = observed(&server, fault);
            let expected = match &startup["reload"] {
                Value::Null => "takes the new",
                reload => reload["outcome"].as_str().unwrap(),
            };
            // Old settings with the same files: the same certificate.
            let same = fault == "setting" && expected == "keeps-old-settings";
            let expected = if same {
                "keeps-old-certificate"
            } else {
                expected
            };
            assert_eq!(left, expected, "{name}, {fault}: {startup}");
            assert_eq!(
                starts,
                startup["reload"].is_null(),
                "{name}, {fault}: {startup}"
            );
            compared += 1;
        }
    }
    if here::in_ci() || compared > 0 {
        here::compared("reload with a fault", "servers", compared, 6, 0);
    }
}

#[test]
fn a_server_without_reload_is_said_to_have_none() {
    for name in ["tabpy", "rserve"] {
        let dir = scratch();
        let text = match name {
            "tabpy" => {
                "[TabPy]\nTABPY_TRANSFER_PROTOCOL = https\nTABPY_CERTIFICATE_FILE = /nothing.crt\nTABPY_KEY_FILE = /nothing.key\n"
            }
            _ => "tls.port 4321\ntls.cert /nothing.crt\ntls.key /nothing.key\n",
        };
        let config = dir.path().join("settings.conf");
        fs::write(&config, text).unwrap();
        let config = config.display().to_string();
        let (_, found) = document(&[
            "preflight",
            "--server",
            name,
            "--config",
            &config,
            "--at",
            AT,
        ]);
        let startup = &found["result"]["startup"];
        let fails = matches!(
            startup["outcome"].as_str(),
            Some("fails-at-start" | "refuses-at-config-test")
        );
        let said = startup["reload"]["outcome"].as_str();
        assert_eq!(said, fails.then_some("restart-only"), "{name}: {startup}");
        assert!(name != "tabpy" || fails, "{startup}");
    }
}
