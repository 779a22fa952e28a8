//! What the settings' reader makes of 456 configurations of nginx, Apache, HAProxy
//! and PostgreSQL, against how each took effect (testdata/handshake/offers.tsv).

use certcheck::Source;
use certcheck::cipher::CipherList;
use certcheck::handshake::{DhParameters, Group, Scheme};
use certcheck::protocol::{Version, VersionSet};
use certcheck::server::settings::{ClientAuth, Context, Looked, Looks, Scope, Settings};
use certcheck::server::{OpensslConf, Profile};
use std::collections::BTreeMap;
use std::path::Path;

/// The settings of a table's cell, with the files of parameters that they name.
pub(super) fn settings(server: &Profile, text: &str, conf: Option<&OpensslConf>) -> Settings {
    let text = text.replace("\\n", "\n").replace("\\t", "\t");
    let source = Source::new("settings", text.replace("\\\\", "\\").into_bytes());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/handshake/dh");
    let mut looks = Looks::new();
    loop {
        let mut context = Context::at("/base").with_looked(&looks);
        if let Some(conf) = conf {
            context = context.with_openssl_conf(conf);
        }
        let settings = Settings::read(server, &source, &context).unwrap();
        let new: Vec<_> = settings
            .wanted
            .iter()
            .filter(|path| !looks.contains_key(*path))
            .cloned()
            .collect();
        if new.is_empty() {
            return settings;
        }
        for path in new {
            let name = Path::new(&path).file_name().unwrap();
            let looked = match std::fs::read(folder.join(name)) {
                Ok(bytes) => Looked::Read(Source::new(path.as_str(), bytes)),
                Err(_) => Looked::Missing,
            };
            let _ = looks.insert(path, looked);
        }
    }
}

/// The scope in the columns of offers.tsv, from `versions` on.
fn columns(scope: &Scope, server: &Profile) -> Option<[String; 8]> {
    let dialect = server.dialect();
    let names = |suites: Vec<&certcheck::cipher::Suite>| {
        let names: Vec<_> = suites.iter().map(|suite| suite.openssl).collect();
        names.join(":")
    };
    let groups = scope.groups()?;
    let groups: Vec<_> = groups.iter().map(ToString::to_string).collect();
    let schemes = scope.schemes().map_or_else(
        || "-".to_owned(),
        |all| {
            let all: Vec<_> = all.iter().map(ToString::to_string).collect();
            all.join(" ")
        },
    );
    let dh = match scope.dh_parameters() {
        DhParameters::Automatic => "auto".to_owned(),
        DhParameters::Bits(bits) => bits.to_string(),
        _ => "none".to_owned(),
    };
    let demands =
        scope.client_auth.as_ref().map(|demand| demand.value) == Some(ClientAuth::Required);
    Some([
        usable(scope.versions(dialect)?, scope.security_level().number()),
        names(scope.suites(dialect)?),
        names(scope.suites13()?),
        groups.join(" "),
        schemes,
        scope.negotiation.prefers_own_order.to_string(),
        dh,
        format!("{} {demands}", scope.security_level()),
    ])
}

/// TLS 1.1 and older need level 0, and SSLv3 is not built in.
fn usable(versions: VersionSet, level: u8) -> String {
    let there = if level > 0 {
        VersionSet::MODERN
    } else {
        VersionSet::TLS
    };
    versions.intersection(there).names().join(" ")
}

