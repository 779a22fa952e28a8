//! Settings by chance, the same for the same seed: what they say of the handshake.

use super::Place;
use crate::support::chance::Chance;
use std::fmt::Write as _;

/// Certificates, by their labels; RSA more often than the others.
pub(crate) const LABELS: [&str; 8] = [
    "rsa2048", "rsa2048", "rsa4096", "rsa1024", "p256", "p384", "p521", "ed25519",
];

/// And RSA keys whose keyUsage permits one use alone.
pub(crate) const USES: [&str; 2] = ["signs", "enciphers"];

const WORDS: [&str; 26] = [
    "ECDHE",
    "DHE",
    "kRSA",
    "AESGCM",
    "AES128",
    "AES256",
    "CHACHA20",
    "CAMELLIA",
    "ARIA",
    "AESCCM",
    "aECDSA",
    "aRSA",
    "SHA256",
    "SHA384",
    "SHA1",
    "HIGH",
    "DEFAULT",
    "ALL",
    "AES128-SHA",
    "AES256-GCM-SHA384",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "DHE-RSA-AES128-SHA256",
    "ECDHE-RSA-AES256-SHA",
    "ECDHE-ECDSA-AES128-SHA",
];

const SUITES13: [&str; 5] = [
    "TLS_AES_128_GCM_SHA256",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256",
    "TLS_AES_128_CCM_SHA256",
    "TLS_AES_128_CCM_8_SHA256:TLS_AES_128_CCM_SHA256",
];

/// A string of one to three terms, at times with a level.
fn ciphers(chance: &mut Chance) -> String {
    let mut terms = Vec::new();
    for number in 0..=chance.below(3) {
        let sign = if number == 0 {
            ""
        } else {
            chance.of(&["", "", "!", "-", "+"])
        };
        let both = chance.below(3) == 0;
        let mut term = format!("{sign}{}", chance.of(&WORDS));
        if both && !term.contains('-') {
            let _ = write!(term, "+{}", chance.of(&WORDS[..15]));
        }
        terms.push(term);
    }
    let level = chance.of(&["", "", "", "", "@SECLEVEL=0", "@SECLEVEL=1", "@SECLEVEL=3"]);
    if !level.is_empty() {
        terms.push(level.to_owned());
    }
    terms.join(":")
}

fn groups(chance: &mut Chance) -> String {
    let all = ["X25519", "P-256", "P-384", "P-521", "X448"];
    let mut chosen: Vec<&str> = (0..=chance.below(2)).map(|_| chance.of(&all)).collect();
    chosen.dedup();
    chosen.join(":")
}

/// The certificates of a server: one, or RSA beside EC.
fn certificates(chance: &mut Chance) -> Vec<&'static str> {
    match chance.below(10) {
        0 => vec!["rsa2048", "p256"],
        1 => vec!["p384", "rsa4096"],
        2 | 3 => vec![chance.of(&USES)],
        _ => vec![chance.of(&LABELS)],
    }
}

