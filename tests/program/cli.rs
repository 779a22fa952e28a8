//! The manners of the program: usage, exit codes, pipes and colours.
#![cfg(all(feature = "cli", unix))]

use crate::support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use support::program::*;

const COMMANDS: &[&str] = &[
    "preflight",
    "inspect",
    "scan",
    "stream",
    "watch",
    "match",
    "key-id",
    "chain",
    "convert",
    "codes",
    "explain",
    "completions",
    "man",
];

#[test]
fn every_command_helps_with_examples() {
    for command in COMMANDS {
        for flag in ["-h", "--help"] {
            let output = certcheck(&[command, flag]);
            assert_eq!(code(&output), 0, "{command}");
            let text = stdout(&output);
            assert!(text.contains("Examples:"), "{command} {flag}: {text}");
            assert!(
                text.contains(&format!("certcheck {command}")),
                "{command} {flag}: {text}"
            );
            for option in ["--format", "--color", "--at", "--quiet", "--verbose"] {
                assert!(
                    text.contains(option),
                    "{command} {flag} does not know {option}"
                );
            }
        }
    }
    assert!(stdout(&certcheck(&["--help"])).contains("Exit codes:"));
}

#[test]
fn the_version_is_the_packages() {
    for words in [&["-V"][..], &["--version"], &["inspect", "-V"]] {
        let output = certcheck(words);
        assert_eq!(code(&output), 0);
        assert!(
            stdout(&output).trim().ends_with(env!("CARGO_PKG_VERSION")),
            "{}",
            stdout(&output)
        );
    }
}

#[test]
fn bad_usage_is_exit_2_on_standard_error() {
    for words in [
        &[][..],
        &["frobnicate"],
        &["inspect"],
        &["preflight"],
        &["inspect", "--format", "yaml", "x"],
        &["inspect", "--color", "sometimes", "x"],
        &["preflight", "--cert-file"],
        &["explain", "key.mismatched"],
        &["convert", "x", "--to", "jks"],
    ] {
        let output = certcheck(words);
        assert_eq!(code(&output), 2, "{words:?}");
        assert!(
            !stderr(&output).trim().is_empty() && stdout(&output).is_empty(),
            "{words:?}"
        );
    }
    // A passphrase has no option that takes its value.
    refused(
        &["match", &pki("server.pbes2.key"), "--passphrase", "x"],
        "--passphrase",
    );
}

#[test]
fn codes_and_explain_know_every_code() {
    let known: Vec<_> = certcheck::finding::Code::ALL
        .iter()
        .map(|code| code.as_str())
        .collect();
    let list = stdout(&certcheck(&["codes"]));
    for code in &known {
        assert!(list.contains(code), "{code} is not listed");
        let output = certcheck(&["explain", code]);
        assert!(
            output.status.success() && stdout(&output).contains(code),
            "{code} is not explained"
        );
    }
    let (exit, document) = document(&["codes"]);
    assert_eq!(exit, 0);
    let text = document.to_string();
    assert!(
        known
            .iter()
            .all(|code| text.contains(&format!("\"{code}\""))),
        "{text}"
    );
}

