//! The order in which the questions are asked.

use super::certificates::Demands;
use super::chain::{Chain, Presented};
use super::files::{self, Role};
use super::keys::{Keys, Pair};
use super::{ClientVerdict, Preflight, PreflightResult, protocol};
use crate::answer::{Answer, Check};
use crate::client;
use crate::encoding::Document;
use crate::finding::{ChainFact, Finding, Severity};
use crate::objects::{self, Content, Object};
use crate::server::ChainSource;
use crate::server::wire::{File, Files, Place};
use crate::signature;

impl Preflight {
    /// Asks every question that the inputs allow. It cannot fail: what is
    /// wrong is a finding, and what could not be asked is a check that did not run.
    pub fn run(&self) -> Answer<PreflightResult> {
        let read = |document| objects::of(document, self.passphrase.as_ref());
        let certificates: Vec<_> = self.certificate_files.iter().map(read).collect();
        let keys: Vec<_> = self.key_files.iter().map(read).collect();
        let chain = self.chain_file.as_ref().map(read).unwrap_or_default();
        let ca = self.ca_file.as_ref().map(read).unwrap_or_default();

        let mut findings = self.judge_files(&certificates, &keys, &chain, &ca);
        let mut checks = vec![Check::ran("encoding")];

        let judged = self.keys(&certificates, &keys, &chain).judge();
        findings.extend(judged.findings);
        checks.push(judged.check);

        let mut result = PreflightResult {
            server: self.server.name(),
            ..PreflightResult::default()
        };
        let demands = Demands {
            server: self.server,
            at: self.at,
            expires_within: self.expires_within,
            hosts: &self.hosts,
        };
        let mut chain_checks = Vec::new();
        let mut judged_any = false;
        for pair in &judged.pairs {
            let chain = self
                .presented(pair, &chain, &ca)
                .arranged(self.anchors.as_ref(), self.at);
            if let Some(own) = chain.end_entity() {
                judged_any = true;
                findings.extend(demands.end_entity(own));
                findings.extend(chain.findings(&demands));
                findings.extend(self.unsent(pair, &chain));
            }
            result.clients.extend(self.rustls(&chain));
            chain_checks = chain.checks();
            result.presented.extend(
                chain
                    .objects
                    .iter()
                    .filter_map(|o| o.certificate())
                    .map(|c| c.sha256()),
            );
        }
        checks.extend(chain_checks);
        checks.extend(self.own_checks(judged_any));
        if let Some(text) = &self.protocols {
            let (found, protocols) = protocol::judge(text, self.server.dialect);
            findings.extend(found);
            result.protocols = Some(protocols);
        }
        checks.push(match self.protocols {
            Some(_) => Check::ran("protocols"),
            None => Check::not_applicable("protocols", "no --protocols were given"),
        });
        let findings = findings
            .into_iter()
            .map(|finding| self.explained(finding))
            .collect();
        Answer::new(result, findings, checks, self.names())
    }

    /// The inputs in the order of their options.
    fn names(&self) -> impl Iterator<Item = &str> {
        let files = self.certificate_files.iter().chain(&self.key_files);
        files
            .chain(&self.chain_file)
            .chain(&self.ca_file)
            .map(|document| document.source().name())
    }

    fn explained(&self, finding: Finding) -> Finding {
        match self.server.consequence(finding.code()) {
            Some(consequence) if finding.severity > Severity::Notice => {
                finding.because(consequence)
            }
            _ => finding,
        }
    }

    fn judge_files(
        &self,
        certificates: &[Vec<Object<'_>>],
        keys: &[Vec<Object<'_>>],
        chain: &[Object<'_>],
        ca: &[Object<'_>],
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut judge = |document: &Document, objects: &[Object<'_>], role| {
            findings.extend(files::judge(document, objects, role, self.server));
        };
        for (document, objects) in self.certificate_files.iter().zip(certificates) {
            judge(document, objects, Role::Certificates);
        }
        for (document, objects) in self.key_files.iter().zip(keys) {
            judge(document, objects, Role::Key);
        }
        if let Some(document) = &self.chain_file {
            judge(document, chain, Role::Chain);
        }
        if let Some(document) = &self.ca_file {
            judge(document, ca, Role::Ca);
        }
        if let Some(anchors) = &self.anchors {
            for document in anchors.files() {
                judge(document, &objects::of(document, None), Role::Anchors);
            }
        }
        findings
    }

    fn keys<'o, 'd>(
        &'o self,
        certificates: &'o [Vec<Object<'d>>],
        keys: &'o [Vec<Object<'d>>],
        chain: &'o [Object<'d>],
    ) -> Keys<'o, 'd> {
        let is_key = |object: &&Object<'_>| {
            matches!(
                object.content,
                Content::PrivateKey(_) | Content::ClosedKey(_)
            )
        };
        let in_key_files: Vec<_> = keys.iter().flatten().filter(is_key).collect();
        let in_certificate_files: Vec<_> = certificates.iter().flatten().filter(is_key).collect();
        // A key in the certificate file is used where no key file is given
        // (measured: Apache 2.4.71 without SSLCertificateKeyFile).
        let (keys, spare) = if self.key_files.is_empty() {
            (in_certificate_files, Vec::new())
        } else {
            (in_key_files, in_certificate_files)
        };
        Keys {
            server: self.server,
            certificates: certificates
                .iter()
                .map(|file| file.iter().filter(|o| o.certificate().is_some()).collect())
                .collect(),
            keys,
            others: chain.iter().chain(spare).collect(),
            saml: self.saml,
            run_as: self.run_as.as_ref(),
        }
    }

