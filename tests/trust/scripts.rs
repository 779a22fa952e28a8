//! Every platform's plan and scripts, as they stand in testdata/trust/; shellcheck
//! over every script. `BLESS=1 cargo test --test trust scripts` writes them anew.

use crate::{have, plan_for, testdata};
use certcheck::trust_store::{HostFacts, Plan, Platform};
use std::fmt::Write;
use std::fs;
use std::process::Command;

/// A case: its name, its platform, certificates of testdata/pki, and the machine.
type Case = (
    &'static str,
    Platform,
    &'static [&'static str],
    HostFacts,
    Option<&'static str>,
);

fn release(id: &str, like: &str, version: &str, paths: &[&str]) -> HostFacts {
    let text = format!("ID={id}\nID_LIKE=\"{like}\"\nVERSION_ID=\"{version}\"\n");
    HostFacts::from_listing(Some(&text), paths.iter().copied())
}

fn cases() -> Vec<Case> {
    use Platform as P;
    let anchors = "/etc/pki/ca-trust/source/anchors";
    let rpm =
        |id, like, version, more: &[&str]| release(id, like, version, &[&[anchors], more].concat());
    let profile = "/home/ada/.mozilla/firefox/abcd1234.default-release/cert9.db";
    let nss = release(
        "debian",
        "",
        "12",
        &["/home/ada/.pki/nssdb/cert9.db", profile],
    )
    .with_home("/home/ada");
    let ada = || release("debian", "", "12", &["/etc/ca-certificates.conf"]).with_home("/home/ada");
    vec![
        (
            "debian",
            P::Debian,
            &["root"],
            release(
                "debian",
                "",
                "12",
                &["/usr/local/share/ca-certificates", "/etc/ssl/certs"],
            ),
            None,
        ),
        (
            "debian-unknown",
            P::Debian,
            &["root", "issuing"],
            HostFacts::unknown(),
            None,
        ),
        (
            "debian-root",
            P::Debian,
            &["root", "issuing"],
            HostFacts::unknown(),
            Some("/srv/image"),
        ),
        (
            "debian-leaf",
            P::Debian,
            &["server"],
            HostFacts::unknown(),
            None,
        ),
        (
            "ubuntu",
            P::Debian,
            &["issuing"],
            release("ubuntu", "debian", "24.04", &[]),
            None,
        ),
        (
            "fedora-44",
            P::Rpm,
            &["root", "issuing"],
            rpm("fedora", "", "44", &[]),
            None,
        ),
        (
            "rhel-9",
            P::Rpm,
            &["root"],
            rpm(
                "rhel",
                "fedora",
                "9.4",
                &["/etc/pki/ca-trust/source/blocklist"],
            ),
            None,
        ),
        (
            "rhel-8",
            P::Rpm,
            &["root"],
            rpm(
                "rhel",
                "fedora",
                "8.10",
                &["/etc/pki/ca-trust/source/blacklist"],
            ),
            None,
        ),
        (
            "rhel-6",
            P::Rpm,
            &["root"],
            rpm("rhel", "fedora", "6.10", &[]),
            None,
        ),
        (
            "rpm-root",
            P::Rpm,
            &["root"],
            HostFacts::unknown(),
            Some("/srv/image"),
        ),
        (
            "rpm-self-signed",
            P::Rpm,
            &["self-signed", "root"],
            rpm("rocky", "rhel centos fedora", "9.4", &[]),
            None,
        ),
        (
            "arch",
            P::Arch,
            &["root"],
            release("arch", "", "", &[]),
            None,
        ),
        (
            "opensuse",
            P::OpenSuse,
            &["root"],
            release("opensuse-leap", "suse opensuse", "15.6", &[]),
            None,
        ),
        (
            "opensuse-micro",
            P::OpenSuse,
            &["root"],
            release("opensuse-microos", "suse opensuse", "2026", &[]),
            None,
        ),
        (
            "alpine",
            P::Alpine,
            &["root"],
            release("alpine", "", "3.22", &["/etc/alpine-release"]),
            None,
        ),
        (
            "freebsd",
            P::FreeBsd,
            &["root", "issuing"],
            release("freebsd", "", "14.3", &[]),
            None,
        ),
        (
            "nixos",
            P::NixOs,
            &["root"],
            release("nixos", "", "26.05", &[]),
            None,
        ),
        (
            "macos",
            P::Macos,
            &["root", "issuing", "self-signed"],
            HostFacts::unknown(),
            None,
        ),
        (
            "windows",
            P::Windows,
            &["root", "issuing", "server"],
            HostFacts::unknown(),
            None,
        ),
        ("nss", P::Nss, &["root", "self-signed"], nss, None),
        ("nss-unknown", P::Nss, &["root"], HostFacts::unknown(), None),
        (
            "java",
            P::Java,
            &["root", "issuing"],
            HostFacts::unknown(),
            None,
        ),
        (
            "postgres-client",
            P::PostgresClient,
            &["root", "self-signed"],
            ada(),
            None,
        ),
        ("env", P::Env, &["root"], ada(), None),
        (
            "containers",
            P::Containers,
            &["root", "issuing"],
            ada(),
            None,
        ),
    ]
}

