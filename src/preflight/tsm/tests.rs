use super::{FileRole, PassphraseOption, Service, TsmCommand, TsmLine, read};
use crate::finding::{Evidence, KeyFact, Part, Severity};

/// Reads a line as a shell would split it, with double quotes only.
fn line(text: &str) -> TsmLine {
    let mut words = Vec::new();
    for (index, piece) in text.split('"').enumerate() {
        if index % 2 == 1 {
            words.push(piece.to_owned());
        } else {
            words.extend(piece.split_whitespace().map(str::to_owned));
        }
    }
    read(&words)
}

/// Code, severity and place of every finding.
fn found(line: &TsmLine) -> Vec<(&'static str, &'static str, usize)> {
    line.findings
        .iter()
        .map(|finding| {
            assert_eq!(finding.subject.source, "tsm");
            assert_eq!(finding.subject.part, Part::Setting);
            (
                finding.code().as_str(),
                finding.severity.as_str(),
                finding.subject.index,
            )
        })
        .collect()
}

fn clean(text: &str) -> TsmLine {
    let line = line(text);
    assert_eq!(found(&line), [], "{text}");
    line
}

fn files(line: &TsmLine) -> Vec<(FileRole, &str, usize)> {
    line.files()
        .iter()
        .map(|file| (file.role, file.path.as_str(), file.word))
        .collect()
}

fn suggestions(line: &TsmLine) -> Vec<Option<String>> {
    line.findings
        .iter()
        .filter_map(|finding| match &finding.evidence {
            Evidence::ConfigFact(crate::finding::ConfigFact::UnknownOption {
                suggestion, ..
            }) => Some(suggestion.clone()),
            _ => None,
        })
        .collect()
}

const ENABLE: &str = "security external-ssl enable --cert-file a.crt --key-file a.key";

#[test]
fn external_ssl_enable() {
    let line = clean(
        "security external-ssl enable --cert-file \"my server.crt\" --key-file=a.key \
         --chain-file chain.crt --protocols \"all, -SSLv2, -SSLv3\" --passphrase",
    );
    assert_eq!(line.name, "tsm security external-ssl enable");
    assert_eq!(
        files(&line),
        [
            (FileRole::Certificate, "my server.crt", 3),
            (FileRole::Key, "a.key", 5),
            (FileRole::Chain, "chain.crt", 6)
        ]
    );
    let TsmCommand::ExternalSslEnable(server) = &line.command else {
        panic!("{line:?}")
    };
    let protocols = server.protocols.as_ref().unwrap();
    assert_eq!(
        (protocols.value.as_str(), protocols.word),
        ("all, -SSLv2, -SSLv3", 8)
    );
    assert_eq!(server.passphrase, PassphraseOption::Bare);

    let short =
        clean("security external-ssl enable -cf a.crt -kf a.key --protocols \"-all +TLSv1.2\"");
    assert_eq!(short.files().len(), 2);
}

#[test]
fn what_is_missing_is_named_with_its_place() {
    let line = line("security external-ssl enable --chain-file c.crt");
    assert_eq!(
        found(&line),
        [
            ("config.missing-option", "error", 2),
            ("config.missing-option", "error", 2)
        ]
    );
    let texts: Vec<_> = line.findings.iter().map(|f| f.message()).collect();
    assert_eq!(
        texts,
        [
            "`tsm security external-ssl enable` demands `--cert-file`",
            "`tsm security external-ssl enable` demands `--key-file`"
        ]
    );
}

#[test]
fn a_value_that_is_missing_does_not_swallow_the_next_option() {
    for text in [
        "security external-ssl enable --cert-file --key-file a.key",
        "security external-ssl enable --cert-file --key-fle=a.key",
        "security external-ssl enable --key-file a.key --cert-file",
        "security external-ssl enable --key-file a.key --cert-file \"\"",
        "security external-ssl enable --key-file a.key --cert-file=",
    ] {
        let line = line(text);
        assert!(
            line.findings
                .iter()
                .any(|f| f.message().contains("demands `--cert-file VALUE`")),
            "{text}: {:?}",
            line.findings
        );
        assert_eq!(line.files().len(), 1, "{text}");
    }
}

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
    // One that begins with an option's letter is no option's value.
    let glued = line(&format!("{ENABLE} -pserver"));
    assert_eq!(
        glued.findings[0].evidence,
        KeyFact::PassphraseOnCommandLine {
            option: "--password".into()
        }
        .into()
    );
    assert_eq!(glued.findings[0].severity, Severity::Notice);
}

