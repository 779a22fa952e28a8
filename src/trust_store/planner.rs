//! From certificates and a machine to a plan.

mod fitness;

use super::candidate::Candidate;
use super::clients::{self, Situation};
use super::host::HostFacts;
use super::item::Item;
use super::location::Location;
use super::plan::{Decision, InstallOutcome, Plan, PlanError};
use super::platform::Platform;
use super::role::Role;
use super::store::Store;
use super::{layout, name, nss, platforms, strict};
use crate::Time;
use crate::encoding::{Document, to_pem};
use crate::model::Certificate;
use crate::rule::{self, Finding};
use fitness::Fitness;
use std::collections::HashSet;

/// The most certificates of one plan. Mozilla's whole programme has 150, and a
/// plan for more is a mistake.
const LIMIT: usize = 256;

/// What to plan for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Request<'a> {
    /// The certificates to trust.
    pub certificates: &'a [Candidate<'a>],
    /// The kind of store.
    pub platform: Platform,
    /// What is known about the machine.
    pub host: &'a HostFacts,
    /// A scratch tree instead of the machine: an absolute path.
    pub root: Option<&'a str>,
    /// A Java keystore in place of the runtime's own, for [`Platform::Java`].
    pub keystore: Option<&'a str>,
    /// What the store holds now, exported from a machine that is not this one.
    pub store: &'a [Document],
    /// The moment at which validity is judged.
    pub at: Time,
    /// Whether the plan takes back what an earlier one did: then nothing is installed,
    /// and nothing is judged.
    pub undo: bool,
}

impl<'a> Request<'a> {
    /// A plan for the machine itself.
    pub const fn new(
        certificates: &'a [Candidate<'a>],
        platform: Platform,
        host: &'a HostFacts,
        at: Time,
    ) -> Self {
        Self {
            certificates,
            platform,
            host,
            root: None,
            keystore: None,
            store: &[],
            at,
            undo: false,
        }
    }

    /// The same, to take back what an earlier plan did.
    #[must_use]
    pub const fn with_undo(mut self, undo: bool) -> Self {
        self.undo = undo;
        self
    }

    /// The same for a Java keystore in place of the runtime's own.
    #[must_use]
    pub const fn with_keystore(mut self, keystore: Option<&'a str>) -> Self {
        self.keystore = keystore;
        self
    }

    /// The same, with what the store holds now, exported from a machine that is not this one.
    #[must_use]
    pub const fn with_store(mut self, store: &'a [Document]) -> Self {
        self.store = store;
        self
    }

    /// The same for a scratch tree: an absolute path of letters, digits and
    /// `/._-+=@%:,~`, since the platforms' own tools do not quote it.
    #[must_use]
    pub const fn with_root(mut self, root: Option<&'a str>) -> Self {
        self.root = root;
        self
    }
}

/// Plans how to trust `request.certificates`.
///
/// # Errors
/// If there is nothing to plan for, or no safe way to name a place.
pub fn plan(request: &Request<'_>) -> Result<Plan, PlanError> {
    let distinct: HashSet<&[u8]> = request
        .certificates
        .iter()
        .map(|candidate| candidate.certificate.der())
        .collect();
    // Counted by content: a certificate in two files is one.
    let given = distinct.len();
    if given == 0 {
        return Err(PlanError::NothingGiven);
    }
    // The script carries each certificate in full, and each client judges each of them.
    if given > LIMIT {
        return Err(PlanError::TooMany {
            given,
            limit: LIMIT,
        });
    }
    let location = Location::new(request.platform, request.root, request.host)?
        .with_keystore(request.keystore)?;
    // The store is read once: what it holds decides each certificate's situation (an intermediate
    // counts only with its root), what is installed already, and what would be lost.
    let mut store = Store::read(&location);
    store.add(request.store);
    let trusted = store.parsed();
    let mut plan = Plan {
        platform: request.platform,
        root: request.root.map(str::to_owned),
        certificates: Vec::with_capacity(given),
        steps: Vec::new(),
        verify: Vec::new(),
        undo: Vec::new(),
        undo_verify: Vec::new(),
        journal: None,
        notes: Vec::new(),
        findings: Vec::new(),
    };
    let mut seen = HashSet::new();
    let (mut install, mut undo) = (Vec::new(), Vec::new());
    for candidate in request.certificates {
        let certificate = &candidate.certificate;
        let item = Item::new(certificate);
        let situation = situation(request, certificate, item.role, &trusted);
        let strict = strict::problem(certificate);
        let mut answers = clients::clients(request.platform, situation, strict, &candidate.unfit);
        if request.platform == Platform::Nss {
            nss::without_firefox(&location, &mut answers);
        }
        let outcome = if !seen.insert(item.sha256) {
            InstallOutcome::Repeated
        } else if request.undo {
            InstallOutcome::Undo
        } else {
            let mut fitness = Fitness {
                request,
                candidate,
                item: &item,
                store: &store,
                trusted: &trusted,
                findings: &mut plan.findings,
            };
            fitness.outcome(situation, &answers)
        };
        plan.certificates.push(Decision {
            source: candidate.source.clone(),
            index: candidate.index,
            sha256: item.sha256,
            subject: item.subject.clone(),
            role: item.role,
            outcome: outcome.clone(),
            name: item.stem.clone(),
            clients: answers,
        });
        let ours = location.has_ours(&item.stem);
        match outcome {
            InstallOutcome::Repeated => {}
            InstallOutcome::Install => install.push(item),
            InstallOutcome::Undo => undo.push(item),
            // Refused now, but installed by an earlier plan: a certificate that has expired since,
            // or that the administrator has blocked, is taken back.
            _ if ours => undo.push(item),
            _ => {}
        }
    }
    // An undo judges nothing: it removes what was installed, valid or not.
    if !request.undo {
        sources(request, &mut plan);
    }
    // Only an installation runs the tool, and only the tool rewrites the bundle without
    // certificates that have no source.
    if !install.is_empty() {
        plan.findings
            .extend(store.bundle_without_sources(&location));
    }
    platforms::build(&location, &install, &undo, &mut plan);
    Ok(plan)
}

