//! What belongs to the machine and to no server: its trust stores, its openssl.cnf, keys
//! in the usual places.

use super::super::exposed::exposed;
use super::Doctor;
use crate::Time;
use crate::encoding::{Document, Form};
use crate::finding::{Code, Fingerprint, Part, Subject};
use crate::model::Certificate;
use crate::objects::{Object, Opened};
use crate::rule::{self, CertificateFact, ConfigFact, Evidence, Finding, TrustFact};
use crate::server::OpensslConf;
use crate::source::Source;
use crate::trust_store::{Candidate, HostFacts, empty_stores, strays};
use crate::validity::Validity;
use std::collections::{HashMap, HashSet};

/// Findings of one kind about one directory that are listed: a store that is completely wrong has a
/// hundred findings.
const SHOWN: usize = 10;

impl Doctor {
    /// The certificates that administrators added to the store: dates, and duplicates.
    pub fn anchors(&mut self, documents: &[Document], at: Time) {
        let mut seen: HashMap<Fingerprint, String> = HashMap::new();
        for document in documents {
            let (candidates, _) = Candidate::all_in(document);
            for candidate in &candidates {
                let certificate = &candidate.certificate;
                let (sha256, subject) = (certificate.sha256(), certificate.subject().to_string());
                if let Validity::Expired { not_after } = Validity::of(certificate, at) {
                    let fact = rule::trust::ExpiredAnchor {
                        sha256,
                        subject: subject.clone(),
                        not_after,
                    };
                    self.findings.push(Finding::new(fact, candidate.subject()));
                }
                if let Some(other) = seen.get(&sha256) {
                    let other = other.clone();
                    let fact = rule::trust::DuplicateAnchor {
                        sha256,
                        subject,
                        other,
                    };
                    self.findings.push(Finding::new(fact, candidate.subject()));
                } else {
                    seen.insert(sha256, candidate.source.clone());
                }
            }
        }
    }

