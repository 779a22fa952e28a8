//! PKCS#7 and PKCS#12 files that OpenSSL wrote: everything inside is found.

use crate::support::der;

use certcheck::model::{
    Certificate, ContainedKind, Container, Integrity, KeyForm, KeyProblem, Passphrase, PrivateKey,
    RevocationList,
};
use proptest::prelude::*;
use std::path::PathBuf;

fn bytes(file: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/containers")
        .join(file);
    std::fs::read(path).expect(file)
}

fn contents(file: &str) -> Vec<u8> {
    pem::parse(bytes(file)).unwrap().into_contents()
}

const SESAME: &str = "open sesame";

/// File, passphrase, what the authentication code says, whether the
/// certificates are encrypted, and the form of the key.
const FILES: &[(&str, &str, Integrity, bool, KeyForm)] = &[
    (
        "modern.p12",
        SESAME,
        Integrity::Holds,
        true,
        KeyForm::EncryptedPkcs8,
    ),
    (
        "legacy.p12",
        SESAME,
        Integrity::Holds,
        true,
        KeyForm::EncryptedPkcs8,
    ),
    (
        "triple-des.p12",
        SESAME,
        Integrity::Holds,
        true,
        KeyForm::EncryptedPkcs8,
    ),
    (
        "sha512.p12",
        SESAME,
        Integrity::Holds,
        true,
        KeyForm::EncryptedPkcs8,
    ),
    (
        "without-mac.p12",
        SESAME,
        Integrity::Absent,
        false,
        KeyForm::EncryptedPkcs8,
    ),
    (
        "plain-certificates.p12",
        SESAME,
        Integrity::Holds,
        false,
        KeyForm::EncryptedPkcs8,
    ),
    ("plain.p12", SESAME, Integrity::Holds, false, KeyForm::Pkcs8),
    (
        "empty-passphrase.p12",
        "",
        Integrity::Holds,
        true,
        KeyForm::EncryptedPkcs8,
    ),
    (
        "unicode.p12",
        "pässwörd 日本",
        Integrity::Holds,
        true,
        KeyForm::EncryptedPkcs8,
    ),
];

#[test]
fn everything_in_a_pkcs12_file_is_found() {
    let server = contents("server.crt");
    let ca = contents("ca.crt");
    let certificate = Certificate::parse(&server).unwrap();
    for &(file, passphrase, integrity, encrypted, form) in FILES {
        let passphrase = Passphrase::new(passphrase);
        let read = Container::pkcs12(&bytes(file), Some(&passphrase)).expect(file);
        assert_eq!(read.integrity, integrity, "{file}");
        assert!(read.closed.is_empty(), "{file}");
        let certificates: Vec<_> = read
            .objects
            .iter()
            .filter(|object| object.kind() == ContainedKind::Certificate)
            .map(|object| object.secret_der())
            .collect();
        assert_eq!(certificates, [server.as_slice(), &ca], "{file}");
        let key = read
            .objects
            .iter()
            .find(|object| object.kind() == ContainedKind::PrivateKey(form))
            .expect(file);
        let named = read
            .objects
            .iter()
            .find(|object| object.secret_der() == server)
            .unwrap();
        assert_eq!(named.friendly_name(), Some("Straße"));
        assert!(key.local_key_id().is_some());
        assert_eq!(key.local_key_id(), named.local_key_id());
        let key = PrivateKey::read(form, &[], key.secret_der(), Some(&passphrase)).expect(file);
        assert!(key.is_proven());
        assert_eq!(key.public_key_der(), Some(certificate.spki_der()), "{file}");
        // Without a passphrase only what is not encrypted is seen.
        // What `inspect` shows without a passphrase, and must be exactly what is in the open.
        let closed = Container::pkcs12(&bytes(file), None).expect(file);
        let seen = closed
            .objects
            .iter()
            .filter(|object| object.kind() == ContainedKind::Certificate)
            .count();
        assert_eq!(
            (seen, closed.closed.len()),
            if encrypted { (0, 1) } else { (2, 0) },
            "{file}"
        );
    }
}

