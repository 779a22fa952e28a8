//! Does the server load this key, and does it belong to the certificate?

pub(super) mod mismatch;
mod mode;

use crate::answer::Check;
use crate::cipher::SecurityLevel;
use crate::finding::{Code, Severity};
use crate::key_file::ServiceUser;
use crate::model::{
    Curve, Encryption, KeyAlgorithm, KeyProblem, PrivateKey, PublicKey, order_bits,
};
use crate::objects::{Content, Object, belongs};
use crate::rule::{self, Finding, KeyFact};
use crate::server::security::permits;
use crate::server::{KeyAlgorithmFamily, Loaders, Pairing, Profile};
use crate::shown::article;

/// The certificates of one file, and the private key that goes with them.
pub(super) struct Pair<'o, 'd> {
    /// The certificates of the file, in its order.
    pub(super) certificates: Vec<&'o Object<'d>>,
    /// The place, among these, of the certificate that the key belongs to.
    pub(super) own: Option<usize>,
}

/// The result for the keys: findings, the check, and which certificate belongs to which key.
pub(super) struct Judgement<'o, 'd> {
    pub(super) findings: Vec<Finding>,
    pub(super) check: Check,
    pub(super) pairs: Vec<Pair<'o, 'd>>,
}

/// All findings about the keys of one server.
pub(super) struct Keys<'o, 'd> {
    pub(super) server: &'static Profile,
    /// The certificates, file by file.
    pub(super) certificates: Vec<Vec<&'o Object<'d>>>,
    /// The public key of the first certificate of each file, as the server's
    /// loader reads it, even if that is not DER.
    pub(super) own: Vec<Option<Vec<u8>>>,
    /// The private keys, in the order in which they were given.
    pub(super) keys: Vec<&'o Object<'d>>,
    /// Certificates and keys that were given for something else.
    pub(super) others: Vec<&'o Object<'d>>,
    pub(super) saml: bool,
    /// The security level that the server sets before it loads them, if it does.
    pub(super) level: Option<SecurityLevel>,
    /// The user that runs the server, if that is known.
    pub(super) run_as: Option<&'o ServiceUser>,
}

impl<'o, 'd> Keys<'o, 'd> {
    pub(super) fn judge(self) -> Judgement<'o, 'd> {
        let mut findings: Vec<_> = self.keys.iter().flat_map(|key| self.one(key)).collect();
        let mut owners: Vec<Option<usize>> = vec![None; self.certificates.len()];
        let mut unproven = None;
        for (place, key) in self.keys.iter().enumerate() {
            match &key.content {
                Content::PrivateKey(private)
                    // A key whose parts disagree is its own finding; that it matches nothing would
                    // only repeat it.
                    if private.check().is_err() && !self.signs(private) => {}
                Content::PrivateKey(private) if !private.is_proven() && private.check().is_ok() => {
                    unproven = Some(format!(
                        "the public key cannot be derived from {} {} key in {}",
                        article(&private.algorithm().to_string()),
                        private.algorithm(),
                        key.subject().source
                    ));
                }
                Content::PrivateKey(private) => match self.place_of(place, private) {
                    Some((file, own)) => {
                        if let Some(owner) = owners.get_mut(file) {
                            *owner = Some(own);
                        }
                    }
                    None if self.fits_what_is_read(private) => {
                        unproven = Some(
                            "the key's certificate is not DER, although OpenSSL reads it"
                                .to_owned(),
                        );
                    }
                    None => findings.extend(self.mismatch(place, key, private)),
                },
                Content::ClosedKey(KeyProblem::Encrypted(_)) => {
                    unproven = Some("the key is encrypted, but no passphrase was given".to_owned());
                }
                _ => unproven = Some(format!("{} cannot be read", key.subject().source)),
            }
        }
        let keyless = owners.iter().position(Option::is_none).filter(|_| {
            // The mismatch is reported already.
            findings
                .iter()
                .all(|finding| finding.code() != Code::KeyMismatch)
        });
        if let Some(file) = keyless
            && !self.keys.is_empty()
            && let Some(certificate) = self.certificates.get(file).and_then(|file| file.first())
        {
            let source = certificate.subject().source;
            unproven.get_or_insert(format!("no key was given for the certificate in {source}"));
        }
        let check = match unproven {
            // HAProxy reads the key in the certificate file, otherwise in a file next to it.
            _ if self.keys.is_empty() && self.server.combined_files => Check::impossible(
                "key-match",
                "certcheck found no readable key in the certificate file, where the server expects it: give the file next to it as --key-file",
            ),
            _ if self.keys.is_empty() => Check::not_applicable("key-match", "no key was given"),
            Some(reason) => Check::impossible("key-match", reason),
            None if self.certificates.iter().all(Vec::is_empty) => {
                Check::impossible("key-match", "no certificate could be read")
            }
            None => Check::ran("key-match"),
        };
        let pairs = self
            .certificates
            .into_iter()
            .zip(owners)
            .map(|(certificates, own)| Pair { certificates, own })
            .collect();
        Judgement {
            findings,
            check,
            pairs,
        }
    }

