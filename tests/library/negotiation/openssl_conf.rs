//! Servers below an `openssl.cnf` that sets something, against fourteen clients:
//! testdata/handshake/openssl_conf.tsv, measured on 2026-11-28 with Debian 12's
//! programs. `-` is a handshake that the server ended, `!` one that the client ended,
//! for the certificate or for what it may be used for.

use super::agreements::{key, predicted};
use super::settings::settings;
use certcheck::Source;
use certcheck::handshake::ClientHello;
use certcheck::server::{OpensslConf, Profile};

#[test]
fn openssl_conf_takes_effect_as_measured() {
    let (mut compared, mut refused, mut wrong) = (0, 0, Vec::new());
    let table = include_str!("../../../testdata/handshake/openssl_conf.tsv");
    for line in table.lines().skip(1) {
        let row: Vec<&str> = line.split('\t').collect();
        let [id, text, conf, keys, clients] = row[..] else {
            panic!("{line}");
        };
        let server = match &id[..2] {
            "ng" => "nginx",
            "ap" => "apache",
            "ha" => "haproxy",
            _ => "postgres",
        };
        let server = Profile::named(server).unwrap();
        let conf = conf.replace("\\n", "\n");
        let conf = OpensslConf::read(&Source::new("openssl.cnf", conf.into_bytes()));
        assert_eq!(conf.not_followed, None, "{id}");
        let settings = settings(server, text, Some(&conf));
        let scope = settings.scopes.iter().find(|scope| scope.tls).unwrap();
        let offer = server.offer_at(scope, settings.first_at(scope));
        let mut offer = offer.unwrap_or_else(|| panic!("{id}: {:?}", settings.not_judged));
        let names: Vec<_> = keys.split(' ').collect();
        offer.keys = names.iter().map(|name| key(name)).collect();
        for cell in clients.split(';') {
            let (client, real) = cell
                .split_once('=')
                .unwrap_or_else(|| panic!("{id}: `{cell}`"));
            let Some(hello) = ClientHello::of(client) else {
                panic!("{client}");
            };
            let [outcome, version, suite, exchange, _] = predicted(&offer, &names, hello);
            let (ended, agreed) = match real.strip_prefix('!') {
                Some(agreed) => (true, agreed),
                None => (false, real),
            };
            let ours = match outcome.as_str() {
                "server" => "-".to_owned(),
                "client" if ended => agreed.to_owned(),
                _ => format!("{version}/{suite}/{exchange}"),
            };
            compared += 1;
            refused += usize::from(real == "-");
            if ours != agreed {
                wrong.push(format!("{id} {client}: {ours}, not {real}"));
            }
        }
    }
    println!(
        "{compared} handshakes, {refused} refused, {} differ",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= 400 && refused >= 40, "{compared}, {refused}");
}
