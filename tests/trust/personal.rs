//! The stores of one user, in a scratch home directory, with the real tools:
//! NSS's certutil, PostgreSQL's root.crt, environment variables, containers.

use crate::tree::{difference, facts, sh, sh_ok, snapshot};
use crate::{have, plan_for, testdata};
use certcheck::trust_store::{HostFacts, Platform};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn database(home: &Path, at: &str) -> String {
    let directory = home.join(at);
    fs::create_dir_all(&directory).unwrap();
    let name = format!("sql:{}", directory.display());
    let made = Command::new("certutil")
        .args(["-N", "-d", &name, "--empty-password"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    name
}

fn certutil(arguments: &[&str]) -> Output {
    Command::new("certutil").args(arguments).output().unwrap()
}

fn listed(database: &str) -> String {
    String::from_utf8(certutil(&["-L", "-d", database]).stdout).unwrap()
}

#[test]
fn nss_databases_are_found_filled_and_emptied() {
    if !have("certutil", "libnss3-tools") {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let home = scratch.path();
    let shared = database(home, ".pki/nssdb");
    let firefox = database(home, ".mozilla/firefox/abcd.default");
    // Somebody's own entry stays.
    let other = testdata("pki/other-root.crt").display().to_string();
    assert!(
        certutil(&["-A", "-d", &shared, "-t", "C,,", "-n", "mine", "-i", &other])
            .status
            .success()
    );
    let before = (listed(&shared), listed(&firefox));

    let path = home.display().to_string();
    let host = facts(Path::new(""), Some(&path));
    let plan = plan_for(
        Platform::Nss,
        &["root", "issuing", "self-signed"],
        &host,
        None,
    );
    let said = sh_ok(&plan.install_script(), Some(home));
    assert!(said.contains("the store holds it"), "{said}");
    // Firefox looks for `C` alone, also where the certificate is a server's own.
    for (database, trust) in [(&shared, "P,,"), (&firefox, "C,,")] {
        let listed = listed(database);
        assert_eq!(listed.matches("certcheck-").count(), 3, "{listed}");
        assert!(
            listed
                .lines()
                .any(|l| l.contains("certcheck-server-example-test")
                    && l.trim_end().ends_with(trust)),
            "{listed}"
        );
        let root = listed
            .lines()
            .find(|l| l.contains("example-root-ca"))
            .unwrap();
        let name = root.split_whitespace().next().unwrap();
        // Usage L: a CA for TLS servers.
        assert!(
            certutil(&["-V", "-d", database, "-n", name, "-u", "L"])
                .status
                .success()
        );
    }
    let said = sh_ok(&plan.install_script(), Some(home));
    assert!(said.contains("nothing to do"), "{said}");
    sh_ok(&plan.undo_script(), Some(home));
    assert_eq!((listed(&shared), listed(&firefox)), before);
    assert!(!home.join(".local/state/certcheck").exists());
    let said = sh_ok(&plan.undo_script(), Some(home));
    assert!(said.contains("nothing to undo"), "{said}");
    crate::ran(1, "certutil, six entries in two databases");
}

#[test]
fn what_was_in_a_database_before_is_not_taken_back() {
    if !have("certutil", "libnss3-tools") {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let home = scratch.path();
    let shared = database(home, ".pki/nssdb");
    let path = home.display().to_string();
    let host = facts(Path::new(""), Some(&path));
    let plan = plan_for(Platform::Nss, &["root"], &host, None);
    let root = testdata("pki/root.crt").display().to_string();
    let name = &plan.certificates[0].name;
    assert!(
        certutil(&["-A", "-d", &shared, "-t", "C,,", "-n", name, "-i", &root])
            .status
            .success()
    );
    let before = listed(&shared);
    let said = sh_ok(&plan.install_script(), Some(home));
    assert!(said.contains("nothing to do"), "{said}");
    let said = sh_ok(&plan.undo_script(), Some(home));
    assert!(said.contains("nothing to undo"), "{said}");
    assert_eq!(listed(&shared), before);
}

#[test]
fn postgres_clients_get_a_root_crt_and_their_old_one_back() {
    let mut compared = 0;
    // No file, a whole one, and one whose last line has no end.
    for start in [None, Some("with end"), Some("without end")] {
        let scratch = tempfile::tempdir().unwrap();
        let home = scratch.path();
        if let Some(kind) = start {
            let mut text = fs::read_to_string(testdata("pki/other-root.crt")).unwrap();
            if kind == "without end" {
                text.truncate(text.trim_end().len());
            }
            fs::create_dir(home.join(".postgresql")).unwrap();
            fs::write(home.join(".postgresql/root.crt"), text).unwrap();
        }
        let before = snapshot(home);
        let path = home.display().to_string();
        let plan = |names: &[&str]| {
            let host = facts(Path::new(""), Some(&path));
            plan_for(Platform::PostgresClient, names, &host, None)
        };
        let first = plan(&["root", "self-signed"]);
        sh_ok(&first.install_script(), Some(home));
        let file = home.join(".postgresql/root.crt");
        let sections = fs::read_to_string(&file)
            .unwrap()
            .matches("\n-----END CERTIFICATE-----\n")
            .count();
        assert_eq!(sections, 2 + usize::from(start.is_some()));
        let installed = snapshot(home);
        let said = sh_ok(&first.install_script(), Some(home));
        assert!(said.contains("nothing to do"), "{said}");
        assert_eq!(difference(&installed, &snapshot(home)), [] as [&str; 0]);
        let again = plan(&["root", "self-signed"]);
        assert!(again.is_empty(), "{:?}", again.steps);
        sh_ok(&again.undo_script(), Some(home));
        assert_eq!(
            difference(&before, &snapshot(home)),
            [] as [&str; 0],
            "{start:?}"
        );
        compared += 1;

        // Somebody appends after the plan: what is not ours to judge stays.
        sh_ok(&first.install_script(), Some(home));
        let mut text = fs::read_to_string(&file).unwrap();
        text.push_str("# mine\n");
        fs::write(&file, &text).unwrap();
        let output = sh(&first.undo_script(), Some(home));
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
    assert_eq!(compared, 3);
    crate::ran(compared, "root.crt");
}

#[test]
fn variables_name_a_file_with_the_system_s_store_in_it() {
    if !have("curl", "curl") || !have("openssl", "openssl") {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let home = scratch.path();
    let before = snapshot(home);
    let host = HostFacts::from_listing(Some("ID=debian\n"), [] as [&str; 0]);
    let plan = plan_for(Platform::Env, &["root", "issuing"], &host, None);
    let said = sh_ok(&plan.install_script(), Some(home));
    assert!(
        said.contains("export SSL_CERT_FILE=") && said.contains("NODE_EXTRA_CA_CERTS="),
        "{said}"
    );
    let directory = home.join(".local/share/certcheck");
    let whole = fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.display().to_string().ends_with("-and-system.pem"))
        .unwrap();
    let count = |path: &Path| {
        fs::read_to_string(path)
            .unwrap()
            .matches("-----BEGIN CERTIFICATE-----")
            .count()
    };
    let system = count(Path::new("/etc/ssl/certs/ca-certificates.crt"));
    assert_eq!(count(&whole), system + 2);
    assert!(system > 100);
    let server = testdata("pki/server.crt");
    let verified = Command::new("openssl")
        .args(["verify", "-attime", "1795348800", "-CAfile"])
        .args([&whole, &server])
        .output()
        .unwrap();
    assert!(verified.status.success(), "{verified:?}");
    let said = sh_ok(&plan.install_script(), Some(home));
    assert!(said.contains("nothing to do"), "{said}");
    sh_ok(&plan.undo_script(), Some(home));
    assert_eq!(difference(&before, &snapshot(home)), [] as [&str; 0]);
    crate::ran(1, "variables, with curl and OpenSSL");
}

#[test]
fn java_s_own_keystore_with_the_real_keytool() {
    if !have("keytool", "default-jre-headless") {
        return;
    }
    // `-cacerts` means the runtime's own keystore, which is the machine's: a
    // keytool in front of it puts a scratch one in its place.
    let scratch = tempfile::tempdir().unwrap();
    let home = scratch.path();
    let store = home.join("cacerts");
    let wrapper = home.join("bin/keytool");
    fs::create_dir(home.join("bin")).unwrap();
    let real = ["/usr/bin/keytool", "/usr/local/bin/keytool"]
        .into_iter()
        .find(|p| Path::new(p).exists());
    let Some(real) = real else {
        panic!("keytool is in an unexpected place");
    };
    fs::write(
        &wrapper,
        format!(
            "#!/bin/sh\nfor word; do shift; if [ \"$word\" = -cacerts ]; then set -- \"$@\" -keystore {}; else set -- \"$@\" \"$word\"; fi; done\nexec {real} \"$@\"\n",
            store.display()
        ),
    )
    .unwrap();
    fs::set_permissions(
        &wrapper,
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    let keytool = |arguments: &[&str]| {
        Command::new(&wrapper)
            .args(arguments)
            .args(["-cacerts", "-storepass", "changeit"])
            .output()
            .unwrap()
    };
    let other = testdata("pki/other-root.crt").display().to_string();
    assert!(
        keytool(&[
            "-importcert",
            "-noprompt",
            "-alias",
            "mine",
            "-file",
            &other
        ])
        .status
        .success()
    );

    let plan = plan_for(Platform::Java, &["root"], &HostFacts::unknown(), None);
    // The journal belongs to root: here it is this test's.
    let here = |script: String| {
        let script = script.replace("/var/lib/certcheck", &format!("{}/journal", home.display()));
        script.replace(
            "PATH=$PATH:",
            &format!("PATH={}/bin:$PATH:", home.display()),
        )
    };
    let list = || String::from_utf8(keytool(&["-list"]).stdout).unwrap();
    let before = list();
    let said = sh_ok(&here(plan.install_script()), Some(home));
    assert!(said.contains("the store holds it"), "{said}");
    assert!(
        list().contains("Your keystore contains 2 entries"),
        "{}",
        list()
    );
    let said = sh_ok(&here(plan.install_script()), Some(home));
    assert!(said.contains("nothing to do"), "{said}");
    let said = sh_ok(&here(plan.undo_script()), Some(home));
    assert!(said.contains("undone"), "{said}");
    assert_eq!(list(), before);
    assert!(!home.join("journal").exists());
    crate::ran(1, "keytool");
}