#[test]
fn protocols_without_quotation_marks_are_one_finding() {
    for (rest, meant) in [
        ("all -SSLv2 -SSLv3", "all -SSLv2 -SSLv3"),
        ("all, -SSLv2, -SSLv3", "all, -SSLv2, -SSLv3"),
        ("-all +TLSv1.2 TLSv1.3", "-all +TLSv1.2 TLSv1.3"),
    ] {
        let line = line(&format!("{ENABLE} --protocols {rest} --chain-file c.crt"));
        let TsmCommand::ExternalSslEnable(server) = &line.command else {
            panic!()
        };
        assert_eq!(server.protocols.as_ref().unwrap().value, meant);
        assert_eq!(server.chain.as_ref().unwrap().path, "c.crt");
        assert_eq!(found(&line), [("config.unknown-option", "error", 9)]);
        assert_eq!(
            suggestions(&line),
            [Some(format!("--protocols \"{meant}\""))]
        );
    }
}

#[test]
fn unknown_options_and_what_was_meant() {
    let misspelt = line("security external-ssl enable --cert-fle a.crt --key-file a.key");
    assert_eq!(found(&misspelt), [("config.unknown-option", "error", 3)]);
    assert_eq!(suggestions(&misspelt), [Some("--cert-file".into())]);
    assert_eq!(misspelt.files().len(), 2, "read as what was meant");

    let strange = line(&format!("{ENABLE} --wibble x.crt"));
    assert_eq!(found(&strange), [("config.unknown-option", "error", 7)]);
    assert_eq!(suggestions(&strange), [None]);

    let loose = line(&format!("{ENABLE} c.crt"));
    assert_eq!(found(&loose), [("config.unknown-option", "error", 7)]);

    let hyphen = line("security external-ssl enable -cert-file a.crt --key-file a.key");
    assert_eq!(found(&hyphen), [("config.unknown-option", "warning", 3)]);

    let twice = line(&format!("{ENABLE} --cert-file b.crt"));
    assert_eq!(found(&twice), [("config.repeated-option", "warning", 7)]);
    assert_eq!(twice.files()[0].path, "b.crt");
}

#[test]
fn unknown_commands_and_what_was_meant() {
    for (text, at, meant) in [
        ("security externel-ssl enable", 1, Some("external-ssl")),
        ("security external-ssl enabel", 2, Some("enable")),
        ("security external-ssl on", 2, None),
        ("secruity external-ssl enable", 0, Some("security")),
        ("frobnicate", 0, None),
        ("-u admin security kms set-mode gcp", 5, None),
    ] {
        let line = line(text);
        assert_eq!(
            found(&line),
            [("config.unknown-option", "error", at)],
            "{text}"
        );
        assert_eq!(suggestions(&line), [meant.map(str::to_owned)], "{text}");
        assert_eq!(line.command, TsmCommand::Unknown);
    }
    for (text, at, wanted) in [
        ("", 0, "COMMAND"),
        ("security external-ssl", 2, "enable|disable|list"),
        ("security kms set-mode --format json", 5, "aws|azure|local"),
    ] {
        let line = line(text);
        assert_eq!(
            found(&line),
            [("config.missing-option", "error", at)],
            "{text}"
        );
        assert!(line.findings[0].message().contains(wanted), "{text}");
    }
}

#[test]
fn commands_without_anything_to_check() {
    for text in [
        "status -v",
        "start --request-timeout 3600",
        "security external-ssl disable",
        "security custom-cert list",
        "security kms status",
        "security kms set-mode local",
        "security repository-ssl get-certificate-file --file /tmp/x.cert",
        "security regenerate-internal-tokens --request-timeout 1800",
        "configuration set -k gateway.timeout -v 7200 --force-keys",
        "user-identity-store set-connection -h ldap.example.com",
        "pending-changes list",
        "topology list-nodes -v",
        "authentication mutual-ssl enable",
    ] {
        assert_eq!(clean(text).command, TsmCommand::NothingToCheck, "{text}");
    }
    let apply = clean("pending-changes apply --ignore-prompt --ignore-warnings --whatever-comes 1");
    assert_eq!(apply.command, TsmCommand::PendingChangesApply);
}