#[test]
fn legacy_encryption_is_named() {
    let read = Container::pkcs12(&bytes("legacy.p12"), None).unwrap();
    assert_eq!(read.closed[0].scheme(), "pbeWithSHA1And40BitRC2-CBC");
    assert!(!read.closed[0].openssl3_loads());
    let sesame = Passphrase::new(SESAME);
    // OpenSSL writes it on request alone: certcheck names the scheme and opens the rest.
    let read = Container::pkcs12(&bytes("blowfish.p12"), Some(&sesame)).unwrap();
    assert!(read.closed[0].scheme().ends_with("; BF-CBC)"));
    assert!(!read.closed[0].openssl3_loads());
    assert_eq!((read.objects.len(), read.integrity), (1, Integrity::Holds));
}

/// A code that does not hold is damage where the passphrase opens what is
/// inside, and a wrong passphrase where it opens nothing.
#[test]
fn damage_is_told_apart_from_a_wrong_passphrase() {
    let changed = bytes("changed.p12");
    let read = Container::pkcs12(&changed, Some(&Passphrase::new(SESAME))).unwrap();
    assert_eq!((read.integrity, read.objects.len()), (Integrity::Broken, 3));
    let wrong = Container::pkcs12(&changed, Some(&Passphrase::new("wrong")));
    assert!(matches!(wrong, Err(KeyProblem::WrongPassphrase(_))));
    // Certificates in the open, and a key alone to say that the passphrase is right.
    let mut open = bytes("plain-certificates.p12");
    let last = open.len() - 30;
    open[last] ^= 1;
    let read = Container::pkcs12(&open, Some(&Passphrase::new(SESAME))).unwrap();
    assert_eq!(read.integrity, Integrity::Broken);
    // Nothing is encrypted: nobody can say.
    let mut plain = bytes("plain.p12");
    let last = plain.len() - 30;
    plain[last] ^= 1;
    let read = Container::pkcs12(&plain, Some(&Passphrase::new(SESAME)));
    assert!(matches!(read, Err(KeyProblem::WrongPassphrase(_))));
}

/// Python's cryptography 48, node-forge 1.3, and PBMAC1 (RFC 9579) by hand, which
/// OpenSSL 4.0 was seen to read.
#[test]
fn what_others_write_is_read() {
    let pki = |name: &str| {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("testdata/pki")
            .join(name);
        pem::parse(std::fs::read(path).unwrap())
            .unwrap()
            .into_contents()
    };
    let lab = [contents("server.crt"), contents("ca.crt")];
    let forge = [pki("server.crt"), pki("issuing.crt")];
    for (file, passphrase, certificates) in [
        ("python-best.p12", SESAME, &lab),
        ("python-3des.p12", SESAME, &lab),
        ("python-aes.p12", SESAME, &lab),
        ("python-none.p12", "", &lab),
        ("pbmac1.p12", SESAME, &lab),
        ("pbmac1-sha512.p12", SESAME, &lab),
        ("rc4.p12", SESAME, &lab),
        ("forge-3des.p12", SESAME, &forge),
        ("forge-aes128.p12", SESAME, &forge),
        ("forge-aes256.p12", SESAME, &forge),
        ("forge-empty.p12", "", &forge),
        ("forge-null.p12", "", &forge),
    ] {
        let passphrase = Passphrase::new(passphrase);
        let read = Container::pkcs12(&bytes(file), Some(&passphrase)).expect(file);
        assert_eq!(read.integrity, Integrity::Holds, "{file}");
        let (mut found, mut keys) = (Vec::new(), 0);
        for object in &read.objects {
            match object.kind() {
                ContainedKind::Certificate => found.push(object.secret_der()),
                ContainedKind::PrivateKey(form) => {
                    let key = PrivateKey::read(form, &[], object.secret_der(), Some(&passphrase));
                    let spki = Certificate::parse(&certificates[0])
                        .unwrap()
                        .spki_der()
                        .to_vec();
                    assert_eq!(key.unwrap().public_key_der(), Some(&spki[..]), "{file}");
                    keys += 1;
                }
                other => panic!("{file}: {other:?}"),
            }
        }
        assert_eq!(
            (found, keys),
            (certificates.iter().map(Vec::as_slice).collect(), 1),
            "{file}"
        );
        let wrong = Container::pkcs12(&bytes(file), Some(&Passphrase::new("wrong")));
        assert!(
            matches!(wrong, Err(KeyProblem::WrongPassphrase(_))),
            "{file}"
        );
    }
}

