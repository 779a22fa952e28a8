//! `authentication mutual-ssl configure`: whose client certificates the gateway accepts.
//!
//! The gateway is Apache httpd (`SSLCACertificateFile`, `SSLCARevocationFile`): what httpd
//! does with such files was measured. Page "tsm authentication": the list may be PEM or DER.

use super::{Beside, FileRole, Judge, Judged, certificates};
use crate::answer::Check;
use crate::cipher::SecurityLevel;
use crate::client::peer::ServerChecks;
use crate::encoding::Form;
use crate::finding::{Code, Severity, Subject};
use crate::model::{Computed, RevocationList};
use crate::objects::Object;
use crate::preflight::as_client::store::ClientCas;
use crate::preflight::revocation::freshness;
use crate::rule::{self, ChainFact, Finding};
use crate::server::settings::ListsFor;
use std::sync::Arc;

const ENDED: &str = "httpd refuses every certificate of this issuer: `CRL has expired (12)`";

/// Measured: httpd 2.4.71 does not start (AH00016).
const BINARY: &str = "Tableau's page accepts a revocation list in DER, and httpd, which is the \
     gateway, does not start with one; certcheck does not know whether Tableau Server converts it";

const WHOLE_FILE: &str = "the lists do not cover every CA of the file: httpd with \
     `SSLCARevocationCheck chain` refuses users, with `leaf` it does not, and certcheck does not \
     know which of them Tableau Server sets";

impl<'d, 'p: 'd> Judge<'d, 'p> {
    pub(super) fn mutual(&mut self) {
        let mut findings = Vec::new();
        if let Some(file) = self.file(FileRole::CaCertificate) {
            let objects = file.opened.objects();
            // PEM, .crt: page "Configure Mutual SSL Authentication".
            let mut encoding = self.encoding(file, Judged::Chain);
            let binary = encoding
                .iter()
                .any(|finding| finding.code() == Code::EncodingDerWherePemExpected);
            // The new file has the right name.
            encoding.retain(|finding| !binary || finding.code() != Code::EncodingFileExtension);
            findings.extend(encoding);
            for (object, certificate) in certificates(&objects) {
                if !certificate.is_ca() {
                    let fact = rule::certificate::NotACa {
                        reason: "basicConstraints does not mark it as a CA certificate".to_owned(),
                    };
                    findings.push(Finding::new(fact, object.subject()));
                }
                findings.extend(self.validity(object, certificate));
            }
        }
        if let Some(file) = self.file(FileRole::RevocationList) {
            findings.extend(self.encoding(file, Judged::Crl));
        }
        let hopeless = self.hopeless("--ca-cert");
        if hopeless.is_none() && self.file(FileRole::User).is_none() && self.is_uncovered() {
            self.checks
                .push(Check::impossible("revocation", WHOLE_FILE));
        }
        findings.extend(self.freshness(hopeless.is_some()));
        findings.extend(hopeless);
        self.findings.extend(findings);
        let binary = self.file(FileRole::RevocationList);
        if binary.is_some_and(|file| file.document.form() == Form::Der) {
            self.checks.push(Check::impossible("revocation", BINARY));
        }
    }

    /// Lists that have expired or expire soon; `said`: a finding already says that they make the
    /// gateway refuse every user.
    pub(super) fn freshness(&self, said: bool) -> Vec<Finding> {
        let Some(file) = self.file(FileRole::RevocationList) else {
            return Vec::new();
        };
        let objects = file.opened.objects();
        let Beside {
            at, expires_within, ..
        } = self.beside;
        let of = |object: &Object<'_>| {
            let fact = freshness(object.crl()?, at, expires_within)?;
            let ended = matches!(fact, ChainFact::RevocationListEnded(_));
            let finding = Finding::new(fact, object.subject());
            if !ended {
                return Some(finding);
            }
            (!said).then(|| finding.with_severity(Severity::Error).because(ENDED))
        };
        objects.iter().filter_map(of).collect()
    }

    /// Whether lists are given, and a CA of the file has none.
    fn is_uncovered(&self) -> bool {
        let (Some(file), Some(list)) = (
            self.file(FileRole::CaCertificate),
            self.file(FileRole::RevocationList),
        ) else {
            return false;
        };
        let cas = ClientCas::of(std::iter::once(file.document));
        let computed = Arc::new(Computed::default());
        let roots = cas.parsed(&computed);
        let objects = list.opened.objects();
        let lists: Vec<RevocationList<'_>> = objects
            .iter()
            .filter_map(|object| object.crl().cloned())
            .collect();
        let at = self.beside.at;
        !lists.is_empty() && cas.closed(&roots, &lists, ListsFor::Chain, at).is_some()
    }

    /// Why the gateway would refuse every client's certificate, if so; `setting` names
    /// the file of CAs.
    pub(super) fn hopeless(&self, setting: &str) -> Option<Finding> {
        let file = self.file(FileRole::CaCertificate)?;
        let cas = ClientCas::of(std::iter::once(file.document));
        let computed = Arc::new(Computed::default());
        let roots = cas.parsed(&computed);
        if roots.is_empty() {
            // The file itself has a finding.
            return None;
        }
        let list = self.file(FileRole::RevocationList);
        let objects = list.map(|list| list.opened.objects()).unwrap_or_default();
        let lists: Vec<RevocationList<'_>> = objects
            .iter()
            .filter_map(|object| object.crl().cloned())
            .collect();
        let which = match list {
            Some(_) if lists.is_empty() => return None,
            Some(_) => ListsFor::Own,
            None => ListsFor::Nothing,
        };
        let checks = ServerChecks {
            level: SecurityLevel::new(2)?,
            depth: None,
        };
        let subject = Subject::file(file.document.source().name());
        if let Some(hopeless) = cas.hopeless(&roots, &lists, which, self.beside.at, checks) {
            let of_list = list.filter(|_| hopeless.says.contains("CRL"));
            let subject =
                of_list.map_or(subject, |list| Subject::file(list.document.source().name()));
            let fact = rule::config::ClientCa {
                setting: setting.to_owned(),
                issued_by: None,
                reason: hopeless.reason,
                says: hopeless.says,
                fix: hopeless.fix.to_owned(),
            };
            return Some(Finding::new(fact, subject));
        }
        let closed = cas.closed(&roots, &lists, which, self.beside.at)?;
        // A root that has CAs below it issues only their certificates.
        let below = roots
            .iter()
            .filter(|root| root.is_ca() && !root.is_self_issued());
        let authorities = below.count().max(1);
        let fact = rule::config::ClientCa {
            setting: setting.to_owned(),
            issued_by: Some(format!("`{}`", closed.issuer)),
            reason: closed.why.reason,
            says: closed.why.says,
            fix: closed.why.fix.to_owned(),
        };
        let finding = Finding::new(fact, subject);
        Some(if closed.others + 1 < authorities {
            finding
                .with_severity(Severity::Warning)
                .because("certificates of the other CAs are accepted")
        } else {
            finding
        })
    }
}
