//! Which keys, certificates and requests belong together.

use crate::answer::{Answer, Check};
use crate::encoding::loader::Loader;
use crate::encoding::{Document, Form};
use crate::finding::{Fingerprint, Severity};
use crate::key_match::{self, Half, MemberRole, Reason};
use crate::known_bad::Blocklist;
use crate::model::{Certificate, Encryption, KeyProblem, Passphrase, PrivateKey};
use crate::objects::{self, Content, Keys, Object, Opened, loading};
use crate::rule::{self, Finding};

/// The groups that belong together, and what belongs to nothing.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Matching {
    /// Objects that share a key, proven.
    pub groups: Vec<Group>,
    /// Objects that share their key with no other.
    pub unmatched: Vec<Member>,
}

/// Objects that share a key.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Group {
    /// SHA-256 of the key's SubjectPublicKeyInfo.
    pub spki_sha256: Fingerprint,
    /// The key's algorithm.
    pub algorithm: String,
    /// The objects, in the order of the inputs.
    pub members: Vec<Member>,
}

/// An object that holds a key, or half of one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// The file as the user named it.
    pub source: String,
    /// The object's place in its file, counted from 0.
    pub index: usize,
    /// `certificate`, `private-key`, `public-key` or `csr`.
    pub kind: &'static str,
}

/// A key that certcheck reads, but OpenSSL does not because of how it is written, is worth a
/// warning: its certificate is useless to a server that cannot load the key.
fn warn_of_unread_key(document: &Document, objects: &[Object<'_>], findings: &mut [Finding]) {
    let is_own = |object: &Object<'_>| std::ptr::eq(object.document, document);
    let start = objects.iter().position(is_own).unwrap_or(objects.len());
    let own = objects.get(start..).unwrap_or_default();
    let end = own
        .iter()
        .position(|object| !is_own(object))
        .unwrap_or(own.len());
    let own = own.get(..end).unwrap_or_default();
    if document.form() != Form::Pem || !own.iter().any(|object| object.private_key().is_some()) {
        return;
    }
    let key = loading::key(Loader::OpenSsl, document, own);
    if key.section.is_none() {
        return;
    }
    for (finding, blamed) in findings.iter_mut().zip(loading::blamed(document, &key)) {
        if blamed && finding.severity < Severity::Warning {
            *finding = finding.clone().with_severity(Severity::Warning).because(
                "OpenSSL does not load this key: nginx, HAProxy, PostgreSQL and Python do not start with it",
            );
        }
    }
}

/// Says which objects of the documents share a key.
///
/// A private key that belongs to nothing is a finding, and so is a request;
/// certificates without a key, such as intermediates, are not.
pub fn matching(documents: &[Document], passphrase: Option<&Passphrase>) -> Answer<Matching> {
    matching_with(documents, passphrase, None)
}

/// The same, but keys that are on the blocklist are also findings.
pub fn matching_with(
    documents: &[Document],
    passphrase: Option<&Passphrase>,
    blocklist: Option<&Blocklist>,
) -> Answer<Matching> {
    let opened: Vec<_> = documents
        .iter()
        .map(|document| Opened::new(document, passphrase))
        .collect();
    let objects: Vec<Object<'_>> = opened.iter().flat_map(Opened::objects).collect();
    let mut findings: Vec<Finding> = documents
        .iter()
        .flat_map(|document| {
            let own: Vec<_> = objects::of_document(&objects, document).collect();
            let mut findings = objects::losses(document, &own);
            warn_of_unread_key(document, &objects, &mut findings);
            findings
        })
        .filter(|finding| !objects::is_answered(finding, &objects))
        .collect();
    findings.extend(objects.iter().filter_map(Object::problem));
    let keys = Keys::of(&objects, blocklist);
    findings.extend(keys.findings());
    let mut check = Check::ran("key-match");
    for object in &objects {
        let Content::ClosedKey(problem) = &object.content else {
            continue;
        };
        check = Check::impossible("key-match", "a key could not be read");
        if let Some(encryption) = problem.encryption() {
            check = Check::impossible("key-match", "a key is encrypted and was not opened");
            // For a container that is itself closed, the check says enough.
            let apart = object
                .container
                .is_none_or(|index| is_open(&objects, object, index));
            if matches!(problem, KeyProblem::Encrypted(_)) && apart {
                findings.push(encrypted(object, encryption));
            }
        }
    }
    let lost = objects::lost(&objects);
    if let Some(reason) = &lost {
        check = Check::impossible("key-match", reason.clone());
    }
    let matches = key_match::group(
        objects
            .iter()
            .enumerate()
            .filter_map(|(place, object)| Some((place, half(object)?))),
    );
    if let Some(reason) = objects::unopened(&objects) {
        check = Check::impossible("key-match", reason);
    }
    let unproven = matches.groups.iter().find(|group| {
        !group.proven
            && group
                .members
                .iter()
                .any(|member| member.role == MemberRole::PrivateKey)
    });
    if let Some(group) = unproven {
        let reason = format!(
            "certcheck derives no public key from a private key of type {}: only its file says that it belongs to the others",
            group.algorithm
        );
        check = Check::impossible("key-match", reason);
    }
    let result = Matching {
        groups: matches
            .groups
            .iter()
            .map(|group| Group {
                spki_sha256: group.key_id,
                algorithm: group.algorithm.to_string(),
                members: group
                    .members
                    .iter()
                    .filter_map(|found| member(objects.get(found.id)?, found.role))
                    .collect(),
            })
            .collect(),
        unmatched: matches
            .unmatched
            .iter()
            .filter_map(|found| member(objects.get(found.id)?, found.role))
            .collect(),
    };
    let partners = matches
        .groups
        .iter()
        .flat_map(|group| &group.members)
        .count()
        + matches
            .unmatched
            .iter()
            .filter(|member| member.role != MemberRole::PrivateKey)
            .count();
    // Every server's certificate has its own key: what is left is a spare one.
    let complete = matches.groups.iter().any(|group| {
        let has = |role| group.members.iter().any(|member| member.role == role);
        has(MemberRole::PrivateKey) && has(MemberRole::Certificate)
    }) && matches.unmatched.iter().all(|alone| {
        let object = objects.get(alone.id);
        let certificate = object.and_then(Object::certificate);
        certificate.is_none_or(Certificate::is_ca)
    });
    let mismatch = |object: &Object<'_>, key_spki, role| {
        if complete && role == MemberRole::PrivateKey {
            let fact = rule::key::Mismatch {
                certificate_spki: None,
                key_spki,
                certificate: None,
                matches: None,
                matches_in: None,
                own_key: None,
                own_key_in: None,
                what: Some(rule::key::SPARE.to_owned()),
            };
            return Finding::new(fact, object.subject());
        }
        let other = objects.iter().find(|object| object.certificate().is_some());
        let fact = rule::key::Mismatch {
            certificate_spki: other
                .and_then(|other| Some(crate::model::sha256(other.certificate()?.spki_der()))),
            key_spki,
            certificate: other.map(|other| other.subject().source),
            matches: None,
            matches_in: None,
            own_key: None,
            own_key_in: None,
            what: (role == MemberRole::Request).then(|| "request".to_owned()),
        };
        Finding::new(fact, object.subject())
    };
    // Two copies of one key are still without a certificate.
    let is_key = |role| role == MemberRole::PrivateKey;
    let keys_alone = matches
        .groups
        .iter()
        .filter(|group| group.members.iter().all(|member| is_key(member.role)))
        .filter_map(|group| group.members.first());
    for member in keys_alone.filter(|_| lost.is_none()) {
        if let Some(object) = objects.get(member.id) {
            let spki = object.private_key().and_then(PrivateKey::spki_sha256);
            findings.push(mismatch(object, spki, member.role));
        }
    }
    // A certificate that cannot be read may be the one that belongs to it.
    let unmatched = matches.unmatched.iter().filter(|_| lost.is_none());
    for lonely in unmatched {
        let Some(object) = objects.get(lonely.id) else {
            continue;
        };
        let wanted = matches!(lonely.role, MemberRole::PrivateKey | MemberRole::Request);
        if wanted && lonely.reason == Reason::NoPartner && (partners > 0 || is_key(lonely.role)) {
            findings.push(mismatch(object, lonely.spki_sha256, lonely.role));
        }
        if lonely.reason == Reason::NoPublicPart {
            check = Check::impossible(
                "key-match",
                "certcheck cannot compute with a key's algorithm",
            );
        }
    }
    if result.groups.is_empty() && result.unmatched.is_empty() && check == Check::ran("key-match") {
        check = Check::impossible(
            "key-match",
            "there is no key, certificate or request to compare",
        );
    }
    let names: Vec<_> = documents
        .iter()
        .map(|document| document.source().name())
        .collect();
    let mut checks = vec![check];
    checks.extend(
        keys.missed()
            .map(|reason| Check::not_asked("shared-primes", reason)),
    );
    Answer::new(result, findings, checks, names)
}

