//! Debian's real `update-ca-certificates`, in scratch trees and without privilege.

use crate::tree::{difference, facts, sh, sh_ok, snapshot};
use crate::{have, plan_for, testdata};
use certcheck::trust_store::{Plan, Platform, sh_install, sh_undo};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

const BUNDLE: &str = "etc/ssl/certs/ca-certificates.crt";

/// The real tool, told where everything is: its links lead through `root`.
pub(crate) fn update(root: &str) {
    let status = Command::new("/usr/sbin/update-ca-certificates")
        .args(["--certsconf", &format!("{root}/etc/ca-certificates.conf")])
        .args(["--certsdir", &format!("{root}/usr/share/ca-certificates")])
        .args([
            "--localcertsdir",
            &format!("{root}/usr/local/share/ca-certificates"),
        ])
        .args([
            "--etccertsdir",
            &format!("{root}/etc/ssl/certs"),
            "--hooksdir",
            "/dev/null",
        ])
        .output()
        .unwrap();
    assert!(status.status.success(), "{status:?}");
}

/// A tree of one of several kinds.
fn tree(kind: &str) -> tempfile::TempDir {
    let tree = tempfile::tempdir().unwrap();
    let at = |path: &str| tree.path().join(path);
    if kind == "bare" {
        return tree;
    }
    for directory in [
        "etc/ssl/certs",
        "etc/ca-certificates/update.d",
        "usr/share/ca-certificates/mozilla",
        "usr/local/share/ca-certificates",
    ] {
        fs::create_dir_all(at(directory)).unwrap();
    }
    fs::write(at("etc/os-release"), "ID=debian\nVERSION_ID=\"12\"\n").unwrap();
    // A hook that would reach out of the tree must not be run.
    let hook = at("etc/ca-certificates/update.d/zz-escape");
    fs::write(
        &hook,
        format!("#!/bin/sh\ntouch {}\n", at("escaped").display()),
    )
    .unwrap();
    fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    if kind == "empty" {
        fs::write(at("etc/ca-certificates.conf"), "").unwrap();
        return tree;
    }
    // `root-sha1` has the name of `root`, and so its hash: of two such links the
    // tool's next run may swap the numbers, whoever starts it.
    let shipped: &[&str] = match kind {
        "namesake" => &["constrained", "root-sha1"],
        _ => &["constrained", "sub"],
    };
    for name in shipped {
        let file = format!("usr/share/ca-certificates/mozilla/{name}.crt");
        fs::copy(testdata(&format!("pki/{name}.crt")), at(&file)).unwrap();
    }
    fs::copy(
        testdata("pki/ca-as-server.crt"),
        at("usr/local/share/ca-certificates/by hand (1).crt"),
    )
    .unwrap();
    let shipped: Vec<_> = fs::read_dir(at("usr/share/ca-certificates/mozilla"))
        .unwrap()
        .map(|entry| format!("mozilla/{}\n", entry.unwrap().file_name().display()))
        .collect();
    fs::write(at("etc/ca-certificates.conf"), shipped.concat()).unwrap();
    let root = tree.path().display().to_string();
    update(&root);
    // The links as they are on a machine of its own: absolute from its root.
    for entry in fs::read_dir(at("etc/ssl/certs")).unwrap() {
        let link = entry.unwrap().path();
        if let Ok(target) = fs::read_link(&link)
            && let Ok(inside) = target.strip_prefix(&root)
        {
            fs::remove_file(&link).unwrap();
            symlink(Path::new("/").join(inside), &link).unwrap();
        }
    }
    // Somebody else's certificate, linked from elsewhere in the tree: it leads
    // nowhere when seen from outside.
    fs::create_dir_all(at("etc/elsewhere")).unwrap();
    fs::copy(testdata("pki/sub.crt"), at("etc/elsewhere/sub.pem")).unwrap();
    symlink("/etc/elsewhere/sub.pem", at("etc/ssl/certs/elsewhere.pem")).unwrap();
    symlink("elsewhere.pem", at("etc/ssl/certs/12345678.0")).unwrap();
    tree
}

fn plan(tree: &Path, names: &[&str]) -> Plan {
    let root = tree.display().to_string();
    plan_for(Platform::Debian, names, &facts(tree, None), Some(&root))
}

/// Whether OpenSSL reads the certificate from the bundle: an eye that is not ours.
fn openssl_reads(tree: &Path, name: &str) -> bool {
    let certificate = testdata(&format!("pki/{name}.crt"));
    let wanted = fs::read_to_string(&certificate).unwrap().replace('\r', "");
    let bundle = tree.join(BUNDLE);
    let listed = Command::new("openssl")
        .args(["storeutl", "-certs", "-noout", "-text"])
        .arg(&bundle)
        .output()
        .unwrap();
    assert!(listed.status.success(), "{listed:?}");
    let body = |text: &str| -> String {
        text.lines()
            .skip_while(|l| !l.starts_with("-----BEGIN"))
            .take_while(|l| !l.starts_with("-----END"))
            .collect()
    };
    let bundle = fs::read_to_string(&bundle).unwrap();
    bundle
        .split_inclusive("-----END CERTIFICATE-----\n")
        .any(|section| body(section) == body(&wanted))
}

