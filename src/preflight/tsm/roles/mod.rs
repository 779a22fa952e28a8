//! The files of commands that set up no TLS server, judged by what Tableau Server does with
//! them: trust them, sign with them, compare them.
//!
//! None of it was run: Tableau Server is not available to the tests. Each rule names its page.

mod delegation;
mod gateway;
mod identity;
mod ldap;
mod metadata;
mod mutual;
mod saml;
mod trusted;
mod user;

use super::command::{FileRole, TsmCommand};
use super::version::TableauVersion;
use crate::Time;
use crate::answer::{Answer, Check};
use crate::encoding::Document;
use crate::finding::Severity;
use crate::model::{Certificate, KeyProblem, Passphrase};
use crate::objects::{Content, Object, Opened, belongs};
use crate::preflight::files::{self, FileRole as Judged};
use crate::preflight::result::PreflightResult;
use crate::rule::{self, Finding};
use crate::server::Profile;
use crate::server_name::ServerName;
use crate::validity::{Validity, warn_from};

/// What is known in addition to the files of a command.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Beside<'a> {
    /// The moment of judgement.
    pub at: Time,
    /// Days; `None`: a third of a certificate's life, at most 30.
    pub expires_within: Option<u32>,
    /// What may open a private key.
    pub passphrase: Option<&'a Passphrase>,
    /// The version of Tableau Server, if it is known.
    pub version: Option<TableauVersion>,
    /// The names by which Tableau Server reaches the server that has the certificate.
    pub hosts: &'a [ServerName],
}

impl<'a> Beside<'a> {
    /// Only the moment.
    pub const fn at(at: Time) -> Self {
        Self {
            at,
            expires_within: None,
            passphrase: None,
            version: None,
            hosts: &[],
        }
    }

    /// With what may open a private key.
    #[must_use]
    pub const fn passphrase(mut self, passphrase: Option<&'a Passphrase>) -> Self {
        self.passphrase = passphrase;
        self
    }

    /// With the days before its end from which a certificate expires soon.
    #[must_use]
    pub const fn expires_within(mut self, days: Option<u32>) -> Self {
        self.expires_within = days;
        self
    }

    /// With the names by which Tableau Server reaches the server that has the certificate.
    #[must_use]
    pub const fn hosts(mut self, hosts: &'a [ServerName]) -> Self {
        self.hosts = hosts;
        self
    }

    /// With the version of Tableau Server.
    #[must_use]
    pub const fn version(mut self, version: Option<TableauVersion>) -> Self {
        self.version = version;
        self
    }
}

/// A purpose of a certificate that no command of `tsm` names (`--for`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// The certificate of the LDAP server, copied to each node.
    Ldaps,
    /// SAML for one site.
    SiteSaml,
    /// The CA of an OpenID Connect provider, for Tableau Server's own Java.
    OpenId,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ldaps, Self::SiteSaml, Self::OpenId];

    /// `ldaps`, `site-saml` or `openid`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ldaps => "ldaps",
            Self::SiteSaml => "site-saml",
            Self::OpenId => "openid",
        }
    }

    /// The purpose of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|purpose| purpose.as_str() == name)
    }

    /// What has to follow, a sentence each.
    pub const fn effects(self) -> &'static [&'static str] {
        match self {
            Self::Ldaps => ldap::EFFECTS,
            Self::SiteSaml => &[],
            Self::OpenId => super::effects::OPENID,
        }
    }
}

/// One file with its role, opened.
struct File<'d> {
    role: FileRole,
    document: &'d Document,
    opened: Opened<'d>,
}

/// What a judgement works with.
struct Judge<'d, 'p> {
    files: Vec<File<'d>>,
    server: &'static Profile,
    beside: Beside<'p>,
    findings: Vec<Finding>,
    checks: Vec<Check>,
}

/// Judges the files that a command names, each with its role, in their order.
pub fn judge_files(
    command: &TsmCommand,
    documents: &[(FileRole, Document)],
    beside: Beside<'_>,
) -> Answer<PreflightResult> {
    let mut judge = Judge::new(documents, beside);
    match command {
        TsmCommand::SamlConfigure(_) => {
            judge.saml(false);
            judge.metadata();
        }
        TsmCommand::MutualSslConfigure { mapping, .. } => {
            judge.mutual();
            judge.user(mapping.as_ref().map(|option| option.value.as_str()));
        }
        TsmCommand::HanaDelegation { .. } => judge.delegation(),
        TsmCommand::ServiceEnable(connection) => judge.identity(connection),
        TsmCommand::GatewayFile { hop, key, .. } => judge.gateway(*hop, key),
        _ => judge.trusted(),
    }
    judge.answer(documents)
}

