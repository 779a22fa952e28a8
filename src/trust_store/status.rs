//! In which stores of a machine a certificate is, and which clients use it there.

mod empty;
mod machine;
mod strays;

pub use empty::empty_stores;
pub use strays::{Stray, strays};

use super::candidate::Candidate;
use super::clients::{self, ClientAnswer};
use super::environment;
use super::host::HostFacts;
use super::nss;
use super::planner::situation_of;
use super::platform::Platform;
use super::role::Role;
use super::store::pem_certificates;
use super::strict;
use super::verdict::Verdict;
use crate::Time;
use crate::finding::Fingerprint;
use crate::model::{Certificate, sha256};
use machine::{DIRECTORY, Held, KEYSTORES, Machine, is_hash_link};
use pki_types::CertificateDer;
use std::collections::HashSet;

/// Whether a store holds a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Holding {
    /// It does, and clients that read the store find it.
    Holds,
    /// It does not.
    Lacks,
    /// It is blocked there, which wins over holding it.
    Blocked,
    /// A file exists, but the platform's tool has not put it into the store: it has not run since,
    /// or skips the file.
    NotTakenUp,
    /// It is in a directory in which some programs (rustls-native-certs 0.8) trust every file, but
    /// OpenSSL does not, since no hash link leads to it.
    Stray,
    /// It cannot be determined from here.
    NotLookedAt {
        /// Why.
        reason: &'static str,
        /// A command that shows it, if there is one.
        argv: Vec<String>,
    },
}

impl Holding {
    /// The name in JSON.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Lacks => "lacks",
            Self::Blocked => "blocked",
            Self::NotTakenUp => "not-taken-up",
            Self::Stray => "stray",
            Self::NotLookedAt { .. } => "not-looked-at",
        }
    }
}

/// One store of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreStatus {
    /// The kind of store.
    pub platform: Platform,
    /// The file or directory.
    pub path: String,
    /// Whether it holds the certificate.
    pub holding: Holding,
    /// Client families that read this store, and how they judge the certificate
    /// if it holds it; empty otherwise.
    pub clients: Vec<ClientAnswer>,
}

/// Where one certificate is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The input that held it.
    pub source: String,
    /// Its place among the input's objects, counted from 0.
    pub index: usize,
    /// SHA-256 of its DER form.
    pub sha256: Fingerprint,
    /// Its subject, safe to print.
    pub subject: String,
    /// What it is.
    pub role: Role,
    /// Every store that was found.
    pub stores: Vec<StoreStatus>,
    /// Whether rustls-native-certs loads it; `None` if it was not asked.
    pub native: Option<bool>,
}

impl Status {
    /// Whether any store holds it.
    pub fn is_held(&self) -> bool {
        self.stores
            .iter()
            .any(|store| store.holding == Holding::Holds)
    }
}