impl Item {
    fn new(certificate: &Certificate<'_>) -> Self {
        let sha256 = certificate.sha256();
        Self {
            der: certificate.der().to_vec(),
            sha256,
            subject: certificate.subject().to_string(),
            role: Role::of(certificate),
            stem: name::stem(certificate, &sha256),
            pem: to_pem("CERTIFICATE", certificate.der()).to_string(),
        }
    }
}

fn situation(
    request: &Request<'_>,
    certificate: &Certificate<'_>,
    role: Role,
    trusted: &[(Certificate<'_>, &str)],
) -> Situation {
    situation_of(certificate, role, request.certificates, trusted, request.at)
}

/// What `certificate` is in a store that holds `given` and `trusted`.
pub(super) fn situation_of(
    certificate: &Certificate<'_>,
    role: Role,
    given: &[Candidate<'_>],
    trusted: &[(Certificate<'_>, &str)],
    at: Time,
) -> Situation {
    // Dates come first: an expired root is trusted by none of the clients that check dates,
    // whatever its role.
    if certificate.not_after() < at || certificate.not_before() > at {
        return match role {
            Role::SelfSignedEndEntity | Role::IssuedEndEntity => Situation::EndEntityOutOfDate,
            _ => Situation::RootOutOfDate,
        };
    }
    match role {
        Role::Root => Situation::Root,
        Role::SelfSignedEndEntity => Situation::SelfSignedEndEntity,
        Role::CaAsServer => Situation::CaAsServer,
        Role::IssuedEndEntity => Situation::IssuedEndEntity,
        Role::Version1 => Situation::Version1,
        Role::Intermediate => {
            if super::climb::reaches_a_root(certificate, given, trusted) {
                Situation::IntermediateWithRoot
            } else {
                Situation::IntermediateAlone
            }
        }
    }
}

/// Findings about the files themselves: each once.
fn sources(request: &Request<'_>, plan: &mut Plan) {
    let mut seen = HashSet::new();
    let platform = request.platform;
    for (candidate, decision) in request.certificates.iter().zip(&plan.certificates) {
        if !seen.insert(candidate.source.as_str()) {
            continue;
        }
        let mut subject = candidate.subject();
        subject.part = crate::finding::Part::File;
        subject.lines = None;
        if let Some(effect) = platform.several().filter(|_| candidate.siblings > 1) {
            let fact = rule::trust::SeveralCertificates {
                count: candidate.siblings as u64,
                platform: platform.to_string(),
                effect: effect.to_owned(),
            };
            plan.findings.push(Finding::new(fact, subject.clone()));
        }
        let file = candidate
            .source
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default();
        let is_file =
            !file.is_empty() && file != "-" && decision.outcome == InstallOutcome::Install;
        if let Some(needed) = platform.file_name(file).filter(|_| is_file) {
            let fact = rule::trust::FileName {
                platform: platform.to_string(),
                needed: needed.to_owned(),
                planned: layout::file_name(platform, &decision.name),
            };
            plan.findings.push(Finding::new(fact, subject));
        }
    }
}
