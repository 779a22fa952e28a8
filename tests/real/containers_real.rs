//! PKCS#12 files and Java keystores as OpenSSL, keytool, certtool and pk12util
//! of this machine write them: what we find in them against what OpenSSL finds.

use crate::support::here;
#[path = "containers_real/keys.rs"]
mod keys;
#[path = "containers_real/programs.rs"]
mod programs;

use certcheck::model::{
    Contained, ContainedKind, Container, Integrity, KeyProblem, Passphrase, PrivateKey,
};
use programs::{Contents, PROVIDERS, file, have, openssl_pkcs12, run};
use std::fs;
use std::path::Path;

const SESAME: &str = "open sesame";

/// What we find, and the problems of the keys that do not open.
fn ours(objects: &[Contained], passphrase: Option<&Passphrase>) -> (Contents, Vec<KeyProblem>) {
    let (mut contents, mut problems) = (Contents::default(), Vec::new());
    for object in objects {
        let der = object.secret_der();
        match object.kind() {
            ContainedKind::Certificate => drop(contents.certificates.insert(der.to_vec())),
            ContainedKind::PrivateKey(form) => match PrivateKey::read(form, &[], der, passphrase) {
                Ok(key) => {
                    assert!(key.is_proven());
                    contents.keys.insert(key.public_key_der().unwrap().to_vec());
                }
                Err(problem) => problems.push(problem),
            },
            other => panic!("{other:?}"),
        }
    }
    (contents, problems)
}

/// A file against OpenSSL: the same with the passphrase, told to be wrong with
/// another, and nothing but what stands open without.
fn compare(path: &Path, passphrase: &str) {
    let name = path.display().to_string();
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let theirs = openssl_pkcs12(&name, passphrase).unwrap_or_else(|| panic!("OpenSSL: {name}"));
    let right = Passphrase::new(passphrase);
    let read =
        Container::pkcs12(&bytes, Some(&right)).unwrap_or_else(|why| panic!("{name}: {why}"));
    let (found, problems) = ours(&read.objects, Some(&right));
    assert_eq!(problems, [], "{name}");
    assert!(read.closed.is_empty(), "{name}");
    assert_eq!(found, theirs, "{name}");
    assert!(!theirs.certificates.is_empty(), "{name}");

    let open = Container::pkcs12(&bytes, None).unwrap_or_else(|why| panic!("{name}: {why}"));
    let (seen, closed) = ours(&open.objects, None);
    assert!(seen.certificates.is_subset(&found.certificates), "{name}");
    // Either everything is in the open, or something closed is reported: never less than there is
    // in silence.
    let hidden = seen.certificates != found.certificates;
    assert_eq!(hidden, !open.closed.is_empty(), "{name}");
    assert!(
        closed
            .iter()
            .all(|problem| matches!(problem, KeyProblem::Encrypted(_))),
        "{name}"
    );

    // One letter in another case: what a person would type.
    let wrong = Passphrase::new("Open sesame");
    match Container::pkcs12(&bytes, Some(&wrong)) {
        Err(KeyProblem::WrongPassphrase(_)) => {}
        Ok(read) => {
            // Neither a code nor a padding that could say so.
            assert_eq!(
                (read.integrity, hidden),
                (Integrity::Absent, false),
                "{name}"
            );
            let (_, problems) = ours(&read.objects, Some(&wrong));
            let wrong = |problem: &KeyProblem| matches!(problem, KeyProblem::WrongPassphrase(_));
            assert!(problems.iter().all(wrong), "{name}: {problems:?}");
        }
        Err(other) => panic!("{name}: {other}"),
    }
}

/// Every algorithm that `openssl pkcs12` takes and we open.
const OPENED: &[&str] = &[
    "PBE-SHA1-RC4-128",
    "PBE-SHA1-RC4-40",
    "PBE-SHA1-RC2-40",
    "PBE-SHA1-RC2-128",
    "PBE-SHA1-3DES",
    "PBE-SHA1-2DES",
    "PBE-MD5-DES",
    "PBE-MD5-RC2-64",
    "PBE-SHA1-DES",
    "PBE-SHA1-RC2-64",
    "aes-128-cbc",
    "aes-192-cbc",
    "aes-256-cbc",
    "camellia-128-cbc",
    "camellia-192-cbc",
    "camellia-256-cbc",
    "aria-128-cbc",
    "aria-192-cbc",
    "aria-256-cbc",
    "des-cbc",
    "des-ede3-cbc",
    "rc2-cbc",
    "rc2-64-cbc",
    "rc2-40-cbc",
    "NONE",
];

/// Those that are named and stay closed.
const NAMED: &[&str] = &[
    "sm4-cbc",
    "bf-cbc",
    "cast5-cbc",
    "seed-cbc",
    "aes-256-cfb",
    "aes-128-ofb",
];

