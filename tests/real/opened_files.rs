//! The files that a real server opens while it tests its settings, and those that certcheck
//! opens for them: strace watches both, and the two lists are the same.
#![cfg(all(feature = "cli", target_os = "linux"))]

use crate::support;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use support::{here, postgres};

/// What a server writes, or opens whatever its settings say.
const OWN: &[&str] = &["pid", "err", "trace"];

/// The files of the directory that were opened, by their names in it.
fn opened(dir: &Path, command: &mut Command) -> Option<(bool, BTreeSet<String>)> {
    let trace = dir.join("trace");
    let mut words = vec![command.get_program().to_owned()];
    words.extend(command.get_args().map(ToOwned::to_owned));
    let output = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=open,openat", "-o"])
        .arg(&trace)
        .args(words)
        .current_dir(dir)
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .output()
        .ok()?;
    let text = fs::read_to_string(&trace).ok()?;
    let prefix = format!("{}/", dir.display());
    let files = text.lines().filter_map(|line| {
        let (_, path) = line.split_once('"')?;
        let (path, result) = path.split_once('"')?;
        // A directory is listed, and a file that is not there was not opened.
        let failed = result.contains("= -1") || result.contains("O_DIRECTORY");
        let name = path.strip_prefix(&prefix).unwrap_or(path);
        let known = !failed && !name.starts_with('/') && dir.join(name).is_file();
        (known && !OWN.contains(&name)).then(|| name.to_owned())
    });
    Some((output.status.success(), files.collect()))
}