#[test]
fn certificates_to_trust() {
    let add = clean("security custom-cert add -c smtp-ca.der");
    assert_eq!(files(&add), [(FileRole::CaCertificate, "smtp-ca.der", 3)]);
    assert!(matches!(add.command, TsmCommand::CustomCertAdd { .. }));
    assert_eq!(
        found(&line("security custom-cert add")),
        [("config.missing-option", "error", 2)]
    );

    let mutual = clean("authentication mutual-ssl configure -cf ca.crt -rf revoked.pem -fb true");
    assert_eq!(
        files(&mutual),
        [
            (FileRole::CaCertificate, "ca.crt", 3),
            (FileRole::RevocationList, "revoked.pem", 5)
        ]
    );
}

#[test]
fn certificates_and_keys_of_other_servers() {
    let tsm = clean("security custom-tsm-ssl enable -cf t.crt -kf t.key --not-known-here 1");
    assert!(matches!(tsm.command, TsmCommand::CustomTsmSslEnable(_)));
    assert_eq!(tsm.files().len(), 2);
    assert_eq!(
        found(&line("security custom-tsm-ssl enable --cert-file t.crt")),
        [("config.missing-option", "error", 2)]
    );
    let saml = clean("authentication saml configure -cf s.crt -kf s.key -i idp.xml -e https://x");
    assert!(matches!(saml.command, TsmCommand::SamlConfigure(_)));
    assert_eq!(saml.files().len(), 2);
}

#[test]
fn services_outside() {
    for (text, expected) in [
        (
            "security maestro-rserve-ssl enable --connection-type maestro-rserve-secure \
             --rserve-host r.example.com --rserve-port 4912 -cf ca.crt",
            Service::FlowRserve,
        ),
        (
            "security maestro-tabpy-ssl enable --connection-type maestro-tabpy-secure \
             --tabpy-host 192.0.2.9 --tabpy-port 4912 --cert-file ca.crt --tabpy-connect-timeout-ms 9",
            Service::FlowTabPy,
        ),
        (
            "security vizql-extsvc-ssl enable --connection-type tabpy-secure \
             --extsvc-host t --extsvc-port 4912 -cfca.crt",
            Service::AnalyticsExtension,
        ),
    ] {
        let line = clean(text);
        let TsmCommand::ServiceEnable(connection) = &line.command else {
            panic!("{line:?}")
        };
        assert_eq!(connection.service, expected);
        assert!(connection.secure);
        assert!(connection.host.is_some());
        assert_eq!(connection.port, Some(4912));
        assert_eq!(connection.certificate.as_ref().unwrap().path, "ca.crt");
    }
    let bare = "security maestro-tabpy-ssl enable --tabpy-host t";
    for (rest, expected) in [
        (
            "--connection-type maestro-tabpy-secure --tabpy-port 9004",
            vec![("config.missing-option", "error", 5)],
        ),
        (
            "--connection-type tabpy-secure -cf a --tabpy-port 9004",
            vec![("config.unknown-option", "error", 5)],
        ),
        (
            "--connection-type maestro-tabpy",
            vec![("config.missing-option", "error", 2)],
        ),
        (
            "--connection-type maestro-tabpy --tabpy-port 9004 --tabpy-password x",
            vec![("key.passphrase-on-command-line", "notice", 9)],
        ),
    ] {
        assert_eq!(found(&line(&format!("{bare} {rest}"))), expected, "{rest}");
    }
}

#[test]
fn ports() {
    for (port, right) in [
        ("1", true),
        ("65535", true),
        ("0", false),
        ("65536", false),
        ("-1", false),
        ("+80", false),
        ("https", false),
        ("99999999999999999999", false),
    ] {
        let line = line(&format!(
            "security maestro-rserve-ssl enable --connection-type maestro-rserve \
             --rserve-host r --rserve-port {port}"
        ));
        let expected: &[_] = if right {
            &[]
        } else {
            &[("config.port", "error", 7)]
        };
        assert_eq!(found(&line), expected, "{port}");
    }
    let set = clean("topology set-ports -n node1 -pn gateway:http -pv 8080");
    assert!(matches!(
        set.command,
        TsmCommand::SetPorts {
            port: Some(8080),
            ..
        }
    ));
    assert_eq!(
        found(&line(
            "topology set-ports -n node1 -pn gateway:http -pv 80800"
        )),
        [("config.port", "error", 6)]
    );
}

