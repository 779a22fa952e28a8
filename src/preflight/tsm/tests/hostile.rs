use super::super::{PassphraseOption, TsmCommand, read};
use super::{ENABLE, found, line};
use crate::finding::Severity;
use crate::rule::{self, KeyFact};

#[test]
fn the_passphrase_is_reported_and_never_kept() {
    for text in [
        "--passphrase hunter2",
        "--passphrase=hunter2",
        "--passphrase -hunter2",
        "--passphrse hunter2",
        "--passphrse=hunter2",
        "-passphrase hunter2",
        "--passphrasehunter2",
        "--passphrase x hunter2",
        "--pass hunter2",
        "--pw=hunter2",
        "--password hunter2",
        "-p hunter2",
        "-phunter2",
        "-p=hunter2",
    ] {
        let line = line(&format!("{ENABLE} {text}"));
        let mut all = format!("{line:?}");
        for finding in &line.findings {
            all.push_str(&finding.message());
            all.push_str(&format!(
                "{:?} {:?}",
                finding.remedy(),
                finding.evidence.fields()
            ));
        }
        assert!(!all.contains("hunter2"), "{text}: {all}");
        assert!(!line.findings.is_empty(), "{text}");
    }
    let given = line(&format!("{ENABLE} --passphrase hunter2"));
    assert_eq!(
        found(&given),
        [("key.passphrase-on-command-line", "warning", 7)]
    );
    let TsmCommand::ExternalSslEnable(server) = &given.command else {
        panic!()
    };
    assert_eq!(server.passphrase, PassphraseOption::OnCommandLine);
    // A typing error elsewhere does not hide it.
    assert_eq!(
        found(&line("security externel-ssl enable --passphrase hunter2")),
        [
            ("config.unknown-option", "error", 1),
            ("key.passphrase-on-command-line", "warning", 3)
        ]
    );
    // A secret that begins with an option's letter is not an option's value.
    let glued = line(&format!("{ENABLE} -pserver"));
    assert_eq!(
        glued.findings[0].evidence,
        KeyFact::PassphraseOnCommandLine(rule::key::PassphraseOnCommandLine {
            option: "--password".into()
        })
        .into()
    );
    assert_eq!(glued.findings[0].severity, Severity::Notice);
}

#[test]
fn hostile_words() {
    let megabyte = "x".repeat(1 << 20);
    for (index, words) in [
        vec![megabyte.as_str(); 8],
        vec![
            "security",
            "external-ssl",
            "enable",
            "--cert-file",
            megabyte.as_str(),
            "--key-file",
            "k",
        ],
        vec![
            "security",
            "kms",
            "set-mode",
            "aws",
            "--key-arn",
            megabyte.as_str(),
            "--aws-region",
            megabyte.as_str(),
        ],
        vec!["login", "-s", megabyte.as_str(), megabyte.as_str()],
        vec!["--wibble"; 10_000],
        [
            &["security", "external-ssl", "enable"][..],
            &["--wibble"; 10_000],
        ]
        .concat(),
        [
            &["security", "external-ssl", "enable", "--protocols"][..],
            &["-SSLv3"; 10_000],
        ]
        .concat(),
        [
            &["security", "external-ssl", "enable"][..],
            &["--cert-file"; 10_000],
        ]
        .concat(),
        [
            &["security", "external-ssl", "enable"][..],
            &["-cf\u{1b}[2J"; 10_000],
        ]
        .concat(),
        vec!["security"; 10_000],
        vec!["-"; 10_000],
        vec!["--"; 10_000],
        vec!["="; 10_000],
        vec!["\u{1b}]0;x\u{7}", "\0", "\n\r\u{202e}"],
        vec!["login", "\u{1b}]0;x\u{7}", "--\u{1b}[31m", "é=ß", "-é"],
    ]
    .into_iter()
    .enumerate()
    {
        let line = read(&words);
        assert!(!line.findings.is_empty() || index == 1, "{index}");
        assert!(line.findings.len() <= 101, "{index}");
        for finding in &line.findings {
            let message = finding.message();
            assert!(message.len() < 2000, "{index}: {}", message.len());
            assert!(
                !message.chars().any(char::is_control),
                "{index}: {message:?}"
            );
        }
        let far = "word 4097 and everything after it";
        let cut = line.findings.iter().any(|f| f.message().contains(far))
            || line
                .findings
                .last()
                .is_some_and(|f| f.message().contains("more like these"));
        assert_eq!(
            cut,
            words.len() > 4096,
            "{index}: {:?}",
            line.findings.last()
        );
    }
}
