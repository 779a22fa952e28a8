//! Does this server read these files as they are?

use super::Preflight;
use super::inputs::Inputs;
use crate::encoding::{Document, Form};
use crate::finding::{Part, Severity, Subject};
use crate::objects::{self, Content, Object, Opened, loading};
use crate::rule::{self, EncodingFact, Evidence, Finding};
use crate::server::{ChainSource, Loaders, Profile};

/// What a file was given as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileRole {
    Certificates,
    Chain,
    Key,
    Ca,
    Anchors,
    Crl,
}

/// The fingerprints of a file's certificates in their order, read or not.
pub(super) fn digests(objects: &[Object<'_>]) -> Vec<crate::finding::Fingerprint> {
    let certificates = objects
        .iter()
        .filter(|object| object.certificate().is_some() || object.is_lost_certificate());
    certificates
        .filter_map(|certificate| certificate.section.der().map(crate::model::sha256))
        .collect()
}

/// The findings about one file: its encoding, and whether it holds what it should.
pub(crate) fn judge(
    document: &Document,
    objects: &[Object<'_>],
    role: FileRole,
    server: &Profile,
) -> Vec<Finding> {
    let mut findings = anomalies(document, objects, role, server);
    findings.extend(contents(document, objects, role, server));
    // A file of the wrong kind is not mended by another name.
    let other_kind = |finding: &Finding| {
        matches!(
            &finding.evidence,
            Evidence::EncodingFact(
                EncodingFact::PrivateKeyInCertificateFile(
                    rule::encoding::PrivateKeyInCertificateFile { instead: true }
                ) | EncodingFact::NothingFound(_)
            )
        ) || is_container(finding)
    };
    if !findings.iter().any(other_kind) {
        findings.extend(extension(document, role, server));
    }
    let problem = |object: &Object<'_>| Some(as_served(object.problem()?, object, server));
    findings.extend(objects.iter().filter_map(problem));
    if role == FileRole::Key {
        findings.extend(objects.iter().filter_map(not_read));
        // The server loads a key from this file, so that an oddity of the encoding did not matter
        // to it.
        let taken = loading::server_key(server, document, objects)
            .is_some_and(|loading| loading.verdict.reason().is_none());
        for finding in findings.iter_mut() {
            if taken && is_encoding(finding) {
                finding.severity = finding.severity.min(Severity::Warning);
            } else if no_key_for(finding) {
                finding.severity = Severity::Error;
            }
        }
    }
    findings
}

/// A key whose parts contradict one another, and with which OpenSSL signs all the
/// same (`PrivateKey::openssl_signs`).
fn as_served(finding: Finding, object: &Object<'_>, server: &Profile) -> Finding {
    let signs = object
        .private_key()
        .is_some_and(|key| key.check().is_err() && key.openssl_signs());
    // `generic` means any server, and some of them do not use OpenSSL.
    if !signs || server.loaders == Loaders::Mainstream {
        return finding;
    }
    finding.with_severity(Severity::Warning).because(
        "this server's OpenSSL loads it and makes valid signatures: it computes again where the parts disagree; Go, GnuTLS and rustls refuse the key",
    )
}

/// A key that OpenSSL does not load because of its PKCS#8: its public key follows it (measured:
/// OpenSSL 3.0.19, nginx 1.22, HAProxy 2.6, httpd 2.4, Node 20), or what surrounds the key is not
/// well formed (measured: OpenSSL 3.0.19, nginx 1.22).
fn not_read(object: &Object<'_>) -> Option<Finding> {
    let Content::PrivateKey(key) = &object.content else {
        return None;
    };
    let reason = if key.carries_public_key() {
        "its public key follows it (OneAsymmetricKey, RFC 5958), and OpenSSL 3.0 does not read such a key"
    } else {
        key.misshapen()?
    };
    let fact = rule::encoding::MalformedDer {
        expected: object.section.kind().words().to_owned(),
        reason: reason.to_owned(),
    };
    Some(Finding::new(fact, object.subject()).with_severity(Severity::Error))
}

/// Whether no server finds a key because of this: OpenSSL looks for the labels it knows, and for
/// the content they promise.
fn no_key_for(finding: &Finding) -> bool {
    match &finding.evidence {
        Evidence::EncodingFact(EncodingFact::UnknownLabel(rule::encoding::UnknownLabel {
            suggestion,
            ..
        })) => suggestion
            .as_deref()
            .is_some_and(|label| label.ends_with("PRIVATE KEY")),
        Evidence::EncodingFact(EncodingFact::MalformedDer(rule::encoding::MalformedDer {
            reason,
            ..
        })) => finding.subject.part == Part::PrivateKey && !reason.starts_with("it is a"),
        _ => false,
    }
}

/// A container in DER: its contents are extracted, and the container itself needs no other name.
fn is_container(finding: &Finding) -> bool {
    matches!(
        &finding.evidence,
        Evidence::EncodingFact(EncodingFact::DerWherePemExpected(fact))
            if rule::encoding::is_container(&fact.kind)
    )
}

fn is_encoding(finding: &Finding) -> bool {
    matches!(finding.evidence, Evidence::EncodingFact(_))
}

fn anomalies(
    document: &Document,
    objects: &[Object<'_>],
    role: FileRole,
    server: &Profile,
) -> Vec<Finding> {
    let all: Vec<_> = objects.iter().collect();
    let mut findings = objects::deviations(document, &all, server.loaders);
    if role == FileRole::Certificates
        && document.form() == Form::Pem
        && let Some(loading) = server.load(document)
    {
        // The server's own loader decides: an anomaly is an error if that loader loses something
        // because of it, and at most a warning otherwise.
        for (finding, blamed) in findings.iter_mut().zip(loading.blamed(document)) {
            finding.severity = if blamed {
                Severity::Error
            } else {
                finding.severity.min(Severity::Warning)
            };
        }
    }
    let asked = role == FileRole::Key || (role == FileRole::Certificates && server.combined_files);
    // A combined file is read twice, once for certificates and once for the key, by two readers
    // with different habits.
    if asked && let Some(loading) = loading::server_key(server, document, objects) {
        let blamed = loading::blamed(document, &loading);
        for (finding, blamed) in findings.iter_mut().zip(blamed) {
            if blamed && (role == FileRole::Key || loading.section.is_some()) {
                finding.severity = Severity::Error;
            } else if role == FileRole::Key && loading.verdict.reason().is_none() {
                finding.severity = finding.severity.min(Severity::Warning);
            }
        }
    }
    if matches!(role, FileRole::Anchors | FileRole::Crl) {
        // A container among the anchors was opened: then it does not matter that it is not PEM.
        findings.retain(|finding| !objects::is_answered(finding, objects));
        // Clients read them, each in its own way; no server does.
        for finding in findings.iter_mut().filter(|finding| !is_fatal(finding)) {
            finding.severity = finding.severity.min(Severity::Warning);
        }
    }
    if document.form() == Form::Der
        && !matches!(role, FileRole::Ca | FileRole::Anchors | FileRole::Crl)
    {
        let reads = role == FileRole::Key && server.reads_der_key;
        let extension = server
            .extension
            .filter(|_| matches!(role, FileRole::Certificates | FileRole::Chain));
        findings.push(der(document, objects.first(), reads, extension));
    }
    findings
}

/// A file is DER where PEM is read; `reads` says whether DER is read too.
pub(crate) fn der(
    document: &Document,
    first: Option<&Object<'_>>,
    reads: bool,
    extension: Option<&str>,
) -> Finding {
    let kind = first.map_or("file", |object| object.section.kind().words());
    let fact = rule::encoding::DerWherePemExpected {
        kind: kind.to_owned(),
        extension: extension.map(str::to_owned),
    };
    let severity = if reads {
        Severity::Warning
    } else {
        Severity::Error
    };
    Finding::new(fact, whole(document)).with_severity(severity)
}

fn contents(
    document: &Document,
    objects: &[Object<'_>],
    role: FileRole,
    server: &Profile,
) -> Vec<Finding> {
    // No server looks into a container; what clients trust was extracted from it.
    let outside = || {
        let seen = |object: &&Object<'_>| {
            object.container.is_none() || matches!(role, FileRole::Anchors | FileRole::Crl)
        };
        objects.iter().filter(seen)
    };
    let certificates: Vec<_> = outside()
        .filter(|object| object.subject().part == Part::Certificate)
        .collect();
    let keys: Vec<_> = outside()
        .filter(|object| object.subject().part == Part::PrivateKey)
        .collect();
    let mut findings = Vec::new();
    match role {
        FileRole::Key if !certificates.is_empty() => {
            let fact = rule::encoding::CertificateInKeyFile {
                certificates: certificates.len() as u64,
                keys: keys.len() as u64,
            };
            findings.push(server.loaders.judge(fact.into(), whole(document)));
        }
        // In a combined file the key belongs with the certificates.
        FileRole::Certificates if server.combined_files && !certificates.is_empty() => {}
        FileRole::Certificates | FileRole::Chain | FileRole::Ca | FileRole::Anchors
            if !keys.is_empty() =>
        {
            // A key instead of certificates stops the server. A key next to them works, but is then
            // in a file that is often copied and world-readable.
            let severity = if certificates.is_empty() {
                Severity::Error
            } else {
                Severity::Warning
            };
            findings.extend(keys.iter().map(|key| {
                Finding::new(
                    rule::encoding::PrivateKeyInCertificateFile {
                        instead: certificates.is_empty(),
                    },
                    key.subject(),
                )
                .with_severity(severity)
            }));
        }
        _ => {}
    }
    let lists: Vec<_> = objects
        .iter()
        .filter(|object| object.subject().part == Part::Crl)
        .collect();
    let wanted = match role {
        FileRole::Key => &keys,
        FileRole::Crl => &lists,
        _ => &certificates,
    };
    // One explanation for a file without a certificate or key is enough.
    let said = findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
        || document
            .anomalies()
            .iter()
            .any(|anomaly| is_nothing(&anomaly.fact));
    if wanted.is_empty() && !said && (document.form() != Form::Der || role == FileRole::Crl) {
        let looks_like = objects
            .first()
            .map(|object| object.section.kind().with_article());
        let wanted = match role {
            FileRole::Key => "private key",
            FileRole::Crl => "revocation list",
            _ => "certificate",
        };
        let wanted = looks_like.as_ref().map(|_| wanted.to_owned());
        findings.push(Finding::new(
            rule::encoding::NothingFound { looks_like, wanted },
            whole(document),
        ));
    }
    findings
}

fn extension(document: &Document, role: FileRole, server: &Profile) -> Option<Finding> {
    let wanted = server
        .extension
        .filter(|_| matches!(role, FileRole::Certificates | FileRole::Chain))?;
    let name = document.source().name();
    // A file on standard input has no name to judge.
    if name == "-" {
        return None;
    }
    let file = name.rsplit('/').next().unwrap_or(name);
    let extension = file
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_owned());
    if extension
        .as_deref()
        .is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
    {
        return None;
    }
    let fact = rule::encoding::FileExtension {
        extension,
        wanted: wanted.to_owned(),
    };
    Some(Finding::new(fact, whole(document)).with_severity(Severity::Error))
}

fn whole(document: &Document) -> Subject {
    Subject::file(document.source().name())
}

/// Whether a finding says that nothing in the file can be used.
fn is_fatal(finding: &Finding) -> bool {
    matches!(&finding.evidence, Evidence::EncodingFact(fact) if is_nothing(fact))
}

fn is_nothing(fact: &EncodingFact) -> bool {
    matches!(
        fact,
        EncodingFact::NothingFound(rule::encoding::NothingFound { .. })
            | EncodingFact::TooLarge(rule::encoding::TooLarge { .. })
    )
}

impl Preflight {
    pub(super) fn judge_files(&self, inputs: &Inputs<'_, '_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut add = |document: &Document, objects: &[Object<'_>], role| {
            findings.extend(judge(document, objects, role, self.server));
        };
        for (document, objects) in self.certificate_files.iter().zip(inputs.certificates) {
            add(document, objects, FileRole::Certificates);
        }
        for (document, objects) in self.key_files.iter().zip(inputs.keys) {
            add(document, objects, FileRole::Key);
        }
        if let Some(document) = &self.chain_file {
            add(document, inputs.chain, FileRole::Chain);
        }
        findings.extend(self.ignored_chain_file());
        findings.extend(self.access_findings());
        for (place, document) in self.ca_files.iter().enumerate() {
            let opened = Opened::new(document, None);
            let objects = opened.objects();
            let judged = judge(document, &objects, FileRole::Ca, self.server);
            findings.extend(self.as_read(place, document, &objects, judged));
        }
        let mut add = |document: &Document, objects: &[Object<'_>], role| {
            findings.extend(judge(document, objects, role, self.server));
        };
        if let Some(anchors) = &self.anchors {
            for document in anchors.files() {
                add(
                    document,
                    &Opened::new(document, None).objects(),
                    FileRole::Anchors,
                );
            }
        }
        for (document, objects) in self.crl_files.iter().zip(inputs.crls) {
            findings.extend(judge(document, objects, FileRole::Crl, self.server));
        }
        self.exchanged(&mut findings);
        findings
    }

    /// A chain file for a server that has no setting for one.
    fn ignored_chain_file(&self) -> Option<Finding> {
        let reason = match self.server.chain {
            ChainSource::WholeFile => {
                "the server has no setting for a chain file: append it to the certificate file"
            }
            ChainSource::FirstOnly => {
                "the server has no setting for a chain file: give the intermediates as its CA file"
            }
            _ => return None,
        };
        let name = self.chain_file.as_ref()?.source().name();
        let fact = rule::config::IgnoredValue {
            setting: "--chain-file".to_owned(),
            value: name.to_owned(),
            reason: reason.to_owned(),
        };
        Some(Finding::new(fact, Subject::file(name)))
    }
}
