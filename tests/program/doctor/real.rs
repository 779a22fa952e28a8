//! `certcheck doctor` and the servers themselves: a listener on this machine, and a stock Debian.

use super::verdicts;
use crate::support::here;
use crate::support::program::{AT, certcheck, document, pki, put, scratch, stdout};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

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
        text.starts_with(
            "not fit: 1 of 4 servers with errors\n  Debian GNU/Linux 12 (bookworm)\n  not fit   nginx"
        ),
        "{text}"
    );
    assert!(
        text.contains("would keep serving the old certificate"),
        "{text}"
    );
    here::compared("doctor of a stock Debian 12", "servers", judged, 8, 0);
}
