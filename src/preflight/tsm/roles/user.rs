//! A user's certificate for `authentication mutual-ssl configure` (`--user-cert`): whether
//! the gateway accepts it, and whether it names a user.
//!
//! The gateway is Apache httpd, whose OpenSSL was measured. Pages "Configure Mutual SSL
//! Authentication", "Mapping a Client Certificate to a User During Mutual Authentication" and
//! "Mutual SSL Fails After Upgrading if Certificates Signed with SHA-1".

use super::{FileRole, Judge, Judged, certificates};
use crate::answer::Check;
use crate::cipher::SecurityLevel;
use crate::client::peer::{Objection, ServerChecks, path};
use crate::client::{Cause, Presented, Store};
use crate::finding::{Code, Severity};
use crate::model::{Certificate, Computed, GeneralName, RevocationList};
use crate::objects::Object;
use crate::preflight::as_client::findings::{fix, purpose};
use crate::preflight::as_client::lists::{self, Revocation};
use crate::preflight::as_client::store::ClientCas;
use crate::preflight::as_client::words;
use crate::preflight::key_usage;
use crate::preflight::tsm::version::{LEVEL_2, TableauVersion};
use crate::rule::{self, Finding};
use crate::server::Profile;
use crate::server::settings::ListsFor;
use std::sync::Arc;

/// From this version on, SHA-1 is refused.
const STRICT: TableauVersion = TableauVersion::new(2020, 4);

/// 1.3.6.1.4.1.311.20.2.3, userPrincipalName.
const UPN: &[u8] = b"\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x03";

const OTHER_LEVEL: &str = "certcheck does not know which keys and digests the OpenSSL of this \
     version of Tableau Server accepts";

const WHOLE_PATH: &str = "the lists do not cover every CA of the path: httpd with \
     `SSLCARevocationCheck chain` refuses this certificate, with `leaf` it does not, and certcheck \
     does not know which of them Tableau Server sets";

const SIGNATURE: &str = "from 2020.4 on, Tableau Server refuses such a user: `Unsupported client certificate signature \
     detected`";

