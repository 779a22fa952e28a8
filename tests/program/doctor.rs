//! `certcheck doctor` over trees: what packages leave, TLS switched on as their files
//! say, and faults.
#![cfg(all(feature = "cli", unix))]

mod real;
mod tree;

use crate::support::program::{AT, certcheck, code, document, pki, put, refused, scratch, stdout};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use tree::{debian, switch_on};

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
    // `ssl = off` is written in postgresql.conf: someone's decision, worth no more than a notice.
    let findings = found["findings"].as_array().unwrap();
    let said = |one: &Value| (one["code"].clone(), one["severity"].clone());
    assert_eq!(
        findings.iter().map(said).collect::<Vec<_>>(),
        [("config.tls-off".into(), "notice".into())],
        "{found}"
    );
    let by = found["result"]["servers"].as_array().unwrap().iter();
    let haproxy: Vec<_> = by.filter(|one| one["server"] == "haproxy").collect();
    assert_eq!(
        haproxy[0]["found_by"],
        "/usr/lib/systemd/system/haproxy.service"
    );
}

/// A machine is judged by its own system and versions.
#[test]
fn the_versions_are_those_that_are_installed() {
    let dir = scratch();
    debian(dir.path());
    switch_on(dir.path());
    let file = |name: &str, text: &str| put(dir.path(), name, text.as_bytes());
    let nginx = dir.path().join("etc/nginx/nginx.conf");
    let text = fs::read_to_string(&nginx).unwrap();
    fs::write(&nginx, text.replacen("http {", "http {\nhttp2 on;\n", 1)).unwrap();
    let (exit, found) = doctor(dir.path());
    assert_eq!(exit, 1, "nginx 1.22 has no http2: {found}");
    file(
        "etc/os-release",
        "ID=debian\nVERSION_ID=\"13\"\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n",
    );
    fs::create_dir_all(dir.path().join("var/lib/dpkg")).unwrap();
    file(
        "var/lib/dpkg/status",
        "Package: nginx\nStatus: install ok installed\nVersion: 1.26.3-3+deb13u1\n",
    );
    let (exit, found) = doctor(dir.path());
    assert_eq!(exit, 0, "{found}");
    assert_eq!(
        found["result"]["system"],
        "Debian GNU/Linux 13 (trixie): judged as debian-13"
    );
}

/// Nothing is known of the defaults of this system: no verdict that is not true.
#[test]
fn a_system_or_policy_that_is_not_known_is_undecided() {
    let release = |text: &str, policy: &str| {
        let dir = scratch();
        debian(dir.path());
        switch_on(dir.path());
        put(dir.path(), "etc/os-release", text.as_bytes());
        fs::create_dir_all(dir.path().join("etc/crypto-policies")).unwrap();
        put(dir.path(), "etc/crypto-policies/config", policy.as_bytes());
        let (exit, found) = doctor(dir.path());
        (exit, found["verdict"].clone(), found.to_string())
    };
    let (exit, verdict, text) = release("ID=fedora\nVERSION_ID=43\n", "DEFAULT\n");
    assert_eq!((exit, verdict), (1, "undecided".into()), "{text}");
    assert!(
        text.contains(
            "certcheck does not know the defaults of fedora 43; judged by those of debian-12"
        ),
        "{text}"
    );
    let (exit, verdict, text) = release("ID=almalinux\nVERSION_ID=9.6\n", "DEFAULT:SHA1\n");
    assert_eq!((exit, verdict), (1, "undecided".into()), "{text}");
    assert!(
        text.contains(
            "certcheck does not know the crypto policy DEFAULT:SHA1; judged by rhel-9:DEFAULT"
        ),
        "{text}"
    );
}

/// `ALTER SYSTEM SET ssl = off` is said where postgresql.conf turns it on.
#[test]
fn tls_that_alter_system_turns_off_is_said() {
    let dir = scratch();
    debian(dir.path());
    switch_on(dir.path());
    put(
        dir.path(),
        "var/lib/postgresql/15/main/postgresql.auto.conf",
        b"ssl = 'off'\n",
    );
    let (exit, found) = doctor(dir.path());
    assert_eq!(exit, 1, "{found}");
    let findings = found["findings"].as_array().unwrap();
    assert!(
        findings
            .iter()
            .any(|one| one["code"] == "config.tls-off" && one["severity"] == "error"),
        "{found}"
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

/// Two enabled servers that want one port; each way to mask one of them ends that.
#[test]
fn a_masked_unit_does_not_start_with_the_machine() {
    let tree = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/doctor/ports-of-two/tree");
    let link = |own: &Path| symlink("/dev/null", own).unwrap();
    let masks: [(&str, &dyn Fn(&Path)); 3] = [
        ("not masked", &|_| {}),
        ("a link", &link),
        ("an empty file", &|own| fs::write(own, "").unwrap()),
    ];
    for (how, mask) in masks {
        for moved in [false, true] {
            let dir = scratch();
            let root = dir.path().join("tree");
            copied(&tree, &root);
            mask(&root.join("etc/systemd/system/nginx.service"));
            if moved {
                // An absolute link begins at the tree's root.
                fs::rename(root.join("etc/systemd"), root.join("units")).unwrap();
                symlink("/units", root.join("etc/systemd")).unwrap();
            }
            let (_, found) = doctor(&root);
            let codes = found["findings"].as_array().unwrap().iter();
            let shared = codes
                .filter(|one| one["code"] == "config.address-in-use")
                .count();
            assert_eq!(
                shared,
                usize::from(how == "not masked"),
                "{how}, {moved}: {found}"
            );
        }
    }
}

/// Two clusters that start by themselves and want one port, unless one is started by hand.
#[test]
fn clusters_that_share_a_port_are_said() {
    for (start, shared) in [("auto", 1), ("manual", 0), ("disabled", 0)] {
        let dir = scratch();
        debian(dir.path());
        switch_on(dir.path());
        let main = dir.path().join("etc/postgresql/15/main");
        let second = dir.path().join("etc/postgresql/15/second");
        fs::write(main.join("start.conf"), "# Automatic startup\nauto\n").unwrap();
        copied(&main, &second);
        fs::write(second.join("start.conf"), format!("{start}\n")).unwrap();
        let (_, found) = doctor(dir.path());
        let codes = found["findings"].as_array().unwrap().iter();
        let said = codes.filter(|one| {
            one["code"] == "config.address-in-use" && one["evidence"]["server"] == "PostgreSQL"
        });
        assert_eq!(said.count(), shared, "{start}: {found}");
    }
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_symlink() {
            symlink(fs::read_link(&from).unwrap(), &to).unwrap();
        } else if from.is_dir() {
            copied(&from, &to);
        } else {
            fs::copy(&from, &to).map(drop).unwrap();
        }
    }
}