/// The same of a row of offers.tsv.
fn measured(row: &[&str]) -> [String; 8] {
    let names = |suites: Vec<&certcheck::cipher::Suite>| {
        let names: Vec<_> = suites.iter().map(|suite| suite.openssl).collect();
        names.join(":")
    };
    let list = CipherList::openssl(row[2]);
    let suites13 = match row[3] {
        "-" => certcheck::cipher::tls13_default(),
        list => certcheck::cipher::tls13(list).unwrap(),
    };
    let groups: Vec<_> = match row[4] {
        "-" => Group::OPENSSL_DEFAULT.to_vec(),
        list => list.split(' ').filter_map(Group::named).collect(),
    };
    let groups: Vec<_> = groups.iter().map(ToString::to_string).collect();
    // `RSA-PSS+…` is the scheme of RSA keys alone (ssl/t1_lib.c, `sig_cb`); the table
    // also has that of PSS keys.
    let schemes: Vec<_> = row[5]
        .split(' ')
        .filter_map(Scheme::named)
        .map(|item| item.to_string())
        .filter(|name| !name.starts_with("rsa_pss_pss"))
        .collect();
    let level = list
        .level
        .map_or(row[8].to_owned(), |level| level.to_string());
    let versions = row[1].split(' ').filter(|version| !version.is_empty());
    let versions = versions
        .map(|version| version.parse::<Version>().unwrap())
        .collect();
    [
        usable(versions, level.parse().unwrap()),
        names(list.suites),
        names(suites13),
        groups.join(" "),
        if row[5] == "-" {
            "-".to_owned()
        } else {
            schemes.join(" ")
        },
        (row[6] == "1").to_string(),
        row[7].to_owned(),
        format!("{level} {}", row[11] == "1"),
    ]
}

#[test]
fn settings_take_effect_as_measured() {
    let offers: BTreeMap<&str, Vec<&str>> = include_str!("../../../testdata/handshake/offers.tsv")
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .map(|row| (row[0], row))
        .collect();
    let (mut compared, mut not_interpreted, mut wrong) = (0, 0, Vec::new());
    for line in include_str!("../../../testdata/handshake/settings.tsv")
        .lines()
        .skip(1)
    {
        let (id, text) = line.split_once('\t').unwrap();
        let name = match &id[..2] {
            "ng" => "nginx",
            "ap" => "apache",
            "ha" => "haproxy",
            _ => "postgres",
        };
        let server = Profile::named(name).unwrap();
        let settings = settings(server, text, None);
        let measured = measured(&offers[id]);
        let scopes: Vec<_> = settings.scopes.iter().filter(|scope| scope.tls).collect();
        compared += 1;
        if scopes
            .iter()
            .any(|scope| scope.negotiation.not_interpreted.is_some())
        {
            not_interpreted += 1;
            continue;
        }
        // Where there are several, the table has the one that was asked for.
        let found: Vec<_> = scopes.iter().map(|scope| columns(scope, server)).collect();
        if !found.iter().any(|row| row.as_ref() == Some(&measured)) {
            let found = found.first().cloned().flatten().unwrap_or_default();
            let differ = found
                .iter()
                .zip(&measured)
                .filter(|(ours, real)| ours != real);
            wrong.push(format!("{id}: {:?}", differ.collect::<Vec<_>>()));
        }
    }
    println!(
        "{compared} settings, {not_interpreted} of them not interpreted, {} differ",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= 456, "only {compared} settings were compared");
    assert!(
        not_interpreted <= 10,
        "{not_interpreted} are not interpreted"
    );
}

/// A server without settings, and one whose settings say nothing of the handshake.
#[test]
fn defaults_are_those_of_settings_that_say_nothing() {
    let silent = [
        (
            "nginx",
            "events {}\nhttp { server { listen 443 ssl; ssl_certificate c; ssl_certificate_key k; } }\n",
        ),
        (
            "apache",
            "Listen 443\nLoadModule ssl_module modules/mod_ssl.so\n<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile c\nSSLCertificateKeyFile k\n</VirtualHost>\n",
        ),
        ("haproxy", "frontend f\n mode http\n bind :443 ssl crt c\n"),
        ("postgres", "ssl = on\n"),
    ];
    for (name, text) in silent {
        let server = Profile::named(name).unwrap();
        let settings = settings(server, text, None);
        let scope = settings.scopes.iter().find(|scope| scope.tls).expect(name);
        let said = server.offer_at(scope, scope).expect(name);
        let unsaid = server.offer(Vec::new());
        assert_eq!(format!("{said:?}"), format!("{unsaid:?}"), "{name}");
    }
}
