//! The four servers, each with a setting for clients' certificates.

use super::{Scene, Setting};
use crate::running::{Running, free_port};
use crate::support::postgres;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::time::Duration;

/// The server's settings, and the program that runs with them; nothing where it has no
/// such setting.
pub(super) fn start(scene: &Scene, server: &str, setting: &Setting) -> Option<Running> {
    let (port, directory) = (free_port(), scene.dir.path().display().to_string());
    let (ca, lists) = (scene.ca(setting), scene.lists(setting));
    let (certificate, key) = (scene.path("server.crt"), scene.path("server.key"));
    let mut text = String::new();
    let mut stop = None;
    let config;
    let mut command;
    match server {
        "nginx" => {
            let mode = match setting.mode {
                "required" => "on",
                "any" => "optional_no_ca",
                mode => mode,
            };
            write!(
                text,
                "daemon off; master_process off; pid {directory}/nginx.pid; error_log {directory}/nginx.log info;\n\
                 events {{}}\nhttp {{ access_log off; server {{ listen 127.0.0.1:{port} ssl;\n\
                 ssl_certificate {certificate}; ssl_certificate_key {key};\n\
                 ssl_client_certificate {ca}; ssl_verify_client {mode};\n"
            )
            .unwrap();
            if let Some(depth) = setting.depth {
                writeln!(text, "ssl_verify_depth {depth};").unwrap();
            }
            if let Some(lists) = lists {
                writeln!(text, "ssl_crl {lists};").unwrap();
            }
            if let Some(level) = setting.level {
                writeln!(text, "ssl_ciphers DEFAULT:@SECLEVEL={level};").unwrap();
            }
            text.push_str("location / { return 200; } } }\n");
            config = scene.put("nginx.conf", &text);
            command = Command::new("nginx");
            command.args(["-c", &config]);
        }
        "apache" => {
            let mode = match setting.mode {
                "required" => "require",
                "any" => "optional_no_ca",
                mode => mode,
            };
            write!(
                text,
                "ServerRoot {directory}\nServerName localhost\nPidFile {directory}/apache.pid\n"
            )
            .unwrap();
            for (name, file) in [
                ("mpm_event_module", "mod_mpm_event"),
                ("authz_core_module", "mod_authz_core"),
                ("socache_shmcb_module", "mod_socache_shmcb"),
                ("ssl_module", "mod_ssl"),
            ] {
                writeln!(text, "LoadModule {name} /usr/lib/apache2/modules/{file}.so").unwrap();
            }
            write!(
                text,
                "Mutex file:{directory}\nErrorLog {directory}/apache.log\nListen 127.0.0.1:{port}\n\
                 User nobody\nGroup nogroup\nStartServers 1\nThreadsPerChild 2\nThreadLimit 2\nMaxRequestWorkers 2\nServerLimit 1\nMinSpareThreads 1\nMaxSpareThreads 2\n\
                 <VirtualHost *:{port}>\nSSLEngine on\nSSLCertificateFile {certificate}\nSSLCertificateKeyFile {key}\n\
                 SSLCACertificateFile {ca}\nSSLVerifyClient {mode}\n"
            )
            .unwrap();
            if let Some(depth) = setting.depth {
                writeln!(text, "SSLVerifyDepth {depth}").unwrap();
            }
            if let Some(lists) = lists {
                writeln!(
                    text,
                    "SSLCARevocationFile {lists}\nSSLCARevocationCheck chain"
                )
                .unwrap();
            }
            if let Some(level) = setting.level {
                writeln!(text, "SSLCipherSuite DEFAULT:@SECLEVEL={level}").unwrap();
            }
            text.push_str("</VirtualHost>\n");
            config = scene.put("apache.conf", &text);
            command = Command::new("setsid");
            command.args(["-w", "apache2", "-DFOREGROUND", "-f", &config]);
            let mut ends = Command::new("apache2");
            ends.args(["-f", &config, "-k", "stop"]);
            stop = Some(ends);
        }
        "haproxy" => {
            if setting.mode == "any" || setting.depth.is_some() && setting.lists.is_none() {
                return None;
            }
            let own = scene.path("server.pem");
            write!(
                text,
                "global\ndefaults\n mode http\n timeout client 5s\n timeout connect 5s\n timeout server 5s\n\
                 frontend f\n bind 127.0.0.1:{port} ssl crt {own} ca-file {ca} verify {}",
                setting.mode
            )
            .unwrap();
            if let Some(lists) = lists {
                write!(text, " crl-file {lists}").unwrap();
            }
            if let Some(level) = setting.level {
                write!(text, " ciphers DEFAULT:@SECLEVEL={level}").unwrap();
            }
            text.push_str("\n http-request return status 200\n");
            config = scene.put("haproxy.cfg", &text);
            command = Command::new("haproxy");
            command.args(["-db", "-f", &config]);
        }
        _ => {
            if setting.mode == "any" || setting.depth.is_some() && setting.lists.is_none() {
                return None;
            }
            let data = postgres::data_directory(scene.dir.path());
            postgres::copy(&certificate, &data, "server.crt");
            postgres::copy(&key, &data, "server.key");
            postgres::copy(&ca, &data, "ca.crt");
            write!(
                text,
                "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nssl = on\n\
                 fsync = off\nssl_ca_file = 'ca.crt'\n"
            )
            .unwrap();
            if let Some(lists) = lists {
                postgres::copy(&lists, &data, "lists.pem");
                text.push_str("ssl_crl_file = 'lists.pem'\n");
            }
            if let Some(level) = setting.level {
                writeln!(text, "ssl_ciphers = 'DEFAULT:@SECLEVEL={level}'").unwrap();
            }
            config = format!("{data}/postgresql.conf");
            fs::write(&config, text).unwrap();
            let method = if setting.mode == "required" {
                "cert"
            } else {
                "trust"
            };
            let access = format!("hostssl all all 127.0.0.1/32 {method}\n");
            fs::write(format!("{data}/pg_hba.conf"), access).unwrap();
            command = postgres::server(&data);
            stop = Some(postgres::stop(&data));
        }
    }
    let what = format!("{server} with {}", setting.name);
    let running = Running::start(command, port, config, stop, &what);
    if server == "postgres" {
        std::thread::sleep(Duration::from_millis(300));
    }
    Some(running)
}
