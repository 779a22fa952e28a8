//! What a machine's stores hold, read once for all that are asked for.

use crate::trust_store::host::HostFacts;
use crate::trust_store::layout;
use crate::trust_store::platform::Platform;
use crate::trust_store::store::{certificates, pem_certificates};
use std::collections::HashSet;

/// A file of certificates, read once for all that are asked for.
pub(super) struct Held<'h> {
    pub(super) platform: Platform,
    pub(super) path: &'h str,
    pub(super) certificates: Vec<Vec<u8>>,
}

pub(super) struct Machine<'h> {
    pub(super) host: &'h HostFacts,
    pub(super) bundles: Vec<Held<'h>>,
    /// `/etc/ssl/certs`: name and certificates of each file.
    pub(super) directory: Vec<(&'h str, Vec<Vec<u8>>)>,
    pub(super) blocked: Vec<(Platform, &'h str, Vec<Vec<u8>>)>,
    pub(super) dropped: Vec<(Platform, &'h str, Vec<Vec<u8>>)>,
}

pub(super) const DIRECTORY: &str = "/etc/ssl/certs";
pub(super) const KEYSTORES: &[&str] = &[
    "/etc/ssl/certs/java/cacerts",
    "/etc/pki/ca-trust/extracted/java/cacerts",
];

impl<'h> Machine<'h> {
    pub(super) fn read(host: &'h HostFacts) -> Self {
        let own = Platform::detect(host);
        let mut bundles = Vec::new();
        let mut seen = HashSet::new();
        for platform in own.iter().chain(Platform::ALL) {
            for path in layout::bundles(*platform) {
                if let Some(bytes) = host.contents(path).filter(|_| seen.insert(*path)) {
                    let certificates = pem_certificates(bytes);
                    bundles.push(Held {
                        platform: *platform,
                        path,
                        certificates,
                    });
                }
            }
        }
        let is_bundle = |path: &str| bundles.iter().any(|bundle| bundle.path == path);
        let directory = host
            .files_in(DIRECTORY)
            .filter(|(path, _)| !is_bundle(path) && !KEYSTORES.contains(path))
            .map(|(path, bytes)| (path, pem_certificates(bytes)))
            .collect();
        let files = |directories: fn(Platform) -> Vec<&'static str>| {
            let mut files = Vec::new();
            if let Some(platform) = own {
                for directory in directories(platform) {
                    for (path, bytes) in host.files_in(directory) {
                        files.push((platform, path, certificates(bytes)));
                    }
                }
            }
            files
        };
        Self {
            host,
            directory,
            blocked: files(|platform| layout::blocklists(platform).to_vec()),
            dropped: files(|platform| layout::directory(platform).into_iter().collect()),
            bundles,
        }
    }
}

/// Whether OpenSSL looks for such a name: eight hexadecimal digits, a dot, a number.
pub(super) fn is_hash_link(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split_once('.').is_some_and(|(hash, number)| {
        hash.len() == 8
            && hash.bytes().all(|b| b.is_ascii_hexdigit())
            && !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
    })
}
