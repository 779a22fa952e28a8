//! The trust store of the machine this runs on.
//!
//! This module reads files, the environment (`SSL_CERT_FILE`, `SSL_CERT_DIR`)
//! and, on macOS and Windows, the system's own store. Nothing else in the
//! library does.

use super::host::HostFacts;
use pki_types::CertificateDer;
use pki_types::pem::PemObject;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What the machine's trust store holds, and what went wrong while reading it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct NativeAnchors {
    /// The certificates, sorted by their bytes, each once.
    pub certificates: Vec<CertificateDer<'static>>,
    /// What could not be read, one sentence each, with the path where the
    /// reader knows it. A problem along with certificates means that some are missing.
    pub problems: Vec<String>,
    /// The files and directories where OpenSSL's default store was found, files
    /// first. On Linux and the BSDs the certificates come from here; on macOS
    /// and Windows they come from the system's store, which is not a file, unless
    /// the environment names a place.
    pub places: Vec<String>,
}

/// Reads the machine's trust store.
///
/// Never fails: what cannot be read is named in [`NativeAnchors::problems`],
/// and an empty store is a problem too. The work is bounded by the size of the
/// store (about 300 kB on Debian 12); callers read it once.
///
/// Sections of a bundle that are not certificates are skipped by the reader (rustls-native-certs
/// 0.8) silently, as OpenSSL skips them.
///
/// ```
/// let store = certcheck::trust_store::native::load();
/// for problem in &store.problems {
///     eprintln!("trust store: {problem}");
/// }
/// ```
pub fn load() -> NativeAnchors {
    let read = rustls_native_certs::load_native_certs();
    let probe = openssl_probe::probe();
    let places = probe
        .cert_file
        .iter()
        .chain(&probe.cert_dir)
        .map(|place| place.display().to_string());
    NativeAnchors::new(read.certs, places, read.errors.iter().map(complete))
}

/// The answer of [`load`], from the contents of files already read; `None` if they are incomplete
/// or partly damaged.
///
/// rustls-native-certs 0.8.5 takes the certificates of a bundle and of every file in
/// the directories, those of the environment or those that openssl-probe finds
/// (lib.rs, `load_certs_from_paths_internal`). On macOS and Windows it asks the system.
#[must_use]
pub fn of_files(host: &HostFacts) -> Option<NativeAnchors> {
    if cfg!(any(windows, target_os = "macos", target_os = "ios")) {
        return None;
    }
    // rustls-native-certs lets either variable replace the whole store, so a single one is enough
    // to look nowhere else.
    let named = |variable| std::env::var_os(variable);
    let (file, directories) = (named("SSL_CERT_FILE"), named("SSL_CERT_DIR"));
    let probe = openssl_probe::probe();
    let (file, directories) = if file.is_none() && directories.is_none() {
        (probe.cert_file.clone(), probe.cert_dir.clone())
    } else {
        let split = |dirs: &OsString| std::env::split_paths(dirs).collect();
        let directories: Vec<PathBuf> = directories.as_ref().map(split).unwrap_or_default();
        (file.map(PathBuf::from), directories)
    };
    let mut certificates = Vec::new();
    let mut take = |bytes| {
        // One damaged section makes the answer incomplete: `None`, and the reader that names the
        // problem is asked.
        CertificateDer::pem_slice_iter(bytes)
            .try_for_each(|read| read.map(|read| certificates.push(read)))
            .ok()
    };
    if let Some(file) = &file {
        let linked = || host.contents(real(file)?.to_str()?);
        take(host.contents(file.to_str()?).or_else(linked)?)?;
    }
    for directory in &directories {
        let linked = real(directory).filter(|_| !host.exists(&directory.to_string_lossy()));
        let directory = linked.as_ref().unwrap_or(directory);
        let directory = directory.to_str().filter(|path| !path.is_empty())?;
        if !host.exists(directory) {
            return None;
        }
        for (path, bytes) in host.files_in(directory) {
            // Deeper files belong to another directory.
            if !path.get(directory.len() + 1..)?.contains('/') {
                take(bytes)?;
            }
        }
    }
    let places = probe.cert_file.iter().chain(&probe.cert_dir);
    let places = places.map(|place| place.display().to_string());
    Some(NativeAnchors::new(certificates, places, std::iter::empty()))
}

