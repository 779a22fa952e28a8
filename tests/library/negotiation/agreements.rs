//! 519 settings of nginx, Apache, HAProxy, PostgreSQL and Python against fourteen
//! clients, measured on 2026-11-28 with Debian 12's programs (OpenSSL 3.0.19).
//!
//! testdata/handshake/offers.tsv has each setting as it takes effect,
//! agreements.tsv what came of it: version, suite, group and certificate, or which
//! side ended the handshake. What only the path or the names decide counts as
//! agreed here.

use certcheck::cipher::{CipherList, SecurityLevel, tls13};
use certcheck::client::Client;
use certcheck::handshake::{
    ClientHello, DhParameters, Group, KeyKind, Scheme, ServerKey, ServerOffer, agree, client_end,
};
use certcheck::protocol::{Library, Version, VersionSet};
use std::collections::BTreeMap;

/// The certificates of the measurement, by their names.
pub(super) fn key(name: &str) -> ServerKey {
    let on = |curve: &str| KeyKind::Ec(Group::named(curve).unwrap());
    let kind = match name {
        "rsa1024" => KeyKind::Rsa(1024),
        "rsa2047" => KeyKind::Rsa(2047),
        "rsa3072" => KeyKind::Rsa(3072),
        "rsa4096" => KeyKind::Rsa(4096),
        "rsa8192" => KeyKind::Rsa(8192),
        "rsa16384" => KeyKind::Rsa(16384),
        "rsapss" | "rsapss512" => KeyKind::RsaPss(2048),
        "p224" => on("P-224"),
        "p256" | "ec256" | "ecsigsha1" | "by384" | "by521" | "byed" => on("P-256"),
        "p384" => on("P-384"),
        "p521" => on("P-521"),
        "k256" => on("secp256k1"),
        "bp256" => on("brainpoolP256r1"),
        "bp384" => on("brainpoolP384r1"),
        "ed25519" => KeyKind::Ed25519,
        "ed448" => KeyKind::Ed448,
        "dsa1024" => KeyKind::Dsa(1024),
        "dsa2048" => KeyKind::Dsa(2048),
        // rsa2048, ecrsa, by1024, bysha1iss, rsaenconly, rsasignonly, sig…
        _ => KeyKind::Rsa(2048),
    };
    let mut key = ServerKey::new(kind);
    key.may_sign = name != "rsaenconly";
    key.pss_digest = (name == "rsapss512").then_some(512);
    let scheme = |name: &str| Scheme::named(name).unwrap();
    key.certificate_scheme = Some(match name {
        "sigsha1" | "ecsigsha1" => scheme("rsa_pkcs1_sha1"),
        "sigsha224" => scheme("rsa_pkcs1_sha224"),
        "sigsha384" => scheme("rsa_pkcs1_sha384"),
        "sigsha512" => scheme("rsa_pkcs1_sha512"),
        "sigpss" => scheme("rsa_pss_rsae_sha256"),
        "ec256" | "ecrsa" => scheme("ecdsa_secp256r1_sha256"),
        "by384" => scheme("ecdsa_secp384r1_sha384"),
        "by521" => scheme("ecdsa_secp521r1_sha512"),
        "byed" => scheme("ed25519"),
        // MD5 is no scheme of TLS 1.2.
        "sigmd5" => Scheme(0),
        _ => scheme("rsa_pkcs1_sha256"),
    });
    let issuer = match name {
        "by1024" => 80,
        "ec256" => 128,
        _ => 112,
    };
    let digest = match name {
        "sigsha1" | "ecsigsha1" | "bysha1iss" => 64,
        "sigmd5" => 39,
        _ => 128,
    };
    // What signs the issuer's certificate counts in every version.
    let above = if name == "bysha1iss" { digest } else { 128 };
    key.chain_bits = Some(kind.bits().min(issuer).min(above));
    key.own_digest_bits = (name != "bysha1iss").then_some(digest);
    key
}

fn versions(words: &str) -> VersionSet {
    let none = VersionSet::only(Version::SSLv2).difference(VersionSet::only(Version::SSLv2));
    words
        .split(' ')
        .filter(|word| !word.is_empty())
        .fold(none, |set, word| {
            let version = Version::ALL
                .into_iter()
                .find(|version| version.as_str() == word);
            set.union(VersionSet::only(version.unwrap()))
        })
}

