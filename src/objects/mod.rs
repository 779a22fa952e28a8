//! The inputs as objects of the model, each with its place, and what went
//! wrong on the way.

use crate::encoding::convert::{Conversion, Target};
use crate::encoding::{Anomaly, Document, Encoding, Form, Section, SectionKind};
use crate::finding::{Part, Severity, Subject};
use crate::key_match;
use crate::model::{
    Certificate, CertificationRequest, ContentType, Integrity, KeyForm, KeyProblem, Malformed,
    PrivateKey, PublicKey, RevocationList,
};
use crate::rule::{self, EncodingFact, Evidence, Finding, KeyFact};
use crate::server::Loaders;

mod known_bad;
pub(crate) mod loading;
mod opened;
mod serials;

pub(crate) use known_bad::Keys;
pub(crate) use opened::{Inside, Opened};
pub(crate) use serials::Serials;

/// One object of an input.
#[derive(Debug)]
pub(crate) struct Object<'d> {
    pub(crate) document: &'d Document,
    pub(crate) section: &'d Section,
    /// Its place among the objects of the file, counted from 0.
    pub(crate) index: usize,
    /// The place of its section, or of its container's, among the file's sections.
    pub(crate) place: usize,
    /// The index of the container that it stands in.
    pub(crate) container: Option<usize>,
    /// The name that the container gives it.
    pub(crate) name: Option<&'d str>,
    /// Whether the reader of the file has said already that it is malformed.
    told: bool,
    pub(crate) content: Content<'d>,
}

