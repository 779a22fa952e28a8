//! Servers whose handshakes other programs look at (`sslscan`, `testssl.sh`), and what
//! their settings predict of that.

use crate::running::{Running, free_port};
use crate::support::program::pki;
use crate::support::{here, postgres};
use certcheck::Source;
use certcheck::cipher::KeyExchange;
use certcheck::handshake::{ClientHello, KeyKind, ServerKey, ServerOffer, agree};
use certcheck::protocol::Version;
use certcheck::server::Profile;
use certcheck::server::settings::{Context, Looked, Looks, Settings, base_directory};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Groups that sslscan asks for; those of finite fields in TLS 1.3 alone.
const GROUPS: [u16; 10] = [
    0x17, 0x18, 0x19, 0x1d, 0x1e, 0x100, 0x101, 0x102, 0x103, 0x104,
];

pub(crate) const VERSIONS: [Version; 4] = [
    Version::TLSv1,
    Version::TLSv1_1,
    Version::TLSv1_2,
    Version::TLSv1_3,
];

/// Server, a name for it, and what its settings say of the handshake.
const SERVERS: [(&str, &str, &str); 6] = [
    (
        "nginx",
        "broad",
        "ssl_protocols TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on; ssl_ciphers HIGH:!aNULL;",
    ),
    (
        "nginx",
        "narrow",
        "ssl_protocols TLSv1.2; ssl_prefer_server_ciphers on; ssl_ecdh_curve secp384r1:X25519;\n\
         ssl_ciphers ECDHE+CHACHA20:ECDHE+AESGCM:!ECDSA;",
    ),
    (
        "apache",
        "ordered",
        "SSLProtocol all -TLSv1.1 -TLSv1\nSSLHonorCipherOrder on\nSSLCipherSuite AES256:+kRSA:!aNULL\n",
    ),
    (
        "haproxy",
        "old versions at level 0",
        "ssl-min-ver TLSv1.0 ciphers ECDHE+AES:AES128-SHA:@SECLEVEL=0 curves P-256:P-384",
    ),
    (
        "haproxy",
        "only 1.3",
        "ssl-min-ver TLSv1.3 ciphersuites TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256",
    ),
    (
        "postgres",
        "ordered",
        "ssl_ciphers = 'ECDHE+AESGCM:AES256-SHA256:!ECDSA'\nssl_ecdh_curve = 'prime256v1'\n",
    ),
];

