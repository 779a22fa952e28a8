//! The four servers with settings made by chance, and the prediction for each.

use super::Place;
use crate::running::free_port;
use crate::support::postgres;
use std::fmt::Write as _;
use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server that may have started.
pub(crate) struct Started {
    child: Child,
    stop: Option<Command>,
    pub(crate) port: u16,
    /// Its settings.
    pub(crate) config: String,
    /// Whether its port listens.
    pub(crate) runs: bool,
}

impl Drop for Started {
    fn drop(&mut self) {
        if let Some(mut stop) = self.stop.take().filter(|_| self.runs) {
            let _ = stop.stdin(Stdio::null()).output();
        } else {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// Puts the settings into `directory` and starts the server.
pub(crate) fn start(place: &Place, directory: &Path, server: &str, said: &str) -> Started {
    let port = free_port();
    let at = directory.display();
    let put = |name: &str, text: &str| {
        let path = directory.join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let mut stop = None;
    let (config, mut command);
    match server {
        "nginx" => {
            let text = format!(
                "daemon off; master_process off; pid {at}/nginx.pid; error_log {at}/nginx.log;\n\
                 events {{}}\nhttp {{ access_log off; server {{ listen 127.0.0.1:{port} ssl;\n\
                 {said}location / {{ return 204; }} }} }}\n"
            );
            config = put("nginx.conf", &text);
            command = Command::new("nginx");
            command.args(["-c", &config]);
        }
        "apache" => {
            let mut modules = String::new();
            for name in ["mpm_event", "authz_core", "socache_shmcb", "ssl"] {
                writeln!(
                    modules,
                    "LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"
                )
                .unwrap();
            }
            fs::write(place.directory().join("index.html"), "ok").unwrap();
            let text = format!(
                "ServerRoot {at}\nServerName localhost\nPidFile {at}/apache.pid\n{modules}\
                 StartServers 1\nMutex file:{at}\nErrorLog {at}/apache.log\n\
                 Listen 127.0.0.1:{port}\nUser nobody\nGroup nogroup\nDocumentRoot {at}\n\
                 <VirtualHost *:{port}>\nSSLEngine on\n{said}</VirtualHost>\n"
            );
            config = put("apache.conf", &text);
            command = Command::new("setsid");
            command.args(["-w", "apache2", "-DFOREGROUND", "-f", &config]);
            let mut ends = Command::new("apache2");
            ends.args(["-f", &config, "-k", "stop"]);
            stop = Some(ends);
        }
        "haproxy" => {
            let (global, bind) = said.split_once('\n').unwrap();
            let text = format!(
                "global\n{global}\ndefaults\n mode http\n timeout client 9s\n timeout connect 9s\n\
                 timeout server 9s\nfrontend f\n bind 127.0.0.1:{port} ssl {bind}\n\
                 http-request return status 200\n"
            );
            config = put("haproxy.cfg", &text);
            command = Command::new("haproxy");
            command.args(["-db", "-f", &config]);
        }
        _ => {
            let data = postgres::data_directory(directory);
            let mut text = format!(
                "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\n\
                 ssl = on\nfsync = off\nshared_buffers = '1MB'\nmax_connections = 20\n"
            );
            for line in said.lines() {
                // The server wants files of its own.
                let Some((name, file)) = line.split_once(" = '/") else {
                    writeln!(text, "{line}").unwrap();
                    continue;
                };
                let file = format!("/{}", file.trim_end_matches('\''));
                let own = format!("{data}/{name}");
                fs::copy(&file, &own).unwrap();
                fs::set_permissions(&own, fs::Permissions::from_mode(0o600)).unwrap();
                let done = Command::new("chown").args(["postgres", &own]).status();
                assert!(done.unwrap().success());
                writeln!(text, "{name} = '{own}'").unwrap();
            }
            config = format!("{data}/postgresql.conf");
            fs::write(&config, text).unwrap();
            command = postgres::server(&data);
            stop = Some(postgres::stop(&data));
        }
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .env("OPENSSL_CONF", "/dev/null")
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let mut runs = false;
    while begun.elapsed() < Duration::from_secs(30) && child.try_wait().unwrap().is_none() {
        runs = TcpStream::connect(("127.0.0.1", port)).is_ok();
        if runs {
            // Apache and PostgreSQL listen before they have read everything.
            std::thread::sleep(Duration::from_millis(400));
            runs = child.try_wait().unwrap().is_none();
            break;
        }
        std::thread::sleep(Duration::from_millis(30));
    }
    Started {
        child,
        stop,
        port,
        config,
        runs,
    }
}
