//! Key files that a stranger made: never a panic, always within the budget.

use crate::support::der;
use crate::support::keys;

use certcheck::model::{
    CertificationRequest, KeyForm, KeyProblem, Passphrase, PrivateKey, PublicKey, Relation,
};
use der::{element, integer, octets, sequence};
use keys::{passphrase, section};
use proptest::prelude::*;
use std::time::{Duration, Instant};

const FORMS: [KeyForm; 5] = [
    KeyForm::Pkcs8,
    KeyForm::EncryptedPkcs8,
    KeyForm::Pkcs1,
    KeyForm::TraditionalDsa,
    KeyForm::Sec1,
];

const DSA: &[u8] = &[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
const RSA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const PBES2: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 0x0d];
const PBKDF2: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 0x0c];
const SCRYPT: &[u8] = &[6, 9, 0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 0x0b];
const AES_256: &[u8] = &[6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2a];
const DES_EDE3: &[u8] = &[6, 8, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 3, 7];
const SHA1_3DES: &[u8] = &[6, 10, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1, 3];

/// The result, and the least time of three runs: others use this machine too.
fn timed<T>(work: impl Fn() -> T) -> (T, Duration) {
    let mut least = Duration::MAX;
    let mut result = None;
    for _ in 0..3 {
        let start = Instant::now();
        result = Some(work());
        least = least.min(start.elapsed());
    }
    (result.unwrap(), least)
}

/// An odd number of so many bits.
fn number(bits: usize) -> Vec<u8> {
    vec![0xff; bits.div_ceil(8)]
}

fn dsa_spki(bits: usize) -> Vec<u8> {
    let parameters = sequence(&[
        integer(&number(bits)),
        integer(&number(bits)),
        integer(&[2]),
    ]);
    let y = integer(&[&[0x7f][..], &number(bits - 8)].concat());
    sequence(&[
        sequence(&[DSA.to_vec(), parameters]),
        element(3, &[&[0], y.as_slice()].concat()),
    ])
}

#[test]
fn a_public_key_of_any_size_is_decided_at_once() {
    for bits in [1024, 4096, 32_768, 131_072] {
        let spki = dsa_spki(bits);
        let (key, time) =
            timed(|| PublicKey::parse(&spki).map(|key| (key.bits(), key.spki_sha256())));
        assert_eq!(key.unwrap().0, u32::try_from(bits).ok());
        assert!(
            time < Duration::from_millis(20),
            "{bits} bits took {time:?}"
        );
    }
    // Size and comparison need no arithmetic; an exponentiation with these numbers would take
    // hours.
    let rsa = sequence(&[integer(&number(500_000)), integer(&number(500_000))]);
    let spki = sequence(&[
        sequence(&[RSA.to_vec(), vec![5, 0]]),
        element(3, &[&[0], rsa.as_slice()].concat()),
    ]);
    let (same, time) = timed(|| {
        let key = PublicKey::parse(&spki).unwrap();
        key.same_key(&key) && key.bits() == Some(500_000)
    });
    assert!(same);
    assert!(time < Duration::from_millis(20), "{time:?}");
}