fn offer(row: &[&str]) -> ServerOffer {
    let list = CipherList::openssl(row[2]);
    assert!(list.refused.is_none(), "{}: {}", row[0], row[2]);
    let keys = row[9].split(' ').map(key).collect();
    let mut offer = ServerOffer::new(versions(row[1]), list.suites, keys);
    offer.level = list
        .level
        .unwrap_or(SecurityLevel::new(row[8].parse().unwrap()).unwrap());
    if row[3] != "-" {
        offer.suites13 = tls13(row[3]).unwrap();
    }
    if row[4] != "-" {
        offer.groups = row[4].split(' ').filter_map(Group::named).collect();
    }
    if row[5] != "-" {
        offer.schemes = Some(row[5].split(' ').filter_map(Scheme::named).collect());
    }
    offer.prefers_own_order = row[6] == "1";
    offer.prefers_own_suites13 = offer.prefers_own_order;
    offer.dh = match row[7] {
        "none" => DhParameters::None,
        "auto" => DhParameters::Automatic,
        bits => DhParameters::Bits(bits.parse().unwrap()),
    };
    offer.chooses_by_name = row[10] == "1";
    offer.demands_client_certificate = row[11] == "1";
    offer.chooses_by_client = row[0].starts_with("ha-");
    match row.get(12) {
        Some(&"v111") => offer.with_library(Library::OpenSsl111),
        Some(_) => offer.with_library(Library::OpenSsl35),
        None => offer,
    }
}