    /// The file and the place in it of the certificate that `key` belongs to.
    fn place_of(&self, place: usize, key: &PrivateKey) -> Option<(usize, usize)> {
        // With as many keys as certificate files the administrator paired them; otherwise one key
        // may be meant for any file.
        let several = self.keys.len() == self.certificates.len();
        let elsewhere = match self.server.pairing {
            Pairing::Any => true,
            Pairing::Position => !several,
            // OpenSSL keeps one key for each kind: an EC key configured with an RSA certificate
            // waits for an EC certificate, and is compared with none here.
            Pairing::Slots => !several || self.is_of_another_kind(place, key),
        };
        self.certificates
            .iter()
            .enumerate()
            .filter(|(file, _)| elsewhere || *file == place)
            .find_map(|(file, certificates)| {
                let own = certificates.iter().position(|object| {
                    object.certificate().is_some_and(|certificate| {
                        let spki = certificate.spki_der();
                        // OpenSSL compares only the public halves (`X509_check_private_key`), and
                        // takes the public half of an RSA key from its file.
                        belongs(key, spki) || (self.signs(key) && claims(key, spki))
                    })
                });
                own.map(|own| (file, own))
            })
    }

    /// Whether the certificate at the key's place has another kind of key.
    fn is_of_another_kind(&self, place: usize, key: &PrivateKey) -> bool {
        let own = self.certificates.get(place).and_then(|file| file.first());
        let algorithm = own
            .and_then(|object| object.certificate())
            .and_then(|then| PublicKey::parse(then.spki_der()).ok())
            .map(|public| KeyAlgorithmFamily::of(public.algorithm()));
        algorithm.is_some_and(|algorithm| algorithm != KeyAlgorithmFamily::of(key.algorithm()))
    }

    /// Whether the server's OpenSSL signs with a key whose parts disagree.
    fn signs(&self, key: &PrivateKey) -> bool {
        key.check().is_err() && self.server.loaders != Loaders::Mainstream && key.openssl_signs()
    }

    fn fits_what_is_read(&self, key: &PrivateKey) -> bool {
        self.own.iter().flatten().any(|spki| belongs(key, spki))
    }

    /// The findings about one key, whatever certificate it belongs to.
    fn one(&self, object: &Object<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let subject = || object.subject();
        if let Some(encryption) = encryption(object) {
            findings.extend(self.encrypted(object, encryption));
        }
        if let Some(key) = object.private_key() {
            findings.extend(self.algorithm(key).map(|fact| {
                let finding = Finding::new(fact, subject());
                // OpenSSL loads it and signs with it (measured: 3.0.19 with a
                // certificate that names the curve, and with one that does not).
                let explicit = *key.algorithm() == KeyAlgorithm::Ec(Curve::Explicit);
                if explicit && self.server.loaders != Loaders::Mainstream {
                    finding.with_severity(Severity::Warning)
                } else if is_of_rare_curve(key) && self.server.sets_openssl() {
                    finding.because(RARE_CURVE)
                } else {
                    finding
                }
            }));
            findings.extend(self.weak(key).map(|fact| {
                let finding = Finding::new(fact, subject());
                let bits = key.bits().map_or(0, u64::from);
                match self.level {
                    Some(level) if permits(level, key.algorithm(), bits) => {
                        finding.with_severity(Severity::Warning).because(PERMITTED)
                    }
                    _ => finding,
                }
            }));
            if *key.algorithm() == KeyAlgorithm::Dsa {
                findings.push(Finding::new(rule::key::DsaUnusable {}, subject()));
            }
        }
        findings.extend(self.mode(object));
        findings
    }

