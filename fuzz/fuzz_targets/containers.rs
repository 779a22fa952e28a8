//! PKCS#7 and PKCS#12 files and Java's keystores, with and without a passphrase.
//!
//! The first byte chooses the passphrase; the rest is the file. Properties:
//! without a passphrase nothing is called wrong; what stands open is the same
//! with a passphrase and without; an object is no longer than what it stands
//! in, and is found the same again; what `inspect` tells of the file has no
//! control characters, no secret, and names objects that are there.
#![no_main]

use certcheck::Source;
use certcheck::command::inspect::inspect;
use certcheck::encoding::Document;
use certcheck::model::{Certificate, ContainedKind, Container, Integrity, KeyProblem};
use certcheck::model::{Passphrase, PrivateKey};
use libfuzzer_sys::fuzz_target;

const PASSPHRASES: [&str; 4] = ["open sesame", "", "wrong", "pässwörd 日本"];

fuzz_target!(|data: &[u8]| {
    let [choice, file @ ..] = data else {
        return;
    };
    let passphrase = Passphrase::new(PASSPHRASES[usize::from(choice & 3)]);
    if let Ok(read) = Container::pkcs7(file) {
        objects(file, &read, None);
    }
    both_ways(file, &passphrase, Container::pkcs12);
    both_ways(file, &passphrase, Container::jks);
    told(file, &passphrase);
});

type Read = fn(&[u8], Option<&Passphrase>) -> Result<Container, KeyProblem>;

fn both_ways(file: &[u8], passphrase: &Passphrase, read: Read) {
    match read(file, None) {
        Ok(open) => {
            objects(file, &open, None);
            assert!(matches!(
                open.integrity,
                Integrity::Absent | Integrity::NotChecked | Integrity::NotComputable
            ));
            match read(file, Some(passphrase)) {
                Ok(read) => {
                    objects(file, &read, Some(passphrase));
                    assert!(read.objects.len() >= open.objects.len());
                    assert!(read.closed.len() <= open.closed.len());
                    let mut all = read.objects.iter().map(|object| object.secret_der());
                    for object in &open.objects {
                        assert!(all.any(|der| der == object.secret_der()), "it went away");
                    }
                }
                Err(problem) => assert!(!format!("{problem} {problem:?}").contains("sesame")),
            }
        }
        Err(problem) => assert!(!matches!(problem, KeyProblem::WrongPassphrase(_))),
    }
}

/// Every object is inside of the file, or of what was decrypted of it.
fn objects(file: &[u8], container: &Container, passphrase: Option<&Passphrase>) {
    let mut total = 0;
    for object in &container.objects {
        let der = object.secret_der();
        total += der.len();
        match object.kind() {
            ContainedKind::Certificate => {
                if let Ok(certificate) = Certificate::parse(der) {
                    assert_eq!(certificate.der(), der);
                }
            }
            ContainedKind::PrivateKey(form) => {
                if let Ok(key) = PrivateKey::read(form, &[], der, passphrase) {
                    assert!(!key.is_proven() || key.check().is_ok());
                }
            }
            _ => {}
        }
    }
    assert!(total <= file.len(), "{total} bytes out of {}", file.len());
}

const AT: certcheck::Time = certcheck::Time::from_unix_seconds(1_795_000_000);

fn told(file: &[u8], passphrase: &Passphrase) {
    let document = Document::read(Source::new("bag.p12", file.to_vec()));
    let answer = inspect(std::slice::from_ref(&document), Some(passphrase), AT);
    let again = inspect(std::slice::from_ref(&document), Some(passphrase), AT);
    assert_eq!(answer.findings, again.findings);
    let objects = answer.result.objects.len();
    for finding in &answer.findings {
        assert_eq!(finding.subject.source, "bag.p12");
        assert!(finding.subject.index < objects.max(1), "{finding:?}");
        assert!(!finding.message().contains("sesame"));
    }
}