/// The text that a server's settings have of the handshake.
pub(crate) fn settings(place: &Place, chance: &mut Chance, server: &str) -> String {
    let mut text = String::new();
    let mut labels = certificates(chance);
    if server == "postgres" {
        labels.truncate(1);
    }
    let versions = chance.below(10);
    let ciphers = (chance.below(5) > 0).then(|| ciphers(chance));
    let suites13 = (chance.below(3) == 0).then(|| chance.of(&SUITES13));
    let groups = (chance.below(3) == 0).then(|| groups(chance));
    let dh = chance.below(3) == 0;
    let own_order = chance.below(2) == 0;
    let mut line = |words: std::fmt::Arguments<'_>| {
        let _ = text.write_fmt(words);
    };
    match server {
        "nginx" => {
            for label in labels {
                let (certificate, key) = (place.chain(label), place.key(label));
                line(format_args!(
                    "ssl_certificate {certificate}; ssl_certificate_key {key};\n"
                ));
            }
            let all = [
                "TLSv1.2",
                "TLSv1.3",
                "TLSv1.2 TLSv1.3",
                "TLSv1 TLSv1.1",
                "TLSv1 TLSv1.1 TLSv1.2",
            ];
            if versions < 7 {
                line(format_args!("ssl_protocols {};\n", all[versions % 5]));
            }
            if let Some(string) = ciphers {
                line(format_args!("ssl_ciphers \"{string}\";\n"));
            }
            if let Some(suites) = suites13 {
                line(format_args!("ssl_conf_command Ciphersuites {suites};\n"));
            }
            if let Some(groups) = groups {
                line(format_args!("ssl_ecdh_curve {groups};\n"));
            }
            if dh {
                line(format_args!("ssl_dhparam {};\n", place.dh()));
            }
            let order = if own_order { "on" } else { "off" };
            line(format_args!("ssl_prefer_server_ciphers {order};\n"));
        }
        "apache" => {
            for label in labels {
                let (certificate, key) = (place.chain(label), place.key(label));
                line(format_args!(
                    "SSLCertificateFile {certificate}\nSSLCertificateKeyFile {key}\n"
                ));
            }
            let all = [
                "TLSv1.2",
                "TLSv1.3",
                "all -TLSv1.3",
                "TLSv1 +TLSv1.1",
                "all",
            ];
            if versions < 7 {
                line(format_args!("SSLProtocol {}\n", all[versions % 5]));
            }
            if let Some(string) = ciphers {
                line(format_args!("SSLCipherSuite {string}\n"));
            }
            if let Some(suites) = suites13 {
                line(format_args!("SSLCipherSuite TLSv1.3 {suites}\n"));
            }
            if let Some(groups) = groups {
                line(format_args!("SSLOpenSSLConfCmd Curves {groups}\n"));
            }
            if dh {
                line(format_args!(
                    "SSLOpenSSLConfCmd DHParameters {}\n",
                    place.dh()
                ));
            }
            let order = if own_order { "on" } else { "off" };
            line(format_args!("SSLHonorCipherOrder {order}\n"));
        }
        "haproxy" => {
            // Of the whole program in the first line, of the listener in the second.
            if dh {
                line(format_args!(" ssl-dh-param-file {}", place.dh()));
            }
            line(format_args!("\n"));
            for label in labels {
                line(format_args!(" crt {}", place.both(label)));
            }
            let all = [
                " ssl-min-ver TLSv1.2 ssl-max-ver TLSv1.2",
                " ssl-min-ver TLSv1.3",
                " ssl-min-ver TLSv1.0",
                " ssl-min-ver TLSv1.0 ssl-max-ver TLSv1.1",
                " no-tlsv13",
            ];
            if versions < 7 {
                line(format_args!("{}", all[versions % 5]));
            }
            if let Some(string) = ciphers {
                line(format_args!(" ciphers {string}"));
            }
            if let Some(suites) = suites13 {
                line(format_args!(" ciphersuites {suites}"));
            }
            if let Some(groups) = groups {
                line(format_args!(" curves {groups}"));
            }
            if !own_order {
                line(format_args!(" prefer-client-ciphers"));
            }
        }
        _ => {
            let (certificate, key) = (place.chain(labels[0]), place.key(labels[0]));
            line(format_args!(
                "ssl_cert_file = '{certificate}'\nssl_key_file = '{key}'\n"
            ));
            let all = [
                ("TLSv1.2", "TLSv1.2"),
                ("TLSv1.3", ""),
                ("TLSv1.2", ""),
                ("TLSv1", "TLSv1.1"),
                ("TLSv1", ""),
            ];
            if versions < 7 {
                let (least, most) = all[versions % 5];
                line(format_args!("ssl_min_protocol_version = '{least}'\n"));
                line(format_args!("ssl_max_protocol_version = '{most}'\n"));
            }
            if let Some(string) = ciphers {
                line(format_args!("ssl_ciphers = '{string}'\n"));
            }
            if let Some(groups) = groups {
                // One curve alone, by OpenSSL's name.
                let first = groups.split(':').next().unwrap_or_default();
                line(format_args!("ssl_ecdh_curve = '{first}'\n"));
            }
            if dh {
                line(format_args!("ssl_dh_params_file = '{}'\n", place.dh()));
            }
            let order = if own_order { "on" } else { "off" };
            line(format_args!("ssl_prefer_server_ciphers = {order}\n"));
        }
    }
    text
}