/// Entries behind a sealed secret key are read; Bouncy Castle's BKS is opened,
/// its UBER named.
#[test]
fn keystores_with_secret_keys_and_of_bouncy_castle_are_read() {
    let sesame = Passphrase::new(SESAME);
    let spki = Certificate::parse(&contents("server.crt"))
        .unwrap()
        .spki_der()
        .to_vec();
    for (file, objects) in [
        ("sealed.jceks", 6),
        ("bouncy.bks", 5),
        ("equal-halves.jceks", 2),
    ] {
        let read = Container::jks(&bytes(file), Some(&sesame)).expect(file);
        assert_eq!(
            (read.integrity, read.objects.len()),
            (Integrity::Holds, objects),
            "{file}"
        );
        let of = |wanted| {
            read.objects
                .iter()
                .filter(move |object| object.kind() == wanted)
                .count()
        };
        let certificates = if objects == 2 { 1 } else { 3 };
        assert_eq!(of(ContainedKind::Certificate), certificates, "{file}");
        let mut keys = 0;
        for object in &read.objects {
            let ContainedKind::PrivateKey(form) = object.kind() else {
                continue;
            };
            let key = PrivateKey::read(form, &[], object.secret_der(), Some(&sesame)).expect(file);
            assert_eq!(key.public_key_der(), Some(&spki[..]));
            keys += 1;
        }
        assert_eq!(keys, 1, "{file}");
        let wrong = Container::jks(&bytes(file), Some(&Passphrase::new("wrong")));
        assert!(
            matches!(wrong, Err(KeyProblem::WrongPassphrase(_))),
            "{file}"
        );
        let without = Container::jks(&bytes(file), None).unwrap();
        assert_eq!(without.closed.is_empty(), objects == 2, "{file}");
    }
    for passphrase in [None, Some(&sesame)] {
        let read = Container::jks(&bytes("bouncy.uber"), passphrase);
        assert!(matches!(read, Err(KeyProblem::NotDecryptable(_))));
    }
}

#[test]
fn a_wrong_passphrase_is_seen() {
    for &(file, ..) in FILES {
        if file == "without-mac.p12" {
            continue;
        }
        let read = Container::pkcs12(&bytes(file), Some(&Passphrase::new("wrong")));
        assert!(
            matches!(read, Err(KeyProblem::WrongPassphrase(_))),
            "{file}"
        );
    }
}

#[test]
fn everything_in_a_pkcs7_file_is_found() {
    let kinds = |file: &str| {
        let read = Container::pkcs7(&bytes(file)).unwrap();
        for object in &read.objects {
            match object.kind() {
                ContainedKind::Certificate => {
                    drop(Certificate::parse(object.secret_der()).unwrap())
                }
                ContainedKind::Crl => drop(RevocationList::parse(object.secret_der()).unwrap()),
                other => panic!("{other:?}"),
            }
        }
        read.objects
            .iter()
            .map(|object| object.kind())
            .collect::<Vec<_>>()
    };
    assert_eq!(kinds("chain.p7b"), [ContainedKind::Certificate; 2]);
    assert_eq!(
        kinds("with-crl.p7b"),
        [ContainedKind::Certificate, ContainedKind::Crl]
    );
    assert!(Container::pkcs7(&bytes("modern.p12")).is_err());
    assert!(Container::pkcs12(&bytes("chain.p7b"), None).is_err());
}