/// Whether nothing is closed in the container at `index` of the object's file.
fn is_open(objects: &[Object<'_>], inside: &Object<'_>, index: usize) -> bool {
    let container = objects
        .iter()
        .find(|object| std::ptr::eq(object.document, inside.document) && object.index == index);
    container.is_some_and(
        |container| matches!(&container.content, Content::Container(inside) if inside.closed.is_empty()),
    )
}

fn half<'o>(object: &'o Object<'_>) -> Option<Half<'o>> {
    Some(match &object.content {
        Content::Certificate(certificate) => Half::Certificate(certificate.spki_der()),
        Content::PrivateKey(key) => Half::Private(key),
        Content::PublicKey(key) => Half::Public(key.der()),
        Content::Csr(csr) => Half::Request(csr.spki_der()),
        _ => return None,
    })
}

fn member(object: &Object<'_>, role: MemberRole) -> Option<Member> {
    Some(Member {
        source: object.subject().source,
        index: object.index,
        kind: role.as_str(),
    })
}

fn encrypted(object: &Object<'_>, encryption: &Encryption) -> Finding {
    let fact = rule::key::Encrypted {
        scheme: encryption.scheme().to_owned(),
        server_can_ask: true,
        consequence: "without it, the key cannot be compared".to_owned(),
        opened: false,
        setting: None,
    };
    Finding::new(fact, object.subject())
}
