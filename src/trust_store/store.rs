//! The current contents of a platform's store, from the files that were read.

use super::host::HostFacts;
use super::layout;
use super::location::Location;
use super::platform::Platform;
use crate::encoding::loader::Loader;
use crate::encoding::{Document, Encoding, Section, SectionKind};
use crate::finding::{Fingerprint, Subject};
use crate::model::{Certificate, sha256};
use crate::rule::{self, Finding};
use crate::source::Source;
use pki_types::CertificateDer;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// The certificates of a platform's store, if its files are known.
pub(super) struct Store {
    /// DER forms and the file that holds them.
    certificates: Vec<(Vec<u8>, String)>,
    trusted: HashMap<Fingerprint, String>,
    blocked: HashMap<Fingerprint, String>,
}

/// What the store of a machine holds: DER, and the file that holds it.
fn held(platform: Platform, host: &HostFacts) -> Vec<(CertificateDer<'static>, String)> {
    let Ok(location) = Location::new(platform, None, host) else {
        return Vec::new();
    };
    let store = Store::read(&location);
    store
        .certificates
        .into_iter()
        .map(|(der, path)| (CertificateDer::from(der), path))
        .collect()
}

impl HostFacts {
    /// What the machine's store of that kind holds: DER, and the file that holds it.
    pub fn anchors(&self, platform: Platform) -> Vec<(CertificateDer<'static>, String)> {
        held(platform, self)
    }
}

impl Store {
    pub(super) fn read(location: &Location<'_>) -> Self {
        let mut store = Self {
            certificates: Vec::new(),
            trusted: HashMap::new(),
            blocked: HashMap::new(),
        };
        let bundles = layout::bundles(location.platform).iter();
        let mut files: Vec<(String, &[u8])> = bundles
            .filter_map(|path| Some(((*path).to_owned(), location.host.contents(path)?)))
            .collect();
        if let (Platform::PostgresClient, Some(home)) = (location.platform, location.host.home()) {
            let path = format!("{home}/.postgresql/root.crt");
            files.extend(
                location
                    .host
                    .contents(&path)
                    .map(|bytes| (path.clone(), bytes)),
            );
        }
        if location.platform == Platform::FreeBsd {
            let links = location.host.files_in("/etc/ssl/certs");
            files.extend(links.map(|(path, bytes)| (path.to_owned(), bytes)));
        }
        for (path, bytes) in files {
            for der in pem_certificates(bytes) {
                if let Entry::Vacant(place) = store.trusted.entry(sha256(&der)) {
                    place.insert(path.clone());
                    store.certificates.push((der, path.clone()));
                }
            }
        }
        for directory in layout::blocklists(location.platform) {
            for (path, bytes) in location.host.files_in(directory) {
                for der in certificates(bytes) {
                    store.blocked.insert(sha256(&der), path.to_owned());
                }
            }
        }
        if location.platform == Platform::Debian {
            store.deselected(location);
        }
        store
    }

    /// Adds what was exported from the store on another machine.
    pub(super) fn add(&mut self, exported: &[Document]) {
        for document in exported {
            for der in document.sections().iter().filter_map(der_of) {
                if let Entry::Vacant(place) = self.trusted.entry(sha256(&der)) {
                    let name = document.source().name();
                    place.insert(name.to_owned());
                    self.certificates.push((der, name.to_owned()));
                }
            }
        }
    }

    /// Lines of `/etc/ca-certificates.conf` that begin with `!`: the
    /// administrator has taken a shipped root out of the store.
    fn deselected(&mut self, location: &Location<'_>) {
        const CONF: &str = "/etc/ca-certificates.conf";
        let conf = location.host.contents(CONF).unwrap_or_default();
        for line in String::from_utf8_lossy(conf).lines() {
            let Some(file) = line.strip_prefix('!') else {
                continue;
            };
            let path = format!("/usr/share/ca-certificates/{file}");
            for der in location
                .host
                .contents(&path)
                .map(certificates)
                .unwrap_or_default()
            {
                self.blocked.insert(sha256(&der), CONF.to_owned());
            }
        }
    }

    /// Every certificate that can be parsed, and the file that holds it.
    pub(super) fn parsed(&self) -> Vec<(Certificate<'_>, &str)> {
        self.certificates
            .iter()
            .filter_map(|(der, path)| Some((Certificate::parse(der).ok()?, path.as_str())))
            .collect()
    }

    /// The file through which the store trusts the certificate.
    pub(super) fn trusts(&self, sha256: &Fingerprint) -> Option<&str> {
        self.trusted.get(sha256).map(String::as_str)
    }

    /// The file that blocks the certificate.
    pub(super) fn blocked_by(&self, sha256: &Fingerprint) -> Option<&str> {
        self.blocked.get(sha256).map(String::as_str)
    }

    /// Whether the bundle holds certificates that its tool will not find again.
    pub(super) fn bundle_without_sources(&self, location: &Location<'_>) -> Option<Finding> {
        let directories = layout::sources(location.platform);
        let bundle = layout::bundles(location.platform).first()?;
        if directories.is_empty() || location.host.contents(bundle).is_none() {
            return None;
        }
        let sources: HashSet<Fingerprint> = directories
            .iter()
            .flat_map(|directory| location.host.files_in(directory))
            .flat_map(|(_, bytes)| certificates(bytes))
            .map(|der| sha256(&der))
            .collect();
        let alone =
            |(der, path): &&(Vec<u8>, String)| path == bundle && !sources.contains(&sha256(der));
        let count = self.certificates.iter().filter(alone).count();
        let fact = rule::trust::BundleWithoutSources {
            bundle: (*bundle).to_owned(),
            count: count as u64,
        };
        (count > 0).then(|| Finding::new(fact, Subject::file(*bundle)))
    }
}

/// The DER forms of every certificate in a file of a store. Other and damaged contents do not
/// concern a plan.
pub(super) fn certificates(bytes: &[u8]) -> Vec<Vec<u8>> {
    let document = Document::read(Source::new("", bytes.to_vec()));
    document.sections().iter().filter_map(der_of).collect()
}

/// The same for a file that is read only as PEM, as every bundle, directory of hash links and
/// `SSL_CERT_FILE` is. `update-ca-certificates` 20230311 copies a raw DER file into the bundle as
/// it is; OpenSSL 3.0.19, Python 3.11, GnuTLS 3.7.9 and Go 1.27.3 then do not find that certificate
/// (measured), and with nothing else in the file they refuse it. Where a BEGIN line follows DER
/// without a line's end, as `cat` writes it, they do not find the next one either: what OpenSSL's
/// loader sees is what counts.
pub(super) fn pem_certificates(bytes: &[u8]) -> Vec<Vec<u8>> {
    let document = Document::read(Source::new("", bytes.to_vec()));
    let loading = Loader::OpenSsl.load(&document);
    let sections = document.sections().iter().enumerate();
    let seen = sections.filter(|(index, section)| {
        loading.taken && section.encoding() == Encoding::Pem && !loading.lost.contains(index)
    });
    seen.filter_map(|(_, section)| der_of(section)).collect()
}

fn der_of(section: &Section) -> Option<Vec<u8>> {
    let kinds = [SectionKind::Certificate, SectionKind::TrustedCertificate];
    let der = section.der().filter(|_| kinds.contains(&section.kind()));
    der.map(<[u8]>::to_vec)
}