const ARN: &str = "arn:aws:kms:us-west-2:867530990073:key/1abc23de-0f45-6a1b-7c89-1d0ef1234567";

#[test]
fn kms() {
    let set = "security kms set-mode aws";
    let line1 = clean(&format!(
        "{set} --aws-region \"us-west-2\" --key-arn \"{ARN}\""
    ));
    let TsmCommand::KmsAws { region, key_arn } = &line1.command else {
        panic!()
    };
    assert_eq!(region.as_ref().unwrap().value, "us-west-2");
    assert_eq!(key_arn.as_ref().unwrap().value, ARN);
    for (rest, expected) in [
        (
            format!("--aws-region eu-west-1 --key-arn {ARN}"),
            vec![("config.kms-region", "error", 4)],
        ),
        (
            format!("--aws-region us-west --key-arn {ARN}"),
            vec![("config.kms-region", "error", 4)],
        ),
        (
            "--aws-region us-west-2 --key-arn arn:aws:kms:us-west-2:867530990073:alias/x".into(),
            vec![("config.kms-arn", "error", 6)],
        ),
        (
            "--aws-region us-west-2".into(),
            vec![("config.missing-option", "error", 3)],
        ),
        (
            format!("--key-arn {ARN}"),
            vec![("config.missing-option", "error", 3)],
        ),
        (
            "--aws-region us-west-2 --key-arn \
             arn:aws:kms:us-west-2:867530990073:key/1abc23de-fg45-6hij-7k89-1l0mn1234567"
                .into(),
            vec![("config.kms-arn", "warning", 6)],
        ),
    ] {
        assert_eq!(found(&line(&format!("{set} {rest}"))), expected, "{rest}");
    }
}

#[test]
fn repository_ssl() {
    for (text, expected) in [
        ("security repository-ssl enable", false),
        ("security repository-ssl enable -i", true),
        ("security repository-ssl enable --internal-only", true),
    ] {
        assert_eq!(
            clean(text).command,
            TsmCommand::RepositorySslEnable {
                internal_only: expected
            }
        );
    }
}

#[test]
fn login_and_global_options() {
    let login =
        clean("login -u admin -s https://tableau.example.com:8850 --trust-admin-controller-cert");
    assert_eq!(login.command, TsmCommand::Login);
    assert_eq!(
        login.server.unwrap().value,
        "https://tableau.example.com:8850"
    );
    assert!(login.trusts_any_controller);

    let before = clean(&format!("--server https://tableau:8850 -u admin {ENABLE}"));
    assert_eq!(before.files().len(), 2);

    for text in [
        "login -s http://tableau:8850",
        "login --server=https://192.0.2.1:8850",
        "status --server https://tableau",
    ] {
        let line = line(text);
        assert_eq!(found(&line), [("config.tsm-url", "error", 1)], "{text}");
        assert_eq!(line.server, None);
    }
    let credentials = line("login -s https://admin:hunter2@tableau:8850");
    assert!(!format!("{credentials:?}").contains("hunter2"));

    let help = clean("security external-ssl enable --help");
    assert!(help.help);
}

#[test]
fn options_of_certcheck_come_back_untouched() {
    let line = clean(
        "--format json security external-ssl enable --at=2026-11-22T00:00:00Z --cert-file a.crt \
         --host www.example.com -q --key-file a.key --deny certificate.lifetime --anchors native \
         --passphrase-stdin --saml -v",
    );
    assert_eq!(
        line.ours,
        [
            "--format",
            "json",
            "--at=2026-11-22T00:00:00Z",
            "--host",
            "www.example.com",
            "-q",
            "--deny",
            "certificate.lifetime",
            "--anchors",
            "native",
            "--passphrase-stdin",
            "--saml",
            "-v"
        ]
    );
    assert_eq!(clean("status --format json").ours, ["--format", "json"]);
    assert_eq!(
        super::read(&["bogus", "--format", "json"]).ours,
        ["--format", "json"]
    );
}

#[test]
fn hostile_words() {
    let megabyte = "x".repeat(1 << 20);
    let started = std::time::Instant::now();
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
        let far = "word 4097 and all behind it";
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
    // Half a second in a debug build on a loaded machine; quadratic work takes minutes.
    assert!(started.elapsed().as_secs() < 20);
}