/// Says for each certificate which stores of the machine contain it. `native` is what
/// rustls-native-certs loaded there, if it was asked.
pub fn status(
    given: &[Candidate<'_>],
    host: &HostFacts,
    native: Option<&[CertificateDer<'_>]>,
    at: Time,
) -> Vec<Status> {
    let machine = Machine::read(host);
    let native: Option<HashSet<Fingerprint>> =
        native.map(|anchors| anchors.iter().map(|anchor| sha256(anchor)).collect());
    given
        .iter()
        .map(|candidate| machine.status(candidate, given, native.as_ref(), at))
        .collect()
}

/// What one store holds, for the clients that read it.
struct InStore<'s> {
    platform: Platform,
    path: &'s str,
    certificates: Vec<&'s Vec<u8>>,
}

impl InStore<'_> {
    fn clients(
        &self,
        candidate: &Candidate<'_>,
        role: Role,
        given: &[Candidate<'_>],
        at: Time,
    ) -> Vec<ClientAnswer> {
        let certificate = &candidate.certificate;
        let held = self.certificates.iter();
        let trusted: Vec<_> = held
            .filter_map(|der| Some((Certificate::parse(der).ok()?, self.path)))
            .collect();
        let here = given.iter().filter(|other| {
            let mut held = self.certificates.iter();
            held.any(|held| *held == other.certificate.der())
        });
        let here: Vec<_> = here.cloned().collect();
        let situation = situation_of(certificate, role, &here, &trusted, at);
        let strict = strict::problem(certificate);
        clients::clients(self.platform, situation, strict, &candidate.unfit)
    }
}

/// The clients that read this bundle.
fn clients_of(
    bundle: &Held<'_>,
    candidate: &Candidate<'_>,
    role: Role,
    given: &[Candidate<'_>],
    at: Time,
) -> Vec<ClientAnswer> {
    // The certificate is in the bundle already: p11-kit's refusal of end-entity
    // certificates is no longer a reason.
    let platform = if bundle.platform.wants_ca() {
        Platform::Debian
    } else {
        bundle.platform
    };
    let store = InStore {
        platform,
        path: bundle.path,
        certificates: bundle.certificates.iter().collect(),
    };
    let mut clients = store.clients(candidate, role, given, at);
    // Java and the directory of hash links are checked separately.
    clients.retain(|answer| !matches!(answer.client, "java" | "openssl-capath"));
    clients
}

impl Machine<'_> {
    fn status(
        &self,
        candidate: &Candidate<'_>,
        given: &[Candidate<'_>],
        native: Option<&HashSet<Fingerprint>>,
        at: Time,
    ) -> Status {
        let certificate = &candidate.certificate;
        let role = Role::of(certificate);
        let der = certificate.der();
        let holds = |certificates: &[Vec<u8>]| certificates.iter().any(|held| held == der);
        let mut stores = Vec::new();
        for (platform, path, found) in &self.blocked {
            if holds(found) {
                stores.push(store(*platform, path, Holding::Blocked));
            }
        }
        let mut in_bundle = false;
        for bundle in &self.bundles {
            let held = holds(&bundle.certificates);
            in_bundle |= held;
            let holding = if held { Holding::Holds } else { Holding::Lacks };
            let mut status = store(bundle.platform, bundle.path, holding);
            if held {
                status.clients = clients_of(bundle, candidate, role, given, at);
            }
            stores.push(status);
        }
        for (platform, path, found) in &self.dropped {
            if holds(found) && !in_bundle && !self.bundles.is_empty() {
                stores.push(store(*platform, path, Holding::NotTakenUp));
            }
        }
        stores.extend(self.hash_links(candidate, role, given, in_bundle, at));
        let keystore = |path: &&str| self.keystore(path, candidate, role, at);
        stores.extend(KEYSTORES.iter().filter_map(keystore));
        stores.extend(self.environment(der));
        stores.extend(self.personal(der));
        let sha256 = certificate.sha256();
        Status {
            source: candidate.source.clone(),
            index: candidate.index,
            sha256,
            subject: certificate.subject().to_string(),
            role,
            stores,
            native: native.map(|anchors| anchors.contains(&sha256)),
        }
    }

    /// `/etc/ssl/certs`, where OpenSSL looks for `HASH.NUMBER`, and other programs read all files.
    fn hash_links(
        &self,
        candidate: &Candidate<'_>,
        role: Role,
        given: &[Candidate<'_>],
        in_bundle: bool,
        at: Time,
    ) -> Option<StoreStatus> {
        let der = candidate.certificate.der();
        if !self.host.exists(DIRECTORY) {
            return None;
        }
        let holding: Vec<_> = self
            .directory
            .iter()
            .filter(|(_, certificates)| certificates.iter().any(|held| held == der))
            .collect();
        // A file with several certificates gets no link of its own, and only the first would be
        // read.
        let linked =
            |path: &str, certificates: &[Vec<u8>]| is_hash_link(path) && certificates.len() == 1;
        let link = holding
            .iter()
            .any(|(path, certificates)| linked(path, certificates));
        let mut status = store(Platform::Debian, DIRECTORY, Holding::Lacks);
        if link {
            status.holding = Holding::Holds;
            let links = self.directory.iter();
            let links = links.filter(|(path, certificates)| linked(path, certificates));
            let store = InStore {
                platform: Platform::Debian,
                path: DIRECTORY,
                certificates: links.flat_map(|(_, certificates)| certificates).collect(),
            };
            status.clients = store.clients(candidate, role, given, at);
            status
                .clients
                .retain(|answer| answer.client == "openssl-capath");
        } else if let Some((path, _)) = holding.first().filter(|_| !in_bundle) {
            status.path = (*path).to_owned();
            status.holding = Holding::Stray;
            status.clients = vec![ClientAnswer {
                client: "rustls",
                verdict: Verdict::Accepts,
                reason: "rustls-native-certs reads every file of the directory".into(),
            }];
        }
        Some(status)
    }

    fn keystore(
        &self,
        path: &str,
        candidate: &Candidate<'_>,
        role: Role,
        at: Time,
    ) -> Option<StoreStatus> {
        let der = candidate.certificate.der();
        let bytes = self.host.contents(path)?;
        // JKS and PKCS#12 without a password hold certificates in plain form.
        let found = bytes.windows(der.len()).any(|window| window == der);
        let is_jks = bytes.starts_with(&[0xfe, 0xed, 0xfe, 0xed]);
        let holding = match (found, is_jks) {
            (true, _) => Holding::Holds,
            (false, true) => Holding::Lacks,
            (false, false) => Holding::NotLookedAt {
                reason: "the keystore may be encrypted",
                argv: ["keytool", "-list", "-rfc", "-keystore", path]
                    .map(str::to_owned)
                    .into(),
            },
        };
        let mut status = store(Platform::Java, path, holding);
        if found {
            let own = der.to_vec();
            let store = InStore {
                platform: Platform::Java,
                path,
                certificates: vec![&own],
            };
            let given = std::slice::from_ref(candidate);
            status.clients = store.clients(candidate, role, given, at);
        }
        Some(status)
    }

    /// Files that environment variables name, unless they are checked anyway.
    fn environment(&self, der: &[u8]) -> Vec<StoreStatus> {
        let mut stores: Vec<StoreStatus> = Vec::new();
        for (name, path) in self.host.environment() {
            let looked_at = self.bundles.iter().any(|bundle| bundle.path == path);
            if looked_at || stores.iter().any(|store| store.path == path) {
                continue;
            }
            let holding = match self.host.contents(path) {
                Some(bytes) if pem_certificates(bytes).iter().any(|held| held == der) => {
                    Holding::Holds
                }
                Some(_) => Holding::Lacks,
                None => Holding::NotLookedAt {
                    reason: "an environment variable names it, but it is not a readable file",
                    argv: ["ls", "-l", path].map(str::to_owned).into(),
                },
            };
            let mut status = store(Platform::Env, path, holding);
            if status.holding == Holding::Holds {
                status.clients = environment::readers(name)
                    .iter()
                    .map(|&client| ClientAnswer {
                        client,
                        verdict: Verdict::Undecided,
                        reason: "it reads this file where the variable is set".into(),
                    })
                    .collect();
            }
            stores.push(status);
        }
        stores
    }

    /// The stores of one user.
    fn personal(&self, der: &[u8]) -> Vec<StoreStatus> {
        let mut stores = Vec::new();
        let Some(home) = self.host.home() else {
            return stores;
        };
        let file = format!("{home}/.postgresql/root.crt");
        if let Some(bytes) = self.host.contents(&file) {
            let held = pem_certificates(bytes).iter().any(|held| held == der);
            let holding = if held { Holding::Holds } else { Holding::Lacks };
            stores.push(store(Platform::PostgresClient, &file, holding));
        }
        for database in nss::found(self.host, home) {
            let argv = ["certutil", "-L", "-d", &format!("sql:{database}")].map(str::to_owned);
            let holding = Holding::NotLookedAt {
                reason: "it is a database",
                argv: argv.into(),
            };
            stores.push(store(Platform::Nss, &database, holding));
        }
        stores
    }
}

fn store(platform: Platform, path: &str, holding: Holding) -> StoreStatus {
    StoreStatus {
        platform,
        path: path.to_owned(),
        holding,
        clients: Vec::new(),
    }
}
