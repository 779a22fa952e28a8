//! A key that belongs to none of the certificates: whose it is, and where the right one is.

use super::Keys;
use crate::finding::{Code, Subject};
use crate::model::PrivateKey;
use crate::objects::{Object, belongs};
use crate::rule::{self, Finding};

impl Keys<'_, '_> {
    pub(super) fn mismatch(
        &self,
        place: usize,
        key: &Object<'_>,
        private: &PrivateKey,
    ) -> Option<Finding> {
        let mut files = self.certificates.iter();
        let file = if self.keys.len() == self.certificates.len() {
            files.nth(place)
        } else {
            files.next()
        };
        let own = file.and_then(|file| file.first())?;
        let certificate = own.certificate()?;
        let key_matches = |object: &&&Object<'_>| {
            object
                .certificate()
                .is_some_and(|other| belongs(private, other.spki_der()))
        };
        let certificate_matches = |object: &&&Object<'_>| {
            object
                .private_key()
                .is_some_and(|other| belongs(other, certificate.spki_der()))
        };
        let everything = || {
            self.certificates
                .iter()
                .flatten()
                .chain(&self.others)
                .chain(&self.keys)
        };
        let place = |object: &&Object<'_>| described(&object.subject());
        let matches = everything()
            .find(key_matches)
            .map(|everything| format!("the certificate in {}", place(everything)));
        let own_key = everything().find(certificate_matches);
        let own_key_in = own_key.map(|object| object.subject().source);
        let own_key = own_key.map(place);
        let own_file = own.subject().source;
        let elsewhere = everything().find(key_matches);
        let elsewhere = elsewhere.map(|object| object.subject().source);
        let fact = rule::key::Mismatch {
            certificate_spki: Some(crate::model::sha256(certificate.spki_der())),
            key_spki: private.spki_sha256(),
            certificate: Some(own_file.clone()),
            matches,
            matches_in: elsewhere.clone(),
            own_key,
            own_key_in,
            what: None,
        };
        let finding = Finding::new(fact, key.subject());
        if !certificate.is_ca() {
            return Some(finding);
        }
        // The usual reason: the files of two options were exchanged.
        Some(match elsewhere.filter(|file| *file != own_file) {
            Some(file) => finding.because(format!(
                "{own_file} {A_CAS}, and {file} the server's own: the two files are swapped"
            )),
            None => finding.because(format!(
                "{own_file} {A_CAS}: the server's own certificate belongs there"
            )),
        })
    }
}

/// The certificate of a CA was given in place of the server's own.
const A_CAS: &str = "has the certificate of a CA";

/// Leaves out what is wrong with a CA's certificate as a server's own, where the key shows that it
/// was not meant as that.
pub(in crate::preflight) fn leave_to_mistake(findings: &mut Vec<Finding>) {
    let is_mistake = |finding: &Finding| {
        let why = finding.consequence.as_deref();
        finding.code() == Code::KeyMismatch && why.is_some_and(|why| why.contains(A_CAS))
    };
    if !findings.iter().any(is_mistake) {
        return;
    }
    let of_own = [
        Code::CertificateCaAsServer,
        Code::CertificateKeyUsage,
        Code::CertificateLifetime,
        Code::CertificateNameMismatch,
        Code::CertificateNoSubjectAltName,
        Code::CertificatePurpose,
        Code::ChainClientRefuses,
    ];
    findings.retain(|finding| !of_own.contains(&finding.code()));
}

fn described(subject: &Subject) -> String {
    match subject.lines {
        Some(lines) => format!("{}:{}", subject.source, lines.first),
        None => subject.source.clone(),
    }
}