/// Written by keytool 17, pk12util of NSS 3.87 and OpenSSL's streaming writer.
#[test]
fn keystores_of_java_and_ber_of_others_are_read() {
    let (server, ca) = (contents("server.crt"), contents("ca.crt"));
    let sesame = Passphrase::new(SESAME);
    for (file, keys) in [("java.jks", 1), ("java.jceks", 1)] {
        let read = Container::jks(&bytes(file), Some(&sesame)).expect(file);
        assert_eq!(read.integrity, Integrity::Holds, "{file}");
        let kinds: Vec<_> = read.objects.iter().map(|object| object.kind()).collect();
        let key = ContainedKind::PrivateKey(KeyForm::EncryptedPkcs8);
        let certificate = ContainedKind::Certificate;
        assert_eq!(
            kinds,
            [certificate, key, certificate, certificate],
            "{file}"
        );
        let names: Vec<_> = read
            .objects
            .iter()
            .map(|object| object.friendly_name())
            .collect();
        assert_eq!(
            names,
            [
                Some("lab-ca"),
                Some("server"),
                Some("server"),
                Some("server")
            ]
        );
        let opened = PrivateKey::read(
            KeyForm::EncryptedPkcs8,
            &[],
            read.objects[1].secret_der(),
            Some(&sesame),
        );
        let spki = Certificate::parse(&server).unwrap().spki_der().to_vec();
        match opened {
            Ok(opened) => assert_eq!((opened.public_key_der(), 1), (Some(&spki[..]), keys)),
            Err(problem) => panic!("{file}: {problem}"),
        }
        let wrong = Container::jks(&bytes(file), Some(&Passphrase::new("open sesamf")));
        assert!(
            matches!(wrong, Err(KeyProblem::WrongPassphrase(_))),
            "{file}"
        );
        let without = Container::jks(&bytes(file), None).unwrap();
        assert_eq!(
            (without.integrity, without.objects.len()),
            (Integrity::NotChecked, 4)
        );
    }
    let nss = Container::pkcs12(&bytes("nss.p12"), Some(&sesame)).unwrap();
    assert_eq!((nss.integrity, nss.objects.len()), (Integrity::Holds, 3));
    let streamed = Container::pkcs7(&bytes("streamed.p7b")).unwrap();
    let found: Vec<_> = streamed
        .objects
        .iter()
        .map(|object| object.secret_der())
        .collect();
    assert_eq!(found, [server.as_slice(), &ca]);
}

/// Every prefix and many damages: refused or read, never more than there is.
#[test]
fn damaged_keystores_and_ber_are_refused() {
    let files = [
        "java.jks",
        "trust.jks",
        "nss.p12",
        "streamed.p7b",
        "sealed.jceks",
        "bouncy.bks",
    ];
    for file in files {
        let whole = bytes(file);
        for length in 0..whole.len() {
            let cut = &whole[..length];
            assert!(Container::jks(cut, None).is_err(), "{file} {length}");
            let _ = Container::pkcs12(cut, None);
            let _ = Container::pkcs7(cut);
        }
        // 24 is a string in pieces, 80 an indefinite length, ff a length of 127 bytes: what a BER
        // reader stumbles over.
        for place in 0..whole.len() {
            for byte in [0x24, 0x80, 0xff] {
                let mut damaged = whole.clone();
                damaged[place] = byte;
                let _ = Container::jks(&damaged, None);
                let _ = Container::pkcs12(&damaged, None);
                let _ = Container::pkcs7(&damaged);
            }
        }
    }
    // A recursive reader without a limit would overflow its stack.
    let deep = [0x30_u8, 0x80].repeat(100_000);
    assert!(Container::pkcs7(&deep).is_err());
    assert!(Container::pkcs12(&deep, None).is_err());
}

#[test]
fn bags_in_bags_end_somewhere() {
    let arc = |last: u8| {
        vec![
            6, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 10, 1, last,
        ]
    };
    let data = [&[6, 9][..], &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1]].concat();
    let wrap =
        |content: &[u8]| der::sequence(&[data.clone(), der::element(0xa0, &der::octets(content))]);
    let nested = |depth: usize| {
        let mut bags = der::sequence(&[der::sequence(&[arc(5), der::element(0xa0, &[5, 0])])]);
        for _ in 0..depth {
            bags = der::sequence(&[der::sequence(&[arc(6), der::element(0xa0, &bags)])]);
        }
        let safe = der::sequence(&[wrap(&bags)]);
        der::sequence(&[der::integer(&[3]), wrap(&safe)])
    };
    assert_eq!(
        Container::pkcs12(&nested(4), None).unwrap().objects.len(),
        1
    );
    for depth in [5, 1000] {
        let read = Container::pkcs12(&nested(depth), None);
        assert!(matches!(read, Err(KeyProblem::Malformed(_))), "{depth}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_damage_is_read_or_refused(
        file in 0..FILES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut damaged = bytes(FILES[file].0);
        for (index, value) in changes {
            let at = index.index(damaged.len());
            damaged[at] = value;
        }
        if let Some(cut) = cut {
            damaged.truncate(cut.index(damaged.len()));
        }
        let open = Container::pkcs12(&damaged, None);
        prop_assert!(!matches!(open, Err(KeyProblem::WrongPassphrase(_))));
        let _ = Container::pkcs7(&damaged);
    }
}