/// Where the links of a path lead: Debian's /usr/lib/ssl/cert.pem is one to the bundle.
fn real(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok()
}

/// Reads a trust store from a bundle, a directory of PEM files, or both, as
/// [`load`] does when `SSL_CERT_FILE` and `SSL_CERT_DIR` name them. A place that
/// does not exist is a problem, not an empty store.
pub fn load_from(file: Option<&Path>, directory: Option<&Path>) -> NativeAnchors {
    let read = rustls_native_certs::load_certs_from_paths(file, directory);
    let places = file
        .into_iter()
        .chain(directory)
        .map(|place| place.display().to_string());
    NativeAnchors::new(read.certs, places, read.errors.iter().map(complete))
}

impl NativeAnchors {
    fn new(
        mut certificates: Vec<CertificateDer<'static>>,
        places: impl Iterator<Item = String>,
        problems: impl Iterator<Item = String>,
    ) -> Self {
        // macOS and Windows return them in the order of their stores.
        certificates.sort_unstable_by(|a, b| a.as_ref().cmp(b.as_ref()));
        certificates.dedup();
        let mut problems: Vec<_> = problems.collect();
        let mut places: Vec<_> = places.collect();
        let mut seen = std::collections::HashSet::new();
        // openssl-probe names SSL_CERT_DIR a second time if it is a usual place.
        places.retain(|place| seen.insert(place.clone()));
        // An empty store refuses every server. It must not look like a store that was read fully.
        if certificates.is_empty() && problems.is_empty() {
            problems.push("no trust anchors were found".into());
        }
        Self {
            certificates,
            problems,
            places,
        }
    }
}

/// An error with all its causes: the reader's own words leave causes out.
fn complete(error: &rustls_native_certs::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    // Chains of causes are one or two long; eight stops an endless one.
    for _ in 0..8 {
        let Some(inner) = cause else { break };
        let words = inner.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{load, load_from};
    use std::path::Path;

    /// Two bytes of DER in a certificate's PEM section: the reader does not parse.
    const SECTION: &str = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";

    #[test]
    fn what_is_there_is_read_once() {
        let scratch = tempfile::tempdir().unwrap();
        let bundle = scratch.path().join("bundle.pem");
        std::fs::write(&bundle, format!("a comment\n{SECTION}{SECTION}")).unwrap();
        let store = load_from(Some(&bundle), Some(scratch.path()));
        assert_eq!(store.certificates.len(), 1);
        assert_eq!(store.certificates[0].as_ref(), [0x30, 0x00]);
        assert!(store.problems.is_empty(), "{:?}", store.problems);
        let expected = [bundle.as_path(), scratch.path()].map(|p| p.display().to_string());
        assert_eq!(store.places, expected);
    }

    #[test]
    fn no_error_is_swallowed() {
        let missing = load_from(Some(Path::new("/nowhere/ca.pem")), None);
        assert!(missing.certificates.is_empty());
        assert_eq!(missing.problems.len(), 1);
        assert!(
            missing.problems[0].contains("/nowhere/ca.pem"),
            "{missing:?}"
        );

        let scratch = tempfile::tempdir().unwrap();
        let empty = load_from(None, Some(scratch.path()));
        assert_eq!(empty.problems, ["no trust anchors were found"]);

        std::fs::write(
            scratch.path().join("damaged.pem"),
            SECTION.replace("MAA=", "M*A="),
        )
        .unwrap();
        std::fs::write(scratch.path().join("whole.pem"), SECTION).unwrap();
        let half = load_from(None, Some(scratch.path()));
        assert_eq!(half.certificates.len(), 1);
        assert_eq!(half.problems.len(), 1, "{:?}", half.problems);
    }

    /// Every machine answers: with certificates, or with the reason for having none.
    #[test]
    fn this_machine_answers() {
        let store = load();
        assert!(!store.certificates.is_empty() || !store.problems.is_empty());
        assert!(
            store
                .certificates
                .is_sorted_by(|a, b| a.as_ref() < b.as_ref())
        );
        for certificate in &store.certificates {
            assert_eq!(certificate.first(), Some(&0x30));
        }
        for place in &store.places {
            assert!(Path::new(place).exists(), "{place}");
        }
    }
}