/// What an object turned out to be.
#[derive(Debug)]
pub(crate) enum Content<'d> {
    Certificate(Box<Certificate<'d>>),
    PrivateKey(Box<PrivateKey>),
    /// A private key that could not be read.
    ClosedKey(KeyProblem),
    PublicKey(PublicKey<'d>),
    Csr(Box<CertificationRequest<'d>>),
    Crl(Box<RevocationList<'d>>),
    /// A container; its contents are the objects behind it.
    Container(&'d Inside),
    /// Content that is not what its label or its shape promises.
    Malformed(Malformed),
    /// Known by its kind alone, or damaged beyond decoding.
    Other,
}

impl<'d> Object<'d> {
    /// Where it stands, as the subject of a finding.
    pub(crate) fn subject(&self) -> Subject {
        Subject {
            source: self.document.source().name().to_owned(),
            part: self.part(),
            index: self.index,
            lines: self.section.lines(),
        }
    }

    fn part(&self) -> Part {
        match self.section.kind() {
            SectionKind::Certificate | SectionKind::TrustedCertificate => Part::Certificate,
            SectionKind::CertificationRequest => Part::Csr,
            SectionKind::Crl => Part::Crl,
            SectionKind::PublicKey | SectionKind::RsaPublicKey => Part::PublicKey,
            kind if kind.is_private_key() => Part::PrivateKey,
            _ => Part::Section,
        }
    }

    /// Whether it stands where a certificate may have been, and cannot be read.
    pub(crate) fn is_damaged_certificate(&self) -> bool {
        use SectionKind::{Certificate, TrustedCertificate, Unknown};
        let kind = self.section.kind();
        let may_be = matches!(kind, Certificate | TrustedCertificate | Unknown);
        may_be && (matches!(self.content, Content::Malformed(_)) || self.section.der().is_none())
    }

    /// Whether it is labelled a certificate, has content, and is read by nobody here:
    /// a server may send it all the same.
    pub(crate) fn is_lost_certificate(&self) -> bool {
        let labelled = matches!(
            self.section.kind(),
            SectionKind::Certificate | SectionKind::TrustedCertificate
        );
        labelled && matches!(self.content, Content::Malformed(_))
    }

    /// Which certificate it is, and why it is not read.
    fn lost(&self) -> Option<String> {
        let Content::Malformed(malformed) = &self.content else {
            return None;
        };
        let subject = self.subject();
        let lines = subject.lines.map(|lines| format!(":{}", lines.first));
        let lines = lines.unwrap_or_default();
        Some(format!(
            "the certificate in {}{lines} cannot be read here ({})",
            subject.source, malformed.reason
        ))
    }

    pub(crate) fn certificate(&self) -> Option<&Certificate<'d>> {
        match &self.content {
            Content::Certificate(certificate) => Some(certificate),
            _ => None,
        }
    }

    pub(crate) fn crl(&self) -> Option<&RevocationList<'d>> {
        match &self.content {
            Content::Crl(list) => Some(list),
            _ => None,
        }
    }

    pub(crate) fn private_key(&self) -> Option<&PrivateKey> {
        match &self.content {
            Content::PrivateKey(key) => Some(key),
            _ => None,
        }
    }

    /// What is wrong with the object itself, whoever will load it.
    pub(crate) fn problem(&self) -> Option<Finding> {
        match &self.content {
            Content::Malformed(malformed) => self.malformed(malformed),
            // A contradiction within the key comes first: with it nothing else about the key is
            // worth knowing.
            Content::PrivateKey(key) => match key.check() {
                Err(inconsistency) => Some(Finding::new(
                    rule::key::Inconsistent {
                        algorithm: inconsistency.algorithm.to_string(),
                        reason: inconsistency.relation.to_string(),
                    },
                    self.subject(),
                )),
                Ok(()) if key.lacks_primes() => Some(Finding::new(
                    rule::key::Inconsistent {
                        algorithm: key.algorithm().to_string(),
                        reason: "zeros stand in place of its primes, so that OpenSSL loads it and cannot sign with it".to_owned(),
                    },
                    self.subject(),
                )),
                Ok(()) => self.mislabelled(key).or_else(|| self.unusual(key)),
            },
            Content::ClosedKey(problem) => self.closed(problem),
            Content::Container(inside) if inside.integrity == Integrity::Broken => {
                Some(Finding::new(rule::encoding::Integrity {}, self.subject()))
            }
            Content::Container(inside) => match &inside.problem {
                Some(problem) => self.closed(problem),
                None => self.empty(inside),
            },
            _ => None,
        }
    }

    /// It is lost to everybody, so that it is an error for every reader.
    fn malformed(&self, malformed: &Malformed) -> Option<Finding> {
        let fact = rule::encoding::MalformedDer {
            expected: malformed.expected.to_owned(),
            reason: malformed.reason.clone(),
        };
        // Said once: the reader of the file has noted a malformed section already.
        let finding = || Finding::new(fact, self.subject()).with_severity(Severity::Error);
        (!self.told).then(finding)
    }

    /// Whether nothing could be made of its content.
    fn is_malformed(&self) -> bool {
        match &self.content {
            Content::Malformed(_) | Content::ClosedKey(KeyProblem::Malformed(_)) => true,
            Content::Container(inside) => {
                matches!(&inside.problem, Some(KeyProblem::Malformed(_)))
            }
            Content::Other => self.section.kind() == SectionKind::Unknown,
            _ => false,
        }
    }

    /// A key in another form than its label says, seen only once it was
    /// decrypted: what is not encrypted, the reader of the file has seen.
    fn mislabelled(&self, key: &PrivateKey) -> Option<Finding> {
        let differs = key.form() != key.declared_form() && key.encryption().is_some();
        let fact = rule::encoding::MalformedDer {
            expected: format!("{} private key", key.declared_form()),
            reason: format!("it is a {} private key", key.form()),
        };
        (differs && !self.told).then(|| Finding::new(fact, self.subject()))
    }

    /// A key that is sound, and yet not what every program takes.
    fn unusual(&self, key: &PrivateKey) -> Option<Finding> {
        let fact = || {
            KeyFact::LargeExponent(rule::key::LargeExponent {
                algorithm: key.algorithm().to_string(),
            })
        };
        key.has_large_exponent()
            .then(|| Finding::new(fact(), self.subject()))
    }

    /// A container with nothing in it, or that is none. Of a Java keystore the
    /// reader of the file has said what it is.
    fn empty(&self, inside: &Inside) -> Option<Finding> {
        let kind = self.section.kind();
        if !inside.holds_nothing() || kind == SectionKind::Jks {
            return None;
        }
        let words = match inside.content_type {
            Some(content_type) if inside.is_message() => content_type.words().to_owned(),
            Some(ContentType::SignedMessage) => format!(
                "{}, without certificates",
                ContentType::SignedMessage.words()
            ),
            _ => format!("an empty {}", kind.words()),
        };
        let fact = rule::encoding::NothingFound {
            looks_like: Some(words),
        };
        Some(Finding::new(fact, self.subject()))
    }

    /// The programs that cannot open a PKCS#12 file: a warning where one of them is in
    /// general use.
    pub(crate) fn cannot_open(&self) -> Option<Finding> {
        let Content::Container(inside) = &self.content else {
            return None;
        };
        let protection = inside.protection.as_ref()?;
        let those = protection.cannot_open();
        let named = |is_current| -> Vec<String> {
            let those = those
                .iter()
                .filter(|program| program.is_current == is_current);
            those
                .map(|refusal| format!("{}: {}", refusal.program, refusal.reason))
                .collect()
        };
        let severity = match those.first()?.is_current {
            true => Severity::Warning,
            false => Severity::Notice,
        };
        let fact = rule::key::ContainerEncryption {
            ciphers: protection.ciphers.iter().map(ToString::to_string).collect(),
            mac: protection.mac.clone(),
            cannot_use: named(true),
            older: named(false),
        };
        Some(Finding::new(fact, self.subject()).with_severity(severity))
    }

    /// A key that is only locked is for the caller to judge: some servers can
    /// be given the passphrase.
    fn closed(&self, problem: &KeyProblem) -> Option<Finding> {
        let fact = match problem {
            // A locked key is no fault. Whether the server can ask for the passphrase is another
            // question.
            KeyProblem::Encrypted(_) => return None,
            KeyProblem::Malformed(malformed) => return self.malformed(malformed),
            KeyProblem::WrongPassphrase(encryption) => {
                KeyFact::WrongPassphrase(rule::key::WrongPassphrase {
                    scheme: encryption.to_string(),
                })
            }
            KeyProblem::NotDecryptable(encryption) if encryption.is_outdated() => {
                KeyFact::LegacyEncryption(rule::key::LegacyEncryption {
                    scheme: encryption.to_string(),
                    openssl3_loads: encryption.openssl3_loads(),
                })
            }
            KeyProblem::NotDecryptable(encryption) => {
                KeyFact::NotDecrypted(rule::key::NotDecrypted {
                    scheme: encryption.to_string(),
                    openssl3_loads: encryption.openssl3_loads(),
                })
            }
            KeyProblem::TooCostly { encryption, reason } => {
                KeyFact::TooCostly(rule::key::TooCostly {
                    scheme: encryption.to_string(),
                    reason: reason.clone(),
                })
            }
            KeyProblem::TooLarge {
                algorithm,
                bits,
                most,
            } => KeyFact::TooLarge(rule::key::TooLarge {
                algorithm: algorithm.to_string(),
                bits: u64::from(*bits),
                most: u64::from(*most),
            }),
        };
        Some(Finding::new(fact, self.subject()))
    }
}

/// The first certificate among `objects` that cannot be read here, in words.
pub(crate) fn lost<'o, 'd: 'o>(
    objects: impl IntoIterator<Item = &'o Object<'d>>,
) -> Option<String> {
    let mut objects = objects.into_iter();
    objects
        .find(|object| object.is_lost_certificate())
        .and_then(Object::lost)
}

/// Whether the first certificate among `objects`, which is the server's own, is one
/// that cannot be read here.
pub(crate) fn loses_the_first<'o, 'd: 'o>(
    objects: impl IntoIterator<Item = &'o Object<'d>>,
) -> bool {
    let mut objects = objects.into_iter();
    objects
        .find(|object| object.certificate().is_some() || object.is_lost_certificate())
        .is_some_and(Object::is_lost_certificate)
}