/// A plan for people who read tests.
fn written(plan: &Plan) -> String {
    let mut text = format!("platform {}\n", plan.platform);
    for decision in &plan.certificates {
        let _ = writeln!(
            text,
            "\n{}\n  {} -> {:?}",
            decision.subject,
            decision.role.as_str(),
            decision.outcome
        );
        for client in &decision.clients {
            let _ = writeln!(
                text,
                "  {:22} {:10} {}",
                client.client,
                client.verdict.as_str(),
                client.reason
            );
        }
    }
    for finding in &plan.findings {
        let _ = writeln!(
            text,
            "\n{} {}: {}",
            finding.severity.as_str(),
            finding.code(),
            finding.message()
        );
    }
    for (title, steps, checks) in [
        ("steps", &plan.steps, &plan.verify),
        ("undo", &plan.undo, &plan.undo_verify),
    ] {
        let _ = writeln!(text, "\n{title}");
        for step in steps {
            let _ = writeln!(
                text,
                "- {step}{}",
                if step.privileged { " [privileged]" } else { "" }
            );
            for guard in &step.guards {
                let _ = writeln!(text, "    {guard}");
            }
            let _ = writeln!(
                text,
                "    why: {}\n    changes: {}",
                step.why,
                step.changes.join(", ")
            );
        }
        for check in checks {
            let _ = writeln!(text, "= {check}");
        }
    }
    for note in &plan.notes {
        let _ = writeln!(text, "\nnote: {note}");
    }
    text
}

#[test]
fn scripts_and_plans_are_as_they_stand_in_testdata() {
    let bless = std::env::var_os("BLESS").is_some();
    let (mut compared, mut wrong) = (0, Vec::new());
    for (name, platform, certificates, host, root) in cases() {
        let plan = plan_for(platform, certificates, &host, root);
        let directory = testdata(&format!("trust/{name}"));
        let extension = if platform == Platform::Windows {
            "ps1"
        } else {
            "sh"
        };
        for (file, text) in [
            ("plan.txt".to_owned(), written(&plan)),
            (format!("install.{extension}"), plan.install_script()),
            (format!("undo.{extension}"), plan.undo_script()),
        ] {
            let path = directory.join(&file);
            if bless {
                fs::create_dir_all(&directory).unwrap();
                fs::write(&path, &text).unwrap();
            }
            if fs::read_to_string(&path).unwrap_or_default() != text {
                wrong.push(format!("{name}/{file}"));
            }
            assert!(text.is_ascii() || file == "plan.txt", "{name}/{file}");
            compared += 1;
        }
    }
    assert!(wrong.is_empty(), "not as they stand: {wrong:?}");
    println!("compared {compared} files of {} plans", cases().len());
    assert!(compared >= 75);
}

#[test]
fn shellcheck_has_nothing_to_say() {
    if !have("shellcheck", "shellcheck") {
        return;
    }
    let mut files = Vec::new();
    for (name, ..) in cases() {
        for file in ["install.sh", "undo.sh"] {
            let path = testdata(&format!("trust/{name}/{file}"));
            files.extend(path.exists().then_some(path));
        }
    }
    assert!(files.len() >= 48, "only {} scripts", files.len());
    let output = Command::new("shellcheck")
        .arg("--shell=sh")
        .args(&files)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    println!("shellcheck passed {} scripts", files.len());
}
