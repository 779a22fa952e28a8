mod hostile;
mod services;

use super::{FileRole, PassphraseOption, TsmCommand, TsmLine, read};
use crate::finding::Part;
use crate::rule::{self, Evidence};

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
            Evidence::ConfigFact(rule::ConfigFact::UnknownOption(
                rule::config::UnknownOption { suggestion, .. },
            )) => Some(suggestion.clone()),
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
            "`tsm security external-ssl enable` requires `--cert-file`",
            "`tsm security external-ssl enable` requires `--key-file`"
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
                .any(|f| f.message().contains("requires `--cert-file VALUE`")),
            "{text}: {:?}",
            line.findings
        );
        assert_eq!(line.files().len(), 1, "{text}");
    }
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
        ("security external-ssl on", 2, Some("enable|disable|list")),
        ("secruity external-ssl enable", 0, Some("security")),
        ("frobnicate", 0, None),
        (
            "-u admin security kms set-mode gcp",
            5,
            Some("aws|azure|local"),
        ),
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
fn a_key_of_the_configuration_and_its_value() {
    let of = |text: &str| match line(text).command {
        TsmCommand::SetConfiguration { key, value } => {
            (key.map(|key| key.value), value.map(|value| value.value))
        }
        other => panic!("{other:?}"),
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        of("configuration set -k ssl.protocols -v TLSv1.2 --force-keys"),
        (some("ssl.protocols"), some("TLSv1.2"))
    );
    assert_eq!(
        of("configuration set --value HIGH --key ssl.ciphersuite"),
        (some("ssl.ciphersuite"), some("HIGH"))
    );
    // What may be a password is not kept.
    assert_eq!(
        of("configuration set -k wgserver.saml.key.passphrase -v hush"),
        (some("wgserver.saml.key.passphrase"), None)
    );
    assert_eq!(
        of("configuration set -k ssl.protocols -d"),
        (some("ssl.protocols"), None)
    );
    // The shell cut it off.
    let cut = "configuration set -k ssl.protocols -v all -SSLv2 -SSLv3";
    assert_eq!(of(cut).1, some("all -SSLv2 -SSLv3"));
    assert_eq!(
        suggestions(&line(cut)),
        [some("--value \"all -SSLv2 -SSLv3\"")]
    );
    let loose = line("configuration set -k a.password -v one two");
    assert!(
        loose
            .findings
            .iter()
            .all(|finding| !finding.message().contains("two"))
    );
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
        "configuration get -k gateway.timeout",
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
    assert_eq!(saml.files().len(), 3);
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
fn values_that_an_option_does_not_take() {
    for (text, meant) in [
        ("status --request-timeout abc", "--request-timeout SECONDS"),
        (
            "maintenance backup -f x --request-timeout 30m",
            "--request-timeout SECONDS",
        ),
        ("restart --request-timeout=-5", "--request-timeout SECONDS"),
        (
            "start --request-timeout 99999999999",
            "--request-timeout SECONDS",
        ),
        (
            "authentication mutual-ssl configure -fb ture",
            "--fallback-to-basic true|false",
        ),
        (
            "authentication mutual-ssl configure -m dn",
            "--user-name-mapping upn|ldap|cn",
        ),
        (
            "authentication saml configure -d off",
            "--desktop-access enable|disable",
        ),
        (
            "authentication openid configure -id yes",
            "--ignore-domain true|false",
        ),
    ] {
        let line = line(text);
        assert_eq!(suggestions(&line), [Some(meant.to_owned())], "{text}");
    }
    clean("authentication mutual-ssl configure -fb TRUE -m UPN");
    clean("status --request-timeout 0");
}

#[test]
fn options_that_the_pages_do_not_have() {
    for (text, meant) in [
        ("security external-ssl list --bogus", None),
        ("security custom-cert delete --cert-file x", None),
        ("security kms set-mode local --key-arn x", None),
        ("authentication sitesaml enable --site x", None),
        (
            "authentication openid configure --cleint-id x",
            Some("--client-id"),
        ),
        (
            "security repository-ssl disable --requst-timeout 5",
            Some("--request-timeout"),
        ),
    ] {
        let line = line(text);
        let found = found(&line);
        assert_eq!(
            found.first().map(|found| found.0),
            Some("config.unknown-option"),
            "{text}"
        );
        assert!(found.iter().any(|found| found.1 == "error"), "{text}");
        let named = suggestions(&line).into_iter().next().flatten();
        if meant.is_some() {
            assert_eq!(named.as_deref(), meant, "{text}");
        }
    }
}

#[test]
fn what_commands_cannot_do_without() {
    for text in [
        "authentication openid configure",
        "authentication saml configure",
        "authentication mutual-ssl configure",
        "authentication openid configure --request-timeout 60",
        "authentication kerberos configure",
        "security repository-ssl get-certificate-file",
        "authentication openid",
    ] {
        let line = line(text);
        let found = found(&line);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(
            (found[0].0, found[0].1),
            ("config.missing-option", "error"),
            "{text}"
        );
    }
    clean("authentication openid configure --help");
    clean("authentication openid configure --custom-scope-name x");
    clean("authentication saml configure -cf s.crt -kf s.key");
    let azure = line("security kms set-mode azure --key-name k");
    assert_eq!(found(&azure).len(), 1);
}
