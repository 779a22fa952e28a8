//! A person at a terminal is asked for a passphrase, which is not shown.

use crate::secrets::support::{here, program::*};
use std::fs;
use std::path::Path;
use std::process::Command;

struct Seen {
    answers: usize,
    exit: i32,
    text: String,
}

/// Runs the program on a terminal of its own; standard output may lead to a file. The
/// terminal is afterwards as it was.
fn on_terminal(answer: &str, output: &str, words: &[&str]) -> Seen {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/secrets/on_terminal.py");
    let run = Command::new("timeout")
        .args(["60", "python3"])
        .arg(script)
        .args([answer, output, env!("CARGO_BIN_EXE_certcheck")])
        .args(words)
        .args(["--at", AT])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("TERM", "xterm")
        .output()
        .unwrap();
    let text = String::from_utf8(run.stdout).unwrap();
    let mut lines = text.splitn(4, '\n');
    let mut value = |name: &str| {
        let line = lines.next().and_then(|line| line.strip_prefix(name));
        let why = String::from_utf8_lossy(&run.stderr);
        line.unwrap_or_else(|| panic!("{words:?}: {text}{why}"))
            .trim()
            .to_owned()
    };
    let (answers, exit, restored) = (value("answers"), value("exit"), value("restored"));
    assert_eq!(restored, "yes", "{words:?}: the terminal is not as it was");
    Seen {
        answers: answers.parse().unwrap(),
        exit: exit.parse().unwrap(),
        text: lines.next().unwrap().to_owned(),
    }
}

fn passphrase() -> String {
    let text = fs::read_to_string(pki("passphrase.txt")).unwrap();
    text.trim().to_owned()
}

#[test]
fn a_person_is_asked_and_nothing_is_shown() {
    if !here::have("python3", "python3") {
        return;
    }
    let (word, closed, crt) = (passphrase(), pki("server.pbes2.key"), pki("server.crt"));
    let typed = format!("{word}\\n");
    let p12 = crate::secrets::support::testdata().join("containers/modern.p12");
    let p12 = p12.display().to_string();
    let config = [
        "--server",
        "apache",
        "--cert-file",
        &crt,
        "--key-file",
        &closed,
    ];
    let mut asked = 0;
    for words in [
        &["match", &closed, &crt][..],
        &["inspect", &closed],
        &["key-id", &closed],
        &[&["preflight"][..], &config].concat(),
    ] {
        for option in [&[][..], &["--passphrase-stdin"]] {
            let words = [words, option].concat();
            let seen = on_terminal(&typed, "-", &words);
            assert_eq!(seen.answers, 1, "{words:?}: {}", seen.text);
            assert!(!seen.text.contains(&word), "{words:?}: {}", seen.text);
            assert!(
                !seen.text.contains("does not open"),
                "{words:?}: {}",
                seen.text
            );
            let question = if option.is_empty() {
                format!("Passphrase of {closed} (Enter: continue without): ")
            } else {
                "Passphrase: ".to_owned()
            };
            assert!(seen.text.contains(&question), "{words:?}: {}", seen.text);
            asked += 1;
        }
    }
    // With it the key is compared; corrections of the line count.
    let seen = on_terminal(&typed, "-", &["match", &closed, &crt]);
    assert_eq!(seen.exit, 0, "{}", seen.text);
    let corrected = format!("wrong\\x15{word}xy\\x7f\\x08\\r");
    let seen = on_terminal(&corrected, "-", &["match", &closed, &crt]);
    assert_eq!(seen.exit, 0, "{}", seen.text);
    // Standard output may lead elsewhere: the question does not.
    let dir = scratch();
    let out = dir.path().join("out").display().to_string();
    let seen = on_terminal(&typed, &out, &["match", &closed, &crt]);
    assert_eq!((seen.answers, seen.exit), (1, 0), "{}", seen.text);
    let written = fs::read_to_string(&out).unwrap();
    assert!(
        !written.is_empty() && !written.contains("Passphrase"),
        "{written}"
    );
    // A wrong one, none, and Control-C.
    let seen = on_terminal("no such word\\n", "-", &["match", &closed, &crt]);
    assert!(seen.answers == 1 && seen.exit != 0, "{}", seen.text);
    assert!(!seen.text.contains("no such word"), "{}", seen.text);
    let seen = on_terminal("\\n", "-", &["match", &closed, &crt]);
    assert!(seen.answers == 1 && seen.exit != 0, "{}", seen.text);
    let seen = on_terminal("abc\\x03", "-", &["match", &closed, &crt]);
    assert!(seen.text.contains("interrupted"), "{}", seen.text);
    assert_eq!((seen.answers, seen.exit), (1, 2), "{}", seen.text);
    // Convert and verify open containers.
    for words in [
        &["inspect", &p12][..],
        &[
            "convert",
            &p12,
            "--to",
            "der",
            "-o",
            &dir.path().join("none").display().to_string(),
        ],
        &["verify", &p12],
        &["chain", &p12],
    ] {
        let seen = on_terminal("\\n", "-", words);
        assert_eq!(seen.answers, 1, "{words:?}: {}", seen.text);
    }
    assert_eq!(asked, 8);
}

/// Where nothing is closed, and where the option says where the passphrase is, nobody is
/// asked anything.
#[test]
fn nobody_is_asked_without_need() {
    if !here::have("python3", "python3") {
        return;
    }
    let (closed, crt) = (pki("server.pbes2.key"), pki("server.crt"));
    let word = pki("passphrase.txt");
    for words in [
        &["match", &pki("server.key"), &crt][..],
        &["inspect", &crt],
        &["match", &closed, &crt, "--passphrase-file", &word],
        &[
            "convert",
            &pki("server.key"),
            "--to",
            "der",
            "-o",
            "/dev/null/none",
        ],
    ] {
        let seen = on_terminal("\\n", "-", words);
        assert_eq!(seen.answers, 0, "{words:?}: {}", seen.text);
        assert!(
            !seen.text.contains("Passphrase"),
            "{words:?}: {}",
            seen.text
        );
    }
}
