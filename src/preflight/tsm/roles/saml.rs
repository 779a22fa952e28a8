//! `authentication saml configure`: the certificate and key with which Tableau Server signs
//! its requests. No client builds a path, so no chain is needed.
//!
//! Pages "SAML Requirements" (saml_requ.htm) and the article on upgrades to 2021.2: SHA-1 is
//! rejected, RSA keys have 2048 bits or more, curves 256; a key with a passphrase is PKCS#8,
//! for the whole server only. That a site's key must be PKCS#1 is from a public report
//! (2020.1: "Expected private key … to be a PEMKeyPair (unencrypted PEM)").

use super::{FileRole, Judge, Judged, certificates};
use crate::encoding::SectionKind;
use crate::finding::Severity;
use crate::model::{Certificate, KeyAlgorithm, KeyForm, PublicKey};
use crate::objects::Object;
use crate::preflight::keys::encryption;
use crate::preflight::tsm::version::TableauVersion;
use crate::rule::{self, Finding};

/// The first version that rejects weak certificates.
const STRICT: TableauVersion = TableauVersion::new(2021, 2);

const SIGNATURE: &str = "Tableau Server rejects the certificate from 2021.2 on, unless \
     wgserver.saml.blocklisted_digest_algorithms permits SHA-1";

/// Page "SAML Requirements".
const NULL: &str = "its passphrase is empty: Tableau Server does not support a PKCS#8 file with a \
     null password";

const SIZE: &str = "Tableau Server rejects the certificate from 2021.2 on, unless \
     wgserver.saml.min_allowed.rsa_key_size or wgserver.saml.min_allowed.elliptic_curve_size \
     permits it";

impl<'d, 'p: 'd> Judge<'d, 'p> {
    pub(super) fn saml(&mut self, site: bool) {
        let mut findings = Vec::new();
        if let Some(file) = self.file(FileRole::Certificate) {
            let objects = file.opened.objects();
            findings.extend(self.encoding(file, Judged::Certificates));
            if let Some((object, certificate)) = certificates(&objects).next() {
                findings.extend(self.validity(object, certificate));
                findings.extend(self.strength(object, certificate));
            }
        }
        if let Some(file) = self.file(FileRole::Key) {
            let objects = file.opened.objects();
            findings.extend(self.encoding(file, Judged::Key));
            for object in &objects {
                findings.extend(self.protected(object, site));
                findings.extend(form(object, site));
            }
        }
        self.findings.extend(findings);
        self.matches(FileRole::Certificate, FileRole::Key);
    }

    fn severity(&self) -> Severity {
        match self.beside.version {
            Some(version) if version < STRICT => Severity::Warning,
            _ => Severity::Error,
        }
    }

    pub(super) fn strength(
        &self,
        object: &Object<'_>,
        certificate: &Certificate<'_>,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        let algorithm = certificate.signature_algorithm();
        let broken = algorithm
            .signature()
            .hash()
            .is_some_and(|hash| hash.is_broken());
        if broken {
            let fact = rule::certificate::WeakSignature {
                algorithm: algorithm.to_string(),
            };
            let finding = Finding::new(fact, object.subject());
            findings.push(finding.with_severity(self.severity()).because(SIGNATURE));
        }
        let key = PublicKey::parse(certificate.spki_der()).ok();
        if let Some(key) = key
            && let Some(bits) = key.bits().map(u64::from)
        {
            let least = match key.algorithm() {
                KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => 2048,
                KeyAlgorithm::Ec(_) => 256,
                _ => 0,
            };
            if bits < least {
                let fact = rule::certificate::WeakKey {
                    algorithm: key.algorithm().to_string(),
                    bits,
                    least,
                };
                let finding = Finding::new(fact, object.subject());
                findings.push(finding.with_severity(self.severity()).because(SIZE));
            }
        }
        findings
    }

    /// A key with a passphrase.
    fn protected(&self, object: &Object<'_>, site: bool) -> Vec<Finding> {
        let Some(encryption) = encryption(object) else {
            return Vec::new();
        };
        let pkcs8 = object.section.kind() == SectionKind::EncryptedPkcs8PrivateKey;
        let opened = object.private_key().is_some();
        let empty = self.beside.passphrase;
        if opened && empty.is_some_and(|passphrase| passphrase.secret_bytes().is_empty()) {
            let fact = rule::key::PassphraseBlocksSaml { empty: true };
            return vec![Finding::new(fact, object.subject()).because(NULL)];
        }
        if site || !pkcs8 {
            let why = if site {
                "site-specific SAML accepts only a key without a passphrase"
            } else {
                "it is a traditional (PKCS#1) key: Tableau Server decrypts a key for SAML only if \
                 it is PKCS#8"
            };
            let fact = rule::key::PassphraseBlocksSaml { empty: false };
            return vec![Finding::new(fact, object.subject()).because(why)];
        }
        let fact = rule::key::Encrypted {
            scheme: encryption.scheme().to_owned(),
            server_can_ask: true,
            consequence: "Tableau Server needs the passphrase in wgserver.saml.key.passphrase"
                .to_owned(),
            opened,
            setting: Some("wgserver.saml.key.passphrase".to_owned()),
        };
        vec![Finding::new(fact, object.subject()).with_severity(Severity::Notice)]
    }
}

/// The key's structure.
fn form(object: &Object<'_>, site: bool) -> Option<Finding> {
    let key = object.private_key()?;
    let rsa = matches!(key.algorithm(), KeyAlgorithm::Rsa);
    let clear = object.section.kind() == SectionKind::Pkcs8PrivateKey;
    if !rsa && !matches!(key.algorithm(), KeyAlgorithm::Dsa) {
        let fact = rule::key::UnsupportedAlgorithm {
            algorithm: key.algorithm().to_string(),
            supported: vec!["RSA".to_owned(), "DSA".to_owned()],
        };
        return Some(Finding::new(fact, object.subject()));
    }
    let fact = (site && rsa && clear && key.form() == KeyForm::Pkcs8).then(|| rule::key::Form {
        form: "PKCS#8 (PRIVATE KEY)".to_owned(),
        wanted: "PKCS#1 (RSA PRIVATE KEY)".to_owned(),
        reason: "Expected private key … to be a PEMKeyPair (unencrypted PEM)".to_owned(),
        to: "traditional".to_owned(),
    })?;
    Some(Finding::new(fact, object.subject()).with_severity(Severity::Warning))
}
