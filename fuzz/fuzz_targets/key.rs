//! Private keys of every form, with and without a passphrase.
//!
//! The first byte chooses the form and whether there is a passphrase
//! (`open sesame`), the second the cipher of a DEK-Info header; the rest is the
//! key. Properties: what is called proven has no inconsistency, a public key
//! that reads back, and the same one when it is read again from its own bytes;
//! nothing is a match that is not proven.
#![no_main]

use certcheck::key_match::{Half, Pair, group, pair};
use certcheck::model::{Curve, KeyForm, KeyProblem, Passphrase, PrivateKey, PublicKey};
use libfuzzer_sys::fuzz_target;

const FORMS: [KeyForm; 5] = [
    KeyForm::Pkcs8,
    KeyForm::EncryptedPkcs8,
    KeyForm::Pkcs1,
    KeyForm::TraditionalDsa,
    KeyForm::Sec1,
];

const CIPHERS: [&str; 8] = [
    "AES-128-CBC,000102030405060708090a0b0c0d0e0f",
    "AES-192-CBC,000102030405060708090a0b0c0d0e0f",
    "AES-256-CBC,000102030405060708090a0b0c0d0e0f",
    "DES-EDE3-CBC,0001020304050607",
    "DES-EDE-CBC,0001020304050607",
    "DES-CBC,0001020304050607",
    "RC2-CBC,0001020304050607",
    "BF-CBC,0001020304050607",
];

fuzz_target!(|data: &[u8]| {
    let [choice, cipher, der @ ..] = data else {
        return;
    };
    let form = FORMS[usize::from(choice & 7) % FORMS.len()];
    let headers: Vec<(String, String)> = if choice & 0x10 == 0 {
        Vec::new()
    } else {
        let info = CIPHERS[usize::from(*cipher) % CIPHERS.len()];
        vec![
            ("Proc-Type".into(), "4,ENCRYPTED".into()),
            ("DEK-Info".into(), info.into()),
        ]
    };
    let passphrase = (choice & 8 != 0).then(|| Passphrase::new("open sesame"));
    if passphrase.is_some() && is_slow(form, &headers, der) {
        return;
    }
    if let Ok(key) = PrivateKey::read(form, &headers, der, passphrase.as_ref()) {
        check(&key);
    }
    if let Ok(public) = PublicKey::parse(der) {
        let canonical = public.canonical_der();
        let again = PublicKey::parse(&canonical).expect("a canonical key is a key");
        assert_eq!(again.canonical_der(), canonical);
        assert!(public.same_key(&again) && again.same_key(&public));
    }
});

/// A costly derivation is within the budget but spends the fuzzer's time.
fn is_slow(form: KeyForm, headers: &[(String, String)], der: &[u8]) -> bool {
    match PrivateKey::read(form, headers, der, None) {
        Err(KeyProblem::Encrypted(encryption)) => encryption
            .scheme()
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|digits| digits.parse::<u64>().ok())
            .any(|number| number > 5000),
        _ => false,
    }
}

fn check(key: &PrivateKey) {
    let again = PrivateKey::read(key.form(), &[], key.secret_der(), None)
        .expect("a key that was read is read again");
    assert_eq!(again.public_key_der(), key.public_key_der());
    assert_eq!(again.is_proven(), key.is_proven());
    assert_eq!(again.check(), key.check());
    assert!(!(key.is_proven() && key.check().is_err()));
    let Some(spki) = key.public_key_der() else {
        assert!(!key.is_proven());
        return;
    };
    match PublicKey::parse(spki) {
        Ok(public) => {
            // A curve that is written out may have a name all the same.
            if key.algorithm().curve() != Some(&Curve::Explicit) {
                assert_eq!(public.algorithm(), key.algorithm());
            }
            let expected = key.is_proven();
            assert_eq!(pair(key, spki) == Ok(Pair::Proven), expected);
            let matches = group([(0, Half::Private(key)), (1, Half::Certificate(spki))]);
            let grouped = matches.groups.first().is_some_and(|group| group.proven);
            assert_eq!(grouped, expected);
        }
        Err(_) => assert!(!key.is_proven(), "a proven key has a public key"),
    }
}