impl<'d, 'p: 'd> Judge<'d, 'p> {
    pub(super) fn user(&mut self, mapping: Option<&str>) {
        let Some(file) = self.file(FileRole::User) else {
            return;
        };
        let objects = file.opened.objects();
        let mut findings = self.encoding(file, Judged::Ca);
        // A browser's export may also contain the key, but it must contain the certificate.
        findings.retain(|finding| {
            finding.code() != Code::EncodingPrivateKeyInCertificateFile
                || finding.severity == Severity::Error
        });
        let mut checks = Vec::new();
        if let Some((object, own)) = certificates(&objects).next() {
            findings.extend(self.validity(object, own));
            findings.extend(purpose(object, own));
            findings.extend(key_usage::of_a_client(object));
            findings.extend(self.signature(object, own));
            match mapping {
                Some(kind) => findings.extend(without_name(object, own, kind)),
                None => checks.push(Check::not_asked(
                    "user-name",
                    "no --user-name-mapping was given",
                )),
            }
            let chain: Vec<Certificate<'_>> = certificates(&objects)
                .filter_map(|(_, certificate)| Certificate::parse(certificate.der()).ok())
                .collect();
            let (found, check) = self.issued(object, &chain);
            findings.extend(found);
            checks.push(check);
        }
        self.findings.extend(findings);
        self.checks.extend(checks);
    }

    fn signature(&self, object: &Object<'_>, own: &Certificate<'_>) -> Option<Finding> {
        let algorithm = own.signature_algorithm();
        let hash = algorithm.signature().hash()?;
        let lenient = self.beside.version.is_some_and(|version| version < STRICT);
        let severity = if lenient {
            Severity::Warning
        } else {
            Severity::Error
        };
        hash.is_broken().then(|| {
            let fact = rule::certificate::WeakSignature {
                algorithm: algorithm.to_string(),
            };
            let finding = Finding::new(fact, object.subject());
            finding.with_severity(severity).because(SIGNATURE)
        })
    }

    /// Whether a CA of `--ca-cert` issued it.
    fn issued(&self, object: &Object<'_>, chain: &[Certificate<'_>]) -> (Option<Finding>, Check) {
        const NAME: &str = "user-chain";
        let Some(cas) = self.file(FileRole::CaCertificate) else {
            return (None, Check::not_asked(NAME, "no --ca-cert was given"));
        };
        let cas = ClientCas::of(std::iter::once(cas.document));
        let computed = Arc::new(Computed::default());
        let roots = cas.parsed(&computed);
        let Some(level) = SecurityLevel::new(2).filter(|_| !roots.is_empty()) else {
            return (
                None,
                Check::impossible(NAME, "no certificate could be read"),
            );
        };
        let checks = ServerChecks { level, depth: None };
        let presented = Presented::of(chain);
        let at = self.beside.at;
        let found = path(&presented, &Store::of(&roots), at, checks);
        let found = match found {
            Ok(path) => self.revoked(&path),
            Err(objection) => Err(Ok(objection)),
        };
        let objection = match found {
            Ok(()) => return (None, Check::ran(NAME)),
            Err(Err(reason)) => return (None, Check::impossible(NAME, reason)),
            Err(Ok(objection)) => objection,
        };
        if objection.is_open() {
            let reason = "certcheck does not compute this kind of signature";
            return (None, Check::impossible(NAME, reason));
        }
        let weak = matches!(objection.number, 66..=68);
        let is_signed_weakly = chain.first().and_then(|own| self.signature(object, own));
        if weak && is_signed_weakly.is_some() {
            return (None, Check::ran(NAME));
        }
        if weak && self.beside.version.is_some_and(|version| version < LEVEL_2) {
            return (None, Check::impossible(NAME, OTHER_LEVEL));
        }
        // A finding of their own names these.
        if matches!(
            objection.cause,
            Some(Cause::Expired | Cause::NotYetValid | Cause::Purpose)
        ) && objection.at == chain.first().map(Certificate::sha256)
        {
            return (None, Check::ran(NAME));
        }
        // A finding about a certificate names the certificate, one about the file names the file.
        let missing = matches!(objection.number, 2 | 18 | 19 | 20 | 21);
        let issuer = chain.first().map(|own| own.issuer().to_string());
        let Some(apache) = Profile::named("apache").filter(|_| !missing) else {
            return (self.no_issuer(object, issuer, &objection), Check::ran(NAME));
        };
        let fact = rule::handshake::ClientCertificate {
            server: apache.program.to_owned(),
            reason: objection.words(),
            says: words::refusal(apache, objection.number),
            fix: fix(apache, objection.number).to_owned(),
        };
        (Some(Finding::new(fact, object.subject())), Check::ran(NAME))
    }

    /// What the lists of `--revocation-file` say about the path, or why that is not known.
    fn revoked(&self, path: &[&Certificate<'_>]) -> Result<(), Result<Objection, &'static str>> {
        let Some(file) = self.file(FileRole::RevocationList) else {
            return Ok(());
        };
        let objects = file.opened.objects();
        let all: Vec<RevocationList<'_>> = objects
            .iter()
            .filter_map(|object| object.crl().cloned())
            .collect();
        let judge = |which| {
            let mut places = 0..path.len();
            let at = self.beside.at;
            let bad = places.find_map(|place| match lists::judge(path, place, &all, which, at) {
                Revocation::Good => None,
                other => Some(other),
            });
            bad.unwrap_or(Revocation::Good)
        };
        match judge(ListsFor::Own) {
            Revocation::Refused(objection) => return Err(Ok(objection)),
            Revocation::Open(reason) => return Err(Err(reason)),
            Revocation::Good => {}
        }
        match judge(ListsFor::Chain) {
            Revocation::Good => Ok(()),
            Revocation::Open(reason) => Err(Err(reason)),
            Revocation::Refused(_) => Err(Err(WHOLE_PATH)),
        }
    }

    fn no_issuer(
        &self,
        object: &Object<'_>,
        issuer: Option<String>,
        objection: &Objection,
    ) -> Option<Finding> {
        issuer.map(|issuer| {
            let fact = rule::config::ClientCa {
                setting: "--ca-cert".to_owned(),
                issued_by: Some(format!("`{issuer}`")),
                reason: "the file has no path from that issuer to a self-signed root".to_owned(),
                says: objection.words(),
                fix: "add the certificate of that issuer, and every CA above it up to the root, \
                      to the file"
                    .to_owned(),
            };
            Finding::new(fact, object.subject())
        })
    }
}

/// The certificate lacks the name that `--user-name-mapping` asks for.
fn without_name(object: &Object<'_>, own: &Certificate<'_>, mapping: &str) -> Option<Finding> {
    let place = match mapping.to_ascii_lowercase().as_str() {
        "upn" => {
            let names = own.subject_alt_names().into_iter();
            let mut names = names.flat_map(|names| names.iter());
            let upn = |name: GeneralName<'_>| matches!(name, GeneralName::Other { kind, .. } if kind.as_bytes() == UPN);
            (!names.any(upn)).then_some("a userPrincipalName in subjectAltName")
        }
        "cn" => own
            .subject()
            .common_name()
            .is_none_or(|name| name.trim().is_empty())
            .then_some("a commonName in its subject"),
        "ldap" => own.subject().is_empty().then_some("a subject"),
        _ => None,
    }?;
    let fact = rule::certificate::NoUserName {
        mapping: mapping.to_ascii_lowercase(),
        place: place.to_owned(),
    };
    Some(Finding::new(fact, object.subject()))
}
