//! What other questions found that keeps a server from starting.

use crate::encoding::Document;
use crate::finding::{Code, Severity};
use crate::objects::Object;
use crate::preflight::Preflight;
use crate::preflight::inputs::Inputs;
use crate::rule::Finding;
use crate::server::startup::{Condition, FileState, StartOutcome};
use std::sync::Arc;

impl Preflight {
    /// What other questions found that keeps a server from starting.
    pub(super) fn found_elsewhere(
        &self,
        known: &[Condition],
        inputs: &Inputs<'_, '_>,
        findings: &[Finding],
    ) -> Vec<(StartOutcome, Vec<String>)> {
        let is_of = |objects: &[Vec<Object<'_>>], documents: &[Arc<Document>], source: &str| {
            objects
                .iter()
                .flatten()
                .any(|object| object.document.source().name() == source)
                || documents
                    .iter()
                    .any(|document| document.source().name() == source)
        };
        let stated = self.level_at_load().is_some();
        let mut all = Vec::new();
        for finding in findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
        {
            let code = finding.code();
            let source = finding.subject.source.as_str();
            let of_certificate = is_of(inputs.certificates, &self.certificate_files, source);
            let own = finding.subject.index == 0 && of_certificate;
            let stands_for = match code {
                // Tableau's manual names RSA and DSA, and does not say what tsm does with others.
                Code::KeyUnsupportedAlgorithm if self.server.name() == "tableau" => continue,
                // The loader has already judged the encoding.
                Code::KeyUnsupportedAlgorithm => Condition::Key(FileState::OtherObject),
                // Also checked where each certificate has its key.
                Code::KeyMismatch
                    if self.certificate_files.len()
                        == self.key_documents(inputs.certificates, inputs.keys).len() =>
                {
                    continue;
                }
                Code::KeyMismatch => {
                    let mut both = vec![Condition::KeyMismatch];
                    both.extend(
                        known
                            .iter()
                            .filter(|condition| **condition == Condition::KeyFirst),
                    );
                    let startup = self.server.startup(&both);
                    let says = startup.says.into_iter().map(str::to_owned).collect();
                    all.push((startup.outcome, says));
                    continue;
                }
                // The certificate was already checked at the level that the settings set.
                Code::KeyWeak | Code::CertificateWeakKey if stated => continue,
                Code::KeyWeak => Condition::WeakKey,
                Code::CertificateWeakKey if own => Condition::WeakKey,
                Code::KeyLegacyEncryption if self.server.encrypted_key.can_ask => {
                    Condition::WrongPassphrase
                }
                Code::KeyLegacyEncryption => Condition::KeyEncrypted,
                Code::KeyInconsistent => {
                    all.push((StartOutcome::HandshakeFails, self.said(code)));
                    continue;
                }
                _ => continue,
            };
            // The state of the file is more precise.
            let said = known.iter().any(|condition| {
                std::mem::discriminant(condition) == std::mem::discriminant(&stands_for)
            });
            if !said {
                let outcome = self.server.startup(&[stands_for]).outcome;
                let consequence = self.server.consequence(finding.code());
                all.push((
                    outcome,
                    consequence.map(str::to_owned).into_iter().collect(),
                ));
            }
        }
        all
    }
}
