//! The certificate for LDAP over TLS, which no `tsm` command accepts.
//!
//! Page "Configure Encrypted Channel to LDAP External Identity Store": PEM, .crt, Key
//! Encipherment in its key usage; self-signed certificates are not supported; each node of a
//! cluster has a copy.

use super::{FileRole, Judge, Judged, certificates};
use crate::finding::Severity;
use crate::preflight::certificates::is_self_signed;
use crate::rule::{self, Finding};
use crate::server_name::Wildcards;

/// What has to follow.
pub(super) const EFFECTS: &[&str] = &[
    "Copy the file to every node of Tableau Server, and import it into Tableau Server's own keystore there (`keytool -importcert`, as on the page \"Configure Encrypted Channel to LDAP External Identity Store\"): tsm does not distribute it.",
    "Tableau Server does not check the expiry, the issuer or the revocation of this certificate: note its expiry date yourself.",
];

impl<'d, 'p: 'd> Judge<'d, 'p> {
    pub(super) fn ldaps(&mut self) {
        let Some(file) = self.file(FileRole::Certificate) else {
            // A key in place of the certificate.
            let keys = self.files.iter();
            let found: Vec<Finding> = keys
                .flat_map(|file| self.encoding(file, Judged::Certificates))
                .collect();
            self.findings.extend(found);
            return;
        };
        let objects = file.opened.objects();
        let mut findings = self.encoding(file, Judged::Certificates);
        if let Some((object, certificate)) = certificates(&objects).next() {
            // Tableau Server does not check it, but other clients of the directory do.
            let validity = self.validity(object, certificate);
            findings.extend(validity.map(|finding| {
                finding
                    .with_severity(Severity::Warning)
                    .because("Tableau Server does not check it; other clients of the directory do")
            }));
            if is_self_signed(certificate) && !certificate.is_ca() {
                let fact = rule::chain::SelfSigned {
                    subject: certificate.subject().to_string(),
                    for_ldap: true,
                };
                findings.push(
                    Finding::new(fact, object.subject())
                        .with_severity(Severity::Error)
                        .because("Tableau Server does not support self-signed certificates for LDAP over TLS"),
                );
            }
            // Java's LDAP client compares the names (since 8u181).
            for host in self.beside.hosts {
                if let Err(mismatch) = host.check(certificate, Wildcards::Anywhere) {
                    findings.push(Finding::new(mismatch.fact(), object.subject()));
                }
            }
            let present = certificate.key_usage();
            if let Some(present) = present
                && !present.key_encipherment()
            {
                let fact = rule::certificate::KeyUsage {
                    needed: "keyEncipherment".to_owned(),
                    present: present.names().into_iter().map(str::to_owned).collect(),
                    used_for: "LDAP over TLS, as Tableau's documentation requires".to_owned(),
                    clients: Vec::new(),
                    reason: None,
                };
                findings.push(Finding::new(fact, object.subject()).with_severity(Severity::Error));
            }
        }
        self.findings.extend(findings);
    }
}
