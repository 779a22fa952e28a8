//! The rules: what is refused, what is warned of, what is a no-op.

mod names;

use crate::tree::sh_ok;
use crate::{candidates, documents, have, now, plan_for, testdata};
use certcheck::encoding::Document;
use certcheck::trust_store::{
    Candidate, HostFacts, HostQuestion, InstallOutcome, Plan, Platform, Request, Role, Verdict,
    missing_for, plan,
};
use certcheck::{Severity, Source};
use std::collections::BTreeSet;
use std::process::Command;

fn codes(plan: &Plan) -> Vec<(&'static str, Severity)> {
    let mut codes: Vec<_> = plan
        .findings
        .iter()
        .map(|finding| (finding.code().as_str(), finding.severity))
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn pem(name: &str) -> Vec<u8> {
    std::fs::read(testdata(&format!("pki/{name}.crt"))).unwrap()
}

const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";

/// A Debian whose bundle holds these, each with a file that provides it.
fn debian(trusted: &[&str]) -> HostFacts {
    let mut host = HostFacts::from_listing(Some("ID=debian\n"), ["/etc/ssl/certs"]);
    let mut bundle = Vec::new();
    for name in trusted {
        bundle.extend(pem(name));
        host.add_file(
            format!("/usr/share/ca-certificates/mozilla/{name}.crt"),
            pem(name),
        );
    }
    host.add_file(BUNDLE, bundle);
    host
}

#[test]
fn each_kind_of_certificate_is_told_from_the_others() {
    let cases = [
        ("root", Role::Root),
        ("self-ca", Role::CaAsServer),
        ("issuing", Role::Intermediate),
        ("self-signed", Role::SelfSignedEndEntity),
        ("server", Role::IssuedEndEntity),
    ];
    for (name, role) in cases {
        let plan = plan_for(Platform::Debian, &[name], &HostFacts::unknown(), None);
        assert_eq!(plan.certificates[0].role, role, "{name}");
    }
}

#[test]
fn severities_follow_the_clients_of_the_platform() {
    use Platform::{Debian, Nss, PostgresClient, Rpm};
    use Severity::{Error, Warning};
    let leaf = |severity| ("trust.end-entity-as-anchor", severity);
    let middle = |severity| ("trust.intermediate-without-root", severity);
    type Row<'a> = (Platform, &'a [&'a str], &'a [(&'a str, Severity)]);
    let cases: &[Row<'_>] = &[
        (Debian, &["root"], &[]),
        (Debian, &["root", "issuing"], &[]),
        (Debian, &["issuing"], &[middle(Warning)]),
        (Debian, &["server"], &[leaf(Warning)]),
        (Debian, &["self-signed"], &[leaf(Warning)]),
        // p11-kit leaves certificates that are no CA's out of the bundle, so that no client would
        // see it.
        (Rpm, &["server"], &[leaf(Error)]),
        (Rpm, &["self-signed"], &[leaf(Error)]),
        (Rpm, &["issuing"], &[middle(Warning)]),
        (PostgresClient, &["server"], &[leaf(Error)]),
        // libpq calls OpenSSL without `X509_V_FLAG_PARTIAL_CHAIN`: a path has to end at a root.
        (PostgresClient, &["issuing"], &[middle(Error)]),
        (PostgresClient, &["self-signed"], &[leaf(Warning)]),
        (Nss, &["server"], &[leaf(Warning)]),
        (
            Debian,
            &["expired"],
            &[("certificate.expired", Error), leaf(Error)],
        ),
        (
            Debian,
            &["fullchain-root"],
            &[leaf(Warning), ("trust.several-certificates", Warning)],
        ),
        (Rpm, &["fullchain-root"], &[leaf(Error)]),
    ];
    let mut compared = 0;
    for (platform, names, expected) in cases {
        let plan = plan_for(*platform, names, &HostFacts::unknown(), None);
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        let found = codes(&plan);
        assert_eq!(found, expected, "{platform} {names:?}");
        let refused = codes(&plan)
            .iter()
            .any(|(code, severity)| code.starts_with("trust.") && *severity == Error);
        let decided = plan
            .certificates
            .iter()
            .any(|d| matches!(d.outcome, InstallOutcome::Refused { .. }));
        assert_eq!(refused, decided, "{platform} {names:?}");
        compared += 1;
    }
    assert_eq!(compared, cases.len());
}

#[test]
fn what_the_store_trusts_already_is_not_installed_again() {
    let plan = plan_for(Platform::Debian, &["root"], &debian(&["root"]), None);
    assert!(plan.is_empty() && plan.undo.is_empty());
    assert_eq!(codes(&plan), [("trust.already-trusted", Severity::Notice)]);
    assert!(sh_ok(&plan.install_script(), None).contains("nothing to do"));
    assert!(sh_ok(&plan.undo_script(), None).contains("nothing to undo"));

    // The intermediate finds its root in the store.
    let plan = plan_for(Platform::Debian, &["issuing"], &debian(&["root"]), None);
    assert_eq!(codes(&plan), []);
    // Whether these two read the store depends on who built them; all others accept.
    let mut depends = Vec::new();
    for answer in &plan.certificates[0].clients {
        match answer.verdict {
            Verdict::Accepts => {}
            Verdict::Undecided => depends.push(answer.client),
            _ => panic!("{answer:?}"),
        }
    }
    assert_eq!(depends, ["node", "requests"]);
}

#[test]
fn the_same_certificate_twice_is_one() {
    let plan = plan_for(
        Platform::Debian,
        &["root", "root"],
        &HostFacts::unknown(),
        None,
    );
    assert_eq!(plan.certificates[1].outcome, InstallOutcome::Repeated);
    assert_eq!(
        plan.steps
            .iter()
            .filter(|step| step.kind() == "write-file")
            .count(),
        1
    );
}

#[test]
fn blocked_certificates_are_refused() {
    let mut host = debian(&["root"]);
    host.add_file(BUNDLE, Vec::new());
    // ca-certificates.conf(5): `!` deselects the certificate, and update-ca-certificates honours
    // that.
    host.add_file("/etc/ca-certificates.conf", b"!mozilla/root.crt\n".to_vec());
    let plan_debian = plan_for(Platform::Debian, &["root"], &host, None);
    let mut compared = 0;
    // p11-kit reads both names; the second one is the older.
    for directory in ["blocklist", "blacklist"] {
        let mut host = HostFacts::from_listing(Some("ID=rhel\n"), [] as [&str; 0]);
        host.add_file(
            format!("/etc/pki/ca-trust/source/{directory}/bad.pem"),
            pem("root"),
        );
        let plan = plan_for(Platform::Rpm, &["root"], &host, None);
        for plan in [&plan, &plan_debian] {
            assert_eq!(codes(plan), [("trust.blocked", Severity::Error)]);
            assert!(plan.is_empty());
            assert!(matches!(
                plan.certificates[0].outcome,
                InstallOutcome::Refused { .. }
            ));
            compared += 1;
        }
    }
    assert_eq!(compared, 4);
}

#[test]
fn a_namesake_with_another_key_and_a_bundle_without_sources_are_warned_of() {
    let mut host = debian(&["other-root"]);
    // other-root has another name; its bundle entry has no file any more.
    host = {
        let mut alone = HostFacts::from_listing(Some("ID=debian\n"), ["/etc/ssl/certs"]);
        alone.add_file(BUNDLE, host.contents(BUNDLE).unwrap().to_vec());
        alone
    };
    let plan = plan_for(Platform::Debian, &["root"], &host, None);
    assert_eq!(
        codes(&plan),
        [("trust.bundle-without-sources", Severity::Warning)]
    );

    if !have("openssl", "openssl") {
        return;
    }
    let namesake = make("/O=Example Trust/CN=Example Root CA", &[]);
    let mut host = HostFacts::from_listing(Some("ID=debian\n"), ["/etc/ssl/certs"]);
    host.add_file("/usr/share/ca-certificates/x.crt", namesake.clone());
    host.add_file(BUNDLE, namesake);
    let plan = plan_for(Platform::Debian, &["root"], &host, None);
    assert_eq!(
        codes(&plan),
        [("trust.same-name-other-key", Severity::Warning)]
    );
}

/// A self-signed certificate with that subject.
fn make(subject: &str, extensions: &[&str]) -> Vec<u8> {
    let scratch = tempfile::tempdir().unwrap();
    let key = scratch.path().join("key");
    let mut command = Command::new("openssl");
    command
        .args([
            "req",
            "-x509",
            "-utf8",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ])
        .args(["-days", "30000", "-subj", subject, "-keyout"])
        .arg(&key);
    for extension in extensions {
        command.args(["-addext", extension]);
    }
    let made = command.output().unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    made.stdout
}

/// What a server does not send must come from the store, and no more.
#[test]
fn what_a_server_s_clients_lack() {
    let documents = documents(&["server", "issuing", "root", "other-root", "self-signed"]);
    let available = candidates(&documents);
    let at = |index: usize| available[index].certificate.clone();
    let mut compared = 0;
    for (sent, pool, install, missing) in [
        // Rserve sends its own certificate alone.
        (vec![at(0)], &available[..], vec![2, 1], None),
        (vec![at(0), at(1)], &available[..], vec![2], None),
        (vec![at(0), at(1), at(2)], &available[..], vec![2], None),
        (vec![at(4)], &available[..], vec![4], None),
        (
            vec![at(0)],
            &available[..2],
            vec![1],
            Some("CN=Example Root CA, O=Example Trust"),
        ),
        (
            vec![at(0)],
            &available[..1],
            vec![],
            Some("CN=Example Issuing CA, O=Example Trust"),
        ),
        (vec![], &available[..], vec![], None),
    ] {
        let selection = missing_for(&sent, pool);
        assert_eq!(selection.install, install);
        assert_eq!(selection.missing_issuer.as_deref(), missing);
        compared += 1;
    }
    assert_eq!(compared, 7);
}

/// With --root, nothing that a step writes or runs lies outside of the tree.
#[test]
fn no_step_leaves_the_scratch_tree() {
    let documents = documents(&["root", "issuing"]);
    let certificates = candidates(&documents);
    let host = HostFacts::unknown();
    let mut compared = 0;
    for platform in Platform::ALL {
        let request =
            Request::new(&certificates, *platform, &host, now()).with_root(Some("/srv/image"));
        let plan = plan(&request).unwrap();
        for step in plan.steps.iter().chain(&plan.undo) {
            let inside = |path: &str| path.starts_with("/srv/image/") || path.starts_with("./");
            assert!(step.path().is_none_or(inside), "{platform}: {step}");
            assert!(
                step.changes.iter().all(|path| inside(path)),
                "{platform}: {step}"
            );
            let argv = step.argv();
            let bound = argv.is_empty()
                || argv[0] == "chroot" && argv[1] == "/srv/image"
                || argv[0] == "certctl" && argv[2] == "/srv/image"
                || argv
                    .iter()
                    .skip(1)
                    .filter(|a| a.starts_with('/'))
                    .all(|a| inside(a) || a == "/dev/null")
                    && (argv[0] == "update-ca-certificates" || argv[0] == "certutil");
            assert!(bound, "{platform}: {step}");
            assert!(
                !argv.iter().any(|a| a.contains("dpkg")),
                "{platform}: {step}"
            );
            compared += 1;
        }
    }
    assert!(compared > 60, "{compared}");
}

#[test]
fn damaged_input_is_refused_with_its_repair() {
    let whole = String::from_utf8(pem("root")).unwrap();
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(whole.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let key = std::fs::read_to_string(testdata("pki/root.key")).unwrap();
    let cases: [(&str, Vec<u8>, usize, &[&str]); 6] = [
        ("whole", whole.clone().into(), 1, &[]),
        ("crlf", whole.replace('\n', "\r\n").into(), 1, &[]),
        ("utf-16", utf16, 0, &["encoding.utf16"]),
        (
            "cut short",
            whole[..600].into(),
            0,
            &["encoding.missing-end"],
        ),
        (
            "a key beside it",
            format!("{whole}{key}").into(),
            1,
            &["encoding.private-key-in-certificate-file"],
        ),
        (
            "base64",
            whole.replacen("MII", "M*I", 1).into(),
            0,
            &["encoding.base64"],
        ),
    ];
    let mut compared = 0;
    for (what, bytes, found, expected) in cases {
        let document = Document::read(Source::new("ca.crt", bytes));
        let (certificates, findings) = Candidate::all_in(&document);
        assert_eq!(certificates.len(), found, "{what}");
        let codes: BTreeSet<_> = findings.iter().map(|f| f.code().as_str()).collect();
        for code in expected {
            assert!(codes.contains(code), "{what}: {codes:?}");
        }
        let errors = findings
            .iter()
            .any(|f| f.severity == Severity::Error && f.remedy().is_some());
        assert_eq!(errors, found == 0, "{what}: {findings:?}");
        // Never a key: the plan holds what it encoded itself.
        if found == 1 {
            let host = HostFacts::unknown();
            let plan = plan(&Request::new(&certificates, Platform::Debian, &host, now())).unwrap();
            let content = plan.steps.iter().find_map(|step| step.content()).unwrap();
            assert!(!content.contains("KEY") && !content.contains('\r'));
            assert_eq!(content.matches("-----BEGIN CERTIFICATE-----\n").count(), 1);
        }
        compared += 1;
    }
    assert_eq!(compared, 6);
}

#[test]
fn platforms_are_recognised_by_their_directories_first() {
    let cases: &[(&str, &[&str], Option<Platform>)] = &[
        ("ID=debian\n", &[], Some(Platform::Debian)),
        ("ID=ubuntu\nID_LIKE=debian\n", &[], Some(Platform::Debian)),
        (
            "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n",
            &[],
            Some(Platform::Debian),
        ),
        (
            "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n",
            &[],
            Some(Platform::Rpm),
        ),
        ("ID=fedora\n", &[], Some(Platform::Rpm)),
        ("ID=\"amzn\"\n", &[], Some(Platform::Rpm)),
        (
            "ID=alpine\n",
            &["/usr/sbin/update-ca-certificates"],
            Some(Platform::Alpine),
        ),
        (
            "",
            &["/etc/alpine-release", "/usr/local/share/ca-certificates"],
            Some(Platform::Alpine),
        ),
        (
            "ID=opensuse-leap\nID_LIKE=\"suse opensuse\"\n",
            &["/usr/sbin/update-ca-certificates"],
            Some(Platform::OpenSuse),
        ),
        ("", &["/etc/pki/trust/anchors"], Some(Platform::OpenSuse)),
        ("ID=arch\n", &[], Some(Platform::Arch)),
        ("ID=nixos\n", &["/etc/ssl/certs"], Some(Platform::NixOs)),
        ("ID=freebsd\n", &[], Some(Platform::FreeBsd)),
        (
            "",
            &["/System/Library/CoreServices/SystemVersion.plist"],
            Some(Platform::Macos),
        ),
        (
            "",
            &["C:/Windows/System32/certutil.exe"],
            Some(Platform::Windows),
        ),
        (
            "",
            &["/etc/pki/ca-trust/source/anchors/"],
            Some(Platform::Rpm),
        ),
        ("ID=plan9\n", &[], None),
    ];
    for (release, paths, expected) in cases {
        let host = HostFacts::from_listing(Some(release), paths.iter().copied());
        assert_eq!(Platform::detect(&host), *expected, "{release} {paths:?}");
    }
    for platform in Platform::ALL {
        assert_eq!(Platform::parse(platform.as_str()), Some(*platform));
    }
    assert!(
        HostFacts::questions(Some("/home/ada")).contains(&HostQuestion::Exists(
            "/home/ada/.pki/nssdb/cert9.db".into()
        ))
    );
}
