//! The files of an independent gateway other than its own certificate (`gateway.tsig.…`).
//!
//! The gateway is Apache httpd: what httpd does with such files was measured with 2.4.71. Page
//! "Configure TLS on Independent Gateway".

use super::super::command::Hop;
use super::{FileRole, Judge, Judged, certificates};
use crate::answer::Check;
use crate::finding::{Severity, Subject};
use crate::model::{KeyAlgorithm, PrivateKey};
use crate::objects::Object;
use crate::preflight::keys::encryption;
use crate::rule::{self, Finding};
use crate::server::Profile;
use crate::server::authority_file::{Reading, read};

const ASKS: &str = "httpd asks for the passphrase when it starts, and the gateway's service has \
     no terminal: it starts only if `gateway.tsig.ssl.key.passphrase.dialog` names a program that \
     gives it";

const KIND: &str = "Tableau's page demands of the gateway's certificate what external SSL demands, \
     an RSA or DSA key; httpd accepts other keys too, and certcheck does not know whether the \
     gateway does";

const NO_KEY: &str = "the file has no private key, so httpd takes its certificates for a chain and \
     shows none to Tableau Server";

impl<'d, 'p: 'd> Judge<'d, 'p> {
    /// The file that the configuration key `key` names.
    pub(super) fn gateway(&mut self, hop: Hop, key: &str) {
        let Some(file) = self.files.first() else {
            return;
        };
        let objects = file.opened.objects();
        let role = match file.role {
            FileRole::Key => Judged::Key,
            FileRole::RevocationList => Judged::Crl,
            FileRole::Chain => Judged::Chain,
            _ => Judged::Ca,
        };
        let mut findings = match file.role {
            // httpd's own reader already reports everything.
            FileRole::ProxyPair => Vec::new(),
            _ => self.encoding(file, role),
        };
        if file.role == FileRole::Key {
            findings.extend(objects.iter().filter_map(|object| {
                let fact = rule::key::Encrypted {
                    scheme: encryption(object)?.scheme().to_owned(),
                    server_can_ask: false,
                    consequence: ASKS.to_owned(),
                    opened: object.private_key().is_some(),
                    setting: None,
                };
                let finding = Finding::new(fact, object.subject());
                Some(finding.with_severity(Severity::Warning))
            }));
        }
        if file.role == FileRole::Key {
            findings.extend(objects.iter().filter_map(weak));
        }
        if file.role == FileRole::RevocationList {
            findings.extend(self.freshness(false));
        }
        for (object, certificate) in certificates(&objects) {
            findings.extend(self.validity(object, certificate));
            if file.role == FileRole::CaCertificate && !certificate.is_ca() {
                let fact = rule::certificate::NotACa {
                    reason: "basicConstraints does not mark it as a CA certificate".to_owned(),
                };
                findings.push(Finding::new(fact, object.subject()));
            }
        }
        let source = file.document.source();
        let directive = directive(hop, file.role);
        let reading =
            directive.and_then(|name| read("apache", name, source.name(), source.bytes()));
        let other = objects.iter().filter_map(Object::private_key);
        let other = other
            .map(PrivateKey::algorithm)
            .find(|key| !matches!(key, KeyAlgorithm::Rsa | KeyAlgorithm::Dsa));
        let mut open = other.filter(|_| file.role == FileRole::Key).map(|_| KIND);
        match reading {
            Some(Reading::Refused(outcome, message)) => {
                let is_error = |finding: &Finding| finding.severity == Severity::Error;
                if !findings.iter().any(is_error) {
                    let fact = rule::config::Refused {
                        setting: key.to_owned(),
                        message,
                        noticed: outcome.noticed().to_owned(),
                    };
                    findings.push(Finding::new(fact, Subject::file(source.name())));
                }
            }
            Some(Reading::Unsure(reason)) => open = Some(reason),
            Some(Reading::Taken { .. }) | None => {}
        }
        let keyless = || objects.iter().all(|object| object.private_key().is_none());
        if file.role == FileRole::ProxyPair && findings.is_empty() && open.is_none() && keyless() {
            let fact = rule::config::IgnoredValue {
                setting: key.to_owned(),
                value: String::new(),
                reason: NO_KEY.to_owned(),
            };
            findings.push(Finding::new(fact, Subject::file(source.name())));
        }
        self.findings.extend(findings);
        self.checks
            .extend(open.map(|reason| Check::impossible("startup", reason)));
        if self.file(FileRole::CaCertificate).is_some() && hop != Hop::TableauServer {
            self.findings.extend(self.hopeless(key));
        }
    }
}

/// httpd refuses the certificate of such a key (`ee key too small`).
fn weak(object: &Object<'_>) -> Option<Finding> {
    let key = object.private_key()?;
    let bits = u64::from(key.bits()?);
    let apache = Profile::named("apache")?;
    let least = apache.least_bits(key.algorithm())?;
    let fact = (bits < least).then(|| rule::key::Weak {
        algorithm: key.algorithm().to_string(),
        bits,
        least,
    })?;
    Some(Finding::new(fact, object.subject()))
}

/// The httpd directive that names such a file.
fn directive(hop: Hop, role: FileRole) -> Option<&'static str> {
    Some(match (role, hop) {
        (FileRole::CaCertificate, Hop::TableauServer) => "SSLProxyCACertificateFile",
        (FileRole::CaCertificate, _) => "SSLCACertificateFile",
        (FileRole::RevocationList, Hop::TableauServer) => "SSLProxyCARevocationFile",
        (FileRole::RevocationList, _) => "SSLCARevocationFile",
        (FileRole::ProxyPair, _) => "SSLProxyMachineCertificateFile",
        _ => return None,
    })
}