fn start(directory: &Path, server: &str, handshake: &str) -> Running {
    let port = free_port();
    let place = directory.display();
    let (certificate, key) = (pki("fullchain.crt"), pki("server.key"));
    let put = |name: &str, text: &str| {
        let path = directory.join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let mut stop = None;
    let config;
    let mut command;
    match server {
        "nginx" => {
            config = put(
                "nginx.conf",
                &format!(
                    "daemon off; master_process off; pid {place}/nginx.pid; error_log {place}/nginx.log;\n\
                     events {{}}\nhttp {{ access_log off; server {{ listen 127.0.0.1:{port} ssl;\n\
                     ssl_certificate {certificate}; ssl_certificate_key {key};\n{handshake} }} }}\n"
                ),
            );
            command = Command::new("nginx");
            command.args(["-c", &config]);
        }
        "apache" => {
            let mut modules = String::new();
            for (name, file) in [
                ("mpm_event_module", "mod_mpm_event"),
                ("authz_core_module", "mod_authz_core"),
                ("socache_shmcb_module", "mod_socache_shmcb"),
                ("ssl_module", "mod_ssl"),
            ] {
                writeln!(
                    modules,
                    "LoadModule {name} /usr/lib/apache2/modules/{file}.so"
                )
                .unwrap();
            }
            config = put(
                "apache.conf",
                &format!(
                    "ServerRoot {place}\nServerName localhost\nPidFile {place}/apache.pid\n{modules}\
                     Mutex file:{place}\nErrorLog {place}/apache.log\nListen 127.0.0.1:{port}\n\
                     User nobody\nGroup nogroup\n<VirtualHost *:{port}>\nSSLEngine on\n\
                     SSLCertificateFile {certificate}\nSSLCertificateKeyFile {key}\n{handshake}</VirtualHost>\n"
                ),
            );
            command = Command::new("setsid");
            command.args(["-w", "apache2", "-DFOREGROUND", "-f", &config]);
            let mut ends = Command::new("apache2");
            ends.args(["-f", &config, "-k", "stop"]);
            stop = Some(ends);
        }
        "haproxy" => {
            let both =
                fs::read_to_string(&certificate).unwrap() + &fs::read_to_string(&key).unwrap();
            let own = put("site.pem", &both);
            config = put(
                "haproxy.cfg",
                &format!(
                    "global\ndefaults\n mode http\n timeout client 5s\n timeout connect 5s\n timeout server 5s\n\
                     frontend f\n bind 127.0.0.1:{port} ssl crt {own} {handshake}\n http-request return status 200\n"
                ),
            );
            command = Command::new("haproxy");
            command.args(["-db", "-f", &config]);
        }
        _ => {
            let data = postgres::data_directory(directory);
            postgres::copy(&certificate, &data, "server.crt");
            postgres::copy(&key, &data, "server.key");
            config = format!("{data}/postgresql.conf");
            let text = format!(
                "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nssl = on\n\
                 fsync = off\n{handshake}"
            );
            fs::write(&config, text).unwrap();
            command = postgres::server(&data);
            stop = Some(postgres::stop(&data));
        }
    }
    let running = Running::start(command, port, config, stop, server);
    if server == "postgres" {
        std::thread::sleep(Duration::from_millis(500));
    }
    running
}

/// Starts each of [`SERVERS`] that is installed, and says how many there were.
pub(crate) fn each(mut compare: impl FnMut(&str, &str, &Running)) -> usize {
    let directory = tempfile::tempdir().unwrap();
    let open = |path: &Path| {
        let done = Command::new("chmod").arg("755").arg(path).status();
        assert!(done.unwrap().success());
    };
    open(directory.path());
    let mut started = 0;
    for (server, name, handshake) in SERVERS {
        let there = match server {
            "apache" => here::have("apache2", "apache2"),
            "postgres" => here::have("psql", "psql") && postgres::have(),
            other => here::have(other, other),
        };
        if !there {
            continue;
        }
        let own = directory.path().join(started.to_string());
        fs::create_dir(&own).unwrap();
        open(&own);
        compare(server, name, &start(&own, server, handshake));
        started += 1;
    }
    started
}

/// Versions, suites in order and groups, a line each.
pub(crate) fn predicted(server: &str, config: &str) -> Vec<String> {
    let profile = Profile::named(server).unwrap();
    let source = Source::new(config, fs::read(config).unwrap());
    let base = base_directory(profile, config);
    let mut looks = Looks::new();
    let settings = loop {
        let context = Context::at(&base).with_looked(&looks);
        let settings = Settings::read(profile, &source, &context).unwrap();
        let new: Vec<_> = settings
            .wanted
            .iter()
            .filter(|path| !looks.contains_key(*path))
            .cloned()
            .collect();
        if new.is_empty() {
            break settings;
        }
        for path in new {
            let looked = match fs::read(&path) {
                Ok(bytes) => Looked::Read(Source::new(&path, bytes)),
                Err(_) => Looked::Missing,
            };
            let _ = looks.insert(path, looked);
        }
    };
    let scope = settings.scopes.iter().find(|scope| scope.tls).unwrap();
    let mut offer = profile.offer_at(scope, settings.first_at(scope)).unwrap();
    offer.keys = vec![ServerKey::new(KeyKind::Rsa(2048))];
    let mut lines = Vec::new();
    for version in VERSIONS {
        let suites = suites(&offer, version);
        lines.push(format!("{} {}", version.as_str(), !suites.is_empty()));
        lines.extend(
            suites
                .iter()
                .map(|code| format!("{} 0x{code:04X}", version.as_str())),
        );
        // sslscan asks for groups with suites of TLS 1.2 and 1.3 alone.
        if suites.is_empty() || version < Version::TLSv1_2 {
            continue;
        }
        let groups = GROUPS
            .iter()
            .filter(|group| agrees_on(&offer, version, **group));
        lines.extend(groups.map(|group| format!("{} group 0x{group:04x}", version.as_str())));
    }
    lines.sort_by_key(|line| line.contains("group"));
    lines
}

/// A ClientHello of a program that offers everything of one version.
fn hello(version: Version, suites: Vec<u16>, groups: Vec<u16>) -> ClientHello {
    let mut hello = *ClientHello::of("openssl").unwrap();
    hello.versions = Vec::leak(vec![version]);
    hello.suites = Vec::leak(suites);
    hello.key_shares = Vec::leak(groups.clone());
    hello.groups = Vec::leak(groups);
    hello
}

/// What sslscan does: it offers what is left, until the server finds nothing.
fn suites(offer: &ServerOffer, version: Version) -> Vec<u16> {
    let all = offer.suites.iter().chain(&offer.suites13);
    let mut left: Vec<u16> = all.map(|suite| suite.code).collect();
    let mut found = Vec::new();
    while let Ok(agreement) = agree(offer, &hello(version, left.clone(), GROUPS.to_vec())) {
        left.retain(|code| *code != agreement.suite.code);
        found.push(agreement.suite.code);
    }
    found
}

fn agrees_on(offer: &ServerOffer, version: Version, group: u16) -> bool {
    if version < Version::TLSv1_3 && group >= 0x100 {
        return false;
    }
    let newest = version == Version::TLSv1_3;
    let ephemeral = offer
        .suites
        .iter()
        .filter(|suite| suite.key_exchange == KeyExchange::Ecdhe);
    let suites: Vec<u16> = match newest {
        true => offer.suites13.iter().map(|suite| suite.code).collect(),
        false => ephemeral.map(|suite| suite.code).collect(),
    };
    agree(offer, &hello(version, suites, vec![group])).is_ok()
}
