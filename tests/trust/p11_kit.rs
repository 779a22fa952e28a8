//! Fedora's, Arch's and openSUSE's layouts with the real `trust` of p11-kit.
//!
//! Debian's p11-kit reads one compiled-in file, so the distributions' tools are
//! played by a program that puts the anchors of the tree in that file's place,
//! in a mount namespace of its own, and runs `trust extract` as they do.

use crate::tree::{difference, facts, sh, sh_ok, snapshot};
use crate::{have, plan_for, testdata};
use certcheck::trust_store::{Platform, Verdict};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

const PLAYED: &str = r#"#!/bin/sh
# chroot TREE TOOL...: what TOOL does there, with the p11-kit of this machine.
set -eu
tree=$1
anchors=$(mktemp)
for file in "$tree/$SOURCE"/*; do [ -f "$file" ] && cat "$file" >>"$anchors"; done
new=$tree/$BUNDLE.new
unshare -m sh -c 'mount --bind "$1" /etc/ssl/certs/ca-certificates.crt &&
  trust extract --overwrite --format=pem-bundle --filter=ca-anchors --purpose=server-auth "$2"' sh "$anchors" "$new"
rm -f "$anchors"
mv -f "$new" "$tree/$BUNDLE"
"#;

fn may_unshare() -> bool {
    let may = Command::new("unshare")
        .args(["-m", "true"])
        .status()
        .is_ok_and(|status| status.success());
    if !may {
        crate::here::skipped("p11-kit", "no mount namespaces here (run as root)");
    }
    may
}

struct Layout {
    platform: Platform,
    release: &'static str,
    source: &'static str,
    bundle: &'static str,
}

const LAYOUTS: &[Layout] = &[
    Layout {
        platform: Platform::Rpm,
        release: "ID=rocky\nID_LIKE=\"rhel fedora\"\n",
        source: "etc/pki/ca-trust/source/anchors",
        bundle: "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    },
    Layout {
        platform: Platform::Arch,
        release: "ID=arch\n",
        source: "etc/ca-certificates/trust-source/anchors",
        bundle: "etc/ca-certificates/extracted/tls-ca-bundle.pem",
    },
    Layout {
        platform: Platform::OpenSuse,
        release: "ID=opensuse-leap\nID_LIKE=\"suse opensuse\"\n",
        source: "etc/pki/trust/anchors",
        bundle: "var/lib/ca-certificates/ca-bundle.pem",
    },
];

#[test]
fn install_verify_again_and_undo() {
    if !have("trust", "p11-kit") || !may_unshare() {
        return;
    }
    let mut runs = 0;
    for layout in LAYOUTS {
        let scratch = tempfile::tempdir().unwrap();
        let tree = scratch.path().join("tree");
        let bin = scratch.path().join("bin");
        for directory in [
            &tree.join(layout.source),
            &tree.join(layout.bundle).parent().unwrap().to_path_buf(),
            &tree.join("etc"),
            &bin,
        ] {
            fs::create_dir_all(directory).unwrap();
        }
        fs::write(tree.join("etc/os-release"), layout.release).unwrap();
        let played = bin.join("chroot");
        fs::write(&played, PLAYED).unwrap();
        fs::set_permissions(&played, PermissionsExt::from_mode(0o755)).unwrap();
        let here = |script: String| {
            let lines = format!(
                "PATH={}:$PATH\nSOURCE={}\nBUNDLE={}\nexport PATH SOURCE BUNDLE\n{script}",
                bin.display(),
                layout.source,
                layout.bundle
            );
            lines
        };
        let root = tree.display().to_string();
        // A certificate that is no CA's, put there by hand: p11-kit leaves it out,
        // which is why a plan refuses it.
        fs::copy(
            testdata("pki/self-signed.crt"),
            tree.join(layout.source).join("self-signed.pem"),
        )
        .unwrap();
        fs::copy(
            testdata("pki/other-root.crt"),
            tree.join(layout.source).join("other.pem"),
        )
        .unwrap();
        let by_hand = here(format!("chroot {root} update\n"));
        sh_ok(&by_hand, None);
        let sections = || {
            fs::read_to_string(tree.join(layout.bundle))
                .unwrap()
                .matches("-----BEGIN CERTIFICATE-----")
                .count()
        };
        assert_eq!(sections(), 1, "{}", layout.platform);
        let refused = plan_for(
            layout.platform,
            &["self-signed"],
            &facts(&tree, None),
            Some(&root),
        );
        assert!(refused.is_empty());
        assert!(
            refused.certificates[0]
                .clients
                .iter()
                .all(|client| client.verdict != Verdict::Accepts)
        );

        let before = snapshot(&tree);
        let plan = || {
            plan_for(
                layout.platform,
                &["root", "issuing"],
                &facts(&tree, None),
                Some(&root),
            )
        };
        let first = plan();
        let said = sh_ok(&here(first.install_script()), None);
        assert!(said.contains("the store holds it"), "{said}");
        assert_eq!(sections(), 3);
        let installed = snapshot(&tree);
        let said = sh_ok(&here(first.install_script()), None);
        assert!(said.contains("nothing to do"), "{said}");
        assert_eq!(difference(&installed, &snapshot(&tree)), [] as [&str; 0]);
        assert!(plan().is_empty());
        sh_ok(&here(plan().undo_script()), None);
        assert_eq!(difference(&before, &snapshot(&tree)), [] as [&str; 0]);
        runs += 1;

        // A blocklist entry that the tool obeys: the plan refuses instead of trying.
        let list = match layout.platform {
            Platform::Rpm => "etc/pki/ca-trust/source/blocklist",
            Platform::Arch => "etc/ca-certificates/trust-source/blocklist",
            _ => "etc/pki/trust/blocklist",
        };
        fs::create_dir_all(tree.join(list)).unwrap();
        fs::copy(testdata("pki/root.crt"), tree.join(list).join("bad.pem")).unwrap();
        let blocked = plan_for(layout.platform, &["root"], &facts(&tree, None), Some(&root));
        assert!(blocked.is_empty());
        assert_eq!(blocked.findings[0].code().as_str(), "trust.blocked");
    }
    crate::ran(runs, "p11-kit's trust, layouts of rpm, arch, opensuse");
    assert_eq!(runs, 3);
}

/// A tool that leaves the certificate out and says that all is well is found out.
#[test]
fn what_the_tool_leaves_out_is_found_out() {
    let tree = tempfile::tempdir().unwrap();
    let root = tree.path().display().to_string();
    let plan = plan_for(
        Platform::Rpm,
        &["root"],
        &facts(tree.path(), None),
        Some(&root),
    );
    let script = format!("chroot() {{ return 0; }}\n{}", plan.install_script());
    let output = sh(&script, None);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("tls-ca-bundle.pem"), "{said}");
    assert!(
        Path::new(&root)
            .join("etc/pki/ca-trust/source/anchors")
            .exists()
    );
}
