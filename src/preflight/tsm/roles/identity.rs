//! `-cf` of a service: before 2020.1 the service's own certificate, with which Tableau Server
//! compares what the service sends; since then, the operating system's store decides too.
//!
//! Pages "tsm security" and "Configure Connections with Analytics Extensions": a name in the
//! certificate must be that of the connection. The posts of Tableau's developers on trusted
//! certificates say when the comparison ended.

use super::{FileRole, Judge, Judged, certificates};
use crate::preflight::tsm::command::ServiceConnection;
use crate::preflight::tsm::versions::TRUST_STORE;
use crate::rule::{self, Finding};
use crate::server_name::{ServerName, Wildcards};

impl<'d, 'p: 'd> Judge<'d, 'p> {
    pub(super) fn identity(&mut self, connection: &ServiceConnection) {
        let Some(file) = self.file(FileRole::Peer) else {
            return;
        };
        let objects = file.opened.objects();
        let mut findings = self.encoding(file, Judged::Ca);
        let host = connection.host.as_ref();
        let host: Option<ServerName> = host.and_then(|host| host.value.parse().ok());
        let compared = self
            .beside
            .version
            .is_some_and(|version| version < TRUST_STORE);
        let mut own = None;
        for (object, certificate) in certificates(&objects) {
            findings.extend(self.validity(object, certificate));
            if certificate.is_ca() {
                continue;
            }
            own.get_or_insert((object, certificate));
        }
        if let (Some((object, certificate)), Some(host)) = (own, &host) {
            let has_names = certificate.subject_alt_names().is_some();
            if has_names && let Err(mismatch) = host.check(certificate, Wildcards::Anywhere) {
                findings.push(Finding::new(mismatch.fact(), object.subject()));
            } else if !has_names {
                let common_name = certificate.subject().common_name();
                let fact = rule::certificate::NoSubjectAltName { common_name };
                findings.push(Finding::new(fact, object.subject()));
            }
        }
        if compared
            && own.is_none()
            && let Some((object, _)) = certificates(&objects).next()
        {
            let fact = rule::certificate::CaAsServer {};
            let finding = Finding::new(fact, object.subject());
            findings.push(finding.with_severity(crate::finding::Severity::Error).because(
                "before 2020.1, Tableau Server compares the certificate that the service shows \
                 with this file: give the service's own certificate",
            ));
        }
        self.findings.extend(findings);
        self.checks.push(crate::answer::Check::not_applicable(
            "key-match",
            "the command sets up no server",
        ));
    }
}
