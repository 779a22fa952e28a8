//! The names of files, subjects and directories: what a platform passes over, what no tool
//! quotes, and what a shell could run.

use super::{codes, make, pem};
use crate::tree::sh_ok;
use crate::{candidates, documents, have, now};
use certcheck::encoding::Document;
use certcheck::trust_store::{Candidate, HostFacts, PlanError, Platform, Request, plan};
use certcheck::{Severity, Source};

#[test]
fn names_that_the_platform_would_pass_over_are_repaired() {
    let mut compared = 0;
    for (file, platform, complained) in [
        ("ca.pem", Platform::Debian, true),
        ("CA.CRT", Platform::Debian, true),
        ("dir.crt/ca.cer", Platform::Debian, true),
        ("ca.crt", Platform::Debian, false),
        ("-", Platform::Debian, false),
        (".ca.crt", Platform::Alpine, true),
        ("ca.txt", Platform::FreeBsd, true),
        ("ca.der", Platform::Rpm, false),
    ] {
        let document = Document::read(Source::new(file, pem("root")));
        let (certificates, _) = Candidate::all_in(&document);
        let host = HostFacts::unknown();
        let plan = plan(&Request::new(&certificates, platform, &host, now())).unwrap();
        let found = codes(&plan).contains(&("trust.file-name", Severity::Warning));
        assert_eq!(found, complained, "{file} {platform}");
        compared += 1;
    }
    assert_eq!(compared, 8);
}

#[test]
fn hostile_names_stay_out_of_file_names_and_of_the_shell() {
    if !have("openssl", "openssl") || !have("update-ca-certificates", "ca-certificates") {
        return;
    }
    let hostile = [
        "/CN=..\\/..\\/..\\/etc\\/passwd",
        "/CN=$(touch ${HOSTILE})`touch ${HOSTILE}`",
        "/CN='; touch $HOSTILE; '",
        "/CN=a\ntouch $HOSTILE\nEND-OF-FILE-WRITTEN-BY-CERTCHECK\ntouch $HOSTILE",
        "/CN=\u{202e}txt.exe\u{200b}",
        "/CN=-rf --no-preserve-root",
        "/CN=x\\\\",
        "/CN=\u{7}\u{1b}[2J\u{1b}]0;x\u{7}",
        "/O=only an organisation",
        "/C=DE",
    ];
    let mut compared = 0;
    for subject in hostile {
        let scratch = tempfile::tempdir().unwrap();
        // The file that a name, if any shell read it as code, would create.
        let mark = scratch.path().join("mark");
        let tree = scratch.path().join("tree");
        std::fs::create_dir(&tree).unwrap();
        let document = Document::read(Source::new(format!("{subject}.crt"), make(subject, &[])));
        let (certificates, problems) = Candidate::all_in(&document);
        assert!(problems.is_empty());
        let host = HostFacts::unknown();
        let root = tree.display().to_string();
        for platform in Platform::ALL {
            let plan = plan(&Request::new(&certificates, *platform, &host, now())).unwrap();
            for text in [plan.install_script(), plan.undo_script()] {
                assert!(
                    // A script that is read before it is run must look like what it does: no
                    // terminal escapes, no right-to-left override.
                    text.chars().all(|c| c == '\n' || (' '..='~').contains(&c)),
                    "{subject:?} {platform}"
                );
            }
            for step in plan.steps.iter().chain(&plan.undo) {
                let words = step.argv().iter().map(String::as_str).chain(step.path());
                for word in words {
                    assert!(
                        word.chars()
                            .all(|c| c.is_ascii_alphanumeric() || "/._-~:\\,;=".contains(c)),
                        "{word}"
                    );
                    assert!(!word.contains(".."), "{word}");
                }
            }
        }
        let plan = plan(
            &Request::new(&certificates, Platform::Debian, &host, now()).with_root(Some(&root)),
        )
        .unwrap();
        for script in [plan.install_script(), plan.undo_script()] {
            let script = format!("HOSTILE={}\nexport HOSTILE\n{script}", mark.display());
            sh_ok(&script, None);
            assert!(!mark.exists(), "{subject:?} was run");
        }
        compared += 1;
    }
    println!(
        "{compared} hostile names, {} platforms each",
        Platform::ALL.len()
    );
    assert_eq!(compared, 10);
}

#[test]
fn roots_and_homes_that_no_tool_quotes_are_refused() {
    let documents = documents(&["root"]);
    let certificates = candidates(&documents);
    let host = HostFacts::unknown();
    let mut compared = 0;
    for root in [
        // The tools behind a plan are shell scripts themselves, which do not quote their arguments.
        "", "/", "relative", "/a b", "/a\nb", "/$(id)", "/a*", "/a/../b", "/a'b", "/a\\b",
    ] {
        let request =
            Request::new(&certificates, Platform::Debian, &host, now()).with_root(Some(root));
        assert!(
            matches!(plan(&request), Err(PlanError::Path { .. })),
            "{root:?}"
        );
        compared += 1;
    }
    let host = HostFacts::unknown().with_home("relative");
    let request = Request::new(&certificates, Platform::Nss, &host, now());
    assert!(matches!(plan(&request), Err(PlanError::Path { .. })));
    let nothing = Request::new(&[], Platform::Nss, &host, now());
    assert_eq!(plan(&nothing).unwrap_err(), PlanError::NothingGiven);
    assert_eq!(compared, 10);
}
