//! What is wrong with an object by itself.

use super::{Content, Inside, Object};
use crate::encoding::SectionKind;
use crate::finding::Severity;
use crate::model::{ContentType, Integrity, KeyProblem, Malformed, PrivateKey};
use crate::rule::{self, Finding, KeyFact};

impl Object<'_> {
    /// What is wrong with the object itself, whatever loads it.
    pub(crate) fn problem(&self) -> Option<Finding> {
        match &self.content {
            Content::Malformed(malformed) => self.malformed(malformed),
            // A contradiction within the key comes first: it makes everything else about the key
            // irrelevant.
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
                        reason: "it has zeros in place of its primes: OpenSSL loads it but cannot sign with it".to_owned(),
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

    /// No reader can use it, so it is an error for every server.
    fn malformed(&self, malformed: &Malformed) -> Option<Finding> {
        let fact = rule::encoding::MalformedDer {
            expected: malformed.expected.to_owned(),
            reason: malformed.reason.clone(),
        };
        // Reported once: the reader of the file has already noted a malformed section.
        let finding = || Finding::new(fact, self.subject()).with_severity(Severity::Error);
        (!self.reported).then(finding)
    }

    /// Whether nothing could be made of its content.
    pub(super) fn is_malformed(&self) -> bool {
        match &self.content {
            Content::Malformed(_) | Content::ClosedKey(KeyProblem::Malformed(_)) => true,
            Content::Container(inside) => {
                matches!(&inside.problem, Some(KeyProblem::Malformed(_)))
            }
            Content::Other => self.section.kind() == SectionKind::Unknown,
            _ => false,
        }
    }

    /// A key in another form than its label says, seen only after decryption: if it is not
    /// encrypted, the reader of the file has reported it.
    fn mislabelled(&self, key: &PrivateKey) -> Option<Finding> {
        let differs = key.form() != key.declared_form() && key.encryption().is_some();
        let fact = rule::encoding::MalformedDer {
            expected: format!("{} private key", key.declared_form()),
            reason: format!("it is a {} private key", key.form()),
        };
        (differs && !self.reported).then(|| Finding::new(fact, self.subject()))
    }

    /// A sound key that some programs do not accept.
    fn unusual(&self, key: &PrivateKey) -> Option<Finding> {
        let fact = || {
            KeyFact::LargeExponent(rule::key::LargeExponent {
                algorithm: key.algorithm().to_string(),
            })
        };
        key.has_large_exponent()
            .then(|| Finding::new(fact(), self.subject()))
    }

    /// A container with nothing in it, or with something else. The reader of the file has already
    /// reported a Java keystore.
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
            wanted: None,
        };
        Some(Finding::new(fact, self.subject()))
    }

    /// The programs that cannot open a PKCS#12 file: a warning if one of them is widely used.
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

    /// The caller judges a key that is only locked: some servers can
    /// be given the passphrase.
    fn closed(&self, problem: &KeyProblem) -> Option<Finding> {
        let fact = match problem {
            // An encrypted key is not a fault. Whether the server can ask for the passphrase is another
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