/// A directory with these files; `@` is its path.
fn scene(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().display().to_string();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text.replace('@', &at)).unwrap();
    }
    let pki = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pki");
    for name in ["fullchain.crt", "server.key", "combined.pem", "root.crt"] {
        let path = dir.path().join(name);
        fs::copy(pki.join(name), &path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    dir
}

/// Compares the two lists; nothing where a program is missing. Its test does not open what it
/// opens `at_start` alone.
fn compare(
    (server, program): (&str, &str),
    arguments: &[&str],
    files: &[(&str, &str)],
    at_start: &[&str],
) {
    if !(here::have("strace", "strace") && here::have(program, program)) {
        return;
    }
    let dir = scene(files);
    let at = dir.path().display().to_string();
    let arguments: Vec<String> = arguments
        .iter()
        .map(|word| word.replace('@', &at))
        .collect();
    let mut real = Command::new(program);
    real.args(&arguments);
    let Some((accepted, real)) = opened(dir.path(), &mut real) else {
        here::skipped(
            "files that servers open",
            "strace may not watch a process here",
        );
        return;
    };
    assert!(accepted, "{server}: its own test refuses the settings");
    assert!(real.len() > 4, "{server}: {real:?}");
    let mut ours = Command::new(env!("CARGO_BIN_EXE_certcheck"));
    ours.args(["preflight", "--server", server, "--config"])
        .arg(dir.path().join(files[0].0));
    let (_, mut ours) = opened(dir.path(), &mut ours).unwrap();
    for name in at_start {
        assert!(ours.remove(*name), "{server}: {name} was not read");
    }
    assert_eq!(ours, real, "{server}: certcheck's files, and the server's");
    println!("{server}: {} files, the same as the server's", real.len());
}

#[test]
fn nginx_opens_what_certcheck_reads() {
    let main = "user root;\npid @/pid;\nerror_log @/err;\nevents {}\nhttp {\n access_log off;\n \
        include conf.d/*.conf;\n include tls.conf;\n include sites/[ab];\n}\n";
    let site = "server { listen 127.0.0.1:44391 ssl; server_name a.example.test; \
        ssl_client_certificate root.crt; ssl_verify_client optional; }\n";
    let other = "server { listen 127.0.0.1:44392 ssl; server_name b.example.test; \
        location / { proxy_pass https://127.0.0.1:1; proxy_ssl_trusted_certificate root.crt; } }\n";
    compare(
        ("nginx", "nginx"),
        &["-p", "@", "-c", "@/nginx.conf", "-t"],
        &[
            ("nginx.conf", main),
            (
                "tls.conf",
                "ssl_certificate fullchain.crt;\nssl_certificate_key server.key;\n",
            ),
            ("conf.d/one.conf", "server_tokens off;\n"),
            ("conf.d/.hidden.conf", "nonsense;\n"),
            ("conf.d/two.conf.bak", "nonsense;\n"),
            ("sites/a", site),
            ("sites/b", other),
            ("sites/c", "nonsense;\n"),
        ],
        &[],
    );
}

#[test]
fn httpd_opens_what_certcheck_reads() {
    let main = "ServerRoot @\nPidFile @/pid\nErrorLog @/err\nServerName localhost\nListen 127.0.0.1:44393\n\
        LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\n\
        LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so\n\
        LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so\n\
        Include conf.d/*.conf\nIncludeOptional none/*.conf\nInclude sites\n\
        <IfModule alias_module>\nInclude never.conf\n</IfModule>\n";
    let site = "<VirtualHost 127.0.0.1:44393>\nServerName a.example.test\nSSLEngine on\n\
        Include tls.conf\n</VirtualHost>\n";
    compare(
        ("apache", "apache2"),
        &["-f", "@/httpd.conf", "-t"],
        &[
            ("httpd.conf", main),
            ("conf.d/one.conf", "Define TLS @\n"),
            ("conf.d/two.conf.bak", "nonsense\n"),
            ("sites/deep/a.conf", site),
            ("sites/b", "ServerTokens Prod\n"),
            ("never.conf", "nonsense\n"),
            ("tls.conf", "SSLCertificateFile ${TLS}/combined.pem\n"),
        ],
        &["combined.pem"],
    );
}

#[test]
fn haproxy_opens_what_certcheck_reads() {
    let main = "defaults\n mode http\n timeout connect 1s\n timeout client 1s\n timeout server 1s\n\
        frontend f\n bind 127.0.0.1:44394 ssl crt-list @/list ca-file @/root.crt verify optional\n \
        bind 127.0.0.1:44395 ssl crt @/pairs/\n http-request return status 200\n";
    let pki = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pki");
    let pair = fs::read_to_string(pki.join("combined.pem")).unwrap();
    compare(
        ("haproxy", "haproxy"),
        &["-c", "-f", "@/haproxy.cfg"],
        &[
            ("haproxy.cfg", main),
            ("list", "@/combined.pem a.example.test\n"),
            ("pairs/one.pem", &pair),
            ("pairs/two.pem", &pair),
            ("pairs/.hidden.pem", "nonsense\n"),
        ],
        &[],
    );
}

/// PostgreSQL has no test of its own: it is started, and stopped when it listens.
#[test]
fn postgresql_opens_what_certcheck_reads() {
    if !(here::have("strace", "strace") && postgres::have()) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let data = postgres::data_directory(dir.path());
    let pki = format!("{}/testdata/pki", env!("CARGO_MANIFEST_DIR"));
    for (from, to) in [
        ("fullchain.crt", "server.crt"),
        ("server.key", "server.key"),
        ("root.crt", "ca.crt"),
    ] {
        postgres::copy(&format!("{pki}/{from}"), &data, to);
    }
    let main = Path::new(&data).join("postgresql.conf");
    let text = fs::read_to_string(&main).unwrap();
    let own = format!(
        "\ninclude_dir 'conf.d'\ninclude_if_exists 'none.conf'\nlisten_addresses = '127.0.0.1'\n\
         port = 44396\nunix_socket_directories = '{data}'\n"
    );
    fs::write(&main, text + &own).unwrap();
    let below = Path::new(&data).join("conf.d");
    fs::create_dir(&below).unwrap();
    fs::write(below.join("tls.conf"), "ssl = on\nssl_ca_file = 'ca.crt'\n").unwrap();
    fs::write(below.join("tls.conf.bak"), "nonsense\n").unwrap();
    let watched = |mut command: Command| {
        let found = opened(Path::new(&data), &mut command);
        let (_, files) = found.unwrap_or_default();
        let ends = [".conf", ".crt", ".key"];
        let ours = files.into_iter();
        let ours = ours.filter(|name| ends.iter().any(|end| name.ends_with(end)));
        ours.collect::<BTreeSet<String>>()
    };
    let mut server = Command::new("timeout");
    server.args(["5", "runuser", "-u", "postgres", "--"]);
    server.arg(postgres::programs().unwrap().join("postgres"));
    server.args(["-D", &data]);
    let mut real = watched(server);
    if !real.contains("server.key") {
        here::skipped(
            "files that servers open",
            "strace may not watch a process here",
        );
        return;
    }
    // Whom a certificate's name may be: certcheck asks for no more than that it is there.
    assert!(real.remove("pg_ident.conf"));
    let mut ours = Command::new(env!("CARGO_BIN_EXE_certcheck"));
    ours.args([
        "preflight",
        "--server",
        "postgres",
        "--run-as",
        "postgres",
        "--config",
    ])
    .arg(&main);
    assert_eq!(watched(ours), real, "certcheck's files, and PostgreSQL's");
    println!("PostgreSQL: {} files, the same as the server's", real.len());
}