/// What else can be chosen.
const OPTIONS: &[&[&str]] = &[
    &[],
    &["-legacy"],
    &["-nomac"],
    &["-nomaciter"],
    &["-noiter"],
    &["-iter", "50000"],
    &["-macalg", "md5"],
    &["-macalg", "sha1"],
    &["-macalg", "sha224"],
    &["-macalg", "sha256"],
    &["-macalg", "sha384"],
    &["-macalg", "sha512"],
    &["-macalg", "sha512-224"],
    &["-macalg", "sha512-256"],
    &["-macalg", "sha3-224"],
    &["-macalg", "sha3-256"],
    &["-macalg", "sha3-384"],
    &["-macalg", "sha3-512"],
    &["-certpbe", "NONE"],
    &["-keypbe", "NONE"],
    &["-descert"],
    &[
        "-keypbe",
        "aria-256-cbc",
        "-certpbe",
        "PBE-SHA1-RC4-40",
        "-macalg",
        "sha1",
    ],
];

fn export(path: &Path, passphrase: &str, options: &[&str]) {
    let (key, certificate, ca) = (file("server.key"), file("server.crt"), file("ca.crt"));
    let pass = format!("pass:{passphrase}");
    let path = path.display().to_string();
    let words = [
        &[
            "pkcs12",
            "-export",
            "-inkey",
            &key,
            "-in",
            &certificate,
            "-certfile",
            &ca,
        ][..],
        &["-name", "x", "-passout", &pass, "-out", &path],
        &PROVIDERS,
        options,
    ];
    let made = run("openssl", &words.concat(), b"");
    assert!(made.is_some(), "openssl pkcs12 {options:?}");
}