/// Judges files for a purpose that no command names.
pub fn judge_purpose(
    purpose: Purpose,
    documents: &[(FileRole, Document)],
    beside: Beside<'_>,
) -> Answer<PreflightResult> {
    let mut judge = Judge::new(documents, beside);
    match purpose {
        Purpose::Ldaps => judge.ldaps(),
        Purpose::SiteSaml => judge.saml(true),
        Purpose::OpenId => judge.trusted(),
    }
    judge.answer(documents)
}

impl<'d, 'p: 'd> Judge<'d, 'p> {
    fn new(documents: &'d [(FileRole, Document)], beside: Beside<'p>) -> Self {
        let files = documents.iter().map(|(role, document)| File {
            role: *role,
            document,
            opened: Opened::new(document, beside.passphrase),
        });
        Self {
            files: files.collect(),
            server: crate::server::tableau(),
            beside,
            findings: Vec::new(),
            checks: vec![Check::ran("encoding")],
        }
    }

    fn answer(self, documents: &[(FileRole, Document)]) -> Answer<PreflightResult> {
        let names = documents
            .iter()
            .map(|(_, document)| document.source().name());
        let result = PreflightResult::of("tableau");
        Answer::new(result, self.findings, self.checks, names)
    }

    /// The first file of a role.
    fn file(&self, role: FileRole) -> Option<&File<'d>> {
        self.files.iter().find(|file| file.role == role)
    }

    /// The findings about a file's encoding, which depend on how it is used.
    fn encoding(&self, file: &File<'_>, role: Judged) -> Vec<Finding> {
        let objects = file.opened.objects();
        let mut findings = files::judge(file.document, &objects, role, self.server);
        let outside = |object: &&Object<'_>| object.container.is_none();
        let certificates = objects
            .iter()
            .filter(outside)
            .any(|object| object.certificate().is_some() || object.is_damaged_certificate());
        let container = objects
            .iter()
            .find(|object| matches!(object.content, Content::Container(_)));
        let said = findings
            .iter()
            .any(|finding| finding.severity == Severity::Error);
        // A PKCS#12 container in DER is not a DER certificate.
        if !certificates
            && !said
            && let Some(container) = container
        {
            let fact = rule::encoding::NothingFound {
                looks_like: Some(container.section.kind().with_article()),
                wanted: None,
            };
            let subject = crate::finding::Subject::file(file.document.source().name());
            findings.push(Finding::new(fact, subject));
        }
        findings
    }

    /// Whether a certificate is valid, and for how long.
    fn validity(&self, object: &Object<'_>, certificate: &Certificate<'_>) -> Option<Finding> {
        let (begin, end) = (certificate.not_before(), certificate.not_after());
        let soon = warn_from(begin, end, self.beside.expires_within);
        let fact = Validity::of(certificate, self.beside.at).fact(self.beside.at, soon)?;
        Some(Finding::new(fact, object.subject()))
    }

    /// Whether the key belongs to the certificate, as a check.
    fn matches(&mut self, certificate: FileRole, key: FileRole) {
        let (Some(certificates), Some(keys)) = (self.file(certificate), self.file(key)) else {
            self.checks
                .push(Check::not_applicable("key-match", "no key was given"));
            return;
        };
        let (certificates, keys) = (certificates.opened.objects(), keys.opened.objects());
        let own = certificates
            .iter()
            .find_map(|object| Some((object, object.certificate()?)));
        let private = keys
            .iter()
            .find_map(|object| Some((object, object.private_key()?)));
        let locked = keys
            .iter()
            .any(|object| matches!(object.content, Content::ClosedKey(KeyProblem::Encrypted(_))));
        let mut found = None;
        let check = match (own, private) {
            (Some((own, certificate)), Some((object, key))) => {
                if !belongs(key, certificate.spki_der()) {
                    let fact = rule::key::Mismatch {
                        certificate_spki: Some(crate::model::sha256(certificate.spki_der())),
                        key_spki: key.spki_sha256(),
                        certificate: Some(own.subject().source),
                        matches: None,
                        matches_in: None,
                        own_key: None,
                        own_key_in: None,
                        what: None,
                    };
                    found = Some(Finding::new(fact, object.subject()));
                }
                Check::ran("key-match")
            }
            (_, None) if locked => Check::impossible(
                "key-match",
                "the key is encrypted, but no passphrase was given",
            ),
            (None, _) => Check::impossible("key-match", "no certificate could be read"),
            (_, None) => {
                let source = keys
                    .first()
                    .map_or_else(String::new, |key| key.subject().source);
                Check::impossible("key-match", format!("{source} cannot be read"))
            }
        };
        self.findings.extend(found);
        self.checks.push(check);
    }
}

/// The certificates in a file, outside containers.
fn certificates<'o, 'd>(
    objects: &'o [Object<'d>],
) -> impl Iterator<Item = (&'o Object<'d>, &'o Certificate<'d>)> {
    objects
        .iter()
        .filter(|object| object.container.is_none())
        .filter_map(|object| Some((object, object.certificate()?)))
}
