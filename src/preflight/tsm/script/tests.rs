use super::{Script, Shell};
use crate::preflight::tsm::Context;

/// The commands, each with its lines and words.
fn read(text: &str, shell: Shell) -> Vec<String> {
    let script = Script::read(text, shell, []);
    let shown = script.commands.iter().map(|command| {
        let lines = command.lines;
        format!(
            "{}-{} {}",
            lines.first,
            lines.last,
            command.words().join("|")
        )
    });
    shown.collect()
}

/// Code and line of each finding.
fn found(text: &str, shell: Shell) -> Vec<String> {
    let script = Script::read(text, shell, []);
    let findings = script
        .commands
        .iter()
        .flat_map(|command| command.line("s", &Context::default()).findings);
    findings
        .map(|finding| {
            assert_eq!(finding.subject.source, "s");
            format!(
                "{}:{}",
                finding.code().as_str(),
                finding.subject.lines.unwrap().first
            )
        })
        .collect()
}

#[test]
fn a_posix_shell() {
    let text = "#!/bin/sh\nset -e\n# tsm stop\nDIR=/etc/ssl\nexport KEY=\"$DIR/a key\"\n\n\
        sudo tsm security external-ssl enable \\\n  --cert-file $DIR/a.crt \\\n  --key-file \"$KEY\" --protocols 'all -SSLv3' > log 2>&1\n\
        if ! tsm pending-changes apply; then echo tsm failed; fi\n";
    assert_eq!(
        read(text, Shell::Posix),
        [
            "7-9 security|external-ssl|enable|--cert-file|/etc/ssl/a.crt|--key-file|/etc/ssl/a key|--protocols|all -SSLv3",
            "10-10 pending-changes|apply"
        ]
    );
    let script = Script::read(text, Shell::Posix, []);
    assert_eq!(script.skipped, 3);
    assert_eq!(
        read("cat <<EOF\ntsm stop\nEOF\ntsm start\n", Shell::Posix),
        ["4-4 start"]
    );
    assert_eq!(
        read("V=$(tsm version)\necho `tsm status`\n", Shell::Posix),
        ["1-1 version", "2-2 status"]
    );
    assert_eq!(
        read("su - tsm -c \"tsm start\"; ssh h 'tsm stop'", Shell::Posix),
        ["1-1 start", "1-1 stop"]
    );
    assert_eq!(
        read("echo tsm stop\n./x --tsm\nmytsm stop\n", Shell::Posix),
        [""; 0]
    );
    assert_eq!(
        read("A=1 /opt/bin/tsm  stop && tsm start\r\n", Shell::Posix),
        ["1-1 stop", "1-1 start"]
    );
}

#[test]
fn powershell() {
    let text = "<# tsm stop\n#>\n$cert = 'C:\\ssl\\a.crt'\n& tsm security custom-cert add `\n  -c $cert\n\
        tsm.cmd configuration set -k ssl.protocols -v \u{201c}all -SSLv3\u{201d}\nWrite-Host \"tsm done\"\n";
    assert_eq!(
        read(text, Shell::PowerShell),
        [
            "4-5 security|custom-cert|add|-c|C:\\ssl\\a.crt",
            "6-6 configuration|set|-k|ssl.protocols|-v|all -SSLv3"
        ]
    );
    assert_eq!(Script::read(text, Shell::PowerShell, []).skipped, 2);
    assert_eq!(
        read("tsm x 'it''s' \"a `\"b`\"\"\n", Shell::PowerShell),
        ["1-1 x|it's|a \"b\""]
    );
}

#[test]
fn cmd() {
    let text = "@echo off\r\nREM tsm stop\r\n:: tsm stop\r\nset CERT=C:\\ssl\\a.crt\r\n\
        call tsm security external-ssl enable --cert-file \"%CERT%\" ^\r\n  --key-file C:\\ssl\\a.key & @tsm start\r\n";
    assert_eq!(
        read(text, Shell::Cmd),
        [
            "5-6 security|external-ssl|enable|--cert-file|C:\\ssl\\a.crt|--key-file|C:\\ssl\\a.key",
            "6-6 start"
        ]
    );
    assert_eq!(Script::read(text, Shell::Cmd, []).skipped, 2);
}