#[test]
fn private_keys_larger_than_any_in_use_are_refused_before_arithmetic() {
    let dsa = sequence(&[
        integer(&[0]),
        integer(&number(32_768)),
        integer(&number(32_768)),
        integer(&[2]),
        integer(&[3]),
        integer(&number(32_760)),
    ]);
    let (key, time) = timed(|| PrivateKey::read(KeyForm::TraditionalDsa, &[], &dsa, None));
    assert_eq!(
        key.unwrap().check().unwrap_err().relation,
        Relation::DsaSize
    );
    assert!(time < Duration::from_millis(20), "{time:?}");
    let rsa = |bits: usize| {
        // Of the right size and no primes: the product is compared, and primality never tested.
        let prime = integer(&number(bits / 2));
        sequence(&[
            integer(&[0]),
            integer(&number(bits)),
            integer(&[1, 0, 1]),
            integer(&number(bits - 8)),
            prime.clone(),
            prime.clone(),
            prime.clone(),
            prime.clone(),
            prime,
        ])
    };
    // One byte above OPENSSL_RSA_MAX_MODULUS_BITS.
    let large = rsa(16_392);
    let (key, time) = timed(|| PrivateKey::read(KeyForm::Pkcs1, &[], &large, None));
    assert!(matches!(
        key,
        Err(KeyProblem::TooLarge {
            bits: 16_392,
            most: 16_384,
            ..
        })
    ));
    assert!(time < Duration::from_millis(20), "{time:?}");
    let largest = rsa(16_384);
    let (key, time) = timed(|| PrivateKey::read(KeyForm::Pkcs1, &[], &largest, None));
    assert_eq!(
        key.unwrap().check().unwrap_err().relation,
        Relation::RsaProduct
    );
    assert!(time < Duration::from_millis(100), "{time:?}");
    // Without primes an exponentiation would have to be done.
    let zero = integer(&[0]);
    let mut fields = vec![
        zero.clone(),
        integer(&number(16_384)),
        integer(&number(16_376)),
    ];
    fields.push(integer(&number(16_376)));
    fields.resize(9, zero);
    let without = sequence(&fields);
    let (key, time) = timed(|| PrivateKey::read(KeyForm::Pkcs1, &[], &without, None));
    assert!(!key.unwrap().is_proven());
    assert!(time < Duration::from_millis(20), "{time:?}");
}

fn encrypted(algorithm: Vec<u8>) -> Vec<u8> {
    sequence(&[algorithm, octets(&[7; 48])])
}

fn pbes2(kdf: Vec<u8>, cipher: &[u8], iv: &[u8]) -> Vec<u8> {
    let cipher = sequence(&[cipher.to_vec(), octets(iv)]);
    encrypted(sequence(&[PBES2.to_vec(), sequence(&[kdf, cipher])]))
}

fn pbkdf2(iterations: &[u8]) -> Vec<u8> {
    sequence(&[
        PBKDF2.to_vec(),
        sequence(&[octets(&[1; 8]), integer(iterations)]),
    ])
}

fn scrypt(n: &[u8], r: &[u8], p: &[u8]) -> Vec<u8> {
    let parameters = [octets(&[1; 8]), integer(n), integer(r), integer(p)];
    sequence(&[SCRYPT.to_vec(), sequence(&parameters)])
}

fn open(der: &[u8]) -> KeyProblem {
    PrivateKey::read(KeyForm::EncryptedPkcs8, &[], der, Some(&passphrase())).unwrap_err()
}

#[test]
fn the_cost_of_opening_is_asked_first() {
    let iv = [0; 16];
    for (what, der) in [
        (
            "2^31 iterations",
            pbes2(pbkdf2(&[0x7f, 0xff, 0xff, 0xff]), AES_256, &iv),
        ),
        // Numbers that no integer of the program holds must not wrap around to a cheap one.
        ("2^64 iterations", pbes2(pbkdf2(&[0xff; 8]), AES_256, &iv)),
        (
            "2^800 iterations",
            pbes2(pbkdf2(&[0xff; 100]), AES_256, &iv),
        ),
        (
            "N = 2^40",
            pbes2(scrypt(&[1, 0, 0, 0, 0, 0], &[8], &[1]), AES_256, &iv),
        ),
        (
            "r = 2^30",
            pbes2(scrypt(&[2], &[0x40, 0, 0, 0], &[1]), AES_256, &iv),
        ),
        (
            "p = 2^15, N = 2^10",
            pbes2(scrypt(&[4, 0], &[8], &[0x7f, 0xff]), AES_256, &iv),
        ),
        (
            "PKCS#12 PBE",
            encrypted(sequence(&[
                SHA1_3DES.to_vec(),
                sequence(&[octets(&[1; 8]), integer(&[0x7f, 0xff, 0xff, 0xff])]),
            ])),
        ),
    ] {
        let (problem, time) = timed(|| open(&der));
        assert!(
            matches!(
                problem,
                KeyProblem::TooCostly { .. } | KeyProblem::NotDecryptable(_)
            ),
            "{what}: {problem:?}"
        );
        assert!(time < Duration::from_millis(20), "{what}: {time:?}");
    }
}

