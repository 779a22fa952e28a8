//! A whole Debian of its own, with Java: `TRUST_CHROOT` names a tree that
//! debootstrap made (see .ci/trust-chroot). The scripts run in it as root, as they
//! would on a machine.

use crate::tree::{difference, facts, snapshot};
use crate::{plan_for, testdata};
use certcheck::trust_store::{Platform, status};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const JAVA: &str = "/etc/ssl/certs/java/cacerts";

/// Runs a script in the tree. Java needs /proc.
fn within(tree: &Path, script: &str) -> String {
    let mut child = Command::new("unshare")
        .args([
            "-m",
            "sh",
            "-c",
            "mount -t proc proc \"$1/proc\" && exec chroot \"$1\" /bin/sh -s",
            "sh",
        ])
        .arg(tree)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{said}\n{script}");
    said
}

/// The store and all that a plan may touch, but for Java's keystore, which holds
/// the time at which it was made.
fn store(tree: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for part in ["etc", "usr/local", "usr/share/ca-certificates", "var/lib"] {
        for (name, what) in snapshot(&tree.join(part)) {
            let name = format!("{part}/{name}");
            // dpkg keeps notes of the triggers that it ran.
            if !name.ends_with("java/cacerts")
                && !name.starts_with("var/lib/dpkg/")
                && name != "etc/ssl/certs/java"
            {
                all.insert(name, what);
            }
        }
    }
    all
}

/// Aliases and fingerprints of Java's keystore.
fn java(tree: &Path) -> BTreeSet<String> {
    let listed = within(
        tree,
        &format!("keytool -list -keystore {JAVA} -storepass changeit"),
    );
    let lines: Vec<_> = listed.lines().collect();
    let entries: BTreeSet<String> = lines
        .windows(2)
        .filter(|pair| pair[1].contains("fingerprint"))
        .map(|pair| format!("{} {}", pair[0].split(',').next().unwrap(), pair[1]))
        .collect();
    assert!(entries.len() > 100, "{listed}");
    entries
}

#[test]
fn a_debian_of_its_own_with_java() {
    let Some(tree) = std::env::var_os("TRUST_CHROOT").map(PathBuf::from) else {
        if !crate::here::own_step("trust_chroot") {
            crate::here::skipped(
                "a Debian of its own",
                "TRUST_CHROOT names no tree (.ci/trust-chroot makes one)",
            );
        }
        return;
    };
    let (before, before_java) = (store(&tree), java(&tree));
    let plan = || {
        plan_for(
            Platform::Debian,
            &["root", "issuing"],
            &facts(&tree, None),
            None,
        )
    };
    let first = plan();
    assert_eq!(first.steps.len(), 3, "{:?}", first.steps);
    let said = within(&tree, &first.install_script());
    assert!(said.contains("the store holds it"), "{said}");
    let added: BTreeSet<_> = java(&tree).difference(&before_java).cloned().collect();
    assert_eq!(added.len(), 2, "{added:?}");
    std::fs::copy(testdata("pki/server.crt"), tree.join("tmp/server.crt")).unwrap();
    for store in [
        "-no-CApath -CAfile /etc/ssl/certs/ca-certificates.crt",
        "-no-CAfile -CApath /etc/ssl/certs",
        "",
    ] {
        let said = within(
            &tree,
            &format!("openssl verify -attime 1795348800 {store} /tmp/server.crt"),
        );
        assert!(said.contains("OK"), "{said}");
    }
    let documents = crate::documents(&["root", "issuing"]);
    let found = status(
        &crate::candidates(&documents),
        &facts(&tree, None),
        None,
        crate::now(),
    );
    for certificate in &found {
        let java = certificate
            .stores
            .iter()
            .find(|store| store.path == JAVA)
            .unwrap();
        assert_eq!(java.holding.as_str(), "holds");
        assert!(certificate.is_held());
    }

    let installed = store(&tree);
    let said = within(&tree, &first.install_script());
    assert!(said.contains("nothing to do"), "{said}");
    assert_eq!(difference(&installed, &store(&tree)), [] as [&str; 0]);
    let again = plan();
    assert!(again.is_empty(), "{:?}", again.steps);

    let said = within(&tree, &again.undo_script());
    assert!(said.contains("undone"), "{said}");
    assert_eq!(
        difference(&before, &store(&tree)),
        [] as [&str; 0],
        "{said}"
    );
    assert_eq!(java(&tree), before_java);
    let said = within(&tree, &again.undo_script());
    assert!(said.contains("nothing to undo"), "{said}");
    crate::ran(1, "update-ca-certificates, a Debian of its own with Java");
}