    /// What the server would send for one pair, in its order.
    fn presented<'o, 'd>(
        &self,
        pair: &Pair<'o, 'd>,
        chain: &'o [Object<'d>],
        ca: &'o [Object<'d>],
    ) -> Presented<'o, 'd> {
        let own = &pair.certificates;
        let chain: Vec<_> = chain.iter().filter(|o| o.certificate().is_some()).collect();
        let ca: Vec<_> = ca.iter().filter(|o| o.certificate().is_some()).collect();
        let at = |place: Place| {
            let file = match place.file {
                File::Chain => &chain,
                File::Ca => &ca,
                _ => own,
            };
            file.get(place.index).copied()
        };
        let issued_by = |subject: Place, issuer: Place| {
            let both = at(subject)
                .and_then(|o| o.certificate())
                .zip(at(issuer)?.certificate());
            both.map(|(subject, issuer)| {
                issuer.subject().matches(&subject.issuer())
                    && signature::signed_by(subject, issuer).is_ok()
            })
        };
        let issuance = |subject, issuer| issued_by(subject, issuer).unwrap_or(false);
        let mut files = Files::of(own.len()).with_ca(ca.len());
        if self.chain_file.is_some() {
            files = files.with_chain(chain.len());
        }
        let mut objects: Vec<_> = self
            .server
            .presented(&files, &issuance)
            .into_iter()
            .filter_map(at)
            .collect();
        // What a server leaves out must not hide that its own certificate
        // stands further down in its file.
        if pair.own.is_some_and(|place| place > 0) {
            objects = own.iter().copied().chain(chain).collect();
        }
        let key = pair
            .own
            .and_then(|place| own.get(place))
            .and_then(|object| object.certificate())
            .map(|certificate| certificate.spki_der());
        Presented { objects, key }
    }

    /// The certificates of a file of which the server sends the first alone.
    fn unsent(&self, pair: &Pair<'_, '_>, chain: &Chain<'_, '_>) -> Option<Finding> {
        let first = pair.certificates.first()?;
        let sent = |object: &Object<'_>| chain.objects.iter().any(|it| std::ptr::eq(*it, object));
        let lost = pair
            .certificates
            .iter()
            .filter(|object| !sent(object))
            .count();
        if self.server.chain != ChainSource::FirstOnly || lost == 0 {
            return None;
        }
        let fact = ChainFact::ServerSendsLeafOnly { lost: lost as u64 };
        let fails = self.anchors.is_some() && !chain.is_anchored();
        let severity = if fails {
            Severity::Error
        } else {
            Severity::Warning
        };
        Some(Finding::new(fact, first.subject()).with_severity(severity))
    }

    /// What a rustls client says of the chain, where its trust is known.
    fn rustls(&self, chain: &Chain<'_, '_>) -> Option<ClientVerdict> {
        let anchors = self.anchors.as_ref()?;
        let sent: Vec<_> = chain
            .objects
            .iter()
            .filter_map(|o| o.certificate())
            .map(|c| c.der())
            .collect();
        let verdict = client::rustls(&sent, anchors.certificates(), &self.hosts, self.at);
        Some(ClientVerdict {
            client: "rustls",
            verdict: if verdict.is_ok() {
                "accepts"
            } else {
                "refuses"
            },
            reason: verdict.err().map(|refusal| refusal.error),
            anchors_needed: None,
        })
    }

    /// The checks of the certificate by itself.
    fn own_checks(&self, any: bool) -> Vec<Check> {
        let own = |name| {
            if any {
                Check::ran(name)
            } else {
                Check::impossible(name, "no certificate could be read")
            }
        };
        let names = if self.hosts.is_empty() {
            Check::not_applicable("names", "no --host was given")
        } else {
            own("names")
        };
        vec![own("validity"), names, own("purpose"), own("strength")]
    }
}