#[test]
fn install_verify_again_and_undo() {
    if !have("update-ca-certificates", "ca-certificates") || !have("openssl", "openssl") {
        return;
    }
    let sets: [&[&str]; 4] = [
        &["root"],
        &["root", "issuing"],
        &["self-signed"],
        &["server"],
    ];
    let mut runs = 0;
    for kind in ["bare", "empty", "full", "namesake"] {
        for names in sets {
            let tree = tree(kind);
            let before = snapshot(tree.path());
            let first = plan(tree.path(), names);
            assert!(!first.is_empty(), "{kind} {names:?}");
            let script = sh_install(&first);
            let said = sh_ok(&script, None);
            assert!(said.contains("the store holds it"), "{said}");
            for name in names {
                assert!(openssl_reads(tree.path(), name), "{kind} {name}");
            }
            assert!(!tree.path().join("escaped").exists(), "a hook was run");
            let installed = snapshot(tree.path());
            let links: Vec<_> = installed
                .values()
                .filter(|what| what.starts_with("-> "))
                .collect();
            let astray = tree.path().display().to_string();
            assert!(
                links.iter().all(|link| !link.contains(&astray)),
                "{links:?}"
            );

            let said = sh_ok(&script, None);
            assert!(said.contains("nothing to do"), "{said}");
            assert_eq!(
                difference(&installed, &snapshot(tree.path())),
                [] as [&str; 0]
            );

            let again = plan(tree.path(), names);
            assert!(again.is_empty(), "{:?}", again.steps);
            assert!(!again.undo.is_empty());

            let script = sh_undo(&again);
            let said = sh_ok(&script, None);
            assert!(said.contains("undone"), "{said}");
            let left = difference(&before, &snapshot(tree.path()));
            assert_eq!(left, [] as [&str; 0], "{kind} {names:?}: {said}");

            let said = sh_ok(&script, None);
            assert!(said.contains("nothing to undo"), "{said}");
            runs += 1;
        }
    }
    crate::ran(runs, "update-ca-certificates, scratch trees");
    assert_eq!(runs, 16);
}

/// A tree that the tool made from outside keeps its links, and serves OpenSSL there.
#[test]
fn a_tree_made_from_outside_stays_so() {
    if !have("update-ca-certificates", "ca-certificates") || !have("openssl", "openssl") {
        return;
    }
    let mut runs = 0;
    // A bundle of one certificate is hashed like a file of its own. With a
    // configuration that is not empty, the tool does not start anew.
    for (shipped, local, configured) in [
        (&["constrained", "sub"][..], true, true),
        (&["constrained"], false, true),
        (&[], true, false),
        (&[], true, true),
    ] {
        let tree = tree("empty");
        let at = |path: &str| tree.path().join(path);
        let mut configuration = String::new();
        if configured {
            configuration.push_str("# what is shipped\n");
        }
        for name in shipped {
            let file = format!("usr/share/ca-certificates/mozilla/{name}.crt");
            fs::copy(testdata(&format!("pki/{name}.crt")), at(&file)).unwrap();
            configuration.push_str(&format!("mozilla/{name}.crt\n"));
        }
        fs::write(at("etc/ca-certificates.conf"), configuration).unwrap();
        if local {
            let mine = at("usr/local/share/ca-certificates/mine.crt");
            fs::copy(testdata("pki/ca-as-server.crt"), mine).unwrap();
        }
        let root = tree.path().display().to_string();
        update(&root);
        let before = snapshot(tree.path());
        let outside = format!("-> {root}/");
        assert!(before.values().any(|what| what.starts_with(&outside)));

        let first = plan(tree.path(), &["root"]);
        sh_ok(&sh_install(&first), None);
        let installed = snapshot(tree.path());
        let changed: Vec<_> = difference(&before, &installed)
            .into_iter()
            .filter(|line| !line.starts_with('+'))
            .collect();
        assert_eq!(changed, [format!("~ {BUNDLE}")], "{shipped:?} {local}");
        let mut verified = shipped.to_vec();
        verified.push("root");
        for name in verified {
            let output = Command::new("openssl")
                .args(["verify", "-no-CAfile", "-no-CAstore", "-CApath"])
                .arg(at("etc/ssl/certs"))
                .arg("-partial_chain")
                .arg(testdata(&format!("pki/{name}.crt")))
                .output()
                .unwrap();
            assert!(output.status.success(), "{name}: {output:?}");
        }

        let said = sh_ok(&sh_undo(&first), None);
        let left = difference(&before, &snapshot(tree.path()));
        assert_eq!(left, [] as [&str; 0], "{shipped:?} {local}: {said}");
        runs += 1;
    }
    crate::ran(runs, "update-ca-certificates, trees made from outside");
    assert_eq!(runs, 4);
}