#[test]
fn parameters_that_contradict_are_malformed() {
    let iv = [0; 16];
    for (what, der) in [
        ("no iterations", pbes2(pbkdf2(&[0]), AES_256, &iv)),
        ("short IV", pbes2(pbkdf2(&[1]), AES_256, &[0; 3])),
        ("empty IV", pbes2(pbkdf2(&[1]), AES_256, &[])),
        ("short 3DES IV", pbes2(pbkdf2(&[1]), DES_EDE3, &[0; 3])),
        ("long 3DES IV", pbes2(pbkdf2(&[1]), DES_EDE3, &iv)),
        ("N = 0", pbes2(scrypt(&[0], &[8], &[1]), AES_256, &iv)),
        ("N = 1", pbes2(scrypt(&[1], &[8], &[1]), AES_256, &iv)),
        ("N = 3", pbes2(scrypt(&[3], &[8], &[1]), AES_256, &iv)),
        ("r = 0", pbes2(scrypt(&[2], &[0], &[1]), AES_256, &iv)),
        ("p = 0", pbes2(scrypt(&[2], &[8], &[0]), AES_256, &iv)),
        // RFC 7914 section 2: N must be less than 2^(128·r/8).
        (
            "N = 2^16, r = 1",
            pbes2(scrypt(&[1, 0, 0], &[1], &[1]), AES_256, &iv),
        ),
    ] {
        let problem = open(&der);
        assert!(
            matches!(problem, KeyProblem::Malformed(_)),
            "{what}: {problem:?}"
        );
    }
}

#[test]
fn damaged_headers_are_malformed() {
    let pem = section("encrypted-dek-aes-256-cbc.pem");
    let open = |info: &str| {
        let headers = [
            ("Proc-Type".to_owned(), "4,ENCRYPTED".to_owned()),
            ("DEK-Info".to_owned(), info.to_owned()),
        ];
        PrivateKey::read(
            KeyForm::Pkcs1,
            &headers,
            pem.contents(),
            Some(&passphrase()),
        )
        .unwrap_err()
    };
    for info in [
        "",
        ",",
        "AES-256-CBC",
        "AES-256-CBC,",
        "AES-256-CBC,00",
        "AES-256-CBC,zz",
        "AES-256-CBC,ÿÿ",
    ] {
        assert!(matches!(open(info), KeyProblem::Malformed(_)), "{info}");
    }
    // The name of the cipher is free text from the file, which ends in a message.
    let long = "X".repeat(100_000);
    for info in [
        format!("{long},00"),
        "ROT\u{202e}13\u{1b}[31m,00".to_owned(),
    ] {
        let KeyProblem::NotDecryptable(encryption) = open(&info) else {
            panic!("{info}");
        };
        assert!(encryption.scheme().len() < 60);
        assert!(
            encryption
                .scheme()
                .chars()
                .all(|c| c.is_ascii_graphic() || c == ' ')
        );
    }
    let only = [("Proc-Type".to_owned(), "4,ENCRYPTED".to_owned())];
    let problem = PrivateKey::read(KeyForm::Pkcs1, &only, pem.contents(), None).unwrap_err();
    assert!(matches!(problem, KeyProblem::Malformed(_)));
}

#[test]
fn nesting_costs_nothing() {
    let mut deep = Vec::new();
    for _ in 0..20_000 {
        // Each claims more than there is, and begins another one.
        deep.extend_from_slice(&[0x30, 0x84, 0, 1, 0, 0]);
    }
    let mut nested = vec![5, 0];
    for _ in 0..1000 {
        nested = element(0x30, &nested);
    }
    for bytes in [&deep, &nested] {
        for form in FORMS {
            let read = PrivateKey::read(form, &[], bytes, Some(&passphrase()));
            assert!(matches!(read, Err(KeyProblem::Malformed(_))));
        }
        assert!(PublicKey::parse(bytes).is_err());
        assert!(CertificationRequest::parse(bytes).is_err());
    }
}

/// Cheap to open, so that thousands can be tried.
const CHEAP: &[&str] = &[
    "rsa512.pem",
    "rsa1024.pem",
    "rsa2048.pkcs1.pem",
    "ec-P-256.pem",
    "ec-P-521.sec1.pem",
    "ec-P-256-explicit.pem",
    "ec-brainpoolP256r1.sec1.pem",
    "ed25519.pem",
    "ed448.pem",
    "x25519.pem",
    "encrypted-dek-ec.pem",
    "encrypted-PBE-SHA1-RC2-40.pem",
    "encrypted-pbes2-scrypt-small.pem",
];

