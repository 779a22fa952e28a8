//! The page "A new server in one file", followed letter by letter.

use certcheck::Source;
use certcheck::answer::Verdict;
use certcheck::finding::Code;
use certcheck::server::Profile;
use std::path::Path;

#[path = "../../examples/new_server.rs"]
#[allow(dead_code, reason = "its main() is for the command line")]
mod file;

#[test]
fn the_page_shows_the_file() {
    let page = include_str!("../../docs/a-new-server.md");
    let (_, behind) = page.split_once("```rust\n").unwrap();
    let (code, _) = behind.split_once("```\n").unwrap();
    assert_eq!(code, include_str!("../../examples/new_server.rs"));
    assert!(!behind.contains("```rust"), "one file");
}

/// The codes, and the verdict, for files of testdata/pki under names that end as given.
fn judged(certificate: &str, name: &str, key: &str) -> (Vec<Code>, Verdict) {
    let file = |file: &str, name: &str| {
        let pki = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pki");
        Source::new(name, std::fs::read(pki.join(file)).unwrap())
    };
    let at = "2026-11-22T12:00:00Z".parse().unwrap();
    let answer = file::judge(file(certificate, name), file(key, "key.pem"), at);
    assert!(answer.result.startup.is_none(), "nothing is known of it");
    let codes = answer
        .findings
        .iter()
        .map(|finding| finding.code())
        .collect();
    (codes, answer.verdict())
}

#[test]
fn the_file_judges_what_it_says() {
    // No root was given, which is no fault of the files.
    let good = judged("fullchain.crt", "chain.pem", "server.key");
    assert_eq!(good, (vec![Code::ChainEndsBelowRoot], Verdict::Pass));

    let (codes, verdict) = judged("fullchain.crt", "chain.crt", "server.key");
    assert!(codes.contains(&Code::EncodingFileExtension), "{codes:?}");
    assert_eq!(verdict, Verdict::Fail);

    let (codes, verdict) = judged("fullchain.crt", "chain.pem", "other.key");
    assert!(codes.contains(&Code::KeyMismatch), "{codes:?}");
    assert_eq!(verdict, Verdict::Fail);

    let (codes, verdict) = judged("fullchain.crt", "chain.pem", "server.pbes2.key");
    assert!(codes.contains(&Code::KeyEncrypted), "{codes:?}");
    assert_eq!(verdict, Verdict::Fail);
}

/// The rules of a built-in server go by its name: nobody else may have it.
#[test]
fn a_known_name_is_refused() {
    for known in Profile::all() {
        let refused = std::panic::catch_unwind(|| Profile::on_openssl(known.name(), "mine"));
        assert!(refused.is_err(), "{}", known.name());
    }
    for name in ["", "apach", "apache2", "acme"] {
        assert_eq!(Profile::on_openssl(name, "mine").name(), name);
    }
}