#[test]
fn what_is_not_ours_is_left_alone() {
    if !have("update-ca-certificates", "ca-certificates") {
        return;
    }
    // The administrator had written the very same file.
    let tree = tree("full");
    let first = plan(tree.path(), &["root"]);
    let (path, content) = (
        first.steps[0].path().unwrap(),
        first.steps[0].content().unwrap(),
    );
    fs::write(path, content).unwrap();
    let before = snapshot(tree.path());
    sh_ok(&sh_install(&first), None);
    let said = sh_ok(&sh_undo(&first), None);
    assert!(said.contains("left alone"), "{said}");
    assert!(Path::new(path).exists());
    drop(before);

    // Somebody changed the file after the plan had written it.
    let tree = self::tree("full");
    let first = plan(tree.path(), &["root"]);
    sh_ok(&sh_install(&first), None);
    let path = first.steps[0].path().unwrap();
    fs::write(path, "something else\n").unwrap();
    let output = sh(&sh_undo(&first), None);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(Path::new(path).exists());

    // Another file of that name is there: nothing is begun.
    let tree = self::tree("full");
    let first = plan(tree.path(), &["root"]);
    fs::write(first.steps[0].path().unwrap(), "something else\n").unwrap();
    let before = snapshot(tree.path());
    let output = sh(&sh_install(&first), None);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing was changed"));
    assert_eq!(difference(&before, &snapshot(tree.path())), [] as [&str; 0]);
}

/// Debian's tool writes the bundle anew where the store is not empty, so that what is
/// in it then is somebody else's too.
#[test]
fn what_the_administrator_installs_too_stays_in_the_bundle() {
    if !have("update-ca-certificates", "ca-certificates") {
        return;
    }
    let tree = tree("empty");
    let first = plan(tree.path(), &["root"]);
    sh_ok(&sh_install(&first), None);
    let own = tree
        .path()
        .join("usr/local/share/ca-certificates/administrator.crt");
    fs::copy(testdata("pki/root.crt"), own).unwrap();
    let output = sh(&sh_undo(&first), None);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(said.contains("another source provides it"), "{said}");
    assert!(openssl_reads(tree.path(), "root"));
}

#[test]
fn undoing_one_plan_leaves_the_other() {
    if !have("update-ca-certificates", "ca-certificates") {
        return;
    }
    let tree = tree("full");
    let before = snapshot(tree.path());
    let root = plan(tree.path(), &["root"]);
    sh_ok(&sh_install(&root), None);
    let alone = snapshot(tree.path());
    let both = plan(tree.path(), &["root", "issuing"]);
    assert_eq!(
        both.steps
            .iter()
            .filter(|step| step.kind() == "write-file")
            .count(),
        1
    );
    sh_ok(&sh_install(&both), None);
    let issuing = plan(tree.path(), &["issuing"]);
    sh_ok(&sh_undo(&issuing), None);
    assert_eq!(difference(&alone, &snapshot(tree.path())), [] as [&str; 0]);
    sh_ok(&sh_undo(&root), None);
    assert_eq!(difference(&before, &snapshot(tree.path())), [] as [&str; 0]);
}

/// The checks must see what the tool's exit status hides.
#[test]
fn a_tool_that_does_nothing_and_says_all_is_well_is_found_out() {
    if !have("openssl", "openssl") {
        return;
    }
    let tree = tree("empty");
    let script = sh_install(&plan(tree.path(), &["root"]));
    let broken = script.replace("in_tree ", "true in_tree ");
    assert_ne!(broken, script);
    let output = sh(&broken, None);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("not so: ") && said.contains(BUNDLE), "{said}");
}

/// A scratch tree is its owner's business: no step asks for more.
#[test]
fn a_scratch_tree_needs_no_privilege() {
    if !have("update-ca-certificates", "ca-certificates") || !have("setpriv", "util-linux") {
        return;
    }
    let tree = tree("full");
    let before = snapshot(tree.path());
    let plan = plan(tree.path(), &["root"]);
    assert!(
        plan.steps
            .iter()
            .chain(&plan.undo)
            .all(|step| !step.privileged)
    );
    let root = tree.path().display();
    let as_nobody = |script: &str| {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, script).unwrap();
        let path = file.path().display();
        // Whoever is not root is nobody enough.
        sh_ok(
            &format!(
                "if [ \"$(id -u)\" != 0 ]; then exec sh {path}; fi\nchmod 644 {path}\nchown -R 65534:65534 {root}\nexec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs sh {path}\n"
            ),
            None,
        )
    };
    let said = as_nobody(&plan.install_script());
    assert!(said.contains("the store holds it"), "{said}");
    as_nobody(&plan.undo_script());
    assert_eq!(difference(&before, &snapshot(tree.path())), [] as [&str; 0]);
}