#[test]
fn every_truncation_is_malformed() {
    for file in CHEAP.iter().filter(|file| !file.starts_with("encrypted")) {
        let pem = section(file);
        let form = KeyForm::from_label(pem.tag()).unwrap();
        // What is cut off must not become a shorter key.
        for end in 0..pem.contents().len() {
            let read = PrivateKey::read(form, &[], &pem.contents()[..end], None);
            assert!(
                matches!(read, Err(KeyProblem::Malformed(_))),
                "{file} {end}"
            );
        }
    }
}

/// Whoever changes one bit of a key that carries its own public part has not
/// got another proven key.
#[test]
fn no_flipped_bit_makes_another_proven_key() {
    for file in ["rsa512.pem", "ec-P-256.pem", "ec-P-256.sec1.pem"] {
        let pem = section(file);
        let form = KeyForm::from_label(pem.tag()).unwrap();
        let sound = keys::read(file, None).unwrap();
        let mut inconsistent = 0;
        for index in 0..pem.contents().len() * 8 {
            let mut bytes = pem.contents().to_vec();
            bytes[index / 8] ^= 1 << (index % 8);
            let Ok(key) = PrivateKey::read(form, &[], &bytes, None) else {
                continue;
            };
            if key.is_proven() {
                assert_eq!(
                    key.public_key_der(),
                    sound.public_key_der(),
                    "{file} {index}"
                );
            }
            // Most flips hit the numbers; that many must be noticed, or the check is not run at
            // all.
            inconsistent += usize::from(key.check().is_err());
        }
        assert!(inconsistent > 500, "{file}: only {inconsistent}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for form in FORMS {
            let _ = PrivateKey::read(form, &[], &bytes, Some(&Passphrase::new("x")));
        }
        let _ = KeyForm::sniff(&bytes);
        prop_assert!(PublicKey::parse(&bytes).is_err());
        prop_assert!(CertificationRequest::parse(&bytes).is_err());
    }

    #[test]
    fn any_damage_is_read_or_refused(
        file in 0..CHEAP.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let pem = section(CHEAP[file]);
        let form = KeyForm::from_label(pem.tag()).unwrap();
        let mut bytes = pem.contents().to_vec();
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let headers: Vec<_> = pem
            .headers()
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        if let Ok(key) = PrivateKey::read(form, &headers, &bytes, Some(&passphrase())) {
            if let Some(public) = key.public_key_der() {
                let parsed = PublicKey::parse(public);
                prop_assert!(parsed.is_ok() || key.check().is_err() || !key.is_proven());
            }
            prop_assert!(!(key.is_proven() && key.check().is_err()));
        }
    }
}

/// Each may cost ten million iterations; all together, twice that.
#[test]
fn many_costly_keys_of_one_file_have_one_budget() {
    let ten_million = pbkdf2(&[0x98, 0x96, 0x80]);
    // Refused by its length before anything is computed, so that this is quick.
    let key = pbes2(ten_million, AES_256, &[0; 16]);
    let key = key[..key.len() - 50].to_vec();
    let key = [&key[..], &octets(&[7; 47])].concat();
    let inside = key.len() - 2;
    let head = if key[1] < 0x80 { 2 } else { 3 };
    let key = sequence(&[key[head..].to_vec()]);
    assert!(inside > 0);
    let text = pem::encode(&pem::Pem::new("ENCRYPTED PRIVATE KEY", key)).repeat(5);
    let document =
        certcheck::encoding::Document::read(certcheck::Source::new("keys.pem", text.into_bytes()));
    let given = passphrase();
    let (answer, time) = timed(|| {
        let at = certcheck::Time::from_unix_seconds(1_795_000_000);
        certcheck::command::inspect::inspect(std::slice::from_ref(&document), Some(&given), at)
    });
    let costly = answer.findings.iter().filter(|finding| {
        finding.evidence.code().as_str() == "key.too-costly" && finding.message().contains("add up")
    });
    assert_eq!(costly.count(), 3, "{:?}", answer.findings);
    assert!(time < Duration::from_secs(1), "{time:?}");
}