/// Every command has a page, those below `trust` too, and JSON holds the same text.
#[test]
fn pages_and_completions_are_there_in_both_formats() {
    for words in [
        &["trust"][..],
        &["trust", "plan"],
        &["trust", "status"],
        &["trust-plan"],
        &["key-id"],
        &["verify"],
    ] {
        let words = [&["man"][..], words].concat();
        let name = format!("certcheck-{}", words[1..].join("-"));
        let page = stdout(&certcheck(&words));
        assert!(page.contains(&format!(".TH {name} 1")), "{words:?}: {page}");
        let (exit, found) = document(&words);
        assert_eq!((exit, &found["result"]["name"]), (0, &name.clone().into()));
        assert_eq!(found["result"]["page"], page);
    }
    refused(&["man", "trust", "plant"], "trust plant");
    let script = stdout(&certcheck(&["completions", "bash"]));
    let (exit, found) = document(&["completions", "bash"]);
    assert_eq!((exit, &found["result"]["shell"]), (0, &"bash".into()));
    assert!(found["result"]["script"] == script && script.contains("complete -F"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let dir = scratch();
    let bundle = put(
        dir.path(),
        "bundle.crt",
        fs::read_to_string(pki("issuing.crt"))
            .unwrap()
            .repeat(600)
            .as_bytes(),
    );
    for words in [
        &["inspect", &bundle][..],
        &["inspect", &bundle, "--format", "json"],
        &["codes"],
        &["--help"],
    ] {
        let mut child = program()
            .args(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(code(&output), 0, "{words:?}: {}", stderr(&output));
        assert_eq!(stderr(&output), "", "{words:?}");
    }
}

#[test]
fn colours_obey_the_option_then_the_environment() {
    let file = pki("expired.crt");
    let words = ["preflight", "--at", AT, "--cert-file", &file];
    let coloured =
        |extra: &[&str]| stdout(&certcheck(&[&words, extra].concat())).contains('\u{1b}');
    assert!(!coloured(&[]), "a pipe is no terminal");
    assert!(coloured(&["--color", "always"]));
    assert!(!coloured(&["--color", "never"]));
    assert!(
        !coloured(&["--color", "always", "--format", "json"]),
        "JSON has no colour"
    );

    // On a terminal, which script(1) plays.
    if !support::here::have("script", "bsdutils") {
        return;
    }
    let terminal = |settings: &[(&str, &str)]| {
        let line = format!("{} {}", env!("CARGO_BIN_EXE_certcheck"), words.join(" "));
        let mut command = Command::new("script");
        command
            .args(["-qec", &line, "/dev/null"])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("TERM", "xterm");
        command.envs(settings.iter().copied());
        let output = support::run(command, b"");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("certificate.expired"), "{text}");
        text.contains("\u{1b}[")
    };
    assert!(terminal(&[]), "a terminal gets colours");
    assert!(!terminal(&[("NO_COLOR", "1")]), "NO_COLOR is obeyed");
}

#[test]
fn quiet_says_one_line_for_each_error() {
    let file = pki("expired.crt");
    let loud = certcheck(&["preflight", "--at", AT, "--cert-file", &file]);
    let quiet = certcheck(&["preflight", "--at", AT, "--cert-file", &file, "-q"]);
    assert_eq!(code(&loud), code(&quiet));
    let errors = stdout(&loud).matches("error[").count();
    assert!(errors > 0);
    assert_eq!(stdout(&quiet).lines().count(), errors, "{}", stdout(&quiet));
    assert!(
        stdout(&loud).lines().count() > 5 && !stdout(&quiet).contains("help"),
        "{}",
        stdout(&loud)
    );
    let words = [
        "preflight",
        "--at",
        AT,
        "--cert-file",
        &file,
        "--format",
        "json",
    ];
    assert_eq!(
        certcheck(&words).stdout,
        certcheck(&[&words[..], &["-q"]].concat()).stdout
    );
}

/// A line without files promises nothing: "fit" is for what was checked.
#[test]
fn a_tsm_command_without_anything_to_check_is_not_called_fit() {
    let output = certcheck(&["tsm", "start", "--request-timeout", "3600"]);
    let text = stdout(&output);
    assert_eq!(code(&output), 0);
    assert!(text.starts_with("nothing to check: "), "{text}");
}

#[test]
fn names_of_files_cannot_write_to_the_terminal() {
    let dir = scratch();
    let file = put(
        dir.path(),
        "a\u{1b}[31m\u{7}b.crt",
        &fs::read(pki("server.crt")).unwrap(),
    );
    let html = put(dir.path(), "c\u{1b}]0;title\u{7}.crt", b"<html></html>");
    for words in [
        &["inspect", &file][..],
        &["inspect", &html],
        &["preflight", "--cert-file", &file],
        &["inspect", "no\u{1b}[2Jsuch"],
    ] {
        let output = certcheck(words);
        for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            assert!(
                !bytes.contains(&0x1b) && !bytes.contains(&7),
                "{words:?}: {stream}"
            );
        }
    }
}

#[test]
fn runs_are_repeatable() {
    let words = [
        "inspect",
        &pki("fullchain-root.crt"),
        &pki("server.key"),
        "--at",
        AT,
        "--format",
        "json",
    ];
    assert_eq!(certcheck(&words).stdout, certcheck(&words).stdout);
}

const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";

#[test]
fn the_roots_of_mozilla_are_read_and_used() {
    if !Path::new(BUNDLE).exists() {
        support::here::skipped(BUNDLE, "missing (apt-get install ca-certificates)");
        return;
    }
    let (_, found) = document(&["inspect", BUNDLE]);
    // Debian keeps roots that have expired.
    let findings = found["findings"].as_array().unwrap();
    let mut errors = findings
        .iter()
        .filter(|finding| finding["severity"] == "error");
    assert!(
        errors.all(|finding| finding["code"] == "certificate.expired"),
        "{found}"
    );
    let objects = found["result"]["objects"].as_array().unwrap();
    assert!(objects.len() > 100, "{}", objects.len());
    assert!(
        objects
            .iter()
            .all(|o| o["kind"] == "certificate" && o["is_ca"] == true),
        "{found}"
    );

    let chain = pki("fullchain.crt");
    let base = [
        "preflight",
        "--server",
        "apache",
        "--at",
        AT,
        "--cert-file",
        &chain,
        "--anchors",
    ];
    let (exit, found) = document(&[&base[..], &[BUNDLE]].concat());
    assert_eq!(
        (exit, codes_of(&found)),
        (1, vec!["chain.untrusted-root"]),
        "{found}"
    );
    let dir = scratch();
    let both = [
        fs::read(BUNDLE).unwrap(),
        fs::read(pki("root.crt")).unwrap(),
    ]
    .concat();
    let (exit, found) = document(&[&base[..], &[&put(dir.path(), "roots.pem", &both)]].concat());
    assert_eq!((exit, codes_of(&found)), (0, vec![]), "{found}");
}
