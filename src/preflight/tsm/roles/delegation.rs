//! `data-access set-saml-delegation configure`: the key with which Tableau Server signs users in to
//! SAP HANA.
//!
//! Page "Configure SAP HANA SSO": the certificate is PEM, .crt or .cert; the key is PKCS#8 in
//! DER without a passphrase, .der.

use super::{FileRole, Judge, Judged, certificates};
use crate::encoding::{Encoding, Form, SectionKind};
use crate::finding::{Severity, Subject};
use crate::model::KeyForm;
use crate::objects::Object;
use crate::preflight::files;
use crate::preflight::keys::encryption;
use crate::rule::{self, Finding};

const ALONE: &str = "Tableau Server accepts only a key without a passphrase here";

impl<'d, 'p: 'd> Judge<'d, 'p> {
    pub(super) fn delegation(&mut self) {
        let mut findings = Vec::new();
        if let Some(file) = self.file(FileRole::Certificate) {
            let objects = file.opened.objects();
            let mut own = self.encoding(file, Judged::Ca);
            if own.is_empty() && file.document.form() == Form::Der {
                own.push(files::der(file.document, objects.first(), false, None));
            }
            findings.extend(ending(
                file.document.source().name(),
                &["crt", "cert"],
                &own,
            ));
            findings.extend(own);
            if let Some((object, certificate)) = certificates(&objects).next() {
                findings.extend(self.validity(object, certificate));
            }
        }
        if let Some(file) = self.file(FileRole::DerKey) {
            let name = file.document.source().name();
            let objects = file.opened.objects();
            let mut own: Vec<Finding> = objects.iter().flat_map(key).collect();
            if file.document.form() == Form::Der {
                own.extend(objects.iter().filter_map(Object::problem));
            } else {
                let fact = rule::encoding::PemWhereDerExpected {};
                let finding = Finding::new(fact, Subject::file(name));
                own.push(finding.with_severity(Severity::Error));
            }
            findings.extend(ending(name, &["der"], &own));
            findings.extend(own);
        }
        self.findings.extend(findings);
        self.matches(FileRole::Certificate, FileRole::DerKey);
    }
}

fn key(object: &Object<'_>) -> Vec<Finding> {
    if let Some(encryption) = encryption(object) {
        let fact = rule::key::Encrypted {
            scheme: encryption.scheme().to_owned(),
            server_can_ask: false,
            consequence: ALONE.to_owned(),
            opened: object.private_key().is_some(),
            setting: None,
        };
        return vec![Finding::new(fact, object.subject()).with_severity(Severity::Error)];
    }
    let Some(key) = object.private_key() else {
        return Vec::new();
    };
    let pem = object.section.encoding() != Encoding::Der;
    let pkcs8 = key.form() == KeyForm::Pkcs8;
    // A PEM key is rewritten anyway, as PKCS#8 in DER.
    if pem || pkcs8 || object.section.kind() == SectionKind::Pkcs8PrivateKey {
        return Vec::new();
    }
    let fact = rule::key::Form {
        form: format!("traditional ({})", key.form().label()),
        wanted: "PKCS#8".to_owned(),
        reason: "Tableau's documentation requires a DER-encoded PKCS#8 key".to_owned(),
        to: "pkcs8".to_owned(),
    };
    vec![Finding::new(fact, object.subject())]
}

/// The ending of a file's name. If another finding has the file rewritten, the new file has the
/// right one.
fn ending(name: &str, wanted: &[&str], others: &[Finding]) -> Option<Finding> {
    let rewritten =
        |finding: &Finding| finding.remedy().is_some_and(|remedy| remedy.then.is_some());
    if name == "-" || others.iter().any(rewritten) {
        return None;
    }
    let file = name.rsplit('/').next().unwrap_or(name);
    let extension = file
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_owned());
    let fits = extension.as_deref().is_some_and(|other| {
        wanted
            .iter()
            .any(|wanted| other.eq_ignore_ascii_case(wanted))
    });
    let wanted = wanted.first().filter(|_| !fits)?;
    let fact = rule::encoding::FileExtension {
        extension,
        wanted: (*wanted).to_owned(),
    };
    Some(Finding::new(fact, Subject::file(name)).with_severity(Severity::Error))
}
