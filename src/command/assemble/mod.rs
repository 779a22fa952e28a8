//! The files that a server needs, from whatever the CA sent.
//!
//! All inputs go into one heap: certificates and keys from any encoding and container. From it, one
//! certificate and its key are chosen, and the path above it. A preflight judges the files before
//! they are written: if they are not fit, nothing is made.

mod choose;
mod files;
mod heap;
mod keystore;
mod missing;
mod settings;

pub use super::issuers::{MissingIssuer, NotTheIssuer};
pub use files::{NewFile, Wanted};
pub use keystore::{Keystore, KeystoreKind, NoKeystore, keystore};
pub use missing::missing_issuer;
pub use settings::refused_in_path;

use crate::Time;
use crate::answer::{Answer, Check, Fetched, Verdict};
use crate::client::Client;
use crate::encoding::Document;
use crate::finding::{Code, Part as Kind, Severity, Subject};
use crate::model::{Certificate, Passphrase, Seed};
use crate::preflight::{Preflight, PreflightResult};
use crate::rule::Finding;
use crate::server_name::ServerName;
use crate::source::Source;
use crate::trust_store::Anchors;
use choose::{Chosen, choose};
use files::{Ingredients, make};
use heap::Heap;
use std::sync::Arc;

/// What to write, and from what.
#[derive(Debug)]
#[non_exhaustive]
pub struct Assemble<'d> {
    /// The server that the files are for.
    pub wanted: Wanted,
    /// The inputs.
    pub documents: &'d [Document],
    /// Passphrases that may open them.
    pub passphrases: Vec<Passphrase>,
    /// The passphrase that encrypts the new key; `None`: it is written unencrypted.
    pub key_passphrase: Option<Passphrase>,
    /// The moment of judgement.
    pub at: Time,
    /// The names that clients use: they also decide between certificates.
    pub hosts: Vec<ServerName>,
    /// The clients that decide; if empty, those of a preflight.
    pub clients: Vec<Client>,
    /// What the clients trust.
    pub anchors: Option<Arc<Anchors>>,
    /// The kind of keystore that is written for Java.
    pub keystore: KeystoreKind,
    /// Random numbers, for the encryption of what is written.
    pub seed: Seed,
}

/// What was made.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct AssembleResult {
    /// The server's name, or `java`.
    pub server: &'static str,
    /// The inputs that are in the new files.
    pub used: Vec<Part>,
    /// Those that are not, and why.
    pub left_out: Vec<Part>,
    /// The files, in the order of the server's settings; empty if nothing fit can be made.
    pub files: Vec<NewFile>,
    /// The directory that they were written to; `None` if nothing was written.
    pub directory: Option<String>,
    /// The lines of settings, or the commands to type.
    pub settings: Vec<String>,
    /// What was fetched, and what was not; empty without `--fetch`.
    pub fetched: Vec<Fetched>,
    /// The result of the new files' preflight.
    pub preflight: Option<PreflightResult>,
}

/// A certificate or key of the heap.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Part {
    /// The input that it is in.
    pub source: String,
    /// `certificate` or `private-key`.
    pub kind: &'static str,
    /// Whose certificate it is; the algorithm of a key.
    pub subject: String,
    /// Why it is left out.
    pub why: Option<&'static str>,
}

impl AssembleResult {
    fn add(
        &mut self,
        place: &Subject,
        kind: &'static str,
        subject: String,
        why: Option<&'static str>,
    ) {
        let part = Part {
            source: place.source.clone(),
            kind,
            subject,
            why,
        };
        match why {
            None => self.used.push(part),
            Some(_) => self.left_out.push(part),
        }
    }
}

impl<'d> Assemble<'d> {
    /// What is made from `documents`, at the moment `at`.
    pub fn of(wanted: Wanted, documents: &'d [Document], at: Time) -> Self {
        Self {
            wanted,
            documents,
            passphrases: Vec::new(),
            key_passphrase: None,
            at,
            hosts: Vec::new(),
            clients: Vec::new(),
            anchors: None,
            keystore: KeystoreKind::default(),
            seed: [0; 80],
        }
    }

    /// Makes the files, to be written to `directory`, which the settings call `absolute`; or
    /// says what is missing.
    pub fn make(&self, directory: &str, absolute: &str) -> Answer<AssembleResult> {
        let heap = Heap::of(self.documents, &self.passphrases);
        let mut result = AssembleResult {
            server: self.wanted.name(),
            ..AssembleResult::default()
        };
        let names = || {
            self.documents
                .iter()
                .map(|document| document.source().name())
        };
        let refused =
            |result, findings| Answer::new(result, findings, vec![Check::ran("assemble")], names());
        let parsed = heap.certificates();
        let chosen = match choose(&heap, &parsed, &self.hosts, self.at) {
            Ok(chosen) => chosen,
            Err(mut finding) => {
                if finding.subject.source.is_empty() {
                    let first = names().next().unwrap_or_default();
                    finding.subject = Subject::file(first);
                }
                return refused(result, vec![*finding]);
            }
        };
        let mut best: Option<(usize, Vec<usize>, Attempt)> = None;
        for chain in &chosen.chains {
            let Some(files) = self.files(&heap, &chosen, chain) else {
                continue;
            };
            let answer = self.preflight(&files, directory).run();
            let accept = answer
                .result
                .clients
                .iter()
                .filter(|row| row.decides && row.verdict == crate::client::Verdict::Accepts);
            // A verdict outweighs any number of clients, of which there are fewer than a hundred.
            let passes = usize::from(answer.verdict() == Verdict::Pass) * 1_000;
            let fails = usize::from(answer.verdict() != Verdict::Fail) * 100;
            let score = passes + fails + accept.count();
            // Among equal ones, the first: `choose` puts the shortest chain first.
            if best.as_ref().is_none_or(|(most, ..)| score > *most) {
                best = Some((score, chain.clone(), Attempt { files, answer }));
            }
        }
        let Some((_, chain, attempt)) = best else {
            let open = "the new files cannot be made of this key";
            let checks = vec![Check::impossible("assemble", open)];
            return Answer::new(result, vec![], checks, names());
        };
        parts(&heap, &chosen, &chain, &parsed, &mut result);
        let Attempt { files, answer } = attempt;
        if answer.verdict() == Verdict::Fail {
            let findings = self.because(&chosen, &heap, answer);
            return refused(result, findings);
        }
        let is_closed = self.key_passphrase.is_some();
        result.settings = settings::lines(self.wanted, &files, absolute, is_closed);
        result.files = files;
        let mut checks = vec![Check::ran("assemble")];
        checks.extend(answer.checks);
        if let Some(gap) = chosen.gap.filter(|_| self.anchors.is_none()) {
            // Either the clients have the missing issuer as a root, and the other CA certificate
            // is unrelated; or they have the other one, and an intermediate is missing.
            let reason = format!(
                "`{}` is not among the files, and this chain does not reach the CA certificate that is: give --anchors",
                gap.issuer_name
            );
            checks.push(Check::impossible("chain", reason));
        }
        result.preflight = Some(answer.result);
        Answer::new(result, answer.findings, checks, names())
    }