/// What is predicted, in the columns of the table.
pub(super) fn predicted(offer: &ServerOffer, names: &[&str], client: &ClientHello) -> [String; 5] {
    match agree(offer, client) {
        Ok(agreement) => {
            let key = &offer.keys[agreement.key];
            if client_end(client, &agreement, key, offer).is_err() {
                return [
                    "client".into(),
                    String::new(),
                    String::new(),
                    String::new(),
                    String::new(),
                ];
            }
            [
                "agreed".into(),
                agreement.version.as_str().into(),
                agreement.suite.iana.into(),
                agreement.exchange.to_string(),
                names[agreement.key].into(),
            ]
        }
        Err(_) => [
            "server".into(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
        ],
    }
}

/// What a comparison found.
struct Compared {
    cells: usize,
    refused: usize,
    /// Predicted to agree where the real handshake fails: the worst that can happen.
    accepted_wrongly: usize,
    /// The cells that are predicted otherwise.
    wrong: Vec<String>,
}

/// Each cell of a table, `broken` being what is done to the rules first: nothing, but where a
/// test wants to see that the comparison notices.
fn compared(offers: &str, agreements: &str, broken: fn(&mut ServerOffer)) -> Compared {
    let rows = offers.lines().skip(1);
    let offers: BTreeMap<&str, Vec<&str>> = rows
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .map(|row| (row[0], row))
        .collect();
    let (mut cells, mut refused, mut accepted_wrongly, mut wrong) = (0, 0, 0, Vec::new());
    for line in agreements.lines().skip(1) {
        let row: Vec<_> = line.split('\t').collect();
        let settings = &offers[row[0]];
        let names: Vec<_> = settings[9].split(' ').collect();
        let mut offer = offer(settings);
        broken(&mut offer);
        for name in row[1].split(' ') {
            let client = match Client::released(name) {
                Some(client) => client.unwrap().hello().unwrap(),
                None => ClientHello::of(name).unwrap(),
            };
            let predicted = predicted(&offer, &names, client);
            cells += 1;
            refused += usize::from(row[2] != "agreed");
            accepted_wrongly += usize::from(predicted[0] == "agreed" && row[2] != "agreed");
            // The group and the certificate are not visible in every handshake.
            let same = predicted
                .iter()
                .zip(&row[2..])
                .enumerate()
                .all(|(column, (ours, real))| {
                    ours == real || (column >= 3 && real.is_empty() && row[2] == "agreed")
                });
            // A client that refuses the certificate before the short prime.
            let early = row[0] == "ap-dh-absent1024sec0" && predicted[0] == "client";
            if !(same || early) {
                wrong.push(format!(
                    "{} {name}: {predicted:?}, really {:?}",
                    row[0],
                    &row[2..]
                ));
            }
        }
    }
    println!(
        "{cells} cells, {refused} of them refused, {} differ, {accepted_wrongly} predicted to agree and really refused",
        wrong.len()
    );
    Compared {
        cells,
        refused,
        accepted_wrongly,
        wrong,
    }
}

const OFFERS: &str = include_str!("../../../testdata/handshake/offers.tsv");
const AGREEMENTS: &str = include_str!("../../../testdata/handshake/agreements.tsv");

#[test]
fn every_cell_is_as_measured() {
    let found = compared(OFFERS, AGREEMENTS, |_| {});
    let Compared { cells, wrong, .. } = found;
    assert_eq!((cells, found.refused > 2000), (6798, true));
    assert_eq!(found.accepted_wrongly, 0);
    let what = "handshakes by their table";
    crate::negotiation::here::compared(what, "fourteen clients", cells, 6798, wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A rule that is broken on purpose: the comparison above would turn red, and where the rule
/// keeps clients out, it would count handshakes that are predicted and really fail.
#[test]
fn a_broken_rule_is_seen() {
    let breaks: [(&str, bool, fn(&mut ServerOffer)); 6] = [
        ("no security level", true, |terms| {
            terms.level = SecurityLevel::new(0).unwrap();
        }),
        ("any key signs", true, |terms| {
            terms.keys.iter_mut().for_each(|key| key.may_sign = true);
        }),
        ("every digest is strong", true, |terms| {
            terms.keys.iter_mut().for_each(|key| {
                key.chain_bits = None;
                key.own_digest_bits = None;
            });
        }),
        ("DHE without parameters", true, |terms| {
            terms.dh = DhParameters::Automatic
        }),
        ("no client certificate is demanded", true, |terms| {
            terms.demands_client_certificate = false;
        }),
        ("the client's order counts", false, |terms| {
            terms.prefers_own_order = false;
            terms.prefers_own_suites13 = false;
        }),
    ];
    for (rule, keeps_out, broken) in breaks {
        let found = compared(OFFERS, AGREEMENTS, broken);
        assert!(!found.wrong.is_empty(), "{rule}");
        assert!(!keeps_out || found.accepted_wrongly > 0, "{rule}");
    }
}

/// s_server of OpenSSL 1.1.1w, 3.5.9 and 4.0.3, which `--system` chooses among.
#[test]
fn other_libraries_agree_as_measured() {
    let found = compared(
        include_str!("../../../testdata/handshake/library_offers.tsv"),
        include_str!("../../../testdata/handshake/library_agreements.tsv"),
        |_| {},
    );
    let Compared { cells, wrong, .. } = found;
    assert_eq!((cells, found.refused > 100), (364, true));
    assert_eq!(found.accepted_wrongly, 0);
    let what = "handshakes of other OpenSSLs";
    crate::negotiation::here::compared(what, "thirteen clients", cells, 364, wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The same settings before clients of other versions, as `--client go@1.22` asks for them.
#[test]
fn other_versions_of_clients_agree_as_measured() {
    let agreements = include_str!("../../../testdata/handshake/version_agreements.tsv");
    let found = compared(OFFERS, agreements, |_| {});
    let Compared { cells, wrong, .. } = found;
    assert_eq!((cells, found.refused > 1000), (4078, true));
    assert_eq!(found.accepted_wrongly, 0);
    let what = "handshakes of other versions";
    crate::negotiation::here::compared(what, "eight clients", cells, 4078, wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Keys whose parameters (RFC 4055 3.1) fit no signature of TLS, as nginx 1.22.1 with
/// OpenSSL 3.0.19 answered on 2026-11-29: `handshake_failure` and `internal_error`.
#[test]
fn a_pss_key_signs_with_its_own_parameters() {
    let client = ClientHello::of("curl").unwrap();
    let versions: VersionSet = [Version::TLSv1_2, Version::TLSv1_3].into_iter().collect();
    for (digest, salt, alert) in [
        (Some(256), 32, None),
        (Some(256), 20, None),
        (Some(160), 20, Some("handshake_failure")),
        (Some(256), 64, Some("internal_error")),
        (None, 0, None),
    ] {
        let mut key = ServerKey::new(KeyKind::RsaPss(2048));
        key.pss_digest = digest;
        key.pss_salt = salt;
        let offer = ServerOffer::new(versions, Vec::new(), vec![key]);
        let found = agree(&offer, client).err().map(|failure| failure.alert());
        assert_eq!(found, alert, "{digest:?} {salt}");
    }
}