#[test]
fn values_that_are_not_known_are_named() {
    let text = "read CERT\ntsm security custom-cert add -c \"$CERT\"\n";
    let script = Script::read(text, Shell::Posix, []);
    assert_eq!(script.commands[0].unknown, ["$CERT"]);
    let given = Script::read(text, Shell::Posix, [("CERT", "a.crt")]);
    assert_eq!(
        given.commands[0].words(),
        ["security", "custom-cert", "add", "-c", "a.crt"]
    );
    for text in [
        "A=1\nA=2\ntsm x $A",
        "tsm x ${A:-b}",
        "for A in 1; do tsm x $A; done",
        "A=$B; tsm x $A",
    ] {
        assert!(
            !Script::read(text, Shell::Posix, []).commands[0]
                .unknown
                .is_empty(),
            "{text}"
        );
    }
    // What depends on the value is not reported.
    assert_eq!(
        found("tsm security kms set-mode aws --key-arn $A\n", Shell::Posix),
        [""; 0]
    );
    assert_eq!(
        found("tsm security kms set-mode aws --key-arn a\n", Shell::Posix).len(),
        2
    );
}

#[test]
fn traps_are_named_with_their_lines() {
    let enable = |end: &str| {
        format!(
            "\ntsm security external-ssl enable --cert-file a.crt {end}\n --key-file a.key\ntsm start\n"
        )
    };
    for (shell, end, code) in [
        (Shell::Posix, "\\ ", "line-continuation"),
        (Shell::Posix, "`", "line-continuation"),
        (Shell::Posix, "", "line-continuation"),
        (Shell::PowerShell, "\\", "line-continuation"),
        (Shell::PowerShell, "`\t", "line-continuation"),
        (Shell::Cmd, "\\", "line-continuation"),
        (Shell::Cmd, "^ ", "line-continuation"),
    ] {
        let text = enable(end);
        assert_eq!(
            found(&text, shell),
            [format!("config.{code}:2")],
            "{shell:?} {end:?}"
        );
        assert_eq!(
            read(&text, shell)[0],
            "2-3 security|external-ssl|enable|--cert-file|a.crt|--key-file|a.key"
        );
    }
    let add = |file: &str| format!("tsm security custom-cert add -c {file}\ntsm start\n");
    for (shell, file, code) in [
        (Shell::Posix, "C:\\ssl\\a.crt", "config.shell-quoting:1"),
        (Shell::Posix, "\"a.crt", "config.shell-quoting:1"),
        (
            Shell::Posix,
            "\u{2018}a b.crt\u{2019}",
            "config.typographic-character:1",
        ),
        (Shell::Cmd, "'a b.crt'", "config.shell-quoting:1"),
        (Shell::Cmd, "\"a.crt", "config.shell-quoting:1"),
    ] {
        assert!(
            found(&add(file), shell).iter().all(|found| found == code),
            "{shell:?} {file:?}"
        );
        assert!(!found(&add(file), shell).is_empty(), "{shell:?} {file:?}");
    }
    for (shell, file) in [
        (Shell::Posix, "'C:\\ssl\\a.crt'"),
        (Shell::Cmd, "C:\\ssl\\a.crt"),
        (Shell::PowerShell, "\u{201c}a\u{201d}"),
    ] {
        assert_eq!(found(&add(file), shell), [""; 0], "{shell:?} {file:?}");
    }
}

#[test]
fn a_mark_that_is_not_closed_ends_with_its_line() {
    for (shell, mark) in [
        (Shell::Posix, '"'),
        (Shell::Posix, '\''),
        (Shell::PowerShell, '"'),
        (Shell::Cmd, '"'),
    ] {
        let text = format!("tsm x -k {mark}a b\ntsm login -p secret\n");
        assert_eq!(
            read(&text, shell),
            ["1-1 x|-k|a b", "2-2 login|-p|secret"],
            "{shell:?} {mark}"
        );
    }
}

