//! Stores in which clients see no certificate.

use super::machine::{KEYSTORES, Machine, is_hash_link};
use crate::encoding::Document;
use crate::finding::{Severity, Subject};
use crate::model::{ContainedKind, Container};
use crate::rule::Finding;
use crate::rule::trust::EmptyStore;
use crate::source::Source;
use crate::trust_store::clients::readers;
use crate::trust_store::environment;
use crate::trust_store::host::HostFacts;
use crate::trust_store::platform::Platform;
use crate::trust_store::store::{certificates, pem_certificates};

/// Who finds nothing in an empty bundle, although hash links lead to certificates next to it.
const OF_THE_BUNDLE: &[&str] = &["curl", "gnutls", "requests"];

/// The contents of a Java keystore.
enum Keystore {
    Holds,
    Nothing { problem: &'static str, unseen: u64 },
}

/// A finding for each store of the machine, and each file that a variable names, in which
/// clients see no certificate; an error if no other store has one.
pub fn empty_stores(host: &HostFacts) -> Vec<Finding> {
    let machine = Machine::read(host);
    let own = Platform::detect(host);
    let linked = machine
        .directory
        .iter()
        .any(|(path, found)| is_hash_link(path) && !found.is_empty());
    let bundles = || {
        let is_own = |platform: Platform| own.is_none_or(|own| own == platform);
        machine.bundles.iter().filter(move |store| {
            is_own(store.platform) && store.platform != Platform::PostgresClient
        })
    };
    let keystores: Vec<_> = KEYSTORES
        .iter()
        .filter_map(|path| Some((*path, keystore(host.contents(path)?))))
        .collect();
    let holds = linked
        || machine
            .bundles
            .iter()
            .any(|store| !store.certificates.is_empty())
        || keystores
            .iter()
            .any(|(_, keystore)| matches!(keystore, Keystore::Holds));
    let severity = if holds {
        Severity::Warning
    } else {
        Severity::Error
    };
    let mut findings = Vec::new();
    let mut found = |path: &str, fact: EmptyStore, severity| {
        findings.push(Finding::new(fact, Subject::file(path)).with_severity(severity));
    };
    for bundle in bundles().filter(|store| store.certificates.is_empty()) {
        let all = if linked {
            OF_THE_BUNDLE
        } else {
            readers(bundle.platform)
        };
        // Java has its own keystore.
        let clients = all.iter().filter(|client| **client != "java");
        let clients = clients.map(|client| (*client).to_owned()).collect();
        let bytes = host.contents(bundle.path).unwrap_or_default();
        found(bundle.path, file(bytes, clients), severity);
    }
    for (path, keystore) in &keystores {
        if let Keystore::Nothing { problem, unseen } = keystore {
            let fact = EmptyStore {
                problem: (*problem).to_owned(),
                unseen: *unseen,
                clients: vec!["java".to_owned()],
            };
            found(path, fact, severity);
        }
    }
    for (name, path) in host.environment() {
        let Some(bytes) = host.contents(path) else {
            continue;
        };
        let is_bundle = bundles().any(|bundle| bundle.path == path);
        if is_bundle || !pem_certificates(bytes).is_empty() {
            continue;
        }
        let mut clients: Vec<String> = environment::readers(name)
            .iter()
            .map(|client| (*client).to_owned())
            .collect();
        if clients.is_empty() {
            clients.push(format!("programs that read {name}"));
        }
        // Programs without that variable read the machine's store.
        found(path, file(bytes, clients), Severity::Warning);
    }
    findings
}

/// A file that clients read as PEM, and in which they see nothing.
fn file(bytes: &[u8], clients: Vec<String>) -> EmptyStore {
    let unseen = certificates(bytes).len();
    let problem = if bytes.is_empty() {
        "nothing"
    } else if unseen > 0 {
        "raw-der"
    } else {
        "no-certificate"
    };
    EmptyStore {
        problem: problem.to_owned(),
        unseen: unseen as u64,
        clients,
    }
}

/// What Java finds; a keystore that cannot be opened may hold something.
fn keystore(bytes: &[u8]) -> Keystore {
    let nothing = |problem, unseen| Keystore::Nothing { problem, unseen };
    if bytes.is_empty() {
        return nothing("nothing", 0);
    }
    let document = Document::read(Source::new("", bytes.to_vec()));
    let [section] = document.sections() else {
        return Keystore::Holds;
    };
    let opened = section
        .der()
        .and_then(|der| Container::open(section.kind(), der, None));
    let Some(Ok(opened)) = opened else {
        return Keystore::Holds;
    };
    let container = opened.container;
    let objects = container.objects.iter();
    let unseen = objects
        .filter(|store| store.kind() == ContainedKind::Certificate)
        .count() as u64;
    let is_unmarked = container
        .protection
        .as_ref()
        .is_some_and(crate::model::Protection::has_no_java_entry);
    if is_unmarked {
        nothing("no-trusted-entry", unseen)
    } else if container.objects.is_empty()
        && container.closed.is_empty()
        && opened.problem.is_none()
    {
        nothing("no-certificate", 0)
    } else {
        Keystore::Holds
    }
}
