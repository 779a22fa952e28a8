//! How each server is configured and started.

use super::*;
use crate::support::postgres;

pub(super) fn nginx(scene: &Scene, given: &Given) -> Measured {
    let (port, directory) = (free_port(), scene.dir.path().display());
    let ca = if given.ca.is_empty() {
        String::new()
    } else {
        format!("ssl_trusted_certificate {};", scene.bundle(given.ca))
    };
    let config = scene.path("nginx.conf");
    let text = format!(
        "daemon off; master_process off; pid {directory}/nginx.pid; error_log {directory}/nginx.log;\n\
         events {{}}\nhttp {{ access_log off; server {{ listen 127.0.0.1:{port} ssl;\n\
         ssl_certificate {}; ssl_certificate_key {}; {ca} }} }}\n",
        given.certificate(scene),
        scene.path(given.key),
    );
    fs::write(&config, text).unwrap();
    // A session of its own has no terminal: on one, OpenSSL would ask for the passphrase of an
    // encrypted key, and wait.
    if !run("setsid", &["-w", "nginx", "-t", "-c", &config]) {
        return (StartOutcome::ConfigTestFails, Vec::new());
    }
    measured(
        scene,
        spawn(Command::new("nginx").args(["-c", &config])),
        port,
        None,
    )
}

pub(super) fn haproxy(scene: &Scene, given: &Given) -> Measured {
    let port = free_port();
    let mut bind = String::new();
    let own = scene.path("haproxy.pem");
    // HAProxy looks beside the certificate: a key that was left there by the last case would be
    // read.
    let _ = fs::remove_file(format!("{own}.key"));
    let _ = fs::remove_file(&own);
    if let Ok(bytes) = fs::read(given.certificate(scene)) {
        fs::write(&own, bytes).unwrap();
    }
    if let Ok(bytes) = fs::read(scene.path(given.key)) {
        fs::write(format!("{own}.key"), bytes).unwrap();
    }
    if !given.ca.is_empty() {
        write!(bind, " ca-file {} verify optional", scene.bundle(given.ca)).unwrap();
    }
    let mut global = String::new();
    if let Some(chain) = given.chain {
        let issuers = scene.path("issuers");
        let _ = fs::remove_dir_all(&issuers);
        fs::create_dir(&issuers).unwrap();
        fs::copy(scene.bundle(chain), format!("{issuers}/chain.pem")).unwrap();
        write!(global, " issuers-chain-path {issuers}").unwrap();
    }
    let config = scene.path("haproxy.cfg");
    let text = format!(
        "global\n{global}\ndefaults\n mode http\n timeout client 5s\n timeout connect 5s\n timeout server 5s\n\
         frontend f\n bind 127.0.0.1:{port} ssl crt {own}{bind}\n http-request return status 200\n"
    );
    fs::write(&config, text).unwrap();
    if !run("setsid", &["-w", "haproxy", "-c", "-f", &config]) {
        return (StartOutcome::ConfigTestFails, Vec::new());
    }
    measured(
        scene,
        spawn(Command::new("haproxy").args(["-db", "-f", &config])),
        port,
        None,
    )
}

pub(super) fn apache(scene: &Scene, given: &Given) -> Measured {
    const MODULES: &str = "/usr/lib/apache2/modules";
    let (port, directory) = (free_port(), scene.dir.path().display());
    let mut further = String::new();
    if let Some(chain) = given.chain {
        writeln!(further, "SSLCertificateChainFile {}", scene.bundle(chain)).unwrap();
    }
    if !given.ca.is_empty() {
        writeln!(further, "SSLCACertificateFile {}", scene.bundle(given.ca)).unwrap();
    }
    let mut text =
        format!("ServerRoot {directory}\nServerName localhost\nPidFile {directory}/apache.pid\n");
    for (name, file) in [
        ("mpm_event_module", "mod_mpm_event"),
        ("authz_core_module", "mod_authz_core"),
        ("socache_shmcb_module", "mod_socache_shmcb"),
        ("ssl_module", "mod_ssl"),
    ] {
        writeln!(text, "LoadModule {name} {MODULES}/{file}.so").unwrap();
    }
    write!(
        text,
        "Mutex file:{directory}\nErrorLog {directory}/apache.log\nListen 127.0.0.1:{port}\nUser nobody\nGroup nogroup\n\
         <VirtualHost *:{port}>\nSSLEngine on\nSSLCertificateFile {}\nSSLCertificateKeyFile {}\n{further}</VirtualHost>\n",
        given.certificate(scene),
        scene.path(given.key)
    )
    .unwrap();
    let config = scene.path("apache.conf");
    fs::write(&config, text).unwrap();
    if !run("apache2", &["-t", "-f", &config]) {
        return (StartOutcome::ConfigTestFails, Vec::new());
    }
    let server =
        spawn(Command::new("setsid").args(["-w", "apache2", "-DFOREGROUND", "-f", &config]));
    let result = measured(scene, server, port, None);
    // `setsid -w` waits for httpd, which ends by its own means.
    run("apache2", &["-f", &config, "-k", "stop"]);
    result
}

