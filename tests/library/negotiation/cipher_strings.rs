//! Cipher strings: the measured table, and OpenSSL itself on strings from a fixed seed.

use crate::negotiation::here;
use crate::support::chance::Chance;
use certcheck::cipher::{CipherDialect, Ciphers, SecurityLevel};
use std::io::Write;
use std::process::{Command, Stdio};

/// What `openssl ciphers -s -tls1_2` lists: at the string's level, or Debian's.
fn usable(string: &str) -> Option<Vec<&'static str>> {
    let ciphers = Ciphers::of(CipherDialect::OpenSsl, string);
    let level = ciphers.level.unwrap_or(SecurityLevel::DEBIAN);
    let names = ciphers.usable(level).map(|suite| suite.openssl).collect();
    ciphers.refused.is_none().then_some(names)
}

/// testdata/cipher/openssl_3.0.19.tsv: what CPython's context took, the level that
/// it then had, and the list of `openssl ciphers -s -tls1_2`, where that could be asked.
#[test]
fn the_table_is_as_measured() {
    let table = include_str!("../../../testdata/cipher/openssl_3.0.19.tsv");
    let mut rows = 0;
    for line in table.lines().skip(1) {
        let row: Vec<_> = line.split('\t').collect();
        let (string, accepted, level, list) = (row[0], row[1], row[2], row[3]);
        let answer = usable(string);
        assert_eq!(answer.is_some(), accepted == "yes", "{string:?}");
        let set = Ciphers::of(CipherDialect::OpenSsl, string).level;
        if let Some(set) = set {
            assert_eq!(set.number().to_string(), level, "{string:?}");
        }
        if let Some(answer) = answer.filter(|_| list != "-") {
            assert_eq!(answer.join(" "), list, "{string:?}");
        }
        rows += 1;
    }
    println!("{rows} strings of the table");
    assert_eq!(rows, 144);
}

const WORDS: &[&str] = &[
    "ALL",
    "COMPLEMENTOFALL",
    "COMPLEMENTOFDEFAULT",
    "kRSA",
    "kDHE",
    "DH",
    "kECDHE",
    "ECDH",
    "kPSK",
    "kRSAPSK",
    "kDHEPSK",
    "kECDHEPSK",
    "SRP",
    "PSK",
    "aRSA",
    "aDSS",
    "aECDSA",
    "aNULL",
    "aPSK",
    "aSRP",
    "DHE",
    "EDH",
    "ECDHE",
    "EECDH",
    "RSA",
    "ADH",
    "AECDH",
    "AES128",
    "AES256",
    "AES",
    "AESGCM",
    "AESCCM",
    "AESCCM8",
    "CHACHA20",
    "CAMELLIA128",
    "CAMELLIA",
    "ARIA128",
    "ARIA",
    "ARIAGCM",
    "CBC",
    "MD5",
    "SHA1",
    "SHA",
    "SHA256",
    "SHA384",
    "SSLv3",
    "TLSv1",
    "TLSv1.0",
    "TLSv1.2",
    "HIGH",
    "FIPS",
    "eNULL",
    "NULL",
    "MEDIUM",
    "3DES",
    "RC4",
    "NOPE",
    "DEFAULT",
    "STRENGTH",
    "high",
    "AES128-SHA",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "AES256-CCM8",
    "PSK-AES128-CBC-SHA",
    "DHE-DSS-AES128-SHA",
    "NULL-MD5",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
];