    fn encrypted(&self, object: &Object<'_>, encryption: &Encryption) -> Vec<Finding> {
        let mut findings = Vec::new();
        let scheme = encryption.scheme().to_owned();
        let loads = encryption.openssl3_loads();
        if encryption.is_outdated()
            && !matches!(
                object.content,
                Content::ClosedKey(KeyProblem::NotDecryptable(_))
            )
        {
            let fact = rule::key::LegacyEncryption {
                scheme: scheme.clone(),
                openssl3_loads: loads,
            };
            let severity = if loads {
                Severity::Warning
            } else {
                Severity::Error
            };
            findings.push(Finding::new(fact, object.subject()).with_severity(severity));
        }
        // The passphrase that was given to certcheck opens the key here, but says nothing about the
        // server's start.
        let open = object.private_key().is_some();
        let locked = matches!(object.content, Content::ClosedKey(KeyProblem::Encrypted(_)));
        let rule = self.server.encrypted_key;
        if (locked || (open && rule.asks_at_start)) && loads {
            let fact = rule::key::Encrypted {
                scheme,
                server_can_ask: rule.can_ask,
                consequence: rule.consequence.to_owned(),
                opened: open,
                setting: None,
            };
            let severity = if rule.can_ask {
                Severity::Warning
            } else {
                Severity::Error
            };
            findings.push(Finding::new(fact, object.subject()).with_severity(severity));
        }
        if self.saml {
            findings.push(Finding::new(
                rule::key::PassphraseBlocksSaml { empty: false },
                object.subject(),
            ));
        }
        findings
    }

    fn algorithm(&self, key: &PrivateKey) -> Option<KeyFact> {
        match key.algorithm() {
            KeyAlgorithm::Ec(curve @ (Curve::Other(_) | Curve::Explicit)) => {
                let reason = match curve {
                    Curve::Explicit => {
                        "its curve parameters are spelled out instead of named, which RFC 5480 section 2.1.1 forbids"
                    }
                    _ => "TLS has no name for its curve",
                };
                return Some(KeyFact::Unknown(rule::key::Unknown {
                    algorithm: key.algorithm().to_string(),
                    reason: reason.to_owned(),
                }));
            }
            KeyAlgorithm::Unknown(_) => {
                return Some(KeyFact::Unknown(rule::key::Unknown {
                    algorithm: key.algorithm().to_string(),
                    reason: "no TLS library in use knows the algorithm".to_owned(),
                }));
            }
            KeyAlgorithm::Named(_)
            | KeyAlgorithm::SlhDsa(_)
            | KeyAlgorithm::MlKem512
            | KeyAlgorithm::MlKem768
            | KeyAlgorithm::MlKem1024 => {
                return Some(KeyFact::Unknown(rule::key::Unknown {
                    algorithm: key.algorithm().to_string(),
                    reason: "no TLS library in use proves a server's name with such a key"
                        .to_owned(),
                }));
            }
            _ => {}
        }
        let family = KeyAlgorithmFamily::of(key.algorithm());
        let supported = self.server.keys?;
        (!supported.contains(&family)).then(|| {
            KeyFact::UnsupportedAlgorithm(rule::key::UnsupportedAlgorithm {
                algorithm: key.algorithm().to_string(),
                supported: supported
                    .iter()
                    .map(|family| family.as_str().to_owned())
                    .collect(),
            })
        })
    }

    fn weak(&self, key: &PrivateKey) -> Option<KeyFact> {
        let bits = u64::from(key.bits()?);
        let least = self.server.least_bits(key.algorithm())?;
        (bits < least).then(|| {
            KeyFact::Weak(rule::key::Weak {
                algorithm: key.algorithm().to_string(),
                bits,
                least,
            })
        })
    }
}

/// Whether OpenSSL loads the key, on a curve that is not computed here.
fn is_of_rare_curve(key: &PrivateKey) -> bool {
    let algorithm = key.algorithm();
    matches!(algorithm, KeyAlgorithm::Ec(curve @ Curve::Other(name))
        if name != "SM2" && order_bits(curve).is_some())
}

/// What a key on a rare curve means (measured: nginx 1.22.1, httpd 2.4.71).
const RARE_CURVE: &str = "OpenSSL loads the key where the server's security level permits \
its certificate; no handshake with such a key was measured";

/// What a weak key means at a security level that permits it (measured: nginx 1.22.1
/// at `@SECLEVEL=0` serves RSA-1024).
const PERMITTED: &str = "the server's own security level permits it, and the server loads it; \
     clients at OpenSSL's default level refuse the certificate";

/// Whether the public part that a key claims is this one.
fn claims(key: &PrivateKey, spki: &[u8]) -> bool {
    let public = key.public_key_der().map(PublicKey::parse);
    matches!((public, PublicKey::parse(spki)), (Some(Ok(own)), Ok(other)) if own.same_key(&other))
}

/// How the key is encrypted, if it is.
pub(in crate::preflight) fn encryption<'a>(object: &'a Object<'_>) -> Option<&'a Encryption> {
    match &object.content {
        Content::PrivateKey(key) => key.encryption(),
        Content::ClosedKey(problem) => problem.encryption(),
        _ => None,
    }
}
