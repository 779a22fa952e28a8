//! `certcheck doctor` over trees: what packages leave, TLS switched on as their files
//! say, and faults.
#![cfg(all(feature = "cli", unix))]

use crate::support::here;
use crate::support::program::{AT, certcheck, code, document, pki, put, refused, scratch, stdout};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

/// The four servers as Debian installs them, shortened to what decides.
fn debian(root: &Path) {
    for directory in [
        "etc/apache2/sites-available",
        "etc/apache2/sites-enabled",
        "etc/apache2/mods-available",
        "etc/apache2/mods-enabled",
        "etc/nginx/sites-available",
        "etc/nginx/sites-enabled",
        "etc/nginx/snippets",
        "etc/haproxy",
        "etc/postgresql/15/main/conf.d",
        "etc/ssl/certs",
        "etc/ssl/private",
        "usr/lib/systemd/system",
        "usr/lib/apache2/modules",
        "var/lib/postgresql/15/main",
    ] {
        fs::create_dir_all(root.join(directory)).unwrap();
    }
    let file = |name: &str, text: &str| put(root, name, text.as_bytes());
    file("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
    // Names of users and groups are looked up in the tree, and never on the machine that runs the
    // test.
    file("etc/group", "root:x:0:\nwww-data:x:33:\n");
    // As much of a module as is looked at: the kind of file, and the symbol of its structure.
    file(
        "usr/lib/apache2/modules/mod_ssl.so",
        "\x7fELF\0ssl_module\0",
    );
    file(
        "usr/lib/apache2/modules/mod_mpm_event.so",
        "\x7fELF\0mpm_event_module\0",
    );
    file(
        "etc/apache2/mods-enabled/mpm_event.load",
        "LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\n",
    );
    file(
        "etc/apache2/apache2.conf",
        "User ${APACHE_RUN_USER}\nIncludeOptional mods-enabled/*.load\nIncludeOptional mods-enabled/*.conf\n\
         Listen 80\n<IfModule ssl_module>\n\tListen 443\n</IfModule>\nIncludeOptional sites-enabled/*.conf\n",
    );
    file(
        // Debian's httpd refuses to start without these variables; doctor reads them as apache2ctl
        // does, without running a shell.
        "etc/apache2/envvars",
        "export APACHE_RUN_USER=www-data\nexport APACHE_LOG_DIR=/var/log/apache2$SUFFIX\n",
    );
    file(
        "etc/apache2/mods-available/ssl.load",
        "LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so\n",
    );
    file(
        "etc/apache2/sites-available/000-default.conf",
        "<VirtualHost *:80>\n</VirtualHost>\n",
    );
    file(
        "etc/apache2/sites-available/default-ssl.conf",
        "<VirtualHost *:443>\n\tSSLEngine on\n\tSSLProtocol -all +TLSv1.2 +TLSv1.3\n\
         \tSSLCertificateFile /etc/ssl/certs/site.pem\n\tSSLCertificateKeyFile /etc/ssl/private/site.key\n</VirtualHost>\n",
    );
    symlink(
        "../sites-available/000-default.conf",
        root.join("etc/apache2/sites-enabled/000-default.conf"),
    )
    .unwrap();
    file(
        "etc/nginx/nginx.conf",
        "user www-data;\nevents {}\nhttp {\n\tssl_protocols TLSv1.2 TLSv1.3;\n\tinclude /etc/nginx/sites-enabled/*;\n}\n",
    );
    nginx(root, false);
    file(
        "etc/nginx/snippets/site.conf",
        "ssl_certificate /etc/ssl/certs/site.pem;\nssl_certificate_key /etc/ssl/private/site.key;\n",
    );
    symlink(
        "/etc/nginx/sites-available/default",
        root.join("etc/nginx/sites-enabled/default"),
    )
    .unwrap();
    haproxy(root, false);
    file(
        "usr/lib/systemd/system/haproxy.service",
        "[Service]\nEnvironmentFile=-/etc/default/haproxy\nEnvironment=\"CONFIG=/etc/haproxy/haproxy.cfg\"\n\
         ExecStart=/usr/sbin/haproxy -Ws -f $CONFIG -p /run/haproxy.pid $EXTRAOPTS\n",
    );
    postgres(root, false);
    put(
        root,
        "etc/ssl/certs/site.pem",
        &fs::read(pki("fullchain.crt")).unwrap(),
    );
    // PostgreSQL takes a key that is its own, or root's and its group's.
    fs::set_permissions(root, fs::Permissions::from_mode(0o755)).unwrap();
    let facts = fs::metadata(root).unwrap();
    // The test runs as root in CI and as an ordinary user elsewhere: both must pass PostgreSQL's
    // rule.
    let (mode, uid) = match facts.uid() {
        0 => (0o640, 70),
        owner => (0o600, owner),
    };
    let users = format!(
        "root:x:0:0::/root:/bin/sh
www-data:x:33:33::/:/bin/sh
postgres:x:{uid}:{}::/:/bin/sh
",
        facts.gid()
    );
    file("etc/passwd", &users);
    let own = put(
        root,
        "etc/ssl/private/db.key",
        &fs::read(pki("server.key")).unwrap(),
    );
    fs::set_permissions(&own, fs::Permissions::from_mode(mode)).unwrap();
    let key = put(
        root,
        "etc/ssl/private/site.key",
        &fs::read(pki("server.key")).unwrap(),
    );
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let both = put(
        root,
        "etc/haproxy/site.pem",
        &fs::read(pki("combined.pem")).unwrap(),
    );
    fs::set_permissions(&both, fs::Permissions::from_mode(0o600)).unwrap();
}

fn nginx(root: &Path, tls: bool) {
    let off = if tls { "" } else { "#" };
    let text = format!(
        "server {{\n\tlisten 80 default_server;\n\t{off}listen 443 ssl default_server;\n\t{off}include snippets/site.conf;\n\tserver_name _;\n}}\n"
    );
    put(root, "etc/nginx/sites-available/default", text.as_bytes());
}

fn haproxy(root: &Path, tls: bool) {
    let mut text = "global\n\tssl-default-bind-options ssl-min-ver TLSv1.2\ndefaults\n\tmode http\n\ttimeout client 1s\n\ttimeout server 1s\n\ttimeout connect 1s\n".to_owned();
    if tls {
        text.push_str("frontend www\n\tbind :8443 ssl crt /etc/haproxy/site.pem\n");
    }
    put(root, "etc/haproxy/haproxy.cfg", text.as_bytes());
}

fn postgres(root: &Path, tls: bool) {
    let ssl = if tls { "on" } else { "off" };
    let text = format!(
        "data_directory = '/var/lib/postgresql/15/main'\nport = 5432\nssl = {ssl}\n\
         ssl_cert_file = '/etc/ssl/certs/site.pem'\nssl_key_file = '/etc/ssl/private/db.key'\n"
    );
    put(
        root,
        "etc/postgresql/15/main/postgresql.conf",
        text.as_bytes(),
    );
}

/// TLS as each package's own files say how.
fn switch_on(root: &Path) {
    let enable = |from: &str, to: &str| symlink(from, root.join("etc/apache2").join(to)).unwrap();
    enable("../mods-available/ssl.load", "mods-enabled/ssl.load");
    enable(
        "../sites-available/default-ssl.conf",
        "sites-enabled/default-ssl.conf",
    );
    nginx(root, true);
    haproxy(root, true);
    postgres(root, true);
}

fn doctor(root: &Path) -> (i32, Value) {
    document(&["doctor", "--at", AT, "--root", &root.display().to_string()])
}

/// Server, verdict, whether it speaks TLS, and how many errors it has.
fn verdicts(found: &Value) -> Vec<(&str, &str, bool, u64)> {
    let servers = found["result"]["servers"].as_array().unwrap();
    let mut all: Vec<_> = servers
        .iter()
        .map(|one| {
            let text = |name: &str| one[name].as_str().unwrap();
            let tls = one["tls"].as_bool().unwrap();
            (
                text("server"),
                text("verdict"),
                tls,
                one["errors"].as_u64().unwrap(),
            )
        })
        .collect();
    all.sort_unstable();
    all
}

#[test]
fn what_packages_leave_alarms_nobody() {
    let dir = scratch();
    debian(dir.path());
    let (exit, found) = doctor(dir.path());
    assert_eq!(exit, 0, "{found}");
    let without = |server| (server, "pass", false, 0);
    assert_eq!(
        verdicts(&found),
        ["apache", "haproxy", "nginx", "postgres"].map(without)
    );
    assert_eq!(found["findings"], Value::Array(Vec::new()), "{found}");
    let by = found["result"]["servers"].as_array().unwrap().iter();
    let haproxy: Vec<_> = by.filter(|one| one["server"] == "haproxy").collect();
    assert_eq!(
        haproxy[0]["found_by"],
        "/usr/lib/systemd/system/haproxy.service"
    );
}

#[test]
fn with_tls_each_endpoint_is_judged() {
    let dir = scratch();
    debian(dir.path());
    switch_on(dir.path());
    let (exit, found) = doctor(dir.path());
    assert_eq!(exit, 0, "{found}");
    let fit = |server| (server, "pass", true, 0);
    assert_eq!(
        verdicts(&found),
        ["apache", "haproxy", "nginx", "postgres"].map(fit)
    );
    for one in found["result"]["servers"].as_array().unwrap() {
        assert_eq!(one["startup"]["outcome"], "starts", "{one}");
        let speaks = one["endpoints"].as_array().unwrap().iter();
        assert_eq!(
            speaks.filter(|one| one["presented"][0].is_string()).count(),
            1,
            "{one}"
        );
    }
    let root = dir.path().display().to_string();
    let text = certcheck(&["doctor", "--at", AT, "--root", &root]);
    assert_eq!(code(&text), 0);
    let text = stdout(&text);
    assert!(text.starts_with("fit: 4 servers found\n"), "{text}");
    assert!(text.lines().count() <= 24, "{text}");
}

#[test]
fn a_fault_is_found_where_it_is_and_comes_first() {
    let dir = scratch();
    debian(dir.path());
    switch_on(dir.path());
    // A key of another certificate, for nginx alone, and a second file of HAProxy's by its
    // defaults.
    put(
        dir.path(),
        "etc/ssl/private/other.key",
        &fs::read(pki("issuing.key")).unwrap(),
    );
    let snippet = "ssl_certificate /etc/ssl/certs/site.pem;\nssl_certificate_key /etc/ssl/private/other.key;\n";
    put(
        dir.path(),
        "etc/nginx/snippets/site.conf",
        snippet.as_bytes(),
    );
    fs::create_dir_all(dir.path().join("etc/default")).unwrap();
    fs::create_dir_all(dir.path().join("etc/haproxy/conf.d")).unwrap();
    put(
        dir.path(),
        "etc/default/haproxy",
        b"EXTRAOPTS=\"-S /run/m.sock -f /etc/haproxy/conf.d\"\n",
    );
    put(
        dir.path(),
        "etc/haproxy/conf.d/a.cfg",
        b"frontend a\n\tbind :8444 ssl crt /etc/haproxy/nothing.pem\n",
    );
    let (exit, found) = doctor(dir.path());
    assert_eq!((exit, &found["verdict"]), (1, &"fail".into()), "{found}");
    let bad: Vec<_> = verdicts(&found)
        .into_iter()
        .filter(|one| one.1 == "fail")
        .map(|one| one.0)
        .collect();
    assert_eq!(bad, ["haproxy", "nginx"]);
    let first = &found["result"]["servers"][0];
    assert_eq!(first["verdict"], "fail");
    let config = &found["result"]["servers"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["server"] == "haproxy")
        .unwrap()["config"];
    assert_eq!(
        config,
        &serde_json::json!(["/etc/haproxy/haproxy.cfg", "/etc/haproxy/conf.d"])
    );
    let root = dir.path().display().to_string();
    let text = stdout(&certcheck(&["doctor", "--at", AT, "--root", &root]));
    assert!(
        text.starts_with("not fit: 2 of 4 servers with errors\n  not fit"),
        "{text}"
    );
}

#[test]
fn an_anchor_that_administrators_added_is_judged() {
    let dir = scratch();
    debian(dir.path());
    let store = dir.path().join("usr/local/share/ca-certificates");
    fs::create_dir_all(&store).unwrap();
    put(&store, "leaf.crt", &fs::read(pki("server.crt")).unwrap());
    let (exit, found) = doctor(dir.path());
    assert_eq!(found["result"]["anchors"], 1);
    let codes: Vec<_> = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["code"].clone())
        .collect();
    assert!(
        codes.contains(&"trust.not-in-store".into()) || exit == 1,
        "{found}"
    );
}