#[test]
fn hostile_texts_end() {
    for shell in Shell::ALL {
        for text in [
            "",
            "\\",
            "`",
            "^",
            "\"",
            "'",
            "$",
            "${",
            "$(",
            "%",
            "%%",
            "!",
            "<<",
            "<<EOF",
            "@",
            "tsm",
            "tsm \\",
            "\0",
            "\u{feff}tsm x",
        ] {
            read(text, shell);
            read(&format!("tsm {text}\n"), shell);
        }
        for piece in [
            "$(", "${", "`", "'", "\"", "%a", "!a ", "'a ", "<<", "\\\n", "^\n", "(", "tsm ",
            "\u{2018}", "a=b;",
        ] {
            // Work that grew with the square of the length would take minutes.
            read(&piece.repeat(5_000), shell);
        }
    }
}

#[test]
fn tsm_is_found_behind_other_programs() {
    for (text, shell, command) in [
        (
            "TSM=/opt/tableau/tsm\n$TSM security external-ssl enable -x",
            Shell::Posix,
            "2-2 security|external-ssl|enable|-x",
        ),
        (
            "$TSM security external-ssl enable -x",
            Shell::Posix,
            "1-1 security|external-ssl|enable|-x",
        ),
        (
            "sudo ${T} security external-ssl enable",
            Shell::Posix,
            "1-1 security|external-ssl|enable",
        ),
        ("eval \"tsm stop -x\"", Shell::Posix, "1-1 stop|-x"),
        (
            "docker exec -it srv tsm stop -x",
            Shell::Posix,
            "1-1 stop|-x",
        ),
        ("retry 3 tsm stop", Shell::Posix, "1-1 stop"),
        (
            "ARGS=\"-c a.crt\"\ntsm security custom-cert add $ARGS",
            Shell::Posix,
            "2-2 security|custom-cert|add|-c|a.crt",
        ),
        (
            "ARGS='-c a.crt'\ntsm security custom-cert add \"$ARGS\"",
            Shell::Posix,
            "2-2 security|custom-cert|add|-c a.crt",
        ),
        (
            "$tsm = 'C:\\t\\tsm.cmd'\n& $tsm stop -x",
            Shell::PowerShell,
            "2-2 stop|-x",
        ),
        ("$out = tsm stop -x", Shell::PowerShell, "1-1 stop|-x"),
        ("$null = tsm stop", Shell::PowerShell, "1-1 stop"),
        ("tsm --% stop -x", Shell::PowerShell, "1-1 stop|-x"),
        (
            "for /f %%i in ('tsm stop -x') do echo %%i",
            Shell::Cmd,
            "1-1 stop|-x",
        ),
        (
            "%TSM% security custom-cert add",
            Shell::Cmd,
            "1-1 security|custom-cert|add",
        ),
        ("PS C:\\ssl> tsm stop", Shell::PowerShell, "1-1 stop"),
    ] {
        assert_eq!(read(text, shell), [command], "{text}");
    }
    for text in [
        "echo tsm stop",
        "logger 'ran tsm stop'",
        "printf '%s' tsm stop",
        "cd /opt/tsm",
        "man tsm",
    ] {
        assert!(read(text, Shell::Posix).is_empty(), "{text}");
    }
}

#[test]
fn forms_that_are_not_read_are_named() {
    let hidden = |text: &str, shell| Script::read(text, shell, []).hidden;
    assert_eq!(
        hidden(
            "tsm stop\nStart-Process tsm -ArgumentList 'security x'",
            Shell::PowerShell
        ),
        [2]
    );
    assert_eq!(hidden("at now 'tsm stop'\n", Shell::Posix), [1]);
    assert!(hidden("echo tsm stop\n# tsm stop\nls tsm\n", Shell::Posix).is_empty());
    let splat = Script::read("tsm @a", Shell::PowerShell, []);
    assert_eq!(splat.commands[0].unknown, ["@a"]);
}