    fn files(&self, heap: &Heap, chosen: &Chosen, chain: &[usize]) -> Option<Vec<NewFile>> {
        let der = |place: &usize| heap.der(*place);
        make(
            self.wanted,
            &Ingredients {
                key: heap.key(chosen.key)?,
                certificate: heap.der(chosen.certificate)?,
                chain: chain.iter().filter_map(der).collect(),
                key_passphrase: self.key_passphrase.as_ref(),
                seed: &self.seed,
                keystore: self.keystore,
                at: self.at,
            },
        )
    }

    /// The preflight of files in memory.
    pub fn preflight(&self, files: &[NewFile], directory: &str) -> Preflight {
        let mut preflight = Preflight::new(self.wanted.profile(), self.at);
        for host in &self.hosts {
            preflight = preflight.host(host.clone());
        }
        for client in &self.clients {
            preflight = preflight.client(*client);
        }
        if let Some(anchors) = &self.anchors {
            preflight = preflight.anchors(Arc::clone(anchors));
        }
        if let Some(passphrase) = &self.key_passphrase {
            preflight = preflight.passphrase(Passphrase::new(passphrase.secret_bytes()));
        }
        for file in files {
            // The names that the files will have: findings and settings then use the names that the
            // administrator will see.
            let name = format!("{}/{}", directory.trim_end_matches('/'), file.name);
            if let Some(key) = file.judged_key() {
                let source = Source::new(name.as_str(), key.to_vec());
                preflight = preflight.key_file(source);
            }
            let source = Source::new(name, file.judged().to_vec());
            preflight = match file.role {
                files::Role::Certificate => preflight.certificate_file(source),
                files::Role::Key => preflight.key_file(source),
                files::Role::Chain => preflight.chain_file(source),
                files::Role::Authorities => preflight.ca_file(source),
            };
        }
        preflight
    }

    /// Why the files are not fit: what is missing, in terms of the inputs; otherwise what the
    /// preflight found.
    fn because(
        &self,
        chosen: &Chosen,
        heap: &Heap,
        answer: Answer<PreflightResult>,
    ) -> Vec<Finding> {
        let lacks = |finding: &Finding| finding.code() == Code::ChainMissingIntermediate;
        if let Some(gap) = &chosen.gap
            && answer.findings.iter().any(lacks)
        {
            return vec![Finding::new(gap.fact(), heap.subject(chosen.below_gap))];
        }
        let errors = answer.findings.into_iter();
        errors
            .filter(|finding| finding.severity == Severity::Error)
            .map(|mut finding| {
                // The file was not written: the input that it would be made of is named.
                let own = match finding.subject.part {
                    Kind::PrivateKey => heap.key_subject(chosen.key),
                    _ => heap.subject(chosen.certificate),
                };
                finding.subject = Subject {
                    part: finding.subject.part,
                    ..own
                };
                finding
            })
            .collect()
    }
}

fn is_root(certificate: &Certificate<'_>) -> bool {
    certificate.is_ca() && certificate.is_self_issued()
}

/// What is used, and what is left out and why.
fn parts(
    heap: &Heap,
    chosen: &Chosen,
    chain: &[usize],
    parsed: &[Certificate<'_>],
    result: &mut AssembleResult,
) {
    let key = |place: usize| parsed.get(place).map(Certificate::spki_der);
    for (place, (subject, name)) in heap.found().enumerate() {
        let why = if place == chosen.certificate || chain.contains(&place) {
            None
        } else if chosen.roots.contains(&place) {
            Some("servers do not send the root")
        } else if key(place) == key(chosen.certificate) {
            Some("another certificate of this key is used")
        } else if parsed.get(place).is_some_and(is_root) {
            Some("a root that this chain does not reach")
        } else {
            Some("not part of this chain")
        };
        result.add(subject, "certificate", name.to_owned(), why);
    }
    for (place, (subject, key)) in heap.found_keys().enumerate() {
        let why = (place != chosen.key).then_some("belongs to another certificate");
        result.add(subject, "private-key", key.algorithm().to_string(), why);
    }
}

struct Attempt {
    files: Vec<NewFile>,
    answer: Answer<PreflightResult>,
}