pub(super) fn postgres(scene: &Scene, given: &Given) -> Measured {
    let data = postgres::data_directory(scene.dir.path());
    let port = free_port();
    let put = |from: &str, to: &str| {
        let to = format!("{data}/{to}");
        let _ = fs::remove_file(&to);
        if fs::copy(from, &to).is_ok() {
            // PostgreSQL does not run as root, and refuses a key that is not its own or root's
            // (`check_ssl_key_file_permissions`).
            run("chown", &["postgres", &to]);
            run("chmod", &["600", &to]);
        }
    };
    put(&given.certificate(scene), "server.crt");
    put(&scene.path(given.key), "server.key");
    let mut text = format!(
        "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nssl = on\nfsync = off\n"
    );
    if !given.ca.is_empty() {
        put(&scene.bundle(given.ca), "ca.crt");
        text.push_str("ssl_ca_file = 'ca.crt'\n");
    }
    fs::write(format!("{data}/postgresql.conf"), text).unwrap();
    let server = spawn(&mut postgres::server(&data));
    let result = measured(scene, server, port, Some("postgres"));
    let _ = postgres::stop(&data).output();
    result
}

pub(super) const RSERVE: &str = "/usr/lib/R/site-library/Rserve/libs/Rserve";

pub(super) fn rserve(scene: &Scene, given: &Given) -> Measured {
    let port = free_port();
    let pid = scene.path("rserve.pid");
    let _ = fs::remove_file(&pid);
    let mut text = format!(
        "qap disable\npid.file {pid}\ntls.cert {}\ntls.key {}\ntls.port {port}\n",
        given.certificate(scene),
        scene.path(given.key)
    );
    if !given.ca.is_empty() {
        writeln!(text, "tls.ca {}", scene.bundle(given.ca)).unwrap();
    }
    let config = scene.path("Rserv.conf");
    fs::write(&config, text).unwrap();
    // It goes on as a daemon that is known by its pid.file alone.
    let starter = spawn(Command::new("R").args(["CMD", RSERVE, "--no-save", "--RS-conf", &config]));
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if start.elapsed() > PATIENCE {
            return (StartOutcome::StartFails, Vec::new());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let sent = wire(scene, port, None);
    if let Ok(pid) = fs::read_to_string(&pid) {
        run("kill", &[pid.trim()]);
    }
    drop(starter);
    if sent.is_empty() {
        (StartOutcome::HandshakeFails, sent)
    } else {
        (StartOutcome::Serves, sent)
    }
}

pub(super) fn tabpy(scene: &Scene, given: &Given) -> Measured {
    let port = free_port();
    let config = scene.path("tabpy.conf");
    let text = format!(
        "[TabPy]\nTABPY_PORT = {port}\nTABPY_TRANSFER_PROTOCOL = https\nTABPY_CERTIFICATE_FILE = {}\nTABPY_KEY_FILE = {}\n\
         TABPY_STATE_PATH = {}\nTABPY_QUERY_OBJECT_PATH = {}\n",
        given.certificate(scene),
        scene.path(given.key),
        scene.dir.path().display(),
        scene.path("objects"),
    );
    fs::write(&config, text).unwrap();
    let program = tabpy_program().unwrap();
    let server = spawn(
        Command::new("setsid")
            .args([
                "-w",
                &program,
                "--config",
                &config,
                "--disable-auth-warning",
            ])
            .current_dir(scene.dir.path()),
    );
    measured(scene, server, port, None)
}

/// `TABPY` names it where it stands in no directory of PATH.
pub(super) fn tabpy_program() -> Option<String> {
    let named = std::env::var("TABPY").ok();
    named.or_else(|| run("sh", &["-c", "command -v tabpy"]).then(|| "tabpy".to_owned()))
}
