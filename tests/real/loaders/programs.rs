//! The programs behind the loaders, and what they say of files.

use super::digest;
use certcheck::Source;
use certcheck::encoding::{
    Document,
    loader::{Loader, Loading},
};
use pki_types::pem::PemObject;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

/// What was seen in a file: nothing where it was refused.
pub(crate) type Seen = Option<Vec<String>>;

/// What one loader said of each file.
pub(crate) struct Measured {
    pub(crate) loader: Loader,
    /// How many certificates the program shows of those that it sees.
    pub(crate) most: usize,
    pub(crate) files: BTreeMap<String, Seen>,
}

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs one of tests/loaders and reads its lines; nothing if it is not there.
fn measure(
    program: &str,
    arguments: &[String],
    files: &[String],
) -> Option<BTreeMap<String, Seen>> {
    let output = Command::new(program)
        .args(arguments)
        .args(files)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).unwrap();
    if !output.status.success() && text.is_empty() {
        eprintln!("{program}: {}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    let read = |line: &str| {
        let mut fields = line.split('\t');
        let name = fields.next().unwrap().to_owned();
        let taken = fields.next().unwrap() == "taken";
        let list = fields.next().unwrap();
        let seen = list
            .split(',')
            .filter(|one| !one.is_empty())
            .map(str::to_owned)
            .collect();
        (name, taken.then_some(seen))
    };
    Some(text.lines().map(read).collect())
}

/// What every loader that is installed in a known version says of the files; the
/// others are counted as skipped.
pub(crate) fn certificates(files: &[String]) -> Vec<Measured> {
    let script = |name: &str| {
        let path = root().join("tests/real/loaders").join(name);
        path.to_string_lossy().into_owned()
    };
    let key = root()
        .join("testdata/encoding/base/leaf.key")
        .to_string_lossy()
        .into_owned();
    let all = usize::MAX;
    let programs: [(Loader, &str, Vec<String>, usize); 7] = [
        (Loader::OpenSsl, "python3", vec![script("openssl.py")], all),
        (Loader::GnuTls, "python3", vec![script("gnutls.py")], all),
        (Loader::Python, "python3", vec![script("python.py"), key], 0),
        (Loader::Node, "node", vec![script("node.js")], 1),
        (Loader::Go, "go", vec!["run".into(), script("go.go")], all),
        (Loader::Java, "java", vec![script("Java.java")], all),
        (Loader::Nss, "sh", vec![script("nss.sh")], 1),
    ];
    let mut measured = Vec::new();
    let mut missing = Vec::new();
    for (loader, program, arguments, most) in programs {
        if !crate::loaders_real::here::measured(loader.as_str()) {
            continue;
        }
        match measure(program, &arguments, files) {
            Some(files) => measured.push(Measured {
                loader,
                most,
                files,
            }),
            None => missing.push(loader),
        }
    }
    for loader in &missing {
        self::missing(loader.as_str());
    }
    let files = files.iter().map(|file| (file.clone(), rustls(file)));
    measured.push(Measured {
        loader: Loader::Rustls,
        most: all,
        files: files.collect(),
    });
    measured
}

/// Says that a program is not here; a failure where `CI` is set.
pub(crate) fn missing(what: &str) {
    crate::loaders_real::here::skipped(what, "not installed, or it does not run");
}

/// The call that Rserve makes, on each file.
pub(crate) fn rserve(files: &[String]) -> Option<BTreeMap<String, Seen>> {
    let script = root().join("tests/real/loaders/rserve.py");
    measure("python3", &[script.to_string_lossy().into_owned()], files)
}

/// rustls itself: it parses the first certificate when it is told to use them.
fn rustls(file: &str) -> Seen {
    let bytes = std::fs::read(file).unwrap();
    let all: Result<Vec<_>, _> = pki_types::CertificateDer::pem_slice_iter(&bytes).collect();
    let parses = |der: &[u8]| {
        x509_parser::parse_x509_certificate(der).is_ok_and(|(rest, _)| rest.is_empty())
    };
    let all = all
        .ok()
        .filter(|all| all.first().is_some_and(|first| parses(first)))?;
    Some(all.iter().map(|der| digest(der)).collect())
}

/// What our rule says, as digests; `?` for bytes that are no section of ours,
/// or that the loader reads otherwise than they stand there.
pub(crate) fn rule(loader: Loader, file: &str) -> Seen {
    let document = Document::read(Source::new(file, std::fs::read(file).unwrap()));
    digests(&document, &loader.load(&document))
}

/// What was loaded, as [`rule`] says it.
pub(crate) fn digests(document: &Document, loading: &Loading) -> Seen {
    let digests = loading.certificates.iter().map(|index| {
        let section = index
            .filter(|index| !loading.lost.contains(index))
            .and_then(|index| document.sections().get(index));
        section
            .and_then(|section| section.der())
            .map_or_else(|| "?".to_owned(), digest)
    });
    loading.taken.then(|| digests.collect())
}

/// Whether what the rule says is what the program showed.
pub(crate) fn agree(ours: &Seen, theirs: &Seen, most: usize) -> bool {
    match (ours, theirs) {
        (None, None) => true,
        (Some(ours), Some(theirs)) => {
            let ours = &ours[..ours.len().min(most)];
            let same = |(ours, theirs): (&String, &String)| ours == "?" || ours == theirs;
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(same)
        }
        _ => false,
    }
}
