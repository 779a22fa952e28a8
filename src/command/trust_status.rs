//! In which stores of a machine certificates are, and which clients use them there.

use super::trust_plan::Problem;
use crate::Time;
use crate::answer::{Answer, Check};
use crate::client;
use crate::encoding::Document;
use crate::finding::{Fingerprint, Severity, Subject};
use crate::rule::{self, Finding};
use crate::trust_store::{
    Candidate, Holding, HostFacts, Platform, Status, Stray, empty_stores, status, strays,
};
use pki_types::CertificateDer;

/// What to look for, and where.
#[derive(Debug)]
#[non_exhaustive]
pub struct StatusRequest<'q> {
    /// The files of certificates.
    pub files: &'q [Document],
    /// What is known about the machine.
    pub host: &'q HostFacts,
    /// What could not be looked at: a path and why.
    pub unread: &'q [(String, String)],
    /// What rustls-native-certs finds on the machine; `None` if certcheck did not ask it.
    pub native: Option<Native>,
    /// The moment of judgement.
    pub at: Time,
}

/// What rustls-native-certs loaded.
#[derive(Clone, Debug, Default)]
pub struct Native {
    /// The anchors.
    pub certificates: Vec<CertificateDer<'static>>,
    /// Its errors, one sentence each.
    pub problems: Vec<String>,
    /// The files and directories that openssl-probe found.
    pub places: Vec<String>,
}

/// Where the certificates are.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TrustStatus {
    /// The machine's own kind of store, if it is known.
    pub platform: Option<Platform>,
    /// Each certificate.
    pub certificates: Vec<Status>,
    /// How many anchors rustls-native-certs loads; `None` if certcheck did not ask it.
    pub native_anchors: Option<usize>,
    /// Where openssl-probe looks.
    pub native_places: Vec<String>,
    /// What programs that read all of OpenSSL's directory trust, but OpenSSL does not.
    pub strays: Vec<Stray>,
    /// Variables of the environment that name files of certificates.
    pub environment: Vec<(String, String)>,
}

/// The most stray certificates that are shown; a directory may be full of them.
const SHOWN: usize = 20;

impl<'q> StatusRequest<'q> {
    /// A question about files, at a moment.
    pub const fn new(files: &'q [Document], host: &'q HostFacts, at: Time) -> Self {
        Self {
            files,
            host,
            unread: &[],
            native: None,
            at,
        }
    }

    /// The same, with what could not be looked at.
    #[must_use]
    pub const fn unread(mut self, unread: &'q [(String, String)]) -> Self {
        self.unread = unread;
        self
    }

    /// The same, with what rustls-native-certs loaded.
    #[must_use]
    pub fn native(mut self, native: Option<Native>) -> Self {
        self.native = native;
        self
    }

    /// Looks.
    ///
    /// # Errors
    /// If the files contain no certificate, not even a damaged one.
    pub fn ask(self) -> Result<Answer<TrustStatus>, Problem> {
        let mut findings = Vec::new();
        let mut given = Vec::new();
        for document in self.files {
            let (mut candidates, problems) = Candidate::all_in(document);
            for candidate in &mut candidates {
                candidate.unfit = client::unfit(&candidate.certificate, self.at);
            }
            given.extend(candidates);
            findings.extend(problems);
        }
        let damaged = findings
            .iter()
            .any(|finding| finding.severity == Severity::Error);
        if given.is_empty() && !damaged {
            return Err(Problem::NothingGiven);
        }
        let native = self.native.unwrap_or_default();
        let loaded = (!native.certificates.is_empty() || !native.problems.is_empty())
            .then_some(native.certificates.as_slice());
        let certificates = status(&given, self.host, loaded, self.at);
        for (candidate, status) in given.iter().zip(&certificates) {
            findings.extend(judged(candidate, status));
        }
        let strays = strays(self.host);
        findings.extend(strays.iter().take(SHOWN).map(|stray| {
            let fact = rule::trust::StrayAnchor {
                sha256: stray.sha256,
                subject: stray.subject.clone(),
            };
            Finding::new(fact, Subject::file(&stray.path))
        }));
        findings.extend(empty_stores(self.host));
        findings.extend(native.problems.iter().map(|problem| {
            let fact = rule::trust::NativeStore {
                problem: problem.clone(),
            };
            Finding::new(fact, Subject::file("native"))
        }));
        findings.extend(self.unread.iter().map(|(path, why)| {
            let fact = rule::trust::NotRead { why: why.clone() };
            Finding::new(fact, Subject::file(path))
        }));
        let checks = checks(&certificates, loaded.is_some());
        let result = TrustStatus {
            platform: Platform::detect(self.host),
            native_anchors: loaded.map(<[_]>::len),
            native_places: native.places,
            strays,
            environment: self
                .host
                .environment()
                .map(|(name, path)| (name.to_owned(), path.to_owned()))
                .collect(),
            certificates,
        };
        let names = self.files.iter().map(|file| file.source().name());
        Ok(Answer::new(result, findings, checks, names))
    }
}

/// The findings about one certificate.
fn judged(candidate: &Candidate<'_>, status: &Status) -> Vec<Finding> {
    let subject = candidate.subject();
    let sha256: Fingerprint = status.sha256;
    let mut findings = Vec::new();
    for store in &status.stores {
        match &store.holding {
            Holding::Blocked => findings.push(Finding::new(
                rule::trust::Blocked {
                    sha256,
                    blocked_by: store.path.clone(),
                },
                subject.clone(),
            )),
            Holding::NotTakenUp => findings.push(Finding::new(
                rule::trust::NotTakenUp {
                    sha256,
                    platform: store.platform.to_string(),
                },
                Subject::file(&store.path),
            )),
            _ => {}
        }
    }
    let blocked = findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    if !status.is_held() && !blocked {
        let looked = |holding: &Holding| !matches!(holding, Holding::NotLookedAt { .. });
        let stores = status.stores.iter().filter(|s| looked(&s.holding)).count();
        let fact = rule::trust::NotInStore {
            sha256,
            stores: stores as u64,
        };
        findings.push(Finding::new(fact, subject));
    }
    findings
}

/// Which kinds of stores were looked at, and which were not.
fn checks(certificates: &[Status], native: bool) -> Vec<Check> {
    let stores = || certificates.iter().flat_map(|status| &status.stores);
    let mut checks = vec![if stores().any(|s| !closed(&s.holding)) {
        Check::ran("stores")
    } else {
        Check::not_asked("stores", "no known trust store was found")
    }];
    for (name, platform) in [("java", Platform::Java), ("nss", Platform::Nss)] {
        let mut of = stores()
            .filter(|store| store.platform == platform)
            .peekable();
        if of.peek().is_none() {
            continue;
        }
        let not_looked = of.find_map(|store| match &store.holding {
            Holding::NotLookedAt { reason, argv } => {
                Some(format!("{}: {reason}; run {}", store.path, argv.join(" ")))
            }
            _ => None,
        });
        checks.push(match not_looked {
            Some(reason) => Check::not_asked(name, reason),
            None => Check::ran(name),
        });
    }
    checks.push(if native {
        Check::ran("native")
    } else {
        Check::not_asked(
            "native",
            "rustls-native-certs reads the machine it runs on, not a scratch tree",
        )
    });
    checks
}

const fn closed(holding: &Holding) -> bool {
    matches!(holding, Holding::NotLookedAt { .. })
}
