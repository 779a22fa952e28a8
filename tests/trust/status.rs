//! Where a certificate is, told from the files of a machine.

use crate::tree::{facts, sh_ok};
use crate::{candidates, documents, have, now, plan_for, testdata};
use certcheck::trust_store::{Holding, HostFacts, Platform, Status, StoreStatus, status};
use std::fs;
use std::path::Path;

fn of(names: &[&str], host: &HostFacts) -> Vec<Status> {
    let documents = documents(names);
    status(&candidates(&documents), host, None, now())
}

fn at<'s>(status: &'s Status, path: &str) -> &'s StoreStatus {
    let found = status.stores.iter().find(|store| store.path == path);
    found.unwrap_or_else(|| panic!("{path} is not in {status:?}"))
}

fn pem(name: &str) -> Vec<u8> {
    fs::read(testdata(&format!("pki/{name}.crt"))).unwrap()
}

const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";
const LINKS: &str = "/etc/ssl/certs";

#[test]
fn installed_by_the_real_tool_and_then_not_any_more() {
    if !have("update-ca-certificates", "ca-certificates") {
        return;
    }
    let tree = tempfile::tempdir().unwrap();
    let root = tree.path().display().to_string();
    let look = || facts(tree.path(), None);
    let plan = plan_for(Platform::Debian, &["root"], &look(), Some(&root));
    sh_ok(&plan.install_script(), None);
    let after = of(&["root", "issuing"], &look());
    assert!(after[0].is_held() && !after[1].is_held());
    let bundle = at(&after[0], BUNDLE);
    assert_eq!(bundle.holding, Holding::Holds);
    assert!(bundle.clients.iter().any(|answer| answer.client == "curl"));
    assert_eq!(at(&after[0], LINKS).holding, Holding::Holds);
    sh_ok(&plan.undo_script(), None);
    assert!(!of(&["root"], &look())[0].is_held());
}

/// The real tool copies a raw DER file into the bundle. OpenSSL, Python, GnuTLS and Go find
/// no certificate there; the plan's clean PEM beside it heals it.
#[test]
fn der_in_debians_directory_is_not_in_the_bundle() {
    if !have("update-ca-certificates", "ca-certificates") {
        return;
    }
    let tree = tempfile::tempdir().unwrap();
    let source = "usr/local/share/ca-certificates";
    for directory in ["etc/ssl/certs", source, "usr/share/ca-certificates"] {
        fs::create_dir_all(tree.path().join(directory)).unwrap();
    }
    fs::write(tree.path().join("etc/os-release"), "ID=debian\n").unwrap();
    fs::write(tree.path().join("etc/ca-certificates.conf"), "").unwrap();
    let bytes = documents(&["root"]);
    let der = candidates(&bytes)[0].certificate.der().to_vec();
    fs::write(tree.path().join(source).join("raw.crt"), &der).unwrap();
    crate::debian::update(&tree.path().display().to_string());
    let bundle = fs::read(tree.path().join("etc/ssl/certs/ca-certificates.crt")).unwrap();
    assert!(bundle.starts_with(&der), "the tool copied it as it is");
    let look = || facts(tree.path(), None);
    let found = &of(&["root"], &look())[0];
    assert_eq!(at(found, BUNDLE).holding, Holding::Lacks);
    assert!(at(found, BUNDLE).clients.is_empty() && !found.is_held());
    assert_eq!(
        at(found, "/usr/local/share/ca-certificates/raw.crt").holding,
        Holding::NotTakenUp
    );
    let root = tree.path().display().to_string();
    let plan = plan_for(Platform::Debian, &["root"], &look(), Some(&root));
    assert!(!plan.is_empty(), "{:?}", plan.certificates);
    sh_ok(&plan.install_script(), None);
    assert_eq!(
        at(&of(&["root"], &look())[0], BUNDLE).holding,
        Holding::Holds
    );
}