    /// A directory in which OpenSSL looks for anchors: its entries by name, `None` for a link that
    /// leads nowhere. Only certificates of CAs count: servers' own are often kept there.
    pub fn hashed_directory(&mut self, directory: &str, entries: &[(String, Option<Document>)]) {
        let hashed = |name: &str| {
            name.split_once('.').is_some_and(|(hash, number)| {
                hash.len() == 8
                    && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
                    && !number.is_empty()
                    && number.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        // One without links is not a directory of anchors, but a place for bundles (RHEL 9).
        if !entries.iter().any(|(name, _)| hashed(name)) {
            return;
        }
        let mut linked: HashSet<Fingerprint> = HashSet::new();
        for (_, document) in entries.iter().filter(|(name, _)| hashed(name)) {
            let documents = document.iter();
            linked.extend(
                documents.flat_map(|document| digests(document).into_iter().map(|one| one.0)),
            );
        }
        let mut wrong = Vec::new();
        for (name, document) in entries {
            let path = format!("{directory}/{name}");
            let problem = match document {
                None => Some("the link leads nowhere".to_owned()),
                Some(_) if hashed(name) => None,
                Some(document) => unlinked(document, &linked),
            };
            if let Some(problem) = problem {
                let fact = rule::trust::HashLink { problem };
                wrong.push(Finding::new(fact, Subject::file(&path)));
            }
        }
        self.findings.extend(wrong.into_iter().take(SHOWN));
    }

    /// Stores of the machine in which clients find no certificate.
    pub fn empty_stores(&mut self, host: &HostFacts) {
        self.findings.extend(empty_stores(host));
    }

    /// Certificates in OpenSSL's directory that only some programs trust; those that
    /// [`hashed_directory`](Self::hashed_directory) has reported are not reported again.
    pub fn strays(&mut self, host: &HostFacts) {
        let said: HashSet<String> = self
            .findings
            .iter()
            .filter(|finding| {
                matches!(
                    finding.evidence,
                    Evidence::TrustFact(TrustFact::HashLink(_) | TrustFact::StrayAnchor(_))
                )
            })
            .map(|finding| finding.subject.source.clone())
            .collect();
        let new = strays(host)
            .into_iter()
            .filter(|stray| !said.contains(&stray.path));
        // A server's own certificate may be kept there; what matters is a CA's.
        let authorities = new.filter(|stray| stray.is_ca).take(SHOWN);
        let found = authorities.map(|stray| {
            let fact = rule::trust::StrayAnchor {
                sha256: stray.sha256,
                subject: stray.subject,
            };
            Finding::new(fact, Subject::file(&stray.path))
        });
        self.findings.extend(found);
    }

    /// The machine's openssl.cnf, which every program reads.
    pub fn openssl_conf(&mut self, path: &str, conf: &OpensslConf) {
        let mut say = |effect: String, fix: &str, lines| {
            let fact = ConfigFact::OpensslConf(rule::config::OpensslConf {
                effect,
                fix: fix.to_owned(),
            });
            let subject = Subject {
                lines,
                part: Part::File,
                ..Subject::file(path)
            };
            self.findings.push(Finding::new(fact, subject));
        };
        if conf.dropped {
            let effect = "OpenSSL cannot read a line of this file, and ignores the whole file";
            say(effect.to_owned(), "correct the line", None);
        }
        for command in &conf.commands {
            let weak = match command.name.as_str() {
                "CipherString" => ["@SECLEVEL=0", "@SECLEVEL=1"]
                    .iter()
                    .any(|level| command.value.contains(level)),
                "MinProtocol" => {
                    ["None", "SSLv3", "TLSv1", "TLSv1.1"].contains(&command.value.as_str())
                }
                _ => false,
            };
            if weak {
                let effect = format!(
                    "`{} = {}` applies to every program on this machine that does not set its own",
                    command.name, command.value
                );
                let fix = "set it only in the program that needs it";
                say(effect, fix, Some(command.lines));
            }
        }
    }

    /// A file in a place for private keys: whether unrelated users can read it. A file that a
    /// server's settings name was judged with them.
    pub fn key(&mut self, source: Source) {
        let said = |finding: &Finding| {
            finding.code() == Code::KeyFileMode && finding.subject.source == source.name()
        };
        if self.findings.iter().any(said) {
            return;
        }
        let Some(fact) = exposed(&source) else {
            return;
        };
        let name = source.name().to_owned();
        let document = Document::read(source);
        let opened = Opened::new(&document, None);
        if opened.objects().iter().any(Object::is_private_key) {
            self.findings.push(Finding::new(fact, Subject::file(&name)));
        }
    }
}

/// Each certificate of a file, and whether it is a CA's.
fn digests(document: &Document) -> Vec<(Fingerprint, bool)> {
    let (candidates, _) = Candidate::all_in(document);
    let of = |certificate: &Certificate<'_>| (certificate.sha256(), certificate.is_ca());
    candidates.iter().map(|one| of(&one.certificate)).collect()
}

/// Why OpenSSL does not find what is in a file.
fn unlinked(document: &Document, linked: &HashSet<Fingerprint>) -> Option<String> {
    let certificates = digests(document);
    let (first, is_ca) = certificates.first()?;
    if !is_ca {
        return None;
    }
    match (document.form(), certificates.len()) {
        (Form::Der, _) => Some("the file is in DER, and OpenSSL reads PEM here".to_owned()),
        (_, 1) if linked.contains(first) => None,
        (_, 1) => Some("no hash link leads to the file".to_owned()),
        // A bundle of many, for programs that read one file: its parts have their own files.
        (_, count) if certificates.iter().all(|(one, _)| linked.contains(one)) || count > 9 => None,
        (_, count) => Some(format!(
            "the file contains {count} certificates, and OpenSSL looks for one in each file"
        )),
    }
}

/// Whether a finding says nothing that an administrator of this machine would act on, since another
/// finding about the same certificate covers it: here, that a self-signed one is valid for years.
pub(super) fn follows(finding: &Finding, all: &[Finding]) -> bool {
    matches!(
        finding.evidence,
        Evidence::CertificateFact(CertificateFact::Lifetime(_))
    ) && all
        .iter()
        .any(|other| other.code() == Code::ChainSelfSigned && other.subject == finding.subject)
}
