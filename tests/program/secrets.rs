//! No output of any case holds a piece of a private key, or a passphrase.
#![cfg(feature = "cli")]

#[cfg(unix)]
#[path = "secrets/memory.rs"]
mod memory;
#[cfg(unix)]
#[path = "secrets/prompt.rs"]
mod prompt;
#[path = "secrets/quoted.rs"]
mod quoted;
use crate::support;

use std::collections::BTreeMap;
use std::path::Path;

/// What must not be seen, and the file it comes from.
pub(crate) type Secrets = BTreeMap<String, String>;

#[test]
fn no_output_holds_a_secret() {
    let cases = support::cases();
    let secrets = secrets();
    assert!(
        cases.len() >= 200 && secrets.len() >= 300,
        "{} {}",
        cases.len(),
        secrets.len()
    );
    let mut runs = 0;
    for case in &cases {
        if case.words("run").iter().any(|word| word == "convert") {
            continue; // It writes what it is given: that is its job.
        }
        for extra in [&["-v"][..], &["--format", "json"], &["-q"]] {
            let output = case.run(extra);
            for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
                if let Some(origin) = leak(&secrets, bytes) {
                    panic!(
                        "{} {extra:?}: {stream} holds a piece of {origin}",
                        case.name()
                    );
                }
            }
            runs += 1;
        }
    }
    assert!(runs >= 600, "only {runs} runs");
}

/// A search that finds nothing anywhere proves nothing: these it must find.
#[test]
fn a_secret_is_seen() {
    let secrets = secrets();
    let pki = support::testdata().join("pki");
    for name in [
        "server.key",
        "p256.key",
        "ed25519.key",
        "dsa.key",
        "server.pbes2.key",
        "passphrase.txt",
    ] {
        let text = std::fs::read_to_string(pki.join(name)).unwrap();
        assert!(leak(&secrets, text.as_bytes()).is_some(), "{name}");
    }
    for name in [
        "server.key",
        "server.pkcs1.key",
        "p256.key",
        "p384.key",
        "p521.key",
        "ed25519.key",
        "dsa.key",
    ] {
        let der = pem::parse(std::fs::read(pki.join(name)).unwrap())
            .unwrap()
            .into_contents();
        let hex = hex(&der).to_uppercase();
        let pairs: Vec<_> = hex
            .as_bytes()
            .chunks(2)
            .map(|pair| std::str::from_utf8(pair).unwrap())
            .collect();
        assert!(
            leak(&secrets, format!("key: {}", pairs.join(":")).as_bytes()).is_some(),
            "{name} as hex"
        );
        assert!(leak(&secrets, &der).is_some(), "{name} as bytes");
    }
    let public = std::fs::read(pki.join("fullchain-root.crt")).unwrap();
    assert_eq!(leak(&secrets, &public), None);
}

/// The origin of the first secret that stands in `output`: as base64, as text, as bytes, or
/// as hexadecimal digits with whatever between them.
fn leak(secrets: &Secrets, output: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(output);
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits: String = text
        .chars()
        .filter(char::is_ascii_hexdigit)
        .collect::<String>()
        .to_lowercase();
    let bytes = hex(output);
    let stands = |secret: &str| match secret.strip_prefix("hex:") {
        Some(secret) => digits.contains(secret) || bytes.contains(secret),
        None => text.contains(secret) || plain.contains(secret),
    };
    secrets
        .iter()
        .find(|(secret, _)| stands(secret))
        .map(|(_, origin)| origin.clone())
}

/// Every base64 line of every private key, its private numbers, and every passphrase.
fn secrets() -> Secrets {
    let mut secrets = Secrets::new();
    let mut public = String::new();
    for file in support::files_below(&support::testdata()) {
        let origin = file
            .strip_prefix(support::testdata())
            .unwrap()
            .display()
            .to_string();
        let Ok(bytes) = std::fs::read(&file) else {
            continue;
        };
        if is_passphrase(&file) {
            let word = String::from_utf8(bytes).unwrap().trim().to_owned();
            assert!(word.len() > 10, "{origin} is too short to be searched for");
            secrets.insert(word, origin);
            continue;
        }
        let Ok(text) = std::str::from_utf8(&bytes) else {
            continue;
        };
        let (mut inside, mut certificate) = (false, false);
        for line in text.lines().map(str::trim) {
            if line.starts_with("-----") {
                inside = line.starts_with("-----BEGIN") && line.ends_with("PRIVATE KEY-----");
                certificate = line == "-----BEGIN CERTIFICATE-----";
            } else if inside && line.len() >= 16 && !line.contains(':') {
                secrets.insert(line.to_owned(), origin.clone());
            } else if certificate {
                public.push_str(line);
            }
        }
        for section in pem::parse_many(&bytes).unwrap_or_default() {
            if section.tag().ends_with("PRIVATE KEY") && section.headers().iter().next().is_none() {
                for number in private_numbers(section.contents()) {
                    secrets.insert(
                        format!("hex:{}", hex(number)),
                        format!("{origin} (a number)"),
                    );
                }
            }
        }
    }
    // A line of a key that holds the modulus alone may stand in its certificate too.
    secrets.retain(|secret, _| !public.contains(secret.as_str()));
    secrets
}

fn is_passphrase(file: &Path) -> bool {
    file.file_name()
        .is_some_and(|name| name.to_string_lossy().ends_with("passphrase.txt"))
}

/// Pieces of a key that are not in its public half: the scalar of EC and
/// Ed25519, and the end of RSA (coefficient) and DSA (x).
fn private_numbers(der: &[u8]) -> Vec<&[u8]> {
    let behind = |mark: &[u8]| {
        let start = der.windows(mark.len()).position(|window| window == mark)? + mark.len();
        let length = usize::from(*der.get(start)?);
        der.get(start + 1..start + 1 + length)
            .filter(|scalar| scalar.len() >= 28)
    };
    let mut numbers = Vec::new();
    if let Some(scalar) = behind(&[2, 1, 1, 4]).or_else(|| behind(&[4, 0x22, 4])) {
        numbers.push(&scalar[..24]);
    } else if der.len() > 300 {
        numbers.push(&der[der.len() - 18..]);
    }
    numbers
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