#[test]
fn everything_that_openssl_writes() {
    if !have("openssl") {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let mut compared = 0;
    for algorithm in OPENED {
        let path = scratch.path().join(algorithm);
        export(
            &path,
            SESAME,
            &["-certpbe", algorithm, "-keypbe", algorithm],
        );
        compare(&path, SESAME);
        compared += 1;
    }
    for options in OPTIONS {
        let path = scratch.path().join(format!("p12{}", options.join("_")));
        export(&path, SESAME, options);
        compare(&path, SESAME);
        compared += 1;
    }
    assert_eq!(compared, OPENED.len() + OPTIONS.len());
}

#[test]
fn what_is_not_opened_is_named() {
    if !have("openssl") {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let sesame = Passphrase::new(SESAME);
    for algorithm in NAMED {
        let path = scratch.path().join(algorithm);
        export(
            &path,
            SESAME,
            &["-certpbe", algorithm, "-keypbe", algorithm],
        );
        let read = Container::pkcs12(&fs::read(&path).unwrap(), Some(&sesame)).expect(algorithm);
        let name = algorithm.to_uppercase();
        assert_eq!(read.integrity, Integrity::Holds, "{algorithm}");
        assert!(
            read.closed[0].scheme().ends_with(&format!("; {name})")),
            "{:?}",
            read.closed
        );
        let (found, problems) = ours(&read.objects, Some(&sesame));
        assert_eq!(found, Contents::default());
        assert!(
            matches!(problems[..], [KeyProblem::NotDecryptable(_)]),
            "{algorithm}"
        );
    }
}

#[test]
fn any_passphrase() {
    if !have("openssl") {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    // The longest that OpenSSL takes behind `pass:` has 1023 bytes.
    let long = "very long ".repeat(100);
    let accents = "ä日\u{1f511}".repeat(100);
    for passphrase in [
        "",
        " ",
        "x",
        "pässwörd",
        "日本 κωδικός",
        "a\u{1f511}b\u{10ffff}",
        &long,
        &accents[..900],
    ] {
        for options in [
            &[][..],
            &["-legacy"],
            &["-certpbe", "PBE-SHA1-RC4-128"],
            &["-nomac"],
        ] {
            let path = scratch.path().join("p12");
            export(&path, passphrase, options);
            compare(&path, passphrase);
        }
    }
}

fn keytool(words: &[&str]) {
    assert!(run("keytool", words, b"").is_some(), "keytool {words:?}");
}

/// A keystore with two keys and a certificate, by keytool.
fn keystore(path: &Path, kind: &str, more: &[&str]) {
    let (source, ca) = (file("modern.p12"), file("ca.crt"));
    let path = path.display().to_string();
    let into = ["-noprompt", "-destkeystore", &path, "-deststoretype", kind];
    for alias in ["first", "second"] {
        let words = [
            more,
            &[
                "-importkeystore",
                "-srckeystore",
                &source,
                "-srcstorepass",
                SESAME,
            ],
            &[
                "-srcalias",
                "straße",
                "-destalias",
                alias,
                "-deststorepass",
                SESAME,
            ],
            &["-destkeypass", SESAME],
            &into,
        ];
        keytool(&words.concat());
    }
    let words = [
        "-importcert",
        "-noprompt",
        "-alias",
        "lab",
        "-file",
        &ca,
        "-keystore",
        &path,
    ];
    keytool(&[more, &words, &["-storetype", kind, "-storepass", SESAME]].concat());
}

#[test]
fn everything_that_keytool_writes() {
    if !have("keytool") || !have("openssl") {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let legacy = &["-J-Dkeystore.pkcs12.legacy"][..];
    for (name, more) in [("modern", &[][..]), ("legacy", legacy)] {
        let path = scratch.path().join(name);
        keystore(&path, "PKCS12", more);
        compare(&path, SESAME);
        let sesame = Passphrase::new(SESAME);
        let read = Container::pkcs12(&fs::read(&path).unwrap(), Some(&sesame)).unwrap();
        let keys = |object: &&Contained| matches!(object.kind(), ContainedKind::PrivateKey(_));
        let names: Vec<_> = read
            .objects
            .iter()
            .filter(keys)
            .map(Contained::friendly_name)
            .collect();
        assert_eq!(names, [Some("first"), Some("second")], "{name}");
    }
    let theirs = openssl_pkcs12(&file("modern.p12"), SESAME).unwrap();
    for kind in ["JKS", "JCEKS"] {
        let path = scratch.path().join(kind);
        keystore(&path, kind, &[]);
        let mut before = 7;
        if kind == "JCEKS" {
            let path = path.display().to_string();
            let words = [
                "-genseckey",
                "-alias",
                "a",
                "-keyalg",
                "AES",
                "-keysize",
                "256",
            ];
            let into = ["-keystore", &path, "-storetype", kind, "-storepass", SESAME];
            keytool(&[&words[..], &into].concat());
            before += 1;
        }
        let bytes = fs::read(&path).unwrap();
        for passphrase in [Some(Passphrase::new(SESAME)), None] {
            let mut read = Container::jks(&bytes, passphrase.as_ref()).unwrap();
            assert_eq!(read.objects.len(), before, "{kind}");
            let sealed = |object: &Contained| object.kind() == ContainedKind::Unknown;
            assert_eq!(
                read.objects.iter().filter(|object| sealed(object)).count(),
                before - 7
            );
            read.objects.retain(|object| !sealed(object));
            let (found, problems) = ours(&read.objects, passphrase.as_ref());
            assert_eq!(found.certificates, theirs.certificates, "{kind}");
            let opened = passphrase.is_some();
            assert_eq!(
                (found.keys == theirs.keys, problems.is_empty()),
                (opened, opened)
            );
        }
        let wrong = Container::jks(&bytes, Some(&Passphrase::new("other")));
        assert!(
            matches!(wrong, Err(KeyProblem::WrongPassphrase(_))),
            "{kind}"
        );
    }
}

/// What programs say of a sound PKCS#12 file that they cannot use, as `explain` quotes it.
#[test]
fn the_texts_of_programs_that_cannot_use_a_container() {
    let table = include_str!("../../testdata/explain/container_texts.tsv");
    let said = |program: &str, words: &[&str]| {
        let output = std::process::Command::new(program).args(words).output();
        let output = output.unwrap();
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    let mut seen = 0;
    for row in table.lines().skip(1) {
        let fields: Vec<_> = row.split('\t').collect();
        let (program, condition, text) = (fields[0], fields[2], fields[3]);
        if !have(program) || !here::measured(program) {
            continue;
        }
        let path = file(match condition {
            it if it.contains("-nokeys") => "trust-openssl.p12",
            it if it.contains("-nomac") => "without-mac.p12",
            _ => "camellia.p12",
        });
        let script = "try{require('tls').createSecureContext({pfx:require('fs').readFileSync(process.argv[1]),passphrase:process.argv[2]})}catch(e){console.log(e.message)}";
        let whole = match program {
            "keytool" => said(
                "keytool",
                &["-list", "-keystore", &path, "-storepass", SESAME],
            ),
            "node" => said("node", &["-e", script, &path, SESAME]),
            _ => said(program, &["-l", &path, "-W", SESAME]),
        };
        assert!(whole.contains(text), "{row}\n{whole}");
        seen += 1;
    }
    println!("containers: {seen} texts");
    assert!(seen == 4 || !here::in_ci());
}

/// This machine's Java and what it trusts, whatever kind of keystore that is.
#[test]
fn the_trust_store_of_java() {
    if !have("keytool") {
        return;
    }
    let words = ["-list", "-rfc", "-cacerts", "-storepass", "changeit"];
    let listed = run("keytool", &words, b"").expect("keytool -cacerts");
    let theirs: std::collections::BTreeSet<_> = pem::parse_many(listed)
        .unwrap()
        .into_iter()
        .map(pem::Pem::into_contents)
        .collect();
    let home = run("java", &["-XshowSettings:properties", "-version"], b"").map(drop);
    assert!(home.is_some() && theirs.len() > 50);
    let program = fs::canonicalize(which("keytool")).unwrap();
    let store = program.parent().unwrap().join("../lib/security/cacerts");
    let bytes = fs::read(store).unwrap();
    for passphrase in [Some(Passphrase::new("changeit")), None] {
        let read = Container::jks(&bytes, passphrase.as_ref())
            .or_else(|_| Container::pkcs12(&bytes, passphrase.as_ref()))
            .unwrap();
        let (found, _) = ours(&read.objects, None);
        assert_eq!(found.certificates, theirs);
    }
}

fn which(program: &str) -> std::path::PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let mut places = std::env::split_paths(&path).map(|place| place.join(program));
    places.find(|place| place.exists()).unwrap()
}

#[test]
fn everything_that_certtool_writes() {
    if !have("certtool") || !have("openssl") {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let (key, certificate, ca) = (file("server.key"), file("server.crt"), file("ca.crt"));
    let make = |name: &str, more: &[&str]| {
        let path = scratch.path().join(name);
        let out = path.display().to_string();
        let words = [
            &[
                "--to-p12",
                "--load-privkey",
                &key,
                "--load-certificate",
                &certificate,
            ][..],
            &[
                "--load-ca-certificate",
                &ca,
                "--p12-name",
                "x",
                "--outder",
                "--outfile",
                &out,
            ],
            more,
        ];
        assert!(
            run("certtool", &words.concat(), b"").is_some(),
            "certtool {more:?}"
        );
        path
    };
    for cipher in [
        "3des",
        "3des-pkcs12",
        "aes-128",
        "aes-192",
        "aes-256",
        "rc2-40",
        "arcfour",
    ] {
        let path = make(cipher, &["--password", SESAME, "--pkcs-cipher", cipher]);
        compare(&path, SESAME);
    }
    compare(&make("emoji", &["--password", "ä\u{1f511}"]), "ä\u{1f511}");
    // The two encodings of nothing; OpenSSL tries both as well.
    for cipher in ["3des-pkcs12", "aes-128"] {
        for nothing in ["--empty-password", "--null-password"] {
            compare(&make(nothing, &[nothing, "--pkcs-cipher", cipher]), "");
        }
    }
}

#[test]
fn everything_that_pk12util_writes() {
    if !have("pk12util") || !have("certutil") || !have("openssl") {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let place = scratch.path().display().to_string();
    let (database, pin) = (format!("sql:{place}"), format!("{place}/pin"));
    fs::write(&pin, "pw12345678\n").unwrap();
    run("certutil", &["-N", "-d", &database, "-f", &pin], b"").expect("certutil");
    let import = [
        "-i",
        &file("modern.p12"),
        "-d",
        &database,
        "-k",
        &pin,
        "-W",
        SESAME,
    ];
    run("pk12util", &import, b"").expect("pk12util -i");
    let pbe = |rest: &str| format!("PKCS #12 V2 PBE With SHA-1 And {rest}");
    let outdated = [
        "128 Bit RC4",
        "40 Bit RC4",
        "3KEY Triple DES-CBC",
        "128 Bit RC2 CBC",
        "40 Bit RC2 CBC",
    ];
    let ciphers = [
        "AES-128-CBC",
        "AES-192-CBC",
        "AES-256-CBC",
        "CAMELLIA-128-CBC",
        "CAMELLIA-256-CBC",
        "DES-EDE3-CBC",
    ];
    let mut compared = 0;
    for cipher in outdated
        .map(pbe)
        .into_iter()
        .chain(ciphers.map(str::to_owned))
    {
        let path = scratch.path().join(format!("{compared}.p12"));
        let out = path.display().to_string();
        // NSS 3.87 makes a key of such a passphrase as the others do.
        let passphrase = if compared % 2 == 0 {
            SESAME
        } else {
            "pässwörd"
        };
        let words = [
            &["-o", &out, "-n", "Straße", "-d", &database, "-k", &pin][..],
            &[
                "-W", passphrase, "-c", &cipher, "-C", &cipher, "-M", "SHA-384",
            ],
        ];
        run("pk12util", &words.concat(), b"").unwrap_or_else(|| panic!("pk12util {cipher}"));
        compare(&path, passphrase);
        compared += 1;
    }
    assert_eq!(compared, 11);
}
