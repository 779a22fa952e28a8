use super::super::{Service, TsmCommand};
use super::{ENABLE, clean, found, line};
use crate::preflight::tsm::{Context, read_in};

#[test]
fn versions_have_their_commands() {
    let vizql = "security vizql-extsvc-ssl enable --connection-type tabpy-secure --extsvc-host t \
                 --extsvc-port 9004";
    for (version, rest, expected) in [
        (None, "", vec![("config.other-version", "warning", 2)]),
        (
            Some("2019.4"),
            "",
            vec![("config.missing-option", "error", 3)],
        ),
        (Some("2019.4"), " -cf a", vec![]),
        (Some("2020.1"), "", vec![]),
        (
            Some("2020.1"),
            " -cf a",
            vec![("config.other-version", "error", 9)],
        ),
        (
            Some("2020.2"),
            " -cf a",
            vec![("config.other-version", "error", 2)],
        ),
    ] {
        let context = Context {
            version: version.and_then(|version| version.parse().ok()),
            script: false,
        };
        let text = format!("{vizql}{rest}");
        let words: Vec<&str> = text.split_whitespace().collect();
        assert_eq!(
            found(&read_in(&words, &context)),
            expected,
            "{version:?}{rest}"
        );
    }
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
        let context = Context {
            version: "2019.4".parse().ok(),
            script: false,
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = read_in(&words, &context);
        assert_eq!(found(&line), [], "{text}");
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
            vec![
                ("key.passphrase-on-command-line", "notice", 9),
                ("config.password-in-clear", "warning", 9),
            ],
        ),
        (
            "--connection-type maestro-tabpy --tabpy-port 9004 --tabpy-host u:9004",
            vec![
                ("config.repeated-option", "warning", 9),
                ("config.unknown-option", "error", 9),
            ],
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
        line("login -u admin -s https://tableau.example.com:8850 --trust-admin-controller-cert");
    assert_eq!(
        found(&login),
        [("config.controller-unchecked", "warning", 5)]
    );
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

    for text in [
        "security external-ssl enable --help",
        "security kms -h",
        "--help",
    ] {
        assert!(clean(text).help, "{text}");
    }
    assert!(!clean("user-identity-store set-connection -h ldap.example.com").help);
}