fn string(chance: &mut Chance) -> String {
    let starts = [
        "",
        "",
        "",
        "",
        "DEFAULT",
        "DEFAULT:",
        "ALL:",
        "SUITEB128:",
        "DEFAULTX",
        "HIGH:",
    ];
    let mut string = chance.of(&starts).to_owned();
    for _ in 0..=chance.below(6) {
        let sign = chance.of(&["", "", "", "", "!", "-", "+", "@"]);
        string.push_str(sign);
        if sign == "@" {
            let commands = [
                "STRENGTH",
                "SECLEVEL=0",
                "SECLEVEL=1",
                "SECLEVEL=2",
                "SECLEVEL=3",
                "SECLEVEL=4",
                "SECLEVEL=6",
            ];
            string.push_str(chance.of(&commands));
        } else {
            let words: Vec<_> = (0..=chance.below(3)).map(|_| chance.of(WORDS)).collect();
            string.push_str(&words.join("+"));
        }
        string.push_str(chance.of(&[":", ":", ":", ":", " ", ",", ";", "::", ""]));
    }
    // OpenSSL's program would take it for an option.
    string.trim_start_matches('-').to_owned()
}

#[test]
fn openssl_lists_the_same() {
    if !here::have("openssl", "openssl") || !here::measured("openssl") {
        return;
    }
    let mut chance = Chance(20_261_128);
    let (mut compared, mut accepted) = (0, 0);
    while compared < 400 {
        let string = string(&mut chance);
        if string.is_empty() {
            continue;
        }
        let output = Command::new("openssl")
            .args(["ciphers", "-s", "-tls1_2", &string])
            .env("OPENSSL_CONF", "/dev/null")
            .output()
            .unwrap();
        let said = output.status.success().then(|| {
            String::from_utf8(output.stdout)
                .unwrap()
                .trim()
                .replace(':', " ")
        });
        let predicted = usable(&string).map(|names| names.join(" "));
        assert_eq!(predicted, said, "{string:?}");
        accepted += usize::from(said.is_some());
        compared += 1;
    }
    println!("{compared} strings, {accepted} accepted");
    assert!(
        (100..350).contains(&accepted),
        "{accepted} of {compared} accepted: the generator is lopsided"
    );
}

/// What a context makes of each line: its list without TLS 1.3, and its level.
const CONTEXTS: &str = "import ssl, sys
for line in sys.stdin:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.set_ciphers(line.rstrip('\\n'))
    except ssl.SSLError:
        print('refused', flush=True)
        continue
    names = [it['name'] for it in context.get_ciphers() if it['protocol'] != 'TLSv1.3']
    print(context.security_level, ' '.join(names))
";

/// The same strings in a real context, as a server has it: the whole list, whatever the level
/// leaves of it, and the level.
#[test]
fn a_context_has_the_same() {
    if !here::have("python3", "python3") || !here::measured("openssl") {
        return;
    }
    let mut chance = Chance(20_261_129);
    let mut strings = Vec::new();
    while strings.len() < 400 {
        let string = string(&mut chance);
        if !string.is_empty() {
            strings.push(string);
        }
    }
    let mut python = Command::new("python3")
        .args(["-c", CONTEXTS])
        .env("OPENSSL_CONF", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = python.stdin.take().unwrap();
    input.write_all(strings.join("\n").as_bytes()).unwrap();
    drop(input);
    let output = python.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let said: Vec<_> = text.lines().collect();
    assert_eq!(said.len(), strings.len());
    let mut accepted = 0;
    for (string, said) in strings.iter().zip(said) {
        let ciphers = Ciphers::of(CipherDialect::OpenSsl, string);
        let level = ciphers.level.unwrap_or(SecurityLevel::DEBIAN);
        let names: Vec<_> = ciphers.tls12.iter().map(|suite| suite.openssl).collect();
        let predicted = match ciphers.refused {
            Some(_) => "refused".to_owned(),
            None => format!("{} {}", level.number(), names.join(" ")),
        };
        assert_eq!(predicted, said, "{string:?}");
        accepted += usize::from(said != "refused");
    }
    println!(
        "{} strings in a context, {accepted} accepted",
        strings.len()
    );
    here::compared("cipher strings", "openssl", strings.len(), 400, 0);
    assert!((100..350).contains(&accepted), "{accepted}");
}
