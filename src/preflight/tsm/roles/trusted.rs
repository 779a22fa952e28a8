//! Certificates that Tableau Server is to trust: `custom-cert add`, the CA of an external
//! repository, that of an OpenID Connect provider.
//!
//! Page "tsm security", custom-cert: a certificate in valid PEM or DER format.

use super::{FileRole, Judge, Judged, certificates};
use crate::preflight::certificates::is_self_signed;
use crate::rule::{self, Finding};

impl<'d, 'p: 'd> Judge<'d, 'p> {
    pub(super) fn trusted(&mut self) {
        let mut findings = Vec::new();
        for file in &self.files {
            let objects = file.opened.objects();
            findings.extend(self.encoding(file, Judged::Ca));
            for (object, certificate) in certificates(&objects) {
                if !certificate.is_ca() {
                    let reason = if is_self_signed(certificate) {
                        "basicConstraints does not mark it as a CA certificate; it is self-signed, \
                         so Tableau Server would trust it for its own server alone"
                    } else {
                        "basicConstraints does not mark it as a CA certificate; Tableau Server \
                         would trust this certificate alone, until it is renewed"
                    };
                    let fact = rule::certificate::NotACa {
                        reason: reason.to_owned(),
                    };
                    findings.push(Finding::new(fact, object.subject()));
                }
                findings.extend(self.validity(object, certificate));
            }
        }
        self.findings.extend(findings);
        if self.file(FileRole::Key).is_some() {
            self.matches(FileRole::Certificate, FileRole::Key);
        }
    }
}