#[test]
fn nothing_found_is_exit_2() {
    let dir = scratch();
    let root = dir.path().display().to_string();
    refused(
        &["doctor", "--root", &root],
        "no server was found on this tree",
    );
    refused(&["doctor", "--root", "/nothing/there"], "--root");
}

#[test]
fn a_listener_that_was_not_reloaded_is_found() {
    if !here::have("nginx", "nginx") {
        return;
    }
    let dir = scratch();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let at = dir.path().display();
    let put = |name: &str, text: &[u8]| put(dir.path(), name, text);
    put("c.crt", &fs::read(pki("fullchain.crt")).unwrap());
    put("k.key", &fs::read(pki("server.key")).unwrap());
    let text = format!(
        "daemon off; master_process off; pid {at}/pid; error_log {at}/log;\nevents {{}}\nhttp {{ access_log off; server {{ \
         listen 127.0.0.1:{port} ssl; server_name server.example.test; ssl_certificate {at}/c.crt; \
         ssl_certificate_key {at}/k.key; }} }}\n"
    );
    let config = put("nginx.conf", text.as_bytes());
    let mut nginx = std::process::Command::new("nginx")
        .args(["-c", &config])
        .spawn()
        .unwrap();
    let there = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
    for _ in 0..100 {
        if there() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let asked = || {
        let (_, found) = document(&["doctor", "--probe", "--at", AT]);
        let servers = found["result"]["servers"].as_array().unwrap();
        let own = servers
            .iter()
            .find(|one| one["config"][0] == config.as_str())
            .cloned();
        let listener = format!("tls://127.0.0.1:{port}");
        let codes = found["findings"].as_array().unwrap().iter();
        let codes: Vec<String> = codes
            .filter(|one| {
                one["subject"]["source"] == listener.as_str() && one["severity"] == "error"
            })
            .map(|one| one["code"].as_str().unwrap().to_owned())
            .collect();
        (own.expect("nginx is found by its process"), codes)
    };
    let (own, codes) = asked();
    // Other files of the same name: nginx still has what it read.
    // The situation after a renewal without a reload: the files are right, and the clients still
    // get the old certificate.
    put("c.crt", &fs::read(pki("ed25519.chain.crt")).unwrap());
    put("k.key", &fs::read(pki("ed25519.key")).unwrap());
    let (_, later) = asked();
    nginx.kill().unwrap();
    let _ = nginx.wait();
    assert!(
        own["found_by"].as_str().unwrap().starts_with("process "),
        "{own}"
    );
    assert_eq!((own["verdict"].as_str().unwrap(), codes), ("pass", vec![]));
    assert!(
        later.iter().any(|code| code.starts_with("wire.")),
        "{later:?}"
    );
}

/// Runs a program of the tree's own; it must succeed.
fn inside(tree: &str, words: &[&str]) {
    let done = std::process::Command::new("chroot")
        .arg(tree)
        .args(words)
        .output()
        .unwrap();
    assert!(done.status.success(), "{words:?}: {done:?}");
}

/// Server, outcome of its start, and whether the program itself accepts its settings.
fn compared(tree: &str, found: &Value) -> usize {
    let tests: [(&str, &[&str]); 3] = [
        ("nginx", &["nginx", "-t"]),
        ("apache", &["apachectl", "-t"]),
        (
            "haproxy",
            &["haproxy", "-c", "-f", "/etc/haproxy/haproxy.cfg"],
        ),
    ];
    let servers = found["result"]["servers"].as_array().unwrap();
    let mut judged = 0;
    for (name, words) in tests {
        let own = servers.iter().find(|one| one["server"] == name).unwrap();
        // Nothing is said of a server in whose settings nothing speaks TLS.
        let Some(outcome) = own["startup"]["outcome"].as_str() else {
            continue;
        };
        judged += 1;
        let done = std::process::Command::new("chroot")
            .arg(tree)
            .args(words)
            .output()
            .unwrap();
        assert_eq!(
            outcome == "refuses-at-config-test",
            !done.status.success(),
            "{name}: {outcome}, {done:?}"
        );
    }
    judged
}

/// Debian 12 as debootstrap and the packages leave it, and with TLS switched on the way that
/// each package's README or comments say: what doctor says is what a colleague would.
#[test]
fn a_stock_debian_12_is_judged_as_a_colleague_would() {
    let Some(tree) = std::env::var("DOCTOR_TREE").ok() else {
        if !here::own_step("trust_chroot") {
            here::skipped(
                "doctor of a stock Debian",
                "DOCTOR_TREE names no tree (.ci/trust-chroot makes one)",
            );
        }
        return;
    };
    let asked = || document(&["doctor", "--root", &tree]);
    let said = || stdout(&certcheck(&["doctor", "--root", &tree]));
    // PostgreSQL's package switches TLS on, with the certificate of ssl-cert.
    let (exit, found) = asked();
    assert_eq!(exit, 0, "{found}");
    let quiet = |server| (server, "pass", false, 0);
    let speaks = |server| (server, "pass", true, 0);
    assert_eq!(
        verdicts(&found),
        [
            quiet("apache"),
            quiet("haproxy"),
            quiet("nginx"),
            speaks("postgres")
        ]
    );
    let mut judged = compared(&tree, &found);
    let warnings = |found: &Value| {
        let all = found["findings"].as_array().unwrap().iter();
        let warned = all.filter(|one| one["severity"] != "notice");
        let mut named: Vec<String> = warned
            .map(|one| format!("{} {}", one["code"], one["subject"]["source"]).replace('"', ""))
            .collect();
        named.sort();
        named
    };
    let snakeoil = "chain.self-signed /etc/ssl/certs/ssl-cert-snakeoil.pem";
    assert_eq!(warnings(&found), [snakeoil]);

    inside(&tree, &["a2enmod", "-q", "ssl"]);
    inside(&tree, &["a2ensite", "-q", "default-ssl"]);
    let root = Path::new(&tree);
    let edit = |name: &str, change: &dyn Fn(String) -> String| {
        let path = root.join(name);
        fs::write(&path, change(fs::read_to_string(&path).unwrap())).unwrap();
    };
    edit("etc/nginx/sites-available/default", &|text| {
        text.replace("# listen 443 ssl", "listen 443 ssl").replace(
            "# include snippets/snakeoil.conf",
            "include snippets/snakeoil.conf",
        )
    });
    let snake = [
        "certs/ssl-cert-snakeoil.pem",
        "private/ssl-cert-snakeoil.key",
    ]
    .map(|name| fs::read(root.join("etc/ssl").join(name)).unwrap());
    let pem = root.join("etc/haproxy/site.pem");
    fs::write(&pem, snake.concat()).unwrap();
    fs::set_permissions(&pem, fs::Permissions::from_mode(0o600)).unwrap();
    edit("etc/haproxy/haproxy.cfg", &|text| {
        text + "\nfrontend www\n\tbind :8443 ssl crt /etc/haproxy/site.pem\n\thttp-request return status 200\n"
    });
    let (exit, found) = asked();
    assert_eq!(exit, 0, "{found}");
    assert_eq!(
        verdicts(&found),
        ["apache", "haproxy", "nginx", "postgres"].map(speaks)
    );
    // One certificate for tests in all four, Apache and nginx that both want port 443, and not a
    // word of what Debian presets.
    assert_eq!(
        warnings(&found),
        [
            snakeoil,
            "chain.self-signed /etc/haproxy/site.pem",
            "config.address-in-use /etc/apache2/ports.conf"
        ]
        .into_iter()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
    );
    judged += compared(&tree, &found);
    let text = said();
    assert!(text.lines().count() <= 24, "{text}");
    assert_eq!(text.matches("is signed by its").count(), 1, "{text}");
    println!("{text}");

    // And what a colleague would cry about: nginx gets another key.
    let snippet = "etc/nginx/snippets/snakeoil.conf";
    edit(snippet, &|text| {
        text.replace("ssl-cert-snakeoil.key", "other.key")
    });
    let other = root.join("etc/ssl/private/other.key");
    fs::write(&other, fs::read(pki("other.key")).unwrap()).unwrap();
    fs::set_permissions(&other, fs::Permissions::from_mode(0o600)).unwrap();
    let (exit, found) = asked();
    assert_eq!(exit, 1, "{found}");
    judged += compared(&tree, &found);
    let text = said();
    assert!(
        text.starts_with("not fit: 1 of 4 servers with errors\n  not fit   nginx"),
        "{text}"
    );
    assert!(
        text.contains("would keep serving the old certificate"),
        "{text}"
    );
    here::compared("doctor of a stock Debian 12", "servers", judged, 8, 0);
}