/// Those of `objects` that stand in `document`.
pub(crate) fn of_document<'o, 'd>(
    objects: &'o [Object<'d>],
    document: &'o Document,
) -> impl Iterator<Item = &'o Object<'d>> {
    objects
        .iter()
        .filter(move |object| std::ptr::eq(object.document, document))
}

/// The object of a section, of all `objects` of its document in their order.
pub(crate) fn of_section<'o, 'd>(
    objects: &[&'o Object<'d>],
    place: usize,
) -> Option<&'o Object<'d>> {
    let at = objects.partition_point(|object| object.place < place);
    objects
        .get(at)
        .copied()
        .filter(|object| object.place == place)
}

/// Whether a section cannot be read, so that nothing writes the file anew without loss.
fn is_irreparable(document: &Document) -> bool {
    let is_lost =
        |section: &Section| section.encoding() == Encoding::Pem && section.der().is_none();
    document.form() == Form::Pem
        // Only a file with an oddity can be worth repairing, and planning it costs a reading of
        // the whole file.
        && !document.anomalies().is_empty()
        && document.sections().iter().any(is_lost)
        && Conversion::to(Target::Pem).plan(document).is_err()
}

/// Every deviation of a document, as serious as these readers make it.
pub(crate) fn deviations(
    document: &Document,
    objects: &[&Object<'_>],
    loaders: Loaders,
) -> Vec<Finding> {
    let irreparable = is_irreparable(document);
    document
        .anomalies()
        .iter()
        .zip(loaders.hurt_in(document))
        .map(|(anomaly, hurt)| {
            let mut finding = Finding::new(anomaly.fact.clone(), place(document, objects, anomaly));
            // Writing such a file anew would lose a section, so that no remedy may advise it.
            finding.irreparable = irreparable;
            if hurt {
                finding.with_severity(Severity::Error)
            } else {
                finding
            }
        })
        .collect()
}

/// Every deviation of a document, as serious as it is for reading the file
/// here: only what could not be read is an error.
pub(crate) fn losses(document: &Document, objects: &[&Object<'_>]) -> Vec<Finding> {
    let irreparable = is_irreparable(document);
    document
        .anomalies()
        .iter()
        .map(|anomaly| {
            let object = anomaly.section.and_then(|place| of_section(objects, place));
            let mut finding = Finding::new(anomaly.fact.clone(), place(document, objects, anomaly));
            finding.irreparable = irreparable;
            let malformed = matches!(
                anomaly.fact,
                EncodingFact::MalformedDer(rule::encoding::MalformedDer { .. })
            );
            let lost = match object {
                Some(object) => {
                    object.section.der().is_none() || (malformed && object.is_malformed())
                }
                None => malformed,
            };
            if lost {
                finding.with_severity(Severity::Error)
            } else {
                finding
            }
        })
        .collect()
}

/// What an anomaly is about: an object, or the whole file.
pub(crate) fn place(document: &Document, objects: &[&Object<'_>], anomaly: &Anomaly) -> Subject {
    let object = anomaly.section.and_then(|place| of_section(objects, place));
    let whole = || Subject::file(document.source().name());
    let mut subject = object.map_or_else(whole, |object| object.subject());
    // The anomaly's own lines are narrower than those of the object around it.
    subject.lines = anomaly.lines.or(subject.lines);
    subject
}

fn form(kind: SectionKind) -> Option<KeyForm> {
    Some(match kind {
        SectionKind::Pkcs8PrivateKey => KeyForm::Pkcs8,
        SectionKind::EncryptedPkcs8PrivateKey => KeyForm::EncryptedPkcs8,
        SectionKind::RsaPrivateKey => KeyForm::Pkcs1,
        SectionKind::EcPrivateKey => KeyForm::Sec1,
        SectionKind::DsaPrivateKey => KeyForm::TraditionalDsa,
        _ => return None,
    })
}

/// Whether `key` is proven to be the private half of this SubjectPublicKeyInfo.
pub(crate) fn belongs(key: &PrivateKey, spki: &[u8]) -> bool {
    key_match::pair(key, spki) == Ok(key_match::Pair::Proven)
}

/// Whether a finding says that nothing was found in a file whose keystore was
/// read: true of every server, and not of what is in it.
pub(crate) fn is_answered(finding: &Finding, objects: &[Object<'_>]) -> bool {
    let nothing = matches!(
        finding.evidence,
        Evidence::EncodingFact(EncodingFact::NothingFound(
            rule::encoding::NothingFound { .. }
        ))
    );
    nothing
        && objects.iter().any(|object| {
            object.section.kind() == SectionKind::Jks
                && matches!(&object.content, Content::Container(inside) if inside.len() > 0)
        })
}

/// What could not be looked at of the containers among `objects`.
pub(crate) fn unopened(objects: &[Object<'_>]) -> Option<String> {
    objects.iter().find_map(|object| {
        let Content::Container(inside) = &object.content else {
            return None;
        };
        let reason = match (&inside.problem, inside.closed.as_slice()) {
            (Some(KeyProblem::WrongPassphrase(_)), _) => {
                "the passphrase does not open it".to_owned()
            }
            (Some(problem), _) => problem.to_string(),
            (None, [closed, ..]) if inside.integrity == Integrity::Holds => {
                format!("a part of it is not decrypted here ({closed})")
            }
            (None, [closed, ..]) => {
                format!("what is in it is encrypted ({closed}), and no passphrase was given")
            }
            (None, []) => return None,
        };
        Some(format!("{}: {reason}", object.subject().source))
    })
}