/// A bundle to which somebody added DER by `cat`: the BEGIN line behind it begins no line,
/// and OpenSSL finds nothing in the whole file.
#[test]
fn a_bundle_behind_raw_der_holds_nothing() {
    let documents = documents(&["root", "issuing"]);
    let der = candidates(&documents)[0].certificate.der().to_vec();
    let issuing = pem("issuing");
    let tree = tempfile::tempdir().unwrap();
    let bundle = tree.path().join(BUNDLE.trim_start_matches('/'));
    fs::create_dir_all(bundle.parent().unwrap()).unwrap();
    fs::write(tree.path().join("etc/os-release"), "ID=debian\n").unwrap();
    for (between, held) in [("", Holding::Lacks), ("\n", Holding::Holds)] {
        fs::write(&bundle, [&der, between.as_bytes(), &issuing].concat()).unwrap();
        let found = of(&["root", "issuing"], &facts(tree.path(), None));
        assert_eq!(at(&found[0], BUNDLE).holding, Holding::Lacks);
        assert_eq!(at(&found[1], BUNDLE).holding, held);
        if have("openssl", "openssl") {
            let bundle = bundle.display().to_string();
            let issuing = testdata("pki/issuing.crt").display().to_string();
            let words = [
                "-partial_chain",
                "-no_check_time",
                "-no-CApath",
                "-CAfile",
                &bundle,
            ];
            let mut openssl = std::process::Command::new("openssl");
            let output = openssl
                .arg("verify")
                .args(words)
                .arg(&issuing)
                .output()
                .unwrap();
            assert_eq!(
                output.status.success(),
                held == Holding::Holds,
                "{output:?}"
            );
        }
    }
}

#[test]
fn a_file_that_no_tool_took_up_is_not_trusted() {
    let mut host = HostFacts::from_listing(Some("ID=debian\n"), [LINKS]);
    host.add_file(BUNDLE, pem("other-root"));
    host.add_file("/usr/local/share/ca-certificates/root.pem", pem("root"));
    let found = &of(&["root"], &host)[0];
    assert_eq!(
        at(found, "/usr/local/share/ca-certificates/root.pem").holding,
        Holding::NotTakenUp
    );
    assert_eq!(at(found, BUNDLE).holding, Holding::Lacks);
    assert!(!found.is_held());
}

#[test]
fn what_lies_about_in_the_directory_is_an_anchor_for_some() {
    let mut host = HostFacts::from_listing(Some("ID=debian\n"), [LINKS]);
    host.add_file(BUNDLE, pem("other-root"));
    host.add_file("/etc/ssl/certs/ssl-cert-snakeoil.pem", pem("self-signed"));
    let found = &of(&["self-signed"], &host)[0];
    let stray = at(found, "/etc/ssl/certs/ssl-cert-snakeoil.pem");
    assert_eq!(stray.holding, Holding::Stray);
    assert_eq!(stray.clients.len(), 1);
    assert_eq!(stray.clients[0].client, "rustls");
}

#[test]
fn blocked_beats_held() {
    let mut host =
        HostFacts::from_listing(Some("ID=fedora\n"), ["/etc/pki/ca-trust/source/anchors"]);
    host.add_file("/etc/pki/ca-trust/source/blocklist/x.pem", pem("root"));
    host.add_file(
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        pem("other-root"),
    );
    let found = &of(&["root"], &host)[0];
    assert_eq!(found.stores[0].holding, Holding::Blocked);
    assert_eq!(found.stores[0].platform, Platform::Rpm);
}

#[test]
fn keystores_databases_and_root_crt() {
    let mut host = HostFacts::from_listing(Some("ID=debian\n"), ["/home/ada/.pki/nssdb/cert9.db"])
        .with_home("/home/ada");
    let documents = documents(&["root"]);
    let certificates = candidates(&documents);
    let mut keystore = vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2];
    host.add_file("/etc/ssl/certs/java/cacerts", keystore.clone());
    host.add_file("/home/ada/.postgresql/root.crt", pem("fullchain-root"));
    let java = |host: &HostFacts| {
        at(
            &status(&certificates, host, None, now())[0],
            "/etc/ssl/certs/java/cacerts",
        )
        .holding
        .clone()
    };
    assert_eq!(java(&host), Holding::Lacks);
    keystore.extend(certificates[0].certificate.der());
    host.add_file("/etc/ssl/certs/java/cacerts", keystore);
    assert_eq!(java(&host), Holding::Holds);
    host.add_file("/etc/ssl/certs/java/cacerts", vec![0x30, 0x00]);
    assert!(matches!(java(&host), Holding::NotLookedAt { .. }));
    let found = &status(&certificates, &host, None, now())[0];
    assert_eq!(
        at(found, "/home/ada/.postgresql/root.crt").holding,
        Holding::Holds
    );
    assert!(
        matches!(&at(found, "/home/ada/.pki/nssdb").holding, Holding::NotLookedAt { argv, .. } if argv[0] == "certutil")
    );
}

/// This machine's own store, and what rustls-native-certs makes of it.
#[cfg(feature = "native-anchors")]
#[test]
fn this_machine() {
    let host = facts(Path::new(""), None);
    let native = certcheck::trust_store::native::load();
    let documents = documents(&["root"]);
    let found = status(
        &candidates(&documents),
        &host,
        Some(&native.certificates),
        now(),
    );
    assert_eq!(found[0].native, Some(false));
    assert!(!found[0].is_held());
}
